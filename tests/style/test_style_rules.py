#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Proves that each style rule catches what it should, and leaves good code alone.

Each test writes a small tree of its own, which is right except for one thing.
"""

import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import check_style
import rules_layers
from style_tree import Tree

SPDX = '/* SPDX-License-Identifier: LGPL-2.1-or-later */'
HEAD = f'{SPDX}\n/* Copyright (C) The libvirt-zpci developers */\n\n'
SCRIPT_HEAD = '# SPDX-License-Identifier: LGPL-2.1-or-later\n# Copyright (C) The libvirt-zpci developers\n'
NUMBER_H = HEAD + '''#pragma once

#include <glib.h>

#include "zpci-export.h"

/**
 * number_parse:
 *
 * Returns: %FALSE if @text is no number.
 */
ZPCI_EXPORT gboolean number_parse(const char *text, GError **error);
'''
NUMBER_C = HEAD + '''#include "config.h"

#include "number.h"

#include <glib/gi18n-lib.h>

static void
helper(int number)
{
    if (number) {
        ioctl(number, 0);
    }
}

gboolean
number_parse(const char *text, GError **error)
{
    helper(1);
    g_set_error(error, 0, 0, _("'%s' is no number."), text);
    return FALSE;
}
'''
GOOD_TREE = {
    'src/meson.build': SCRIPT_HEAD + "public_headers = files(\n  'util/number.h',\n)\n",
    'src/libvirt-zpci.map': 'V_1 {\nglobal:\n    number_parse;\nlocal:\n    *;\n};\n',
    'src/util/number.h': NUMBER_H,
    'src/util/number.c': NUMBER_C,
    'src/util/zpci-export.h': HEAD + '#pragma once\n\n#define ZPCI_EXPORT\n',
    'src/vfio/vfio-info.h': HEAD + '#pragma once\n\n#include "number.h"\n',
    'src/rpc/rpc-frame.h': HEAD + '#pragma once\n',
    'tests/unit/test-number.c': HEAD + '#include "config.h"\n\n#include "number.h"\n',
    'po/POTFILES': 'src/util/number.c\n',
    'po/LINGUAS': '',
    'README.md': 'Read https://libvirt.org/ first.\n',
    'scripts/check': '#!/bin/sh\n' + SCRIPT_HEAD + 'exit 0\n',
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../.clang-format'),
          encoding='utf-8') as config:
    GOOD_TREE['.clang-format'] = config.read()


class StyleRules(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def findings(self, rule, changes):
        """What the rule says about the good tree with these files instead of its own."""
        for path, text in {**GOOD_TREE, **changes}.items():
            if text is None:
                continue
            path = os.path.join(self.directory.name, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'wb') as stream:
                stream.write(text if isinstance(text, bytes) else text.encode())
        return list(check_style.RULES[rule](Tree(self.directory.name)))

    def assert_finds(self, rule, changes, *expected):
        """The rule has exactly as many findings as expected, and each says its text."""
        findings = self.findings(rule, changes)
        self.assertEqual(len(findings), len(expected), findings)
        for finding, text in zip(findings, expected):
            self.assertIn(text, finding)

    def test_every_rule_leaves_the_good_tree_alone(self):
        for rule in check_style.RULES:
            if rule != 'manuals':
                with self.subTest(rule=rule):
                    self.assertEqual(self.findings(rule, {}), [])

    def test_every_rule_is_a_test_of_the_build(self):
        here = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(here, 'meson.build'), encoding='utf-8') as stream:
            text = stream.read()
        for rule in check_style.RULES:
            self.assertIn(f"'{rule}'", text)

    def test_layers_finds_an_inclusion_that_goes_up(self):
        self.assert_finds('layers', {'src/util/number.c': NUMBER_C.replace('"number.h"',
                                                                           '"vfio-info.h"')},
                          'src/util/number.c:6: src/util may not include "src/vfio/vfio-info.h"')

    def test_layers_finds_a_sibling_that_is_not_below(self):
        self.assert_finds('layers', {'src/rpc/rpc-frame.h': HEAD + '#include "vfio-info.h"\n'},
                          'src/rpc may not include')

    def test_layers_finds_a_directory_without_a_layer_and_an_unknown_header(self):
        self.assert_finds('layers', {'src/misc/misc.h': HEAD}, 'src/misc is in no layer')
        self.assert_finds('layers', {'src/misc/misc.h': None, 'src/rpc/rpc-frame.h':
                                     HEAD + '#include "linux/vfio.h"\n'},
                          'src/misc is in no layer', '"linux/vfio.h" is no header of the tree')

    def test_doors_finds_who_goes_past_them(self):
        self.assert_finds('doors', {'src/vfio/vfio-cdev.h': HEAD, 'src/vfio/vfio-cdev.c':
                                    HEAD + '#include "vfio-cdev.h"\n', 'src/vfio/vfio-device.c':
                                    HEAD + '#include "vfio-cdev.h"\n', 'src/vfio/vfio-info.c':
                                    HEAD + '#include "vfio-cdev.h"\n'},
                          'src/vfio/vfio-info.c:4: only vfio-device.c may include "vfio-cdev.h"')

    def test_circles_finds_files_that_use_each_other_and_headers_that_include_each_other(self):
        self.assert_finds('circles', {
            'src/util/one.c': HEAD + 'void\none_do(void)\n{\n    two_do();\n}\n',
            'src/util/two.c': HEAD + 'void\ntwo_do(void)\n{\n    number_parse(NULL, one_do);\n}\n',
            'src/util/one.h': HEAD + '#include "two.h"\n',
            'src/util/two.h': HEAD + '#include "three.h"\n',
            'src/util/three.h': HEAD + '#include "two.h"\n'},
            'circle: src/util/one.c -> src/util/two.c -> src/util/one.c',
            'circle: src/util/two.h -> src/util/three.h -> src/util/two.h')

    def test_circles_allows_one_way(self):
        self.assert_finds('circles', {
            'src/util/one.c': HEAD + 'void\none_do(void)\n{\n    two_do();\n    one_do();\n}\n',
            'src/util/two.c': HEAD + 'void\ntwo_do(void)\n{\n}\n'})

    def test_tested_finds_a_source_without_a_test_and_an_entry_too_many(self):
        self.assert_finds('tested', {'src/util/text.c': HEAD, 'src/daemon/daemon-host.c': HEAD,
                                     'src/xml/xml-problem.c': HEAD,
                                     'tests/unit/test-zpci-schema.c': HEAD,
                                     'tests/unit/test-xml-problem.c': HEAD},
                          'src/util/text.c:1: there is no tests/unit/test-text.c',
                          'src/xml/xml-problem.c:1: has a test of its own')

    def test_tested_allows_what_another_tests(self):
        self.assert_finds('tested', {'src/xml/xml-problem.c': HEAD,
                                     'tests/unit/test-zpci-schema.c': HEAD})

    def test_doors_are_files_of_the_tree(self):
        root = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..')
        names = {file.name for file in Tree(root).c_files('src')}
        for header, doors in rules_layers.DOORS.items():
            self.assertLessEqual({header} | doors, names)

    def test_words_finds_zpci_in_vfio_and_node_devices_in_rpc(self):
        self.assert_finds('words', {'src/vfio/vfio-info.h': HEAD + '/* for a zPCI function */\n',
                                    'src/rpc/rpc-frame.h': HEAD + 'int node_device_list(void);\n'},
                          "src/vfio/vfio-info.h:4: src/vfio must not know the word 'zPCI'",
                          "src/rpc must not know the word 'node_device'")

    def test_words_allows_the_error_domain(self):
        self.assert_finds('words', {'src/rpc/rpc-frame.h': HEAD + '#include "zpci-error.h"\n'
                                                                  '/* sets %ZPCI_ERROR_IN_USE */\n'})

    def test_merges_finds_what_sources_know(self):
        path = 'src/inventory/zpci-inventory.c'
        for line, word in (('#include "pci-use.h"', 'pci'), ('#include <libvirt/libvirt.h>', 'libvirt'),
                           ('#define LIST VIR_CONNECT_LIST', 'VIR_CONNECT_LIST'), ('if (flags & 0xc0) {', '0xc0'),
                           ('puts("no PCI function");', 'PCI')):
            with self.subTest(line=line):
                self.assert_finds('merges', {path: f'{HEAD}{line}\n'},
                                  f'{path}:4: src/inventory must not know {word!r}')

    def test_merges_allows_comments_and_our_own_name(self):
        self.assert_finds('merges', {'src/inventory/zpci-inventory.h':
                                     HEAD + '/* of virNodeDeviceReset(): a PCI function */\n'
                                            'void zpci_inventory_reset(ZpciInventory *);\n'})

    def test_ioctl_finds_a_second_call_and_none(self):
        second = HEAD + 'static void\nask(int fd)\n{\n    ioctl(fd, 1);\n}\n'
        self.assert_finds('ioctl', {'src/rpc/rpc.c': second}, 'rpc.c:7: calls', 'number.c:14: calls')
        self.assert_finds('ioctl', {'src/rpc/rpc.c': HEAD, 'src/util/number.c': HEAD +
                                    '/* ioctl() */\nconst char *text = "ioctl(";\n'},
                          'no ioctl() call was found')

    def test_spdx_finds_a_source_and_a_script_without_licence(self):
        self.assert_finds('spdx', {'src/rpc/rpc-frame.h': SPDX + '\n#pragma once\n',
                                   'scripts/run': '#!/bin/sh\nexit 0\n'},
                          'scripts/run:1: does not begin with', 'rpc-frame.h:1: does not begin with')

    def test_includes_finds_config_missing_and_headers_out_of_order(self):
        self.assert_finds('includes', {'src/rpc/rpc-frame.c': HEAD + '#include "rpc-frame.h"\n'},
                          'does not include "config.h" first')
        self.assert_finds('includes', {'src/rpc/rpc-frame.c': HEAD + '#include "config.h"\n\n'
                                       '#include <errno.h>\n\n#include "rpc-frame.h"\n'},
                          'does not include its own header "rpc-frame.h" second')
        late = NUMBER_C.replace('#include <glib/gi18n-lib.h>',
                                '#include "zpci-export.h"\n#include <errno.h>')
        self.assert_finds('includes', {'src/rpc/rpc-frame.c': HEAD + '#include "config.h"\n\n'
                                       '#include "rpc-frame.h"\n', 'src/util/number.c': late},
                          'number.c:1: includes <system> headers after')

    def test_names_finds_a_function_that_is_named_after_nothing(self):
        self.assert_finds('names', {'src/util/number.c': NUMBER_C.replace('static void\nhelper',
                                                                          'void\nhelper')},
                          'src/util/number.c:11: helper() is not named number_*')

    def test_names_finds_a_file_name_that_is_there_twice(self):
        self.assert_finds('names', {'src/rpc/number.h': HEAD}, 'there is another number.h')

    def test_sizes_counts_from_the_name_to_the_closing_brace(self):
        body = '    helper(1);\n' * 76
        longest = NUMBER_C.replace('    helper(1);\n', body[:-15])
        self.assert_finds('sizes', {'src/util/number.c': longest})
        self.assert_finds('sizes', {'src/util/number.c': NUMBER_C.replace('    helper(1);\n', body)},
                          'number_parse() has 81 lines')

    def test_sizes_finds_a_file_of_more_than_600_lines(self):
        self.assert_finds('sizes', {'scripts/check': '#!/bin/sh\n' + 'true\n' * 600},
                          'scripts/check:1: has 601 lines')

    def test_errors_finds_a_fallible_function_that_returns_a_number(self):
        for returned in ('int', 'void', 'static guint'):
            text = NUMBER_C.replace('gboolean\nnumber_parse', f'{returned}\nnumber_parse')
            self.assert_finds('errors', {'src/util/number.c': text},
                              'number.c:19: number_parse() can fail, but returns')

    def test_errors_allows_what_cannot_be_taken_for_a_success(self):
        self.assert_finds('errors', {'src/rpc/rpc-frame.h': HEAD +
                                     'const RpcFrame *rpc_frame_new(const char *a, GError **error);\n'
                                     'static gboolean f(int a,\n                  GError **error);\n'
                                     'SysfsResult g(GError **error);\n'
                                     'int a_open(GError **error);\n'})

    def test_goto_is_found_in_code_only(self):
        self.assert_finds('goto', {'src/util/number.c': NUMBER_C.replace('helper(1);', 'goto out;'),
                                   'src/rpc/rpc-frame.h': HEAD + '/* no goto here */\n'},
                          'src/util/number.c:21: goto')

    def test_state_finds_static_data_that_changes(self):
        constant = ('static const int one = 1;\nstatic const char *const two[] = { "a" };\n'
                    'static void\nthree(void)\n{\n    static const int four[] = { 1 };\n}\n')
        self.assert_finds('state', {'src/tools/tool.c': HEAD + constant,
                                    'src/util/number.c': NUMBER_C + 'static int count;\n'})
        for text, name in (('static gboolean as_json;', 'as_json'), ('static char **files;', 'files'),
                           ('static const char *text = NULL;', 'text'), ('static Style style[2];', 'style'),
                           ('void\ntool(void)\n{\n    static int times = 0;\n}', 'times')):
            self.assert_finds('state', {'src/tools/tool.c': HEAD + constant + text + '\n'},
                              f'{name} keeps a state')

    def test_chance_finds_what_has_no_seed(self):
        for text in ('os.urandom(4)', 'random.choice("ab")', 'random.Random().random()', 'uuid.uuid4()'):
            self.assert_finds('chance', {'tests/a.py': f'data = {text}\n'}, 'tests/a.py:1: ')
        self.assert_finds('chance', {'tests/a.py': '', 'tests/unit/test-number.c': HEAD + 'g_test_rand_int();\n'}, 'test-number.c:4: ')
        self.assert_finds('chance', {'tests/a.py': 'random.seed(1)\nrandom.choice("ab")\n',
                                     'tests/unit/test-number.c': HEAD + '/* g_test_rand_int() has none. */\n',
                                     'tests/b.py': 'random.Random(1).choice("ab")\nname = "/dev/urandom"\n',
                                     'scripts/c.py': 'os.urandom(4)\n'})

    def test_whitespace_finds_tabs_blanks_and_a_missing_newline(self):
        self.assert_finds('whitespace', {'README.md': 'a \nb\tc\nd'}, 'README.md:3: does not end',
                          'README.md:1: has a tab, a blank', 'README.md:2: has a tab')
        self.assert_finds('whitespace', {'README.md': b'caf\xe9\n'}, 'README.md:1: has a tab')
        self.assert_finds('whitespace', {'debian/rules': 'a:\n\tb\n\tc\td\n'}, 'debian/rules:3: has a tab')

    def test_symbols_compares_map_and_headers_both_ways(self):
        changed = GOOD_TREE['src/libvirt-zpci.map'].replace('number_parse', 'number_print')
        self.assert_finds('symbols', {'src/libvirt-zpci.map': changed},
                          'lacks number_parse', 'lists number_print')

    def test_symbols_finds_an_export_in_a_private_header(self):
        self.assert_finds('symbols', {'src/rpc/rpc-frame.h': HEAD + 'ZPCI_EXPORT int rpc(void);\n'},
                          'exports rpc, but is no public header')

    def test_symbols_keeps_those_of_private_headers_apart(self):
        build = GOOD_TREE['src/meson.build'] + "private_headers = files(\n  'rpc/rpc-frame.h',\n)\n"
        private = {'src/meson.build': build,
                   'src/rpc/rpc-frame.h': HEAD + 'ZPCI_EXPORT int rpc(void);\n'}
        self.assert_finds('symbols', private, 'lacks rpc, which a private header exports')
        block = 'LIBVIRT_ZPCI_PRIVATE {\nglobal:\n    rpc;\n};\n'
        private['src/libvirt-zpci.map'] = GOOD_TREE['src/libvirt-zpci.map'] + block
        self.assertEqual(self.findings('symbols', private), [])

    def test_documented_finds_a_comment_that_is_missing_or_of_another_function(self):
        for old, new in (('/**\n * number_parse', '/*\n * number_parse'),
                         ('* number_parse:', '* number_print:'),
                         (' */\nZPCI', ' */\n\nint between;\nZPCI')):
            self.assert_finds('documented', {'src/util/number.h': NUMBER_H.replace(old, new)},
                              'number_parse() has no "/** number_parse:" comment above')

    def test_values_finds_members_of_a_public_enum_that_would_move(self):
        public = NUMBER_H + 'typedef enum {\n    NUMBER_ODD = 1,\n    NUMBER_EVEN,\n} Number;\n'
        self.assert_finds('values', {'src/util/number.h': public}, 'NUMBER_EVEN has no value')
        self.assertEqual(self.findings('values', {
            'src/util/number.h': public.replace('EVEN', 'EVEN = 1 << 1'),
            'src/vfio/vfio-info.h': HEAD + '#pragma once\n\nenum { ANY };\n'}), [])

    def test_potfiles_finds_missing_surplus_and_unsorted_entries(self):
        self.assert_finds('potfiles', {'po/POTFILES': 'src/b.c\nsrc/a.c\n', 'po/de.po': ''},
                          'lacks src/util/number.c', 'lists src/a.c', 'lists src/b.c', 'not sorted',
                          'po/LINGUAS: lacks de')

    def test_update_potfiles_mends_what_the_rule_finds(self):
        self.findings('potfiles', {'po/POTFILES': '', 'po/de.po': ''})
        check_style.update_potfiles(self.directory.name)
        self.assertEqual(list(check_style.RULES['potfiles'](Tree(self.directory.name))), [])

    def test_xml_finds_printed_elements_but_no_messages_about_them(self):
        for text, count in (('<name>%s</name>', 1), ('<a b=\\"%u\\"/>', 1), ('<zpci uid=\'%s\'', 1),
                            ('<zpci> has no uid; add one.', 0), ('1 < 2', 0)):
            changed = NUMBER_C.replace("'%s' is no number.", text)
            self.assert_finds('xml', {'src/util/number.c': changed}, *['with XML in it'] * count)

    def test_xml_knows_what_is_put_around_a_document(self):
        validation = 'src/domain/zpci-validation.c'
        around, within = (NUMBER_C.replace("'%s' is no number.", text) for text in ('</devices>', '</name>'))
        self.assert_finds('xml', {validation: around})
        self.assert_finds('xml', {validation: within}, validation)
        self.assert_finds('xml', {validation: around, 'src/util/number.c': around}, 'src/util/number.c')

    def test_format_finds_what_the_formatter_would_change(self):
        findings = self.findings('format', {'src/util/number.c': NUMBER_C.replace('(number, 0)',
                                                                                  '(number,0)')})
        self.assertIn('src/util/number.c:14', findings[0])

    def test_format_fails_without_the_right_formatter(self):
        with mock.patch.dict(os.environ, {'PATH': '/nonexistent'}):
            self.assert_finds('format', {}, 'clang-format 14 or newer is not installed')

    def test_spelling_finds_a_misspelt_text_and_a_misspelt_identifier(self):
        wrong = 'recie' + 've'
        self.assert_finds('spelling', {'README.md': f'To {wrong} it.\n'}, *[wrong] * 2)
        self.assert_finds('spelling', {'README.md': 'Good.\n', 'src/rpc/rpc-frame.h':
                                       HEAD + f'int rpc_{wrong}_all(void);\n'}, wrong)

    def test_private_finds_paths_and_hosts_of_one_machine(self):
        self.assert_finds('private', {'README.md': 'cd ' + '/ro' + 'ot/x\nsee htt' + 'ps://a.lan.corp/\n'},
                          'README.md:1: names', 'README.md:2: links to a.lan.corp')

    def test_manuals_finds_a_subcommand_and_an_option_that_are_not_explained(self):
        build = os.path.join(self.directory.name, 'build')
        shown = 'Commands:\n  list   shows\n  watch  waits\n\nOptions:\n  --root DIR  a host\n'
        for program, directory in (('virt-zpci', 'src/tools'), ('virtzpcid', 'src/daemon')):
            path = os.path.join(build, directory, program)
            os.makedirs(os.path.dirname(path))
            with open(path, 'w', encoding='utf-8') as stream:
                stream.write(f"#!/bin/sh\ncat <<'E'\n{shown}E\n")
            os.chmod(path, 0o755)
        with mock.patch.dict(os.environ, {'ZPCI_BUILD_DIR': build}):
            self.assert_finds('manuals', {'docs/virt-zpci.rst': 'list\n  all, see --rooted\n'},
                              'does not explain --root', 'does not explain watch',
                              'virtzpcid has no manual')

    def test_an_unknown_rule_is_an_error(self):
        command = [sys.executable, check_style.__file__, 'nosuch', self.directory.name]
        self.assertEqual(subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode, 2)


if __name__ == '__main__':
    unittest.main()
