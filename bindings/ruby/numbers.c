/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers from Ruby: Integers, and as Ruby does, what becomes one (a Float is cut). Out of range is
 * RangeError, a negative one where none may be included. */
#include <limits.h>
#include <ruby/io.h>
#include <stdint.h>

#include "runtime.h"

static _Noreturn void refuse_type(VALUE value, const char *name, const char *expected)
{
    rb_raise(rb_eTypeError, "%s%swrong argument type %s (expected %s)", name ? name : "",
             name ? ": " : "", rb_obj_classname(value), expected);
}

static _Noreturn void refuse_range(VALUE value, const char *name, const char *type)
{
    rb_raise(rb_eRangeError, "%s: %" PRIsVALUE " is out of range of %s", name, rb_inspect(value),
             type);
}

/* An Integer. */
static VALUE integer_of(VALUE value, const char *name)
{
    VALUE integer;

    if (RB_INTEGER_TYPE_P(value))
        return value;
    if (RB_FLOAT_TYPE_P(value)) {
        const double number = RFLOAT_VALUE(value);
        if (number != number || number > 1e20 || number < -1e20)
            refuse_range(value, name, "an integer");
        return rb_dbl2big(number);
    }
    integer = rb_check_to_integer(value, "to_int");
    if (NIL_P(integer))
        refuse_type(value, name, "Integer");
    return integer;
}

static long long signed_in(VALUE value, const char *name, long long least, long long most,
                           const char *type)
{
    const VALUE integer = FIXNUM_P(value) ? value : integer_of(value, name);
    long long number = 0;

    if (FIXNUM_P(integer))
        number = FIX2LONG(integer);
    else if (rb_absint_size(integer, NULL) <= sizeof number &&
             rb_funcall(integer, rb_intern("bit_length"), 0) <= INT2FIX(63))
        number = rb_big2ll(integer);
    else
        refuse_range(value, name, type);
    if (number < least || number > most)
        refuse_range(value, name, type);
    return number;
}

static unsigned long long unsigned_in(VALUE value, const char *name, unsigned long long most,
                                      const char *type)
{
    const VALUE integer = FIXNUM_P(value) ? value : integer_of(value, name);
    unsigned long long number = 0;

    if (FIXNUM_P(integer)) {
        if (FIX2LONG(integer) < 0)
            refuse_range(value, name, type);
        number = (unsigned long long)FIX2LONG(integer);
    } else {
        if (RBIGNUM_NEGATIVE_P(integer) || rb_absint_size(integer, NULL) > sizeof number)
            refuse_range(value, name, type);
        number = rb_big2ull(integer);
    }
    if (number > most)
        refuse_range(value, name, type);
    return number;
}

int int_in(VALUE value, const char *name)
{
    return (int)signed_in(value, name, INT_MIN, INT_MAX, "int");
}

unsigned int uint_in(VALUE value, const char *name)
{
    return (unsigned int)unsigned_in(value, name, UINT_MAX, "unsigned int");
}

long long_in(VALUE value, const char *name)
{
    return (long)signed_in(value, name, LONG_MIN, LONG_MAX, "long");
}

unsigned long ulong_in(VALUE value, const char *name)
{
    return (unsigned long)unsigned_in(value, name, ULONG_MAX, "unsigned long");
}

long long llong_in(VALUE value, const char *name)
{
    return signed_in(value, name, LLONG_MIN, LLONG_MAX, "long long");
}

unsigned long long ullong_in(VALUE value, const char *name)
{
    return unsigned_in(value, name, ULLONG_MAX, "unsigned long long");
}

size_t size_in(VALUE value, const char *name)
{
    return (size_t)unsigned_in(value, name, SIZE_MAX, "size_t");
}

double double_in(VALUE value, const char *name)
{
    if (RB_FLOAT_TYPE_P(value))
        return RFLOAT_VALUE(value);
    if (!RB_INTEGER_TYPE_P(value) && !rb_obj_is_kind_of(value, rb_cNumeric))
        refuse_type(value, name, "Numeric");
    return NUM2DBL(value);
}

int bool_in(VALUE value, const char *name)
{
    if (value != Qtrue && value != Qfalse)
        refuse_type(value, name, "TrueClass or FalseClass");
    return value == Qtrue;
}

/* ---- arrays ---- */

static long array_length(VALUE value, const char *name)
{
    if (!RB_TYPE_P(value, T_ARRAY))
        refuse_type(value, name, "Array");
    return RARRAY_LEN(value);
}

static void *room_for(long count, size_t size)
{
    void *room = calloc((size_t)count + 1, size);

    if (!room)
        rb_memerror();
    return room;
}

#define ARRAY_IN(function, type, read)                                                             \
    void function(VALUE value, const char *name, type **result, unsigned int *count)               \
    {                                                                                              \
        const long length = array_length(value, name);                                             \
                                                                                                   \
        *result = room_for(length, sizeof **result);                                               \
        for (long i = 0; i < length; i++)                                                          \
            (*result)[i] = read(rb_ary_entry(value, i), name);                                     \
        *count = (unsigned int)length;                                                             \
    }

ARRAY_IN(ints_in, int, int_in)
ARRAY_IN(uints_in, unsigned int, uint_in)
ARRAY_IN(ullongs_in, unsigned long long, ullong_in)

int descriptor_in(VALUE value, const char *name)
{
    VALUE io;

    if (RB_INTEGER_TYPE_P(value))
        return int_in(value, name);
    io = rb_io_check_io(value); /* to_io */
    if (NIL_P(io))
        refuse_type(value, name, "IO or Integer");
    return NUM2INT(rb_funcall(io, rb_intern("fileno"), 0));
}

void descriptors_in(VALUE value, const char *name, bool nullable, int **result, unsigned int *count)
{
    long length;

    if (nullable && NIL_P(value))
        return;
    length = array_length(value, name);
    *result = room_for(length, sizeof **result);
    for (long i = 0; i < length; i++)
        (*result)[i] = descriptor_in(rb_ary_entry(value, i), name);
    *count = (unsigned int)length;
}

#define ARRAY_OUT(function, type, write)                                                           \
    VALUE function(const type *numbers, int count)                                                 \
    {                                                                                              \
        VALUE array = rb_ary_new_capa(count);                                                      \
                                                                                                   \
        for (int i = 0; i < count; i++)                                                            \
            rb_ary_push(array, write(numbers[i]));                                                 \
        return array;                                                                              \
    }

ARRAY_OUT(ints_out, int, INT2NUM)
ARRAY_OUT(uints_out, unsigned int, UINT2NUM)
ARRAY_OUT(ullongs_out, unsigned long long, ULL2NUM)

/* ---- CPUs ---- */

struct counting {
    virConnectPtr connection;
    int cpus;
    struct captured_error error;
};

static void *count_cpus(void *data)
{
    struct counting *counting = data;

    counting->cpus = cpu_map_node_cpus(counting->connection);
    if (counting->cpus < 0)
        error_capture(&counting->error);
    return NULL;
}

static VALUE counted(VALUE data)
{
    call_blocking(count_cpus, (void *)data);
    return Qnil;
}

static int node_cpus(VALUE object)
{
    struct counting counting;
    const VALUE connection = handle_connection(object);

    counting.connection = handle_enter(connection, &handle_kind_virConnect, NULL);
    rb_ensure(counted, (VALUE)&counting, (VALUE(*)(VALUE))(void (*)(void))handle_leave, connection);
    if (counting.cpus < 0)
        raise_error(&counting.error, "virNodeGetInfo", error_class_RetrieveError);
    return counting.cpus;
}

void cpu_list_in(VALUE object, VALUE value, const char *name, unsigned char **map, int *length)
{
    const long count = array_length(value, name);
    int cpus;

    for (long i = 0; i < count; i++)
        uint_in(rb_ary_entry(value, i), name);
    handle_check(object);
    cpus = node_cpus(object);
    *length = cpu_map_length(cpus);
    *map = room_for(*length, 1);
    for (long i = 0; i < count; i++) {
        const unsigned int cpu = uint_in(rb_ary_entry(value, i), name);
        if (cpu >= (unsigned int)cpus)
            rb_raise(rb_eArgError, "%s: there is no CPU %u: the host has %d", name, cpu, cpus);
        cpu_map_set(*map, (int)cpu);
    }
}

VALUE cpu_map_out(const unsigned char *map, int cpus)
{
    VALUE array = rb_ary_new_capa(cpus);

    for (int i = 0; i < cpus; i++)
        rb_ary_push(array, cpu_map_get(map, i) ? Qtrue : Qfalse);
    return array;
}

VALUE cpu_maps_out(const unsigned char *maps, int count, int cpus)
{
    VALUE array = rb_ary_new_capa(count);

    for (int i = 0; i < count; i++)
        rb_ary_push(array, cpu_map_out(maps + (size_t)i * (size_t)cpu_map_length(cpus), cpus));
    return array;
}
