# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""VFIO as an owner of functions uses it, inside the guest: linux/vfio.h."""

import array
import ctypes
import errno
import fcntl
import os
import struct

TYPE1V2_IOMMU = 3
SET_IOMMU, GROUP_SET_CONTAINER = 0x3B66, 0x3B68
GROUP_GET_DEVICE_FD, DEVICE_GET_INFO, DEVICE_GET_REGION_INFO = 0x3B6A, 0x3B6B, 0x3B6C
DEVICE_FEATURE, DEVICE_BIND_IOMMUFD = 0x3B75, 0x3B76
FEATURE_GET, FEATURE_ZPCI_ERROR = 1 << 16, 13
REGION_BAR0, REGION_CONFIG = 0, 7
REPLY_SIZE = 512
# BASE says it in ccdf_err_length.
ERROR_RECORD_SIZE = 32


def open_by_group(address, node):
    """As QEMU does it: container, group, device. The first two have to stay open."""
    container = os.open("/dev/vfio/vfio", os.O_RDWR)
    group = os.open(node, os.O_RDWR)
    fcntl.ioctl(group, GROUP_SET_CONTAINER, struct.pack("i", container))
    fcntl.ioctl(container, SET_IOMMU, TYPE1V2_IOMMU)
    return fcntl.ioctl(group, GROUP_GET_DEVICE_FD, array.array("b", address.encode() + b"\0"), True)


def bind_to_iommufd(device, iommufd):
    fcntl.ioctl(device, DEVICE_BIND_IOMMUFD, bytearray(struct.pack("IIiI", 16, 0, iommufd, 0)))


def open_by_cdev(node):
    """By the function's own node."""
    device = os.open(node, os.O_RDWR)
    bind_to_iommufd(device, os.open("/dev/iommu", os.O_RDWR))
    return device


def open_function(address, node):
    return open_by_cdev(node) if node.startswith("/dev/vfio/devices/") else open_by_group(address, node)


def get_info(device, size=REPLY_SIZE):
    reply = bytearray(struct.pack("I", size).ljust(max(size, 4), b"\0"))
    fcntl.ioctl(device, DEVICE_GET_INFO, reply)
    return bytes(reply)


class Region:
    """Registers of a function; those of QEMU's are little-endian."""

    def __init__(self, device, index):
        self._device = device
        info = bytearray(struct.pack("=IIIIQQ", 32, 0, index, 0, 0, 0))
        fcntl.ioctl(device, DEVICE_GET_REGION_INFO, info)
        self._offset = struct.unpack("=IIIIQQ", info)[5]

    def write(self, position, value, form="<I"):
        os.pwrite(self._device, struct.pack(form, value), self._offset + position)

    def read(self, position, form="<I"):
        return struct.unpack(form, os.pread(self._device, struct.calcsize(form), self._offset + position))[0]


def take_error(device):
    """The oldest record of an error, which is the owner's alone: reading it takes it away. None: no record."""
    record = ctypes.create_string_buffer(ERROR_RECORD_SIZE)
    request = struct.pack("=IIQ", 16, FEATURE_GET | FEATURE_ZPCI_ERROR, ctypes.addressof(record))
    try:
        fcntl.ioctl(device, DEVICE_FEATURE, bytearray(request))
    except OSError as error:
        if error.errno == errno.ENOMSG:
            return None
        raise
    return record.raw
