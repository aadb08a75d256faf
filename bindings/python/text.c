/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text both ways. It is UTF-8; bytes that are not stand as lone surrogates in Python, and become
 * the same bytes again on the way back. */
#include <stdlib.h>
#include <string.h>

#include "runtime.h"
#include "runtime_internal.h"

/* The bytes of a str that holds surrogates. */
static const char *escaped_in(PyObject *value, Py_ssize_t *length, void **owned)
{
    PyObject *bytes;
    char *text;

    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
        return NULL;
    PyErr_Clear();
    bytes = PyUnicode_AsEncodedString(value, "utf-8", "surrogateescape");
    if (!bytes)
        return NULL;
    *length = PyBytes_Size(bytes);
    text = PyMem_Malloc((size_t)*length + 1);
    if (text)
        *owned = memcpy(text, PyBytes_AsString(bytes), (size_t)*length + 1);
    else
        PyErr_NoMemory();
    Py_DECREF(bytes);
    return text;
}

bool string_in(PyObject *value, const char *name, const char **result, void **owned)
{
    const char *text;
    Py_ssize_t length;

    *owned = NULL;
    if (!PyUnicode_Check(value))
        return refuse_type(value, name, "str");
    text = PyUnicode_AsUTF8AndSize(value, &length);
    if (!text)
        text = escaped_in(value, &length, owned);
    if (!text)
        return false;
    if (strlen(text) != (size_t)length) {
        PyMem_Free(*owned);
        *owned = NULL;
        PyErr_Format(PyExc_ValueError, "%s must not contain a null character", name);
        return false;
    }
    *result = text;
    return true;
}

bool nullable_string_in(PyObject *value, const char *name, const char **result, void **owned)
{
    *result = NULL;
    *owned = NULL;
    return !value || value == Py_None || string_in(value, name, result, owned);
}

static char *copy_in(PyObject *value, const char *name)
{
    const char *text;
    void *owned;
    char *copy;

    if (!string_in(value, name, &text, &owned))
        return NULL;
    if (owned)
        return owned;
    copy = PyMem_Malloc(strlen(text) + 1);
    if (!copy)
        PyErr_NoMemory();
    return copy ? strcpy(copy, text) : NULL;
}

bool strings_in(PyObject *value, const char *name, bool nullable, char ***result,
                unsigned int *count)
{
    Py_ssize_t size;
    char **strings;

    *result = NULL;
    *count = 0;
    if (nullable && (!value || value == Py_None))
        return true;
    if (!sequence_size(value, name, "str", &size))
        return false;
    strings = PyMem_Calloc((size_t)size + 1, sizeof *strings);
    if (!strings) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < size; i++) {
        PyObject *item = PySequence_GetItem(value, i);
        strings[i] = item ? copy_in(item, name) : NULL;
        Py_XDECREF(item);
        if (!strings[i]) {
            strings_in_release(strings, (unsigned int)i);
            return false;
        }
    }
    *result = strings;
    *count = (unsigned int)size;
    return true;
}

void strings_in_release(char **strings, unsigned int count)
{
    for (unsigned int i = 0; strings && i < count; i++)
        PyMem_Free(strings[i]);
    PyMem_Free(strings);
}

PyObject *string_out(const char *text)
{
    if (!text)
        return Py_NewRef(Py_None);
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "surrogateescape");
}

PyObject *strings_out(char *const *strings, int count)
{
    PyObject *list = PyList_New(count);

    for (int i = 0; list && i < count; i++) {
        PyObject *item = string_out(strings[i]);
        if (item)
            PyList_SetItem(list, i, item);
        else
            Py_CLEAR(list);
    }
    return list;
}

void strings_free(char **strings, int count)
{
    for (int i = 0; strings && i < count; i++)
        free(strings[i]);
    free(strings);
}

/* ---- names that come again and again ---- */

enum { NAME_SLOTS = 1024, NAME_ROOM = 48 };

static struct name_slot {
    PyObject *name;
    char text[NAME_ROOM];
} name_slots[NAME_SLOTS];

PyObject *name_out(const char *text)
{
    unsigned hash = 5381;
    size_t length = 0;
    struct name_slot *slot;
    PyObject *name;

    for (; text[length]; length++)
        hash = hash * 33 + (unsigned char)text[length];
    if (length >= NAME_ROOM)
        return string_out(text);
    slot = &name_slots[(hash ^ hash >> 10) % NAME_SLOTS];
    if (slot->name && memcmp(slot->text, text, length + 1) == 0)
        return Py_NewRef(slot->name);
    name = string_out(text);
    if (!name)
        return NULL;
    Py_XDECREF(slot->name);
    slot->name = Py_NewRef(name);
    memcpy(slot->text, text, length + 1);
    return name;
}
