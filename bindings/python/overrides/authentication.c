/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening a connection with a callable that answers libvirt's questions for credentials. */
#include <stdlib.h>
#include <string.h>

#include "callbacks.h"
#include "overrides.h"

/* The two of auth = [credential types, callable, opaque] that are called; borrowed. */
struct asker {
    PyObject *callable;
    PyObject *opaque;
};

/* [type, prompt, challenge, default, None]: the last is for the answer. */
static PyObject *question(const virConnectCredential *credential)
{
    return Py_BuildValue("[iNNNO]", credential->type, string_out(credential->prompt),
                         string_out(credential->challenge), string_out(credential->defresult),
                         Py_None);
}

static PyObject *questions(const virConnectCredential *credentials, unsigned int count)
{
    PyObject *tuple = PyTuple_New((Py_ssize_t)count);
    unsigned int each;

    for (each = 0; tuple && each < count; each++) {
        PyObject *item = question(&credentials[each]);

        if (item)
            PyTuple_SetItem(tuple, (Py_ssize_t)each, item);
        else
            Py_CLEAR(tuple);
    }
    return tuple;
}

/* Libvirt frees the answer. */
static bool answer_keep(virConnectCredential *credential, const char *text, size_t length)
{
    char *copy = malloc(length + 1);

    if (!copy) {
        PyErr_NoMemory();
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    credential->result = copy;
    credential->resultlen = (unsigned int)length;
    return true;
}

/* Reads what the callable put into the last place; anything but text is no answer. */
static bool answer_read(virConnectCredential *credential, PyObject *list)
{
    PyObject *value = PyList_Size(list) > 4 ? PyList_GetItem(list, 4) : Py_None;
    const char *text;
    void *owned = NULL;
    bool kept;

    if (PyBytes_Check(value))
        return answer_keep(credential, PyBytes_AsString(value), (size_t)PyBytes_Size(value));
    if (!PyUnicode_Check(value))
        return true;
    if (!string_in(value, "the answer", &text, &owned))
        return false;
    kept = answer_keep(credential, text, strlen(text));
    PyMem_Free(owned);
    return kept;
}

static int ask(const struct asker *asker, virConnectCredentialPtr credentials, unsigned int count)
{
    PyObject *lists = questions(credentials, count);
    PyObject *answer = NULL;
    int result = -1;
    unsigned int each;

    if (lists)
        answer = PyObject_CallFunctionObjArgs(asker->callable, lists, asker->opaque, NULL);
    if (!answer || !int_in(answer, "the callback's return value", &result)) {
        callback_report(asker->callable);
        result = -1;
    }
    for (each = 0; result >= 0 && each < count; each++) {
        if (!answer_read(&credentials[each], PyTuple_GetItem(lists, (Py_ssize_t)each))) {
            callback_report(asker->callable);
            result = -1;
        }
    }
    Py_XDECREF(answer);
    Py_XDECREF(lists);
    return result < 0 ? -1 : 0;
}

static int credentials_wanted(virConnectCredentialPtr credentials, unsigned int count, void *opaque)
{
    PyGILState_STATE lock;
    int result;

    if (!callback_lock(&lock))
        return -1;
    result = ask(opaque, credentials, count);
    callback_unlock(lock);
    return result;
}

/* Takes auth apart; the parts are new references. */
static bool auth_in(PyObject *auth, PyObject *parts[3])
{
    Py_ssize_t each;

    if ((!PyList_Check(auth) && !PyTuple_Check(auth)) || PySequence_Size(auth) != 3) {
        PyErr_Format(PyExc_TypeError,
                     "auth must be a list of credential types, callback and opaque, not %R", auth);
        return false;
    }
    for (each = 0; each < 3; each++) {
        parts[each] = PySequence_GetItem(auth, each);
        if (!parts[each])
            return false;
    }
    if (parts[1] != Py_None && !PyCallable_Check(parts[1])) {
        PyErr_Format(PyExc_TypeError, "the callback in auth must be callable or None, not %R",
                     (PyObject *)Py_TYPE(parts[1]));
        return false;
    }
    return true;
}

METHOD(override_virConnectOpenAuth)
{
    SIGNATURE("virConnectOpenAuth", 2, "uri", "auth", "flags");
    PyObject *values[3] = {NULL, NULL, NULL};
    PyObject *parts[3] = {NULL, NULL, NULL};
    virConnectAuth auth = {NULL, 0, NULL, NULL};
    struct asker asker;
    const char *uri;
    void *owned = NULL;
    int *types = NULL;
    unsigned int type_count = 0;
    unsigned int flags = 0;
    virConnectPtr connection;
    PyObject *result = NULL;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values) ||
        !nullable_string_in(values[0], names[0], &uri, &owned))
        return NULL;
    if (values[2] && !uint_in(values[2], names[2], &flags))
        goto done;
    if (values[1] != Py_None) {
        if (!auth_in(values[1], parts) ||
            !ints_in(parts[0], "the credential types in auth", &types, &type_count))
            goto done;
        asker.callable = parts[1];
        asker.opaque = parts[2];
        auth.credtype = types;
        auth.ncredtype = type_count;
        auth.cb = parts[1] == Py_None ? NULL : credentials_wanted;
        auth.cbdata = &asker;
    }
    callback_expect();
    CALL_BEGIN
    connection = vir.virConnectOpenAuth(uri, values[1] == Py_None ? NULL : &auth, flags);
    CALL_END(!connection)
    if (!callback_outcome()) {
        PyObject *type, *value, *traceback;

        PyErr_Fetch(&type, &value, &traceback);
        if (connection)
            Py_XDECREF(handle_out(connection, &handle_kind_virConnect, NULL));
        else
            error_release(&error);
        PyErr_Restore(type, value, traceback);
    } else if (connection) {
        result = handle_out(connection, &handle_kind_virConnect, NULL);
    } else {
        raise_error(&error, signature.function);
    }
done:
    Py_XDECREF(parts[0]);
    Py_XDECREF(parts[1]);
    Py_XDECREF(parts[2]);
    PyMem_Free(types);
    PyMem_Free(owned);
    return result;
}
