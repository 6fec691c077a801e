# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone wants to see which functions fail together, as text, as a picture and in a program."""

import json
import os
import pathlib
import re
import shutil
import tempfile
import unittest
import xml.etree.ElementTree

import jsonschema

from tool_case import FAILED, LPAR, OK, QEMU, SOURCE, STATES, USAGE, ToolCase, run, run_on_terminal

SVG = '{http://www.w3.org/2000/svg}'
LEAKS = SOURCE / 'tests' / 'tools' / 'graphviz-leaks.txt'
# What a name must not do: end a text, begin an escape of Graphviz, an entity or an element.
EVIL = 'a"b\\N&lt;<b>\x1b[31m'
BUILT_WITH_GRAPHVIZ = 'GRAPHVIZ_LIBRARY' in (pathlib.Path(os.environ['ZPCI_BUILD_DIR']) / 'config.h').read_text()


def draw(root):
    environment = dict(os.environ, LSAN_OPTIONS=f'suppressions={LEAKS}:print_suppressions=0')
    return run('tree', '--svg', '-R', root, env=environment)


def labels(picture):
    """The lines of text of each node of a picture, without the place where it stands."""
    nodes = [node for node in xml.etree.ElementTree.fromstring(picture).iter(f'{SVG}g') if node.get('class') == 'node']
    return sorted([text.text for text in node.iter(f'{SVG}text')] for node in nodes)


def number_of_edges(picture):
    return sum(node.get('class') == 'edge' for node in xml.etree.ElementTree.fromstring(picture).iter(f'{SVG}g'))


class Host(ToolCase):
    """A copy of a captured host, to change it."""

    source = LPAR

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name, 'host')
        shutil.copytree(self.source, self.root, symlinks=True)

    def function(self, address):
        return (self.root / 'sys/bus/pci/devices' / address).resolve()

    def add_class_device(self, subsystem, address, name, attributes=()):
        directory = self.function(address) / subsystem / name
        directory.mkdir(parents=True)
        for attribute, text in attributes:
            (directory / attribute).write_text(text + '\n')
        links = self.root / 'sys/class' / subsystem
        links.mkdir(parents=True, exist_ok=True)
        (links / name).symlink_to(os.path.relpath(directory, links))

    def lines(self):
        return self.succeed('tree', '-R', self.root).splitlines()


class Text(ToolCase):
    def test_is_as_reviewed(self):
        for host in (LPAR, STATES):
            with self.subTest(host=host.name):
                self.assert_golden(self.succeed('tree', '-R', host), f'tree-{host.name}.txt')

    def test_is_what_the_first_page_shows(self):
        page = (SOURCE / 'README.md').read_text()
        self.assertIn(''.join(f'    {line}\n' for line in self.succeed('tree', '-R', LPAR).splitlines()), page)

    def show(self, locale):
        """What a person sees on a terminal."""
        text, status = run_on_terminal('tree', '-R', LPAR, LC_ALL=locale)
        self.assertEqual(status, OK)
        return text

    def test_lines_are_drawn_with_what_the_terminal_shows(self):
        text = self.show('C.UTF-8')
        self.assertIn('├─port 1', text)
        self.assertNotIn('|-', text)
        text = self.show('C')
        self.assertIn('|-port 1', text)
        self.assertTrue(text.isascii())

    def test_each_function_stands_there_once(self):
        names = re.findall(r'z?pci_[0-9a-f_]+', self.succeed('tree', '-R', LPAR))
        self.assertEqual(sorted(names), sorted(self.succeed('list', '--all', '--names', '-R', LPAR).split()))

    def test_host_without_functions_is_an_empty_tree(self):
        with tempfile.TemporaryDirectory() as root:
            shutil.copy(QEMU / 'capture.ini', root)
            os.mkdir(f'{root}/sys')
            result = run('tree', '-R', root)
            self.assertEqual((result.returncode, result.stdout, result.stderr),
                             (OK, '', 'virt-zpci: This host has no zPCI functions.\n'))
            self.assertEqual(json.loads(run('tree', '--json', '-R', root).stdout), {'version': 1, 'cards': []})

    def test_forms_exclude_each_other(self):
        for words in (('--json', '--dot'), ('-d', '-s'), ('-j', '-d', '-s')):
            self.assertEqual(self.fail_with(USAGE, 'tree', *words, '-R', QEMU),
                             'virt-zpci: --json, --dot and --svg exclude each other.\n')


class Branches(Host):
    def test_interfaces_and_disks_hang_below_their_function(self):
        self.add_class_device('net', '0000:00:00.2', 'eno258', [('operstate', 'up')])
        self.add_class_device('block', '0005:00:00.0', 'nvme0n1')
        lines = self.lines()
        for name, below in (('pci_0000_00_00_2', 'interface eno258 (up)'), ('pci_0005_00_00_0', 'disk nvme0n1')):
            index = next(i for i, line in enumerate(lines) if name in line)
            self.assertRegex(lines[index + 1], rf'`-{re.escape(below)}\Z')

    def test_a_capture_has_disks_and_not_their_partitions(self):
        """All the way: from a host to a capture, and from that to the column, the tree and JSON."""
        self.add_class_device('block', '0005:00:00.0', 'nvme0n1', [('dev', '259:0'), ('size', '8')])
        self.add_class_device('block', '0005:00:00.0', 'nvme0n2', [('dev', '259:2'), ('size', '8')])
        partition = self.function('0005:00:00.0') / 'block/nvme0n1/nvme0n1p1'
        partition.mkdir()
        for attribute, text in (('dev', '259:1'), ('partition', '1'), ('size', '4')):
            (partition / attribute).write_text(text + '\n')
        links = self.root / 'sys/class/block'
        (links / 'nvme0n1p1').symlink_to(os.path.relpath(partition, links))
        copy = self.root.parent / 'copy'
        self.assertEqual(run('capture', '-R', self.root, copy).returncode, OK)
        for root in (self.root, copy):
            with self.subTest(root=root.name):
                self.assertEqual(self.succeed('list', '-H', '-r', '-o', 'disk', '-Q', 'fid=0', '-R', root), 'nvme0n1,nvme0n2\n')
                self.assertEqual(self.succeed('list', '-n', '-Q', 'disk=nvme0n2', '-R', root), 'pci_0005_00_00_0\n')
                (function,) = json.loads(self.succeed('show', '-j', 'fid=0', '-R', root))['functions']
                self.assertEqual(function['disk'], ['nvme0n1', 'nvme0n2'])
                self.assertEqual(self.succeed('tree', '-R', root).count('disk nvme0n'), 2)
                # The other functions have none, which is known.
                self.assertEqual(self.succeed('show', '-R', root, 'fid=0x100').count('disk          -                    sysfs'), 1)

    def test_function_whose_card_is_not_known_stands_last(self):
        (self.function('0005:00:00.0') / 'pchid').write_text('none\n')
        lines = self.lines()
        self.assertNotIn('PCHID 0x0124', lines)
        index = lines.index('PCHID not known')
        self.assertIn('pci_0005_00_00_0', ''.join(lines[index:]))

    def test_function_whose_port_is_not_known_is_said_to_be_so(self):
        (self.function('0001:00:00.0') / 'port').write_text('first\n')
        lines = self.lines()
        index = lines.index('`-port not known')
        self.assertRegex(lines[index + 1], r'\A  `-pci_0001_00_00_0 ')

    def test_virtual_function_whose_physical_one_is_not_here_stands_at_its_port(self):
        (self.function('0000:00:00.0') / 'function_id').unlink()
        port = self.lines().index('|-port 1')
        self.assertRegex(self.lines()[port + 1], r'\A\| \|-pci_0000_00_00_2 ')

    def test_functions_that_claim_each_other_are_not_lost(self):
        (self.function('0000:00:00.0') / 'physfn').symlink_to('../0000:00:00.2')
        text = '\n'.join(self.lines())
        for name in ('pci_0000_00_00_0', 'pci_0000_00_00_2', 'pci_0000_00_00_3'):
            self.assertEqual(text.count(name), 1)


class Program(Host):
    def read(self, root):
        document = json.loads(self.succeed('tree', '--json', '-R', root))
        self.validator.validate(document)
        return document

    @property
    def validator(self):
        schema = json.loads((SOURCE / 'schemas' / 'virt-zpci-tree.json').read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        return jsonschema.Draft7Validator(schema)

    def test_reads_what_a_person_sees(self):
        for root in (LPAR, STATES):
            text = self.succeed('tree', '-R', root)
            for card in self.read(root)['cards']:
                if card['pchid'] not in (None, '0x0000'):
                    self.assertIn(f'PCHID {card["pchid"]}\n', text)
        card = next(card for card in self.read(LPAR)['cards'] if card['pchid'] == '0x01c0')
        physical = card['ports'][0]['functions'][0]
        self.assertEqual([port['port'] for port in card['ports']], [1, 2])
        self.assertEqual([function['name'] for function in physical['virtual_functions']],
                         ['pci_0000_00_00_2', 'pci_0000_00_00_3', 'pci_0000_00_00_4'])

    def test_gets_null_for_what_is_not_known(self):
        card = self.read(LPAR)['cards'][-1]
        self.assertEqual((card['pchid'], card['ports'][0]['port']), (None, None))
        self.assertEqual(card['ports'][0]['functions'][0]['name'], 'zpci_00000202')

    def test_gets_interfaces_and_disks(self):
        self.add_class_device('net', '0005:00:00.0', 'eno1', [('operstate', 'down')])
        function = self.read(self.root)['cards'][0]['ports'][0]['functions'][0]
        self.assertEqual((function['iface'], function['iface_state'], function['virtual_functions']), (['eno1'], ['down'], []))

    def test_schema_refuses_what_is_wrong(self):
        document = self.read(LPAR)
        wrong = json.loads(json.dumps(document))
        wrong['cards'][1]['ports'][0]['functions'][0]['virtual_functions'][0]['fid'] = 256
        self.assertFalse(self.validator.is_valid(wrong))
        wrong = json.loads(json.dumps(document))
        del wrong['cards'][0]['pchid']
        self.assertFalse(self.validator.is_valid(wrong))
        self.assertFalse(self.validator.is_valid(dict(document, version=2)))


class Graph(Host):
    source = QEMU

    def make_evil(self):
        link = self.function('0005:00:00.0') / 'driver'
        link.unlink()
        link.symlink_to(f'../../../bus/pci/drivers/{EVIL.replace("/", "")}')

    def test_is_as_reviewed(self):
        self.assert_golden(self.succeed('tree', '--dot', '-R', LPAR), f'tree-{LPAR.name}.dot')

    def test_text_of_others_ends_nowhere_and_escapes_nothing(self):
        self.make_evil()
        text = self.succeed('tree', '--dot', '-R', self.root)
        self.assertIn(r'driver a\"b\\N&amp;lt;<b>\\x1b[31m', text)
        self.assertNotIn('\x1b', text)


class Picture(Graph):
    """Graphviz of each release places things elsewhere, but what stands in a picture is the same."""

    def picture(self, root):
        result = draw(root)
        self.assertEqual((result.returncode, result.stderr), (OK, ''))
        return result.stdout

    def test_in_the_documentation_is_what_is_drawn(self):
        for host in (LPAR, STATES):
            path = SOURCE / 'docs' / 'images' / f'tree-{host.name}.svg'
            picture = self.picture(host)
            if os.environ.get('ZPCI_REGENERATE'):
                path.write_text(re.sub(r' +$', '', picture, flags=re.MULTILINE))
            with self.subTest(host=host.name):
                self.assertEqual(labels(picture), labels(path.read_text()))
                self.assertEqual(number_of_edges(picture), number_of_edges(path.read_text()))

    def test_has_a_node_for_each_line(self):
        _, *lines = self.succeed('tree', '-R', LPAR).splitlines()
        names = sorted(re.sub(r'\A[ |`-]*', '', line).split('  ')[0].split(' 0x000')[0].strip() for line in lines)
        self.assertEqual(sorted(label[0] for label in labels(self.picture(LPAR))), names)

    def test_text_of_others_is_text_in_it(self):
        self.make_evil()
        picture = self.picture(self.root)
        self.assertIn(r'driver a"b\N&lt;<b>\x1b[31m', [line for label in labels(picture) for line in label])
        self.assertEqual({element.tag for element in xml.etree.ElementTree.fromstring(picture).iter()} & {f'{SVG}b'}, set())

    def test_where_graphviz_has_no_plugins_one_sentence_says_so(self):
        with tempfile.TemporaryDirectory() as empty:
            environment = dict(os.environ, GVBINDIR=empty, LSAN_OPTIONS=f'suppressions={LEAKS}:print_suppressions=0')
            result = run('tree', '--svg', '-R', QEMU, env=environment)
        self.assertEqual((result.returncode, result.stdout), (FAILED, ''))
        self.assertRegex(result.stderr, r'\Avirt-zpci: Graphviz does not draw the picture; [^\n]+\n\Z')


class Without(ToolCase):
    def test_it_is_said_to_be_missing(self):
        self.assertIn('built without Graphviz', self.fail_with(FAILED, 'tree', '--svg', '-R', QEMU))


# One of them is about another build.
del globals()['Without' if BUILT_WITH_GRAPHVIZ else 'Picture']


if __name__ == '__main__':
    unittest.main()
