/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the established binding has besides libvirt's functions: the entries for event loops that
 * are written in Python, and the dispatchers that deliver an event's values to the callable in a
 * dictionary {"cb": callable, "opaque": …}. Ours deliver without them; programs and their tests
 * call and replace some. */
#include "callbacks.h"
#include "loop.h"
#include "overrides.h"

#define DISPATCHED 8

/* Calls cbData["cb"] with what stands before cbData, and with cbData["opaque"]. */
static PyObject *dispatch(const struct signature *signature, PyObject *self,
                          PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    PyObject *values[DISPATCHED] = {NULL};
    PyObject *data;
    PyObject *callable = NULL;
    PyObject *opaque = NULL;
    PyObject *given = NULL;
    PyObject *answer = NULL;
    Py_ssize_t first = self ? 1 : 0;
    Py_ssize_t each;

    if (!arguments_read(signature, arguments, count, keywords, values))
        return NULL;
    data = values[signature->total - 1];
    if (!PyDict_Check(data))
        return PyErr_Format(PyExc_TypeError, "cbData must be a dict, not %R",
                            (PyObject *)Py_TYPE(data));
    callable = PyMapping_GetItemString(data, "cb");
    opaque = callable ? PyMapping_GetItemString(data, "opaque") : NULL;
    given = opaque ? PyTuple_New(first + signature->total) : NULL;
    if (given) {
        if (self)
            PyTuple_SetItem(given, 0, Py_NewRef(self));
        for (each = 0; each < signature->total - 1; each++)
            PyTuple_SetItem(given, first + each, Py_NewRef(values[each]));
        PyTuple_SetItem(given, first + each, Py_NewRef(opaque));
        answer = PyObject_Call(callable, given, NULL);
    }
    Py_XDECREF(given);
    Py_XDECREF(opaque);
    Py_XDECREF(callable);
    Py_XDECREF(answer);
    return answer ? PyLong_FromLong(0) : NULL;
}

/* Every dispatcher: module, class or NULL, name, whether the object comes first, and the names of
 * its parameters as a list in brackets and as text. */
#define CONNECT(X, name, list, text) X("libvirt", "virConnect", name, self, list, text)
#define DISPATCHERS(X)                                                                             \
    CONNECT(X, DomainEventLifecycle, ("dom", "event", "detail", "cbData"), "dom, event, detail")   \
    CONNECT(X, DomainEventGeneric, ("dom", "cbData"), "dom")                                       \
    CONNECT(X, DomainEventRTCChange, ("dom", "offset", "cbData"), "dom, offset")                   \
    CONNECT(X, DomainEventWatchdog, ("dom", "action", "cbData"), "dom, action")                    \
    CONNECT(X, DomainEventIOError, ("dom", "srcPath", "devAlias", "action", "cbData"),             \
            "dom, srcPath, devAlias, action")                                                      \
    CONNECT(X, DomainEventIOErrorReason,                                                           \
            ("dom", "srcPath", "devAlias", "action", "reason", "cbData"),                          \
            "dom, srcPath, devAlias, action, reason")                                              \
    CONNECT(X, DomainEventGraphics,                                                                \
            ("dom", "phase", "localAddr", "remoteAddr", "authScheme", "subject", "cbData"),        \
            "dom, phase, localAddr, remoteAddr, authScheme, subject")                              \
    CONNECT(X, DomainEventBlockJob, ("dom", "disk", "type", "status", "cbData"),                   \
            "dom, disk, type, status")                                                             \
    CONNECT(X, DomainEventDiskChange,                                                              \
            ("dom", "oldSrcPath", "newSrcPath", "devAlias", "reason", "cbData"),                   \
            "dom, oldSrcPath, newSrcPath, devAlias, reason")                                       \
    CONNECT(X, DomainEventTrayChange, ("dom", "devAlias", "reason", "cbData"),                     \
            "dom, devAlias, reason")                                                               \
    CONNECT(X, DomainEventPMWakeup, ("dom", "reason", "cbData"), "dom, reason")                    \
    CONNECT(X, DomainEventPMSuspend, ("dom", "reason", "cbData"), "dom, reason")                   \
    CONNECT(X, DomainEventBalloonChange, ("dom", "actual", "cbData"), "dom, actual")               \
    CONNECT(X, DomainEventPMSuspendDisk, ("dom", "reason", "cbData"), "dom, reason")               \
    CONNECT(X, DomainEventDeviceRemoved, ("dom", "devAlias", "cbData"), "dom, devAlias")           \
    CONNECT(X, DomainEventTunable, ("dom", "params", "cbData"), "dom, params")                     \
    CONNECT(X, DomainEventAgentLifecycle, ("dom", "state", "reason", "cbData"),                    \
            "dom, state, reason")                                                                  \
    CONNECT(X, DomainEventDeviceAdded, ("dom", "devAlias", "cbData"), "dom, devAlias")             \
    CONNECT(X, DomainEventMigrationIteration, ("dom", "iteration", "cbData"), "dom, iteration")    \
    CONNECT(X, DomainEventJobCompleted, ("dom", "params", "cbData"), "dom, params")                \
    CONNECT(X, DomainEventDeviceRemovalFailed, ("dom", "devAlias", "cbData"), "dom, devAlias")     \
    CONNECT(X, DomainEventMetadataChange, ("dom", "mtype", "nsuri", "cbData"),                     \
            "dom, mtype, nsuri")                                                                   \
    CONNECT(X, DomainEventBlockThreshold, ("dom", "dev", "path", "threshold", "excess", "cbData"), \
            "dom, dev, path, threshold, excess")                                                   \
    CONNECT(X, DomainEventMemoryFailure, ("dom", "recipient", "action", "flags", "cbData"),        \
            "dom, recipient, action, flags")                                                       \
    CONNECT(X, DomainEventMemoryDeviceSizeChange, ("dom", "alias", "size", "cbData"),              \
            "dom, alias, size")                                                                    \
    CONNECT(X, DomainEventNICMACChange, ("dom", "alias", "oldMAC", "newMAC", "cbData"),            \
            "dom, alias, oldMAC, newMAC")                                                          \
    CONNECT(X, NetworkEventLifecycle, ("net", "event", "detail", "cbData"), "net, event, detail")  \
    CONNECT(X, NetworkEventMetadataChange, ("dom", "mtype", "nsuri", "cbData"),                    \
            "dom, mtype, nsuri")                                                                   \
    CONNECT(X, StoragePoolEventLifecycle, ("pool", "event", "detail", "cbData"),                   \
            "pool, event, detail")                                                                 \
    CONNECT(X, StoragePoolEventGeneric, ("pool", "cbData"), "pool")                                \
    CONNECT(X, NodeDeviceEventLifecycle, ("dev", "event", "detail", "cbData"),                     \
            "dev, event, detail")                                                                  \
    CONNECT(X, NodeDeviceEventGeneric, ("dev", "cbData"), "dev")                                   \
    CONNECT(X, SecretEventLifecycle, ("secret", "event", "detail", "cbData"),                      \
            "secret, event, detail")                                                               \
    CONNECT(X, SecretEventGeneric, ("secret", "cbData"), "secret")                                 \
    CONNECT(X, Close, ("reason", "cbData"), "reason")                                              \
    X("libvirt", "virStream", StreamEvent, self, ("events", "cbData"), "events")                   \
    X("libvirt", NULL, EventHandle, NULL, ("watch", "fd", "events", "cbData"),                     \
      "watch, fd, events")                                                                         \
    X("libvirt", NULL, EventTimeout, NULL, ("timer", "cbData"), "timer")                           \
    X("libvirt_qemu", NULL, QemuMonitorEvent, NULL,                                                \
      ("conn", "dom", "event", "seconds", "micros", "details", "cbData"),                          \
      "conn, dom, event, seconds, micros, details")

#define LIST(...)                                                                                  \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define DISPATCHER(module, class_name, name, object, list, text)                                   \
    static METHOD(dispatch_##name)                                                                 \
    {                                                                                              \
        static const char *const names[] = LIST list;                                              \
        static const struct signature signature = {"_dispatch" #name "Callback",                   \
                                                   sizeof(names) / sizeof(names[0]),               \
                                                   sizeof(names) / sizeof(names[0]), names};       \
        (void)self;                                                                                \
        return dispatch(&signature, object, arguments, count, keywords);                           \
    }
DISPATCHERS(DISPATCHER)

/* Delivers a deprecated domain event to every callable of the connection. */
static METHOD(dispatch_to_all)
{
    SIGNATURE("_dispatchDomainEventCallbacks", 3, "dom", "event", "detail");
    PyObject *values[3] = {NULL, NULL, NULL};
    PyObject *callbacks;
    PyObject *items;
    Py_ssize_t each;

    if (!arguments_read(&signature, arguments, count, keywords, values))
        return NULL;
    callbacks = PyObject_GetAttrString(self, "domainEventCallbacks");
    items = callbacks ? PyMapping_Items(callbacks) : NULL; /* a copy: they may deregister */
    Py_XDECREF(callbacks);
    if (!items)
        return NULL;
    for (each = 0; each < PyList_Size(items); each++) {
        PyObject *item = PyList_GetItem(items, each);
        PyObject *callable = PyTuple_GetItem(item, 0);
        PyObject *answer = PyObject_CallFunctionObjArgs(callable, self, values[0], values[1],
                                                        values[2], PyTuple_GetItem(item, 1), NULL);

        if (!answer)
            callback_report(callable);
        Py_XDECREF(answer);
    }
    Py_DECREF(items);
    return PyLong_FromLong(0);
}

#define FLAGS (METH_FASTCALL | METH_KEYWORDS)
#define FUNCTION(function) ((PyCFunction)(void (*)(void))function)
#define OBJECT_self "$self, "
#define OBJECT_NULL ""
#define DISPATCHER_ROW(module, class_name, name, object, list, text)                               \
    {module,                                                                                       \
     class_name,                                                                                   \
     {NULL, "_dispatch" #name "Callback", FUNCTION(dispatch_##name), FLAGS,                        \
      "_dispatch" #name "Callback(" OBJECT_##object text                                           \
      ", cbData)\n--\n\n"                                                                          \
      "Calls cbData['cb'] with the values and cbData['opaque']."}},

const struct extra_function extra_functions[] = {
    {"libvirt",
     NULL,
     {NULL, "_eventInvokeHandleCallback", FUNCTION(invoke_descriptor_callback), FLAGS,
      "_eventInvokeHandleCallback(watch, fd, event, opaque, opaquecompat=None)\n--\n\n"
      "Tells libvirt that a file descriptor is ready; opaque is what the event loop's addHandle "
      "was given."}},
    {"libvirt",
     NULL,
     {NULL, "_eventInvokeTimeoutCallback", FUNCTION(invoke_timer_callback), FLAGS,
      "_eventInvokeTimeoutCallback(timer, opaque, opaquecompat=None)\n--\n\n"
      "Tells libvirt that a timer is due; opaque is what the event loop's addTimeout was given."}},
    {"libvirt",
     NULL,
     {NULL, "virEventInvokeFreeCallback", FUNCTION(invoke_free_callback), FLAGS,
      "virEventInvokeFreeCallback(opaque)\n--\n\n"
      "Frees what an event loop's addHandle or addTimeout was given as opaque. An event loop "
      "calls it\nonce after each removeHandle or removeTimeout, and not from within it."}},
    {"libvirt",
     "virConnect",
     {NULL, "_dispatchDomainEventCallbacks", FUNCTION(dispatch_to_all), FLAGS,
      "_dispatchDomainEventCallbacks($self, dom, event, detail)\n--\n\n"
      "Calls every callable of domainEventCallbacks."}},
    DISPATCHERS(DISPATCHER_ROW){NULL, NULL, {NULL, NULL, NULL, 0, NULL}},
};
