# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Functions are given to guests of a stock libvirtd with its QEMU driver, and taken away again.

The guests never run: only their documents for the next start change.
"""

import os
import pathlib
import subprocess
import unittest
from xml.etree import ElementTree

import libvirt

from stock_daemon import StockDaemon, require_qemu

SOURCE = pathlib.Path(os.environ['ZPCI_SOURCE_DIR'])
PROGRAM = pathlib.Path(os.environ['ZPCI_BUILD_DIR']) / 'src' / 'tools' / 'virt-zpci'
QEMU = SOURCE / 'tests' / 'data' / 'hosts' / 'qemu-s390x'
EMULATOR = '/usr/bin/qemu-system-s390x'
PATIENCE = 120
GUEST = '''<domain type='qemu'>
  <name>guest</name>
  <memory>524288</memory>
  <os>
    <type arch='s390x' machine='s390-ccw-virtio'>hvm</type>
  </os>
  <devices>
    <rng model='virtio'>
      <backend model='random'>/dev/urandom</backend>
      <address type='pci'>%s</address>
    </rng>
  </devices>
</domain>
'''


def sources(text):
    return [address.get('domain') for address in ElementTree.fromstring(text).findall('.//hostdev/source/address')]


def numbers(text):
    return [(zpci.get('uid'), zpci.get('fid')) for zpci in ElementTree.fromstring(text).iter('zpci')]


class DomainCase(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        require_qemu()
        libvirt.registerErrorHandler(lambda *_: None, None)
        cls.stock = cls.enterClassContext(StockDaemon(QEMU))
        cls.uri = f'qemu+unix:///system?socket={cls.stock.directory}/libvirt-sock'
        cls.connection = libvirt.open(cls.uri)
        cls.addClassCleanup(cls.connection.close)

    def define(self, zpci=''):
        domain = self.connection.defineXML(GUEST % zpci)
        self.addCleanup(domain.undefine)
        return domain

    def write(self, address, zpci='', name='device.xml'):
        """A file with a device that is no function of the host."""
        path = os.path.join(self.stock.directory, name)
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write("<rng model='virtio'>\n  <backend model='random'>/dev/random</backend>\n"
                         f'  <address {address}>{zpci}</address>\n</rng>\n')
        return path

    def run_tool(self, command, *arguments):
        return subprocess.run([PROGRAM, command, '-R', QEMU, '-c', self.uri, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding='utf-8', check=False, timeout=PATIENCE)

    def succeed(self, *arguments):
        result = self.run_tool(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        return result.stdout

    def fail_with(self, hint, *arguments):
        result = self.run_tool(*arguments)
        self.assertEqual((result.returncode, result.stdout), (1, ''))
        self.assertRegex(result.stderr, r'\Avirt-zpci: [^\n]+\n\Z')
        self.assertIn(hint, result.stderr)


class Attach(DomainCase):
    def test_shows_the_device_as_libvirt_has_it(self):
        domain = self.define()
        shown = self.succeed('attach', 'guest', 'uid=5')
        text = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
        self.assertEqual(sources(text), ['0x0005'])
        self.assertIn(('0x0005', '0x0000000c'), numbers(text))
        self.assertIn(shown, text)
        self.assertIn("function='0x0'>\n        <zpci uid='0x0005' fid='0x0000000c'/>", shown)

    def test_takes_several_at_once(self):
        domain = self.define("<zpci uid='0x7a' fid='0x0'/>")
        result = self.run_tool('attach', 'guest', 'uid=5', 'uid=0x7a', '--config')
        self.assertEqual(result.returncode, 0)
        self.assertIn('pci_007a_00_00_0: ', result.stderr)
        self.assertEqual(numbers(domain.XMLDesc(0)), [('0x0005', '0x0000000c'), ('0x0001', '0x00000100'),
                                                      ('0x007a', '0x00000000')])

    def test_dry_changes_nothing(self):
        domain = self.define()
        before = domain.XMLDesc(0)
        self.assertIn("<zpci uid='0x1234' fid='0x0000abcd'/>", self.succeed(
            'attach', '--dry-run', 'guest', 'uid=5', '--uid=0x1234', '--fid=0xabcd'))
        self.assertEqual(domain.XMLDesc(0), before)

    def test_takes_all_or_none(self):
        """The last one is refused by libvirt alone: its slot is taken."""
        domain = self.define("<zpci uid='0x1' fid='0x1'/>")
        before = domain.XMLDesc(0)
        taken = self.write("type='pci' domain='0' bus='0' slot='1' function='0'")
        self.fail_with('the other device: Attaching the device failed: ', 'attach', 'guest', 'uid=5', 'uid=0x7a',
                       '--device-xml', taken)
        self.assertEqual(domain.XMLDesc(0), before)
        self.fail_with('the other device: ', 'attach', 'guest', 'uid=5', '-x', self.write("type='pci'", '', 'good.xml'),
                       '-x', taken)
        self.assertEqual(domain.XMLDesc(0), before)
        self.succeed('attach', 'guest', 'uid=5', 'uid=0x7a')

    def test_takes_other_devices_too(self):
        domain = self.define("<zpci uid='0x1' fid='0x0'/>")
        device = self.write("type='pci'", "<zpci fid='0xc'/>")
        result = self.run_tool('attach', 'guest', 'uid=5', '-x', device)
        self.assertEqual(result.returncode, 0)
        self.assertIn('FID 0x0000000c', result.stderr)
        self.assertIn("<zpci uid='0x0002' fid='0x0000000c'/>", result.stdout)
        self.assertEqual(sorted(numbers(domain.XMLDesc(0))),
                         [('0x0001', '0x00000000'), ('0x0002', '0x0000000c'), ('0x0005', '0x00000001')])
        shown = self.write("type='pci'", "<zpci uid='0x2' fid='0xc'/>")
        self.succeed('detach', 'guest', 'uid=5', '-x', shown)
        self.assertEqual(numbers(domain.XMLDesc(0)), [('0x0001', '0x00000000')])

    def test_needs_something_to_attach(self):
        for command in ('attach', 'detach'):
            result = self.run_tool(command, 'guest')
            self.assertEqual(result.returncode, 2)
            self.assertIn('--device-xml', result.stderr)

    def test_refuses_before_libvirt_is_asked(self):
        domain = self.define()
        self.succeed('attach', 'guest', 'uid=5')
        before = domain.XMLDesc(0)
        self.fail_with('0005:00:00.0', 'attach', 'guest', 'uid=0x7a', 'uid=5')
        self.fail_with('UID 0x0005', 'attach', 'guest', 'uid=0x7a', '--uid=5')
        self.assertEqual(domain.XMLDesc(0), before)

    def test_needs_a_domain_that_runs_to_change_a_running_one(self):
        self.define()
        self.fail_with('not running', 'attach', 'guest', 'uid=5', '--live')
        self.fail_with("'nobody'", 'attach', 'nobody', 'uid=5')


def drivers(text):
    return [driver.attrib for driver in ElementTree.fromstring(text).findall('.//hostdev/driver')]


class Iommufd(DomainCase):
    """A libvirt that does not know it is told nothing of it."""

    def test_is_what_libvirt_makes_of_it(self):
        domain = self.define()
        for command in (('attach', 'guest'), ('hostdev', '--domain', 'guest')):
            if self.connection.getLibVersion() < 12001000:
                self.fail_with('which does not know iommufd', *command, 'uid=5', '--iommufd=yes')
                self.assertEqual(sources(domain.XMLDesc()), [])
                continue
            text = self.succeed(*command, 'uid=5' if command[0] == 'attach' else 'uid=0x7a', '--iommufd=yes')
            if command[0] == 'hostdev':
                domain = self.connection.defineXMLFlags(text, libvirt.VIR_DOMAIN_DEFINE_VALIDATE)
                self.assertEqual(drivers(text), [{'iommufd': 'yes'}] * 2)
            self.assertEqual(drivers(domain.XMLDesc()), [{'iommufd': 'yes'}] * len(sources(domain.XMLDesc())))


class Detach(DomainCase):
    def test_leaves_the_domain_as_it_was(self):
        domain = self.define("<zpci uid='0x1' fid='0x1'/>")
        before = domain.XMLDesc(0)
        shown = self.succeed('attach', 'guest', 'uid=5', 'uid=0x7a')
        self.assertEqual(self.succeed('detach', 'guest', '0005:00:00.0', 'fid=0x100'), shown)
        self.assertEqual(numbers(domain.XMLDesc(0)), numbers(before))

    def test_dry_changes_nothing(self):
        domain = self.define()
        shown = self.succeed('attach', 'guest', 'uid=5')
        self.assertEqual(self.succeed('detach', '-n', 'guest', 'uid=5'), shown)
        self.assertEqual(sources(domain.XMLDesc(0)), ['0x0005'])

    def test_takes_all_or_none(self):
        domain = self.define()
        self.succeed('attach', 'guest', 'uid=5')
        self.fail_with('does not have the function 007a:00:00.0', 'detach', 'guest', 'uid=5', 'uid=0x7a')
        self.assertEqual(sources(domain.XMLDesc(0)), ['0x0005'])

    def test_finds_a_function_that_the_host_has_no_more(self):
        domain = self.define()
        domain.attachDeviceFlags("<hostdev mode='subsystem' type='pci' managed='yes'><source><address "
                                 "domain='0x0999' bus='0' slot='0' function='0'/></source></hostdev>",
                                 libvirt.VIR_DOMAIN_AFFECT_CONFIG)
        self.succeed('detach', 'guest', 'pci_0999_00_00_0')
        self.assertEqual(sources(domain.XMLDesc(0)), [])


@unittest.skipUnless(os.path.exists(EMULATOR), f'{EMULATOR} is not installed')
class Whole(DomainCase):
    def test_hostdev_of_a_domain_is_what_libvirt_defines(self):
        domain = self.define("<zpci uid='0x1'/>")
        text = self.succeed('hostdev', '--domain', 'guest', '--driver', 'vfio', 'uid=5', 'uid=0x7a')
        again = self.connection.defineXMLFlags(text, libvirt.VIR_DOMAIN_DEFINE_VALIDATE)
        self.assertEqual(sorted(numbers(again.XMLDesc(0))), sorted(numbers(text)))
        arguments = self.connection.domainXMLToNative('qemu-argv', again.XMLDesc(0), 0)
        self.assertIn('"driver":"zpci","uid":5,"fid":12,', arguments)
        self.assertEqual(domain.name(), again.name())


if __name__ == '__main__':
    unittest.main()
