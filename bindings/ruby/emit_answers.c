/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a glue function answers, as statements that return it. */
#include "emit_glue.h"

static bool is_switch(const struct glue *glue, const struct step *step)
{
    return step->position && surface_has_fact(glue->surface, glue->plan->function->name, "switch",
                                              step->parameter->name, NULL);
}

/* The Ruby value of one answer. */
static const char *answer_text(const struct glue *glue, const struct step *step)
{
    const char *text;

    if (is_switch(glue, step))
        return arena_printf("%s%s ? Qtrue : Qfalse", glue->variables, step->parameter->name);
    if (step->position)
        return ruby_glue_row(glue, step).collect;
    text = ruby_glue_result(glue).collect;
    return step->pattern == PATTERN_OWNED_HANDLE && glue->plan->failure != FAILURE_NULL
               ? row_or_nothing(&ruby_rows, glue->result, text)
               : text;
}

static const char *packed(const struct glue *glue, bool with_names)
{
    const struct answers *answers = &glue->answers;
    struct buffer items = {0};

    for (size_t i = 0; i < answers->count; i++)
        if (with_names)
            buffer_printf(&items, "pack_key(hash, \"%s\", %s);\n", answer_name(answers->steps[i]),
                          answer_text(glue, answers->steps[i]));
        else
            buffer_printf(&items, ",\n    %s", answer_text(glue, answers->steps[i]));
    if (with_names)
        return arena_printf("VALUE hash = rb_hash_new();\n\n%sreturn hash;", buffer_text(&items));
    return arena_printf("return rb_ary_new_from_args(%zu%s);", answers->count, buffer_text(&items));
}

/* The other answers become keys of the hash that is among them. */
static const char *merged(const struct glue *glue)
{
    const struct step *dict = answers_dict(glue->plan, &glue->answers);
    struct buffer items = {0};

    for (size_t i = 0; i < glue->answers.count; i++)
        if (glue->answers.steps[i] != dict)
            buffer_printf(&items, "pack_key(hash, \"%s\", %s);\n",
                          answer_name(glue->answers.steps[i]),
                          answer_text(glue, glue->answers.steps[i]));
    return arena_printf("VALUE hash = %s;\n\n%sreturn hash;", answer_text(glue, dict),
                        buffer_text(&items));
}

const char *ruby_collected(const struct glue *glue)
{
    if (glue->answers.count == 0)
        return "return Qnil;";
    if (glue->answers.count == 1) {
        const char *text = answer_text(glue, glue->answers.steps[0]);
        return glue->answers.form == ANSWERS_FOUND
                   ? arena_printf("return %s ? %s : Qnil;", glue->result, text)
                   : arena_printf("return %s;", text);
    }
    switch (glue->answers.form) {
    case ANSWERS_DICT:
        return packed(glue, true);
    case ANSWERS_MERGED:
        return merged(glue);
    default:
        return packed(glue, false);
    }
}
