/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables by CPU: which of the host's are there, what a domain used of each, and where its own run.
 */
#include <stdlib.h>

#include "collect.h"
#include "glue.h"

struct table {
    VALUE self;
    VALUE given[3];
    void *handle; /* entered */
    const char *called;
    virTypedParameter *params;
    unsigned int stride;
    unsigned char *maps;
    virVcpuInfo *infos;
    int cpus;
    int start;
    unsigned int count;
    unsigned int flags;
    int result;
    struct captured_error error;
};

static VALUE release(VALUE data)
{
    struct table *table = (void *)data;

    if (table->handle)
        handle_leave(table->self);
    params_free(table->params, (int)(table->stride * table->count));
    free(table->maps);
    free(table->infos);
    return Qnil;
}

static VALUE with_table(VALUE (*body)(VALUE), struct table *table)
{
    return rb_ensure(body, (VALUE)table, release, (VALUE)table);
}

static void call(void *(*function)(void *), struct table *table, const struct handle_kind *kind)
{
    table->handle = handle_enter(table->self, kind, NULL);
    call_blocking(function, table);
    if (table->result < 0)
        raise_error(&table->error, table->called, error_class_RetrieveError);
}

static void capture(struct table *table, const char *called)
{
    table->called = called;
    if (table->result < 0)
        error_capture(&table->error);
}

static unsigned int flags_in(VALUE value)
{
    return NIL_P(value) ? 0 : uint_in(value, "flags");
}

/* ---- of the host ---- */

static void *get_map(void *data)
{
    struct table *table = data;

    table->result = vir.virNodeGetCPUMap(table->handle, &table->maps, NULL, table->flags);
    capture(table, "virNodeGetCPUMap");
    return NULL;
}

static VALUE node_cpu_map(VALUE data)
{
    struct table *table = (void *)data;
    VALUE hash;

    table->flags = flags_in(table->given[0]);
    call(get_map, table, &handle_kind_virConnect);
    hash = rb_hash_new();
    for (int i = 0; i < table->result; i++)
        rb_hash_aset(hash, rb_sprintf("%d", i), cpu_map_get(table->maps, i) ? Qtrue : Qfalse);
    return hash;
}

/* Connect#node_cpu_map(flags = 0): {"0" => true}: which of the host's CPUs are online. */
VALUE override_virNodeGetCPUMap(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"flags"};
    static const struct signature signature = {0, 1, names};
    struct table table = {.self = self};

    arguments_read(argc, argv, &signature, table.given);
    return with_table(node_cpu_map, &table);
}

/* ---- statistics ---- */

static void *get_stats(void *data)
{
    struct table *table = data;

    table->result = collect_virDomainGetCPUStats(table->handle, &table->params, &table->stride,
                                                 table->start, table->count, table->flags);
    capture(table, "virDomainGetCPUStats");
    return NULL;
}

/* What is not there has no type. */
static VALUE stats_of(const struct table *table, unsigned int place)
{
    const virTypedParameter *params = table->params + (size_t)place * table->stride;
    int count = 0;

    while (count < (int)table->stride && params[count].type)
        count++;
    return params_out(params, count);
}

static VALUE cpu_stats(VALUE data)
{
    struct table *table = (void *)data;
    VALUE hash;

    table->start = NIL_P(table->given[0]) ? -1 : int_in(table->given[0], "start_cpu");
    table->count = NIL_P(table->given[1]) ? 1 : uint_in(table->given[1], "ncpus");
    table->flags = flags_in(table->given[2]);
    call(get_stats, table, &handle_kind_virDomain);
    hash = rb_hash_new();
    for (unsigned int i = 0; table->stride && i < table->count; i++) {
        VALUE stats = stats_of(table, i);

        if (table->start < 0)
            pack_key(hash, "all", stats);
        else if (RHASH_SIZE(stats))
            rb_hash_aset(hash, LL2NUM((long long)table->start + i), stats);
    }
    return hash;
}

/* Domain#cpu_stats(start_cpu = -1, ncpus = 1, flags = 0): {0 => {"cpu_time" => ..}, ..}, or
 * {"all" => {..}}. */
VALUE override_virDomainGetCPUStats(int argc, VALUE *argv, VALUE self)
{
    static const char *const names[] = {"start_cpu", "ncpus", "flags"};
    static const struct signature signature = {0, 3, names};
    struct table table = {.self = self};

    arguments_read(argc, argv, &signature, table.given);
    return with_table(cpu_stats, &table);
}

/* ---- virtual CPUs ---- */

/* An inactive domain has no CPUs that run, but they may be bound to some of the host's. */
static void *get_vcpus(void *data)
{
    struct table *table = data;
    int room;

    table->result =
        collect_virDomainGetVcpus(table->handle, &table->infos, &room, &table->maps, &table->cpus);
    capture(table, "virDomainGetVcpus");
    if (table->result >= 0 || vir.virDomainIsActive(table->handle))
        return NULL;
    error_release(&table->error);
    table->result = collect_virDomainGetVcpuPinInfo(table->handle, &room, &table->maps,
                                                    &table->cpus, VIR_DOMAIN_AFFECT_CONFIG);
    capture(table, "virDomainGetVcpuPinInfo");
    return NULL;
}

static VALUE vcpu_out(const struct table *table, int place)
{
    static const char *const variables[] = {"@number", "@state", "@cpu_time", "@cpu", "@cpumap"};
    const virVcpuInfo offline = {
        .number = (unsigned int)place, .state = VIR_VCPU_OFFLINE, .cpuTime = 0, .cpu = -1};
    const virVcpuInfo *info = table->infos ? &table->infos[place] : &offline;
    const unsigned char *map = table->maps + (size_t)place * (size_t)cpu_map_length(table->cpus);
    const VALUE values[] = {UINT2NUM(info->number), INT2NUM(info->state), ULL2NUM(info->cpuTime),
                            INT2NUM(info->cpu), cpu_map_out(map, table->cpus)};
    VALUE object = rb_obj_alloc(rb_path2class("Libvirt::Domain::VCPUInfo"));

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        rb_ivar_set(object, rb_intern(variables[i]), values[i]);
    return object;
}

static VALUE vcpus(VALUE data)
{
    struct table *table = (void *)data;
    VALUE array;

    call(get_vcpus, table, &handle_kind_virDomain);
    array = rb_ary_new_capa(table->result);
    for (int i = 0; i < table->result; i++)
        rb_ary_push(array, vcpu_out(table, i));
    return array;
}

/* Domain#vcpus: objects of Domain::VCPUInfo. */
VALUE override_virDomainGetVcpus(VALUE self)
{
    struct table table = {.self = self};

    return with_table(vcpus, &table);
}
