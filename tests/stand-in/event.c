/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "event.h"

#include <pthread.h>
#include <time.h>

#include "control.h"

struct registration {
    struct registration *next;
    const char *function;
    int number;
    struct handle *handle;
    event_fire fire;
    void (*callback)(void);
    void *opaque;
    virFreeCallback release;
    bool was_played;
    bool is_fired;
    int users; /* the list, and whoever is calling it */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct registration *first;
/* Languages may hold small numbers ready, for which they allocate nothing. */
static int last_number = 1000;

int event_add(const struct call *call, event_fire fire, void (*callback)(void), void *opaque,
              virFreeCallback release)
{
    struct registration *added = calloc(1, sizeof *added);

    if (!added)
        abort();
    *added = (struct registration){
        .function = call->grid.function,
        .handle = call->handle_count ? call->handles[0] : NULL,
        .fire = fire,
        .callback = callback,
        .opaque = opaque,
        .release = release,
        .was_played = call->is_played,
        .users = 1,
    };
    pthread_mutex_lock(&lock);
    added->number = ++last_number;
    added->next = first;
    first = added;
    pthread_mutex_unlock(&lock);
    return added->number;
}

static void leave(struct registration *registration)
{
    int users;

    pthread_mutex_lock(&lock);
    users = --registration->users;
    pthread_mutex_unlock(&lock);
    if (users)
        return;
    if (registration->release)
        registration->release(registration->opaque);
    free(registration);
}

/* Which of them; those that are not asked for are 0 and NULL. */
struct search {
    const char *function;
    int number;
    void (*callback)(void);
    const struct handle *handle;
};

static bool is_found(const struct registration *registration, const struct search *search)
{
    return (!search->function || strcmp(registration->function, search->function) == 0) &&
           (!search->number || registration->number == search->number) &&
           (!search->callback || registration->callback == search->callback) &&
           (!search->handle || registration->handle == search->handle);
}

static struct registration *take_out(const struct search *search)
{
    struct registration **link = &first;
    struct registration *found;

    pthread_mutex_lock(&lock);
    while (*link && !is_found(*link, search))
        link = &(*link)->next;
    found = *link;
    if (found)
        *link = found->next;
    pthread_mutex_unlock(&lock);
    return found;
}

static bool removed(const struct call *call, const struct search *search)
{
    struct registration *found = take_out(search);

    if (!found) {
        control_fault("%s: there is no such callback", call->grid.function);
        return false;
    }
    leave(found);
    return true;
}

static const struct handle *handle_of(const struct call *call)
{
    return call->handle_count ? call->handles[0] : NULL;
}

bool event_remove_number(const struct call *call, const char *function, int number)
{
    return removed(call, &(struct search){.function = function,
                                          .number = number ? number : -1,
                                          .handle = handle_of(call)});
}

bool event_remove_callback(const struct call *call, const char *function, void (*callback)(void))
{
    return removed(
        call,
        &(struct search){.function = function, .callback = callback, .handle = handle_of(call)});
}

bool event_remove_handle(const struct call *call, const char *function)
{
    return removed(call, &(struct search){.function = function, .handle = handle_of(call)});
}

void event_replace(const struct call *call, event_fire fire, void (*callback)(void), void *opaque)
{
    struct registration *found =
        take_out(&(struct search){.function = call->grid.function, .handle = handle_of(call)});

    if (found)
        leave(found);
    if (callback)
        event_add(call, fire, callback, opaque, NULL);
}

struct handle *event_lend_handle(struct call *call, struct handle *with, const struct kind *kind)
{
    return handle_kind(with) == kind ? with : give_handle(call, kind);
}

void event_lend_end(struct handle *with, struct handle *lent)
{
    if (lent != with)
        handle_release(lent);
}

void event_forget_handle(const struct handle *handle)
{
    struct registration *found;

    while ((found = take_out(&(struct search){.handle = handle})))
        leave(found);
}

static struct registration *next_to_fire(void)
{
    struct registration *found;

    pthread_mutex_lock(&lock);
    for (found = first; found && found->is_fired; found = found->next)
        ;
    if (found) {
        found->is_fired = true;
        found->users++;
    }
    pthread_mutex_unlock(&lock);
    return found;
}

static void *fire_all(void *nothing)
{
    struct registration *registration;

    while ((registration = next_to_fire())) {
        struct call call;

        call_of_callback(&call, registration->function, registration->was_played,
                         registration->handle);
        registration->fire(&call, registration->callback, registration->handle,
                           registration->opaque);
        leave(registration);
    }
    return nothing;
}

static bool has_any_to_fire(void)
{
    const struct registration *found;

    pthread_mutex_lock(&lock);
    for (found = first; found && found->is_fired; found = found->next)
        ;
    pthread_mutex_unlock(&lock);
    return found != NULL;
}

int virEventRunDefaultImpl(void)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    struct call call;

    call_begin(&call, "virEventRunDefaultImpl");
    if (call_fails(&call))
        return -1;
    if (!has_any_to_fire())
        nanosleep(&moment, NULL);
    else
        call_in_turn(fire_all, NULL);
    return 0;
}
