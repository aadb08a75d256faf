/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which callbacks are registered through which object, so that close() can end them and the
 * dictionaries of opaques on connections stay right. All under the interpreter's lock. */
#include "callbacks.h"

/* All, also those that were deregistered and that libvirt has not given back: some drivers never
 * do. */
static struct python_callback *registered;

/* The object's {id: opaque} of this kind; made where wanted, else NULL without an exception where
 * there is none. A new reference. */
static PyObject *opaques_of(PyObject *object, const char *attribute, bool wanted)
{
    PyObject *opaques = PyObject_GetAttrString(object, attribute);

    if (opaques || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return opaques;
    PyErr_Clear();
    if (!wanted)
        return NULL;
    opaques = PyDict_New();
    if (opaques && PyObject_SetAttrString(object, attribute, opaques) < 0)
        Py_CLEAR(opaques);
    return opaques;
}

static bool opaque_enter(const struct python_callback *callback)
{
    PyObject *opaques = opaques_of(callback->connection, callback->registry->attribute, true);
    PyObject *key = PyLong_FromLong(callback->id);
    bool entered = opaques && key && PyObject_SetItem(opaques, key, callback->opaque) == 0;

    Py_XDECREF(key);
    Py_XDECREF(opaques);
    return entered;
}

static void opaque_leave(PyObject *object, const char *attribute, int id)
{
    PyObject *interrupted[3];
    PyObject *opaques;
    PyObject *key;

    PyErr_Fetch(&interrupted[0], &interrupted[1], &interrupted[2]);
    opaques = opaques_of(object, attribute, false);
    key = PyLong_FromLong(id);
    if (opaques && key)
        PyObject_DelItem(opaques, key);
    PyErr_Clear(); /* the program may have taken it out itself */
    Py_XDECREF(key);
    Py_XDECREF(opaques);
    PyErr_Restore(interrupted[0], interrupted[1], interrupted[2]);
}

bool callback_registered(struct python_callback *callback, const struct callback_registry *registry,
                         int id)
{
    callback->registry = registry;
    callback->id = id;
    callback->next = registered;
    registered = callback;
    return !registry->attribute || opaque_enter(callback);
}

struct python_callback *callback_find(const struct callback_registry *registry, PyObject *object,
                                      int id)
{
    struct python_callback *callback = registered;

    while (callback && (callback->registry != registry || callback->id != id ||
                        (object && callback->connection != object)))
        callback = callback->next;
    return callback;
}

void callback_leave_registry(struct python_callback *callback)
{
    const struct callback_registry *registry = callback->registry;

    callback->registry = NULL;
    if (registry && registry->attribute)
        opaque_leave(callback->connection, registry->attribute, callback->id);
}

void callback_leave_list(struct python_callback *callback)
{
    struct python_callback **link = &registered;

    while (*link && *link != callback)
        link = &(*link)->next;
    if (*link)
        *link = callback->next;
}

void callback_unregistered(const struct callback_registry *registry, PyObject *object, int id)
{
    struct python_callback *callback = callback_find(registry, object, id);

    if (callback) {
        callback->holders++; /* what it drops may run code that collects it */
        callback_leave_registry(callback);
        callback_empty(callback);
        callback_let_go(callback, registry->gives_back);
    } else if (registry->attribute) {
        opaque_leave(object, registry->attribute, id);
    }
}

void callbacks_end(PyObject *object, void *pointer)
{
    struct python_callback *callback = registered;

    while (callback) {
        const struct callback_registry *registry = callback->registry;
        int id = callback->id;

        if (!registry || callback->connection != object) {
            callback = callback->next;
            continue;
        }
        callback_leave_registry(callback);
        callback->holders++;
        CALL_BEGIN
        registry->remove(pointer, id);
        CALL_END(false)
        (void)error;
        callback_empty(callback);
        callback_let_go(callback, registry->gives_back);
        callback = registered; /* anything may have happened meanwhile */
    }
    callbacks_collect();
}
