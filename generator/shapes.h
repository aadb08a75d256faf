/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shapes for the manifest: how a language's values become canonical, and the other way round. They
 * follow from what the glue is made from. Of functions and callbacks written by hand the names file
 * says what differs from the rule:
 *
 *     virDomainQemuMonitorCommandWithFiles
 *         answer result outfiles       # C's answers that the language gives, in its order
 *     virStreamRecv
 *         answer result data as=value  # only one of them; as=flattened, in maps within a map
 *     virGetVersion
 *         answer libVer typeVer alone=libVer   # or this one and no list
 *         answer libVer typeVer reader=version # objects with this reader
 *     virStreamSourceFunc
 *         answer data as=counted       # bytes behind their number
 *     virStreamSinkFunc
 *         answer result as=consumed    # how many of the bytes were taken
 *     virDomainGetVcpus
 *         answer info cpumaps as=zipped reader=cpumap   # objects with both
 *     virNodeGetCPUMap
 *         answer cpumap as=indexed     # a map with the places as keys; as=transposed, lists by
 *                                      # the other of two keys
 *     virStreamSinkFunc
 *         gives data opaque without=st # what a callable is given, and what of C's it is not
 *     virConnectAuthCallbackPtr
 *         gives cred as=each opaque=userdata filled=result   # called for each, with a map that
 *                                      # holds these
 */
#pragma once

#include "surface.h"

/* {"maxMem": "max_mem"}: what a record's object calls its fields. */
char *record_readers(const struct surface *surface, const struct record_plan *plan);
/* Of one argument, answer, or value that a callback is given. */
const char *step_shape(const struct surface *surface, const struct step *step);
/* Of a field of the record that a step is; NULL: it has no such field. */
const char *member_shape(const struct surface *surface, const struct step *step,
                         const char *member);
/* Of what a function returns. */
const char *answer_shape(const struct surface *surface, const struct bound_function *function);
/* Names of C's answers that it may not tell; "[]" where it tells all. */
char *untold_answers(const struct surface *surface, const struct bound_function *function);
/* Of what a callable returns for a callback type. */
const char *callback_answer_shape(const struct surface *surface, const struct plan *plan);
