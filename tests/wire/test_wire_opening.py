# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""How clients open and leave a connection, and what they may not do before."""

import os
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path
from urllib.parse import quote

from wire import (
    AUTH_LIST, CLOSE, COUNT, Client, DAEMON, FEATURE, GET_AUTOSTART, GET_TYPE, GET_URI, HOSTS,
    LOOKUP, OPEN, PATIENCE, REGISTER_CLOSE, UNREGISTER_CLOSE, WireTest, XML, optional, packet,
    string, u32,
)


class Sequences(WireTest):
    def test_auth_list_byte_for_byte(self):
        client = self.start()
        client.send(bytes.fromhex(
            '0000001c'                    # 28 bytes in all
            '20008086 00000001 00000042'  # remote program, version 1, AUTH_LIST
            '00000000 00000000 00000000'  # call, serial 0, status ok
        ))
        self.assertEqual(client.receive_bytes(36), bytes.fromhex(
            '00000024'
            '20008086 00000001 00000042'
            '00000001 00000000 00000000'  # reply, the same serial, status ok
            '00000001 00000000'           # one way to authenticate: none
        ))

    def test_feature_10_byte_for_byte(self):
        client = self.start()
        client.call(AUTH_LIST)
        client.send(bytes.fromhex(
            '00000020 20008086 00000001 0000003c 00000000 00000001 00000000'
            '0000000a'                    # does the server know keepalive?
        ))
        self.assertEqual(client.receive_bytes(32), bytes.fromhex(
            '00000020 20008086 00000001 0000003c 00000001 00000001 00000000'
            '00000001'                    # it does
        ))

    def test_virsh(self):
        """66, 60(10), 1, 60(14), 60(15), 360, work, 361, 2: as virsh does it."""
        client = self.start()
        client.call(AUTH_LIST)
        self.assertEqual(client.call(FEATURE, u32(10)).i32(), 1)
        client.call(OPEN, optional(f'nodedev:///system?root={HOSTS}/qemu-s390x') + u32(0)).end()
        self.assertEqual(client.call(FEATURE, u32(14)).i32(), 1)
        self.assertEqual(client.call(FEATURE, u32(15)).i32(), 1)
        client.call(REGISTER_CLOSE).end()
        client.call(REGISTER_CLOSE).end()
        self.assertEqual(client.call(LOOKUP, string('computer')).string(), 'computer')
        client.call(UNREGISTER_CLOSE).end()
        client.call(UNREGISTER_CLOSE).end()
        client.call(CLOSE).end()
        self.assertTrue(client.is_closed())
        self.assert_clean_end(client)

    def test_python_without_goodbye(self):
        """66, 1, 60(14), 60(15), work, and then simply the end of the stream."""
        client = self.start().open()
        self.assertEqual(client.call(FEATURE, u32(14)).i32(), 1)
        self.assertEqual(client.call(FEATURE, u32(15)).i32(), 1)
        client.call(XML, string('computer') + u32(0))
        client.socket.close()
        self.assert_clean_end(client)

    def test_close_before_open(self):
        client = self.start()
        client.call(AUTH_LIST)
        client.call(CLOSE).end()
        self.assertTrue(client.is_closed())
        self.assert_clean_end(client)

    def test_calls_after_close_are_not_answered(self):
        client = self.start().open()
        client.send(packet(CLOSE, serial=100) + packet(GET_TYPE, serial=101))
        client.answer(CLOSE, 100).end()
        self.assertTrue(client.is_closed())
        self.assert_clean_end(client)

    def test_nothing_said(self):
        client = self.start()
        client.socket.close()
        self.assert_clean_end(client)


class Order(WireTest):
    NEEDS_NO_AUTH = {66, 67, 68, 69, 70}
    NEEDS_NO_OPEN = NEEDS_NO_AUTH | {OPEN, CLOSE, FEATURE}
    KNOWN = (3, 4, 5, 6, 7, 59, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 123, 124, 149,
             157, 203, 285, 297, 301, 360, 361, 374, 375, 419, 428, 429, 430, 433, 434, 435, 436, 447)

    def test_authentication_comes_first(self):
        client = self.start()
        for number in (OPEN, CLOSE, FEATURE) + self.KNOWN:
            with self.subTest(number):
                error = self.assert_refused(client, number, bytes(64), 39, 7)
                self.assertEqual(error.message, 'authentication required')
        client.open()

    def test_open_comes_second(self):
        client = self.start()
        client.call(AUTH_LIST)
        for number in self.KNOWN:
            with self.subTest(number):
                error = self.assert_refused(client, number, bytes(64), 1, 7)
                self.assertIn('connection not open', error.message)

    def test_features_but_keepalive_need_open(self):
        client = self.start()
        client.call(AUTH_LIST)
        self.assertEqual(client.call(FEATURE, u32(10)).i32(), 1)
        for feature in (8, 9, 14, 15, 999):
            self.assert_refused(client, FEATURE, u32(feature), 1, 7)

    def test_features(self):
        client = self.start().open()
        known = [n for n in range(-3, 64) if client.call(FEATURE, u32(n)).i32() == 1]
        self.assertEqual(known, [10, 14, 15])

    def test_second_open(self):
        client = self.start().open()
        error = self.assert_refused(client, OPEN, optional('nodedev:///system') + u32(0), 1, 7)
        self.assertIn('already open', error.message)
        self.assertEqual(client.call(COUNT, optional(None) + u32(0)).i32(), 3)

    def test_ways_to_authenticate_that_are_not_offered(self):
        client = self.start()
        for number in (67, 68, 69, 70):
            self.assert_refused(client, number, bytes(64), 45, 7)
        client.open()


class Names(WireTest):
    CAPTURE = f'root={HOSTS}/qemu-s390x'

    def try_open(self, name, flags=0):
        client = self.start()
        client.call(AUTH_LIST)
        client.call(OPEN, optional(name) + u32(flags)).end()
        return client

    def assert_not_opened(self, name, code, domain=0):
        with Client() as client:
            client.call(AUTH_LIST)
            error = self.assert_refused(client, OPEN, optional(name) + u32(0), code, domain)
            self.assert_refused(client, GET_TYPE, b'', 1, 7)
            # A refused name does not spoil the connection.
            client.call(OPEN, optional(f'nodedev:///system?{self.CAPTURE}') + u32(0)).end()
            return error

    def test_ours(self):
        for name in (f'nodedev:///system?{self.CAPTURE}',
                     f'nodedev:/system?{self.CAPTURE}',
                     f'nodedev:///system?other=1&{self.CAPTURE}&bad=%zz',
                     f'nodedev:///system?other;{self.CAPTURE}#fragment'):
            with self.subTest(name):
                client = self.try_open(name)
                self.assertEqual(client.call(GET_URI).string(), name)
                self.assertEqual(client.call(COUNT, optional(None) + u32(0)).i32(), 3)

    def test_this_machine(self):
        for name in ('', 'nodedev:///system', 'nodedev:///system?x=y#z'):
            with self.subTest(name):
                client = self.try_open(name)
                self.assertEqual(client.call(LOOKUP, string('computer')).string(), 'computer')
                self.assertEqual(client.call(GET_URI).string(), name or 'nodedev:///system')

    def test_session(self):
        if os.geteuid() == 0:
            self.assert_not_opened('nodedev:///session', 1)
        else:
            self.try_open('nodedev:///session')

    def test_wrong_path(self):
        for name in ('nodedev:///', 'nodedev:///system/', 'nodedev:', 'nodedev:///SYSTEM', 'nodedev:system'):
            error = self.assert_not_opened(name, 1)
            self.assertIn('nodedev:///system', error.message)

    def test_foreign(self):
        for name in ('qemu:///system', 'NODEDEV:///system', 'nodedev+unix:///system', '/system',
                     'nodedev', 'nodedev://host/system', 'nodedev://[/system', 'x' * 8192,
                     b'nodedev:///system\xff'):
            error = self.assert_not_opened(name, 5)
            self.assertLess(len(error.message), 10000)

    def test_length(self):
        name = f'nodedev:///system?{self.CAPTURE}&'
        self.try_open(name.ljust(8192, '&'))
        for too_long in (name.ljust(8193, '&'), 'x' * 8193, 'x' * 60000):
            error = self.assert_not_opened(too_long, 1)
            self.assertEqual(error.message,
                             f'internal error: The URI has {len(too_long)} bytes; it may have 8192.')

    def test_what_is_far_too_long_is_not_even_read(self):
        """It would keep the others waiting. Those calls that the main thread does are all alike in this."""
        client = self.start()
        client.call(AUTH_LIST)
        huge = optional('nodedev:///system?' + '&' * 4194000)
        error = self.assert_refused(client, OPEN, huge + u32(0), 39, 7)
        self.assertIn(f'of virConnectOpen has {len(huge) + 4} bytes; it may have 65536.', error.message)
        client.open()
        client.call(GET_TYPE, bytes(65536))
        self.assert_refused(client, GET_TYPE, bytes(65540), 39, 7)
        client.call(LOOKUP, string('computer') + bytes(65540))

    def test_no_name(self):
        error = self.assert_not_opened(None, 1, 7)
        self.assertIn('not open', error.message)

    def test_only_bit_0_of_the_flags_matters(self):
        client = self.try_open(f'nodedev:///system?{self.CAPTURE}', flags=0xfffffffe)
        client.call(GET_AUTOSTART, string('computer'))
        client = self.try_open(f'nodedev:///system?{self.CAPTURE}', flags=0xffffffff)
        self.assert_refused(client, GET_AUTOSTART, string('computer'), 29, 22)


class Captures(WireTest):
    def open_root(self, text):
        client = self.start()
        client.call(AUTH_LIST)
        return client, optional(f'nodedev:///system?root={text}') + u32(0)

    def test_blanks_and_more_in_the_path(self):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / 'a b&c#d%e;f ü'
            path.symlink_to(HOSTS / 'qemu-s390x')
            client, args = self.open_root(quote(str(path)))
            client.call(OPEN, args)
            self.assertEqual(client.call(COUNT, optional('zpci') + u32(0)).i32(), 2)

    def test_missing(self):
        client, args = self.open_root('/nowhere/at%20all')
        error = self.assert_refused(client, OPEN, args, 1, 0)
        self.assertTrue(error.message.startswith('internal error: '), error)
        self.assertIn('/nowhere/at all', error.message)

    def test_no_directory_named(self):
        for text in ('', '%zz', '%00', '/a%00b'):
            with self.subTest(text):
                client, args = self.open_root(text)
                self.assert_refused(client, OPEN, args, 1, 0)

    def test_broken(self):
        with tempfile.TemporaryDirectory() as directory:
            os.mkdir(f'{directory}/sys')
            for ini in (b'', b'[capture]\nformat=99\n', b'\xff\xfe\0garbage', b'[' * 100000):
                Path(directory, 'capture.ini').write_bytes(ini)
                client, args = self.open_root(quote(directory))
                error = self.assert_refused(client, OPEN, args, 1, 0)
                self.assertLess(len(error.message), 10000)

    def test_vanishes_while_open(self):
        with tempfile.TemporaryDirectory() as directory:
            path = f'{directory}/host'
            subprocess.run(['cp', '-R', HOSTS / 'qemu-s390x', path], check=True)
            client, args = self.open_root(path)
            client.call(OPEN, args)
            client.call(XML, string('pci_0005_00_00_0') + u32(0))
            subprocess.run(['rm', '-r', path], check=True)
            self.assert_refused(client, XML, string('pci_0005_00_00_0') + u32(0), 53, 22)
            self.assert_alive(client)


class Program(unittest.TestCase):
    def run_daemon(self, *args, **keywords):
        return subprocess.run([DAEMON, *args], capture_output=True, text=True, timeout=PATIENCE,
                              check=False, **keywords)

    def test_help_teaches_the_uri(self):
        result = self.run_daemon('--help')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertIn('nodedev+ext:///system?command=', result.stdout)

    def test_version(self):
        result = self.run_daemon('--version')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertRegex(result.stdout, r'^virtzpcid \(libvirt-zpci\) \d+\.\d+\.\d+\n$')

    def test_wrong_usage(self):
        for args in (['--nonsense'], ['word']):
            result = self.run_daemon(*args, stdin=subprocess.DEVNULL)
            self.assertEqual((result.returncode, result.stdout), (2, ''))
            self.assertEqual(len(result.stderr.splitlines()), 1)

    def test_signals(self):
        with Client() as client:
            client.open()
            # A terminal's ^C is meant for the client, who may well go on.
            client.process.send_signal(signal.SIGINT)
            client.call(GET_TYPE)
            client.process.send_signal(signal.SIGTERM)
            self.assertTrue(client.is_closed())
            self.assertEqual(client.finish(), (0, ''))


if __name__ == '__main__':
    unittest.main()
