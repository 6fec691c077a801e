# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What the outside sees: symbols, their documentation, translations, XML, manuals."""

import os
import re
import subprocess

SYMBOL_MAP = 'src/libvirt-zpci.map'
PRIVATE_VERSION = 'LIBVIRT_ZPCI_PRIVATE'
EXPORTED = re.compile(r'^ZPCI_EXPORT\b[^;{(]*?(\w+)\(', re.MULTILINE)
TRANSLATED = re.compile(r'(?<![\w])(?:_|N_|C_|NC_|Q_|ngettext|g_dngettext|g_dpgettext2?)\(')
XML_TEXT = re.compile(r'</\w|/>|<\w[\w:-]*\s+\w+=|<\w[\w:-]*>%|<%')
OPTION = re.compile(r'(?<![\w-])(--[a-z][a-z-]+|-[a-zA-Z])(?![\w-])')
# The one place that turns a tree into text.
XML_WRITER = 'src/xml/xml-text.c'
# What is put around text that is XML already, by file: nothing in it is to be escaped.
XML_AROUND = {'src/domain/zpci-validation.c': '</devices>'}
PROGRAMS = {'virt-zpci': 'src/tools', 'virtzpcid': 'src/daemon'}


def _headers(tree, kind):
    build = tree.find('src/meson.build')
    block = re.search(kind + r'_headers = files\((.*?)\)', build.text if build else '', re.DOTALL)
    return [tree.find('src/' + name) for name in re.findall(r"'([^']+)'", block.group(1))] \
        if block else []


def _public_headers(tree):
    return _headers(tree, 'public')


def _differences(tree, kind, text):
    listed = set(re.findall(r'(\w+);', text))
    exported = {name for header in _headers(tree, kind) for name in EXPORTED.findall(header.code)}
    for name in sorted(exported - listed):
        yield f'{SYMBOL_MAP}: lacks {name}, which a {kind} header exports'
    for name in sorted(listed - exported):
        yield f'{SYMBOL_MAP}: lists {name}, which no {kind} header exports'


def rule_symbols(tree):
    """src/libvirt-zpci.map lists, sorted, exactly what the headers mark ZPCI_EXPORT: the public ones,
    and in a version of their own those that are private."""
    symbol_map = tree.find(SYMBOL_MAP)
    if symbol_map is None:
        yield f'{SYMBOL_MAP}: is not there'
        return
    text = re.sub(r'/\*.*?\*/|#[^\n]*', '', symbol_map.text, flags=re.DOTALL)
    public, _, private = text.partition(PRIVATE_VERSION)
    yield from _differences(tree, 'public', public)
    yield from _differences(tree, 'private', private)
    for block in re.findall(r'global:(.*?)(?:local:|\})', text, re.DOTALL):
        names = re.findall(r'(\w+);', block)
        if names != sorted(names):
            yield f'{SYMBOL_MAP}: is not sorted'
    for file in tree.c_files('src'):
        if file.suffix == 'h' and file not in _public_headers(tree) + _headers(tree, 'private'):
            for name in EXPORTED.findall(file.code):
                yield f'{file.path}: exports {name}, but is no public header'


def rule_documented(tree):
    """Each exported function has a comment directly above that begins with its name."""
    for header in _public_headers(tree):
        for match in EXPORTED.finditer(header.text):
            above = header.text[:match.start()]
            comment = above[above.rfind('/**'):]
            if not (comment.startswith(f'/**\n * {match.group(1)}:\n') and above.endswith(' */\n')
                    and comment.count('*/') == 1):
                yield header.at(header.line_of(match.start()),
                                f'{match.group(1)}() has no "/** {match.group(1)}:" comment above')


def rule_values(tree):
    """Each member of a public enum has a value of its own, which stays when more members come."""
    for header in _public_headers(tree):
        for match in re.finditer(r'\benum\b[^;{(]*\{(.*?)\}', header.code, re.DOTALL):
            for member in match.group(1).split(','):
                if member.strip() and '=' not in member:
                    yield header.at(header.line_of(match.start()),
                                    f'{member.strip()} has no value; give it one that stays')


def translated_files(tree):
    """The paths of the sources with messages for a person, sorted."""
    return sorted(file.path for file in tree.c_files('src') if TRANSLATED.search(file.code))


def rule_potfiles(tree):
    """po/POTFILES lists every file with messages, sorted; po/LINGUAS every translation."""
    for name, wanted in (('po/POTFILES', translated_files(tree)),
                         ('po/LINGUAS', sorted(file.stem for file in tree.below('po')
                                               if file.suffix == 'po'))):
        listed = tree.find(name)
        lines = [line for line in (listed.lines if listed else ())
                 if line and not line.startswith('#')]
        for missing in sorted(set(wanted) - set(lines)):
            yield f'{name}: lacks {missing}; run "ninja update-potfiles" in the build directory'
        for surplus in sorted(set(lines) - set(wanted)):
            yield f'{name}: lists {surplus}, which has nothing to translate'
        if lines != sorted(lines):
            yield f'{name}: is not sorted'


def rule_xml(tree):
    """XML is built as a tree and escaped in one place, never printed from a format."""
    for file in tree.c_files('src'):
        if file.path == XML_WRITER:
            continue
        for line, text in file.strings():
            if XML_TEXT.search(text) and text != XML_AROUND.get(file.path):
                yield file.at(line, 'a string with XML in it; build nodes with src/xml')


def _help(program, *arguments):
    environment = dict(os.environ, LC_ALL='C.UTF-8', COLUMNS='200')
    return subprocess.run([program, *arguments, '--help'], env=environment, check=True, timeout=300,
                          stdout=subprocess.PIPE, encoding='utf-8').stdout


def _subcommands(text):
    block = re.search(r'^(?:Commands|Subcommands):\n((?:  .*\n)+)', text, re.MULTILINE)
    return re.findall(r'^  ([a-z]+)\b', block.group(1), re.MULTILINE) if block else []


def rule_manuals(tree):
    """The manual of each program has all of its subcommands and options, as --help shows them."""
    build = os.environ['ZPCI_BUILD_DIR']
    for name, directory in PROGRAMS.items():
        program = os.path.join(build, directory, name)
        manual = tree.find(f'docs/{name}.rst')
        if manual is None:
            yield f'docs/{name}.rst: is not there; {name} has no manual'
            continue
        text = _help(program)
        subcommands = _subcommands(text)
        texts = [text] + [_help(program, subcommand) for subcommand in subcommands]
        wanted = {(f'{subcommand}', rf'^{subcommand}\b') for subcommand in subcommands}
        wanted |= {(option, rf'(?<![\w-]){option}(?![\w-])')
                   for text in texts for option in OPTION.findall(text)}
        for word, pattern in sorted(wanted):
            if not re.search(pattern, manual.text, re.MULTILINE):
                yield f'{manual.path}: does not explain {word}, which {name} --help shows'


RULES = [rule_symbols, rule_documented, rule_values, rule_potfiles, rule_xml, rule_manuals]
