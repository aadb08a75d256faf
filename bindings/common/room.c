/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "room.h"

#include <stdlib.h>

int room_scheduler_parameters(virDomainPtr domain)
{
    int count = 0;
    char *type = vir.virDomainGetSchedulerType(domain, &count);

    if (!type)
        return -1;
    free(type);
    return count;
}
