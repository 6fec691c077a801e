# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone writes the functions of a host for another program."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from tool_case import FAILED, LPAR, PATIENCE, PROGRAM, QEMU, USAGE, ToolCase

FORMATS = {'nova': 'nova.conf', 'prometheus': 'prometheus.prom'}


class Shipped(ToolCase):
    def test_text_is_as_reviewed(self):
        for name, ending in FORMATS.items():
            for root in (QEMU, LPAR):
                with self.subTest(format=name, host=root.name):
                    self.assert_golden(self.succeed('export', name, '-R', root), f'export-{root.name}-{ending}')

    def test_names_are_exported_in_the_order_of_the_host_and_once(self):
        for name in FORMATS:
            with self.subTest(format=name):
                self.assertEqual(self.succeed('export', name, '-R', LPAR, 'fid=0', 'fid=0x201', 'uid=0x202'),
                                 self.succeed('export', name, '-R', LPAR, 'fid=0x201', 'fid=0'))

    def test_help_lists_the_formats(self):
        listed = self.succeed('export', '--help').partition('Formats:\n')[2].partition('\n\n')[0]
        self.assertEqual([line.split()[0] for line in listed.splitlines()], list(FORMATS))


class Output(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.path = pathlib.Path(holder.name, 'out')

    def export(self, *words):
        return ('export', 'nova', '-R', QEMU, '-o', self.path, *words)

    def test_goes_to_a_file_that_others_can_read(self):
        self.path.write_text('old')
        self.assertEqual(self.succeed(*self.export()), '')
        self.assertEqual(self.path.read_text(), self.succeed('export', 'nova', '-R', QEMU))
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o644 & ~os.umask(os.umask(0)))
        self.assertEqual([*self.path.parent.iterdir()], [self.path])

    def test_that_does_not_fit_leaves_what_was_there(self):
        self.path.write_text('old')
        result = subprocess.run(['bash', '-c', 'trap "" XFSZ; ulimit -f 0; exec "$@"', 'bash', PROGRAM, *self.export()],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8',
                                timeout=PATIENCE, check=False)
        self.assertEqual(result.returncode, FAILED)
        self.assertRegex(result.stderr, r'\Avirt-zpci: Writing the output failed: .*File too large')
        self.assertEqual(self.path.read_text(), 'old')
        self.assertEqual([*self.path.parent.iterdir()], [self.path])

    def test_cannot_go_where_there_is_no_directory(self):
        self.path = self.path / 'nosuch'
        self.assertIn('No such file or directory', self.fail_with(FAILED, *self.export()))


class Refused(ToolCase):
    def test_format_that_there_is_not(self):
        self.assertEqual(self.fail_with(USAGE, 'export', 'novas', '-R', QEMU),
                         "virt-zpci: There is no format 'novas'; did you mean nova?\n")
        self.assertIn('--placement is for the format nova only', self.fail_with(USAGE, 'export', 'prometheus', '-P', '-R', QEMU))
        self.assertIn('"virt-zpci export --help" lists all', self.fail_with(USAGE, 'export', '\x1b[2J', '-R', QEMU))

    def test_what_is_no_function(self):
        for name in FORMATS:
            with self.subTest(format=name):
                self.assertIn('computer is not a zPCI function', self.fail_with(FAILED, 'export', name, '-R', QEMU, 'computer'))
                self.assertIn('no node device', self.fail_with(FAILED, 'export', name, '-R', QEMU, 'nix'))


if __name__ == '__main__':
    unittest.main()
