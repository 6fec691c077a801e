# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Network interfaces of a captured host that a test makes up."""

import itertools

VIRTUAL = 'devices/virtual'
_indexes = itertools.count(2)


def add_interface(tree, name, address, above=VIRTUAL, devtype=None, **attributes):
    """An interface of the PciTree, in net/ of the directory above; one that is down, unless
    attributes say otherwise. An attribute that is None is not there. Returns its directory."""
    path = f'{above}/net/{name}'
    directory = tree.sys / path
    directory.mkdir(parents=True)
    uevent = f'DEVTYPE={devtype}\n' if devtype else ''
    files = {'address': address, 'addr_len': '6', 'operstate': 'down', 'speed': '-1',
             'uevent': f'{uevent}INTERFACE={name}\nIFINDEX={next(_indexes)}', **attributes}
    for attribute, text in files.items():
        if text is not None:
            (directory / attribute).write_text(text + '\n')
    entries = tree.sys / 'class/net'
    entries.mkdir(exist_ok=True)
    tree.link(path, 'subsystem', 'class/net')
    if above != VIRTUAL:
        tree.link(path, 'device', above)
    (entries / name).symlink_to(f'../../{path}')
    return directory


def add_rdma(tree, name, above):
    """The RDMA side of the device whose directory is above."""
    path = f'{above}/infiniband/{name}'
    (tree.sys / path).mkdir(parents=True)
    tree.link(path, 'device', above)
    entries = tree.sys / 'class/infiniband'
    entries.mkdir(exist_ok=True)
    (entries / name).symlink_to(f'../../{path}')
