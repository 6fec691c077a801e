# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Events of udev, made up: what udevd sends after the kernel has told it of a device.

They are for whoever listens in the same network namespace, so a test has one of its own.
"""

import ctypes
import os
import socket
import struct
import subprocess
from pathlib import Path

CLONE_NEWNET, CLONE_NEWNS = 0x40000000, 0x20000
UDEV_CONTROL = Path('/run/udev/control')
NETLINK_KOBJECT_UEVENT = 15
GROUP_OF_UDEV = 2
NET = Path('/sys/class/net')


def enter_network_namespace():
    """This process, and those that it starts, hear no other events and are not heard. Its /sys stays.
    Its /run is another one, where a udevd seems to be at work: without that libudev may not listen."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET | CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')
    subprocess.run(['mount', '--make-rprivate', '/'], check=True)
    subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', '/run'], check=True)
    UDEV_CONTROL.parent.mkdir()
    UDEV_CONTROL.touch()


def murmur(text):
    """MurmurHash2 with the seed 0, by which the kernel is told whom an event is for."""
    data, mask, factor = text.encode(), 0xffffffff, 0x5bd1e995
    result = len(data)
    while len(data) >= 4:
        word = struct.unpack('=I', data[:4])[0] * factor & mask
        result = (result * factor & mask) ^ ((word ^ word >> 24) * factor & mask)
        data = data[4:]
    if data:
        result = (result ^ int.from_bytes(data, 'little')) * factor & mask
    result = (result ^ result >> 13) * factor & mask
    return result ^ result >> 15


class UdevDouble:
    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_KOBJECT_UEVENT)
        self.socket.bind((0, 0))
        self.number = 1

    def close(self):
        self.socket.close()

    def tell(self, action, subsystem, path, sysfs='/sys', properties=()):
        """path: the device's directory below sysfs; properties: others than those of each event."""
        self.number += 1
        device = os.path.realpath(path)[len(os.path.realpath(sysfs)):]
        properties = b''.join(f'{key}={value}'.encode() + b'\0' for key, value in (
            ('ACTION', action), ('DEVPATH', device), ('SUBSYSTEM', subsystem), ('SEQNUM', self.number),
            *properties))
        head = b'libudev\0' + struct.pack('>I', 0xfeedcafe) + struct.pack('=III', 40, 40, len(properties))
        filters = struct.pack('>IIII', murmur(subsystem), 0, 0, 0)
        self.socket.sendto(head + filters + properties, (0, 1 << GROUP_OF_UDEV - 1))


def first_interface():
    """The directory of an interface of this machine."""
    return next(path for path in sorted(NET.iterdir()) if (path / 'address').exists())
