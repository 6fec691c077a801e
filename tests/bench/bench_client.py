# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What a client asks of a daemon, and what it costs. A daemon has a connection and a pid."""

import time

import libvirt
import bench_table
import nova_calls
import served_daemons
from bench_table import Sample

PCI = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV
MANY = 2000
# So many functions are looked at one by one, so often at least.
CHOSEN, LOOKS = 500, 300


def timed(daemon, work):
    """One round: work() makes calls and says how many."""
    cpu, start = served_daemons.cpu_seconds(daemon.pid), time.perf_counter()
    calls = work()
    elapsed = time.perf_counter() - start
    return Sample(elapsed / calls, (served_daemons.cpu_seconds(daemon.pid) - cpu) / calls)


class Client:
    """What one client asks of one daemon, piece by piece."""

    def __init__(self, daemon, looks=LOOKS):
        self.daemon = daemon
        self.connection = daemon.connection
        devices = sorted(self.connection.listAllDevices(PCI), key=lambda device: device.name())
        self.devices = devices[::max(1, len(devices) // CHOSEN)][:CHOSEN]
        self.looks = looks
        self.again = max(1, looks // len(self.devices))

    def each(self, call):
        for _ in range(self.again):
            for device in self.devices:
                call(device)
        return self.again * len(self.devices)

    def empty(self):
        for _ in range(self.looks):
            self.connection.getLibVersion()
        return self.looks

    def list_all(self):
        self.connection.listAllDevices(0)
        return 1

    def list_pci(self):
        self.connection.listAllDevices(PCI)
        return 1

    def document(self):
        return self.each(lambda device: device.XMLDesc(0))

    def capabilities(self):
        return self.each(lambda device: device.listCaps())

    def lookup(self):
        return self.each(lambda device: self.connection.nodeDeviceLookupByName(device.name()))

    def nova_calls(self):
        nova_calls.make_calls(self.connection, MANY)
        return 1


CALLS = {'empty call': Client.empty, 'list all': Client.list_all, 'list PCI': Client.list_pci,
         'XML': Client.document, 'listCaps': Client.capabilities, 'lookup': Client.lookup,
         'calls of Nova': Client.nova_calls}


def in_turn(clients, work, rounds):
    """Ours, stock, ours, stock: what slows this machine down for a while meets both."""
    samples = [[] for _ in clients]
    for _ in range(rounds):
        for client, taken in zip(clients, samples):
            taken.append(timed(client.daemon, lambda client=client: work(client)))
    return [bench_table.median(taken) for taken in samples]
