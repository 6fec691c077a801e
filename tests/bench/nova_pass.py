# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What OpenStack Nova asks of a host to know its PCI devices: by its own code, and the calls alone."""

import gc
import logging
from unittest import mock

import libvirt
from nova.virt.libvirt import driver
from nova.virt.libvirt import host as nova_host

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


class NovaPass:
    """Nova's own code, which opens a connection of its own."""

    def __init__(self, uri):
        # Nova warns that a node-device connection has no domain events; so it has none.
        logging.getLogger('nova').setLevel(logging.ERROR)
        self.nova = nova_host.Host(uri, read_only=False)

    def run(self):
        # The driver's constructor would set the one; a connection without a hypervisor cannot answer
        # the other.
        with mock.patch.object(driver, 'libvirt', libvirt), \
                mock.patch.object(self.nova, 'has_min_version', return_value=True):
            driver.LibvirtDriver._get_pci_passthrough_devices(mock.Mock(_host=self.nova))

    def close(self):
        # Nova never leaves a connection: its callback and devices in cycles would keep this one open.
        connection = self.nova.get_connection()
        connection.unregisterCloseCallback()
        gc.collect()
        connection.close()
