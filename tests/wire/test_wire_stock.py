# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What is not our job, in the words of the stock daemon, which runs beside ours on the same host."""

import socket
import subprocess
import sys
import unittest
from pathlib import Path

from wire import DAEMON, HOSTS, PATIENCE, RemoteError, Client, WireTest

sys.path.append(str(Path(__file__).parent.parent / 'client'))

from stock_daemon import StockDaemon, require_namespaces  # pylint: disable=wrong-import-position

HOST = HOSTS / 'qemu-s390x'
NO_SUPPORT = 3
# Calls that we or libvirt 9.0.0 know have numbers below this.
NUMBERS = 448
# Create, define and update: the stock daemon tries, since it has mediated devices, and 9.0.0 does not
# know the last.
OF_MEDIATED_DEVICES = (123, 428, 447)
# What people type in virsh when they have forgotten what they are connected to.
COMMANDS = (
    'list --all', 'net-list', 'pool-list', 'iface-list', 'nwfilter-list', 'nwfilter-binding-list',
    'secret-list', 'dominfo guest', 'net-info default', 'pool-info default', 'iface-dumpxml eth0',
    'nwfilter-dumpxml clean-traffic', 'hostname', 'version', 'nodeinfo', 'nodecpustats',
    'nodememstats', 'nodecpumap', 'node-memory-tune', 'freecell', 'capabilities', 'domcapabilities',
    'sysinfo', 'maxvcpus', 'cpu-models x86_64', 'domstats', 'event --all --timeout 1',
    'net-event --event lifecycle --timeout 1', 'pool-event --event lifecycle --timeout 1',
    'secret-event --event lifecycle --timeout 1', 'find-storage-pool-sources dir',
    'pool-capabilities',
)


class StockClient(Client):
    """A client of the stock daemon, on its socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.socket.settimeout(PATIENCE)
        self.serial = 0

    def __exit__(self, *_):
        self.socket.close()


class Stock(WireTest):
    def setUp(self):
        require_namespaces()
        self.stock = StockDaemon(HOST)
        self.stock.__enter__()
        self.addCleanup(self.stock.__exit__)
        self.path = f'{self.stock.directory}/libvirt-sock'

    @staticmethod
    def refusal(client, number):
        """The error that says that this is not supported; None if it is. Since 9.1 libvirt numbers the
        texts in the pattern of the message, which nobody shows."""
        try:
            client.call(number, bytes(64))
        except RemoteError as error:
            if error.code == NO_SUPPORT:
                pattern, *texts = error.texts
                return error.domain, error.message, pattern.replace('%1$s', '%s'), texts, error.numbers
        return None

    def test_each_call_that_is_not_supported(self):
        ours = self.start().open()
        theirs = StockClient(self.path)
        self.addCleanup(theirs.__exit__)
        theirs.open(name='nodedev:///system')
        refusals = {number: self.refusal(ours, number) for number in range(3, NUMBERS)
                    if number not in OF_MEDIATED_DEVICES}
        refusals = {number: refusal for number, refusal in refusals.items() if refusal}
        self.assertGreaterEqual(len(refusals), 90)
        for number, refusal in refusals.items():
            with self.subTest(number):
                self.assertEqual(self.refusal(theirs, number), refusal)

    def virsh(self, uri, command):
        result = subprocess.run(['virsh', '-c', uri, *command.split()], capture_output=True,
                                text=True, timeout=PATIENCE, check=False)
        return result.returncode, result.stdout, result.stderr

    def test_virsh(self):
        ours = f'nodedev+ext:///system?command={DAEMON}&root={HOST}'
        theirs = f'nodedev+unix:///system?socket={self.path}'
        for command in COMMANDS:
            with self.subTest(command):
                self.assertEqual(self.virsh(ours, command), self.virsh(theirs, command))


if __name__ == '__main__':
    unittest.main()
