# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The release of libvirt that is installed decides what is answered."""

import os
import unittest

from serving_daemon import ServingDaemon
from wire import LIB_VERSION, LIST_ALL, LOOKUP, XML, Client, WireTest, string, u32

VARIABLE = 'LIBVIRT_ZPCI_LIBVIRT'
# What lists and documents may be asked with, by release; a release that nobody knows is as the newest.
RELEASES = {
    '9.0.0': (9000000, 0xc03fffff, 0),
    '10.1.0': (10001000, 0xf03fffff, 1),
    '11.3.0': (11003000, 0xf0ffffff, 1),
    '12.8.0': (12008000, 0xf0ffffff, 1),
    '13.1.2': (13001002, 0xf0ffffff, 1),
}
UPDATE = 447
FUNCTION = 'pci_0005_00_00_0'


class WithRelease(WireTest):
    def open(self, release):
        os.environ[VARIABLE] = release
        self.addCleanup(os.environ.pop, VARIABLE, None)
        return self.start().open()

    def test_what_it_says_it_is(self):
        for release, (number, _, _) in RELEASES.items():
            with self.subTest(release):
                self.assertEqual(self.open(release).call(LIB_VERSION).u64(), number)

    def test_flags_of_lists(self):
        for release, (_, known, _) in RELEASES.items():
            client = self.open(release)
            for bit in range(32):
                with self.subTest(release, bit=bit):
                    if known & 1 << bit:
                        client.call(LIST_ALL, u32(1) + u32(1 << bit))
                    else:
                        self.assert_refused(client, LIST_ALL, u32(1) + u32(1 << bit), 8, 22)

    def test_flags_of_documents(self):
        for release, (_, _, known) in RELEASES.items():
            client = self.open(release)
            with self.subTest(release):
                self.assert_refused(client, XML, string('computer') + u32(2), 8, 22)
                if known:
                    self.assertEqual(client.call(XML, string('computer') + u32(1)).string(),
                                     client.call(XML, string('computer') + u32(0)).string())
                    error = self.assert_refused(client, XML, string(FUNCTION) + u32(1), 55, 22)
                    self.assertIn(f"node device '{FUNCTION}' is not persistent", error.message)
                else:
                    self.assert_refused(client, XML, string('computer') + u32(1), 8, 22)

    def test_update_of_what_cannot_be_updated(self):
        client = self.open('12.8.0')

        def refused(name, flags, code):
            self.assert_refused(client, UPDATE, string(name) + string('<device/>') + u32(flags), code, 22)

        for flags in (0, 1, 2, 3):
            refused(FUNCTION, flags, 67)
            refused('computer', flags, 67)
        refused(FUNCTION, 4, 8)
        refused('pci_dead_00_00_0', 0, 53)
        self.assertEqual(client.call(LOOKUP, string(FUNCTION)).string(), FUNCTION)


class UnknownRelease(unittest.TestCase):
    def serve(self, release):
        with ServingDaemon(auth_unix_rw='none') as daemon:
            daemon.environment[VARIABLE] = release
            daemon.start()
            for _ in range(2):
                daemon.connect().open_name().__exit__()
            return daemon.terminate()

    def test_one_warning_if_it_is_newer_than_all_that_are_known(self):
        status, log = self.serve('13.1.2')
        self.assertEqual(status, 0, log)
        self.assertEqual(log, 'virtzpcid: warning: libvirt 13.1.2 is newer than the releases known here; '
                              'devices are shown as in libvirt 12.8.0.\n')

    def test_none_of_those_that_are_known(self):
        for release in list(RELEASES)[:4]:
            with self.subTest(release):
                self.assertEqual(self.serve(release), (0, ''))

    def test_none_for_a_client_that_has_started_it(self):
        os.environ[VARIABLE] = '13.1.2'
        self.addCleanup(os.environ.pop, VARIABLE)
        with Client() as client:
            client.open()
            client.socket.close()
            self.assertEqual(client.finish(), (0, ''))


if __name__ == '__main__':
    unittest.main()
