/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "runtime.h"

enum { MOST_ARGUMENTS = 16 };

struct keywords {
    const struct signature *signature;
    VALUE *values;
    unsigned count; /* of arguments given by position */
};

static unsigned place_of(const struct signature *signature, VALUE key)
{
    unsigned place = 0;

    while (place < signature->total &&
           strcmp(signature->names[place], rb_id2name(SYM2ID(key))) != 0)
        place++;
    return place;
}

static int is_not_keyword(VALUE key, VALUE value, VALUE data)
{
    bool *all = (void *)data;

    (void)value;
    *all = *all && SYMBOL_P(key);
    return ST_CONTINUE;
}

/* A hash with other keys is an argument itself. */
static bool are_keywords(VALUE hash)
{
    bool all = RHASH_SIZE(hash) > 0;

    rb_hash_foreach(hash, is_not_keyword, (VALUE)&all);
    return all;
}

static int take_keyword(VALUE key, VALUE value, VALUE data)
{
    struct keywords *keywords = (void *)data;
    const unsigned place = place_of(keywords->signature, key);

    if (place == keywords->signature->total)
        rb_raise(rb_eArgError, "unknown keyword: :%s", rb_id2name(SYM2ID(key)));
    if (place < keywords->count)
        rb_raise(rb_eArgError, "%s is given twice", keywords->signature->names[place]);
    keywords->values[place] = value;
    return ST_CONTINUE;
}

void arguments_read(int count, const VALUE *arguments, const struct signature *signature,
                    VALUE *values)
{
    struct keywords keywords = {signature, values, (unsigned)count};
    const VALUE last = count && rb_keyword_given_p() ? arguments[count - 1] : Qnil;
    const bool has_keywords = RB_TYPE_P(last, T_HASH) && are_keywords(last);

    if (has_keywords)
        keywords.count--;
    for (unsigned i = 0; i < signature->total; i++)
        values[i] = Qundef;
    if (!has_keywords || keywords.count > signature->total)
        rb_check_arity((int)keywords.count, (int)signature->required, (int)signature->total);
    memcpy(values, arguments, keywords.count * sizeof *values);
    if (has_keywords)
        rb_hash_foreach(last, take_keyword, (VALUE)&keywords);
    for (unsigned i = 0; i < signature->total; i++) {
        if (values[i] != Qundef)
            continue;
        if (i < signature->required)
            rb_raise(rb_eArgError, "%s is not given", signature->names[i]);
        values[i] = Qnil;
    }
}

/* "2", "2 or 3", "2, 3, 4, or 5" */
static VALUE counts_text(unsigned least, unsigned most)
{
    VALUE text = rb_sprintf("%u", least);

    for (unsigned i = least + 1; i <= most; i++)
        rb_str_catf(text, "%s%s%u", most > least + 1 ? "," : "", i == most ? " or " : " ", i);
    return text;
}

void setter_read(VALUE value, const struct signature *signature, VALUE *values)
{
    const bool is_array = signature->total > 1 && RB_TYPE_P(value, T_ARRAY);
    const long count = is_array ? RARRAY_LEN(value) : 1;

    for (unsigned i = 0; i < signature->total; i++)
        values[i] = Qnil;
    if (!is_array && signature->required > 1)
        rb_raise(rb_eTypeError, "wrong argument type %s (expected Array)", rb_obj_classname(value));
    if (count < (long)signature->required || count > (long)signature->total)
        rb_raise(rb_eArgError, "wrong number of arguments (%ld for %" PRIsVALUE ")%s%s", count,
                 counts_text(signature->required, signature->total),
                 count < signature->required ? ": there is no " : "",
                 count < signature->required ? signature->names[count] : "");
    for (long i = 0; i < count; i++)
        values[i] = is_array ? rb_ary_entry(value, i) : value;
}
