#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""scripts/quickstart, the first command of README.md, as somebody runs it who has just got the source."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.environ['ZPCI_SOURCE_DIR']
# All of the daemon and the tool is compiled, on a busy machine.
SECONDS = 1800


class TestQuickstart(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix='zpci-quickstart-')
        cls.addClassCleanup(directory.cleanup)
        cls.top = os.path.join(directory.name, 'libvirt-zpci')
        shutil.copytree(SOURCE, cls.top, symlinks=True, ignore=shutil.ignore_patterns('build*', '.git', '__pycache__'))

    def run_script(self, *arguments):
        """Where it is run from does not matter, nor what the environment of the tests says."""
        environment = {name: os.environ[name] for name in ('PATH', 'HOME', 'CCACHE_DIR') if name in os.environ}
        result = subprocess.run([os.path.join(self.top, 'scripts/quickstart'), *arguments], cwd='/', env=environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                encoding='utf-8', check=False, timeout=SECONDS)
        return result.returncode, result.stdout, result.stderr

    def test_1_a_small_host(self):
        status, output, errors = self.run_script()
        self.assertEqual(status, 0, errors)
        names, document = output.split('<device>', 1)
        self.assertEqual(re.findall('pci_\\S+', names), ['pci_0005_00_00_0', 'pci_007a_00_00_0'])
        self.assertRegex(document, "<zpci uid='0x0005' fid='0x0000000c' .*pfgid=")

    def test_2_another_host_and_nothing_is_built_again(self):
        status, output, errors = self.run_script('lpar-roce')
        self.assertEqual(status, 0, errors)
        self.assertIn('ninja: no work to do.', errors)
        self.assertIn("<zpci uid='0x0101' fid='0x00000100'", output)

    def test_3_a_host_that_is_not_there(self):
        status, output, errors = self.run_script('lpar')
        self.assertEqual((status, output), (1, ''))
        self.assertRegex(errors, r'there is no captured host \S+/lpar; there are: .*lpar-roce/')

    def test_3_an_option_that_is_none(self):
        status, output, errors = self.run_script('--hots')
        self.assertEqual((status, output), (1, ''))
        self.assertIn("unknown option '--hots'", errors)


if __name__ == '__main__':
    unittest.main()
