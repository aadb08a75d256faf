/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the parts of the emitter of the reference, the runner of C: functions
 * (emit_reference_functions.c) and the rows they are made of (emit_reference_rows.c), records and
 * callbacks (emit_reference_types.c), put together in emit_reference.c. What they are made of is
 * tests/conformance/reference/. */
#pragma once

#include "plan.h"
#include "text.h"

/* What a pattern adds to a function; NULL: nothing. Holes: @name@, @declared@ (type and name),
 * @item@ (the type behind the pointer), @kind@, @record@, @scalar@, @numbers@, @number@ (encoded),
 * @presence@, @keys@, @array@ (of a length), @count@, @length@, @room@, @ask@, @free@, @fields@,
 * @callback@, @choice@, @callable@. */
struct row {
    const char *declare;  /* before the call is known to be right */
    const char *prepare;  /* after that */
    const char *argument; /* what libvirt is given */
    const char *answer;   /* the canonical value */
    const char *release;
};
/* NULL where there is none. */
const struct row *reference_row(const struct step *step);

/* Written by hand in tests/conformance/reference/; the linker tells where it is not. */
bool reference_by_hand(const struct plans *plans, const struct plan *plan);
/* Can be called by request. */
bool reference_has(const struct plan *plan);

/* There is a row for each of its steps, and callbacks are freed by libvirt. */
bool reference_expresses(const struct plans *plans, const struct plan *plan);
/* Each field can be given. */
bool reference_takes(const struct record_plan *record);
/* Says that there is no row. */
void reference_lacks(struct location location, enum pattern pattern, const char *user);
/* The function of a plan, and the keys it knows. */
void reference_function(struct buffer *buffer, const struct plans *plans, const struct plan *plan);
/* The C expression of a number as a canonical value. */
const char *reference_number(enum scalar scalar, const char *text);
/* "ints", "ullongs": of lists of numbers; NULL where there is no such list. */
const char *reference_numbers(enum scalar scalar);
/* The events that a function chooses a callback by; NULL: none. */
const struct enumeration *reference_events(const struct plan *plan);
/* The function as it is called, "virDomainGetName" or "ADMIN(virAdmServerGetName)". */
const char *reference_callee(const struct function *function);

/* Queues records.c, records.h, callbacks.c and callbacks.h. */
void reference_records(const struct plans *plans, struct output *output);
void reference_callbacks(const struct plans *plans, struct output *output);

/* Text that is there only where the headers are new enough. */
void reference_since(struct buffer *buffer, unsigned version, const char *text);
/* One line, or two where it would be too long: '~' marks where it can be broken. */
char *reference_broken(const char *text);
