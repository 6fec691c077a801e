#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Write the hand-made host lpar-roce: usage: make-lpar-roce.py [DIRECTORY]

An LPAR with a two-port RoCE card, an ISM function, an NVMe drive and a function in standby. No such
machine was read: the layout follows Documentation/arch/s390/pci.rst and the kernel's pci_sysfs.c,
the values are chosen. The directory must not exist yet; it is lpar-roce beside this file if none
is given.
"""

import os
import pathlib
import struct
import sys

CAPTURE_INI = """\
# NOT read from a machine: written by tests/data/hosts/make-lpar-roce.py. The layout is that of a real
# kernel's sysfs, the values are made up to be believable.
[capture]
format=1
byte-order=big
architecture=s390x
kernel=7.2.0
time=2026-11-22T06:30:00Z
origin=hand-made

[parts]
# UID checking is off: PCI domains are numbered as the functions came, 0003:00:00.0 has no UID at all,
# and the ISM and the NVMe function share one. The RIDs of port 1 are known, so that its virtual
# functions stand in the domain of their physical function; those of port 2 are isolated.
# The function 0x00000202 is in standby: it has a slot only.
sysfs=hand-made: attributes, links and config space
# Only 0000:00:00.3 is bound to a VFIO driver.
chain=hand-made: 24-byte header, BASE version 3, GROUP version 2, UTIL and PFIP
"""

ROCE_PCHID = 0x01c0
UTIL_SIZE = 64
PF_DEVICE, VF_DEVICE = 0x1015, 0x1016

# GROUP facts that the chain tells, in the order of struct vfio_device_info_cap_zpci_group.
DASM, MSI_ADDRESS, REFRESH = 0x00000000000fffff, 0xfe00000000000000, 0
MUI, NOI, MAXSTBL, GROUP_VERSION, IMAXSTBL = 4000, 1024, 128, 1, 128


def roce(address, fid, uid, vfn, port, **more):
    """A function of the RoCE card; vfn 0 is the physical function of its port."""
    path = (0x12, 0x00, 0x00, port - 1)
    text = f"ROCE-PROD-NET-{'?AB'[port]}"
    function = dict(
        address=address, fid=fid, uid=uid, vfn=vfn, port=port, vendor=0x15b3,
        device=VF_DEVICE if vfn else PF_DEVICE, subsystem=(0x1014, 0x0001), pci_class=0x020000,
        pchid=ROCE_PCHID, pft=0x02, pfgid=0x06, pfip=path, util=text, mio=1, driver='mlx5_core')
    if vfn == 0:
        function['config'] = dict(link=(8, 8), multifunction=port == 1)
        function['totalvfs'] = 63
    function.update(more)
    return function


FUNCTIONS = [
    roce('0000:00:00.0', 0x100, 0x0101, 0, 1, virtfns=['0000:00:00.2', '0000:00:00.3', '0000:00:00.4']),
    roce('0000:00:00.2', 0x101, 0x0102, 1, 1, physfn='0000:00:00.0'),
    roce('0000:00:00.3', 0x102, 0x0103, 2, 1, physfn='0000:00:00.0', driver='vfio-pci'),
    roce('0000:00:00.4', 0x103, 0x0104, 3, 1, physfn='0000:00:00.0'),
    roce('0001:00:00.0', 0x200, 0x0201, 0, 2),
    roce('0002:00:00.0', 0x201, 0x0202, 1, 2),
    roce('0003:00:00.0', 0x203, 0x0000, 2, 2, driver=None),
    dict(address='0004:00:00.0', fid=0x1000, uid=0x0021, vfn=0, port=0, vendor=0x1014, device=0x04ed,
         subsystem=(0, 0), pci_class=0x000000, pchid=0x07c0, pft=0x05, pfgid=0x0a,
         pfip=(0, 0, 0, 0), util='', mio=0, driver='ism', config=dict(link=None)),
    dict(address='0005:00:00.0', fid=0x0000, uid=0x0021, vfn=0, port=0, vendor=0x144d, device=0xa822,
         subsystem=(0x1014, 0x0683), pci_class=0x010802, pchid=0x0124, pft=0x0b, pfgid=0x0b,
         pfip=(0x21, 0x00, 0x00, 0x00), util="SWAP & PAGING <LPAR 12>", mio=1, driver='nvme',
         config=dict(link=(8, 4))),
]

STANDBY = [(0x202, '0006:00:00')]


class Tree:
    """Files and links below one directory."""

    def __init__(self, root):
        self.root = root

    def _path(self, name):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def text(self, name, value):
        self._path(name).write_text(f'{value}\n', encoding='ascii')

    def binary(self, name, value):
        self._path(name).write_bytes(value)

    def link(self, name, target):
        """Link to TARGET, which is below the same root, by a relative path as sysfs does."""
        path = self._path(name)
        os.symlink(os.path.relpath(self.root / target, path.parent), path)


def device_directory(address):
    return f'sys/devices/pci{address[:7]}/{address}'


def handle(function):
    return 0x20000000 | FUNCTIONS.index(function) << 16 | 0x0080


def util_bytes(function):
    """EBCDIC code page 037, padded with blanks; a function without a string has zeros."""
    text = function['util'].encode('cp037')
    return text.ljust(UTIL_SIZE, b'\x40') if text else bytes(UTIL_SIZE)


def pcie_capability(speed, width):
    """PCI Express capability of an endpoint whose link runs as fast as it can."""
    capability = bytearray(60)
    struct.pack_into('<BBH', capability, 0x00, 0x10, 0x00, 0x0002)
    speed_code = {2.5: 1, 5: 2, 8: 3, 16: 4}[speed]
    struct.pack_into('<I', capability, 0x0c, width << 4 | speed_code)
    struct.pack_into('<H', capability, 0x12, width << 4 | speed_code)
    return capability


def config_space(function):
    """The configuration space, little-endian on every machine."""
    wanted = function['config']
    config = bytearray(4096 if wanted['link'] else 256)
    struct.pack_into('<HHHH', config, 0x00, function['vendor'], function['device'], 0x0006, 0x0010)
    struct.pack_into('<I', config, 0x08, function['pci_class'] << 8)
    config[0x0e] = 0x80 if wanted.get('multifunction') else 0x00
    struct.pack_into('<HH', config, 0x2c, *function['subsystem'])
    if wanted['link']:
        config[0x34] = 0x60
        capability = pcie_capability(*wanted['link'])
        config[0x60:0x60 + len(capability)] = capability
    else:
        config[0x34] = 0x40
        struct.pack_into('<BBH', config, 0x40, 0x11, 0x00, 0x0001)
    return bytes(config)


def uevent(function):
    ids = (function['vendor'], function['device'])
    subsystem = function['subsystem']
    code = function['pci_class']
    lines = [f"DRIVER={function['driver']}"] if function['driver'] else []
    lines += [
        f'PCI_CLASS={code:X}',
        'PCI_ID=%04X:%04X' % ids,
        'PCI_SUBSYS_ID=%04X:%04X' % subsystem,
        f"PCI_SLOT_NAME={function['address']}",
        'MODALIAS=pci:v%08Xd%08Xsv%08Xsd%08X' % (*ids, *subsystem)
        + f'bc{code >> 16:02X}sc{code >> 8 & 0xff:02X}i{code & 0xff:02X}',
    ]
    return '\n'.join(lines)


def attributes(function):
    """File name to text, in the formats of the kernel's pci-sysfs.c and pci_sysfs.c."""
    values = {
        'class': f"0x{function['pci_class']:06x}",
        'vendor': f"0x{function['vendor']:04x}",
        'device': f"0x{function['device']:04x}",
        'numa_node': '-1',
        'uevent': uevent(function),
        'function_id': f"0x{function['fid']:08x}",
        'function_handle': f'0x{handle(function):08x}',
        'uid': f"0x{function['uid']:x}",
        'uid_is_unique': '0',
        'pfgid': f"0x{function['pfgid']:02x}",
        'pchid': f"0x{function['pchid']:04x}",
        'vfn': f"0x{function['vfn']:04x}",
        'pft': f"0x{function['pft']:02x}",
        'port': function['port'],
        'fidparm': '0x00',
        'mio_enabled': function['mio'],
    }
    for number, segment in enumerate(function['pfip']):
        values[f'pfip/segment{number}'] = f'0x{segment:02x}'
    if 'totalvfs' in function:
        values['sriov_totalvfs'] = function['totalvfs']
    return values


def write_links(tree, function, group):
    address = function['address']
    directory = device_directory(address)
    tree.link(f'{directory}/subsystem', 'sys/bus/pci')
    tree.link(f'sys/bus/pci/devices/{address}', directory)
    tree.link(f'{directory}/iommu_group', f'sys/kernel/iommu_groups/{group}')
    tree.link(f'sys/kernel/iommu_groups/{group}/devices/{address}', directory)
    if function['driver']:
        driver = f"sys/bus/pci/drivers/{function['driver']}"
        tree.link(f'{directory}/driver', driver)
        tree.link(f'{driver}/{address}', directory)
    if 'physfn' in function:
        tree.link(f'{directory}/physfn', device_directory(function['physfn']))
    for number, virtfn in enumerate(function.get('virtfns', [])):
        tree.link(f'{directory}/virtfn{number}', device_directory(virtfn))


def write_slot(tree, fid, power, address):
    tree.text(f'sys/bus/pci/slots/{fid:08x}/power', power)
    tree.text(f'sys/bus/pci/slots/{fid:08x}/address', address)


def chain_parts(function):
    """The capabilities of linux/vfio_zdev.h as (id, version, payload)."""
    util, path = util_bytes(function), bytes(function['pfip'])
    dma_start, dma_end, fmb_length, ccdf_err_length = 0x100000000, 0x10ffffffff, 0x40, 0x30
    return [
        (1, 3, struct.pack('>QQHHHBBII', dma_start, dma_end, function['pchid'], function['vfn'],
                           fmb_length, function['pft'], function['pfgid'], handle(function),
                           ccdf_err_length)),
        (2, 2, struct.pack('>QQQHHHBBH6x', DASM, MSI_ADDRESS, REFRESH, MUI, NOI, MAXSTBL,
                           GROUP_VERSION, 0, IMAXSTBL)),
        (3, 1, struct.pack('>I', len(util)) + util),
        (4, 1, struct.pack('>I', len(path)) + path),
    ]


def chain_bytes(function):
    """A reply of VFIO_DEVICE_GET_INFO as since Linux 6.6: every capability stands at a multiple of 8."""
    info_size, header_size = 24, 8
    blocks, offset = [], info_size
    parts = chain_parts(function)
    for identifier, version, payload in parts:
        size = (header_size + len(payload) + 7) // 8 * 8
        offset += size
        following = offset if len(blocks) < len(parts) - 1 else 0
        block = struct.pack('>HHI', identifier, version, following) + payload
        blocks.append(block.ljust(size, b'\0'))
    flags, regions, interrupts = 0x83, 9, 5
    return struct.pack('>IIIIII', offset, flags, regions, interrupts, info_size, 0) + b''.join(blocks)


def write_chain(tree, function):
    data = chain_bytes(function)
    lines = ['# Hand-made reply of VFIO_DEVICE_GET_INFO, big-endian: 24-byte header, then BASE (version 3),',
             '# GROUP (version 2), UTIL and PFIP']
    lines += [data[start:start + 16].hex(' ') for start in range(0, len(data), 16)]
    tree.text(f"chain/{function['address']}", '\n'.join(lines))


def write_vfio_device(tree, function):
    directory = f"{device_directory(function['address'])}/vfio-dev/vfio0"
    tree.text(f'{directory}/dev', '511:0')
    tree.text(f'{directory}/uevent', 'MAJOR=511\nMINOR=0\nDEVNAME=vfio/devices/vfio0')


def write_function(tree, function, group):
    address = function['address']
    directory = device_directory(address)
    for name, value in attributes(function).items():
        tree.text(f'{directory}/{name}', value)
    tree.binary(f'{directory}/util_string', util_bytes(function))
    if 'config' in function:
        tree.binary(f'{directory}/config', config_space(function))
    write_links(tree, function, group)
    # The last field of a slot's address is the function's devfn, not the number of its device.
    write_slot(tree, function['fid'], 1, f"{address[:8]}{int(address[-1]):02x}")
    if function['driver'] == 'vfio-pci':
        write_vfio_device(tree, function)
        write_chain(tree, function)


def main():
    here = pathlib.Path(__file__).resolve().parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / 'lpar-roce'
    root.mkdir(parents=True)
    tree = Tree(root)
    tree.binary('capture.ini', CAPTURE_INI.encode('ascii'))
    for group, function in enumerate(FUNCTIONS):
        write_function(tree, function, group)
    for fid, address in STANDBY:
        write_slot(tree, fid, 0, address)


if __name__ == '__main__':
    main()
