/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command `prose`: what of the disagreements between plans and prose is not settled by a note
 * in prose.notes: `decided ARGUMENT|result ASPECT REASON …`. */
#include <stdio.h>

#include "commands.h"
#include "prose.h"

/* What a note settles; NULL: there is nothing to settle. */
static struct prose_disagreement *find(const struct prose_comparison *comparison,
                                       const struct plan *plan, const char *subject,
                                       enum prose_aspect aspect)
{
    for (size_t i = 0; i < comparison->disagreement_count; i++) {
        struct prose_disagreement *disagreement = &comparison->disagreements[i];

        if (disagreement->plan == plan && disagreement->aspect == aspect &&
            text_equal(prose_subject(disagreement), subject))
            return disagreement;
    }
    return NULL;
}

static void apply(const struct prose_comparison *comparison, const struct plan *plan,
                  const struct fact *fact)
{
    for (size_t i = 1; i < fact->word_count; i++)
        fact_applied(fact, i, true);
    if (fact->word_count < 3) {
        fact_error(fact, "decided takes an argument or result, an aspect and a reason");
        return;
    }
    const char *subject = fact->words[0];
    const enum prose_aspect aspect = prose_aspect_by_name(fact->words[1]);
    if (aspect == PROSE_ASPECTS) {
        fact_error(fact, "'%s' is not one of nullable, freed, failure", fact->words[1]);
        return;
    }
    if (!text_equal(subject, "result") && !plan_step(plan, subject))
        return; /* it is about others of the family */
    fact_applied(fact, 0, true);
    if (!prose_is_documented(plan->function))
        return;
    struct prose_disagreement *disagreement = find(comparison, plan, subject, aspect);
    if (!disagreement)
        fact_error(fact, "%s: nothing to settle here: %s %s", plan->function->name, subject,
                   fact->words[1]);
    else if (disagreement->reason)
        fact_error(fact, "%s: %s %s is settled already", plan->function->name, subject,
                   fact->words[1]);
    else
        disagreement->reason = fact_text(fact, 2);
}

static void settle(const struct prose_comparison *comparison, const struct plans *plans,
                   struct notes *notes)
{
    for (size_t i = 0; i < plans->plan_count; i++) {
        const struct plan *plan = &plans->plans[i];
        size_t count;
        const struct fact *facts = notes_find(notes, plan->function->name, "decided", &count);

        for (size_t j = 0; j < count; j++)
            apply(comparison, plan, &facts[j]);
    }
}

static size_t print_unsettled(const struct prose_comparison *comparison)
{
    size_t count = 0;

    for (size_t i = 0; i < comparison->disagreement_count; i++) {
        const struct prose_disagreement *disagreement = &comparison->disagreements[i];
        const char *words = disagreement->words;

        if (disagreement->reason)
            continue;
        count++;
        printf("%s %s %s: plan says %s, prose says %s\n", disagreement->plan->function->name,
               prose_subject(disagreement), prose_aspect_name(disagreement->aspect),
               disagreement->plan_says, words ? arena_printf("\"%s\"", words) : "nothing");
    }
    fflush(stdout);
    return count;
}

/* Each reason once, with how much it settles, in the order in which they are met. */
static void print_settled(const struct prose_comparison *comparison)
{
    const size_t count = comparison->disagreement_count;
    const struct prose_disagreement *all = comparison->disagreements;
    bool *is_counted = arena_allocate(count + 1);

    for (size_t i = 0; i < count; i++) {
        size_t alike = 0;

        if (is_counted[i])
            continue;
        for (size_t j = i; j < count; j++)
            if (text_equal(all[i].reason, all[j].reason)) {
                is_counted[j] = true;
                alike++;
            }
        printf("%5zu %s\n", alike, all[i].reason);
    }
}

int command_prose(const struct options *options)
{
    struct loaded loaded;
    struct notes *decisions = notes_new();

    if (!load_plans(options, &loaded) ||
        !notes_read(decisions, arena_printf("%s/prose.notes", options->facts)))
        return 1;
    const struct prose_comparison comparison = prose_compare(loaded.plans);
    settle(&comparison, loaded.plans, decisions);
    /* As with the notes that plans are made by: a description alone may be an older one. */
    if (!options->alone)
        notes_check(decisions);
    const size_t unsettled = print_unsettled(&comparison);
    if (unsettled)
        hint("%zu to settle, in prose.notes: decided ARGUMENT|result ASPECT REASON", unsettled);
    if (unsettled || error_count())
        return 1;
    printf("libvirt %s: %zu functions with documentation, %zu statements, %zu disagreements, all "
           "settled\n",
           version_text(loaded.api->version), comparison.functions, comparison.statements,
           comparison.disagreement_count);
    print_settled(&comparison);
    return 0;
}
