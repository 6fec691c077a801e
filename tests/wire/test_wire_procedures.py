# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What each call answers."""

import ctypes
import unittest

from wire import (
    CLOSE, COUNT, COUNT_CAPS, DEREGISTER_EVENT, GET_AUTOSTART, GET_TYPE, GET_VERSION, IS_ACTIVE,
    IS_PERSISTENT, IS_SECURE, LIB_VERSION, LIST_ALL, LIST_CAPS, LIST_NAMES, LOOKUP, LOOKUP_WWN,
    PARENT, REGISTER_EVENT, RemoteError, SET_IDENTITY, WireTest, XML, optional, packet, string,
    u32, u64,
)

FUNCTIONS = ['pci_0005_00_00_0', 'pci_007a_00_00_0']
DEVICES = ['computer'] + FUNCTIONS
ACTIVE, INACTIVE = 0x80000000, 0x40000000
# Bits of flags for lists, and the releases of libvirt in which they came.
PERSISTENT, TRANSIENT, CCWGROUP, CCWGROUP_MEMBER = 28, 29, 22, 23
SINCE = {PERSISTENT: 10001000, TRANSIENT: 10001000, CCWGROUP: 11001000, CCWGROUP_MEMBER: 11001000}

# What is no job of a node-device server, by the part of libvirt whose job it is.
FOREIGN = {
    20: (4, 5, 6, 7, 10, 11, 21, 22, 23, 24, 25, 37, 51, 54, 59, 102, 105, 122, 135, 136, 158, 167,
         203, 227, 228, 233, 235, 236, 250, 273, 289, 293, 312, 316, 342, 344, 350, 393, 395),  # domain
    19: (36, 38, 40, 41, 46, 47, 50, 52, 283, 313, 432, 437),  # network
    18: (71, 72, 73, 74, 75, 76, 77, 84, 85, 96, 97, 281, 368, 391, 403),  # storage
    26: (126, 127, 128, 129, 131, 137, 138, 284),  # interface
    30: (139, 140, 141, 142, 147, 287, 380),  # secret
    33: (175, 176, 178, 179, 180, 286, 397, 401, 431),  # nwfilter
}
OF_PCI_FUNCTIONS = (118, 119, 120, 301)
UPDATE = 447
NO_SUPPORT_DEVICE = (123, 428, UPDATE)
WRITES = OF_PCI_FUNCTIONS + NO_SUPPORT_DEVICE + (124, 429, 430, 433, 434)
OTHERS = (1, 2, 3, 60, 66, 67, 68, 69, 70, 110, 111, 112, 113, 114, 115, 116, 117, 149, 157, 285, 297,
          360, 361, 374, 375, 419, 435, 436)
KNOWN = set(WRITES + OTHERS).union(*FOREIGN.values())


def libvirt_version():
    """Of the library here, which is that of the build."""
    version = ctypes.c_ulong()
    ctypes.CDLL('libvirt.so.0').virGetVersion(ctypes.byref(version), None, None)
    return version.value


class EveryNumber(WireTest):
    def check(self, flags):
        client = self.start().open(flags=flags)
        for number in list(range(461)) + [-1, 0x7fffffff, -0x80000000]:
            if number == CLOSE:
                continue
            client.send(packet(number, bytes(64), serial=number & 0xffff))
            try:
                client.answer(number, number & 0xffff)
            except RemoteError as error:
                unknown = error.message == f'unknown procedure: {number}'
                self.assertEqual(unknown, number not in KNOWN, f'{number}: {error}')
                if unknown:
                    self.assertEqual((error.code, error.domain), (39, 7))
            else:
                self.assertIn(number, KNOWN)
        self.assert_alive(client)

    def test_read_write(self):
        self.check(0)

    def test_read_only(self):
        self.check(1)


class Connection(WireTest):
    def test_facts(self):
        client = self.start().open()
        self.assertEqual(client.call(GET_TYPE).string(), 'nodedev')
        self.assertEqual(client.call(LIB_VERSION).u64(), libvirt_version())
        self.assertEqual(client.call(IS_SECURE).i32(), 1)

    def test_not_our_job(self):
        client = self.start().open()
        for domain, numbers in FOREIGN.items():
            for number in numbers:
                error = self.assert_refused(client, number, bytes(8), 3, domain)
                self.assertTrue(error.message.startswith(
                    'this function is not supported by the connection driver: vir'), error)
        error = self.assert_refused(client, GET_VERSION, b'', 3, 20)
        self.assertEqual(error.texts, [
            'this function is not supported by the connection driver: %s', 'virConnectGetVersion',
            None])
        self.assertEqual(error.numbers, [-1, -1])

    def test_read_only(self):
        client = self.start().open(flags=1)
        for number in WRITES:
            error = self.assert_refused(client, number, string('nothing') + bytes(16), 29, 22)
            self.assertTrue(error.message.startswith('operation forbidden: '), error)
        self.assertEqual(client.call(LOOKUP, string('computer')).string(), 'computer')


class Identity(WireTest):
    STRING, ULLONG, LLONG, DOUBLE = 7, 4, 3, 5

    @staticmethod
    def param(field, kind, value):
        return string(field) + u32(kind) + value

    @classmethod
    def of_virtqemud(cls):
        return [cls.param('user-name', 7, string('alice')), cls.param('unix-user-id', 4, u64(1000)),
                cls.param('group-name', 7, string('users')), cls.param('unix-group-id', 4, u64(100)),
                cls.param('process-id', 3, u64(4711)), cls.param('process-time', 4, u64(123456)),
                cls.param('sasl-user-name', 7, string('a')),
                cls.param('x509-distinguished-name', 7, string('CN=a')),
                cls.param('selinux-context', 7, string('s0')),
                cls.param('system.token', 7, string('0' * 32))]

    @staticmethod
    def message(params, flags=0):
        return u32(len(params)) + b''.join(params) + u32(flags)

    def test_accepted(self):
        for open_flags in (0, 1):
            client = self.start().open(flags=open_flags)
            for params in (self.of_virtqemud(), self.of_virtqemud()[::-1], [], self.of_virtqemud()):
                client.call(SET_IDENTITY, self.message(params)).end()
            client.call(SET_IDENTITY, self.message([], flags=0xffffffff)).end()

    def test_refused(self):
        good = self.of_virtqemud()
        client = self.start().open()
        for params, code, domain in (
                ([self.param('shoe-size', 1, u32(44))], 74, 0),
                ([self.param(b'\xff\0x', 1, u32(44))], 74, 0),
                ([self.param('user-name', 4, u64(1))], 8, 0),
                ([self.param('process-id', 4, u64(1))], 8, 0),
                ([good[0], good[0]], 8, 0),
                ([self.param('x' * 80, 7, string(''))], 1, 0),
                ([self.param('x' * 79, 7, string(''))], 74, 0),
                ([self.param('user-name', 0, u32(1))], 39, 7),
                ([self.param('user-name', 8, u32(1))], 39, 7),
                ([self.param('user-name', 4, u64(1)), self.param('x', 8, u32(1))], 39, 7),
                ([self.param(f'f{n}', 5, u64(0)) for n in range(20)], 74, 0),
                (good * 2 + [good[0]], 39, 7)):
            self.assert_refused(client, SET_IDENTITY, self.message(params), code, domain)
        client.call(SET_IDENTITY, self.message(good)).end()


class Lists(WireTest):
    CAPABILITIES = {0: DEVICES[:1], 1: FUNCTIONS}

    def setUp(self):
        self.client = self.start().open()

    def list_all(self, flags, need_results=1):
        reader = self.client.call(LIST_ALL, u32(need_results) + u32(flags))
        names, count = reader.strings(), reader.u32()
        reader.end()
        self.assertEqual(len(names), count if need_results else 0)
        return names if need_results else count

    def test_states(self):
        for flags, expected in ((0, DEVICES), (ACTIVE, DEVICES), (ACTIVE | INACTIVE, DEVICES),
                                (INACTIVE, [])):
            self.assertEqual(self.list_all(flags), expected)
            self.assertEqual(self.list_all(flags, need_results=0), len(expected))

    def test_each_capability(self):
        for bit in range(22):
            expected = self.CAPABILITIES.get(bit, [])
            self.assertEqual(self.list_all(1 << bit), expected, bit)
            self.assertEqual(self.list_all(1 << bit | ACTIVE), expected, bit)
            self.assertEqual(self.list_all(1 << bit | INACTIVE), [], bit)

    def test_capabilities_are_alternatives(self):
        self.assertEqual(self.list_all(0x3), DEVICES)
        self.assertEqual(self.list_all(0x20012), FUNCTIONS)  # Nova: pci, net, vdpa
        self.assertEqual(self.list_all(0x3fffff), DEVICES)
        self.assertEqual(self.list_all(0x3ffffc), [])

    def test_flags_of_later_releases_are_known_with_those_only(self):
        expected = {PERSISTENT: DEVICES[:1], TRANSIENT: FUNCTIONS, CCWGROUP: [], CCWGROUP_MEMBER: []}
        for bit in range(22, 30):
            if SINCE.get(bit, 0xffffffff) <= libvirt_version():
                self.assertEqual(self.list_all(1 << bit), expected[bit])
                continue
            error = self.assert_refused(self.client, LIST_ALL, u32(1) + u32(1 << bit), 8, 22)
            self.assertIn(f'0x{1 << bit:x}', error.message)

    def test_names(self):
        for capability, expected in ((None, DEVICES), ('system', DEVICES[:1]), ('pci', FUNCTIONS),
                                     ('zpci', FUNCTIONS), ('net', []), ('', []), ('ZPCI', []),
                                     (b'\xff\xfe', []), (b'pci\0x', FUNCTIONS)):
            args = optional(capability)
            self.assertEqual(self.client.call(COUNT, args + u32(0)).i32(), len(expected))
            for maximum in (0, 1, 2, 3, 65536):
                reader = self.client.call(LIST_NAMES, args + u32(maximum) + u32(0))
                self.assertEqual(reader.strings(), expected[:maximum])
                reader.end()

    def test_names_out_of_bounds(self):
        for maximum in (65537, 0x7fffffff, -1):
            self.assert_refused(self.client, LIST_NAMES, optional(None) + u32(maximum) + u32(0), 39, 7)
        self.assert_refused(self.client, COUNT, optional(None) + u32(1), 8, 22)
        self.assert_refused(self.client, LIST_NAMES, optional(None) + u32(9) + u32(1), 8, 22)


class Devices(WireTest):
    # Calls of a device by its name, and what follows the name.
    BY_NAME = {LOOKUP: b'', XML: u32(0), PARENT: b'', COUNT_CAPS: b'', LIST_CAPS: u32(9), 124: b'',
               429: u32(0), 430: u32(0), GET_AUTOSTART: b'', 434: u32(1), IS_PERSISTENT: b'',
               IS_ACTIVE: b''}

    def setUp(self):
        self.client = self.start().open()

    def test_xml(self):
        for name in DEVICES:
            xml = self.client.call(XML, string(name) + u32(0)).string()
            self.assertIn(f'<name>{name}</name>', xml)
            self.assertEqual('<zpci ' in xml, name != 'computer')
        for flags in (2, 4, 0x80000000):
            self.assert_refused(self.client, XML, string('computer') + u32(flags), 8, 22)

    def test_parent(self):
        self.assertIsNone(self.client.call(PARENT, string('computer')).optional())
        for name in FUNCTIONS:
            self.assertEqual(self.client.call(PARENT, string(name)).optional(), 'computer')

    def test_capabilities(self):
        for name, expected in (('computer', ['system']), (FUNCTIONS[0], ['pci', 'zpci'])):
            self.assertEqual(self.client.call(COUNT_CAPS, string(name)).i32(), len(expected))
            for maximum in (0, 1, 2, 65536):
                reader = self.client.call(LIST_CAPS, string(name) + u32(maximum))
                self.assertEqual(reader.strings(), expected[:maximum])
            for maximum in (-1, 65537):
                self.assert_refused(self.client, LIST_CAPS, string(name) + u32(maximum), 39, 7)

    def test_state(self):
        for name, persistent in (('computer', 1), (FUNCTIONS[0], 0)):
            self.assertEqual(self.client.call(IS_ACTIVE, string(name)).i32(), 1)
            self.assertEqual(self.client.call(IS_PERSISTENT, string(name)).i32(), persistent)
            self.assertEqual(self.client.call(GET_AUTOSTART, string(name)).i32(), persistent)

    def test_missing(self):
        for name in ('', 'pci_0005_00_00_1', 'pci_0005_00_00_0 ', 'PCI_0005_00_00_0', 'nothing',
                     '../../etc/passwd', 'pci_..', b'\xff\xfe\x80', 'ü', 'a\nb', '%s%n', '0005:00:00.0'):
            for number, rest in self.BY_NAME.items():
                error = self.assert_refused(self.client, number, string(name) + rest, 53, 22)
                self.assertTrue(error.message.startswith(
                    "Node device not found: no node device with matching name '"), error)
        self.assertNotIn('\n', error.message)

    def test_nul_ends_a_name(self):
        for number, rest in self.BY_NAME.items():
            if number in (LOOKUP, PARENT, IS_ACTIVE):
                self.client.call(number, string(b'computer\0and more') + rest)
        reader = self.client.call(LOOKUP, string(b'computer\0'))
        self.assertEqual(reader.string(), 'computer')

    def test_huge_names(self):
        limit = 4194304
        for number, rest in self.BY_NAME.items():
            error = self.assert_refused(self.client, number, string(b'n' * limit) + rest, 53, 22)
            self.assertLess(len(error.message), 1000)
            self.assert_refused(self.client, number, string(b'n' * (limit + 1)) + rest, 39, 7)

    def test_no_scsi_host(self):
        args = string('2000000000000001') + string('1000000000000001')
        self.assert_refused(self.client, LOOKUP_WWN, args + u32(0), 53, 22)
        self.assert_refused(self.client, LOOKUP_WWN, args + u32(1), 8, 22)

    def test_changes_are_refused_as_stock_does_for_hardware(self):
        # A function could be put into standby, if it were not captured.
        for name, other in (('computer', 67), (FUNCTIONS[0], 55)):
            args = string(name)
            self.assert_refused(self.client, 124, args, other, 22)
            self.assert_refused(self.client, 429, args + u32(0), other, 22)
            self.assert_refused(self.client, 429, args + u32(1), 8, 22)
            self.assert_refused(self.client, 430, args + u32(0), 55, 22)
            self.assert_refused(self.client, 430, args + u32(1), 8, 22)
            self.assert_refused(self.client, 434, args + u32(1), 84, 22)
            for number in NO_SUPPORT_DEVICE:
                self.assert_refused(self.client, number, args + bytes(16), 67 if number == UPDATE else 3, 22)

    def test_what_is_no_function_of_this_machine_is_not_detached_or_reset(self):
        for name, code in (('nowhere', 53), ('computer', 8), (FUNCTIONS[0], 55)):
            for number in OF_PCI_FUNCTIONS:
                self.assert_refused(self.client, number, string(name) + bytes(16), code, 22)


class Events(WireTest):
    def setUp(self):
        self.client = self.start().open()

    def register(self, event, device=None):
        return self.client.call(REGISTER_EVENT, u32(event) + optional(device)).i32()

    def test_registrations(self):
        numbers = [self.register(0), self.register(1), self.register(0, 'no such device'),
                   self.register(0, FUNCTIONS[0]), self.register(0)]
        self.assertEqual(len(set(numbers)), len(numbers))
        self.assertGreaterEqual(min(numbers), 0)
        for number in numbers:
            self.client.call(DEREGISTER_EVENT, u32(number)).end()
            self.assert_refused(self.client, DEREGISTER_EVENT, u32(number), 1, 7)
        self.assertNotIn(self.register(0), numbers)

    def test_unknown(self):
        for event in (2, -1, 0x7fffffff):
            self.assert_refused(self.client, REGISTER_EVENT, u32(event) + optional(None), 1, 7)
        for number in (0, 1, -1, 0x7fffffff):
            self.assert_refused(self.client, DEREGISTER_EVENT, u32(number), 1, 7)

    def test_limit(self):
        limit = 256
        for _ in range(limit):
            self.register(0)
        self.assert_refused(self.client, REGISTER_EVENT, u32(0) + optional(None), 1, 7)
        self.client.call(DEREGISTER_EVENT, u32(0)).end()
        self.register(1)


if __name__ == '__main__':
    unittest.main()
