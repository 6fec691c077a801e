#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Debian's packages of what is committed: built, judged by lintian, installed in a clean Debian, used
there by stock virsh as the installed units say, and removed. Once that Debian is booted, for its systemd and
polkit to do what they do on a host.
"""

import os
import re
import shutil
import socket
import subprocess
import unittest

from package_case import BUILD_SECONDS, SECONDS, SOURCE_DIR, read, run
from package_root import PACKAGES, UNITS, PackageRoot, build

HOST = os.path.join(SOURCE_DIR, 'tests/data/hosts/qemu-s390x')
GOLDEN = os.path.join(SOURCE_DIR, 'tests/client/golden/qemu-s390x')
WANTS = 'etc/systemd/system/sockets.target.wants'
# What a host has beside what the packages need: virsh, the names of devices, and, with the stock daemon,
# what polkit knows of libvirt.
BESIDES = ('libvirt-clients', 'pci.ids', 'systemd-sysv', 'dbus', 'polkitd', 'libvirt-daemon-system')
VIRSH = 'virsh -c nodedev:///system'
SOCKET = '?socket=/run/libvirt/virtzpcid-sock'
# Steps in the booted system, in this order: a name, and what the shell does.
STEPS = {
    'sockets': 'systemctl is-active virtzpcid.socket virtzpcid-ro.socket',
    'before': 'systemctl is-active virtzpcid.service',
    'root': f'{VIRSH}{SOCKET} nodedev-list --cap system',
    'after': 'systemctl is-active virtzpcid.service',
    'nobody reads': f'runuser -u nobody -- {VIRSH}{SOCKET}-ro nodedev-list --cap system',
    'nobody writes': f'runuser -u nobody -- {VIRSH}{SOCKET} nodedev-list --cap system',
    'rights': 'grep CapEff /proc/$(systemctl show -P MainPID virtzpcid)/status',
    'reload': 'systemctl reload virtzpcid && systemctl show -P NRestarts virtzpcid',
    'stop': 'systemctl stop virtzpcid.socket; systemctl is-active virtzpcid; ls /run/libvirt/virtzpcid*',
    'drop-ins': 'cp -r /usr/share/libvirt-zpci/in-place/*.d /etc/systemd/system/ && systemctl daemon-reload',
    'start': 'systemctl start virtzpcid.socket virtzpcid-ro.socket && systemctl is-active virtzpcid',
    'in place': f'runuser -u nobody -- {VIRSH} -r nodedev-list --cap system',
    'served': 'systemctl is-active virtzpcid',
}


class TestPackages(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.directory, cls.files = build()
        cls.root = PackageRoot(BESIDES)
        cls.inside, cls.path = cls.root.inside, cls.root.path
        shutil.copytree(HOST, cls.path('host'), symlinks=True)

    def exec_start(self):
        return re.search('^ExecStart=(.+)$', read(self.path(UNITS), 'virtzpcid.service'),
                         re.MULTILINE)[1].split()

    def listen_stream(self, unit):
        return re.search('^ListenStream=(.+)$', read(self.path(UNITS), unit), re.MULTILINE)[1]

    def assert_shows_the_host(self, uri):
        self.assertEqual(self.inside('virsh', '-c', uri, 'nodedev-list'),
                         read(GOLDEN, 'nodedev-list.txt'))
        self.assertEqual(
            self.inside('virsh', '-c', uri, 'nodedev-dumpxml', 'pci_0005_00_00_0').strip(),
            read(GOLDEN, 'pci_0005_00_00_0.xml').strip())

    def test_1_lintian_finds_no_error(self):
        self.assertEqual(sorted(self.files), sorted(PACKAGES))
        changes = [name for name in os.listdir(self.directory) if name.endswith('.changes')]
        self.assertEqual(len(changes), 1)
        run('lintian', '--allow-root', '--fail-on', 'error',
            os.path.join(self.directory, changes[0]), timeout=BUILD_SECONDS)

    def test_2_all_is_installed_as_packed(self):
        self.assertEqual(self.inside('dpkg', '--audit'), '')
        self.assertEqual(self.inside('dpkg', '-V', *PACKAGES), '')
        self.assertTrue(os.path.isfile(self.path('etc/libvirt-zpci/virtzpcid.conf')))

    def test_2_other_languages_find_the_library(self):
        for package, pattern in (('gir1.2-zpci-0', r'/usr/lib/\S+/girepository-1\.0/Zpci-0\.typelib$'),
                                 ('libvirt-zpci-dev', r'/usr/share/gir-1\.0/Zpci-0\.gir$')):
            self.assertRegex(run('dpkg-deb', '-c', self.files[package]), f'(?m){pattern}')
        self.assertIn('libvirt-zpci0', run('dpkg-deb', '-f', self.files['gir1.2-zpci-0'], 'Depends'))

    def test_2_what_is_loaded_is_depended_on(self):
        depends = run('dpkg-deb', '-f', self.files['libvirt-zpci0'], 'Depends')
        self.assertRegex(depends, r'\blibvirt0 \(>= \d+\.\d')
        self.assertRegex(depends, r'\blibvirt-glib-1\.0-0 \(>= 4\.0')

    def test_2_the_sockets_are_enabled_and_the_service_is_not(self):
        enabled = [os.path.relpath(os.path.join(directory, name), self.path())
                   for directory, _, names in os.walk(self.path('etc/systemd/system'))
                   for name in names if name.startswith('virtzpcid')]
        self.assertEqual(sorted(enabled), [f'{WANTS}/virtzpcid-ro.socket', f'{WANTS}/virtzpcid.socket'])

    def test_2_the_tool_knows_the_daemon(self):
        program = self.exec_start()[0]
        self.assertEqual(self.inside('virt-zpci', 'uri').strip(),
                         f'nodedev+ext:///system?command={program}')
        self.assertIn('pci_0005_00_00_0', self.inside('virt-zpci', '--root', '/host', 'list'))

    def test_2_the_installed_schemas_judge(self):
        document = self.inside('virt-zpci', '--root', '/host', 'dumpxml', 'pci_0005_00_00_0')
        with open(self.path('tmp/device.xml'), 'w', encoding='utf-8') as stream:
            stream.write(document)
        self.inside('virt-zpci', 'validate', '/tmp/device.xml')
        with open(self.path('tmp/device.xml'), 'w', encoding='utf-8') as stream:
            stream.write(document.replace('fid=', 'fib='))
        with self.assertRaisesRegex(AssertionError, 'fib'):
            self.inside('virt-zpci', 'validate', '/tmp/device.xml')

    def test_2_virsh_starts_the_daemon(self):
        self.assert_shows_the_host(self.inside('virt-zpci', '--root', '/host', 'uri').strip())

    def test_2_virsh_comes_to_the_sockets(self):
        names = ('virtzpcid.socket', 'virtzpcid-ro.socket')
        paths = [self.listen_stream(name) for name in names]
        os.makedirs(self.path('run/libvirt'), exist_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(self.path('run/notify'))
            manager.settimeout(SECONDS)
            daemon = subprocess.Popen(
                ['systemd-socket-activate', '--fdname=' + ':'.join(names),
                 *('--listen=' + self.path(path.lstrip('/')) for path in paths),
                 '--setenv=NOTIFY_SOCKET=/run/notify', '/usr/sbin/chroot', self.path(),
                 *self.exec_start(), '--root', '/host'],
                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding='utf-8')
            try:
                self.wait_for(self.path(paths[1].lstrip('/')))
                for path in paths:
                    self.assert_shows_the_host(f'nodedev:///system?socket={path}')
                self.assertIn(b'READY=1', manager.recv(4096))
            finally:
                daemon.terminate()
                errors = daemon.communicate(timeout=SECONDS)[1]
        self.assertEqual(daemon.returncode, 0, errors)

    def wait_for(self, path):
        run('sh', '-c', 'until test -S "$1"; do sleep 0.05; done', 'sh', path)

    def boot(self):
        """Starts the system, which takes the steps. Returns what they said, with the exit status as the last line."""
        console = self.root.boot(''.join(f'( {step} ) >"/probe/{name}" 2>&1; echo $? >>"/probe/{name}"\n'
                                         for name, step in STEPS.items()))
        said = {name: self.root.read_probe(name).split('\n')[:-1] for name in STEPS
                if os.path.exists(self.path('probe', name))}
        self.assertEqual(list(said), list(STEPS), console)
        return said

    def test_3_systemd_starts_it_for_whom_polkit_lets_in(self):
        said = self.boot()
        self.assertEqual(said['sockets'], ['active', 'active', '0'])
        self.assertEqual(said['before'], ['inactive', '3'])
        self.assertEqual(said['root'], ['computer', '', '0'])
        self.assertEqual(said['after'], ['active', '0'])
        self.assertEqual(said['nobody reads'], ['computer', '', '0'])
        self.assertRegex('\n'.join(said['nobody writes']),
                         r'authentication unavailable: .*org\.libvirt\.unix\.manage')
        # SYS_ADMIN, NET_ADMIN, SYS_PTRACE and DAC_READ_SEARCH, if the container itself has them all.
        self.assertEqual(int(said['rights'][0].split()[1], 16) & ~0x281004, 0)
        self.assertEqual(said['reload'], ['0', '0'])
        self.assertEqual(said['stop'][0], 'inactive')
        self.assertNotEqual(said['stop'][-1], '0')
        self.assertEqual(said['drop-ins'], ['0'])
        self.assertEqual(said['start'], ['inactive', '3'])
        self.assertEqual(said['in place'], ['computer', '', '0'])
        self.assertEqual(said['served'], ['active', '0'])

    def test_4_nothing_is_left_when_they_are_purged(self):
        self.inside('dpkg', '-P', *PACKAGES)
        left = [path for path in ('etc/libvirt-zpci', 'usr/share/libvirt-zpci', 'usr/sbin/virtzpcid',
                                  os.path.join(WANTS, 'virtzpcid.socket'))
                if os.path.lexists(self.path(path))]
        self.assertEqual(left, [])


if __name__ == '__main__':
    unittest.main()
