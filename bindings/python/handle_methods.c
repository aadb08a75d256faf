/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What objects have besides libvirt's functions: their relatives, `with`, and how they show
 * themselves. */
#include <string.h>

#include "runtime.h"
#include "runtime_internal.h"

/* ---- relatives ---- */

static PyObject *or_none(PyObject *object)
{
    return Py_NewRef(object ? object : Py_None);
}

/* Made by hand an object may have a parent that is not one of ours. */
static PyObject *connection_of(PyObject *self)
{
    const struct handle *handle = (const struct handle *)self;
    PyObject *connection = handle_connection(self);

    return or_none(connection || handle->kind->parent->parent ? connection : handle->parent);
}

static PyObject *connect(PyObject *self, PyObject *unused)
{
    (void)unused;
    return connection_of(self);
}

static PyObject *parent(PyObject *self, PyObject *unused)
{
    (void)unused;
    return or_none(((struct handle *)self)->parent);
}

static PyObject *get_connection(PyObject *self, void *unused)
{
    (void)unused;
    return connection_of(self);
}

static PyObject *get_parent(PyObject *self, void *unused)
{
    (void)unused;
    return or_none(((struct handle *)self)->parent);
}

/* ---- with ---- */

static PyObject *enter(PyObject *self, PyObject *unused)
{
    (void)unused;
    return Py_NewRef(self);
}

static PyObject *leave(PyObject *self, PyObject *arguments)
{
    PyObject *result = PyObject_CallMethod(self, "close", NULL);

    (void)arguments;
    Py_XDECREF(result);
    return result ? Py_NewRef(Py_None) : NULL;
}

/* ---- by the kind of parent ---- */

#define CONNECT                                                                                    \
    {                                                                                              \
        "connect", connect, METH_NOARGS, "connect($self)\n--\n\nThe connection it belongs to."     \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, 0, NULL                                                                        \
    }

static PyMethodDef root_methods[] = {
    {"__enter__", enter, METH_NOARGS, "__enter__($self)\n--\n\n"},
    {"__exit__", leave, METH_VARARGS,
     "__exit__($self, exc_type_, exc_value_, traceback_)\n--\n\nCloses the connection."},
    END,
};
static PyMethodDef connection_methods[] = {CONNECT, END};
static PyMethodDef domain_methods[] = {
    CONNECT,
    {"domain", parent, METH_NOARGS, "domain($self)\n--\n\nThe domain it belongs to."},
    {"getConnect", connect, METH_NOARGS, "getConnect($self)\n--\n\nThe same as connect()."},
    {"getDomain", parent, METH_NOARGS, "getDomain($self)\n--\n\nThe same as domain()."},
    END,
};
static PyMethodDef network_methods[] = {
    CONNECT,
    {"network", parent, METH_NOARGS, "network($self)\n--\n\nThe network it belongs to."},
    END,
};

#define ATTRIBUTE(name, get)                                                                       \
    {                                                                                              \
        name, get, NULL, NULL, NULL                                                                \
    }
#define NO_MORE ATTRIBUTE(NULL, NULL)

static PyGetSetDef connection_attributes[] = {ATTRIBUTE("_conn", get_connection), NO_MORE};
static PyGetSetDef domain_attributes[] = {ATTRIBUTE("_conn", get_connection),
                                          ATTRIBUTE("_dom", get_parent), NO_MORE};
static PyGetSetDef network_attributes[] = {ATTRIBUTE("_conn", get_connection),
                                           ATTRIBUTE("_net", get_parent), NO_MORE};

static const struct relation {
    const char *attribute;
    PyMethodDef *methods;
    PyGetSetDef *attributes;
} relations[] = {
    {"", root_methods, NULL},
    {"_conn", connection_methods, connection_attributes},
    {"_dom", domain_methods, domain_attributes},
    {"_net", network_methods, network_attributes},
};

static const struct relation *relation_of(const struct handle_kind *kind)
{
    const char *attribute = kind->parent ? kind->parent_attribute : "";

    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++)
        if (strcmp(relations[i].attribute, attribute) == 0)
            return &relations[i];
    return &relations[1];
}

const PyMethodDef *handle_methods(const struct handle_kind *kind)
{
    return relation_of(kind)->methods;
}

PyGetSetDef *handle_attributes(const struct handle_kind *kind)
{
    return relation_of(kind)->attributes;
}

/* ---- repr ---- */

typedef const char *name_function(void *pointer);

/* Functions that only read a field: repr must neither block nor fail. */
static const struct {
    const struct handle_kind *kind;
    size_t function;
} named[] = {
    {&handle_kind_virDomain, offsetof(struct vir_functions, virDomainGetName)},
    {&handle_kind_virDomainCheckpoint, offsetof(struct vir_functions, virDomainCheckpointGetName)},
    {&handle_kind_virDomainSnapshot, offsetof(struct vir_functions, virDomainSnapshotGetName)},
    {&handle_kind_virInterface, offsetof(struct vir_functions, virInterfaceGetName)},
    {&handle_kind_virNWFilter, offsetof(struct vir_functions, virNWFilterGetName)},
    {&handle_kind_virNWFilterBinding,
     offsetof(struct vir_functions, virNWFilterBindingGetFilterName)},
    {&handle_kind_virNetwork, offsetof(struct vir_functions, virNetworkGetName)},
    {&handle_kind_virNodeDevice, offsetof(struct vir_functions, virNodeDeviceGetName)},
    {&handle_kind_virStoragePool, offsetof(struct vir_functions, virStoragePoolGetName)},
    {&handle_kind_virStorageVol, offsetof(struct vir_functions, virStorageVolGetName)},
    {&handle_kind_virAdmServer, offsetof(struct vir_functions, virAdmServerGetName)},
};

static const char *name_of(const struct handle *handle)
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (named[i].kind == handle->kind) {
            name_function *const *get =
                (name_function *const *)(const void *)((const char *)&vir + named[i].function);
            return *get ? (*get)(handle->pointer) : NULL;
        }
    return NULL;
}

/* " name='test'", " closed", or nothing */
static PyObject *state_of(const struct handle *handle)
{
    const char *name;
    PyObject *text;
    PyObject *state;

    if (!handle_is_usable(handle))
        return PyUnicode_FromString(handle->kind->parent ? " freed" : " closed");
    name = name_of(handle);
    if (!name)
        return PyUnicode_FromString("");
    text = string_out(name);
    state = text ? PyUnicode_FromFormat(" name=%R", text) : NULL;
    Py_XDECREF(text);
    return state;
}

PyObject *handle_represent(PyObject *self)
{
    PyObject *type = (PyObject *)Py_TYPE(self);
    PyObject *module = PyObject_GetAttrString(type, "__module__");
    PyObject *name = PyType_GetQualName(Py_TYPE(self));
    PyObject *state = module && name ? state_of((struct handle *)self) : NULL;
    PyObject *text = NULL;

    if (state)
        text = PyUnicode_FromFormat("<%S.%S%S at %p>", module, name, state, (void *)self);
    Py_XDECREF(module);
    Py_XDECREF(name);
    Py_XDECREF(state);
    return text;
}
