#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Events of every kind, for clients of the stock libvirtd with virtzpcid in front of it and without: they are told of
the same, in the same order."""

import os
import re
import sys
import unittest

import libvirt
import libvirt_qemu
from echo_guest import UUID, describe
from front_place import FrontPlace
from guest_case import CDROM, FILES, GUEST, TABLET, GuestCase
from stock_daemon import require_namespaces

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/wire'))
from serving_daemon import wait_for  # noqa: E402

TEST, SYSTEM = 'test:///default', 'qemu:///system'
NETWORK = "<network><name>events</name><uuid>{uuid}</uuid></network>"
POOL = "<pool type='dir'><name>events</name><uuid>{uuid}</uuid><target><path>/nowhere</path></target></pool>"
ADAPTER = """<device><parent>scsi_host1</parent><capability type='scsi_host'><capability type='fc_host'>
<wwnn>1234567890abcdef</wwnn><wwpn>fedcba0987654321</wwpn></capability></capability></device>"""


def plain(value):
    """Without what is another one each time."""
    if hasattr(value, 'UUIDString'):
        return value.UUIDString()
    if hasattr(value, 'name'):
        return value.name()
    if isinstance(value, dict):
        # A rate is told only of what took long enough to have one.
        return sorted(key for key in value if not key.endswith('_bps'))
    return re.sub(r'\d+', 'NUMBER', value) if isinstance(value, str) else value


class Listener:
    """A context manager: a connection that has registered for all events of this kind of object. told is filled with
    what it is told: the event's name, the object, and all else that there is."""

    def __init__(self, uri, what, kind):
        self.connection = libvirt.open(uri)
        self.told = []
        self.deregister = getattr(self.connection, f'{what}EventDeregisterAny')
        self.numbers = [
            getattr(self.connection, f'{what}EventRegisterAny')(None, getattr(libvirt, name), self.note(event), None)
            for name, event in re.findall(rf'\b(VIR_{kind}_EVENT_ID_(?!LAST\b)(\w+))', ' '.join(dir(libvirt)))]

    def note(self, event):
        return lambda _connection, about, *rest: self.told.append((event, plain(about), *map(plain, rest[:-1])))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for number in self.numbers:
            self.deregister(number)
        self.connection.close()

    def pump(self, *event):
        """Until it has been told of this."""
        wait_for(lambda: libvirt.virEventRunDefaultImpl() or any(each[:len(event)] == event for each in self.told),
                 f'{event}: {self.told}')


class OfAGuest(GuestCase):
    ENOUGH = {'LIFECYCLE', 'REBOOT', 'BLOCK_JOB', 'BLOCK_JOB_2', 'DEVICE_ADDED', 'DEVICE_REMOVED', 'TRAY_CHANGE',
              'JOB_COMPLETED', 'METADATA_CHANGE', 'TUNABLE', 'of QEMU'}
    # Whether this comes is chance: QEMU may hang up its monitor before libvirtd does.
    BY_CHANCE = 'CONTROL_ERROR'
    # The first always comes; QEMU copies once more what the guest has changed meanwhile.
    ONCE_AT_LEAST = 'MIGRATION_ITERATION'

    def live(self, listener):
        domain = listener.connection.defineXML(describe(self.directory, GUEST))
        domain.create()
        domain.suspend()
        domain.resume()
        domain.reset()
        listener.pump('REBOOT', UUID)
        domain.attachDevice(TABLET)
        listener.pump('DEVICE_ADDED', UUID, 'ua-tablet')
        domain.detachDevice(TABLET)
        listener.pump('DEVICE_REMOVED', UUID, 'ua-tablet')
        domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, 'title', None, None)
        domain.setBlockIoTune('vda', {'total_iops_sec': 1000})
        domain.updateDeviceFlags(CDROM.format(source=f"<source file='{self.directory}/echo'/>"))
        domain.blockCopy('vda', f"<disk type='file'><source file='{self.directory}/copy.1'/></disk>",
                         flags=libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB)
        copies = ('BLOCK_JOB_2', UUID, 'vda', libvirt.VIR_DOMAIN_BLOCK_JOB_TYPE_COPY)
        listener.pump(*copies, libvirt.VIR_DOMAIN_BLOCK_JOB_READY)
        domain.blockJobAbort('vda', libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT)
        listener.pump(*copies, libvirt.VIR_DOMAIN_BLOCK_JOB_COMPLETED)
        domain.managedSave()
        domain.managedSaveRemove(0)
        domain.undefine()
        listener.pump('LIFECYCLE', UUID, libvirt.VIR_DOMAIN_EVENT_UNDEFINED)

    def test_all(self):
        """In order for each kind: libvirtd has several threads."""
        seen = []
        for way in self.place.ways:
            with Listener(self.place.uri(way), 'domain', 'DOMAIN') as listener:
                number = libvirt_qemu.qemuMonitorEventRegister(
                    listener.connection, None, 'RESUME', lambda _connection, domain, event, *_rest, told=listener.told:
                    told.append(('of QEMU', plain(domain), event)), None)
                self.live(listener)
                libvirt_qemu.qemuMonitorEventDeregister(listener.connection, number)
            kinds = {}
            for kind, *event in listener.told:
                if kind != self.BY_CHANCE and not (kind == self.ONCE_AT_LEAST and kind in kinds):
                    kinds.setdefault(kind, []).append(event)
            seen.append(kinds)
            self.forget_guest()
        self.assertLessEqual(self.ENOUGH, set(seen[0]))
        self.assertEqual(seen[1], seen[0])


class OfOthers(unittest.TestCase):
    def setUp(self):
        require_namespaces()
        self.place = self.enterContext(FrontPlace())

    def each_way(self, name, what, kind, act):
        """What is told each way of what act() does."""
        seen = []
        for way in self.place.ways:
            with Listener(self.place.uri(way, name), what, kind) as listener:
                act(listener)
            seen.append(listener.told)
        self.assertEqual(seen[1], seen[0])
        return seen[0]

    @staticmethod
    def change_network(listener):
        network = listener.connection.networkDefineXML(NETWORK.format(uuid=UUID))
        network.create()
        network.destroy()
        network.undefine()
        listener.pump('LIFECYCLE', UUID, libvirt.VIR_NETWORK_EVENT_UNDEFINED)

    @staticmethod
    def change_pool(listener):
        pool = listener.connection.storagePoolDefineXML(POOL.format(uuid=UUID))
        pool.create()
        pool.refresh()
        pool.destroy()
        pool.undefine()
        listener.pump('LIFECYCLE', UUID, libvirt.VIR_STORAGE_POOL_EVENT_UNDEFINED)

    @staticmethod
    def change_adapter(listener):
        device = listener.connection.nodeDeviceCreateXML(ADAPTER)
        name = device.name()
        device.destroy()
        listener.pump('LIFECYCLE', name, libvirt.VIR_NODE_DEVICE_EVENT_DELETED)

    @staticmethod
    def change_secret(listener):
        secret = listener.connection.secretDefineXML(FILES['secret.xml'])
        secret.setValue(b'secret')
        secret.undefine()
        listener.pump('LIFECYCLE', UUID, libvirt.VIR_SECRET_EVENT_UNDEFINED)

    def test_all(self):
        for name, what, kind, act, enough in (
                (TEST, 'network', 'NETWORK', self.change_network, 4),
                (TEST, 'storagePool', 'STORAGE_POOL', self.change_pool, 5),
                (TEST, 'nodeDevice', 'NODE_DEVICE', self.change_adapter, 2),
                (SYSTEM, 'secret', 'SECRET', self.change_secret, 3)):
            with self.subTest(what):
                self.assertEqual(len(self.each_way(name, what, kind, act)), enough)


if __name__ == '__main__':
    unittest.main()
