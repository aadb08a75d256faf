/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is written by hand because no pattern expresses it. Each function stands in the tables
 * beside the generated ones: METH_FASTCALL | METH_KEYWORDS where its Python signature has
 * parameters (METHOD below), METH_NOARGS where it has none (METHOD_PLAIN). */
#pragma once

#include "../runtime.h"

#define METHOD(name)                                                                               \
    PyObject *name(PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
#define METHOD_PLAIN(name) PyObject *name(PyObject *self, PyObject *unused)

/* Declares names and signature of what the function takes. */
#define SIGNATURE(function, required_count, ...)                                                   \
    static const char *const names[] = {__VA_ARGS__};                                              \
    static const struct signature signature = {function, required_count,                           \
                                               sizeof names / sizeof *names, names}

/* ---- connections ---- */

/* libvirt.openAuth(uri, auth, flags=0) */
METHOD(override_virConnectOpenAuth);
/* virConnect.close() and virAdmConnect.close(): also ends the callbacks registered through it. */
METHOD_PLAIN(override_virConnectClose);
METHOD_PLAIN(override_virAdmConnectClose);
/* virConnect.registerCloseCallback(cb, opaque), .unregisterCloseCallback() */
METHOD(override_virConnectRegisterCloseCallback);
METHOD_PLAIN(override_virConnectUnregisterCloseCallback);
METHOD(override_virAdmConnectRegisterCloseCallback);
METHOD_PLAIN(override_virAdmConnectUnregisterCloseCallback);

/* ---- errors ---- */

/* libvirt.registerErrorHandler(f, ctx) */
METHOD(override_virSetErrorFunc);
/* virConnect.virConnSetErrorFunc(f, ctx): f None gives the connection's errors back to the handler
 * of all. */
METHOD(override_virConnSetErrorFunc);
/* libvirt.virDefaultErrorFunc(err): prints a 9-tuple the way libvirt does. */
METHOD(override_virDefaultErrorFunc);
/* libvirt.virGetLastError(): 9-tuple or None. virConnect.virConnGetLastError(): 9-tuple. */
METHOD_PLAIN(override_virGetLastError);
METHOD_PLAIN(override_virConnGetLastError);

/* ---- events of connections ---- */

/* virConnect.domainEventRegister(cb, opaque), .domainEventDeregister(cb) */
METHOD(override_virConnectDomainEventRegister);
METHOD(override_virConnectDomainEventDeregister);
/* virConnect.domainEventRegisterAny(dom, eventID, cb, opaque),
 * .domainEventDeregisterAny(callbackID) and the same of networks, storage pools, node devices and
 * secrets (first argument net, pool, dev, secret) */
METHOD(override_virConnectDomainEventRegisterAny);
METHOD(override_virConnectDomainEventDeregisterAny);
METHOD(override_virConnectNetworkEventRegisterAny);
METHOD(override_virConnectNetworkEventDeregisterAny);
METHOD(override_virConnectStoragePoolEventRegisterAny);
METHOD(override_virConnectStoragePoolEventDeregisterAny);
METHOD(override_virConnectNodeDeviceEventRegisterAny);
METHOD(override_virConnectNodeDeviceEventDeregisterAny);
METHOD(override_virConnectSecretEventRegisterAny);
METHOD(override_virConnectSecretEventDeregisterAny);
/* libvirt_qemu.qemuMonitorEventRegister(conn, dom, event, cb, opaque, flags=0) and
 * .qemuMonitorEventDeregister(conn, callbackID): module functions */
METHOD(override_virConnectDomainQemuMonitorEventRegister);
METHOD(override_virConnectDomainQemuMonitorEventDeregister);

/* ---- event loops ---- */

/* libvirt.virEventRegisterDefaultImpl(), .virEventRunDefaultImpl() */
METHOD_PLAIN(override_virEventRegisterDefaultImpl);
METHOD_PLAIN(override_virEventRunDefaultImpl);
/* libvirt.virEventRegisterImpl(addHandle, updateHandle, removeHandle, addTimeout, updateTimeout,
 * removeTimeout) */
METHOD(override_virEventRegisterImpl);
/* libvirt.virEventAddHandle(fd, events, cb, opaque), .virEventAddTimeout(timeout, cb, opaque) */
METHOD(override_virEventAddHandle);
METHOD(override_virEventAddTimeout);

/* ---- streams ---- */

/* virStream.send(data), .recv(nbytes), .recvFlags(nbytes, flags=0) */
METHOD(override_virStreamSend);
METHOD(override_virStreamRecv);
METHOD(override_virStreamRecvFlags);
/* virStream.sendAll(handler, opaque), .recvAll(handler, opaque), .sparseRecvAll(handler,
 * holeHandler, opaque), .sparseSendAll(handler, holeHandler, skipHandler, opaque) */
METHOD(override_virStreamSendAll);
METHOD(override_virStreamRecvAll);
METHOD(override_virStreamSparseSendAll);
METHOD(override_virStreamSparseRecvAll);
/* virStream.eventAddCallback(events, cb, opaque), .eventRemoveCallback() */
METHOD(override_virStreamEventAddCallback);
METHOD_PLAIN(override_virStreamEventRemoveCallback);

/* ---- what has no C function of its own ---- */

/* Functions and methods that the established binding has besides libvirt's: for the module, where
 * class_name is NULL, or for the class of that name. Ended by a NULL module. They stand in the
 * types and modules like the generated ones; a c_name of NULL is always there. */
struct extra_function {
    const char *module;     /* "libvirt" */
    const char *class_name; /* "virConnect" */
    struct function_definition function;
};
extern const struct extra_function extra_functions[];
