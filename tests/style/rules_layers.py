# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Who may know whom: inclusion goes down only, and the lower layers know no words of the upper."""

import re

LIBRARY = {'util', 'vfio', 'zpci', 'host', 'use', 'change', 'capture', 'xml', 'node_device', 'upstream', 'inventory',
           'domain', 'table'}
MAY_INCLUDE = {
    'util': set(),
    'vfio': {'util'},
    'zpci': {'util', 'vfio'},
    'host': {'util', 'vfio', 'zpci'},
    'use': {'util', 'vfio', 'zpci', 'host'},
    'change': {'util', 'vfio', 'zpci', 'host', 'use'},
    'capture': {'util', 'vfio', 'zpci', 'host', 'use'},
    'xml': {'util'},
    'node_device': {'util', 'zpci', 'host', 'use', 'change', 'xml'},
    'upstream': {'util', 'zpci', 'host', 'node_device'},
    'inventory': {'util', 'zpci', 'host', 'node_device', 'upstream'},
    'domain': {'util', 'zpci', 'xml'},
    'table': {'util', 'zpci', 'host', 'use', 'xml', 'node_device', 'inventory', 'domain'},
    'rpc': {'util'},
    'front': {'util', 'rpc'},
    'daemon': LIBRARY | {'rpc', 'front', ''},
    'tools': LIBRARY | {'rpc', ''},
    # src/ itself: the public header and nothing else.
    '': LIBRARY,
}
# Within a layer: who includes it, and all others ask these. In src/host, where what only this machine has stands
# beside what a captured host has as well, what asks a device or locks it; in src/node_device what the source of
# the host is made of, which src/inventory knows as one source among others.
DOORS = {
    'chain-failure.h': {'chain-cache.c'},
    'clp-device.h': {'clp-source.c'},
    'devlink.h': {'net-features.c'},
    'file-lock.h': {'chain-cache.c', 'function-lock.h'},
    'node-device-families.h': {'node-device-native-resolve.c', 'node-device-native-watch.c',
                               'node-device-native.c'},
    'node-device-native-resolve.h': {'node-device-native.c'},
    'node-device-native-watch.h': {'node-device-native.c'},
    'node-device-native.h': {'zpci-inventory.c'},
    'node-device-overlay.h': {'zpci-inventory-upstream.c'},
    'own-directory.h': {'chain-cache.c', 'file-lock.c'},
    'sysfs-recorder.h': {'capture-writer.h', 'sysfs.c'},
    'upstream-source.h': {'zpci-inventory-upstream.c'},
    'vfio-cdev.h': {'vfio-device.c'},
    'vfio-group.h': {'vfio-device.c'},
}
# Sources of the library that are tested by the unit test of another, which uses all of them.
TESTED_BY = {
    'capability-base': 'capability', 'capability-group': 'capability', 'capability-pci-atomic': 'capability',
    'capability-pfip': 'capability', 'capability-util': 'capability', 'zpci-capability': 'zpci-chain',
    'net-device': 'net-reading', 'pci-device': 'pci-reading', 'pci-snapshot': 'pci-snapshot-reading',
    'ccw-capture': 'zpci-capture', 'ccw-device': 'ccw-reading', 'node-device-ccw-lookup': 'node-device-ccw-family',
    'node-device-mdev-types': 'node-device-pci', 'net-capture': 'zpci-capture', 'node-device-native': 'zpci-inventory',
    'node-device-native-resolve': 'zpci-inventory', 'node-device-watch': 'zpci-monitor',
    'pci-names': 'node-device-pci', 'schema-store': 'zpci-schema', 'xml-document': 'xml-source',
    'xml-problem': 'zpci-schema', 'xml-text-diff': 'zpci-domain-document', 'zpci-finding': 'zpci-schema',
    'upstream-device': 'zpci-upstream', 'upstream-source': 'zpci-inventory-upstream',
    'upstream-watch': 'zpci-upstream', 'zpci-guest-request': 'zpci-domain-document',
    'zpci-meaning': 'zpci-validation',
}
# The names of the project, of its error domain and of the capability ids (one list for
# all devices) say nothing about what a layer knows.
NO_MEANING = re.compile(r'zpci-(?:error|export)\.h|ZPCI_(?:ERROR|EXPORT)\w*|ZpciError|zpci_error_\w+'
                        r'|The libvirt-zpci developers|VFIO_CAP_\w+')
FOREIGN_WORDS = {
    'src/vfio': re.compile(r'zpci', re.IGNORECASE),
    'src/rpc': re.compile(r'zpci|node[ _-]?dev(?:ice)?', re.IGNORECASE),
    'src/front': re.compile(r'zpci|node[ _-]?dev(?:ice)?', re.IGNORECASE),
}
# The inventory merges what sources say: which flags libvirt has, and what is done to PCI functions only, they know.
# How both look to who calls it, its headers say in comments.
MERGES_ONLY = 'src/inventory'
SOURCES_KNOW = re.compile(r'(?<![zZ])(?:pci|PCI)(?=[\W_])|\bvir[A-Z]\w*|\bVIR_\w*|libvirt|vfio|VFIO|\b0x[0-9a-fA-F]+')


def _layer(file):
    return file.path.split('/')[1] if file.path.count('/') > 1 else ''


def rule_layers(tree):
    """An #include goes down: each layer sees its own headers and those of the layers below."""
    sources = tree.c_files('src')
    headers = {file.name: file for file in sources if file.suffix == 'h'}
    for file in sources:
        layer = _layer(file)
        if layer not in MAY_INCLUDE:
            yield file.at(1, f'the directory src/{layer} is in no layer; name it in {__name__}.py')
            continue
        for line, system, name in file.includes():
            if system or name == 'config.h':
                continue
            if name not in headers:
                yield file.at(line, f'"{name}" is no header of the tree; write <{name}>')
            elif _layer(headers[name]) not in MAY_INCLUDE[layer] | {layer}:
                yield file.at(line, f'src/{layer} may not include "{headers[name].path}"')


def rule_doors(tree):
    """What is behind a door is included by the door only, and everything else asks there."""
    for file in tree.c_files('src'):
        for line, _, name in file.includes():
            if name in DOORS and file.name not in DOORS[name] and file.name != name[:-1] + 'c':
                yield file.at(line, f'only {", ".join(sorted(DOORS[name]))} may include "{name}"')


def _find_circle(graph):
    """The way from a node back to itself, or an empty list. What leads to no circle is looked at once."""
    done = set()

    def walk(node, way):
        if node in way:
            return way[way.index(node):] + [node]
        if node in done:
            return []
        for other in sorted(graph[node]):
            circle = walk(other, way + [node])
            if circle:
                return circle
        done.add(node)
        return []

    for node in sorted(graph):
        circle = walk(node, [])
        if circle:
            return circle
    return []


def rule_circles(tree):
    """Who is called does not call back: what files of C use of each other has no circle, nor has inclusion."""
    files = tree.c_files('src')
    sources = [file for file in files if file.suffix == 'c']
    homes = {function.name: file.path for file in sources for function in file.functions() if not function.static}
    uses = {file.path: {homes[word] for word in set(re.findall(r'\w+', file.code)) & homes.keys()} - {file.path}
            for file in sources}
    headers = {file.name: file for file in files if file.suffix == 'h'}
    inclusion = {file.path: {headers[name].path for _, system, name in file.includes()
                             if not system and name in headers} for file in headers.values()}
    for graph in (uses, inclusion):
        circle = _find_circle(graph)
        if circle:
            yield 'goes in a circle: ' + ' -> '.join(circle)


def rule_tested(tree):
    """Each source of the library has a unit test of its name, or is in the list of those that another tests."""
    tests = {file.stem for file in tree.c_files('tests/unit')}
    for file in tree.c_files('src'):
        if file.suffix != 'c' or _layer(file) not in LIBRARY:
            continue
        test = f'test-{TESTED_BY.get(file.stem, file.stem)}'
        if test not in tests:
            yield file.at(1, f'there is no tests/unit/{test}.c')
        elif file.stem in TESTED_BY and f'test-{file.stem}' in tests:
            yield file.at(1, f'has a test of its own; take it out of TESTED_BY in {__name__}.py')


def rule_words(tree):
    """src/vfio does not say zpci, src/rpc and src/front neither that nor node device."""
    for directory, foreign in FOREIGN_WORDS.items():
        for file in tree.below(directory):
            for number, line in enumerate(file.lines, 1):
                match = foreign.search(NO_MEANING.sub('', line))
                if match:
                    yield file.at(number, f'{directory} must not know the word {match.group(0)!r}')


def rule_merges(tree):
    """src/inventory has no word of PCI, of VFIO and of libvirt but in comments: its sources know."""
    for file in tree.c_files(MERGES_ONLY):
        for number, line in enumerate(file.without_comments.split('\n'), 1):
            match = SOURCES_KNOW.search(line)
            if match:
                yield file.at(number, f'{MERGES_ONLY} must not know {match.group(0)!r}; a source does')


def rule_ioctl(tree):
    """The whole project calls ioctl() in one place."""
    calls = [file.at(number, 'calls ioctl()') for file in tree.c_files('src')
             for number, line in enumerate(file.code.split('\n'), 1)
             if re.search(r'(?<![\w.>])ioctl\(', line)]
    if len(calls) != 1:
        yield from calls or ['src: no ioctl() call was found; there should be one']


RULES = [rule_layers, rule_doors, rule_circles, rule_tested, rule_words, rule_merges, rule_ioctl]
