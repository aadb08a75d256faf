/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "glue.h"
#include "hashes.h"

struct setting {
    VALUE self;
    VALUE given[2];
    virDomainPtr domain;
    long long seconds;
    unsigned int nseconds;
    unsigned int flags;
    int result;
    struct captured_error error;
};

static void *set(void *data)
{
    struct setting *setting = data;

    setting->result =
        vir.virDomainSetTime(setting->domain, setting->seconds, setting->nseconds, setting->flags);
    if (setting->result < 0)
        error_capture(&setting->error);
    return NULL;
}

static VALUE set_time(VALUE data)
{
    struct setting *setting = (void *)data;
    VALUE time = setting->given[0];

    hash_check(time, "time");
    setting->seconds = llong_in(hash_item(time, "seconds"), "seconds");
    setting->nseconds = uint_in(hash_item(time, "nseconds"), "nseconds");
    setting->flags = NIL_P(setting->given[1]) ? 0 : uint_in(setting->given[1], "flags");
    setting->domain = handle_enter(setting->self, &handle_kind_virDomain, NULL);
    call_blocking(set, setting);
    if (setting->result < 0)
        raise_error(&setting->error, "virDomainSetTime", error_class_Error);
    return Qnil;
}

static VALUE release(VALUE data)
{
    struct setting *setting = (void *)data;

    if (setting->domain)
        handle_leave(setting->self);
    return Qnil;
}

/* Domain#time= {"seconds", "nseconds"}, or [{..}, flags] */
VALUE override_virDomainSetTime(VALUE self, VALUE value)
{
    static const char *const names[] = {"time", "flags"};
    static const struct signature signature = {1, 2, names};
    struct setting setting = {.self = self};

    setter_read(value, &signature, setting.given);
    return rb_ensure(set_time, (VALUE)&setting, release, (VALUE)&setting);
}
