/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text that is written out: a growing buffer, templates with named holes, and a folder of output
 * files of which only those that change are touched. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct buffer {
    char *data; /* always NUL-ended, never NULL after the first use */
    size_t length;
    size_t capacity;
};

void buffer_add(struct buffer *buffer, const char *text);
void buffer_add_length(struct buffer *buffer, const char *text, size_t length);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same with a newline; nothing for "". */
void buffer_add_line(struct buffer *buffer, const char *text);
/* The text so far; "" for an untouched buffer. */
const char *buffer_text(const struct buffer *buffer);

/* Fills a template. Holes are written @name@; the arguments are name, value pairs, ended by NULL.
 *  - a line that consists of holes only, all of them empty, vanishes;
 *  - a value of several lines must stand alone on its line and is indented as its hole is;
 *  - lines that begin with '#' in a value keep column 0;
 *  - blanks at line ends are cut;
 *  - a hole without a value ends the program: the template is wrong. */
void text_fill(struct buffer *buffer, const char *template, ...) __attribute__((sentinel));
/* The same into arena memory. */
char *text_filled(const char *template, ...) __attribute__((sentinel));

/* head, item, item … tail: on one line, or wrapped at 100 columns behind the head, or below it
 * where an item would not fit beside it; the line begins `indent` columns further right than the
 * text. */
char *text_wrapped(const char *head, const char *const *items, size_t count, const char *tail,
                   size_t indent);

/* Breaks lines of C that are longer than 100 columns: behind the last comma that fits and stands
 * within the fewest brackets; before ? and :; else behind the first bracket. A line without any
 * stays. */
void buffer_fit(struct buffer *buffer);

/* C string literal with quotes, wrapped after each newline into adjacent literals. */
char *text_c_string(const char *text);

/* One folder of generated files. Files come into being on output_finish(), and only there. */
struct output;
struct output *output_new(const char *folder);
/* Queues a file, path relative to the folder; subfolders are made. The text is taken over. */
void output_add(struct output *output, const char *path, struct buffer *text);
/* Writes what differs from what is there, removes what an earlier run wrote and this one did not.
 * False where the file system refused, after saying why. */
bool output_finish(struct output *output);
