# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Captured hosts made up by a test: what the kernel shows of any PCI function, zPCI or not."""

import pathlib
import struct

BRIDGE, CARDBUS = 1, 2
ENDPOINT, ROOT_PORT, ROOT_COMPLEX_ENDPOINT = 0, 4, 9
CONVENTIONAL, EXTENDED = 256, 4096
EXPRESS = 0x60


def config_space(size=CONVENTIONAL, header=0, express=None, speeds=(0, 0), widths=(0, 0), port=0):
    """express is the type of the PCI Express capability; speeds and widths are of the link's
    capability and status, as the registers have them."""
    space = bytearray(size)
    space[0x0e] = header
    if express is not None:
        struct.pack_into('<H', space, 0x06, 0x10)
        space[0x34] = EXPRESS
        struct.pack_into('<BBH', space, EXPRESS, 0x10, 0, express << 4 | 2)
        struct.pack_into('<I', space, EXPRESS + 12, port << 24 | widths[0] << 4 | speeds[0])
        struct.pack_into('<H', space, EXPRESS + 18, widths[1] << 4 | speeds[1])
    return bytes(space)


def vpd_field(keyword, value):
    return keyword + bytes([len(value)]) + value


def vpd_resource(tag, data):
    return struct.pack('<BH', tag, len(data)) + data


def vpd(name=b'Board', read_only=(), read_write=None, spare=b'', end=b'\x78'):
    """Good Vital Product Data: pairs of keyword and value. spare follows the checksum in RV."""
    fields = b''.join(vpd_field(*pair) for pair in read_only)
    size = len(fields) + 4 + len(spare)
    data = b'' if name is None else vpd_resource(0x82, name)
    data += struct.pack('<BH', 0x90, size) + fields + b'RV' + bytes([1 + len(spare)])
    data += bytes([-sum(data) % 256]) + spare
    if read_write is not None:
        data += vpd_resource(0x91, b''.join(vpd_field(*pair) for pair in read_write))
    return data + end


class PciTree:
    """root is a new directory; hosts that show it see what has been added."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.sys = self.root / 'sys'
        self.paths = {}
        for name in ('bus/pci/devices', 'bus/pci/drivers', 'bus/pci/slots', 'class'):
            (self.sys / name).mkdir(parents=True)
        (self.root / 'capture.ini').write_text(
            '[capture]\nformat=1\nbyte-order=little\norigin=hand-made\n')

    def add(self, address, below=None, config=config_space(), driver=None, class_code='020000',
            **attributes):
        """A function, in the directory of the bridge below or of a root bus of its own; returns
        its directory. attributes are texts, or bytes."""
        domain, bus, _ = address.split(':')
        above = self.paths[below] if below else f'devices/pci{domain}:{bus}'
        path = f'{above}/{address}'
        device = self.sys / path
        device.mkdir(parents=True)
        self.paths[address] = path
        files = {'vendor': '0x15b3', 'device': '0x101d', 'class': f'0x{class_code}',
                 'numa_node': '-1', **attributes}
        files['uevent'] = ((f'DRIVER={driver}\n' if driver else '')
                           + f'PCI_CLASS={int(class_code, 16):04X}\n'
                           + f'PCI_SLOT_NAME={address}')
        for name, value in files.items():
            if isinstance(value, bytes):
                (device / name).write_bytes(value)
            else:
                (device / name).write_text(value + '\n')
        (device / 'config').write_bytes(config)
        self.link(path, 'subsystem', 'bus/pci')
        if driver:
            (self.sys / 'bus/pci/drivers' / driver).mkdir(exist_ok=True)
            self.link(path, 'driver', f'bus/pci/drivers/{driver}')
        (self.sys / 'bus/pci/devices' / address).symlink_to(f'../../../{path}')
        return device

    def link(self, directory, name, target):
        up = '../' * len(pathlib.PurePath(directory).parts)
        (self.sys / directory / name).symlink_to(up + target)

    def group(self, number, *addresses):
        """Puts functions into one IOMMU group, in this order."""
        members = f'kernel/iommu_groups/{number}/devices'
        (self.sys / members).mkdir(parents=True)
        for address in addresses:
            self.link(members, address, self.paths[address])
            self.link(self.paths[address], 'iommu_group', f'kernel/iommu_groups/{number}')

    def virtual(self, physical, index, address):
        self.link(self.paths[physical], f'virtfn{index}', self.paths[address])
        self.link(self.paths[address], 'physfn', self.paths[physical])

    def mdev_type(self, address, identifier, **attributes):
        directory = self.sys / self.paths[address] / 'mdev_supported_types' / identifier
        directory.mkdir(parents=True)
        for attribute, text in attributes.items():
            (directory / attribute).write_text(text + '\n')
