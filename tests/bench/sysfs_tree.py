#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Writes a captured host of COUNT zPCI functions, all alike, to DIRECTORY.

Usage: sysfs_tree.py COUNT DIRECTORY [--interfaces]

With --interfaces each function has a network interface.
What is the same in all of them is one file with many names, so that 65,535 fit into memory.
"""
import errno
import os
import pathlib
import struct
import sys

DRIVER = 'mlx5_core'


def config_space():
    """A ConnectX virtual function: an endpoint whose only capability is PCI Express."""
    space = bytearray(4096)
    struct.pack_into('<HHHHBBBB', space, 0x00, 0x15b3, 0x101e, 0x0406, 0x0010, 0, 0, 0, 2)
    space[0x34] = 0x60
    struct.pack_into('<BBH', space, 0x60, 0x10, 0, 0x0002)
    struct.pack_into('<I', space, 0x6c, 8 << 4 | 4)
    struct.pack_into('<H', space, 0x72, 8 << 4 | 3)
    return bytes(space)


class Files:
    """Writes files; those with the same contents are one."""

    def __init__(self):
        self.paths = {}

    def write(self, path, contents):
        known = self.paths.get(contents)
        try:
            if known:
                os.link(known, path)
                return
        except OSError as error:
            if error.errno != errno.EMLINK:
                raise
        path.write_bytes(contents)
        self.paths[contents] = path


def add_function(sys_root, index, config, files):
    uid = index + 1
    address = f'{uid:04x}:00:00.0'
    device = sys_root / f'devices/pci{uid:04x}:00/{address}'
    (device / 'pfip').mkdir(parents=True)
    attributes = {
        'vendor': '0x15b3', 'device': '0x101e', 'class': '0x020000', 'numa_node': '-1',
        'function_id': f'0x{index:08x}', 'uid': f'0x{uid:x}', 'pfgid': '0x0a', 'pchid': '0x01c0',
        'pft': '0x02', 'vfn': f'0x{index % 256:04x}', 'port': '1', 'uid_is_unique': '1',
        'function_handle': f'0x{0x80020000 + index:08x}', 'mio_enabled': '1',
        'uevent': f'DRIVER={DRIVER}\nPCI_CLASS=20000\nPCI_ID=15B3:101E\nPCI_SLOT_NAME={address}',
        **{f'pfip/segment{i}': '0x00' for i in range(4)},
    }
    for name, text in attributes.items():
        files.write(device / name, f'{text}\n'.encode())
    files.write(device / 'util_string', bytes(64))
    files.write(device / 'config', config)
    (device / 'subsystem').symlink_to('../../../bus/pci')
    (device / 'driver').symlink_to(f'../../../bus/pci/drivers/{DRIVER}')
    (device / 'iommu_group').symlink_to(f'../../../kernel/iommu_groups/{index}')
    members = sys_root / f'kernel/iommu_groups/{index}/devices'
    members.mkdir(parents=True)
    (members / address).symlink_to(f'../../../../devices/pci{uid:04x}:00/{address}')
    (sys_root / 'bus/pci/devices' / address).symlink_to(
        f'../../../devices/pci{uid:04x}:00/{address}')


def add_interface(sys_root, index):
    uid = index + 1
    name = f'net{uid}'
    path = f'devices/pci{uid:04x}:00/{uid:04x}:00:00.0/net/{name}'
    (sys_root / path).mkdir(parents=True)
    attributes = {'uevent': f'INTERFACE={name}\nIFINDEX={uid}', 'operstate': 'up', 'speed': '100000',
                  'address': f'02:00:00:00:{uid >> 8:02x}:{uid & 0xff:02x}', 'addr_len': '6'}
    for attribute, text in attributes.items():
        (sys_root / path / attribute).write_text(text + '\n')
    (sys_root / path / 'device').symlink_to(f'../../../{uid:04x}:00:00.0')
    (sys_root / path / 'subsystem').symlink_to('../' * 5 + 'class/net')
    (sys_root / 'class/net' / name).symlink_to(f'../../{path}')


def make(count, directory, interfaces=False):
    root = pathlib.Path(directory)
    sys_root = root / 'sys'
    for name in ('bus/pci/devices', f'bus/pci/drivers/{DRIVER}', 'bus/pci/slots', 'class'):
        os.makedirs(sys_root / name)
    (root / 'capture.ini').write_text('[capture]\nformat=1\nbyte-order=big\norigin=hand-made\n')
    config = config_space()
    files = Files()
    for index in range(count):
        add_function(sys_root, index, config, files)
    if interfaces:
        (sys_root / 'class/net').mkdir()
        for index in range(count):
            add_interface(sys_root, index)


if __name__ == '__main__':
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ['--interfaces']):
        sys.exit(__doc__)
    make(int(sys.argv[1]), sys.argv[2], bool(sys.argv[3:]))
