/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modules out of the generated tables: their functions, classes and constants, without those that
 * the running libvirt lacks. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "overrides/overrides.h"
#include "runtime.h"
#include "runtime_internal.h"

void *permanent(size_t size)
{
    struct block {
        struct block *next;
        max_align_t memory[];
    };
    static struct block *blocks;
    struct block *block = calloc(1, sizeof *block + size);

    if (!block) {
        PyErr_NoMemory();
        return NULL;
    }
    block->next = blocks;
    blocks = block;
    return block->memory;
}

bool module_open_library(enum vir_library library)
{
    char message[400];

    if (loader_open(library, message, sizeof message))
        return true;
    PyErr_SetString(PyExc_ImportError, message);
    return false;
}

/* ---- functions ---- */

static bool is_extra(const struct extra_function *extra, const char *module, const char *class_name)
{
    return strcmp(extra->module, module) == 0 &&
           (class_name ? extra->class_name && strcmp(extra->class_name, class_name) == 0
                       : !extra->class_name);
}

static void add_method(PyMethodDef **next, const struct function_definition *function)
{
    if (!function_is_there(function->c_name))
        return;
    *(*next)++ = (PyMethodDef){function->python_name, function->function, function->flags,
                               function->documentation};
}

/* All that are there: generated, written by hand, and, of a class, what its kind brings. */
static PyMethodDef *methods_of(const struct function_definition *functions, size_t count,
                               const char *module, const struct handle_kind *kind)
{
    const char *class_name = kind ? kind->name : NULL;
    const PyMethodDef *shared = kind ? handle_methods(kind) : NULL;
    size_t room = count + 1;
    PyMethodDef *methods;
    PyMethodDef *next;

    for (const struct extra_function *extra = extra_functions; extra->module; extra++)
        room += is_extra(extra, module, class_name);
    for (const PyMethodDef *each = shared; each && each->ml_name; each++)
        room++;
    methods = next = permanent(room * sizeof *methods);
    if (!methods)
        return NULL;
    for (size_t i = 0; i < count; i++)
        add_method(&next, &functions[i]);
    for (const struct extra_function *extra = extra_functions; extra->module; extra++)
        if (is_extra(extra, module, class_name))
            add_method(&next, &extra->function);
    for (; shared && shared->ml_name; shared++)
        *next++ = *shared;
    return methods;
}

/* ---- classes ---- */

/* "libvirt.virDomain" */
static char *full_name(const char *module, const char *name)
{
    const size_t size = strlen(module) + strlen(name) + 2;
    char *text = permanent(size);

    if (text)
        PyOS_snprintf(text, size, "%s.%s", module, name);
    return text;
}

/* With the signature that inspect reads. */
static char *class_documentation(const struct class_definition *definition)
{
    const struct handle_kind *kind = definition->kind;
    const char *text = definition->documentation ? definition->documentation : "";
    const size_t size = strlen(kind->name) + strlen(text) + 64;
    char *documentation = permanent(size);

    if (documentation)
        PyOS_snprintf(documentation, size, "%s(%s%s_obj=None)\n--\n\n%s", kind->name,
                      kind->parent ? kind->parent_attribute + 1 : "", kind->parent ? ", " : "",
                      text);
    return documentation;
}

static bool add_absences(PyTypeObject *type, const struct class_definition *definition)
{
    for (size_t i = 0; i < definition->function_count; i++) {
        const struct function_definition *function = &definition->functions[i];
        if (!function_is_there(function->c_name) &&
            !absence_add(type, function->python_name, function->c_name))
            return false;
    }
    return true;
}

static bool add_class(PyObject *module, const char *module_name,
                      const struct class_definition *definition)
{
    const struct handle_kind *kind = definition->kind;

    if (!*kind->type) {
        char *name = full_name(module_name, kind->name);
        char *documentation = class_documentation(definition);
        PyMethodDef *methods =
            methods_of(definition->functions, definition->function_count, module_name, kind);
        PyTypeObject *type = NULL;

        if (name && documentation && methods)
            type = handle_type_make(kind, name, documentation, methods);
        if (!type || !add_absences(type, definition))
            return false;
        *kind->type = type;
    }
    return PyModule_AddObjectRef(module, kind->name, (PyObject *)*kind->type) == 0;
}

/* Numbers that programs read from a class of the established binding. */
static const struct {
    const struct handle_kind *kind;
    const char *name;
    long value;
} class_numbers[] = {
    {&handle_kind_virStorageVol, "streamBufSize", 262120}, /* a message of libvirt's protocol */
};

static bool add_class_numbers(void)
{
    for (size_t i = 0; i < sizeof class_numbers / sizeof *class_numbers; i++) {
        PyObject *type = (PyObject *)*class_numbers[i].kind->type;
        PyObject *value = PyLong_FromLong(class_numbers[i].value);
        const bool done =
            value && (!type || PyObject_SetAttrString(type, class_numbers[i].name, value) == 0);

        Py_XDECREF(value);
        if (!done)
            return false;
    }
    return true;
}

/* ---- constants ---- */

static bool add_constant(PyObject *module, const struct constant_definition *constant)
{
    PyObject *value = constant->text ? PyUnicode_FromString(constant->text)
                                     : PyLong_FromLongLong(constant->number);
    const bool done = value && PyModule_AddObjectRef(module, constant->name, value) == 0;

    Py_XDECREF(value);
    return done;
}

static bool add_constants(PyObject *module, const struct module_definition *definition)
{
    for (size_t i = 0; i < definition->constant_count; i++)
        if (definition->constants[i].version <= loader_version() &&
            !add_constant(module, &definition->constants[i]))
            return false;
    return true;
}

/* ---- what is absent ---- */

static const struct module_definition *find_module(const char *name)
{
    for (size_t i = 0; i < module_definition_count; i++)
        if (strcmp(module_definitions[i].name, name) == 0)
            return &module_definitions[i];
    return NULL;
}

static PyObject *explain(const struct module_definition *definition, const char *name)
{
    for (size_t i = 0; i < definition->constant_count; i++)
        if (strcmp(definition->constants[i].name, name) == 0 &&
            definition->constants[i].version > loader_version())
            return absence_raise(name, definition->constants[i].version);
    for (size_t i = 0; i < definition->function_count; i++) {
        const char *c_name = definition->functions[i].c_name;
        if (strcmp(definition->functions[i].python_name, name) == 0 && !function_is_there(c_name))
            return absence_raise(c_name, loader_find(c_name)->version);
    }
    return PyErr_Format(PyExc_AttributeError, "module '%s' has no attribute '%s'", definition->name,
                        name);
}

/* The module's __getattr__: Python asks it for names that are not there. */
static PyObject *get_absent(PyObject *self, PyObject *name)
{
    const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL;
    const struct module_definition *definition = find_module(PyModule_GetName(self));

    if (PyErr_Occurred())
        return NULL;
    if (!text || !definition)
        return PyErr_Format(PyExc_AttributeError, "no attribute %R", name);
    return explain(definition, text);
}

static PyMethodDef get_absent_definition = {"__getattr__", get_absent, METH_O, NULL};

static bool add_get_absent(PyObject *module)
{
    PyObject *function = PyCFunction_NewEx(&get_absent_definition, module, NULL);
    const bool done = function && PyModule_AddObjectRef(module, "__getattr__", function) == 0;

    Py_XDECREF(function);
    return done;
}

/* ---- modules ---- */

static bool fill(PyObject *module, const struct module_definition *definition)
{
    for (size_t i = 0; i < definition->class_count; i++)
        if (!add_class(module, definition->name, &definition->classes[i]))
            return false;
    return add_class_numbers() && add_constants(module, definition) && add_get_absent(module);
}

static PyObject *make(const struct module_definition *definition)
{
    struct PyModuleDef *python_definition = permanent(sizeof *python_definition);
    PyMethodDef *methods = NULL;
    PyObject *module = NULL;

    if (!python_definition || !module_open_library(definition->library) || !error_class_make() ||
        !handle_base_make() || !absence_make())
        return NULL;
    methods = methods_of(definition->functions, definition->function_count, definition->name, NULL);
    *python_definition = (struct PyModuleDef){
        .m_base = PyModuleDef_HEAD_INIT,
        .m_name = definition->name,
        .m_doc = definition->documentation,
        .m_size = -1,
        .m_methods = methods,
    };
    if (methods)
        module = PyModule_Create(python_definition);
    if (module && !fill(module, definition))
        Py_CLEAR(module);
    return module;
}

PyObject *module_make(const char *name)
{
    const struct module_definition *definition = find_module(name);

    if (definition)
        return make(definition);
    for (size_t i = 0; i < raw_module_definition_count; i++)
        if (strcmp(raw_module_definitions[i].name, name) == 0)
            return raw_module_make(&raw_module_definitions[i]);
    return PyErr_Format(PyExc_ImportError, "this libvirt module does not know %s", name);
}
