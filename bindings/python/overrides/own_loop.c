/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event loop that the program brings: its six functions behind libvirt's, and libvirt's
 * callbacks as Python objects for it to call. */
#include "loop.h"
#include "overrides.h"

enum loop_function {
    ADD_HANDLE,
    UPDATE_HANDLE,
    REMOVE_HANDLE,
    ADD_TIMEOUT,
    UPDATE_TIMEOUT,
    REMOVE_TIMEOUT,
    LOOP_FUNCTIONS
};

static PyObject *loop[LOOP_FUNCTIONS];

/* The module's functions that a callback is called with, found when the loop is registered. */
static PyObject *invoke_descriptor;
static PyObject *invoke_timer;

typedef void (*any_function)(void);

static PyObject *capsule_of_function(any_function function, const char *name)
{
    union {
        any_function function;
        void *pointer;
    } as = {.function = function};

    return PyCapsule_New(as.pointer, name, NULL);
}

static PyObject *bundle(any_function function, const char *name, void *opaque, virFreeCallback ff)
{
    PyObject *parts[3] = {
        capsule_of_function(function, name),
        PyCapsule_New(opaque ? opaque : &loop_nothing, POINTER, NULL),
        ff ? capsule_of_function((any_function)ff, FREE_FUNCTION) : Py_NewRef(Py_None),
    };
    PyObject *tuple = NULL;

    if (parts[0] && parts[1] && parts[2])
        tuple = PyTuple_Pack(3, parts[0], parts[1], parts[2]);
    Py_XDECREF(parts[0]);
    Py_XDECREF(parts[1]);
    Py_XDECREF(parts[2]);
    return tuple;
}

/* Calls one of the six, with these arguments. What an adding one answers, 0 of the others; below 0
 * where it raised, which has been reported. Lets go of the arguments. */
static int loop_call(enum loop_function function, PyObject *arguments)
{
    PyObject *answer = arguments ? PyObject_Call(loop[function], arguments, NULL) : NULL;
    bool adds = function == ADD_HANDLE || function == ADD_TIMEOUT;
    int result = 0;

    if (!answer || (adds && !int_in(answer, "what the event loop returned", &result))) {
        callback_report(loop[function]);
        result = -1;
    }
    Py_XDECREF(answer);
    Py_XDECREF(arguments);
    return result;
}

/* An exception that was on its way when libvirt called must survive. */
struct loop_lock {
    PyGILState_STATE lock;
    PyObject *interrupted[3];
};

static bool loop_enter(struct loop_lock *lock)
{
    if (!callback_lock(&lock->lock))
        return false;
    PyErr_Fetch(&lock->interrupted[0], &lock->interrupted[1], &lock->interrupted[2]);
    return true;
}

static void loop_leave(struct loop_lock *lock)
{
    PyErr_Restore(lock->interrupted[0], lock->interrupted[1], lock->interrupted[2]);
    callback_unlock(lock->lock);
}

static int add_handle(int fd, int events, virEventHandleCallback callback, void *opaque,
                      virFreeCallback ff)
{
    struct loop_lock lock;
    PyObject *bundled;
    int result;

    if (!loop_enter(&lock))
        return -1;
    bundled = bundle((any_function)callback, DESCRIPTOR_FUNCTION, opaque, ff);
    result =
        loop_call(ADD_HANDLE,
                  bundled ? Py_BuildValue("(iiON)", fd, events, invoke_descriptor, bundled) : NULL);
    loop_leave(&lock);
    return result;
}

static int add_timeout(int timeout, virEventTimeoutCallback callback, void *opaque,
                       virFreeCallback ff)
{
    struct loop_lock lock;
    PyObject *bundled;
    int result;

    if (!loop_enter(&lock))
        return -1;
    bundled = bundle((any_function)callback, TIMER_FUNCTION, opaque, ff);
    result = loop_call(ADD_TIMEOUT,
                       bundled ? Py_BuildValue("(iON)", timeout, invoke_timer, bundled) : NULL);
    loop_leave(&lock);
    return result;
}

static void update(enum loop_function function, int id, int value)
{
    struct loop_lock lock;

    if (!loop_enter(&lock))
        return;
    loop_call(function, Py_BuildValue("(ii)", id, value));
    loop_leave(&lock);
}

static void update_handle(int watch, int events)
{
    update(UPDATE_HANDLE, watch, events);
}

static void update_timeout(int timer, int timeout)
{
    update(UPDATE_TIMEOUT, timer, timeout);
}

static int remove_it(enum loop_function function, int id)
{
    struct loop_lock lock;
    int result;

    if (!loop_enter(&lock))
        return -1;
    result = loop_call(function, Py_BuildValue("(i)", id));
    loop_leave(&lock);
    return result;
}

static int remove_handle(int watch)
{
    return remove_it(REMOVE_HANDLE, watch);
}

static int remove_timeout(int timer)
{
    return remove_it(REMOVE_TIMEOUT, timer);
}

METHOD(override_virEventRegisterImpl)
{
    SIGNATURE("virEventRegisterImpl", 6, "addHandle", "updateHandle", "removeHandle", "addTimeout",
              "updateTimeout", "removeTimeout");
    PyObject *values[LOOP_FUNCTIONS] = {NULL, NULL, NULL, NULL, NULL, NULL};
    PyObject *module = NULL;
    size_t each;

    (void)self;
    if (!arguments_read(&signature, arguments, count, keywords, values))
        return NULL;
    for (each = 0; each < LOOP_FUNCTIONS; each++)
        if (!callable_in(values[each], names[each]))
            return NULL;
    if (loop_is_registered) {
        PyErr_SetString(PyExc_RuntimeError, "Event loop is already registered");
        return NULL;
    }
    module = PyImport_ImportModule("libvirt");
    if (!module)
        return NULL;
    invoke_descriptor = PyObject_GetAttrString(module, "_eventInvokeHandleCallback");
    invoke_timer = PyObject_GetAttrString(module, "_eventInvokeTimeoutCallback");
    Py_DECREF(module);
    if (!invoke_descriptor || !invoke_timer) {
        Py_CLEAR(invoke_descriptor);
        Py_CLEAR(invoke_timer);
        return NULL;
    }
    loop_is_registered = true;
    for (each = 0; each < LOOP_FUNCTIONS; each++)
        loop[each] = Py_NewRef(values[each]);
    CALL_BEGIN
    vir.virEventRegisterImpl(add_handle, update_handle, remove_handle, add_timeout, update_timeout,
                             remove_timeout);
    CALL_END(false)
    (void)error;
    return Py_NewRef(Py_None);
}
