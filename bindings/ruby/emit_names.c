/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Ruby calls each function. The rules are those of the established binding; what they do not
 * give, `name` and `alias` in the names file do.
 *
 *     handle virStorageVol
 *         noun volume              # in the names of functions that make one
 *     virSecretGetValue
 *         alias get_value          # another name for the same method
 */
#include <ctype.h>
#include <string.h>

#include "emit.h"

char *ruby_snake(const char *name)
{
    const char *const *words;
    const size_t count = name_words(name, &words);

    return name_snake(words, count);
}

/* In these nouns two words are one. */
char *ruby_joined(const char *name)
{
    static const char *const pairs[][2] = {
        {"node_device", "nodedevice"}, {"nw_filter", "nwfilter"}, {"io_tune", "iotune"},
        {"pm_wakeup", "pmwakeup"},     {"c_group", "cgroup"},     {"pm_suspend", "pmsuspend"},
        {"keep_alive", "keepalive"},
    };
    char *text = arena_copy(name);

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *found = strstr(text, pairs[i][0]);
        if (found)
            text = arena_printf("%.*s%s%s", (int)(found - text), text, pairs[i][1],
                                found + strlen(pairs[i][0]));
    }
    return text;
}

static bool ends_word(const char *text)
{
    return !*text || isupper((unsigned char)*text);
}

static bool is_word(const char *text, const char *word)
{
    return text_starts(text, word) && ends_word(text + strlen(word));
}

/* Where a word stands in a name: MigrateGetMaxSpeed; NULL: it does not. */
static const char *find_word(const char *text, const char *word)
{
    for (; *text; text++)
        if (is_word(text, word))
            return text;
    return NULL;
}

/* MigrateGetMaxSpeed without its Get: migrate_max_speed */
static const char *without_word(const char *text, const char *word, const char *found)
{
    return ruby_snake(arena_printf("%.*s%s", (int)(found - text), text, found + strlen(word)));
}

/* GetInfo -> info, SetMemory -> memory=, IsActive -> active?, HasMetadata -> has_metadata?,
 * SaveImageDefineXML -> define_save_image_xml */
static const char *verb_form(const char *rest)
{
    const char *found;

    if (is_word(rest, "Is"))
        return arena_printf("%s?", ruby_snake(rest + 2));
    if (is_word(rest, "Has"))
        return arena_printf("%s?", ruby_snake(rest));
    if ((found = find_word(rest, "Get")))
        return without_word(rest, "Get", found);
    if ((found = find_word(rest, "Set")))
        return arena_printf("%s=", without_word(rest, "Set", found));
    if ((found = find_word(rest, "Define")) && found > rest)
        return arena_printf("define_%s", without_word(rest, "Define", found));
    return ruby_snake(rest);
}

/* The handle in whose name a function of another one is: virDomainLookupByName. */
static const struct handle *subject_of(const struct plans *plans, const char *name)
{
    const struct handle *subject = NULL;

    for (size_t i = 0; i < plans->handle_plan_count; i++) {
        const struct handle *handle = plans->handle_plans[i].handle;
        if (text_starts(name, handle->name) &&
            (!subject || strlen(handle->name) > strlen(subject->name)))
            subject = handle;
    }
    return subject;
}

static const char *noun_of(const struct surface *surface, const struct handle *handle)
{
    const struct handle_plan *plan = plans_handle(surface->emission->plans, handle);
    const char *bare = plan->parent && text_starts(handle->name, plan->parent->name)
                           ? handle->name + strlen(plan->parent->name)
                           : ruby_bare_name(handle);

    return names_text(surface->emission->names, arena_printf("handle %s", handle->name), "noun",
                      ruby_snake(bare));
}

/* LookupByName -> lookup_domain_by_name; Num -> num_of_snapshots */
static const char *with_noun(const char *rest, const char *noun)
{
    static const char *const first[] = {"Lookup", "Create", "Define"};

    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        const char *behind = rest + strlen(first[i]);
        if (is_word(rest, first[i]))
            return arena_printf("%s_%s%s%s", ruby_snake(first[i]), noun, *behind ? "_" : "",
                                ruby_snake(behind));
    }
    if (text_equal(rest, "Num"))
        return arena_printf("num_of_%ss", noun);
    if (text_equal(rest, "ListNames"))
        return arena_printf("list_%ss", noun);
    if (text_equal(rest, "Current"))
        return arena_printf("current_%s", noun);
    if (text_equal(rest, "New"))
        return noun;
    return arena_printf("%s_%s", noun, verb_form(rest));
}

static const char *without_prefix(const char *text, const char *prefix)
{
    return text_starts(text, prefix) ? text + strlen(prefix) : text;
}

static const char *without_suffix(const char *text, const char *suffix)
{
    return text_ends(text, suffix) ? arena_copy_length(text, strlen(text) - strlen(suffix)) : text;
}

const char *ruby_without_flags(const char *c_name)
{
    const char *bare = without_suffix(c_name, "Flags");

    return bare == c_name ? c_name : without_suffix(bare, "With");
}

/* UUIDString -> UUID; the 16 bytes of the other function are the raw one. */
static const char *with_readable_uuid(const struct plans *plans, const char *name)
{
    if (text_ends(name, "UUID") && plans_find(plans, arena_printf("%sString", name)))
        return arena_printf("%sRawUUID", without_suffix(name, "UUID"));
    return without_suffix(name, "String");
}

/* What stands behind the type of the receiver. */
static const char *rest_of(const struct plan *plan, const char *name, const struct handle *self)
{
    const char *start = plan->function->library == LIBRARY_ADMIN ? "virAdm" : "vir";

    if (self && text_starts(name, self->name))
        return name + strlen(self->name);
    name = without_prefix(name, start);
    return self ? name : without_prefix(name, "Connect");
}

char *ruby_name_by_rule(const struct surface *surface, const struct plan *plan)
{
    const struct plans *plans = surface->emission->plans;
    const char *name = with_readable_uuid(plans, ruby_without_flags(plan->function->name));
    const struct handle *self = plan_self(plan);
    const struct handle *subject = self ? subject_of(plans, name) : NULL;

    if (subject && subject != self)
        return ruby_joined(with_noun(name + strlen(subject->name), noun_of(surface, subject)));
    return ruby_joined(verb_form(rest_of(plan, name, self)));
}

/* ---- other names ---- */

/* What a setter of several arguments is called as a method that takes them one by one:
 * set_vcpus, migrate_set_max_speed. */
static const char *spelled_out(const struct plan *plan)
{
    const char *rest = rest_of(plan, ruby_without_flags(plan->function->name), plan_self(plan));

    if (text_ends(rest, "Set"))
        return arena_printf("set_%s", ruby_snake(without_suffix(rest, "Set")));
    return ruby_joined(ruby_snake(rest));
}

static bool answers_switch(const struct surface *surface, const struct plan *plan)
{
    return *surface_fact(surface, plan->function->name, "switch");
}

const char *const *ruby_other_names(const struct surface *surface,
                                    const struct bound_function *function, size_t *count)
{
    const struct plan *plan = function->plan;
    const char **names = NULL;
    size_t fact_count;

    *count = 0;
    if (ruby_is_setter(function) && !function->by_hand && function->parameter_count > 1)
        *VECTOR_ADD(names, *count) = spelled_out(plan);
    if (answers_switch(surface, plan))
        *VECTOR_ADD(names, *count) = arena_printf("%s?", function->name);
    const struct fact *facts =
        notes_find(surface->emission->names->notes, plan->function->name, "alias", &fact_count);
    for (size_t i = 0; i < fact_count; i++) {
        *VECTOR_ADD(names, *count) = fact_text(&facts[i], 0);
        fact_used(&facts[i]);
    }
    return names;
}
