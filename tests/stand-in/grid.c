/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "grid.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a path says ---- */

static bool is_in_list(const char *path)
{
    return strchr(path, '[') != NULL;
}

/* The place in the innermost list. */
static size_t place_in_list(const char *path)
{
    const char *bracket = strrchr(path, '[');

    return bracket ? (size_t)strtoul(bracket + 1, NULL, 10) : 0;
}

/* The second item of a list, or a later one, or within one. */
static bool is_later(const char *path)
{
    for (const char *bracket = strchr(path, '['); bracket; bracket = strchr(bracket + 1, '['))
        if (bracket[1] != '0')
            return true;
    return false;
}

/* ---- numbers that distinguish ---- */

static uint64_t mixed(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xc4ceb9fe1a85ec53);
    return hash ^ hash >> 33;
}

static uint64_t with_text(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

static uint64_t distinguishing(const struct grid *grid, const char *path)
{
    const uint64_t start = UINT64_C(0xcbf29ce484222325) + grid->vector;

    return mixed(with_text(with_text(start, grid->function), path));
}

size_t grid_count(const struct grid *grid)
{
    static const size_t counts[] = {3, 0, 1, 70, 9};

    return counts[grid->vector % 5];
}

size_t grid_inner_count(const struct grid *grid)
{
    return grid_count(grid) <= 9 ? grid_count(grid) : 8;
}

static unsigned long long largest(unsigned bits)
{
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

/* The special values go round with the vectors, and with `turn`. */
static long long signed_value(const struct grid *grid, const char *path, unsigned bits,
                              unsigned turn)
{
    const long long most = (long long)largest(bits - 1);

    switch ((grid->vector + turn) % 6) {
    case 1:
        return 0;
    case 2:
        return 1;
    case 3:
        return most;
    case 4:
        return -most - 1;
    case 5:
        return -1;
    default:
        return (long long)(distinguishing(grid, path) & largest(bits - 2)) | 2;
    }
}

static unsigned long long unsigned_value(const struct grid *grid, const char *path, unsigned bits,
                                         unsigned turn)
{
    switch ((grid->vector + turn) % 6) {
    case 1:
        return 0;
    case 2:
        return 1;
    case 3:
        return largest(bits);
    case 4:
        return largest(bits) - 1;
    case 5:
        return largest(bits - 1) + 1;
    default:
        return (distinguishing(grid, path) & largest(bits - 1)) | 2;
    }
}

static double double_value(const struct grid *grid, const char *path, unsigned turn)
{
    switch ((grid->vector + turn) % 6) {
    case 1:
        return 0.0;
    case 2:
        return -1.5;
    case 3:
        return 1.7976931348623157e308;
    case 4:
        return 5e-324;
    case 5:
        return 0.1;
    default:
        return (double)(distinguishing(grid, path) >> 24) / 1024.0;
    }
}

long long grid_signed(const struct grid *grid, const char *path, unsigned bits)
{
    if (grid->plain)
        return (long long)grid_count(grid);
    if (bits <= 32 && is_in_list(path))
        return (long long)place_in_list(path);
    return signed_value(grid, path, bits, 0);
}

unsigned long long grid_unsigned(const struct grid *grid, const char *path, unsigned bits)
{
    if (grid->plain)
        return grid_count(grid);
    if (bits <= 32 && is_in_list(path))
        return place_in_list(path);
    return unsigned_value(grid, path, bits, 0);
}

long long grid_result(const struct grid *grid, unsigned bits)
{
    const long long value = grid_signed(grid, "result", bits);

    return value < 0 ? -(value + 1) / 2 : value;
}

unsigned long long grid_result_not(const struct grid *grid, unsigned bits,
                                   unsigned long long failure)
{
    const unsigned long long value = grid_unsigned(grid, "result", bits);

    return value == failure ? value ^ 5 : value;
}

double grid_double(const struct grid *grid, const char *path)
{
    return double_value(grid, path, 0);
}

bool grid_yes_no(const struct grid *grid, const char *path)
{
    (void)path;
    return grid->plain || grid->vector % 2 == 0;
}

/* ---- texts and bytes ---- */

size_t grid_text(const struct grid *grid, const char *path, char *text, size_t room)
{
    const unsigned turn = is_later(path) ? 0 : grid->vector % 5;
    char plain[GRID_TEXT_ROOM];
    int length;

    length = grid->plain
                 ? snprintf(plain, sizeof plain, "%s", grid->plain)
                 : snprintf(plain, sizeof plain, "%s %u %s", grid->function, grid->vector, path);
    if (!grid->plain && turn == 1)
        length = snprintf(plain, sizeof plain, "%s", "");
    else if (!grid->plain && turn == 2)
        length =
            snprintf(plain, sizeof plain, "%s", "d\xc3\xa9j\xc3\xa0 \xe2\x82\xac \xf0\x9d\x84\x9e");
    else if (!grid->plain && turn == 3)
        length = snprintf(plain, sizeof plain, "%s", "not \xff\xc0\x80\xed\xa0\x80 UTF-8");
    else if (!grid->plain && turn == 4)
        length = snprintf(plain, sizeof plain, "%-400s|", path);
    if ((size_t)length >= room)
        length = (int)room - 1;
    memcpy(text, plain, (size_t)length);
    text[length] = '\0';
    return (size_t)length;
}

bool grid_has(const struct grid *grid, const char *path)
{
    return grid->plain || is_in_list(path) || grid->vector % 6 != 5;
}

unsigned char grid_byte(const struct grid *grid, const char *path, size_t place)
{
    return (unsigned char)(distinguishing(grid, path) + 89 * place);
}

bool grid_bit(const struct grid *grid, const char *path, size_t place)
{
    return distinguishing(grid, path) >> (place * 7 % 61) & 1;
}

/* ---- typed parameters ---- */

void grid_param(const struct grid *grid, const char *path, size_t place, size_t count,
                struct grid_param *param)
{
    const bool is_later_vector = grid->vector % 10 >= 5;
    char below[200];

    memset(param, 0, sizeof *param);
    param->type = (int)(place % 7) + GRID_INT;
    snprintf(param->name, sizeof param->name, "param.%zu", place);
    if (count == 9 && place == 7 && !is_later_vector)
        strcpy(param->name, "param.0");
    if (count == 9 && place == 8 && is_later_vector)
        param->type = GRID_FUTURE;
    /* Outside any list, so that it takes special values too. */
    snprintf(below, sizeof below, "%.160s param %zu", path, place);
    const struct grid own = {grid->function, grid->vector + (unsigned)place, NULL};
    switch (param->type) {
    case GRID_INT:
        param->number = signed_value(&own, below, 32, 0);
        break;
    case GRID_UINT:
        param->larger_number = unsigned_value(&own, below, 32, 1);
        break;
    case GRID_LLONG:
        param->number = signed_value(&own, below, 64, 2);
        break;
    case GRID_ULLONG:
        param->larger_number = unsigned_value(&own, below, 64, 0);
        break;
    case GRID_DOUBLE:
        param->real = double_value(&own, below, 0);
        break;
    case GRID_BOOLEAN:
        param->number = own.vector % 2;
        break;
    case GRID_STRING:
        grid_text(&own, "text", param->text, sizeof param->text);
        break;
    default:
        break;
    }
}

/* ---- streams ---- */

size_t grid_piece_count(const struct grid *grid)
{
    static const size_t counts[] = {3, 0, 1, 5, 2};

    return counts[grid->vector % 5];
}

static long long hole_length(const struct grid *grid, const struct grid_piece *piece, size_t place)
{
    switch (place % 3) {
    case 1:
        return INT64_MAX;
    case 2:
        return 1;
    default:
        return (long long)(distinguishing(grid, piece->path) & largest(62)) | 1;
    }
}

struct grid_piece grid_piece(const struct grid *grid, size_t place, bool may_be_hole)
{
    static const long long lengths[] = {9, 1, 70, 3, 40};
    struct grid_piece piece = {.is_hole = may_be_hole && (place + grid->vector) % 2};

    snprintf(piece.path, sizeof piece.path, "piece[%zu]", place);
    piece.length = piece.is_hole ? hole_length(grid, &piece, place) : lengths[place % 5];
    return piece;
}

size_t grid_taken(const struct grid *grid, size_t count)
{
    return grid->vector % 2 ? (count + 1) / 2 : count;
}

/* ---- errors ---- */

void grid_error(const struct grid *grid, struct grid_error *error)
{
    const uint64_t number = distinguishing(grid, "error");

    memset(error, 0, sizeof *error);
    error->code = (int)(number % 107) + 1;
    error->domain = (int)(number / 107 % 70) + 1;
    error->level = 2;
    error->int1 = (int)(number >> 32 & 0xffff) - 0x7fff;
    error->int2 = (int)(number >> 16 & 0xffff) + 0x10000;
    snprintf(error->message, sizeof error->message, "%s failed, d\xc3\xa9j\xc3\xa0 %u",
             grid->function, grid->vector);
    snprintf(error->str1, sizeof error->str1, "str1 of %s", grid->function);
    snprintf(error->str2, sizeof error->str2, "str2 of %u", grid->vector);
    error->str3 = grid->vector % 2 ? NULL : "not \xff UTF-8";
}
