#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Each language of po/LINGUAS is complete, keeps what programs need, and calls one thing by one name.

po/glossary/LANGUAGE.txt has a term and its translation a line, with = between; translations that
depend on the grammar stand side by side, with | between. A translation whose term is explained in
parentheses is for people only, since the English word has other meanings, too.
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ['ZPCI_SOURCE_DIR'])
BUILD = pathlib.Path(os.environ['ZPCI_BUILD_DIR'])
MESSAGE = re.compile(r'^(?:msgid|msgid_plural) "(.+)"\n((?:msgstr(?:\[\d\])? ".*"\n?)+)', re.MULTILINE)
CONVERSION = re.compile(r'%(?:[1-9]\d*\$)?[-+ #0]*(?:\d+|\*(?:\d+\$)?)?(?:\.(?:\d+|\*))?(?:<\w+>|(?:[hlzjt]|hh|ll)?[a-zA-Z%])')
ESCAPES = {'\\n': '\n', '\\"': '"', '\\\\': '\\', '\\t': '\t'}
HEADER = 'msgid ""\nmsgstr ""\n' + ''.join(f'"{line}\\n"\n' for line in (
    'Project-Id-Version: x', 'PO-Revision-Date: 2026-01-01 00:00+0000', 'Last-Translator: x', 'Language-Team: x',
    'Language: de', 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit'))


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8',
                          check=False, env=dict(os.environ, LC_ALL='C', LANGUAGE='C'))


def extract(directory):
    """The messages of the sources as they are now, by the command of the target libvirt-zpci-pot."""
    listed = run('ninja', '-C', BUILD, '-t', 'commands', 'libvirt-zpci-pot')
    words = shlex.split(listed.stdout.splitlines()[-1])
    (directory / 'po').mkdir()
    shutil.copy(SOURCE / 'po' / 'POTFILES', directory / 'po')
    (directory / 'src').symlink_to(SOURCE / 'src')
    changed = [f'--source-root={directory}' if word.startswith('--source-root=') else word for word in words]
    result = run(*changed)
    # It warns of what nobody can translate, such as a format that is put together by a macro.
    if changed == words or result.returncode != 0 or result.stderr:
        raise AssertionError(f'{words}: {result.stderr}')
    return directory / 'po' / 'libvirt-zpci.pot'


def unescape(text):
    return re.sub(r'\\.', lambda match: ESCAPES[match.group(0)], text)


def read_messages(path):
    """Pairs of a message, the plural if it has one, and each of its translations."""
    return [(unescape(message), unescape(said))
            for message, lines in MESSAGE.findall(run('msgcat', '--no-wrap', path).stdout)
            for said in re.findall(r'"(.*)"', lines)]


def read_glossary(path):
    """Translations by term, the longest term first."""
    terms = {}
    for line in path.read_text(encoding='utf-8').splitlines():
        term, _, translation = line.partition(' = ')
        if '(' not in term:
            terms.setdefault(term, []).extend(translation.split('|'))
    return dict(sorted(terms.items(), key=lambda item: -len(item[0])))


def conversions(text):
    """Sorted, and without their places: a translation may name the arguments in another order."""
    return sorted(re.sub(r'\d+\$', '', conversion) for conversion in CONVERSION.findall(text))


def find_wrong_terms(message, said, glossary):
    """A longer term is not taken for the shorter ones in it. What stays English is a name, such as that of an element."""
    for term, translations in glossary.items():
        word = rf'(?<![\w<-])(?:{re.escape(term)}|{re.escape(term[0].upper() + term[1:])})(?:s|es)?(?![\w>=-])'
        message, count = re.subn(word, ' ', message)
        if count and not any(translation.lower() in said.lower() for translation in translations) \
                and not re.search(rf'\b{re.escape(term)}\b', said, re.ASCII):
            yield f'{term}: {translations}'


def find_faults(path, pot, glossary):
    """What is wrong with the translations in the file."""
    for command in (('msgfmt', '--check', '-o', '/dev/null', path), ('msgcmp', path, pot)):
        result = run(*command)
        if result.returncode != 0 or (command[0] == 'msgfmt' and result.stderr):
            yield result.stderr
    for kind in ('--only-fuzzy', '--only-obsolete'):
        left = run('msgattrib', kind, '--no-wrap', path).stdout
        if left:
            yield f'{kind}: {left}'
    for message, said in read_messages(path):
        if conversions(message) != conversions(said):
            yield f'conversions: {said}'
        if message.endswith(' ') and not said.endswith((' ', '：')):
            yield f'lacks the space at the end: {said}'
        yield from (f'{fault}: {message}: {said}' for fault in find_wrong_terms(message, said, glossary))


class Languages(unittest.TestCase):
    def test_have_no_faults(self):
        languages = (SOURCE / 'po' / 'LINGUAS').read_text().split()
        self.assertIn('de', languages)
        with tempfile.TemporaryDirectory() as directory:
            pot = extract(pathlib.Path(directory))
            self.assertGreater(len(read_messages(SOURCE / 'po' / 'de.po')), 500)
            for language in languages:
                with self.subTest(language=language):
                    glossary = read_glossary(SOURCE / 'po' / 'glossary' / f'{language}.txt')
                    self.assertGreater(len(glossary), 20)
                    faults = list(find_faults(SOURCE / 'po' / f'{language}.po', pot, glossary))
                    self.assertEqual(faults, [], '\n'.join(faults))


class Faults(unittest.TestCase):
    """Each fault is found."""

    def find(self, entry, wanted='msgid "The function group %s."'):
        with tempfile.TemporaryDirectory() as name:
            directory = pathlib.Path(name)
            (directory / 'pot').write_text(f'{HEADER}\n#, c-format\n{wanted}\nmsgstr ""\n')
            (directory / 'po').write_text(f'{HEADER}\n{entry}\n', encoding='utf-8')
            return '\n'.join(find_faults(directory / 'po', directory / 'pot',
                                         {'function group': ['Funktionsgruppe'], 'group': ['Gruppe']}))

    def test_nothing(self):
        self.assertEqual(self.find('#, c-format\nmsgid "The function group %s."\n'
                                   'msgstr "Die Funktionsgruppe %s."'), '')
        self.assertEqual(self.find('#, c-format\nmsgid "%s of 0x%0*x"\nmsgstr "0x%3$0*2$x von %1$s"',
                                   'msgid "%s of 0x%0*x"'), '')

    def test_each(self):
        for fault, flags, said in (
                ('function group', 'c-format', 'Die Gruppe %s.'),
                ('conversions', 'no-c-format', 'Die Funktionsgruppe.'),
                ('format specifications', 'c-format', 'Die Funktionsgruppe %d.'),
                ('untranslated', 'c-format', ''),
                ('--only-fuzzy', 'fuzzy, c-format', 'Die Funktionsgruppe %s.')):
            with self.subTest(fault=fault):
                self.assertIn(fault, self.find(f'#, {flags}\nmsgid "The function group %s."\nmsgstr "{said}"'))
        self.assertIn('not defined', self.find(''))
        self.assertIn('--only-obsolete', self.find('#~ msgid "a"\n#~ msgstr "b"'))
        self.assertIn('lacks the space', self.find('msgid "in: "\nmsgstr "in:"', 'msgid "in: "'))


if __name__ == '__main__':
    unittest.main()
