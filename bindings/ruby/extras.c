/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Methods that have no C function of libvirt's behind them, and second names of methods. */
#include "overrides/loop.h"
#include "overrides/streams.h"
#include "runtime.h"

#define FUNCTION(function) ((VALUE(*)(ANYARGS))(function))

static VALUE is_closed(VALUE self)
{
    return handle_is_open(self) ? Qfalse : Qtrue;
}

static const struct {
    const char *owner;
    const char *name;
    VALUE (*function)(ANYARGS);
    int arity;
    bool is_singleton;
} methods[] = {
    {"Libvirt", "event_invoke_handle_callback", FUNCTION(event_invoke_handle_callback), 4, true},
    {"Libvirt", "event_invoke_timeout_callback", FUNCTION(event_invoke_timeout_callback), 2, true},
    {"Libvirt::Connect", "closed?", FUNCTION(is_closed), 0, false},
    {"Libvirt::Admin::Connect", "closed?", FUNCTION(is_closed), 0, false},
    {"Libvirt::Stream", "free", FUNCTION(stream_free), 0, false},
};

static const struct {
    const char *owner;
    const char *name;
    const char *established;
} aliases[] = {
    {"Libvirt::Connect", "free", "close"},
    {"Libvirt::Admin::Connect", "free", "close"},
};

void extras_define(void)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        VALUE owner = module_at(methods[i].owner);

        if (methods[i].is_singleton)
            rb_define_singleton_method(owner, methods[i].name, methods[i].function,
                                       methods[i].arity);
        else
            rb_define_method(owner, methods[i].name, methods[i].function, methods[i].arity);
    }
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        rb_define_alias(module_at(aliases[i].owner), aliases[i].name, aliases[i].established);
}
