# SPDX-License-Identifier: LGPL-2.1-or-later
"""Storage pools and volumes on a real daemon, and bytes to and from them through streams."""

import hashlib
import os
import random
import unittest

import libvirt

from daemon import DaemonTest, Loop, fresh_name, where_the_machine_allows

MIB = 1024 * 1024


def setUpModule():
    Loop.start()


class StorageTest(DaemonTest):
    def setUp(self):
        super().setUp()
        self.folder = self.daemon.path(fresh_name())
        self.pool = self.conn.storagePoolDefineXML(
            f"<pool type='dir'><name>{os.path.basename(self.folder)}</name>"
            f"<target><path>{self.folder}</path></target></pool>")
        self.pool.build()
        self.pool.create()
        self.addCleanup(self.remove_pool)

    def remove_pool(self):
        if self.pool.isActive():
            for volume in self.pool.listAllVolumes():
                volume.delete()
            self.pool.destroy()
            self.pool.delete()
        self.pool.undefine()

    def volume(self, size=MIB, image_format="raw", allocation=0):
        return self.pool.createXML(
            f"<volume><name>{fresh_name()}</name><capacity>{size}</capacity>"
            f"<allocation>{allocation}</allocation>"
            f"<target><format type='{image_format}'/></target></volume>")


class Pools(StorageTest):
    def test_life(self):
        pool = self.pool
        self.assertEqual(pool.info()[0], libvirt.VIR_STORAGE_POOL_RUNNING)
        self.assertEqual(len(pool.info()), 4)
        self.assertEqual((pool.isActive(), pool.isPersistent()), (1, 1))
        self.assertEqual(pool.autostart(), 0)
        self.assertEqual(pool.setAutostart(1), 0)
        self.assertEqual(pool.autostart(), 1)
        self.assertIn(self.folder, pool.XMLDesc())
        self.assertEqual(pool.refresh(), 0)
        self.assertEqual(pool.destroy(), 0)
        self.assertEqual(pool.isActive(), 0)
        self.assertEqual(pool.create(), 0)

    def test_lookups_agree(self):
        conn, pool = self.conn, self.pool
        for other in (conn.storagePoolLookupByName(pool.name()),
                      conn.storagePoolLookupByUUID(pool.UUID()),
                      conn.storagePoolLookupByUUIDString(pool.UUIDString()),
                      conn.storagePoolLookupByTargetPath(self.folder)):
            self.assertEqual(other.UUID(), pool.UUID())
        self.assertIn(pool.name(), conn.listStoragePools())
        self.assertIn(pool.name(), [one.name() for one in conn.listAllStoragePools()])
        self.assertGreaterEqual(conn.numOfStoragePools(), 1)
        self.assertGreaterEqual(conn.numOfDefinedStoragePools(), 0)
        self.assertNotIn(pool.name(), conn.listDefinedStoragePools())

    def test_what_the_connection_can(self):
        self.assertIn("<storagepoolCapabilities>", self.conn.getStoragePoolCapabilities())
        with where_the_machine_allows():
            self.conn.findStoragePoolSources("logical", None)


class Volumes(StorageTest):
    def test_life(self):
        volume = self.volume()
        self.assertEqual(volume.info()[:2], [libvirt.VIR_STORAGE_VOL_FILE, MIB])
        self.assertEqual(volume.infoFlags(libvirt.VIR_STORAGE_VOL_GET_PHYSICAL)[1], MIB)
        self.assertEqual(volume.resize(2 * MIB), 0)
        self.assertEqual(volume.info()[1], 2 * MIB)
        self.assertIn(volume.name(), self.pool.listVolumes())
        self.assertEqual(self.pool.numOfVolumes(), 1)
        self.assertEqual(volume.storagePoolLookupByVolume().name(), self.pool.name())
        for other in (self.pool.storageVolLookupByName(volume.name()),
                      self.conn.storageVolLookupByKey(volume.key()),
                      self.conn.storageVolLookupByPath(volume.path())):
            self.assertEqual(other.key(), volume.key())
        self.assertIn("<capacity", volume.XMLDesc())
        self.assertEqual(volume.wipe(), 0)
        self.assertEqual(volume.wipePattern(libvirt.VIR_STORAGE_VOL_WIPE_ALG_ZERO), 0)
        self.assertEqual(volume.delete(), 0)
        self.refused(libvirt.VIR_ERR_NO_STORAGE_VOL, volume.info)

    def test_copies(self):
        first = self.volume(image_format="qcow2")
        xml = f"<volume><name>{fresh_name()}</name><capacity>{MIB}</capacity></volume>"
        second = self.pool.createXMLFrom(xml, first)
        self.assertEqual(second.info()[1], MIB)

    def test_size_beyond_32_bits(self):
        self.assertEqual(self.volume(size=1 << 40).info()[1], 1 << 40)


class Bytes(StorageTest):
    data = random.Random(7).randbytes(3 * MIB + 17)

    def upload(self, volume, data, flags=0):
        stream = self.conn.newStream()
        self.assertEqual(volume.upload(stream, 0, len(data), flags), 0)
        sent = 0
        while sent < len(data):
            sent += stream.send(data[sent:sent + 100000])
        self.assertEqual(stream.finish(), 0)

    def download(self, volume, offset=0, length=0):
        stream = self.conn.newStream()
        volume.download(stream, offset, length)
        result = bytearray()
        while piece := stream.recv(100000):
            result += piece
        stream.finish()
        return bytes(result)

    def test_there_and_back(self):
        volume = self.volume(size=len(self.data))
        self.upload(volume, self.data)
        with open(volume.path(), "rb") as file:
            self.assertEqual(hashlib.sha256(file.read(len(self.data))).digest(),
                             hashlib.sha256(self.data).digest())
        self.assertEqual(hashlib.sha256(self.download(volume)[:len(self.data)]).digest(),
                         hashlib.sha256(self.data).digest())

    def test_a_part(self):
        volume = self.volume(size=len(self.data))
        self.upload(volume, self.data)
        self.assertEqual(self.download(volume, 1000, 5000), self.data[1000:6000])

    def test_through_handlers(self):
        volume = self.volume(size=len(self.data))
        position = 0

        def give(_stream, count, opaque):
            nonlocal position
            self.assertEqual(opaque, "opaque")
            piece = self.data[position:position + count]
            position += len(piece)
            return piece

        stream = self.conn.newStream()
        volume.upload(stream, 0, len(self.data))
        self.assertIsNone(stream.sendAll(give, "opaque"))
        stream.finish()
        received = bytearray()
        stream = self.conn.newStream()
        volume.download(stream, 0, len(self.data))
        self.assertIsNone(stream.recvAll(lambda st, data, opaque: opaque.extend(data), received))
        stream.finish()
        self.assertEqual(hashlib.sha256(received).digest(), hashlib.sha256(self.data).digest())

    def test_handler_that_raises(self):
        volume = self.volume()
        self.upload(volume, b"\1" * MIB)
        stream = self.conn.newStream()
        volume.download(stream, 0, 0)

        def take(_stream, _data, _opaque):
            raise ZeroDivisionError

        with self.assertRaises(ZeroDivisionError):
            stream.recvAll(take, None)
        self.assertEqual(self.conn.isAlive(), 1)

    def test_abort(self):
        volume = self.volume()
        stream = self.conn.newStream()
        volume.upload(stream, 0, MIB)
        stream.send(b"begin")
        self.assertEqual(stream.abort(), 0)
        self.assertEqual(self.conn.isAlive(), 1)

    def test_sparse(self):
        volume = self.volume(size=8 * MIB)
        pieces = [("hole", 4 * MIB), ("data", self.data[:MIB]), ("hole", 3 * MIB)]
        remaining = list(pieces)
        offset = 0

        def hole(_stream, _opaque):
            if not remaining:
                return [0, 0]
            kind, what = remaining[0]
            return [0, what] if kind == "hole" else [1, len(what) - offset]

        def give(_stream, count, _opaque):
            nonlocal offset
            if not remaining or remaining[0][0] == "hole":
                return b""
            piece = remaining[0][1][offset:offset + count]
            offset += len(piece)
            if offset == len(remaining[0][1]):
                remaining.pop(0)
                offset = 0
            return piece

        def skip(_stream, length, _opaque):
            self.assertEqual(remaining.pop(0), ("hole", length))
            return 0

        stream = self.conn.newStream()
        volume.upload(stream, 0, 8 * MIB, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
        self.assertIsNone(stream.sparseSendAll(give, hole, skip, None))
        stream.finish()
        self.assertEqual(remaining, [])
        self.assertLess(os.stat(volume.path()).st_blocks * 512, 2 * MIB)
        expected = bytes(4 * MIB) + self.data[:MIB] + bytes(3 * MIB)
        with open(volume.path(), "rb") as file:
            self.assertEqual(hashlib.sha256(file.read()).digest(),
                             hashlib.sha256(expected).digest())
        self.check_sparse_download(volume, expected)

    def check_sparse_download(self, volume, expected):
        received, holes = bytearray(), []

        def hole(_stream, length, _opaque):
            holes.append(length)
            received.extend(bytes(length))

        stream = self.conn.newStream()
        volume.download(stream, 0, 0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM)
        self.assertIsNone(stream.sparseRecvAll(
            lambda st, data, opaque: received.extend(data), hole, None))
        stream.finish()
        self.assertEqual(holes, [4 * MIB, 3 * MIB])
        self.assertEqual(hashlib.sha256(received).digest(), hashlib.sha256(expected).digest())

    def test_holes_by_hand(self):
        volume = self.volume(size=2 * MIB)
        stream = self.conn.newStream()
        volume.download(stream, 0, 0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM)
        self.assertEqual(stream.recvFlags(1000, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE), -3)
        self.assertEqual(stream.recvHole(), 2 * MIB)
        self.assertEqual(stream.recv(1000), b"")
        stream.finish()
        stream = self.conn.newStream()
        volume.upload(stream, 0, 2 * MIB, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
        self.assertEqual(stream.sendHole(MIB), 0)
        self.assertEqual(stream.send(b"end"), 3)
        stream.finish()
        with open(volume.path(), "rb") as file:
            file.seek(MIB)
            self.assertEqual(file.read(3), b"end")


if __name__ == "__main__":
    unittest.main()
