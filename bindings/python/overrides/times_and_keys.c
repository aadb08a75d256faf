/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions whose arguments or answers are Python's own: a dict for a time, a tuple of versions, a
 * count that stands beside a list, files. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../pack.h"
#include "overrides.h"

/* libvirt.getVersion(name=None): the library's version, or with the name of a driver a tuple of
 * that and the driver's. */
METHOD(override_virGetVersion)
{
    SIGNATURE("virGetVersion", 0, "name");
    PyObject *given[1] = {Py_None};
    const char *driver = NULL;
    void *memory = NULL;
    unsigned long library_version = 0;
    unsigned long driver_version = 0;
    int result;
    PyObject *answer = NULL;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, given) ||
        !nullable_string_in(given[0], "name", &driver, &memory))
        return NULL;
    CALL_BEGIN
    result = vir.virGetVersion(&library_version, driver, driver ? &driver_version : NULL);
    CALL_END(result < 0)
    if (result < 0)
        raise_error(&error, "virGetVersion");
    else if (driver)
        answer = pack_tuple((PyObject *[]){PyLong_FromUnsignedLong(library_version),
                                           PyLong_FromUnsignedLong(driver_version)},
                            2);
    else
        answer = PyLong_FromUnsignedLong(library_version);
    PyMem_Free(memory);
    return answer;
}

/* One number of a dict; *found is left alone where it is not there. */
static bool number_of(PyObject *dict, const char *key, PyObject **found)
{
    PyObject *name = PyUnicode_FromString(key);

    if (!name)
        return false;
    *found = PyDict_GetItemWithError(dict, name);
    Py_DECREF(name);
    return *found || !PyErr_Occurred();
}

static bool time_in(PyObject *time, long long *seconds, unsigned int *nanoseconds)
{
    PyObject *whole = NULL;
    PyObject *part = NULL;

    if (time == Py_None)
        return true;
    if (!PyDict_Check(time)) {
        PyErr_Format(PyExc_TypeError, "time must be a dict with seconds and nseconds, not %R",
                     (PyObject *)Py_TYPE(time));
        return false;
    }
    if (!number_of(time, "seconds", &whole) || !number_of(time, "nseconds", &part))
        return false;
    if (!whole) {
        PyErr_SetString(PyExc_LookupError, "malformed or missing 'seconds'");
        return false;
    }
    return llong_in(whole, "seconds", seconds) && (!part || uint_in(part, "nseconds", nanoseconds));
}

/* virDomain.setTime(time=None, flags=0): time is {'seconds': …, 'nseconds': …}; None, with the flag
 * VIR_DOMAIN_TIME_SYNC, takes the host's. */
METHOD(override_virDomainSetTime)
{
    SIGNATURE("virDomainSetTime", 0, "time", "flags");
    PyObject *given[2] = {Py_None, NULL};
    long long seconds = 0;
    unsigned int nanoseconds = 0;
    unsigned int flags = 0;
    virDomain *domain;
    int result;

    if (!arguments_read(&signature, arguments, count, keywords, given) ||
        !time_in(given[0], &seconds, &nanoseconds) ||
        (given[1] && !uint_in(given[1], "flags", &flags)) ||
        !(domain = handle_enter(self, &handle_kind_virDomain, "dom")))
        return NULL;
    CALL_BEGIN
    result = vir.virDomainSetTime(domain, seconds, nanoseconds, flags);
    CALL_END(result < 0)
    handle_leave(self);
    return result < 0 ? raise_error(&error, "virDomainSetTime") : PyLong_FromLong(result);
}

/* virDomain.sendKey(codeset, holdtime, keycodes, nkeycodes, flags=0): the count is a check. */
METHOD(override_virDomainSendKey)
{
    SIGNATURE("virDomainSendKey", 4, "codeset", "holdtime", "keycodes", "nkeycodes", "flags");
    PyObject *given[5] = {NULL};
    unsigned int codeset = 0;
    unsigned int hold_time = 0;
    unsigned int expected = 0;
    unsigned int flags = 0;
    unsigned int *keys = NULL;
    unsigned int key_count = 0;
    virDomain *domain = NULL;
    int result;
    PyObject *answer = NULL;

    if (!arguments_read(&signature, arguments, count, keywords, given) ||
        !uint_in(given[0], "codeset", &codeset) || !uint_in(given[1], "holdtime", &hold_time) ||
        !uint_in(given[3], "nkeycodes", &expected) ||
        (given[4] && !uint_in(given[4], "flags", &flags)) ||
        !uints_in(given[2], "keycodes", &keys, &key_count))
        return NULL;
    if (expected != key_count) {
        PyErr_Format(PyExc_ValueError, "nkeycodes is %u, but keycodes has %u items", expected,
                     key_count);
        goto done;
    }
    domain = handle_enter(self, &handle_kind_virDomain, "domain");
    if (!domain)
        goto done;
    CALL_BEGIN
    result = vir.virDomainSendKey(domain, codeset, hold_time, keys, (int)key_count, flags);
    CALL_END(result < 0)
    answer = result < 0 ? raise_error(&error, "virDomainSendKey") : PyLong_FromLong(result);
    handle_leave(self);
done:
    PyMem_Free(keys);
    return answer;
}

/* File objects that own the descriptors. Where one cannot be made, those behind it are closed. */
static PyObject *files_out(const int *descriptors, unsigned int count)
{
    PyObject *list = PyList_New((Py_ssize_t)count);

    for (unsigned int i = 0; i < count; i++) {
        if (list)
            list = list_set(list, (Py_ssize_t)i,
                            PyFile_FromFd(descriptors[i], NULL, "r", -1, NULL, NULL, NULL, 1));
        else
            close(descriptors[i]);
    }
    return list;
}

/* The text and the files; making files runs code of Python's, which must not find an exception. */
static PyObject *answer_out(const char *text, const int *descriptors, unsigned int count)
{
    PyObject *files = files_out(descriptors, count);

    return files ? pack_tuple((PyObject *[]){string_out(text), files}, 2) : NULL;
}

/* libvirt_qemu.qemuMonitorCommandWithFiles(domain, cmd, files=[], flags=0): the answer and the
 * files that came with it. */
METHOD(override_virDomainQemuMonitorCommandWithFiles)
{
    SIGNATURE("virDomainQemuMonitorCommandWithFiles", 2, "domain", "cmd", "files", "flags");
    PyObject *given[4] = {NULL};
    const char *command = NULL;
    void *memory = NULL;
    int *files = NULL;
    unsigned int file_count = 0;
    int *received = NULL;
    unsigned int received_count = 0;
    unsigned int flags = 0;
    char *text = NULL;
    virDomain *domain = NULL;
    int result;
    PyObject *answer = NULL;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, given) ||
        !string_in(given[1], "cmd", &command, &memory))
        return NULL;
    if ((given[2] && !ints_in(given[2], "files", &files, &file_count)) ||
        (given[3] && !uint_in(given[3], "flags", &flags)) ||
        !(domain = handle_enter(given[0], &handle_kind_virDomain, "domain")))
        goto done;
    CALL_BEGIN
    result = vir.virDomainQemuMonitorCommandWithFiles(domain, command, file_count, files,
                                                      &received_count, &received, &text, flags);
    CALL_END(result < 0)
    answer = result < 0 ? raise_error(&error, "virDomainQemuMonitorCommandWithFiles")
                        : answer_out(text, received, received_count);
    handle_leave(given[0]);
done:
    free(text);
    free(received);
    PyMem_Free(files);
    PyMem_Free(memory);
    return answer;
}
