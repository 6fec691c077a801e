# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks for help, mistypes, or sends the output where it cannot go."""

import re
import subprocess
import unittest

from tool_case import LPAR, PATIENCE, PROGRAM, QEMU, REPLIES, STATES, USAGE, ToolCase, run

COLUMNS = 100
# Each kind of output, long and short.
PRINTING = (('--help',), ('--version',), ('list', '--help'), ('list', '-R', QEMU),
            ('list', '--json', '-R', LPAR), ('list', '--names', '-R', LPAR),
            ('show', '-R', QEMU, 'uid=5'), ('tree', '-R', QEMU), ('groups', '-R', QEMU), ('tree', '--json', '-R', LPAR), ('tree', '--dot', '-R', LPAR), ('show', '--json', '-R', QEMU, 'uid=5'),
            ('dumpxml', '-R', QEMU, 'uid=5'), ('diff', QEMU, STATES), ('diff', '--json', QEMU, STATES), ('decode', REPLIES), ('decode', '--json', REPLIES),
            ('probe', '-R', QEMU, 'uid=5'), ('probe', '--raw', '-R', QEMU, 'uid=5'), ('uri',), ('configure', '-n', '-R', QEMU, 'uid=5'), ('hostdev', '-R', QEMU, 'uid=5'),
            ('export', 'nova', '-R', LPAR))


class Help(ToolCase):
    def subcommands(self):
        block = re.search(r'^Commands:\n((?:  .*\n)+)', self.succeed('--help'), re.MULTILINE)
        return re.findall(r'^  (\w+) +\S', block.group(1), re.MULTILINE)

    def test_lists_the_subcommands(self):
        self.assertEqual(self.subcommands(), [
            'list', 'show', 'tree', 'groups', 'paths', 'dumpxml', 'diff', 'watch', 'stat', 'decode', 'probe', 'capture',
            'configure', 'deconfigure', 'hostdev', 'attach', 'detach', 'check', 'validate', 'export', 'report', 'uri'])

    def test_fits_the_terminal(self):
        for command in [(), *((name,) for name in self.subcommands())]:
            for line in self.succeed(*command, '--help').splitlines():
                self.assertLessEqual(len(line), COLUMNS, line)

    def test_shows_how_to_call_each_subcommand(self):
        for name in self.subcommands():
            self.assertTrue(self.succeed(name, '--help').startswith(f'Usage:\n  virt-zpci {name} '))

    def test_version_is_one_line(self):
        self.assertRegex(self.succeed('--version'), r'\Avirt-zpci \d+\.\d+\.\d+\n\Z')


class Mistakes(ToolCase):
    def test_end_with_status_2_and_point_to_help(self):
        for words, hint in (
                ((), 'virt-zpci --help'), (('nix',), 'virt-zpci --help'),
                (('--nix',), 'virt-zpci --help'), (('--root',), 'virt-zpci --help'),
                (('list', '--nix'), 'virt-zpci list --help'), (('list', 'x'), 'virt-zpci list --help'), (('tree', 'x'), 'virt-zpci tree --help'), (('groups', 'x'), 'virt-zpci groups --help'),
                (('paths',), 'virt-zpci paths --help'),
                (('dumpxml',), 'virt-zpci dumpxml --help'),
                (('diff',), 'virt-zpci diff --help'), (('diff', 'a', 'b', 'c'), 'virt-zpci diff --help'),
                (('decode',), 'virt-zpci decode --help'),
                (('decode', '--root', QEMU, REPLIES), 'virt-zpci decode --help'),
                (('show',), 'virt-zpci show --help'), (('probe',), 'virt-zpci probe --help'),
                (('capture', 'a', 'b'), 'virt-zpci capture --help'),
                (('capture',), 'virt-zpci capture --help'),
                (('configure',), 'virt-zpci configure --help'), (('deconfigure',), 'virt-zpci deconfigure --help'),
                (('hostdev',), 'virt-zpci hostdev --help'),
                (('attach',), 'virt-zpci attach --help'), (('detach',), 'virt-zpci detach --help'),
                (('check',), 'virt-zpci check --help'), (('check', 'a', 'b'), 'virt-zpci check --help'),
                (('stat',), 'virt-zpci stat --help'),
                (('watch', 'x'), 'virt-zpci watch --help'), (('watch', '-R', QEMU), 'virt-zpci watch --help'),
                (('uri', 'x'), 'virt-zpci uri --help'),
                (('validate',), 'virt-zpci validate --help'),
                (('export',), 'virt-zpci export --help'), (('report',), 'virt-zpci report --help')):
            with self.subTest(words=words):
                result = run(*words)
                self.assertEqual((result.returncode, result.stdout), (2, ''))
                self.assertRegex(result.stderr, r'\Avirt-zpci: [^\n]+\n'
                                                rf'Try "{re.escape(hint)}"\.\n\Z')

    def complaint(self, *words):
        result = run(*words)
        self.assertEqual((result.returncode, result.stdout), (2, ''))
        return result.stderr.splitlines()[0]

    def test_name_the_command_that_was_meant(self):
        for word, meant in (('lst', 'list'), ('ilst', 'list'), ('val', 'validate'), ('valiate', 'validate'),
                            ('hostdevs', 'hostdev'), ('Check', 'check'), ('dumpxm', 'dumpxml')):
            self.assertEqual(self.complaint(word), f"virt-zpci: There is no command '{word}'; did you mean {meant}?")
        # Two are as near, or none is.
        for word in ('d', 'nix', 'xx', '', 'l' * 1000, '\x1b[2J'):
            self.assertRegex(self.complaint(word), r"\Avirt-zpci: There is no command '[^\x1b]*'\.\Z")

    def test_name_the_argument(self):
        for words, argument in ((('dumpxml',), 'NAME'), (('hostdev',), 'NAME'), (('attach',), 'DOMAIN'),
                                (('decode',), 'FILE|-'), (('check',), 'DOMAIN|FILE'), (('validate',), 'FILE')):
            self.assertEqual(self.complaint(*words),
                             f'virt-zpci: The command {words[0]} needs an argument: {argument} is missing.')
        self.assertEqual(self.complaint('capture', 'a', 'b', 'c'),
                         "virt-zpci: The command capture takes DIR and no more; 'b' is too many.")
        self.assertEqual(self.complaint('list', 'x'),
                         "virt-zpci: The command list takes no arguments; 'x' is too many.")

    def test_a_column_without_a_name(self):
        for columns in ('', 'name,', ',name', '+name,,fid'):
            self.assertEqual(run('list', '-R', QEMU, '-o', columns).stderr,
                             'virt-zpci: The name of a column is missing; "virt-zpci list --help" shows all.\n')

    def test_a_time_for_nobody(self):
        for words in (['list'], ['tree'], ['groups'], ['paths', 'uid=5'], ['export', 'nova']):
            self.assertEqual(self.fail_with(USAGE, *words, '-t', '5', '-R', QEMU), 'virt-zpci: --time-out needs --connect.\n')

    def test_what_is_no_function_is_named(self):
        self.assertEqual(self.fail_with(USAGE, 'paths', '-R', QEMU, 'uid=5', 'computer'),
                         'virt-zpci: computer is not a zPCI function; "virt-zpci list" shows those of this host.\n')

    def test_an_adapter_whose_functions_are_all_named_already(self):
        self.assertEqual(self.succeed('show', '-R', LPAR, 'fid=0', 'pchid=0x124'), self.succeed('show', '-R', LPAR, 'fid=0'))

    def test_byte_order_that_is_none(self):
        self.assertIn('big, little or native', self.fail_with(2, 'decode', '-b', 'middle', REPLIES))


class LostOutput(ToolCase):
    """An output that does not arrive is a failure, so that no script takes it for an empty one."""

    def test_to_a_full_disk(self):
        for words in PRINTING:
            with self.subTest(words=words), open('/dev/full', 'wb') as full:
                result = subprocess.run([PROGRAM, *words], stdout=full, stderr=subprocess.PIPE,
                                        encoding='utf-8', timeout=PATIENCE, check=False)
                self.assertEqual(result.returncode, 1)
                self.assertRegex(result.stderr, r'\Avirt-zpci: Writing to standard output failed')

    def test_to_nowhere(self):
        for words in PRINTING:
            with self.subTest(words=words):
                result = subprocess.run(['bash', '-c', 'exec "$@" >&-', 'bash', PROGRAM, *words],
                                        stderr=subprocess.PIPE, encoding='utf-8', timeout=PATIENCE,
                                        check=False)
                self.assertEqual(result.returncode, 1)
                self.assertRegex(result.stderr, r'\Avirt-zpci: Writing to standard output failed')

    def test_to_a_reader_that_has_left(self):
        for ignored in ('', "trap '' PIPE; "):
            with self.subTest(ignored=ignored):
                script = f'{ignored}sleep 0.2; exec "$@"'
                child = subprocess.Popen(['bash', '-c', script, 'bash', PROGRAM, 'list', '-R', LPAR],
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                child.stdout.close()
                complaint = child.stderr.read()
                child.stderr.close()
                self.assertNotEqual(child.wait(PATIENCE), 0)
                if ignored:
                    self.assertIn(b'Writing to standard output failed', complaint)

    def test_but_none_is_needed_where_there_is_none(self):
        document = self.succeed('dumpxml', '-R', QEMU, 'uid=5').encode()
        result = subprocess.run(['bash', '-c', 'exec "$@" >&-', 'bash', PROGRAM, 'validate', '-'],
                                input=document, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, b''))


if __name__ == '__main__':
    unittest.main()
