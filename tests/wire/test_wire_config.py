# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What virtzpcid.conf may say, and what the daemon tells whoever wrote something else."""

import os
import tempfile
import unittest
from pathlib import Path

from wire import AUTH_LIST, DAEMON, OPEN, Client, WireTest, optional, u32

SHIPPED = Path(os.environ['ZPCI_SOURCE_DIR']) / 'data/virtzpcid.conf'
HEADING = b'[virtzpcid]\n'
LARGEST = 64 * 1024

# How many keys there are.
KEYS = 24


class ConfigTest(WireTest):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.path = os.path.join(holder.name, 'a.conf')

    def start_with(self, path):
        client = Client('--config', path)
        self.addCleanup(client.__exit__)
        return client

    def write(self, content):
        with open(self.path, 'wb') as stream:
            stream.write(content)

    def assert_serves(self, path):
        client = self.start_with(path)
        client.call(AUTH_LIST)
        client.call(OPEN, optional('nodedev:///system') + u32(0)).end()
        client.socket.close()
        self.assert_clean_end(client)

    def assert_complains(self, path):
        """It ends without having served anybody; returns its one line, without the program's name."""
        client = self.start_with(path)
        status, complaint = client.finish()
        self.assertEqual((status, client.socket.recv(1)), (1, b''), complaint)
        self.assertRegex(complaint, r'\Avirtzpcid: [^\n\x00-\x1f]+\n\Z')
        return complaint.partition(': ')[2].rstrip('\n')

    def assert_line_is_wrong(self, content, line, message):
        self.write(content)
        self.assertEqual(self.assert_complains(self.path), f'{self.path}:{line}: {message}')


class Good(ConfigTest):
    def test_file_that_is_installed(self):
        self.assert_serves(SHIPPED)

    def test_each_line_of_it_may_be_enabled(self):
        lines = SHIPPED.read_text(encoding='utf-8').splitlines()
        enabled = [line.removeprefix('#') if ' =' in line else line for line in lines]
        self.assertEqual(sum(line != other for line, other in zip(lines, enabled)), KEYS)
        self.write('\n'.join(enabled).encode())
        self.assert_serves(self.path)

    def test_every_value(self):
        for line in (b'vfio_read=lazy', b'vfio_read =explicit', b'\tvfio_read = never \r',
                     b'vfio_settle_seconds=0', b'vfio_settle_seconds=86400',
                     b'vfio_settle_seconds=0x3c', b'unix_sock_rw_perms = 660', b'max_clients = 1',
                     b'auth_unix_ro = none', b'unix_sock_group =', b'standby = no', b'standby=yes',
                     b'upstream = test:///default', b'upstream ='):
            with self.subTest(line=line):
                self.write(HEADING + line + b'\n')
                self.assert_serves(self.path)

    def test_nothing(self):
        for content in (b'', HEADING, b'# nothing\n\n', b'[virtzpcid]'):
            with self.subTest(content=content):
                self.write(content)
                self.assert_serves(self.path)
        self.assert_serves('/dev/null')

    def test_as_large_as_it_may_be(self):
        self.write((HEADING + b'#' * LARGEST)[:LARGEST])
        self.assert_serves(self.path)

    def test_through_a_link(self):
        os.symlink(SHIPPED, self.path)
        self.assert_serves(self.path)


class WrongLine(ConfigTest):
    """Each complaint names the line, and the key or what stands in its place."""

    def test_key_that_there_is_not(self):
        self.assert_line_is_wrong(
            HEADING + b'\nvfio_reed = lazy\n', 3,
            "There is no key 'vfio_reed'; virtzpcid.conf(5) lists all keys.")

    def test_key_that_begins_like_another(self):
        """The line is that of the key itself, in whatever order they stand."""
        unknown = "There is no key 'vfio_read_x'; virtzpcid.conf(5) lists all keys."
        wrong = "vfio_read: 'x' must be one of: lazy, explicit, never."
        self.assert_line_is_wrong(HEADING + b'vfio_read = never\nvfio_read_x = lazy\n', 3, unknown)
        self.assert_line_is_wrong(HEADING + b'#vfio_read = x\nvfio_read = x\n', 3, wrong)
        self.assert_line_is_wrong(HEADING + b'vfio_settle_seconds = 1\nvfio_read = x\n', 3, wrong)

    def test_value_that_there_is_not(self):
        for value, shown in ((b'often', 'often'), (b'', ''), (b'Lazy', 'Lazy'),
                             (b'lazy # when asked', 'lazy # when asked'), (b'"lazy"', '"lazy"')):
            with self.subTest(value=value):
                self.assert_line_is_wrong(HEADING + b'vfio_read = ' + value, 2,
                                          f"vfio_read: '{shown}' must be one of: lazy, explicit, never.")

    def test_standby_is_yes_or_no(self):
        for value in ('1', 'true', 'off', ''):
            with self.subTest(value=value):
                self.assert_line_is_wrong(HEADING + f'standby = {value}'.encode(), 2,
                                          f"standby: '{value}' must be one of: no, yes.")

    def test_number_that_is_none_or_too_large(self):
        for value in ('-1', '86401', '10s', '1.5', '010', '99999999999999999999', ''):
            with self.subTest(value=value):
                self.assert_line_is_wrong(
                    HEADING + f'vfio_settle_seconds = {value}\n'.encode(), 2,
                    f"vfio_settle_seconds: '{value}' must be a number from 0 to 86400.")

    def test_filter_that_is_none(self):
        for word in ('host', 'host:', 'host:much', 'moon:debug', ':debug', 'host:debug:debug'):
            with self.subTest(word=word):
                self.assert_line_is_wrong(
                    HEADING + f'log_filters = daemon:info {word}'.encode(), 2,
                    f"log_filters: '{word}' is no area and level, such as host:debug; areas are: "
                    'host, node-device, daemon.')

    def test_number_that_is_too_small(self):
        self.assert_line_is_wrong(HEADING + b'max_clients = 0', 2,
                                  "max_clients: '0' must be a number from 1 to 100000.")

    def test_permissions_that_are_none(self):
        for value in ('7777', '0o770', '888', '77', '', '-770', '00770'):
            with self.subTest(value=value):
                self.assert_line_is_wrong(
                    HEADING + f'unix_sock_ro_perms = {value}'.encode(), 2,
                    f"unix_sock_ro_perms: '{value}' must be permissions in octal, such as 0770.")

    def test_group_that_there_is_not(self):
        self.assert_line_is_wrong(
            b'# first\n[libvirtd]\nvfio_read = lazy\n', 2,
            "There is no group '[libvirtd]'; all keys belong to [virtzpcid].")
        self.assert_line_is_wrong(HEADING + b'[virtzpcid', 2,
                                  "There is no group '[virtzpcid'; all keys belong to [virtzpcid].")

    def test_key_without_a_group(self):
        self.assert_line_is_wrong(b'vfio_read = lazy\n', 1,
                                  'vfio_read has to stand below a line [virtzpcid].')

    def test_what_is_there_twice(self):
        self.assert_line_is_wrong(HEADING + b'vfio_read = lazy\n\nvfio_read = never\n', 4,
                                  'vfio_read is there already, in line 2.')
        self.assert_line_is_wrong(HEADING + b'vfio_read = lazy\n' + HEADING, 3,
                                  '[virtzpcid] is there already, in line 1.')

    def test_line_that_is_nothing(self):
        self.assert_line_is_wrong(
            HEADING + b'vfio_read lazy\n', 2,
            "'vfio_read lazy' is neither a key with = and a value, nor a heading, nor a comment.")

    def test_control_characters_do_not_reach_the_terminal(self):
        for content in (b'\x1b[31m', b'\x1b[31m = x', b'[\x1b[31m]', b'vfio_read = \x1b[31m'):
            with self.subTest(content=content):
                self.write(HEADING + content)
                self.assertTrue(self.assert_complains(self.path).startswith(f'{self.path}:2: '))


class WrongFile(ConfigTest):
    def test_that_is_not_there(self):
        self.assertEqual(self.assert_complains(self.path),
                         f'Opening {self.path} failed: No such file or directory.')

    def test_that_is_a_directory(self):
        self.assertEqual(self.assert_complains(os.path.dirname(self.path)),
                         f'Reading {os.path.dirname(self.path)} failed: Is a directory.')

    def test_that_is_too_large(self):
        for size in (LARGEST + 1, 1 << 20):
            with self.subTest(size=size):
                self.write(HEADING + b'#' * (size - len(HEADING)))
                self.assertEqual(self.assert_complains(self.path),
                                 f'{self.path} is no text of at most 65536 bytes, as a '
                                 'configuration is.')

    def test_that_has_no_end(self):
        self.assertIn('/dev/zero is no text', self.assert_complains('/dev/zero'))

    def test_that_is_no_text(self):
        for content in (Path(DAEMON).read_bytes()[:4096], HEADING + b'\0', HEADING + b'# \xff\n'):
            with self.subTest(content=content[:20]):
                self.write(content)
                self.assertIn('is no text', self.assert_complains(self.path))


if __name__ == '__main__':
    unittest.main()
