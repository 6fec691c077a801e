#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The units as they are installed, judged by systemd."""

import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD_DIR = os.environ['ZPCI_BUILD_DIR']
UNITS = ('virtzpcid.service', 'virtzpcid.socket', 'virtzpcid-ro.socket')
# The units of this machine's systemd, which ours refer to.
SYSTEM_UNITS = '/lib/systemd/system'
# In tenths, as systemd counts: 100 is a daemon that may do everything.
EXPOSURE_MAX = 30
SECONDS = 120
# What libvirt's own packages install, as far as it matters here.
STOCK_SOCKET = '''[Unit]
Description=stock
[Socket]
ListenStream=/run/libvirt/{name}
Service=virtnodedevd.service
SocketMode=0666
RemoveOnStop=yes
'''
STOCK_SERVICE = '''[Service]
Type=notify
ExecStart=/bin/true
'''


def run(*command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding='utf-8', timeout=SECONDS, check=False,
                          **options)


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as stream:
        return stream.read()


def write(text, *path):
    os.makedirs(os.path.dirname(os.path.join(*path)), exist_ok=True)
    with open(os.path.join(*path), 'w', encoding='utf-8') as stream:
        stream.write(text)


class TestUnits(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix='zpci-units-')
        cls.addClassCleanup(shutil.rmtree, cls.root)
        result = run('meson', 'install', '-C', BUILD_DIR, '--no-rebuild', '--quiet',
                     env=dict(os.environ, DESTDIR=cls.root))
        assert result.returncode == 0, result.stdout
        cls.units = os.path.dirname(cls.find('virtzpcid.service'))
        # Below /usr every systemd looks, below / only older ones.
        shutil.copytree(SYSTEM_UNITS, os.path.join(cls.root, 'usr', SYSTEM_UNITS.lstrip('/')),
                        symlinks=True, dirs_exist_ok=True)
        for name in ('virtnodedevd', 'virtnodedevd-ro'):
            write(STOCK_SOCKET.format(name=name.replace('d', 'd-sock', 1)),
                  cls.units, name + '.socket')
        write(STOCK_SERVICE, cls.units, 'virtnodedevd.service')
        for program in ('/bin/sh', '/bin/true'):
            write('', cls.root, program.lstrip('/'))
            os.chmod(os.path.join(cls.root, program.lstrip('/')), 0o755)

    @classmethod
    def find(cls, name):
        found = [path for path in glob.iglob(f'{cls.root}/**/{name}', recursive=True)
                 if os.path.isfile(path)]
        assert len(found) == 1, found
        return found[0]

    def verify(self, *units):
        result = run('systemd-analyze', 'verify', '--man=no', '--root', self.root, *units)
        return result.returncode, result.stdout

    def test_systemd_takes_them(self):
        self.assertEqual(self.verify(*UNITS), (0, ''))

    def test_systemd_would_tell_of_a_fault(self):
        path = os.path.join(self.units, 'virtzpcid.service')
        good = read(path)
        self.addCleanup(write, good, path)
        write(good.replace('ProtectClock', 'ProtectClok'), path)
        self.assertRegex(self.verify('virtzpcid.service')[1], "'ProtectClok'")
        write(good.replace('/virtzpcid ', '/virtzpcit '), path)
        self.assertRegex(self.verify('virtzpcid.service')[1], 'virtzpcit is not executable')

    def test_the_manuals_are_there(self):
        for unit in UNITS:
            named = re.findall(r'man:([\w.-]+)\((\d)\)', read(self.units, unit))
            self.assertTrue(named)
            for page, section in named:
                self.find(f'{page}.{section}')

    def test_the_service_is_hardened(self):
        result = run('systemd-analyze', 'security', '--offline=yes', '--no-pager', '--root', self.root,
                     f'--threshold={EXPOSURE_MAX}', 'virtzpcid.service')
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_it_cannot_take_all_of_the_machine(self):
        service = read(self.units, 'virtzpcid.service')
        self.assertRegex(service, r'(?m)^MemoryMax=\d+G$')
        tasks = int(re.search(r'(?m)^TasksMax=(\d+)$', service)[1])
        with open(self.find('virtzpcid.conf'), encoding='utf-8') as stream:
            workers = int(re.search(r'(?m)^#max_workers = (\d+)$', stream.read())[1])
        # Its own threads, of each of the four kinds, and as many that wait for another daemon.
        self.assertGreater(tasks, 2 * 4 * workers)

    def test_detaching_is_not_hardened_away(self):
        """Each of these would keep the daemon from what it is for; see the comments of the unit."""
        service = read(self.units, 'virtzpcid.service')
        for setting in ('ProtectKernelTunables', 'PrivateDevices', 'ProtectProc', 'ProcSubset',
                        'PrivateUsers', 'PrivateNetwork', 'User', 'DynamicUser'):
            self.assertNotRegex(service, f'(?m)^{setting}=')
        for device in ('char-vfio', '/dev/vfio/vfio', '/dev/iommu', '/dev/clp'):
            self.assertRegex(service, f'(?m)^DeviceAllow={device} rw$')

    def test_the_drop_ins_put_it_in_the_place_of_virtnodedevd(self):
        configuration = os.path.join(self.root, 'etc/systemd/system')
        in_place = os.path.dirname(os.path.dirname(self.find('in-place.conf')))
        shutil.copytree(in_place, configuration, dirs_exist_ok=True)
        self.addCleanup(shutil.rmtree, configuration)
        stock = ('virtnodedevd.socket', 'virtnodedevd-ro.socket')
        self.assertEqual(self.verify(*UNITS, *stock, 'virtnodedevd.service'), (0, ''))
        listening = {unit: self.listen_streams(configuration, unit) for unit in (*stock, *UNITS[1:])}
        self.assertEqual(listening, {
            'virtnodedevd.socket': ['/run/libvirt/virtnodedevd-stock-sock'],
            'virtnodedevd-ro.socket': ['/run/libvirt/virtnodedevd-stock-sock-ro'],
            'virtzpcid.socket': ['/run/libvirt/virtzpcid-sock', '/run/libvirt/virtnodedevd-sock'],
            'virtzpcid-ro.socket': ['/run/libvirt/virtzpcid-sock-ro',
                                    '/run/libvirt/virtnodedevd-sock-ro'],
        })

    def test_the_front_is_switched_on_and_off(self):
        """By the one step of the manual; what it asks of systemd is written down by a double."""
        for name in ('libvirtd', 'libvirtd-ro', 'libvirtd-admin'):
            write(STOCK_SOCKET.format(name=name.replace('virtd', 'virt-sock')).replace('virtnodedevd', 'libvirtd'),
                  self.units, name + '.socket')
        write(STOCK_SERVICE + '[Unit]\nRequires=libvirtd.socket\n', self.units, 'libvirtd.service')
        configuration = os.path.join(self.root, 'etc/systemd/system')
        double = tempfile.mkdtemp(prefix='zpci-switch-')
        self.addCleanup(shutil.rmtree, double)
        # As a fault, the front does not start; then nobody uses TCP, either.
        write(f'#!/bin/sh\necho "$*" >>{double}/log\ncase $* in\n'
              '"is-active --quiet libvirtd-tcp.socket" | "start virtzpcid-front.service") exit $FAULT ;;\nesac\n',
              double, 'systemctl')
        os.chmod(f'{double}/systemctl', 0o755)
        environment = dict(os.environ, PATH=f'{double}:{os.environ["PATH"]}', ZPCI_UNITS=configuration)

        def switch(way, fault='0'):
            """Returns what systemd is told to do."""
            open(f'{double}/log', 'w', encoding='ascii').close()
            result = run('sh', self.find('switch'), way, env=dict(environment, FAULT=fault))
            self.assertEqual(result.returncode, int(fault), result.stdout)
            self.assertEqual(result.stdout == '', fault == '0', result.stdout)
            return [line for line in read(double, 'log').splitlines() if line.startswith('st')]

        self.assertEqual(switch('off'), [])
        switch('on')
        front = ('virtzpcid-front.service', 'libvirtd-behind.socket', 'libvirtd-behind-ro.socket')
        sockets = ('libvirtd.socket', 'libvirtd-ro.socket')
        self.assertEqual(self.verify(*front, *sockets, 'libvirtd.service'), (0, ''))
        for unit in sockets:
            texts = [read(self.units, unit), *(read(path) for path in glob.glob(f'{configuration}/{unit}.d/*.conf'))]
            self.assertEqual(re.findall('(?m)^(Service|SocketMode|ListenStream)=(.*)$', '\n'.join(texts))[-1],
                             ('Service', 'virtzpcid-front.service'))
        for unit in front[1:]:
            self.assertRegex(read(configuration, unit), '(?m)^SocketMode=0600$')
        self.assertRegex(read(configuration, front[0]),
                         '(?m)^ExecStart=.*/virtzpcid --front /run/libvirt/libvirtd-behind-sock --timeout 0$')
        # An upgrade changes what is there.
        self.assertTrue(os.path.islink(os.path.join(configuration, front[0])))
        stopped, started = switch('off')
        self.assertEqual(os.listdir(configuration), [])
        self.assertRegex(stopped, '^stop .*libvirtd.socket .*libvirtd-tls.socket libvirtd.service virtzpcid-front.service')
        self.assertEqual(started, 'start libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket '
                                  'libvirtd-tcp.socket libvirtd-tls.socket libvirtd.service')
        # Where it does not start, all is as it was.
        self.assertIn('start virtzpcid-front.service', switch('on', fault='1'))
        self.assertEqual(os.listdir(configuration), [])

    def listen_streams(self, configuration, unit):
        """What a unit and its drop-ins come to: an empty value takes back what came before."""
        texts = [read(self.units, unit)]
        texts += [read(path) for path in sorted(glob.glob(f'{configuration}/{unit}.d/*.conf'))]
        streams = []
        for value in re.findall('(?m)^ListenStream=(.*)$', '\n'.join(texts)):
            streams = [*streams, value] if value else []
        return streams


if __name__ == '__main__':
    unittest.main()
