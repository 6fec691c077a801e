# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone gives functions of the host to a guest."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest
from xml.etree import ElementTree

from tool_case import FAILED, LPAR, PATIENCE, QEMU, SOURCE, STATES, USAGE, ToolCase, libvirt_release, run

DOMAINS = SOURCE / 'tests' / 'data' / 'domains'
ODD = DOMAINS / 'odd.xml'
EXAMPLE = pathlib.Path(os.environ['ZPCI_BUILD_DIR']) / 'tests' / 'tools' / 'add-function'
GUEST = '''<domain type='kvm'>
  <name>guest</name>
  <memory>524288</memory>
  <os>
    <type arch='s390x' machine='s390-ccw-virtio'>hvm</type>
  </os>
  <devices>
%s  </devices>
</domain>
'''
RNG = '''    <rng model='virtio'>
      <backend model='random'>/dev/urandom</backend>
      <address type='pci'>%s</address>
    </rng>
'''


HOSTDEV = '''    <hostdev mode='subsystem' type='pci' managed='yes'>
      <source>
        <address domain='%s' bus='0x00' slot='0x00' function='0x0'/>
      </source>
%s    </hostdev>
'''
CARD = '''    <interface type='user'>
      <model type='virtio'/>
      <address type='pci'/>
    </interface>
'''


def numbers(text):
    """UID and FID of each device with a PCI address, in the order of the document."""
    root = ElementTree.fromstring(text.encode())
    return [(zpci.get('uid'), zpci.get('fid')) for zpci in root.iter('zpci')]


class Elements(ToolCase):
    def elements(self, *arguments):
        text = self.succeed('hostdev', '-R', QEMU, *arguments)
        return ElementTree.fromstring(f'<devices>{text}</devices>')

    def test_are_what_libvirt_attaches(self):
        self.assertEqual(self.succeed('hostdev', '-R', QEMU, 'fid=0xc'), '''\
<hostdev mode='subsystem' type='pci' managed='yes'>
  <source>
    <address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/>
  </source>
  <address type='pci'>
    <zpci uid='0x0005' fid='0x0000000c'/>
  </address>
</hostdev>
''')

    def test_stand_one_after_the_other_in_the_order_of_names(self):
        devices = self.elements('uid=0x7a', 'pci_0005_00_00_0')
        self.assertEqual([zpci.get('uid') for zpci in devices.iter('zpci')], ['0x007a', '0x0005'])

    def test_have_the_numbers_that_are_asked_for(self):
        zpci = self.elements('uid=5', '--uid', '0xffff', '--fid', '0').find('.//zpci')
        self.assertEqual((zpci.get('uid'), zpci.get('fid')), ('0xffff', '0x00000000'))

    def test_have_the_first_free_numbers_by_policy(self):
        devices = self.elements('--policy=first-free', 'uid=5', 'uid=0x7a')
        self.assertEqual([(zpci.get('uid'), zpci.get('fid')) for zpci in devices.iter('zpci')],
                         [('0x0001', '0x00000000'), ('0x0002', '0x00000001')])

    def test_carry_every_option(self):
        device, = self.elements('uid=5', '--unmanaged', '--driver', 'vfio', '--rom', 'off', '--alias',
                                'ua-nic', '--boot-order', '2')
        self.assertEqual(device.get('managed'), 'no')
        self.assertEqual(device.find('driver').attrib, {'name': 'vfio'})
        self.assertEqual(device.find('rom').attrib, {'bar': 'off'})
        self.assertEqual(device.find('alias').attrib, {'name': 'ua-nic'})
        self.assertEqual(device.find('boot').attrib, {'order': '2'})

    def test_can_be_interfaces(self):
        result = run('hostdev', '-R', QEMU, 'uid=5', '--interface', '--mac', '52:54:00:00:00:01', '--vlan', '42')
        self.assertRegex(result.stderr, r'\Avirt-zpci: pci_0005_00_00_0: It is no virtual function[^\n]*\n\Z')
        device = ElementTree.fromstring(result.stdout)
        self.assertEqual((device.tag, device.get('type')), ('interface', 'hostdev'))
        self.assertEqual(device.find('source/address').get('domain'), '0x0005')
        self.assertEqual(device.find('mac').attrib, {'address': '52:54:00:00:00:01'})
        self.assertEqual(device.find('vlan/tag').attrib, {'id': '42'})
        self.assertEqual(device.find('address/zpci').get('fid'), '0x0000000c')
        self.assertNotIn('no virtual function', run('hostdev', '-R', LPAR, '00:00.2', '--interface').stderr)

    def test_tell_why_numbers_are_not_those_of_the_host(self):
        result = run('hostdev', '-R', LPAR, '00:00.2')
        self.assertEqual(result.returncode, 0)
        self.assertIn("<zpci uid='0x0001' fid='0x00000101'/>", result.stdout)
        self.assertRegex(result.stderr, r'\Avirt-zpci: pci_0000_00_00_2: [^\n]*UID 0x0102 is unique'
                                        r'[^\n]*first free[^\n]*\n\Z')

    def test_pass_our_validation(self):
        text = self.succeed('hostdev', '-R', QEMU, 'uid=5', 'uid=0x7a')
        self.assertEqual(self.succeed('validate', '-', stdin=text.encode()), '')


class Refusals(ToolCase):
    def test_of_options_that_cannot_be(self):
        for options, hint in ((('--uid', '0'), "--uid is wrong: '0' is not a number from 0x0001 to 0xffff"),
                              (('--uid', '70000'), "'70000' is not a number from 0x0001 to 0xffff"),
                              (('--uid', '102'), 'write 0x102 if it is hexadecimal, and 0x66 if it is decimal'),
                              (('--uid', '010'), '010'), (('--fid', '-1'), '--fid'),
                              (('--fid', '0x100000000'), '0xffffffff'),
                              (('--policy', 'last'), 'mirror or first-free'),
                              (('--rom', 'no'), 'on or off'), (('--iommufd', 'on'), 'yes or no'), (('--vlan', '4095'), "'4095' is not a number from 1 to 4094"),
                              (('--vlan', '0'), 'from 1 to 4094'), (('--vlan', '0x'), 'from 1 to 4094'),
                              (('--boot-order', '0'), '--boot-order'), (('--diff',), '--diff'),
                              (('-c', 'test:///default'), '--connect'),
                              (('-x', ODD, '-d', 'guest'), 'exclude')):
            with self.subTest(options=options):
                self.assertIn(hint, self.fail_with(USAGE, 'hostdev', '-R', QEMU, 'uid=5', *options))

    def test_of_one_number_for_two_functions(self):
        for option in ('--uid=1', '--fid=1', '--alias=ua-a', '--boot-order=1', '--mac=52:54:00:00:00:01'):
            self.assertIn('one function', self.fail_with(USAGE, 'hostdev', '-R', QEMU, 'uid=5', 'uid=0x7a',
                                                         option))

    def test_of_what_no_device_has(self):
        """The command line is wrong, whatever the host has."""
        for options, hint in ((('--alias', 'nic'), 'ua-'), (('--model', 'mlx5_vfio_pci'), 'driver'),
                              (('--vlan', '42'), 'interface'), (('--mac', '52:54:00:00:00:01'), 'interface'),
                              (('-i', '--mac', '53:54:00:00:00:01'), '53:54:00:00:00:01')):
            for name in ('uid=5', 'uid=6'):
                with self.subTest(options=options, name=name):
                    self.assertIn(hint, self.fail_with(USAGE, 'hostdev', '-R', QEMU, name, *options))

    def test_of_what_libvirt_would_not_take(self):
        self.assertIn('--driver is vfio', self.fail_with(USAGE, 'hostdev', '-R', QEMU, 'uid=5', '--driver', 'kvm'))

    def test_of_what_is_no_function(self):
        self.assertIn('uid 0x0006', self.fail_with(FAILED, 'hostdev', '-R', QEMU, 'uid=6'))
        self.assertIn('computer', self.fail_with(FAILED, 'hostdev', '-R', QEMU, 'computer'))
        self.assertIn('two ways', self.fail_with(FAILED, 'hostdev', '-R', QEMU, 'uid=102'))
        self.assertIn('name the one that is meant: pci_0004_00_00_0 (uid 0x0021), '
                      'pci_0005_00_00_0 (uid 0x0021)',
                      self.fail_with(FAILED, 'hostdev', '-R', LPAR, '0x21'))

    def test_of_a_function_in_standby(self):
        for name in ('fid=0x101', 'zpci_00000101', '00000101', '0x7b'):
            self.assertRegex(self.fail_with(FAILED, 'hostdev', '-R', STATES, name),
                             r'zpci_00000101 is in standby: .* virsh -c "\$\(virt-zpci uri\)" nodedev-start zpci_00000101$')

    def test_of_what_is_no_name_of_a_function(self):
        for name in ('pci_-1_00_00_0', 'pci_5_0_0_0', 'pci_0005_00_00_00', 'nosuch'):
            for command in (('hostdev',), ('attach', '-c', 'test:///default', 'test'),
                            ('detach', '-c', 'test:///default', 'test')):
                self.assertIn(f"no node device '{name}'", self.fail_with(FAILED, *command, '-R', QEMU, name))

    def test_of_options_comes_before_libvirt_is_asked(self):
        for options in (('--uid=0',), ('--alias=nic',), ('--mac=zz',), ('--policy=last',)):
            self.fail_with(USAGE, 'attach', '-c', 'nonsense:///', '-R', QEMU, 'guest', 'uid=5', *options)
        for command in ('attach', 'detach'):
            self.assertIn('Name a function', self.fail_with(USAGE, command, '-c', 'nonsense:///', 'guest'))

    def test_of_a_function_twice(self):
        self.assertIn('0005:00:00.0', self.fail_with(FAILED, 'hostdev', '-R', QEMU, '--policy=first-free',
                                                     'uid=5', 'fid=0xc'))


class Iommufd(ToolCase):
    """Libvirt knows it from 12.1 on, and drops without a word what it does not know."""

    KNOWN = libvirt_release() >= (12, 1, 0)

    def write(self, value, *options):
        """What is printed; None if the installed libvirt is one that does not know it, which is said."""
        arguments = ('hostdev', '-R', QEMU, 'uid=5', '--iommufd', value, *options)
        if self.KNOWN:
            result = run(*arguments)
            self.assertEqual(result.returncode, 0, result.stderr)
            return result.stdout
        self.assertRegex(self.fail_with(FAILED, *arguments),
                         'its line [0-9]+ has this fault: The element driver has the attribute iommufd, which the '
                         'installed libvirt does not know; libvirt 12.1.0 and later do[.]$')
        return None

    def test_is_written_alone_and_into_a_domain(self):
        for value in ('yes', 'no'):
            alone = self.write(value)
            domain = self.write(value, '-x', ODD)
            if self.KNOWN:
                self.assertTrue(alone.startswith("<hostdev mode='subsystem' type='pci' managed='yes'>\n"
                                                 f"  <driver iommufd='{value}'/>\n  <source>\n"), alone)
                device = ElementTree.fromstring(domain.encode()).findall('devices/hostdev')[-1]
                self.assertEqual(device.find('driver').attrib, {'iommufd': value})

    def test_stands_beside_the_name_of_the_driver(self):
        for options in (('--driver', 'vfio'), ('--driver', 'vfio', '--interface')):
            if self.KNOWN:
                result = run('hostdev', '-R', LPAR, '00:00.2', '-I', 'yes', *options)
                self.assertIn("<driver name='vfio' iommufd='yes'/>", result.stdout, result.stderr)
            else:
                self.write('yes', *options)

    def test_is_valid_to_libvirts_own_schema(self):
        text = self.write('yes', '-x', ODD)
        if self.KNOWN:
            subprocess.run(['xmllint', '--noout', '--nonet', '--relaxng', '/usr/share/libvirt/schemas/domain.rng', '-'],
                           input=text.encode(), stderr=subprocess.DEVNULL, check=True, timeout=PATIENCE)

    def test_goes_to_no_libvirt_that_does_not_know_it(self):
        """The guest of test:///default is of another architecture, which is told where iommufd is no obstacle."""
        obstacle = ('architecture' if self.KNOWN else 'The libvirt at test:///default is of release '
                    f'{".".join(map(str, libvirt_release()))}, which does not know iommufd; leave it out')
        for command in (('hostdev', '-c', 'test:///default', '-d', 'test', 'uid=5'),
                        ('attach', '-c', 'test:///default', 'test', 'uid=5'),
                        ('attach', '-n', '-c', 'test:///default', 'test', 'uid=5')):
            self.assertIn(obstacle, self.fail_with(FAILED, *command, '-R', QEMU, '--iommufd=yes'))
            self.assertIn('architecture', self.fail_with(FAILED, *command, '-R', QEMU))

    def test_of_a_device_in_a_file_goes_to_none_either(self):
        with tempfile.NamedTemporaryFile('w', encoding='utf-8') as file:
            file.write((HOSTDEV % ('0x0009', '')).replace('<source>', "<driver iommufd='yes'/><source>"))
            file.flush()
            self.assertIn('architecture' if self.KNOWN else 'which does not know iommufd', self.fail_with(
                FAILED, 'attach', '-c', 'test:///default', 'test', '-x', file.name))


class Domain(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.path = os.path.join(holder.name, 'guest.xml')

    def write(self, devices):
        with open(self.path, 'w', encoding='utf-8') as stream:
            stream.write(GUEST % devices)
        return self.path

    def add(self, path, *names):
        result = run('hostdev', '-R', QEMU, '-x', path, *names)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_keeps_every_byte_that_was_there(self):
        before = ODD.read_text(encoding='utf-8')
        after = self.add(ODD, 'uid=5', 'uid=0x7a')
        self.assertIn("<address domain='0x007a' bus='0x00' slot='0x00' function='0x0'/>", after)
        added = re.compile(r"\t\t<hostdev.*?</hostdev>\n|>\n\t*<zpci uid='0x....' fid='0x.{8}'/>\n\t*"
                           r"</address(?=>)| fid='0x.{8}'(?= />)", re.DOTALL)
        self.assertEqual(added.sub(lambda match: '/' if match.group().startswith('>') else '', after), before)

    def test_is_as_the_golden_one(self):
        self.assert_golden(self.add(ODD, 'uid=5', 'uid=0x7a'), 'hostdev-odd.xml')

    def test_shows_the_difference_that_patch_takes(self):
        difference = run('hostdev', '-R', QEMU, '-x', ODD, '--diff', 'uid=5', 'uid=0x7a').stdout
        path = self.write('')
        with open(path, 'wb') as stream:
            stream.write(ODD.read_bytes())
        subprocess.run(['patch', '-s', path], input=difference.encode(), check=True, timeout=PATIENCE)
        with open(path, encoding='utf-8') as stream:
            self.assertEqual(stream.read(), self.add(ODD, 'uid=5', 'uid=0x7a'))
        self.assertNotIn('<name>', difference)

    def test_is_valid_to_libvirts_own_schema(self):
        subprocess.run(['xmllint', '--noout', '--nonet', '--relaxng', '/usr/share/libvirt/schemas/domain.rng',
                        '-'], input=self.add(ODD, 'uid=5').encode(), stderr=subprocess.DEVNULL, check=True,
                       timeout=PATIENCE)

    def test_gives_every_pci_device_its_numbers(self):
        path = self.write(RNG % '' + RNG % "<zpci uid='0x3'/>" + RNG % "<zpci fid='0x0'/>")
        self.assertEqual(numbers(self.add(path, 'uid=5')),
                         [('0x0001', '0x00000001'), ('0x3', '0x00000002'), ('0x0002', '0x0'),
                          ('0x0005', '0x0000000c')])

    def test_pins_what_is_passed_already(self):
        """As libvirt would give numbers to it if nothing were added: a guest keeps the names of its interfaces."""
        unplaced = HOSTDEV % ('0x0009', '')
        for devices, expected in (
                (unplaced, [('0x0001', '0x00000000')]),
                (HOSTDEV % ('0x0009', "      <address type='pci'/>\n"), [('0x0001', '0x00000000')]),
                (RNG % "<zpci uid='0x1' fid='0x0'/>" + unplaced, [('0x1', '0x0'), ('0x0002', '0x00000001')]),
                # libvirt comes to this one before the random number generator.
                (RNG % '' + unplaced, [('0x0002', '0x00000001'), ('0x0001', '0x00000000')]),
                (unplaced + CARD, [('0x0002', '0x00000001'), ('0x0001', '0x00000000')])):
            with self.subTest(devices=devices):
                text = self.add(self.write(devices), 'uid=5', '--policy=first-free')
                last = (f'0x{len(expected) + 1:04x}', f'0x{len(expected):08x}')
                self.assertEqual(numbers(text), [*expected, last])

    def test_pins_halves_in_the_order_of_libvirt(self):
        """Among those that have one number already, too, it comes to what is passed first."""
        half = "      <address type='pci'><zpci fid='0x8'/></address>\n"
        text = self.add(self.write(RNG % "<zpci fid='0x7'/>" + HOSTDEV % ('0x0009', half)), 'uid=5')
        self.assertEqual(numbers(text), [('0x0002', '0x7'), ('0x0001', '0x8'), ('0x0005', '0x0000000c')])

    def test_pins_and_keeps_every_other_byte(self):
        devices = (HOSTDEV % ('0x0009', '')).replace('    <hostdev', '    <!-- mine -->\n    <hostdev')
        text = self.add(self.write(devices), 'uid=5')
        pinned = """\
      </source>
      <address type='pci'>
        <zpci uid='0x0001' fid='0x00000000'/>
      </address>
    </hostdev>
"""
        self.assertTrue(text.startswith(((GUEST % devices).replace('      </source>\n    </hostdev>\n', pinned)
                                         ).partition('  </devices>')[0]), text)

    def test_that_is_passed_comes_before_what_the_host_has(self):
        result = run('hostdev', '-R', QEMU, '-x', self.write(''.join(HOSTDEV % (f'0x{n:04x}', '') for n in range(16, 21))),
                     'uid=5')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([uid for uid, _ in numbers(result.stdout)],
                         ['0x0001', '0x0002', '0x0003', '0x0004', '0x0005', '0x0006'])
        self.assertRegex(result.stderr, r"\Avirt-zpci: pci_0005_00_00_0: Another device of the domain has the host's UID 0x0005")

    def test_says_who_moves_for_a_number_that_is_asked_for(self):
        result = run('hostdev', '-R', QEMU, '-x', self.write(HOSTDEV % ('0x0009', '')), 'uid=5', '--uid=1')
        self.assertEqual(numbers(result.stdout), [('0x0002', '0x00000000'), ('0x0001', '0x0000000c')])
        self.assertEqual(result.stderr, 'virt-zpci: pci_0005_00_00_0: The element hostdev on line 8 gets the UID 0x0002; '
                         'libvirt would give it 0x0001, which is asked for here.\n')

    def test_leaves_alone_what_asks_for_no_pci_address(self):
        plain = RNG.replace("      <address type='pci'>%s</address>\n", '')
        self.assertEqual(numbers(self.add(self.write(plain), 'uid=5')), [('0x0005', '0x0000000c')])

    def test_mirrors_unless_somebody_has_the_number(self):
        path = self.write(RNG % "<zpci uid='0x5' fid='0x100'/>")
        result = run('hostdev', '-R', QEMU, '-x', path, 'uid=5', 'uid=0x7a')
        self.assertEqual(numbers(result.stdout), [('0x5', '0x100'), ('0x0001', '0x0000000c'),
                                                  ('0x007a', '0x00000000')])
        self.assertRegex(result.stderr, r'\Avirt-zpci: pci_0005_00_00_0: [^\n]*UID 0x0005[^\n]*\n'
                                        r'virt-zpci: pci_007a_00_00_0: [^\n]*FID 0x00000100[^\n]*\n\Z')

    def test_refuses_a_number_that_is_taken(self):
        path = self.write(RNG % "<zpci uid='0x1234'/>")
        complaint = self.fail_with(FAILED, 'hostdev', '-R', QEMU, '-x', path, 'uid=5', '--uid', '0x1234')
        self.assertRegex(complaint, 'UID 0x1234 is asked for.* line 10 has it')

    def test_refuses_a_domain_that_has_faults(self):
        for devices, hint in ((RNG % "<zpci uid='ff'/>", "'ff'"),
                              (RNG % "<zpci uid='0x1'/>" * 2, '0x0001'),
                              (RNG % '' + '<nonsense/>', 'nonsense')):
            with self.subTest(hint=hint):
                self.assertIn(hint, self.fail_with(FAILED, 'hostdev', '-R', QEMU, '-x', self.write(devices),
                                                   'uid=5'))

    def test_refuses_what_is_no_domain_for_it(self):
        path = self.write('')
        for old, new, hint in (("arch='s390x'", "arch='x86_64'", 'x86_64'), ('domain', 'network', 'network'),
                               ('</devices>', '', 'well-formed'),
                               ('<domain', '<!DOCTYPE domain><domain', 'DOCTYPE')):
            with self.subTest(hint=hint), open(path, 'w', encoding='utf-8') as stream:
                stream.write((GUEST % '').replace(old, new))
                stream.flush()
                self.assertIn(hint, self.fail_with(FAILED, 'hostdev', '-R', QEMU, '-x', path, 'uid=5'))

    def test_without_devices_gets_them(self):
        with open(self.path, 'w', encoding='utf-8') as stream:
            stream.write((GUEST % '').replace('  <devices>\n  </devices>\n', ''))
        after = self.add(self.path, 'uid=5')
        self.assertIn("  <devices>\n    <hostdev mode='subsystem'", after)
        self.assertEqual(numbers(after), [('0x0005', '0x0000000c')])

    def test_comes_from_standard_input(self):
        text = self.succeed('hostdev', '-R', QEMU, '-x', '-', 'uid=5', stdin=(GUEST % '').encode())
        self.assertEqual(numbers(text), [('0x0005', '0x0000000c')])


class DomainOfLibvirt(ToolCase):
    URI = f'test://{DOMAINS / "node.xml"}'

    def test_is_read_and_completed(self):
        text = self.succeed('hostdev', '-R', QEMU, '-c', self.URI, '--domain', 'zguest', 'uid=5')
        self.assertIn('<name>zguest</name>', text)
        self.assertEqual(numbers(text)[-1], ('0x0005', '0x0000000c'))

    def test_that_is_not_there(self):
        complaint = self.fail_with(FAILED, 'hostdev', '-R', QEMU, '-c', self.URI, '-d', 'nobody', 'uid=5')
        self.assertIn('nobody', complaint)
        self.assertIn('libvirt', self.fail_with(FAILED, 'hostdev', '-R', QEMU, '-c', 'nonsense:///', '-d',
                                                'nobody', 'uid=5'))


class Example(ToolCase):
    """The program of the documentation does with the library what the tool does."""

    def test_prints_what_the_tool_prints(self):
        result = subprocess.run([EXAMPLE, ODD, 'uid=0x7a', QEMU], stdout=subprocess.PIPE, check=True,
                                timeout=PATIENCE)
        self.assertEqual(result.stdout.decode(), self.succeed('hostdev', '-R', QEMU, '-x', ODD, 'uid=0x7a'))

    def test_says_why_not(self):
        result = subprocess.run([EXAMPLE, ODD, 'uid=6', QEMU], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                check=False, timeout=PATIENCE)
        self.assertEqual((result.returncode, result.stdout), (1, b''))
        self.assertIn(b'uid 0x0006', result.stderr)


if __name__ == '__main__':
    unittest.main()
