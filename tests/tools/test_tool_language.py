# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone whose language is not English."""

import re
import subprocess
import tempfile
import unicodedata
import unittest

from speaking import speaking
from tool_case import FAILED, LPAR, OK, PROGRAM, QEMU, SOURCE, USAGE, ToolCase, run

DAEMON = PROGRAM.parent.parent / 'daemon' / 'virtzpcid'
COLUMNS = 100


def columns_of(line):
    return sum(2 if unicodedata.east_asian_width(letter) in 'WF' else 1 for letter in line)


class Language(ToolCase):
    def environment(self, language):
        directory = tempfile.TemporaryDirectory(prefix='zpci-locale-')
        self.addCleanup(directory.cleanup)
        return speaking(language, directory.name)

    def say(self, language, *words):
        result = run(*words, env=self.environment(language))
        return result.returncode, result.stdout, result.stderr

    def test_mistakes(self):
        for language, said in (
                ('de', "virt-zpci: Es gibt keinen Befehl 'lst'; meinten Sie list?\n"
                       'Versuchen Sie "virt-zpci --help".\n'),
                ('ja', "virt-zpci: コマンド 'lst' はありません。list のことですか?\n"
                       '"virt-zpci --help" を試してください。\n'),
                ('C', "virt-zpci: There is no command 'lst'; did you mean list?\n"
                      'Try "virt-zpci --help".\n')):
            with self.subTest(language=language):
                self.assertEqual(self.say(language, 'lst'), (USAGE, '', said))

    def test_the_library(self):
        """Its messages come through the program's."""
        self.assertEqual(self.say('de', 'dumpxml', '-R', QEMU, 'uid=0x77'),
                         (FAILED, '', 'virt-zpci: Auf diesem Host gibt es keine Funktion mit uid 0x0077.\n'))

    def test_help(self):
        status, said, complaint = self.say('de', 'list', '--help')
        self.assertEqual((status, complaint), (OK, ''))
        self.assertIn('Die zPCI-Funktionen auflisten', said)
        self.assertIn('--sort=SPALTE', said)
        self.assertIn('Funktionsgruppe', said)

    def test_help_fits_the_terminal(self):
        for language in (SOURCE / 'po' / 'LINGUAS').read_text().split():
            environment = self.environment(language)
            said = run('--help', env=environment).stdout
            commands = re.findall(r'^  (\w+) +\S', said, re.MULTILINE)
            self.assertGreater(len(commands), 10)
            for command in commands:
                said += run(command, '--help', env=environment).stdout
            for line in said.splitlines():
                self.assertLessEqual(columns_of(line), COLUMNS, line)

    def test_what_programs_read_is_the_same(self):
        for words in (('list', '-R', LPAR), ('list', '--names', '-R', QEMU), ('dumpxml', '-R', QEMU, 'uid=5')):
            self.assertEqual(self.say('de', *words), self.say('C', *words))

    def test_languages_that_are_not_there(self):
        self.assertEqual(self.say('tlh', 'lst'), self.say('C', 'lst'))
        self.assertEqual(self.say('tlh:de', 'lst'), self.say('de', 'lst'))

    def test_the_daemon(self):
        result = subprocess.run([DAEMON, 'x'], env=self.environment('de'), check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
        self.assertEqual((result.returncode, result.stderr),
                         (2, "virtzpcid: Es gibt kein Argument 'x'; siehe --help.\n"))


if __name__ == '__main__':
    unittest.main()
