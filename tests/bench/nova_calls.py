# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The calls that OpenStack Nova makes to know a host's PCI devices, without Nova."""

import libvirt

FLAGS = (libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET |
         libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV |
         libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_VDPA)


def make_calls(connection, most):
    """The calls of LibvirtDriver._get_pci_passthrough_devices(), in its order, about so many devices."""
    devices = connection.listAllDevices(FLAGS)[:most]
    for capability in ('net', 'vdpa', 'pci'):
        having = [device for device in devices if capability in device.listCaps()]
    for device in having:
        # Once for the device, once more for the serial number of its card.
        device.XMLDesc(0)
        device.XMLDesc(0)
