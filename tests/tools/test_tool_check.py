# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks whether a guest would start, before it is started."""

import json
import os
import re
import shutil
import tempfile
import unittest

from tool_case import FAILED, LPAR, OK, QEMU, SOURCE, USAGE, ToolCase, libvirt_release, run

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


UNKNOWN = ['holders: not known for a captured host', '-: would start, as far as a capture tells']


def hostdev(domain='0x0005', uid='0x1', fid='0x1', managed='yes'):
    return HOSTDEV % (managed, domain, uid, fid)


class Check(ToolCase):
    def check(self, *devices, root=QEMU, kind='kvm', options=()):
        """Exit status and lines; the last line is the verdict."""
        result = run('check', '-R', root, *options, '-', stdin=(GUEST % (kind, ''.join(devices))).encode())
        self.assertEqual(result.stderr, '')
        return result.returncode, result.stdout.splitlines()

    def assert_starts(self, lines, *devices, **options):
        self.assertEqual(self.check(*devices, **options), (OK, [*lines, *UNKNOWN]))

    def copy(self, root):
        """A host that can be changed."""
        return shutil.copytree(root, os.path.join(self.directory(), 'host'), symlinks=True)

    def directory(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        return holder.name

    def holder(self, domain, function='0x0', name='other'):
        """The URI of a libvirt on which a running domain has this function."""
        path = os.path.join(self.directory(), 'node.xml')
        device = hostdev(domain).replace("function='0x0'", f"function='{function}'")
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(f"<node>{(GUEST % ('test', device)).replace('guest<', f'{name}<')}</node>")
        return f'test://{path}'

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
        self.assertEqual(self.check(), (OK, ['-: would start']))

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
        self.assertEqual((status, lines[-2:]), (OK, ['use: not known for a captured host', UNKNOWN[1]]))
        self.assertRegex(lines[0], "^-:5: warning: .*'resting'")
        self.assertEqual(lines[1], '-:5: hint: Take another function if both are to run.')

    def test_on_an_ism_device(self):
        self.assertEqual(self.check(hostdev('0x0004'), root=LPAR)[0], OK)
        self.assert_refused("0004:00:00.0: error: An ISM device has no MSI-X", hostdev('0x0004'), root=LPAR,
                            kind='qemu')

    def test_on_a_domain_of_libvirt(self):
        result = run('check', '-R', QEMU, '-c', HOLDERS, 'resting')
        self.assertEqual((result.returncode, result.stderr), (OK, ''))
        self.assertTrue(result.stdout.startswith('007a:00:00.0: ok: '), result.stdout)
        self.assertTrue(result.stdout.endswith('resting: would start, as far as a capture tells\n'))


    def test_on_a_domain_that_runs(self):
        result = run('check', '-R', QEMU, '-c', HOLDERS, 'running')
        self.assertEqual((result.returncode, result.stderr), (OK, ''))
        self.assertEqual(result.stdout.splitlines()[2:],
                         ['running: is running', 'running: would start, as far as a capture tells'])


class Groups(Check):
    def setUp(self):
        self.root = self.copy(QEMU)
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
        status, lines = self.check(hostdev(), root=self.root)
        self.assertEqual(status, OK)
        self.assertIn('0005:00:00.0: warning: The function 007a:00:00.0 of the same IOMMU group stays behind; nobody '
                      'else can use it while the guest runs.', lines)

    def test_of_which_a_running_domain_has_a_part(self):
        self.assert_refused("0005:00:00.0: error: The function 007a:00:00.0 of the same IOMMU group belongs to the "
                            "running domain 'other'", hostdev(), root=self.root, options=('-c', self.holder('0x007a')))

    def test_that_no_link_tells(self):
        shutil.rmtree(f'{self.root}/sys/kernel/iommu_groups/0')
        _, lines = self.check(hostdev(), root=self.root)
        self.assertEqual(lines[-2], 'groups, holders: not known for a captured host')


def by(device, iommufd):
    return device.replace('<source>', f"<driver iommufd='{iommufd}'/><source>")


class Iommufd(Check):
    """To a libvirt before 12.1 the document is wrong, which keeps nothing of the host from being told."""

    OF_DEVICE, OF_DOMAIN = libvirt_release() >= (12, 1, 0), libvirt_release() >= (12, 2, 0)
    FIRST, SECOND = hostdev(), hostdev('0x007a', '0x2', '0x2')

    def setUp(self):
        self.root = self.copy(QEMU)
        members = f'{self.root}/sys/kernel/iommu_groups/0/devices'
        os.makedirs(members, exist_ok=True)
        os.symlink('../../../../devices/pci007a:00/007a:00:00.0', f'{members}/007a:00:00.0')

    def judge(self, *devices, root=QEMU, of_domain=''):
        """Whether it would start for all that the host tells, and the lines of functions and unknown things."""
        text = (GUEST % ('kvm', ''.join(devices))).replace('<os>', f'{of_domain}<os>')
        result = run('check', '-R', root, '-', stdin=text.encode())
        self.assertEqual(result.stderr, '')
        lines = [line for line in result.stdout.splitlines() if not re.match('-:[0-9]+: ', line)]
        knows = self.OF_DOMAIN if of_domain else self.OF_DEVICE
        good = not any(': error: ' in line for line in lines)
        self.assertEqual(result.returncode, OK if good and knows else FAILED, lines)
        self.assertEqual('installed libvirt does not know' in result.stdout, not knows)
        return good, lines[:-1]

    def test_by_its_driver(self):
        self.assertEqual(self.judge(by(self.FIRST, 'yes'), by(self.SECOND, 'no')), (True, [
            '0005:00:00.0: ok: driver virtio-pci, IOMMU group 0, MSI-X -, through an iommufd',
            '007a:00:00.0: ok: driver virtio-pci, IOMMU group 1, MSI-X -',
            'iommufd, holders: not known for a captured host']))

    def test_by_the_domain(self):
        good, lines = self.judge(self.FIRST, by(self.SECOND, 'no'), of_domain="<iommufd enabled='yes'/>\n")
        self.assertEqual((good, [line.endswith('through an iommufd') for line in lines[:2]]), (True, [True, False]))
        good, lines = self.judge(self.FIRST, by(self.SECOND, 'yes'), of_domain="<iommufd enabled='no'/>\n")
        self.assertEqual((good, [line.endswith('through an iommufd') for line in lines[:2]]), (True, [False, True]))

    def test_that_an_application_hands_over(self):
        good, lines = self.judge(self.FIRST, by(self.SECOND, 'no'),
                                 of_domain="<iommufd enabled='yes' fdgroup='mine'/>\n")
        self.assertEqual((good, [line for line in lines if 'warning' in line]), (True, [
            "0005:00:00.0: warning: It goes through an iommufd of the file descriptor group 'mine', which an "
            'application has to hand to libvirt before the guest starts.']))

    def test_for_one_function_of_a_group(self):
        for devices in ((by(self.FIRST, 'yes'), self.SECOND), (by(self.FIRST, 'no'), by(self.SECOND, 'yes'))):
            good, lines = self.judge(*devices, root=self.root)
            self.assertFalse(good)
            self.assertIn('0005:00:00.0: error: The domain also has 007a:00:00.0 of its IOMMU group; one of them goes '
                          'through an iommufd, and the other does not.', lines)
        for value in ('yes', 'no'):
            self.assertTrue(self.judge(by(self.FIRST, value), by(self.SECOND, value), root=self.root)[0])

    def test_takes_its_group_as_a_whole(self):
        good, lines = self.judge(by(self.FIRST, 'yes'), root=self.root)
        self.assertFalse(good)
        self.assertIn('0005:00:00.0: error: The function 007a:00:00.0 of the same IOMMU group is bound to virtio-pci; '
                      'take it from that driver, or give it to the guest too.', lines)


class VirtualFunctions(Check):
    PHYSICAL, FIRST, SECOND = hostdev('0x0000', '0x1', '0x1'), *(
        hostdev('0x0000', f'0x{n}', f'0x{n}').replace("function='0x0'", f"function='0x{n}'") for n in (2, 3))

    def test_with_their_physical_function(self):
        for devices in ((self.PHYSICAL, self.FIRST), (self.FIRST, self.PHYSICAL)):
            self.assert_refused('0000:00:00.2: error: It is a virtual function of 0000:00:00.0, which the domain has '
                                'too', *devices, root=LPAR)
        _, lines = self.check(self.PHYSICAL, self.FIRST, root=LPAR)
        self.assertIn('0000:00:00.2: hint: Take out either 0000:00:00.0 or its virtual functions.', lines)

    def test_without_it(self):
        status, lines = self.check(self.FIRST, self.SECOND, root=LPAR)
        self.assertEqual((status, [line for line in lines if 'warning' in line]), (OK, []))

    def test_that_the_guest_does_not_get(self):
        status, lines = self.check(self.PHYSICAL, root=LPAR)
        self.assertEqual(status, OK)
        self.assertIn('0000:00:00.0: warning: Its virtual functions vanish when the guest gets it: there are 3, the '
                      'first is 0000:00:00.2.', lines)

    def test_that_a_running_domain_has(self):
        self.assert_refused("0000:00:00.0: error: Its virtual function 0000:00:00.3 belongs to the running domain "
                            "'other'", self.PHYSICAL, root=LPAR, options=('-c', self.holder('0x0000', '0x3')))
        uri = self.holder('0x0000', '0x3', name='guest')
        self.assertEqual(self.check(self.PHYSICAL, root=LPAR, options=('-c', uri))[0], OK)


class Bridges(Check):
    def setUp(self):
        self.root = self.copy(QEMU)

    def test_are_not_given_to_guests(self):
        path = f'{self.root}/sys/devices/pci0005:00/0005:00:00.0/class'
        for code, status in (('0x060400', FAILED), ('0x060401', FAILED), ('0x060000', OK)):
            with open(path, 'w', encoding='ascii') as stream:
                stream.write(f'{code}\n')
            self.assertEqual(self.check(hostdev(), root=self.root)[0], status, code)
            if status == FAILED:
                self.assert_refused('0005:00:00.0: error: It is a PCI bridge', hostdev(), root=self.root)


class Json(Check):
    def json(self, *devices, root=LPAR):
        result = run('check', '--json', '-R', root, '-', stdin=(GUEST % ('kvm', ''.join(devices))).encode())
        self.assertEqual(result.stderr, '')
        return result.returncode, json.loads(result.stdout)

    def test_has_what_the_lines_have(self):
        self.assertEqual(self.json(VirtualFunctions.FIRST), (OK, {
            'domain': '-', 'verdict': 'would start', 'running': False, 'unknown': ['holders'], 'findings': [
                {'device': '0000:00:00.2', 'severity': 'ok', 'text': 'driver mlx5_core, IOMMU group 1, MSI-X -'}]}))

    def test_has_devices_lines_and_hints(self):
        status, report = self.json(VirtualFunctions.PHYSICAL, VirtualFunctions.FIRST,
                                   VirtualFunctions.SECOND.replace("fid='0x3'", "fid='0x2'"))
        self.assertEqual((status, report['verdict']), (FAILED, 'would not start'))
        line = [found for found in report['findings'] if 'line' in found]
        self.assertEqual([(found['line'], found['severity']) for found in line], [(7, 'error')])
        device, = [found for found in report['findings'] if found.get('device') == '0000:00:00.2']
        self.assertEqual((device['severity'], device['hint']),
                         ('error', 'Take out either 0000:00:00.0 or its virtual functions.'))

    def test_of_a_guest_without_functions(self):
        self.assertEqual(self.json(), (OK, {'domain': '-', 'verdict': 'would start', 'running': False, 'unknown': [],
                                            'findings': []}))


class Interrupts(Check):
    def setUp(self):
        self.root = self.copy(QEMU)
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
        self.assertEqual(self.fail_with(USAGE, 'check', '-R', QEMU, '-c', HOLDERS, 'nobody'),
                         "virt-zpci: There is no file 'nobody'. libvirt has no domain with the name or UUID 'nobody' at "
                         f'{HOLDERS}.\n')
        self.assertRegex(self.fail_with(USAGE, 'check', '-R', QEMU, '-c', 'nonsense:///', 'nobody'),
                         "There is no file 'nobody'. Connecting to libvirt failed: ")
        self.assertIn('network', self.fail_with(USAGE, 'check', '-R', QEMU, '-', stdin=b'<network/>'))
        self.assertIn('/nonexistent', self.fail_with(USAGE, 'check', '-R', '/nonexistent', '-',
                                                     stdin=(GUEST % ('kvm', '')).encode()))


if __name__ == '__main__':
    unittest.main()
