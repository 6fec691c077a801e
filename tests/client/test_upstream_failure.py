#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The daemon behind ours is missing, dies, hangs or talks rubbish: what is ours is answered, what is
not fails with the documented error, and when it is back all is well."""

import os
import shutil
import signal
import socket
import threading
import unittest

import libvirt
from client_case import host_dir
from stock_daemon import StockDaemon, require_namespaces
from upstream_case import UpstreamCase, answer_of, names_of

HOST = 'qemu-s390x'
# More than ours has threads for.
WAITING = 24
# Far less than would take until ours gives it up, after 30 s.
ROUNDS = 5
RUBBISH = (b'', b'\0\0\0\x1c' + b'\xff' * 24, b'\0' * 65536, b'HTTP/1.1 400 Bad Request\r\n\r\n',
           b'\xff\xff\xff\xff', b'\0\0\0\x04')


class RubbishDaemon:
    """Answers whatever it is asked with the same bytes, then closes."""

    def __init__(self, directory, answer):
        self.answer = answer
        self.path = os.path.join(directory, 'rubbish')
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(self.path)
        self.socket.listen()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                client.recv(65536)
                try:
                    client.sendall(self.answer)
                except OSError:
                    pass

    @property
    def uri(self):
        return f'nodedev+unix:///system?socket={self.path}'

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()
        os.unlink(self.path)


class Missing(UpstreamCase):
    def assert_only_ours(self, connection, native, reason):
        self.assertEqual(names_of(connection.listAllDevices(0)), native)
        self.assertIn('<system', connection.nodeDeviceLookupByName('computer').XMLDesc(0)
                      .replace("type='system'", '<system'))
        self.assert_unreachable(connection.nodeDeviceLookupByName, 'scsi_host7', reason=reason)
        self.assert_unreachable(connection.listAllDevices,
                                libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI, reason=reason)
        self.assert_unreachable(connection.listDevices, 'scsi', 0, reason=reason)
        self.assert_unreachable(connection.nodeDeviceCreateXML, '<device/>', 0, reason=reason)

    def test_a_daemon_that_is_not_there(self):
        native = names_of(self.connect(None).listAllDevices(0))
        uri = f'nodedev+unix:///system?socket={self.directory}/nobody'
        self.assert_only_ours(self.through(uri), native, 'Failed to connect socket')

    def test_a_driver_that_is_not_there(self):
        native = names_of(self.connect(None).listAllDevices(0))
        self.assert_only_ours(self.through('nosuch:///system'), native, 'libvirt')

    def test_a_daemon_that_talks_rubbish(self):
        native = names_of(self.connect(None).listAllDevices(0))
        for answer in RUBBISH:
            with self.subTest(answer=answer[:32]), RubbishDaemon(self.directory, answer) as daemon:
                self.assert_only_ours(self.through(daemon.uri), native, '')

    def test_a_uri_that_is_none(self):
        for text, reason in (('', 'names no daemon'), ('nowhere', 'is no URI of libvirt')):
            with self.subTest(text=text):
                self.assert_libvirt_error(libvirt.VIR_ERR_INTERNAL_ERROR, reason, libvirt.open,
                                          f'{self.uri(None)}&upstream={text}')

    def test_a_captured_host_has_none(self):
        self.assert_libvirt_error(libvirt.VIR_ERR_INTERNAL_ERROR, 'both root= and upstream=',
                                  libvirt.open,
                                  f'{self.uri(host_dir(HOST))}&upstream=test%3A%2F%2F%2Fdefault')


class Restart(UpstreamCase):
    """The daemon sees a captured host's sysfs, so that functions can come and go."""

    def setUp(self):
        super().setUp()
        require_namespaces()
        self.native = names_of(self.connect(None).listAllDevices(0))
        self.stock = self.enterContext(StockDaemon(host_dir(HOST)))
        self.theirs = [name for name in names_of(self.stock.connection.listAllDevices(0))
                       if name not in self.native]
        self.ours = self.through(self.stock.uri)
        self.told = self.listen(self.ours)
        self.assertEqual(names_of(self.ours.listAllDevices(0)), sorted(self.native + self.theirs))

    def rename_function(self):
        """One of their functions has another address when they are back."""
        devices = os.path.join(self.stock.sysfs, 'bus/pci/devices')
        gone = next(name for name in sorted(os.listdir(devices))
                    if name_of(name) in self.theirs)
        come = '00fe' + gone[4:]
        old = os.path.realpath(os.path.join(devices, gone))
        new = os.path.join(os.path.dirname(old), come)
        shutil.move(old, new)
        os.unlink(os.path.join(devices, gone))
        os.symlink(os.path.relpath(new, devices), os.path.join(devices, come))
        uevent = os.path.join(new, 'uevent')
        with open(uevent, encoding='ascii') as stream:
            text = stream.read()
        with open(uevent, 'w', encoding='ascii') as stream:
            stream.write(text.replace(gone, come))
        return name_of(gone), name_of(come)

    def test_it_dies_and_comes_back(self):
        self.stock.kill()
        self.pump(lambda: names_of(self.ours.listAllDevices(0)) == self.native, 'only ours')
        self.assert_unreachable(self.ours.nodeDeviceLookupByName, self.theirs[0])
        self.assertEqual(self.told, [])

        gone, come = self.rename_function()
        self.stock.launch()
        self.assert_told(self.told, ['-' + gone, '+' + come])
        found = names_of(self.ours.listAllDevices(0))
        self.assertIn(come, found)
        self.assertNotIn(gone, found)
        self.assertEqual([event for event in self.told if event[1:] not in (gone, come)], [])
        self.assert_same_device(self.ours, self.stock.connection, come)

    def test_it_dies_in_the_middle_of_a_call(self):
        self.stock.process.send_signal(signal.SIGSTOP)
        timer = threading.Timer(1, self.stock.kill)
        timer.start()
        self.assert_unreachable(self.ours.nodeDeviceLookupByName, self.theirs[0])
        timer.join()
        self.assertEqual(names_of(self.ours.listAllDevices(0)), self.native)

    def test_it_hangs(self):
        self.stock.process.send_signal(signal.SIGSTOP)
        self.assert_unreachable(self.ours.nodeDeviceLookupByName, self.theirs[0],
                                reason='keepalive|not answer')
        # It still hangs, and from now on nobody needs it.
        self.assertEqual(names_of(self.ours.listAllDevices(0)), self.native)
        self.assertIn('<device>', self.ours.nodeDeviceLookupByName('computer').XMLDesc(0))

        self.stock.process.send_signal(signal.SIGCONT)
        self.pump(lambda: answer_of(self.ours.listAllDevices, 0) and
                  len(self.ours.listAllDevices(0)) > len(self.native), 'theirs again')

    def test_it_hangs_from_the_beginning(self):
        self.stock.process.send_signal(signal.SIGSTOP)
        late = self.through(self.stock.uri)
        self.assertEqual(names_of(late.listAllDevices(0)), self.native)
        self.assert_unreachable(late.nodeDeviceLookupByName, self.theirs[0],
                                reason='has not answered yet')
        told = self.listen(late)
        self.stock.process.send_signal(signal.SIGCONT)
        self.assert_told(told, ['+' + name for name in self.theirs])


class Shared(UpstreamCase):
    """Many clients of one daemon of ours."""

    def use(self, client):
        """What needs no daemon behind ours."""
        self.assertEqual(client.getType(), self.kind)
        self.assertEqual(client.getURI(), self.uri_seen)
        self.assertTrue(client.isAlive())
        number = client.nodeDeviceEventRegisterAny(
            None, libvirt.VIR_NODE_DEVICE_EVENT_ID_UPDATE, lambda *_: None, None)
        client.nodeDeviceEventDeregisterAny(number)

    def wait(self, client, name):
        self.order.append('asks')
        self.order.append(answer_of(lambda: client.nodeDeviceLookupByName(name).name()))

    def test_who_waits_for_one_that_hangs_holds_nobody_up(self):
        require_namespaces()
        stock = self.enterContext(StockDaemon(host_dir(HOST)))
        uri = self.serve(stock.uri)
        other, *waiting = [libvirt.open(uri) for _ in range(1 + WAITING)]
        native = names_of(self.connect(None).listAllDevices(0))
        name = next(name for name in names_of(other.listAllDevices(0)) if name not in native)
        self.kind, self.uri_seen, self.order = other.getType(), other.getURI(), []

        stock.process.send_signal(signal.SIGSTOP)
        self.addCleanup(stock.process.send_signal, signal.SIGCONT)
        threads = [threading.Thread(target=self.wait, args=(client, name)) for client in waiting]
        for thread in threads:
            thread.start()
        self.pump(lambda: len(self.order) == WAITING, 'all ask')
        for _ in range(ROUNDS):
            self.use(other)
            new = libvirt.open(uri)
            self.use(new)
            new.close()
        self.order.append('others are served')
        stock.process.send_signal(signal.SIGCONT)
        for thread in threads:
            thread.join()
        self.assertEqual(self.order, ['asks'] * WAITING + ['others are served'] + [name] * WAITING)


def name_of(address):
    return 'pci_' + address.replace(':', '_').replace('.', '_')


if __name__ == '__main__':
    unittest.main()
