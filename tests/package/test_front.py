# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A Debian with our packages, the stock libvirtd and stock clients is booted twice, and virtzpcid switched on in front
of libvirtd, and off again; front_inside.py is what happens in it."""

import os
import shutil
import sys
import unittest

from package_case import SOURCE_DIR, run
from package_root import UNITS, PackageRoot

sys.path.append(os.path.join(SOURCE_DIR, 'tests/client'))
from stock_daemon import copy_sysfs  # noqa: E402

HOST = os.path.join(SOURCE_DIR, 'tests/data/hosts/lpar-roce')
INSIDE = os.path.join(SOURCE_DIR, 'tests/package/front_inside.py')
# What a host with guests has, and clients of libvirt.
BESIDES = ('systemd-sysv', 'dbus', 'polkitd', 'pci.ids', 'libvirt-daemon-system', 'qemu-system-x86', 'libvirt-clients',
           'python3-libvirt', 'virtinst', 'libvirt-dbus', 'python3-nova')
# Both daemons see another machine, but for processors and control groups, and may be started as often as tests like.
# libudev refuses a /sys that is no sysfs without the variable.
OTHER_MACHINE = '''[Unit]
StartLimitIntervalSec=0
[Service]
BindReadOnlyPaths=/host/sys:/sys
BindReadOnlyPaths=/sys/devices/system
BindPaths=/sys/fs/cgroup
Environment=SYSTEMD_DEVICE_VERIFY_SYSFS=0
'''
SCRIPT = 'python3 -W ignore /probe/front_inside.py {} >/probe/output 2>&1; echo $? >/probe/status\n'


class TestFront(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = PackageRoot(BESIDES)
        copy_sysfs(HOST, cls.root.path('host'))
        for directory in ('fs/cgroup', 'devices/system'):
            os.makedirs(cls.root.path('host/sys', directory), exist_ok=True)
        for service in ('libvirtd', 'virtzpcid-front'):
            directory = cls.root.path(UNITS, f'{service}.service.d')
            os.makedirs(directory, exist_ok=True)
            with open(os.path.join(directory, 'other-machine.conf'), 'w', encoding='utf-8') as stream:
                stream.write(OTHER_MACHINE)
        # The guest does not listen to a request to shut down.
        with open(cls.root.path('etc/default/libvirt-guests'), 'w', encoding='utf-8') as stream:
            stream.write('ON_BOOT=start\nON_SHUTDOWN=suspend\n')
        os.mkdir(cls.root.path('probe'))
        shutil.copy(INSIDE, cls.root.path('probe'))

    def boot(self, *classes):
        console = self.root.boot(SCRIPT.format(' '.join(classes)))
        output = self.root.read_probe('output')
        if self.root.read_probe('status') != '0\n' or 'skipped' in output:
            journal = run('journalctl', '-D', self.root.path('var/log/journal'), '-b', '-o', 'short')
            raise AssertionError(f'{console}\n{journal}\n{output}')

    def test_1_it_is_switched_on(self):
        self.boot('Installed', 'SwitchedOn', 'Clients', 'Guests')

    def test_2_the_next_start(self):
        self.boot('Booted', 'SwitchedOff', 'Removed')


if __name__ == '__main__':
    unittest.main()
