#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""virtzpcid in virtnodedevd's place: started as systemd starts it with our units and drop-ins, with the
stock daemon behind it, and used by clients that ask for node devices and know nothing of it.

All that has to do with it sees the same /run, which is a directory of the test.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

import libvirt

SOURCE_DIR = os.environ['ZPCI_SOURCE_DIR']
sys.path += [os.path.join(SOURCE_DIR, 'tests', suite) for suite in ('client', 'wire')]
from client_case import DAEMON, host_dir, without_zpci  # noqa: E402
from polkit_double import PolkitDouble  # noqa: E402
from stock_daemon import StockDaemon, require_namespaces  # noqa: E402

UNITS = os.path.join(SOURCE_DIR, 'data/systemd')
URI = 'nodedev:///system'
FUNCTION = 'pci_0005_00_00_0'
# Only the stock daemon knows devices of this kind.
FOREIGN = 'scsi_host0'
FOREIGN_SYSFS = 'devices/pci0005:00/0005:00:00.0/host0'
SECONDS = 60
# A user that need not exist.
SOMEBODY = 54321
IN_WORLD = '''
mount --make-rprivate / && mount --bind "$1" /run && mount --bind "$2" /sys && shift 2 && exec "$@"
'''
CONFIG = '''[virtzpcid]
upstream = nodedev:///system?socket=/run/libvirt/virtnodedevd-stock-sock
vfio_read = never
access_drivers = {access}
'''


def listen_streams(unit):
    """Where systemd would listen: an empty value takes back what came before."""
    streams = []
    for path in (f'{UNITS}/{unit}', *glob.glob(f'{UNITS}/in-place/{unit}.d/*.conf')):
        with open(path, encoding='utf-8') as stream:
            for value in re.findall('(?m)^ListenStream=(.*)$', stream.read()):
                streams = [*streams, value] if value else []
    return streams


def write_host(root):
    """A captured host with a device of another kind."""
    shutil.copytree(host_dir('qemu-s390x'), root, symlinks=True)
    device = f'{root}/sys/{FOREIGN_SYSFS}'
    os.makedirs(device)
    with open(f'{device}/uevent', 'w', encoding='utf-8') as stream:
        stream.write('DEVTYPE=scsi_host\n')
    os.makedirs(f'{root}/sys/bus/scsi/devices')
    os.symlink('../../../../bus/scsi', f'{device}/subsystem')
    os.symlink(f'../../../{FOREIGN_SYSFS}', f'{root}/sys/bus/scsi/devices/host0')
    return root


class InPlace:
    """A context manager: a stock daemon that sees a captured host as its machine, and ours before it."""

    def __init__(self, access='none', bus=None):
        self.access = access
        self.settings = [f'--setenv=DBUS_SYSTEM_BUS_ADDRESS={bus}'] if bus else []

    def __enter__(self):
        self.run = tempfile.mkdtemp(prefix='zpci-place-', dir='/var/tmp')
        self.stock = StockDaemon(write_host(f'{self.run}/host')).__enter__()
        os.mkdir(f'{self.run}/libvirt')
        os.symlink(f'{self.stock.directory}/libvirt-sock',
                   f'{self.run}/libvirt/virtnodedevd-stock-sock')
        with open(f'{self.run}/virtzpcid.conf', 'w', encoding='utf-8') as config:
            config.write(CONFIG.format(access=self.access))
        sockets = [(unit, path) for unit in ('virtzpcid.socket', 'virtzpcid-ro.socket')
                   for path in listen_streams(unit)]
        with open(f'{self.run}/log', 'wb') as log:
            self.daemon = subprocess.Popen(
                self.command('systemd-socket-activate', *self.settings,
                             '--fdname=' + ':'.join(unit for unit, _ in sockets),
                             *('--listen=' + path for _, path in sockets),
                             DAEMON, '--config', '/run/virtzpcid.conf'),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        self.wait_for(self.run + sockets[-1][1].removeprefix('/run'))
        return self

    def __exit__(self, *_):
        self.daemon.terminate()
        self.status = self.daemon.wait(SECONDS)
        with open(f'{self.run}/log', encoding='utf-8') as log:
            self.log = log.read()
        self.stock.__exit__()
        shutil.rmtree(self.run)

    def command(self, *command):
        """The command in this world."""
        return ['unshare', '--mount', 'sh', '-c', IN_WORLD, 'sh', self.run,
                self.stock.sysfs, *command]

    @staticmethod
    def wait_for(path):
        deadline = time.monotonic() + SECONDS
        while not os.path.exists(path):
            assert time.monotonic() < deadline, f'{path} does not come'
            time.sleep(0.02)

    def virsh(self, *arguments):
        """Output and errors of stock virsh that is told of no socket."""
        result = subprocess.run(self.command('virsh', '-c', URI, *arguments), check=False,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, encoding='utf-8', timeout=SECONDS,
                                env=dict(os.environ, LC_ALL='C'))
        return result.stdout

    def name(self, name='virtnodedevd-sock'):
        """The URI of the socket, for those who see another /run."""
        return f'nodedev+unix:///system?socket={self.run}/libvirt/{name}'


class TestInPlace(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            raise unittest.SkipTest('only root has a /run to put sockets into')
        require_namespaces()

    def in_place(self, **settings):
        place = InPlace(**settings)
        self.addCleanup(lambda: self.assertEqual(place.status, 0, place.log))
        self.addCleanup(place.__exit__)
        return place.__enter__()

    def assert_stock_with_zpci(self, document, place):
        self.assertIn("<zpci uid='0x0005' fid='0x0000000c'", document)
        stock = place.stock.connection.nodeDeviceLookupByName(FUNCTION).XMLDesc(0)
        self.assertEqual(without_zpci(document).strip(), stock.strip())

    def test_clients_that_name_no_socket_see_zpci(self):
        place = self.in_place()
        names = sorted(device.name() for device in place.stock.connection.listAllDevices())
        for read_only in ([], ['-r']):
            self.assertIn(FOREIGN, names)
            self.assertEqual(sorted(place.virsh(*read_only, 'nodedev-list').split()), names)
            document = place.virsh(*read_only, 'nodedev-dumpxml', FUNCTION)
            self.assert_stock_with_zpci(document, place)
        self.assertIn('read only', place.virsh('-r', 'nodedev-reset', FUNCTION))

    def test_the_stock_daemon_as_a_client(self):
        """It opens a connection to ours for its own client, as virtqemud and virtproxyd do."""
        place = self.in_place()
        self.assertIn(FUNCTION, place.virsh('nodedev-list'))
        with StockDaemon(None) as proxy:
            try:
                connection = libvirt.open(
                    f'remote+unix:///?socket={proxy.directory}/libvirt-sock&name='
                    + urllib.parse.quote(place.name(), safe=''))
            except libvirt.libvirtError as error:
                # Newer daemons only go where no socket is named, and the one for everything not even there.
                self.assertGreater(libvirt.getVersion(), 11003000)
                self.assertIn('is not permitted to include a transport', error.get_error_message())
                return
            self.addCleanup(connection.close)
            device = connection.nodeDeviceLookupByName(FUNCTION)
            self.assert_stock_with_zpci(device.XMLDesc(0), place)
            self.assertEqual(device.parent(), 'computer')
            self.assertEqual(sorted(device.name() for device in connection.listAllDevices()),
                             sorted(device.name() for device in
                                    place.stock.connection.listAllDevices()))

    def test_the_identity_of_the_client_behind_the_client_decides(self):
        """As virtqemud does, root says on whose behalf it calls."""
        with PolkitDouble({'*': 'allow',
                           f'org.libvirt.api.node-device.getattr {FUNCTION}': 'deny'}) as polkit:
            place = self.in_place(access='polkit', bus=polkit.address)
            connection = libvirt.open(place.name())
            self.addCleanup(connection.close)
            self.assertIn(FUNCTION, connection.listDevices(None))
            self.assertEqual(polkit.calls(), [])
            connection.setIdentity({libvirt.VIR_CONNECT_IDENTITY_USER_NAME: 'somebody',
                                    libvirt.VIR_CONNECT_IDENTITY_UNIX_USER_ID: SOMEBODY,
                                    libvirt.VIR_CONNECT_IDENTITY_PROCESS_ID: os.getpid(),
                                    libvirt.VIR_CONNECT_IDENTITY_PROCESS_TIME: 1})
            names = connection.listDevices(None)
            self.assertIn('computer', names)
            self.assertNotIn(FUNCTION, names)
            subjects = {(call['subject']['uid'], call['subject']['pid']) for call in polkit.calls()}
            self.assertEqual(subjects, {(SOMEBODY, os.getpid())})


if __name__ == '__main__':
    unittest.main()
