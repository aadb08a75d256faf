/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values of the vectors. What a function answers follows from its name and the vector's number
 * alone; a `path` names the part of the answer: "info.maxMem", "names[2]", "result". The generator,
 * which writes down what must come back, and the stand-in, which gives it, share this. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct grid {
    const char *function;
    unsigned vector;
    /* The function is not the one that is played: its numbers are all grid_count(), so that it says
     * how much room the one that is played needs, and its texts are `plain`. */
    const char *plain;
};

/* Vectors after which each kind of value has taken each of its special values. */
enum { GRID_VECTORS = 10 };

/* How many items lists have: 3, 0, 1, 70, 9. */
size_t grid_count(const struct grid *grid);
/* What a list within a list has: as many, or eight. */
size_t grid_inner_count(const struct grid *grid);
/* A distinguishing number, 0, 1, the largest, the smallest, -1; of so many bits. In lists, numbers
 * of up to 32 bits count the items. */
long long grid_signed(const struct grid *grid, const char *path, unsigned bits);
unsigned long long grid_unsigned(const struct grid *grid, const char *path, unsigned bits);
/* The result "result", where some numbers mean that the call failed: those below 0, or one. */
long long grid_result(const struct grid *grid, unsigned bits);
unsigned long long grid_result_not(const struct grid *grid, unsigned bits,
                                   unsigned long long failure);
double grid_double(const struct grid *grid, const char *path);
bool grid_yes_no(const struct grid *grid, const char *path);
/* A distinguishing text, "", one beyond ASCII, one that is not UTF-8, a long one; in lists, all but
 * the first are distinguishing. At most room - 1 bytes and a NUL; yields the length. */
enum { GRID_TEXT_ROOM = 600, GRID_UUID_TEXT = 37 };
size_t grid_text(const struct grid *grid, const char *path, char *text, size_t room);
/* Where there may be none: is there? */
bool grid_has(const struct grid *grid, const char *path);
unsigned char grid_byte(const struct grid *grid, const char *path, size_t place);
bool grid_bit(const struct grid *grid, const char *path, size_t place);

/* Typed parameters take all seven types in turn. With nine of them the eighth has the name of the
 * first, or, in later vectors, the ninth a type that nobody knows. */
enum grid_type {
    GRID_INT = 1,
    GRID_UINT,
    GRID_LLONG,
    GRID_ULLONG,
    GRID_DOUBLE,
    GRID_BOOLEAN,
    GRID_STRING,
    GRID_FUTURE = 99
};
struct grid_param {
    char name[80];
    int type;
    long long number;                 /* int, llong, boolean */
    unsigned long long larger_number; /* uint, ullong */
    double real;
    char text[GRID_TEXT_ROOM];
};
void grid_param(const struct grid *grid, const char *path, size_t place, size_t count,
                struct grid_param *param);

/* What goes through a stream as a whole, of which every other piece is a hole where there may be
 * holes. The bytes of one that is none are grid_byte() of its path. */
struct grid_piece {
    bool is_hole;
    long long length;
    char path[32];
};
size_t grid_piece_count(const struct grid *grid);
struct grid_piece grid_piece(const struct grid *grid, size_t place, bool may_be_hole);
/* How many of so many bytes a stream takes at once: half of them in odd vectors. */
size_t grid_taken(const struct grid *grid, size_t count);

/* The error of a call that is to fail. */
struct grid_error {
    int code;
    int domain;
    int level;
    int int1;
    int int2;
    char message[120];
    char str1[120];
    char str2[120];
    const char *str3; /* NULL in every other vector */
};
void grid_error(const struct grid *grid, struct grid_error *error);
