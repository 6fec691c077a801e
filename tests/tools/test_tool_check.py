# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks whether a guest would start, before it is started."""

import os
import shutil
import tempfile
import unittest

from tool_case import FAILED, LPAR, OK, QEMU, SOURCE, USAGE, ToolCase, run

HOLDERS = f'test://{SOURCE / "tests" / "data" / "domains" / "holders.xml"}'
GUEST = '''<domain type='%s'>
<name>guest</name><memory>524288</memory>
<os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
<devices>
%s</devices>
</domain>
'''
HOSTDEV = '''<hostdev mode='subsystem' type='pci' managed='%s'><source><address domain='%s' bus='0x00' slot='0x00' \
function='0x0'/></source><address type='pci'><zpci uid='%s' fid='%s'/></address></hostdev>
'''


def hostdev(domain='0x0005', uid='0x1', fid='0x1', managed='yes'):
    return HOSTDEV % (managed, domain, uid, fid)


class Check(ToolCase):
    def check(self, *devices, root=QEMU, kind='kvm', options=()):
        """Exit status and lines; the last line is the verdict."""
        result = run('check', '-R', root, *options, '-', stdin=(GUEST % (kind, ''.join(devices))).encode())
        self.assertEqual(result.stderr, '')
        return result.returncode, result.stdout.splitlines()

    def assert_starts(self, lines, *devices, **options):
        self.assertEqual(self.check(*devices, **options), (OK, [*lines, '-: would start']))

    def assert_refused(self, message, *devices, **options):
        """The one line above the verdict that is an error."""
        status, lines = self.check(*devices, **options)
        self.assertEqual((status, lines[-1]), (FAILED, '-: would not start'), lines)
        complaint, = [line for line in lines if ' error: ' in line]
        self.assertIn(message, complaint)


class Verdicts(Check):
    def test_on_functions_that_are_there(self):
        self.assert_starts(['0005:00:00.0: ok: driver virtio-pci, IOMMU group 0, MSI-X -',
                            '007a:00:00.0: ok: driver virtio-pci, IOMMU group 1, MSI-X -'],
                           hostdev(), hostdev('0x007a', '0x2', '0x2'))

    def test_on_a_guest_without_functions(self):
        self.assert_starts([])

    def test_on_a_function_that_is_not_there(self):
        self.assert_refused('0999:00:00.0, which this host does not have', hostdev('0x0999'))

    def test_on_a_function_that_nobody_binds(self):
        self.assert_refused('virtio-pci, which is no VFIO driver', hostdev(managed='no'))

    def test_on_numbers_that_clash(self):
        self.assert_refused('UID 0x0001', hostdev(), hostdev('0x007a', '0x1', '0x2'))

    def test_on_a_multifunction_device(self):
        self.assert_refused('multifunction', hostdev().replace("<address type='pci'>",
                                                               "<address type='pci' multifunction='on'>"))

    def test_on_a_function_that_another_domain_has(self):
        self.assert_refused("the running domain 'running'", hostdev(), options=('-c', HOLDERS))
        status, lines = self.check(hostdev('0x007a'), options=('-c', HOLDERS))
        self.assertEqual((status, lines[-1]), (OK, '-: would start'))
        self.assertRegex(lines[0], "^-:5: warning: .*'resting'")

    def test_on_an_ism_device(self):
        self.assertEqual(self.check(hostdev('0x0004'), root=LPAR)[0], OK)
        self.assert_refused("0004:00:00.0: error: An ISM device has no MSI-X", hostdev('0x0004'), root=LPAR,
                            kind='qemu')

    def test_on_a_domain_of_libvirt(self):
        result = run('check', '-R', QEMU, '-c', HOLDERS, 'resting')
        self.assertEqual((result.returncode, result.stderr), (OK, ''))
        self.assertTrue(result.stdout.startswith('007a:00:00.0: ok: '), result.stdout)
        self.assertTrue(result.stdout.endswith('resting: would start\n'))


    def test_on_a_domain_that_runs(self):
        result = run('check', '-R', QEMU, '-c', HOLDERS, 'running')
        self.assertEqual((result.returncode, result.stderr), (OK, ''))
        self.assertEqual(result.stdout.splitlines()[1:], ['running: is running', 'running: would start'])


class Groups(Check):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = os.path.join(holder.name, 'host')
        shutil.copytree(QEMU, self.root, symlinks=True)
        members = f'{self.root}/sys/kernel/iommu_groups/0/devices'
        os.makedirs(members, exist_ok=True)
        os.symlink('../../../../devices/pci007a:00/007a:00:00.0', f'{members}/007a:00:00.0')

    def test_of_which_the_host_keeps_a_part(self):
        self.assert_refused('0005:00:00.0: error: The function 007a:00:00.0 of the same IOMMU group is bound to '
                            'virtio-pci', hostdev(), root=self.root)

    def test_that_the_guest_gets_as_a_whole(self):
        self.assertEqual(self.check(hostdev(), hostdev('0x007a', '0x2', '0x2'), root=self.root)[0], OK)

    def test_whose_other_members_have_no_driver_of_the_host(self):
        driver = f'{self.root}/sys/devices/pci007a:00/007a:00:00.0/driver'
        os.unlink(driver)
        self.assertEqual(self.check(hostdev(), root=self.root)[0], OK)
        os.symlink('../../../bus/pci/drivers/vfio-pci', driver)
        self.assertEqual(self.check(hostdev(), root=self.root)[0], OK)


class Interrupts(Check):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = os.path.join(holder.name, 'host')
        shutil.copytree(QEMU, self.root, symlinks=True)
        self.path = f'{self.root}/sys/devices/pci0005:00/0005:00:00.0/config'

    def write(self, capability):
        space = bytearray(256)
        space[0x06], space[0x34], space[0x40] = 0x10, 0x40, capability
        with open(self.path, 'wb') as stream:
            stream.write(space)

    def test_that_every_guest_can_have(self):
        self.write(0x11)
        status, lines = self.check(hostdev(), root=self.root, kind='qemu')
        self.assertEqual(status, OK)
        self.assertRegex(lines[0], 'MSI-X yes$')

    def test_that_only_a_guest_of_kvm_can_do_without(self):
        self.write(0x05)
        self.assertEqual(self.check(hostdev(), root=self.root)[0], OK)
        self.assert_refused('The function has no MSI-X', hostdev(), root=self.root, kind='qemu')


class Refusals(ToolCase):
    def test_of_what_cannot_be_checked(self):
        self.assertIn('nobody', self.fail_with(USAGE, 'check', '-R', QEMU, '-c', HOLDERS, 'nobody'))
        self.assertIn('network', self.fail_with(USAGE, 'check', '-R', QEMU, '-', stdin=b'<network/>'))
        self.assertIn('/nonexistent', self.fail_with(USAGE, 'check', '-R', '/nonexistent', '-',
                                                     stdin=(GUEST % ('kvm', '')).encode()))


if __name__ == '__main__':
    unittest.main()
