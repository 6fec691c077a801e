# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone types virt-zpci and presses the tabulator key."""

import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
import unittest

SOURCE = pathlib.Path(os.environ['ZPCI_SOURCE_DIR'])
PROGRAM = pathlib.Path(os.environ['ZPCI_BUILD_DIR']) / 'src' / 'tools' / 'virt-zpci'
COMPLETION = SOURCE / 'data' / 'completion'
SCRIPT = COMPLETION / 'virt-zpci.bash'
HOSTS = SOURCE / 'tests' / 'data' / 'hosts'
QEMU_NAMES = ['pci_0005_00_00_0', 'pci_007a_00_00_0']
PATIENCE = 120

# Calls the function as bash would: what is completed is nothing yet when the cursor is behind "=".
DRIVER = '''
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
current=${COMP_WORDS[COMP_CWORD]}
[ "$current" = = ] && current=
_virt_zpci "$1" "$current" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
'''


def complete(*words, directory=None):
    """What is offered for the last of the words that follow the command's own."""
    result = subprocess.run(['bash', '--norc', '-c', DRIVER, 'bash', SCRIPT, PROGRAM, *words],
                            cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            encoding='utf-8', check=True, timeout=PATIENCE)
    if result.stderr:
        raise AssertionError(f'bash complains: {result.stderr}')
    return result.stdout.split('\n')[:-1] if result.stdout != '\n' else []


def help_text(*command):
    return subprocess.run([PROGRAM, *command, '--help'], stdout=subprocess.PIPE, encoding='utf-8',
                          check=True, timeout=PATIENCE).stdout


def subcommands():
    block = re.search(r'^Commands:\n((?:  .*\n)+)', help_text(), re.MULTILINE).group(1)
    return re.findall(r'^  (\w+)', block, re.MULTILINE)


class Words(unittest.TestCase):
    def test_offers_each_subcommand_that_help_lists(self):
        self.assertIn('dumpxml', subcommands())
        self.assertEqual(sorted(complete('')), sorted(subcommands()))

    def test_offers_each_option_that_help_lists(self):
        for command in [(), *((name,) for name in subcommands())]:
            with self.subTest(command=command):
                options = re.findall(r'^  -\w, (--[a-z-]+)', help_text(*command), re.MULTILINE)
                self.assertIn('--help', options)
                self.assertEqual(sorted(complete(*command, '-')), sorted(options))

    def test_finishes_what_was_begun(self):
        self.assertEqual(complete('du'), ['dumpxml'])
        self.assertEqual(complete('list', '--j'), ['--json'])
        self.assertEqual(complete('nix', '-'), [])

    def test_offers_byte_orders(self):
        for words in (('--byte-order', '=', 'l'), ('--byte-order', 'l'), ('-b', 'l')):
            self.assertEqual(complete('decode', *words), ['little'])
        self.assertEqual(complete('decode', '--byte-order', '='), ['big', 'little', 'native'])

    def test_offers_columns(self):
        columns = re.findall(r'^  ([A-Z-]+) ', help_text('list'), re.MULTILINE)
        self.assertIn('USED-BY', columns)
        for words in (('-o', ''), ('--output', '='), ('-x', ''), ('--sort', '=')):
            self.assertEqual(complete('list', *words), columns)
        self.assertEqual(complete('list', '-o', 'UID,PCH'), ['UID,PCHID'])
        self.assertEqual(complete('list', '-o', '+PCH'), ['+PCHID'])
        self.assertEqual(complete('list', '-o', 'FID,UID,PCHID,F'), ['FID,UID,PCHID,FMB-LENGTH', 'FID,UID,PCHID,FIDPARM'])

    def test_offers_formats(self):
        formats = re.findall(r'^  ([a-z]+) ', help_text('export').partition('Formats:')[2], re.MULTILINE)
        self.assertIn('nova', formats)
        self.assertEqual(complete('export', ''), formats)
        self.assertEqual(complete('export', 'nov'), ['nova'])
        self.assertEqual(complete('-R', str(HOSTS / 'qemu-s390x'), 'export', 'nova', ''), QEMU_NAMES)

    def test_offers_what_an_option_takes(self):
        self.assertEqual(complete('hostdev', '--policy', '=', 'f'), ['first-free'])
        self.assertEqual(complete('hostdev', '-p', ''), ['mirror', 'first-free'])
        self.assertEqual(complete('hostdev', '--rom', ''), ['on', 'off'])
        self.assertEqual(complete('hostdev', '--iommufd', ''), ['yes', 'no'])
        self.assertEqual(complete('attach', 'guest', '-I', ''), ['yes', 'no'])
        for words in (('hostdev', '--uid', '='), ('hostdev', '-u', ''), ('validate', '-c', '')):
            self.assertEqual(complete(*words), [])


class Names(unittest.TestCase):
    def test_come_from_the_host_that_is_named(self):
        root = str(HOSTS / 'qemu-s390x')
        for words in (('--root', '=', root, 'dumpxml'), ('--root', root, 'dumpxml'),
                      ('-R', root, 'dumpxml'), (f'-R{root}', 'dumpxml'),
                      ('dumpxml', '--root', '=', root), ('dumpxml', '-R', root)):
            with self.subTest(words=words):
                self.assertEqual(complete(*words, ''), QEMU_NAMES)
        self.assertEqual(complete('-R', root, 'dumpxml', 'pci_007'), QEMU_NAMES[1:])

    def test_are_arguments_of_each_command_that_reads_one_function(self):
        root = str(HOSTS / 'qemu-s390x')
        for command in ('show', 'stat', 'dumpxml', 'probe'):
            self.assertEqual(complete('-R', root, command, ''), QEMU_NAMES)
        for words in (('show', '--json'), ('probe', '-r'), ('hostdev', '-U'), ('hostdev', '-u', '1'),
                      ('hostdev', '--alias', '=', 'ua-a'), ('hostdev', QEMU_NAMES[0])):
            self.assertEqual(complete('-R', root, *words, ''), QEMU_NAMES)

    def test_in_standby_are_arguments_where_they_can_be_read(self):
        root = str(HOSTS / 'qemu-s390x-states')
        for command in ('show', 'dumpxml', 'paths'):
            self.assertEqual(complete('-R', root, command, 'z'), ['zpci_00000101'])
        self.assertEqual(complete('-R', root, 'probe', ''), QEMU_NAMES)
        self.assertEqual(complete('-R', root, 'configure', ''), ['zpci_00000101'])
        self.assertEqual(complete('-R', root, 'deconfigure', '-n', ''), QEMU_NAMES)

    def test_can_be_several(self):
        root = str(HOSTS / 'qemu-s390x')
        for command in ('show', 'probe'):
            self.assertEqual(complete('-R', root, command, QEMU_NAMES[0], ''), QEMU_NAMES)

    def test_of_domains_come_from_the_libvirt_that_is_named(self):
        uri = ('test', ':', '///default')
        for command in ('attach', 'detach', 'check'):
            for words in (('-c', *uri), ('--connect', '=', *uri)):
                self.assertEqual(complete(command, *words, 'tes', directory=HOSTS), ['test'])
        self.assertEqual(complete('attach', '-c', 'test', ':', '///nowhere', 'tes'), [])
        self.assertEqual(complete('attach', '-c', *uri, '-R', str(HOSTS / 'qemu-s390x'), 'test', ''), QEMU_NAMES)
        self.assertEqual(complete('check', '-c', *uri, 'tes', directory=SOURCE), ['tests', 'test'])

    def test_of_domains_are_never_run(self):
        with tempfile.TemporaryDirectory() as directory:
            domain = "<domain type='test'><name>{}</name><memory>1024</memory><os><type>hvm</type></os></domain>"
            pathlib.Path(directory, 'node.xml').write_text(
                '<node>' + ''.join(domain.format(name) for name in ('$(touch ran)', '`touch ran`', 'plain')) + '</node>',
                encoding='utf-8')
            offered = complete('attach', '-c', 'test', ':', f'//{directory}/node.xml', '', directory=directory)
            self.assertEqual((offered, os.listdir(directory)), (['plain'], ['node.xml']))

    def test_need_a_host(self):
        self.assertEqual(complete('-R', '/nonexistent', 'dumpxml', ''), [])

    def test_come_from_a_quoted_directory(self):
        with tempfile.TemporaryDirectory() as directory:
            shutil.copytree(HOSTS / 'qemu-s390x', f'{directory}/a host', symlinks=True)
            for root in (r'a\ host', '"a host"', "'a host'"):
                with self.subTest(root=root):
                    self.assertEqual(complete('-R', root, 'dumpxml', '', directory=directory),
                                     QEMU_NAMES)

    def test_never_run_what_is_on_the_command_line(self):
        with tempfile.TemporaryDirectory() as directory:
            for root in ('$(touch ran)', '`touch ran`', '"$(touch ran)"', ';touch ran;'):
                complete('-R', root, 'dumpxml', '', directory=directory)
            self.assertEqual(os.listdir(directory), [])


class Files(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.directory = holder.name
        os.mkdir(f'{self.directory}/host')
        pathlib.Path(self.directory, 'reply').touch()

    def test_are_arguments(self):
        for words in (('decode', ''), ('validate', ''), ('validate', 'host', '')):
            with self.subTest(words=words):
                self.assertEqual(sorted(complete(*words, directory=self.directory)),
                                 ['host', 'reply'])
        self.assertEqual(complete('decode', 'reply', '', directory=self.directory), [])
        self.assertEqual(complete('list', '', directory=self.directory), [])

    def test_that_are_directories_can_be_roots(self):
        self.assertIn('reply', complete('hostdev', '-x', '', directory=self.directory))
        for words in (('--root', ''), ('-R', ''), ('uri', '--root', '=')):
            with self.subTest(words=words):
                self.assertEqual(complete(*words, directory=self.directory), ['host'])

    def test_that_are_directories_lead_to_a_new_one(self):
        self.assertEqual(complete('capture', '', directory=self.directory), ['host'])
        self.assertEqual(complete('capture', 'host/new', '', directory=self.directory), [])

    def test_that_are_directories_can_be_compared(self):
        for words in (('diff', ''), ('diff', 'host', '')):
            self.assertEqual(complete(*words, directory=self.directory), ['host'])
        self.assertEqual(complete('diff', 'host', 'host', '', directory=self.directory), [])
        self.assertEqual(complete('diff', '-o', 'UID,PCH', directory=self.directory), ['UID,PCHID'])


class Fish(unittest.TestCase):
    """Fish itself tells what it would offer."""

    def offers(self, line):
        environment = dict(os.environ, PATH=f'{PROGRAM.parent}:{os.environ["PATH"]}')
        with tempfile.TemporaryDirectory() as home:
            result = subprocess.run(['fish', '--no-config', '-c', 'source $argv[1]; complete -C $argv[2]',
                                     COMPLETION / 'virt-zpci.fish', line],
                                    cwd=HOSTS, env=dict(environment, HOME=home), stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, encoding='utf-8', check=True, timeout=PATIENCE)
        self.assertEqual(result.stderr, '')
        return [offer.split('\t')[0] for offer in result.stdout.splitlines()]

    def test_offers_each_subcommand_and_option(self):
        self.assertEqual(sorted(self.offers('virt-zpci ')), sorted([*subcommands(), '--help', '--root', '--version']))
        for command in subcommands():
            with self.subTest(command=command):
                options = re.findall(r'^  -\w, (--[a-z-]+)', help_text(command), re.MULTILINE)
                self.assertEqual(sorted(self.offers(f'virt-zpci {command} --')), sorted(options))

    def test_offers_names_of_the_host_that_is_named(self):
        for line in ('virt-zpci -R qemu-s390x show pci_', 'virt-zpci --root=qemu-s390x hostdev pci_',
                     'virt-zpci dumpxml --root qemu-s390x pci_'):
            self.assertEqual(self.offers(line), QEMU_NAMES)

    def test_offers_columns(self):
        columns = re.findall(r'^  ([A-Z-]+) ', help_text('list'), re.MULTILINE)
        self.assertEqual(sorted(self.offers('virt-zpci list --sort ')), sorted(columns))
        self.assertEqual(self.offers('virt-zpci list -o FID,PC'), ['FID,PCHID'])
        self.assertEqual(self.offers('virt-zpci list -o +PC'), ['+PCHID'])
        self.assertEqual(self.offers('virt-zpci diff -o FID,PC'), ['FID,PCHID'])

    def test_offers_what_can_be_configured_and_compared(self):
        self.assertEqual(self.offers('virt-zpci -R qemu-s390x-states configure z'), ['zpci_00000101'])
        self.assertEqual(self.offers('virt-zpci -R qemu-s390x-states deconfigure p'), QEMU_NAMES)
        self.assertEqual(self.offers('virt-zpci diff lpar'), ['lpar-roce/'])

    def test_offers_formats(self):
        formats = re.findall(r'^  ([a-z]+) ', help_text('export').partition('Formats:')[2], re.MULTILINE)
        self.assertEqual(sorted(self.offers('virt-zpci export ')), sorted([*formats, '--connect', '--help', '--output', '--placement', '--root', '--time-out']))
        self.assertEqual(self.offers('virt-zpci -R qemu-s390x export nova pci_'), QEMU_NAMES)


class Terminal(unittest.TestCase):
    """A shell that somebody types into."""

    def start(self, command, prompt, **environment):
        self.terminal, slave = pty.openpty()
        self.addCleanup(os.close, self.terminal)
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        shutil.copytree(HOSTS / 'qemu-s390x', os.path.join(directory.name, 'qemu-s390x'),
                        symlinks=True)
        environment = dict(os.environ, TERM='dumb', PATH=f'{PROGRAM.parent}:{os.environ["PATH"]}', **environment)
        self.shell = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment,
                                      cwd=directory.name, start_new_session=True)
        os.close(slave)
        self.addCleanup(self.shell.wait)
        self.addCleanup(self.shell.kill)
        self.shown = ''
        self.wait_for(prompt)

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def wait_for(self, text):
        """Reads what the terminal shows until the text is there, and forgets it."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                self.fail(f'{text!r} does not appear, only {self.shown!r}')
            self.shown += os.read(self.terminal, 4096).decode().replace('\r', '')
        self.shown = self.shown.partition(text)[2]


class Zsh(Terminal):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        pathlib.Path(home.name, '.zshrc').write_text(
            f"fpath=({COMPLETION} $fpath)\nautoload -Uz compinit\ncompinit -u -D\nPS1='ready> '\n",
            encoding='utf-8')
        self.start(['zsh', '-i'], 'ready> ', ZDOTDIR=home.name)

    def test_completes_a_whole_line(self):
        self.type('virt-zpci -R qem\t')
        self.wait_for('qemu-s390x/')
        self.type(' dump\t')
        self.wait_for('dumpxml ')
        self.type('pci_007\t')
        self.wait_for('pci_007a_00_00_0 ')
        self.type('\n')
        self.wait_for("<zpci uid='0x007a' fid='0x00000100' pfgid='0xff'>")

    def test_completes_formats(self):
        self.type('virt-zpci -R qemu-s390x export nov\t')
        self.wait_for('nova ')
        self.type('pci_007\t')
        self.wait_for('pci_007a_00_00_0 ')

    def test_completes_domains(self):
        self.type('virt-zpci attach -c test:///default tes\t')
        self.wait_for('default test ')

    def test_completes_options_and_columns(self):
        self.type('virt-zpci -R qemu-s390x list --nohe\t')
        self.wait_for('--noheadings ')
        self.type('-o FID,PCH\t')
        self.wait_for('FID,PCHID')
        self.type(',IFACE-S\t')
        self.wait_for('IFACE-STATE')
        self.type('\n')
        self.wait_for('0x0000000c 0x0000 -')

    def test_completes_hosts_to_compare(self):
        self.type('virt-zpci diff qem\t')
        self.wait_for('qemu-s390x/')
        self.type(' -o UID,PCH\t')
        self.wait_for('UID,PCHID')


class Keyboard(Terminal):
    """Bash itself splits the line, calls the function and inserts what it offers."""

    def setUp(self):
        self.start(['bash', '--norc', '--noprofile', '-i'], 'ready> ', PS1='ready> ', INPUTRC='/dev/null')
        self.type(f'source {SCRIPT}; PS1="set> "\n')
        self.wait_for('\nset> ')

    def test_completes_a_whole_line(self):
        self.type('virt-zpci --ro\t')
        self.wait_for('virt-zpci --root ')
        self.type('\b=qem\t')
        self.wait_for('qemu-s390x/')
        self.type(' dump\t')
        self.wait_for('dumpxml ')
        self.type('pci_007\t')
        self.wait_for('pci_007a_00_00_0 ')
        self.type('\n')
        self.wait_for("<zpci uid='0x007a' fid='0x00000100' pfgid='0xff'>")

    def test_completes_domains(self):
        self.type('virt-zpci attach -c test:///default tes\t')
        self.wait_for('default test ')


if __name__ == '__main__':
    unittest.main()
