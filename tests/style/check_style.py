#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Checks one style rule on the tree, or updates po/POTFILES.

Usage: check_style.py RULE ROOT | --update-potfiles ROOT | --list
"""

import os
import sys

import rules_layers
import rules_public
import rules_source
import rules_text
from style_tree import Tree

MODULES = (rules_layers, rules_source, rules_public, rules_text)
RULES = {rule.__name__.removeprefix('rule_'): rule for module in MODULES for rule in module.RULES}


def update_potfiles(root):
    """Writes po/POTFILES and po/LINGUAS as the rule potfiles wants them."""
    tree = Tree(root)
    linguas = sorted(file.stem for file in tree.below('po') if file.suffix == 'po')
    for name, lines in (('POTFILES', rules_public.translated_files(tree)), ('LINGUAS', linguas)):
        with open(os.path.join(root, 'po', name), 'w', encoding='utf-8') as stream:
            stream.writelines(line + '\n' for line in lines)


def main(arguments):
    if arguments == ['--list']:
        for name, rule in RULES.items():
            print(f'{name:12} {rule.__doc__}')
        return 0
    if len(arguments) != 2 or (arguments[0] not in RULES and arguments[0] != '--update-potfiles'):
        print(__doc__, file=sys.stderr)
        return 2
    if arguments[0] == '--update-potfiles':
        update_potfiles(arguments[1])
        return 0
    rule = RULES[arguments[0]]
    findings = list(rule(Tree(arguments[1])))
    if findings:
        print(rule.__doc__, file=sys.stderr)
        print('\n'.join(findings), file=sys.stderr)
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
