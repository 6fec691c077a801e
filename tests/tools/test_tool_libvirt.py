# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""libvirt is loaded by what needs it, and by nothing else."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from tool_case import PATIENCE, PROGRAM, QEMU, REPLIES, SOURCE, ToolCase

DAEMON = PROGRAM.parents[1] / 'daemon' / 'virtzpcid'
DOMAIN = SOURCE / 'tests' / 'data' / 'domains' / 'guest.xml'
HOLDERS = f'test://{SOURCE / "tests" / "data" / "domains" / "holders.xml"}'
CHECK = (PROGRAM, 'check', '--connect', HOLDERS, '--root', QEMU, 'resting')
LIBRARY = 'libvirt.so.0'
GLIB_LIBRARY = 'libvirt-glib-1.0.so.0'
# What the loader says when a program asks for it, not a library that is linked to it.
OPENED = re.compile(rf'opening file=\S*/{re.escape(LIBRARY)} ')


def loads(program, *arguments):
    """Whether it came to an end, and whether it has loaded libvirt meanwhile."""
    with tempfile.TemporaryDirectory(prefix='zpci-loads-') as place:
        environment = dict(os.environ, LD_DEBUG='files', LD_DEBUG_OUTPUT=f'{place}/log')
        result = subprocess.run([program, *arguments], env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, check=False, timeout=PATIENCE)
        logs = [log.read_text(errors='replace') for log in pathlib.Path(place).iterdir()]
    assert any('libglib-2.0.so.0' in log for log in logs), result.stdout
    return result.returncode in (0, 1), any(OPENED.search(log) for log in logs)


class Loading(ToolCase):
    def test_nothing_is_linked_to_it(self):
        for file in (PROGRAM, DAEMON, PROGRAM.parents[1] / 'libvirt-zpci.so'):
            symbols = subprocess.run(['nm', '-D', '--undefined-only', file], stdout=subprocess.PIPE, check=True,
                                     timeout=PATIENCE, encoding='utf-8').stdout
            self.assertIn(' g_free', symbols)
            self.assertNotRegex(symbols, r' g?vir[A-Z_]')

    def test_what_needs_no_libvirt_does_not_load_it(self):
        for program, *arguments in ((DAEMON, '--version'), (DAEMON, '--help'), (PROGRAM, '--version'),
                                    (PROGRAM, 'list', '--root', QEMU), (PROGRAM, 'show', '--root', QEMU, 'uid=5'),
                                    (PROGRAM, 'dumpxml', '--root', QEMU, 'uid=5'), (PROGRAM, 'decode', REPLIES),
                                    (PROGRAM, 'validate', DOMAIN), (PROGRAM, 'hostdev', '--root', QEMU, 'uid=5')):
            with self.subTest(arguments=arguments):
                self.assertEqual(loads(program, *arguments), (True, False))

    def test_what_asks_libvirt_loads_it(self):
        self.assertEqual(loads(*CHECK), (True, True))

    def test_without_libvirt_a_sentence_says_so(self):
        with tempfile.TemporaryDirectory(prefix='zpci-no-libvirt-') as place:
            pathlib.Path(place, GLIB_LIBRARY).write_text('no library', encoding='ascii')
            environment = dict(os.environ, LD_LIBRARY_PATH=f'{place}:{os.environ["LD_LIBRARY_PATH"]}')
            result = subprocess.run(CHECK, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    check=False, timeout=PATIENCE, encoding='utf-8')
        self.assertEqual((result.returncode, result.stdout), (2, ''))
        self.assertRegex(result.stderr, r"\Avirt-zpci: There is no file 'resting'\. libvirt's client library cannot be "
                                        rf'loaded; install it\. [^\n]*/{GLIB_LIBRARY}: [^\n]+\n\Z')


if __name__ == '__main__':
    unittest.main()
