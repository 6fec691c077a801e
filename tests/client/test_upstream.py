#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A client of ours with another daemon behind it gives up nothing: devices, documents, operations,
errors and events are those of that daemon, with <zpci> added."""

import unittest

import libvirt
from client_case import host_dir
from stock_daemon import StockDaemon, require_namespaces
from upstream_case import UpstreamCase, answer_of, describe, names_of

TEST_DRIVER = 'test:///default'
NEW_VHBA = '''<device>
  <parent>scsi_host1</parent>
  <capability type='scsi_host'>
    <capability type='fc_host'>
      <wwnn>2000000012341235</wwnn>
      <wwpn>1000000012341235</wwpn>
    </capability>
  </capability>
</device>'''
ALL_FLAGS = [1 << bit for bit in range(32)] + [0, 0xC0000000, 0x80000012, 0x20012, 0x80000200]
CAPABILITIES = (None, 'pci', 'system', 'net', 'usb_device', 'scsi_host', 'storage', 'fc_host', 'x')


def refused_calls():
    """Calls that fail, or may: name and call."""
    def on(name, method, *arguments):
        return lambda c: getattr(c.nodeDeviceLookupByName(name), method)(*arguments)

    yield 'lookup', lambda c: c.nodeDeviceLookupByName('pci_dead_00_00_0').name()
    yield 'odd name', lambda c: c.nodeDeviceLookupByName('ä\n"<&' * 50).name()
    yield 'flags of all', lambda c: names_of(c.listAllDevices(1 << 27))
    yield 'flags of a document', on('computer', 'XMLDesc', 0x80)
    yield 'WWN', lambda c: c.nodeDeviceLookupSCSIHostByWWN('1', '2', 0).name()
    yield 'create of nothing', lambda c: c.nodeDeviceCreateXML('', 0).name()
    yield 'create of no XML', lambda c: c.nodeDeviceCreateXML('<device', 0).name()
    yield 'create without capability', lambda c: c.nodeDeviceCreateXML('<device/>', 0).name()
    yield 'create with odd flags', lambda c: c.nodeDeviceCreateXML(NEW_VHBA, 0x40).name()
    yield 'create below nothing', lambda c: c.nodeDeviceCreateXML(
        NEW_VHBA.replace('scsi_host1', 'scsi_host77'), 0).name()
    yield 'define', lambda c: c.nodeDeviceDefineXML(NEW_VHBA, 0).name()
    yield 'define and validate', lambda c: c.nodeDeviceDefineXML('<device/>', 1).name()
    yield 'start', on('computer', 'create')
    yield 'undefine', on('computer', 'undefine')
    yield 'autostart', on('computer', 'setAutostart', 1)


class Parity:
    """Of two connections, self.ours and self.direct, that lead to the same daemon."""

    def test_every_device_is_as_that_daemon_describes_it(self):
        names = names_of(self.direct.listAllDevices(0))
        self.assertGreaterEqual(len(names), 3)
        found = {device.name(): device for device in self.ours.listAllDevices(0)}
        for name in names:
            with self.subTest(device=name):
                self.assertEqual(describe(found[name]),
                                 describe(self.direct.nodeDeviceLookupByName(name)))

    def test_every_list_has_the_devices_of_that_daemon(self):
        def all_of(connection, flags):
            return names_of(connection.listAllDevices(flags))

        def having(connection, capability):
            return sorted(connection.listDevices(capability, 0))

        for ask, wishes in ((all_of, ALL_FLAGS), (having, CAPABILITIES)):
            for wish in wishes:
                with self.subTest(ask=ask.__name__, wish=wish):
                    answers = [answer_of(ask, connection, wish)
                               for connection in (self.direct, self.ours)]
                    if isinstance(answers[0], list):
                        answers[1] = [name for name in answers[1] if name not in self.native]
                        answers[0] = [name for name in answers[0] if name not in self.native]
                    self.assertEqual(answers[1], answers[0])

    def test_refusals_are_those_of_that_daemon(self):
        for name, call in refused_calls():
            with self.subTest(call=name):
                self.assertEqual(answer_of(call, self.ours), answer_of(call, self.direct))


class OnTestDriver(Parity, UpstreamCase):
    def setUp(self):
        super().setUp()
        self.native = set(names_of(self.connect(None).listAllDevices(0)))
        self.ours = self.through(TEST_DRIVER)
        self.direct = libvirt.open(TEST_DRIVER)
        self.addCleanup(self.direct.close)

    def test_a_device_is_made_and_destroyed_and_everybody_hears_of_it(self):
        told = self.listen(self.ours)
        made = self.ours.nodeDeviceCreateXML(NEW_VHBA, 0)
        self.assertEqual(made.parent(), 'scsi_host1')
        self.assertIn(made.name(), names_of(self.ours.listAllDevices(0)))
        self.assert_told(told, ['+' + made.name()])

        made.destroy()
        self.assert_told(told, ['-' + made.name()])
        self.assertNotIn(made.name(), names_of(self.ours.listAllDevices(0)))

    def test_a_reader_reads_all_and_changes_nothing(self):
        reader = self.through(TEST_DRIVER, read_only=True)
        device = reader.nodeDeviceLookupByName('scsi_host1')
        self.assertEqual(device.XMLDesc(0),
                         self.direct.nodeDeviceLookupByName('scsi_host1').XMLDesc(0))
        self.assert_libvirt_error(libvirt.VIR_ERR_OPERATION_DENIED, 'read only access prevents',
                                  reader.nodeDeviceCreateXML, NEW_VHBA, 0)

    def test_detach_is_ours(self):
        device = self.ours.nodeDeviceLookupByName('scsi_host1')
        self.assert_libvirt_error(libvirt.VIR_ERR_INVALID_ARG, 'is not a PCI device',
                                  device.dettach)

    def test_what_only_ours_has_is_there_too(self):
        direct = set(names_of(self.direct.listAllDevices(0)))
        self.assertEqual(set(names_of(self.ours.listAllDevices(0))), self.native | direct)


class OverSocket(UpstreamCase):
    """The daemon behind ours comes from the command line, and all clients share it."""

    def test_all_clients_have_its_devices_and_hear_of_them(self):
        uri = self.serve(TEST_DRIVER)
        clients = [libvirt.open(uri) for _ in range(5)]
        told = [self.listen(client) for client in clients]
        made = clients[0].nodeDeviceCreateXML(NEW_VHBA, 0).name()
        for client, heard in zip(clients, told):
            self.assert_told(heard, ['+' + made])
            self.assertEqual(client.nodeDeviceLookupByName(made).parent(), 'scsi_host1')
        clients[1].nodeDeviceLookupByName(made).destroy()
        for heard in told:
            self.assert_told(heard, ['-' + made])


class OnStockDaemon(Parity, UpstreamCase):
    """The stock daemon on this machine, and ours before it."""

    def setUp(self):
        super().setUp()
        require_namespaces()
        self.stock = self.enterContext(StockDaemon(None))
        self.direct = self.stock.connection
        self.native = set(names_of(self.connect(None).listAllDevices(0)))
        self.ours = self.through(self.stock.uri)


class OnZpci(UpstreamCase):
    """Both on a machine that has zPCI functions."""

    HOST = 'lpar-roce'

    def setUp(self):
        super().setUp()
        require_namespaces()
        stock = self.enterContext(StockDaemon(host_dir(self.HOST)))
        self.direct = stock.connection
        self.over_sysfs(stock.sysfs)
        self.ours = self.through(stock.uri)

    def test_a_document_is_the_direct_one_and_zpci(self):
        # That of a captured host is built by ours alone.
        captured = self.connect(host_dir(self.HOST))
        functions = captured.listDevices('zpci', 0)
        self.assertGreaterEqual(len(functions), 3)
        for name in names_of(self.direct.listAllDevices(0)):
            with self.subTest(device=name):
                self.assert_same_device(self.ours, self.direct, name)
                xml = self.ours.nodeDeviceLookupByName(name).XMLDesc(0)
                self.assertEqual('<zpci ' in xml, name in functions)
                if name in functions:
                    self.assertEqual(zpci_of(xml),
                                     zpci_of(captured.nodeDeviceLookupByName(name).XMLDesc(0)))

    def test_zpci_is_a_capability_that_can_be_asked_for(self):
        functions = sorted(self.ours.listDevices('zpci', 0))
        self.assertTrue(functions)
        for name in functions:
            device = self.ours.nodeDeviceLookupByName(name)
            if device.isActive():
                self.assertEqual(device.listCaps(),
                                 self.direct.nodeDeviceLookupByName(name).listCaps() + ['zpci'])


def zpci_of(xml):
    """What of <zpci> sysfs tells; a capture has the replies of devices, too."""
    start = xml.index('    <zpci ')
    return xml[start:xml.index('/>', start)]


if __name__ == '__main__':
    unittest.main()
