# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The channel subsystem of a captured host that a test makes up."""


def _add(tree, bus, path, driver, files):
    directory = tree.sys / path
    directory.mkdir(parents=True)
    lines = files.pop('uevent', []) + ([f'DRIVER={driver}'] if driver else [])
    for name, text in {**files, 'uevent': '\n'.join(lines)}.items():
        if text is not None:
            (directory / name).write_text(text + '\n')
    devices = tree.sys / f'bus/{bus}/devices'
    devices.mkdir(parents=True, exist_ok=True)
    (devices / directory.name).symlink_to(f'../../../{path}')
    tree.link(path, 'subsystem', f'bus/{bus}')
    if driver:
        (tree.sys / f'bus/{bus}/drivers' / driver).mkdir(parents=True, exist_ok=True)
        tree.link(path, 'driver', f'bus/{bus}/drivers/{driver}')
    return path


def add_subchannel(tree, name, driver='io_subchannel', **files):
    """Attributes that are None are not there. Returns its path below sys."""
    return _add(tree, 'css', f'devices/css0/{name}', driver, {'dev_busid': 'none', **files})


def add_device(tree, subchannel, name, driver='qeth', **files):
    """The device that the subchannel, a path, leads to; it is online."""
    (tree.sys / subchannel / 'dev_busid').write_text(name + '\n')
    return _add(tree, 'ccw', f'{subchannel}/{name}', driver, {'online': '1', **files})


def add_group(tree, name, members, kind='qeth_layer2', driver='qeth', **files):
    """members are paths of devices."""
    path = _add(tree, 'ccwgroup', f'devices/{driver}/{name}', driver,
                {'uevent': [f'DEVTYPE={kind}'] if kind else [], 'online': '1', 'card_type': 'OSD_10GIG',
                 'chpid': 'BD', **files})
    for number, member in enumerate(members):
        tree.link(path, f'cdev{number}', member)
        tree.link(member, 'group_device', path)
    return path


def add_qeth(tree, number, **settings):
    """Three subchannels and devices from this number on, and their group; returns its path."""
    members = [add_device(tree, add_subchannel(tree, f'0.0.{(number & 0xff) + part:04x}'),
                          f'0.0.{number + part:04x}')
               for part in range(3)]
    return add_group(tree, f'0.0.{number:04x}', members, **settings)
