/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "blocks.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* Open addressing. */
enum { PLACES = 1 << 18, MOST = PLACES / 2 };

static const void *places[PLACES];
static size_t used;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t first_place(const void *address)
{
    return (size_t)(((uintptr_t)address >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 40) % PLACES;
}

bool blocks_enter(const void *address)
{
    size_t place = first_place(address);
    bool fits;

    pthread_mutex_lock(&lock);
    fits = used < MOST;
    while (fits && places[place])
        place = (place + 1) % PLACES;
    if (fits) {
        places[place] = address;
        used++;
    }
    pthread_mutex_unlock(&lock);
    return fits;
}

/* Empties a place, and moves up what would not be found behind it. */
static void empty(size_t place)
{
    size_t other = place;

    used--;
    places[place] = NULL;
    while (places[other = (other + 1) % PLACES]) {
        const size_t wanted = first_place(places[other]);
        const size_t distance = (other - wanted + PLACES) % PLACES;

        if (distance < (other - place + PLACES) % PLACES)
            continue;
        places[place] = places[other];
        places[other] = NULL;
        place = other;
    }
}

bool blocks_leave(const void *address)
{
    size_t place = first_place(address);
    bool found;

    pthread_mutex_lock(&lock);
    while (places[place] && places[place] != address)
        place = (place + 1) % PLACES;
    found = places[place] != NULL;
    if (found)
        empty(place);
    pthread_mutex_unlock(&lock);
    return found;
}
