/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The extension file of every module but libvirt itself, which makes it: compiled once a module,
 * with MODULE as its name. */
#include "../module.h"

#ifndef MODULE
#error "compile with -DMODULE=libvirt_qemu, or another module's name"
#endif

#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)
#define JOINED_TO(name) PyInit_##name
#define ENTRY(name) JOINED_TO(name)

PyMODINIT_FUNC ENTRY(MODULE)(void);

PyMODINIT_FUNC ENTRY(MODULE)(void)
{
    const struct module_maker *maker = PyCapsule_Import(MODULE_MAKER, 0);

    if (maker)
        return maker->make(TEXT(MODULE));
    if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        PyErr_SetString(PyExc_ImportError,
                        TEXT(MODULE) " belongs to another libvirt module than the one that "
                                     "`import libvirt` finds first");
    }
    return NULL;
}
