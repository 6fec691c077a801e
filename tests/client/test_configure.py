#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Somebody configures and deconfigures functions of a made-up machine by virt-zpci, which sees its
sysfs as its own. No kernel does what is written to that, but a thread for slots that are switched on;
tests/guest/cases has a real one."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

from client_case import SECONDS, TOOL, host_dir
from pci_tree import PciTree
from stock_daemon import require_namespaces

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/tools'))
from tool_case import read_json  # noqa: E402

ADDRESS, NAME, FID = '0005:00:00.0', 'pci_0005_00_00_0', '0x0000000c'
STANDBY = 'zpci_0000000d'
ZPCI = {'uid': '0x0005', 'pchid': '0x01c0', 'pfgid': '0x06', 'vfn': '0x0000', 'pft': '0x00', 'port': '0'}
# The machine's /run is another one, so that its locks are.
SCRIPT = ('mount --make-rprivate / && mount --bind "$1" /sys && mount -t tmpfs tmpfs /run && shift && '
          'exec "$@"')
USER = 65534


class ConfigureCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        require_namespaces()
        self.directory = tempfile.mkdtemp(prefix='zpci-configure-')
        self.addCleanup(shutil.rmtree, self.directory)
        self.tree = PciTree(os.path.join(self.directory, 'host'))
        self.device = self.add(ADDRESS, FID)
        self.slots = self.tree.sys / 'bus/pci/slots'
        self.power = self.add_slot('0000000c', '1')
        self.standby = self.add_slot('0000000d', '0')

    def add(self, address, fid):
        return self.tree.add(address, driver='virtio-pci', function_id=fid, **ZPCI)

    def add_slot(self, name, power):
        (self.slots / name).mkdir()
        (self.slots / name / 'power').write_text(power + '\n')
        return self.slots / name / 'power'

    def run_tool(self, *arguments, before=()):
        options = ['--mount'] if os.geteuid() == 0 else ['--user', '--map-root-user', '--mount']
        return subprocess.run(['unshare', *options, 'sh', '-c', SCRIPT, 'sh', self.tree.sys, *before, TOOL,
                               *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding='utf-8', check=False, timeout=4 * SECONDS)

    def succeed(self, *arguments):
        result = self.run_tool(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        return result.stdout

    def fail_with(self, *arguments, before=()):
        result = self.run_tool(*arguments, before=before)
        self.assertEqual((result.returncode, result.stdout), (1, ''), result.stderr)
        self.assertRegex(result.stderr, r'\Avirt-zpci: [^\n]+\n\Z')
        return result.stderr

    def assert_untouched(self):
        self.assertEqual((self.power.read_text(), self.standby.read_text()), ('1\n', '0\n'))

    def hold_up(self):
        """A network interface of the function that is up."""
        interface = self.device / 'virtio0/net/eth7'
        interface.mkdir(parents=True)
        for name, text in (('flags', '0x1003'), ('address', '02:fc:00:00:00:01')):
            (interface / name).write_text(text + '\n')
        (self.tree.sys / 'class/net').mkdir(parents=True)
        (self.tree.sys / 'class/net/eth7').symlink_to(os.path.relpath(interface, self.tree.sys / 'class/net'))
        (interface / 'device').symlink_to('../../../virtio0')

    def play_kernel(self):
        """Makes a function of what is switched on."""
        def switch():
            while not self.over.wait(0.02):
                if self.standby.read_text() == '1\n':
                    self.add('0006:00:00.0', '0x0000000d')
                    return
        self.over = threading.Event()
        kernel = threading.Thread(target=switch)
        kernel.start()
        self.addCleanup(kernel.join)
        self.addCleanup(self.over.set)


class Configure(ConfigureCase):
    def test_switches_the_slot_on_and_tells_the_new_name(self):
        self.play_kernel()
        self.assertEqual(self.succeed('configure', 'fid=0xd'), '0x0000000d pci_0006_00_00_0 configured\n')
        self.assertEqual((self.standby.read_text(), self.power.read_text()), ('1\n', '1\n'))

    def test_what_is_configured_is_left_alone(self):
        self.assertEqual(self.succeed('configure', NAME), f'{FID} {NAME} configured already\n')
        self.assert_untouched()

    def test_tells_a_program(self):
        self.play_kernel()
        document = read_json(self.succeed('configure', '--json', STANDBY, NAME), 'configure')
        self.assertEqual(document, {'version': 1, 'functions': [
            {'fid': '0x0000000d', 'name': 'pci_0006_00_00_0', 'result': 'done', 'used_by': 'nobody'},
            {'fid': FID, 'name': NAME, 'result': 'already', 'used_by': 'nobody'}]})

    def test_a_pretence_switches_nothing(self):
        self.assertEqual(self.succeed('configure', '-n', STANDBY, NAME),
                         f'0x0000000d {STANDBY} would be configured; used by: nobody\n{FID} {NAME} configured already\n')
        self.assert_untouched()

    def test_what_is_no_function_is_refused(self):
        self.assertIn('not zPCI functions', self.fail_with('configure', 'computer'))
        self.assertIn('fid 0x00000099', self.fail_with('configure', STANDBY, 'fid=0x99'))
        self.assert_untouched()


class Deconfigure(ConfigureCase):
    def test_switches_the_slot_off(self):
        self.assertEqual(self.succeed('deconfigure', ADDRESS), f'{FID} {NAME} deconfigured\n')
        self.assertEqual(self.power.read_text(), '0\n')

    def test_what_is_in_standby_is_left_alone(self):
        self.assertEqual(self.succeed('deconfigure', STANDBY), f'0x0000000d {STANDBY} deconfigured already\n')
        self.assert_untouched()

    def test_what_is_in_use_is_refused_and_named(self):
        self.hold_up()
        self.assertIn("network interface 'eth7' is up", self.fail_with('deconfigure', NAME))
        self.assert_untouched()

    def test_none_is_touched_if_one_is_in_use(self):
        self.add('0007:00:00.0', '0x0000000e')
        other = self.add_slot('0000000e', '1')
        self.hold_up()
        self.assertIn("'eth7' is up", self.fail_with('deconfigure', 'fid=0xe', NAME))
        self.assertEqual(other.read_text(), '1\n')
        self.assert_untouched()

    def test_a_pretence_tells_who_uses_it(self):
        self.assertEqual(self.succeed('deconfigure', '--dry-run', NAME),
                         f'{FID} {NAME} would be deconfigured; used by: nobody\n')
        self.hold_up()
        result = self.run_tool('deconfigure', '--dry-run', NAME, STANDBY)
        self.assertEqual((result.returncode, result.stderr), (1, ''))
        first, second = result.stdout.splitlines()
        self.assertRegex(first, f"^{FID} {NAME} would be refused: .*'eth7' is up")
        self.assertEqual(second, f'0x0000000d {STANDBY} deconfigured already')
        (function,) = read_json(self.run_tool('deconfigure', '-nj', NAME).stdout, 'configure')['functions']
        self.assertEqual((function['result'], function['used_by']), ('refused', 'interface eth7'))
        self.assertIn("'eth7' is up", function['reason'])
        self.assert_untouched()

    def test_what_has_no_slot_cannot_be(self):
        shutil.rmtree(self.slots / '0000000c')
        self.assertEqual(self.fail_with('deconfigure', NAME),
                         f'virt-zpci: {NAME} is no function that can be put into standby.\n')


class Rights(ConfigureCase):
    def test_only_root_may(self):
        if os.geteuid() != 0:
            raise unittest.SkipTest('needs root, to become somebody else')
        os.chmod(self.directory, 0o755)
        somebody = ('setpriv', f'--reuid={USER}', f'--regid={USER}', '--clear-groups')
        for command, other in (('configure', 'nodedev-start'), ('deconfigure', 'nodedev-destroy')):
            name = STANDBY if command == 'configure' else NAME
            self.assertEqual(self.fail_with(command, name, before=somebody),
                             f'virt-zpci: Only root may do this: run "virt-zpci {command}" as root, or ask a '
                             f'virtzpcid that runs as root, by "virsh {other}".\n')
        self.assert_untouched()

    def test_a_captured_host_is_not_changed(self):
        root = pathlib.Path(host_dir('qemu-s390x-states'))
        for command, name in (('configure', 'zpci_00000101'), ('deconfigure', 'pci_007a_00_00_0')):
            self.assertIn('belongs to a captured host, where nothing can be changed',
                          self.fail_with(command, '-R', root, name))
            self.assertIn(f'{name} would be {command}d', self.succeed(command, '-n', '-R', root, name))


if __name__ == '__main__':
    unittest.main()
