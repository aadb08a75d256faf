/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One model from several releases. Lists hold the older description's items before the newer's; the
 * newest is kept, takes documentation it lacks from the older ones, and must not contradict them.
 */
#include <stdlib.h>
#include <string.h>

#include "xml_internal.h"

/* What every item of every list starts with. */
struct named {
    struct location location;
    const char *name;
};

static int by_name_then_age(const void *a, const void *b)
{
    const struct named *first = *(const struct named *const *)a;
    const struct named *second = *(const struct named *const *)b;
    const int order = strcmp(first->name, second->name);

    if (order)
        return order;
    return first < second ? -1 : first > second;
}

typedef void (*fold_function)(void *kept, const void *older);

static void merge_list(void *list, size_t *count, size_t size, fold_function fold)
{
    void **sorted = arena_allocate((*count + 1) * sizeof *sorted);
    char *merged = arena_allocate((*count + 1) * size);
    size_t kept = 0;

    for (size_t i = 0; i < *count; i++)
        sorted[i] = (char *)list + i * size;
    sort_items(sorted, *count, sizeof *sorted, by_name_then_age);
    for (size_t i = 0; i < *count; i++) {
        const struct named *item = sorted[i];
        char *last = kept ? merged + (kept - 1) * size : NULL;

        if (last && text_equal(((struct named *)last)->name, item->name)) {
            void *older = arena_allocate(size);
            memcpy(older, last, size);
            memcpy(last, item, size);
            if (text_equal(item->location.file, ((struct named *)older)->location.file))
                error_at(item->location, "%s is described twice", item->name);
            else if (fold)
                fold(last, older);
        } else {
            memcpy(merged + kept++ * size, item, size);
        }
    }
    if (kept)
        memcpy(list, merged, kept * size);
    *count = kept;
}

static const char *first_text(const char *text, const char *other)
{
    return *text ? text : other;
}

static void contradiction(struct location newer, struct location older, const char *name,
                          const char *what)
{
    error_at(newer, "%s: %s differs from the older release's", name, what);
    hint("%s:%d: what that release says", older.file, older.line);
}

static void fold_parameter(struct parameter *kept, const struct parameter *older,
                           const char *function)
{
    if (!text_equal(kept->type.text, older->type.text))
        contradiction(kept->location, older->location, function, "a type");
    kept->documentation = first_text(kept->documentation, older->documentation);
}

static void fold_function_item(void *kept_item, const void *older_item)
{
    struct function *kept = kept_item;
    const struct function *older = older_item;

    if (kept->parameter_count != older->parameter_count) {
        contradiction(kept->location, older->location, kept->name, "the number of arguments");
        return;
    }
    kept->documentation = first_text(kept->documentation, older->documentation);
    fold_parameter(&kept->result, &older->result, kept->name);
    for (size_t i = 0; i < kept->parameter_count; i++)
        fold_parameter(&kept->parameters[i], &older->parameters[i], kept->name);
}

/* A struct may grow at its end. */
static void fold_record(void *kept_item, const void *older_item)
{
    struct record *kept = kept_item;
    const struct record *older = older_item;

    kept->documentation = first_text(kept->documentation, older->documentation);
    for (size_t i = 0; i < older->field_count; i++) {
        if (i >= kept->field_count ||
            !text_equal(kept->fields[i].type.text, older->fields[i].type.text)) {
            contradiction(kept->location, older->location, kept->name,
                          arena_printf("the field %s", older->fields[i].name));
            return;
        }
        kept->fields[i].documentation =
            first_text(kept->fields[i].documentation, older->fields[i].documentation);
    }
}

static void fold_enumeration(void *kept_item, const void *older_item)
{
    struct enumeration *kept = kept_item;
    const struct enumeration *older = older_item;

    kept->documentation = first_text(kept->documentation, older->documentation);
}

static void fold_constant(void *kept_item, const void *older_item)
{
    struct constant *kept = kept_item;
    const struct constant *older = older_item;
    const bool may_move = kept->is_sentinel || text_equal(kept->name, "LIBVIR_VERSION_NUMBER");

    if (!may_move && !text_equal(kept->raw, older->raw))
        contradiction(kept->location, older->location, kept->name, "the value");
    kept->documentation = first_text(kept->documentation, older->documentation);
}

#define MERGE(list, count, fold) merge_list(list, &(count), sizeof *(list), fold)

void merge_api(struct api *api)
{
    MERGE(api->functions, api->function_count, fold_function_item);
    MERGE(api->callbacks, api->callback_count, fold_function_item);
    MERGE(api->records, api->record_count, fold_record);
    MERGE(api->handles, api->handle_count, NULL);
    MERGE(api->typedefinitions, api->typedefinition_count, NULL);
    MERGE(api->enumerations, api->enumeration_count, fold_enumeration);
    MERGE(api->constants, api->constant_count, fold_constant);
    MERGE(api->other_macros, api->other_macro_count, NULL);
    MERGE(api->variables, api->variable_count, NULL);
}
