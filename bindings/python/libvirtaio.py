# SPDX-License-Identifier: LGPL-2.1-or-later
"""Libvirt's event loop on asyncio.

Register it before the first connection is opened, with the loop that will run:

    async def main():
        libvirtaio.virEventRegisterAsyncIOImpl()
        connection = libvirt.open("qemu:///system")
        connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, ...)
        ...
        connection.close()
        await libvirtaio.getCurrentImpl().drain()

Libvirt may add, change and remove file descriptors and timers from any thread, for instance from
one that run_in_executor() started; whatever touches the loop is handed to the loop's own thread.
"""

import asyncio
import itertools
import logging
import select
import threading
import warnings

import libvirt

__all__ = ["getCurrentImpl", "virEventAsyncIOImpl", "virEventRegisterAsyncIOImpl"]

_READABLE = libvirt.VIR_EVENT_HANDLE_READABLE
_WRITABLE = libvirt.VIR_EVENT_HANDLE_WRITABLE
_ERROR = libvirt.VIR_EVENT_HANDLE_ERROR
_HANGUP = libvirt.VIR_EVENT_HANDLE_HANGUP


class Callback:
    """One of libvirt's callbacks: what to call, and with what."""

    _iden_counter = itertools.count()

    def __init__(self, impl, cb, opaque, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.iden = next(self._iden_counter)
        self.impl = impl
        self.cb = cb
        self.opaque = opaque
        assert self.iden not in impl.callbacks
        impl.callbacks[self.iden] = self

    def __repr__(self):
        return f"<{type(self).__name__} iden={self.iden}>"

    def close(self):
        """Forgets it; libvirt gets its opaque back a little later."""
        self.impl.schedule_ff_callback(self.iden, self.opaque)


class Descriptor:
    """A file descriptor, and all the callbacks that wait for it.

    asyncio knows readable and writable. Errors and a hangup wake both of these up, and poll()
    says then which it was. A descriptor of which only errors and a hangup are wanted is watched
    through an epoll object, itself a descriptor that asyncio can watch for being readable.
    """

    def __init__(self, impl, fd):
        self.impl = impl
        self.fd = fd
        self.callbacks = {}
        self._reading = False
        self._writing = False
        self._watcher = None

    def _handle(self, event):
        """Calls the callbacks that wait for this event, or for what poll() tells beyond it."""
        event |= self._troubles()
        for callback in list(self.callbacks.values()):
            happened = event & callback.event
            if happened and callback.iden in self.callbacks:
                callback.cb(callback.iden, self.fd, happened, callback.opaque)

    def _troubles(self):
        if not any(callback.event & (_ERROR | _HANGUP) for callback in self.callbacks.values()):
            return 0
        poll = select.poll()
        poll.register(self.fd, 0)
        troubles = 0
        for _, found in poll.poll(0):
            troubles |= _ERROR if found & (select.POLLERR | select.POLLNVAL) else 0
            troubles |= _HANGUP if found & select.POLLHUP else 0
        return troubles

    def update(self):
        """Makes the loop wait for what the callbacks want by now."""
        self.impl._in_loop(self._update)

    def _update(self):
        wanted = 0
        for callback in list(self.callbacks.values()):
            wanted |= callback.event
        loop = self.impl.loop
        self._reading = self._switch(
            self._reading, wanted & _READABLE, loop.add_reader, loop.remove_reader, _READABLE)
        self._writing = self._switch(
            self._writing, wanted & _WRITABLE, loop.add_writer, loop.remove_writer, _WRITABLE)
        if not self.callbacks and self.impl.descriptors.get(self.fd) is self:
            del self.impl.descriptors[self.fd]
        only_troubles = bool(wanted) and not wanted & (_READABLE | _WRITABLE)
        if only_troubles and self._watcher is None:
            self._watch()
        elif not only_troubles and self._watcher is not None:
            loop.remove_reader(self._watcher.fileno())
            self._watcher.close()
            self._watcher = None

    def _switch(self, is_on, wanted, add, remove, event):
        if wanted and not is_on:
            add(self.fd, self._handle, event)
        elif is_on and not wanted:
            remove(self.fd)
        return bool(wanted)

    def _watch(self):
        if not hasattr(select, "epoll"):
            warnings.warn("a file descriptor without VIR_EVENT_HANDLE_READABLE and "
                          "VIR_EVENT_HANDLE_WRITABLE cannot be watched on this system")
            return
        self._watcher = select.epoll()
        self._watcher.register(self.fd, 0)
        self.impl.loop.add_reader(self._watcher.fileno(), self._handle, 0)

    def add_handle(self, callback):
        """Another callback waits for this descriptor."""
        self.callbacks[callback.iden] = callback
        self.update()

    def remove_handle(self, iden):
        """One waits no more. Without any the descriptor is forgotten."""
        callback = self.callbacks.pop(iden)
        self.update()
        callback.close()


class DescriptorDict(dict):
    """Descriptors by number, made when first asked for."""

    def __init__(self, impl):
        super().__init__()
        self.impl = impl

    def __missing__(self, fd):
        descriptor = Descriptor(self.impl, fd)
        self[fd] = descriptor
        return descriptor


class FDCallback(Callback):
    """A callback that waits for events of a file descriptor."""

    def __init__(self, *args, descriptor, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.descriptor = descriptor
        self.event = event
        descriptor.add_handle(self)

    def __repr__(self):
        return (f"<{type(self).__name__} iden={self.iden} fd={self.descriptor.fd} "
                f"event={self.event}>")

    def update(self, event):
        """Waits for these events from now on."""
        self.event = event
        self.descriptor.update()


class TimeoutCallback(Callback):
    """A callback that is called again and again, so many milliseconds apart."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timeout = -1
        self._timer = None

    def __repr__(self):
        return f"<{type(self).__name__} iden={self.iden} timeout={self.timeout}>"

    def update(self, timeout):
        """Waits so long from now on; below 0: for ever."""
        self.timeout = timeout
        self.impl._in_loop(self._restart)

    def close(self):
        """Stops, and forgets it."""
        self.update(-1)
        super().close()

    def _restart(self):
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if self.timeout >= 0:
            self._timer = self.impl.loop.call_later(self.timeout / 1000, self._due)

    def _due(self):
        self._timer = None
        if self.timeout < 0:
            return
        # The callback may change the timeout, which starts the timer again.
        try:
            self.cb(self.iden, self.opaque)
        finally:
            if self._timer is None:
                self._restart()


class virEventAsyncIOImpl:
    """Libvirt's event loop on an asyncio loop: by default the current one."""

    def __init__(self, loop=None):
        self.loop = loop or asyncio.get_event_loop()
        self.callbacks = {}
        self.descriptors = DescriptorDict(self)
        self.log = logging.getLogger(type(self).__name__)
        # Opaques that libvirt has not got back yet, and what drain() waits for.
        self._pending = 0
        self._finished = None
        self._lock = threading.RLock()

    def __repr__(self):
        return (f"<{type(self).__name__} callbacks={self.callbacks} "
                f"descriptors={self.descriptors}>")

    def _in_loop(self, function, *args):
        """Calls it now on the loop's thread or where no loop runs yet, else soon."""
        if self.loop.is_closed():
            return
        try:
            here = asyncio.get_running_loop() is self.loop
        except RuntimeError:
            here = not self.loop.is_running()
        if here:
            function(*args)
        else:
            self.loop.call_soon_threadsafe(function, *args)

    def _pending_inc(self):
        """An opaque more that libvirt gets back later."""
        with self._lock:
            self._pending += 1

    def _pending_dec(self):
        """It has got one back."""
        with self._lock:
            assert self._pending > 0
            self._pending -= 1
            if self._pending == 0 and self._finished is not None:
                self._finished.set_result(None)
                self._finished = None

    def register(self):
        """Makes it libvirt's event loop, once and for the whole process."""
        libvirt.virEventRegisterImpl(
            self._add_handle, self._update_handle, self._remove_handle,
            self._add_timeout, self._update_timeout, self._remove_timeout)
        return self

    def schedule_ff_callback(self, iden, opaque):
        """Gives an opaque back to libvirt, soon: it may hold locks now. After the loop was closed
        there is no such moment any more."""
        self._pending_inc()
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._ff_callback, iden, opaque)

    def _ff_callback(self, iden, opaque):
        self.log.debug("ff_callback(iden=%d, opaque=...)", iden)
        try:
            libvirt.virEventInvokeFreeCallback(opaque)
        finally:
            self._pending_dec()

    async def drain(self):
        """Waits until libvirt has got back everything it does not use any more.

        Call it before the loop is closed, after the connections are."""
        self.log.debug("drain()")
        with self._lock:
            if self._pending == 0:
                return
            if self._finished is None:
                self._finished = self.loop.create_future()
            finished = self._finished
        await asyncio.shield(finished)

    def is_idle(self):
        """False while libvirt uses the loop: connections are open, or drain() is to be awaited."""
        return not self.callbacks and not self._pending

    def _check_open(self):
        if self.loop.is_closed():
            raise RuntimeError("libvirt's event loop is closed")

    # What libvirt calls.

    def _add_handle(self, fd, event, cb, opaque):
        self._check_open()
        with self._lock:
            callback = FDCallback(
                self, cb, opaque, descriptor=self.descriptors[fd], event=event)
        self.log.debug("add_handle(fd=%d, event=%d) = %d", fd, event, callback.iden)
        return callback.iden

    def _update_handle(self, watch, event):
        self.log.debug("update_handle(watch=%d, event=%d)", watch, event)
        with self._lock:
            self.callbacks[watch].update(event)

    def _remove_handle(self, watch):
        self.log.debug("remove_handle(watch=%d)", watch)
        with self._lock:
            callback = self.callbacks.pop(watch, None)
            if callback is None:
                self.log.warning("remove_handle(): no such handle: %d", watch)
                return -1
            callback.descriptor.remove_handle(watch)
        return 0

    def _add_timeout(self, timeout, cb, opaque):
        self._check_open()
        with self._lock:
            callback = TimeoutCallback(self, cb, opaque)
            callback.update(timeout)
        self.log.debug("add_timeout(timeout=%d) = %d", timeout, callback.iden)
        return callback.iden

    def _update_timeout(self, timer, timeout):
        self.log.debug("update_timeout(timer=%d, timeout=%d)", timer, timeout)
        with self._lock:
            self.callbacks[timer].update(timeout)

    def _remove_timeout(self, timer):
        self.log.debug("remove_timeout(timer=%d)", timer)
        with self._lock:
            callback = self.callbacks.pop(timer, None)
            if callback is None:
                self.log.warning("remove_timeout(): no such timeout: %d", timer)
                return -1
            callback.close()
        return 0


_current_impl = None


def getCurrentImpl():
    """The registered event loop; None where there is none."""
    return _current_impl


def virEventRegisterAsyncIOImpl(loop=None):
    """Makes asyncio libvirt's event loop, once and for the whole process. Returns the object that
    stands between the two."""
    global _current_impl
    _current_impl = virEventAsyncIOImpl(loop).register()
    return _current_impl
