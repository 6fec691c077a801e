# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What the daemon logs: lines on a terminal, fields in the journal."""

import os
import socket
import subprocess
import sys
import unittest
from pathlib import Path

from serving_daemon import ServingDaemon
from wire import CLOSE, HOSTS, PATIENCE, RemoteError, string

DETACH = 118
FUNCTION = 'pci_0005_00_00_0'
FID = (HOSTS / 'qemu-s390x/sys/bus/pci/devices/0005:00:00.0/function_id').read_text(encoding='ascii').strip()

# The journal is played by this test, in a mount namespace of its own with another /run.
IN_NAMESPACE = 'ZPCI_TEST_OTHER_RUN'
JOURNAL = Path('/run/systemd/journal')
WITH_STDERR = 'import os, sys; os.dup2(int(sys.argv[1]), 2); os.execvp(sys.argv[2], sys.argv[2:])'


def read_entry(data):
    """The fields of one entry, as they go to the journal's socket: KEY=VALUE, or KEY, size and value."""
    fields = {}
    while data:
        line, _, data = data.partition(b'\n')
        key, equals, value = line.partition(b'=')
        if not equals:
            size = int.from_bytes(data[:8], 'little')
            value, data = data[8:8 + size], data[8 + size + 1:]
        fields[key.decode()] = value.decode()
    return fields


class LogTest(unittest.TestCase):
    def serve(self, **keys):
        daemon = ServingDaemon(auth_unix_rw='none', **keys)
        self.addCleanup(daemon.close)
        return daemon

    @staticmethod
    def use(daemon):
        """A client that comes, fails to change a device, and goes."""
        with daemon.connect().open_name() as client:
            try:
                client.call(DETACH, string(FUNCTION))
            except RemoteError:
                pass
            client.call(CLOSE)
            client.is_closed()

    def read_log(self, *options, **keys):
        daemon = self.serve(**keys)
        daemon.start(*options)
        self.use(daemon)
        status, lines = daemon.terminate()
        self.assertEqual(status, 0, lines)
        return lines.splitlines()


class Terminal(LogTest):
    def test_nothing_if_nothing_is_wrong(self):
        self.assertEqual(self.read_log(), [])

    def test_clients_and_changes_if_asked_for(self):
        me = f'virtzpcid: info: client {os.getpid()}: '
        for options, keys in ((['--verbose'], {}), ([], {'log_level': 'info'}),
                              ([], {'log_filters': 'daemon:info'})):
            with self.subTest(options=options, keys=keys):
                self.assertEqual(self.read_log(*options, **keys), [
                    f'{me}It has come.',
                    f'{me}virNodeDeviceDettach of {FUNCTION}: {FUNCTION} belongs to a captured host, '
                    'where nothing can be changed.',
                    f'{me}It has gone.'])

    def test_each_call_for_who_looks_for_a_fault(self):
        self.assertIn(f'virtzpcid: debug: client {os.getpid()}: virConnectOpen: done',
                      self.read_log(log_level='debug'))

    def test_a_filter_silences_an_area(self):
        self.assertEqual(self.read_log('--verbose', log_filters='daemon:error host:debug'), [])

    def test_it_is_read_anew_with_the_configuration(self):
        daemon = self.serve()
        daemon.start()
        self.use(daemon)
        daemon.configure(auth_unix_rw='none', log_level='info')
        daemon.reload()
        self.use(daemon)
        self.assertEqual(daemon.terminate()[1].count('It has come.'), 1)


class InJournal(LogTest):
    def setUp(self):
        if IN_NAMESPACE not in os.environ:
            result = subprocess.run(
                ['unshare', '--mount', '--propagation', 'private', sys.executable, '-B', __file__, self.id()[9:]],
                env={**os.environ, IN_NAMESPACE: '1'}, stderr=subprocess.PIPE, text=True, check=False,
                timeout=PATIENCE)
            self.assertEqual(result.returncode, 0, result.stderr)
            return
        subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', '/run'], check=True)
        self.addCleanup(subprocess.run, ['umount', '/run'], check=True)
        JOURNAL.mkdir(parents=True)
        self.entries = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.entries.bind(str(JOURNAL / 'socket'))
        self.entries.settimeout(PATIENCE)
        self.stdout = socket.socket(socket.AF_UNIX)
        self.stdout.bind(str(JOURNAL / 'stdout'))
        self.stdout.listen()
        self.addCleanup(self.entries.close)
        self.addCleanup(self.stdout.close)

    def test_fields_of_clients_and_devices(self):
        if IN_NAMESPACE not in os.environ:
            return
        daemon = self.serve()
        with socket.socket(socket.AF_UNIX) as stderr:
            stderr.connect(str(JOURNAL / 'stdout'))
            daemon.start('--verbose', pass_fds=[stderr.fileno()],
                         before=[sys.executable, '-c', WITH_STDERR, str(stderr.fileno())])
        self.use(daemon)
        come, change, gone = (read_entry(self.entries.recv(1 << 16)) for _ in range(3))
        self.assertEqual((come['MESSAGE'], gone['MESSAGE']), ('It has come.', 'It has gone.'))
        for entry in (come, change, gone):
            self.assertEqual((entry['PRIORITY'], entry['CLIENT_PID'], entry['CLIENT_UID']),
                             ('6', str(os.getpid()), '0'))
        self.assertEqual((change['DEVICE'], change['FID']), (FUNCTION, FID))
        self.assertNotIn('DEVICE', come)
        self.assertEqual(daemon.terminate(), (0, ''))


if __name__ == '__main__':
    unittest.main()
