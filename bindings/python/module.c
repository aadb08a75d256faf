/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `import libvirt`. The other modules are small extension files of their own that ask this one for
 * their contents through the capsule `libvirt._modules`, so all glue exists once. */
#include "module.h"

#include "runtime.h"
#include "runtime_internal.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

static struct module_maker maker = {module_make};

static bool add_maker(PyObject *module)
{
    PyObject *capsule = PyCapsule_New(&maker, MODULE_MAKER, NULL);
    const bool done = capsule && PyModule_AddObjectRef(module, "_modules", capsule) == 0;

    Py_XDECREF(capsule);
    return done;
}

PyMODINIT_FUNC PyInit_libvirt(void)
{
    PyObject *module = module_make("libvirt");

    if (module && (PyModule_AddObjectRef(module, "libvirtError", libvirt_error) < 0 ||
                   PyModule_AddStringConstant(module, "__version__", PACKAGE_VERSION) < 0 ||
                   !add_maker(module)))
        Py_CLEAR(module);
    return module;
}
