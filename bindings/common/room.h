/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much room an array needs, where that takes more than one expression in the notes. */
#pragma once

#include "loader.h"

/* Scheduler parameters of a domain; below 0 on failure, with libvirt's error set. */
int room_scheduler_parameters(virDomainPtr domain);
