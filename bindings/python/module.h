/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the module libvirt offers to the small extension files beside it. */
#pragma once

#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030b0000
#endif
#include <Python.h>

#define MODULE_MAKER "libvirt._modules"

struct module_maker {
    PyObject *(*make)(const char *name); /* a new module; NULL with an exception set */
};
