# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks what was counted of a function, for the eye and for a program."""

import pathlib
import shutil
import tempfile
import unittest

from tool_case import QEMU, STATES, USAGE, ToolCase, read_json, run

NAME, ADDRESS = 'pci_0005_00_00_0', '0005:00:00.0'
HEAD = 'Update interval: 4000 ms\nSamples: 7\nLast update TOD: e0ffabc012345678\n'
COUNTERS = '           Load operations:\t12\n            DMA read bytes:\t4096\n'


class Stat(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name, 'host')
        shutil.copytree(QEMU, self.root, symlinks=True)
        self.file = self.root / 'sys/kernel/debug/pci' / ADDRESS / 'statistics'
        self.file.parent.mkdir(parents=True)
        self.file.write_text(HEAD + COUNTERS)

    def test_counts_stand_below_the_name(self):
        self.assertEqual(self.succeed('stat', '-R', self.root, 'fid=0xc'),
                         f'{NAME}\n'
                         '  Load operations                            12\n'
                         '  DMA read bytes                           4096\n')

    def test_a_program_gets_numbers(self):
        self.assertEqual(read_json(self.succeed('stat', '--json', '-R', self.root, NAME), 'stat'), {
            'version': 1, 'functions': [{
                'fid': '0x0000000c', 'name': NAME, 'update_ms': 4000, 'samples': 7,
                'counters': [{'name': 'Load operations', 'value': 12}, {'name': 'DMA read bytes', 'value': 4096}]}]})

    def test_again_and_again_with_rates(self):
        first, second = self.succeed('stat', '-i', '1', '-c', '2', '-j', '-R', self.root, NAME).splitlines()
        counters = [read_json(line, 'stat')['functions'][0]['counters'] for line in (first, second)]
        self.assertEqual([set(counter) for counter in counters[0]], [{'name', 'value'}] * 2)
        self.assertEqual([counter['rate'] for counter in counters[1]], [0.0, 0.0])

    def test_a_capture_has_them(self):
        copy = self.root.parent / 'copy'
        self.assertEqual(run('capture', '-R', self.root, copy).returncode, 0)
        self.assertEqual(self.succeed('stat', '-R', copy, NAME), self.succeed('stat', '-R', self.root, NAME))

    def test_a_function_that_is_not_measured(self):
        self.file.write_text('FMB statistics disabled\n')
        self.assertEqual(self.fail_with(1, 'stat', '-R', self.root, NAME),
                         f'virt-zpci: {NAME}: The function is not measured. To begin that, root writes 1 to '
                         '/sys/kernel/debug/pci/0005:00:00.0/statistics on its host.\n')

    def test_what_has_none(self):
        self.assertIn('There are no statistics of 007a:00:00.0', self.fail_with(1, 'stat', '-R', self.root, 'uid=0x7a'))
        self.assertEqual(self.fail_with(1, 'stat', '-R', STATES, 'fid=0x101'), 'virt-zpci: zpci_00000101 is in standby.\n')

    def test_bad_text(self):
        self.file.write_text(HEAD + '\x1b[2J: many\n')
        complaint = self.fail_with(1, 'stat', '-R', self.root, NAME)
        self.assertNotIn('\x1b', complaint)
        self.assertIn('cannot be understood', complaint)

    def test_numbers_that_are_none(self):
        self.assertIn('positive', self.fail_with(USAGE, 'stat', '-i', '-1', '-R', self.root, NAME))


if __name__ == '__main__':
    unittest.main()
