# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The form of a source file: licence, order of includes, names, sizes, errors."""

import collections
import re

MOST_FUNCTION_LINES = 80
MOST_FILE_LINES = 600
SPDX = 'SPDX-License-Identifier: LGPL-2.1-or-later'
COPYRIGHT = 'Copyright (C) The libvirt-zpci developers'
# Names that are fixed from outside, and small public types that share the file of a greater one.
OTHER_NAMES = {'main', 'LLVMFuzzerTestOneInput', 'zpci_source_get_name', 'zpci_pft_get_name',
               'hex_section_free'}
GERROR_FUNCTION = re.compile(r'^((?:static |ZPCI_EXPORT |G_GNUC_\w+ |extern )*)([\w ]+?[ \n]\**)'
                             r'(\w+)\(([^;{}()]*?)GError \*\*error\)', re.MULTILINE)
# What differs from run to run. Numbers of the module random do, too, unless the file gives a seed.
CHANCE = re.compile(r'\bos\.urandom\b|\bsecrets\.|\bSystemRandom\b|\buuid[14]\(|\brandom\.Random\(\)|'
                    r'\bg_(?:test_)?rand(?:om)?_\w+')
MODULE_CHANCE = re.compile(r'\brandom\.(?!Random\b|seed\b)[a-z]+\(')
# Data with static storage: its type, then its name.
STATIC_DATA = re.compile(r'^[ \t]*(?:static|_Thread_local)\b([\w\s*]*?)\b(\w+)(?:\[[^\]]*\])*\s*[;=]', re.MULTILINE)


def _is_script(file):
    return file.text.startswith('#!')


def rule_spdx(tree):
    """Every source file and script begins with its licence and its copyright."""
    for file in tree.files:
        if file.is_c:
            if file.lines[:2] != [f'/* {SPDX} */', f'/* {COPYRIGHT} */']:
                yield file.at(1, 'does not begin with the two lines of licence and copyright')
        elif file.suffix in ('py', 'sh', 'ini', 'rng') or _is_script(file):
            # Captures are data that a program writes.
            if file.path.startswith('tests/data/'):
                continue
            head = '\n'.join(file.lines[:8])
            if SPDX not in head or COPYRIGHT not in head:
                yield file.at(1, 'does not begin with licence and copyright')
        elif file.name == 'meson.build' and SPDX not in file.lines[0]:
            yield file.at(1, 'does not begin with its licence')


def rule_includes(tree):
    """A .c file includes config.h, its own header, system headers, others, in this order."""
    headers = {file.name for file in tree.c_files('src') if file.suffix == 'h'}
    for file in tree.c_files('src'):
        if file.suffix != 'c':
            continue
        includes = [(system, name) for _, system, name in file.includes()]
        if not includes or includes[0] != (False, 'config.h'):
            yield file.at(1, 'does not include "config.h" first')
            continue
        own = f'{file.stem}.h'
        if own in headers and includes[1:2] != [(False, own)]:
            yield file.at(1, f'does not include its own header "{own}" second')
        rest = [system for system, name in includes[1:] if name != own]
        if rest != sorted(rest, reverse=True):
            yield file.at(1, 'includes <system> headers after those of the tree')


def _noun(file, headers):
    """What a file's functions are named after; one without a header continues that of another."""
    own = file.stem
    while own and own not in headers:
        own = own.rpartition('-')[0]
    return own or file.stem


def rule_names(tree):
    """A function that others see is named after its file; no two files share a name."""
    headers = {file.stem for file in tree.c_files('src') if file.suffix == 'h'}
    for file in tree.c_files('src'):
        prefix = _noun(file, headers).replace('-', '_')
        for function in file.functions():
            if function.static or function.name in OTHER_NAMES:
                continue
            if function.name != prefix and not function.name.startswith(prefix + '_'):
                yield file.at(function.first, f'{function.name}() is not named {prefix}_*; make it '
                                              f'static, or rename it or the file')
    places = collections.defaultdict(list)
    for file in tree.c_files('src'):
        places[file.name].append(file)
    for name, files in sorted(places.items()):
        for file in files[1:]:
            yield file.at(1, f'there is another {name}: {files[0].path}')


def rule_sizes(tree):
    """No function over 80 lines, no file over 600."""
    for file in tree.files:
        if not (file.is_c or file.suffix in ('py', 'sh') or _is_script(file)):
            continue
        count = len(file.lines) - 1
        if count > MOST_FILE_LINES:
            yield file.at(1, f'has {count} lines; at most {MOST_FILE_LINES} are wanted')
        if file.is_c:
            for function in file.functions():
                if function.lines > MOST_FUNCTION_LINES:
                    yield file.at(function.first, f'{function.name}() has {function.lines} lines; '
                                                  f'at most {MOST_FUNCTION_LINES} are wanted')


def _tells_failure(returned, name):
    """Whether a value of this type cannot be taken for a success by mistake."""
    words = returned.split()
    return (words == ['gboolean'] or returned.rstrip().endswith('*') or words[-1].endswith('Result')
            or (words == ['int'] and '_open' in name))


def rule_errors(tree):
    """A fallible function returns gboolean, a pointer, an enum *Result or a descriptor; GError last."""
    for file in tree.c_files('src'):
        code = file.code
        for match in GERROR_FUNCTION.finditer(code):
            returned, name = match.group(2), match.group(3)
            if not _tells_failure(returned, name):
                yield file.at(file.line_of(match.start(3), code),
                              f'{name}() can fail, but returns {returned.strip()}: a caller could '
                              f'take a failure for a value')
        for match in re.finditer(r'GError \*\*error, (?!\w+ number|\.\.\.|const char \*format|G)',
                                 code):
            yield file.at(file.line_of(match.start(), code), 'GError **error is the last parameter')


def rule_goto(tree):
    """No goto: g_autoptr and g_autofree clean up."""
    for file in tree.c_files('src', 'tests'):
        for number, line in enumerate(file.code.split('\n'), 1):
            if re.search(r'\bgoto\b', line):
                yield file.at(number, 'goto; let g_autoptr or g_autofree clean up')


def rule_state(tree):
    """What a command of virt-zpci knows is passed to its functions: no static data that changes."""
    for file in tree.c_files('src/tools'):
        code = file.code
        for match in STATIC_DATA.finditer(code):
            # Of a pointer, what it points to may be constant and itself not.
            if 'const' not in match.group(1).rpartition('*')[2].split():
                yield file.at(file.line_of(match.start(2), code),
                              f'{match.group(2)} keeps a state; put it into a struct that is passed')


def rule_chance(tree):
    """A test does the same each time: whatever is random has a seed."""
    for file in tree.below('tests'):
        if not (file.is_c or file.suffix == 'py') or file.path.startswith('tests/style/'):
            continue
        seeded = 'random.seed(' in file.text
        for number, line in enumerate((file.code if file.is_c else file.text).split('\n'), 1):
            match = CHANCE.search(line) or (None if seeded else MODULE_CHANCE.search(line))
            if match:
                yield file.at(number, f'{match.group(0)} differs from run to run; take random.Random(SEED)')


def rule_whitespace(tree):
    """As .editorconfig says: UTF-8, no tabs, no blanks at the end of a line, one newline at the end."""
    # make knows a command by its tab.
    makefiles = ('debian/rules',)
    for file in tree.files:
        if (file.is_binary or file.name == 'COPYING.LESSER'
                or re.search(r'^tests/data/|/golden/|/corpus/', file.path)):
            continue
        if file.text and (not file.text.endswith('\n') or file.text.endswith('\n\n')):
            yield file.at(len(file.lines), 'does not end with exactly one newline')
        for number, line in enumerate(file.lines, 1):
            tab = '\t' in line.removeprefix('\t' if file.path in makefiles else '')
            if line != line.rstrip() or tab or '\ufffd' in line:
                yield file.at(number, 'has a tab, a blank at its end, or bytes that are not UTF-8')


RULES = [rule_spdx, rule_includes, rule_names, rule_sizes, rule_errors, rule_goto, rule_state,
         rule_chance, rule_whitespace]
