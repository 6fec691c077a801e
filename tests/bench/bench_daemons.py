#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""virtzpcid beside the stock libvirtd: the same client asks both in turn. scripts/bench runs it."""

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ['ZPCI_SOURCE_DIR'])
HERE = SOURCE / 'tests/bench'
BUILD = pathlib.Path(os.environ['ZPCI_BUILD_DIR'])
for directory in ('tests/client', 'tests/wire'):
    sys.path.insert(0, str(SOURCE / directory))

import libvirt  # noqa: E402
import bench_table  # noqa: E402
import nova_pass  # noqa: E402
import served_daemons  # noqa: E402
import sysfs_tree  # noqa: E402
import udev_double  # noqa: E402
from bench_table import Sample  # noqa: E402

PCI = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV
DEFAULT_COUNTS = (200, 2000)
MANY = 2000
ROUNDS, FEW_ROUNDS = 5, 3
# So many functions are looked at one by one, so often at least.
CHOSEN, LOOKS = 500, 300


def timed(daemon, work):
    """One round: work() makes calls and says how many."""
    cpu, start = served_daemons.cpu_seconds(daemon.pid), time.perf_counter()
    calls = work()
    elapsed = time.perf_counter() - start
    return Sample(elapsed / calls, (served_daemons.cpu_seconds(daemon.pid) - cpu) / calls)


def start(kind, root, rounds):
    """From the start of the daemon until its first whole list is there; and how many devices that has."""
    samples = []
    for _ in range(rounds):
        begin = time.perf_counter()
        with kind(root) as daemon:
            devices = daemon.connection.listAllDevices(0)
            samples.append(Sample(time.perf_counter() - begin, served_daemons.cpu_seconds(daemon.pid)))
    return bench_table.median(samples), len(devices)


class Client:
    """What one client asks of one daemon, piece by piece."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.connection = daemon.connection
        devices = sorted(self.connection.listAllDevices(PCI), key=lambda device: device.name())
        self.devices = devices[::max(1, len(devices) // CHOSEN)][:CHOSEN]
        self.again = max(1, LOOKS // len(self.devices))
        self.nova = nova_pass.NovaPass(daemon.uri)

    def close(self):
        self.nova.close()

    def each(self, call):
        for _ in range(self.again):
            for device in self.devices:
                call(device)
        return self.again * len(self.devices)

    def empty(self):
        for _ in range(LOOKS):
            self.connection.getLibVersion()
        return LOOKS

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
        nova_pass.make_calls(self.connection, MANY)
        return 1

    def nova_itself(self):
        self.nova.run()
        return 1


def measures(count):
    """Nova itself copies the list of all for each, so that many are a matter of hours; of the calls it
    makes, those about the first MANY have to do."""
    calls = {'empty call': Client.empty, 'list all': Client.list_all, 'list PCI': Client.list_pci,
             'XML': Client.document, 'listCaps': Client.capabilities, 'lookup': Client.lookup,
             'calls of Nova': Client.nova_calls}
    if count <= MANY:
        calls['pass of Nova'] = Client.nova_itself
    return calls


def in_turn(clients, work, rounds):
    """Ours, stock, ours, stock: what slows this machine down for a while meets both."""
    samples = [[] for _ in clients]
    for _ in range(rounds):
        for client, taken in zip(clients, samples):
            taken.append(timed(client.daemon, lambda client=client: work(client)))
    return [bench_table.median(taken) for taken in samples]


def hear_events(daemons, sysfs):
    """In a process of its own: one whose libvirt has an event loop has to run it all the time."""
    numbers = [str(text) for daemon in daemons for text in (daemon.uri, daemon.pid)]
    result = subprocess.run([sys.executable, '-B', str(HERE / 'bench_events.py'), sysfs, *numbers],
                            stdout=subprocess.PIPE, check=False, encoding='utf-8')
    return [Sample(*sample) for sample in json.loads(result.stdout)] if result.returncode == 0 else None


def addresses(sysfs):
    return sorted(os.listdir(f'{sysfs}/bus/pci/devices'))


def measure(title, root, count):
    """One table; returns what grows with the number of functions, of ours: seconds or KiB by name."""
    rounds = ROUNDS if count <= MANY else FEW_ROUNDS
    kinds = (served_daemons.Ours, served_daemons.Stock)
    starts = [start(kind, root, rounds if count <= MANY else 1) for kind in kinds]
    rows = [bench_table.row_of_calls('start to first list', *(taken for taken, _ in starts))]
    with kinds[0](root) as ours, kinds[1](root) as stock:
        clients = [Client(daemon) for daemon in (ours, stock)]
        first = in_turn(clients, Client.document, 1)
        rows.append(bench_table.row_of_calls('XML, first time', *first))
        growing = {}
        for name, work in measures(count).items():
            taken = in_turn(clients, work, 1 if 'Nova' in name and count >= MANY else rounds)
            rows.append(bench_table.row_of_calls(name, *taken))
            growing[name] = taken[0].cpu
        sysfs = root + '/sys' if root else '/sys'
        heard = hear_events((ours, stock), sysfs)
        if heard:
            rows.append(bench_table.row_of_calls('event', *heard))
        memory = [served_daemons.resident_kib(daemon.pid) for daemon in (ours, stock)]
        rows.append(bench_table.row_of_memory(*memory))
        growing['memory'] = memory[0]
        for client in clients:
            client.close()
    listed = ' and '.join(f'{number} ({kind.name})' for kind, (_, number) in zip(kinds, starts))
    bench_table.print_table(f'{title}; devices listed: {listed}', rows)
    return growing


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure_tool(root, count):
    """virt-zpci list, and a program that makes its system calls only."""
    commands = {'virt-zpci list': [BUILD / 'src/tools/virt-zpci', '--root', root, 'list'],
                'its system calls': [BUILD / 'tests/bench/bench-list', root]}
    taken = {name: [] for name in commands}
    for _ in range(ROUNDS if count <= MANY else FEW_ROUNDS):
        for name, command in commands.items():
            cpu = children_cpu()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            taken[name].append(children_cpu() - cpu)
    ours, bare = (statistics.median(times) for times in taken.values())
    print(f'virt-zpci list: {bench_table.format_seconds(ours)} of processor time; a C program that makes '
          f'the same system calls: {bench_table.format_seconds(bare)}; ratio {ours / bare:.2f}')


def print_growth(grown):
    """What one function costs, from few to many."""
    if len(grown) < 2:
        return
    (few, less), (many, more) = min(grown.items()), max(grown.items())
    print(f'\nOf ours a function costs, among {many} instead of {few}'
          f' (to reach: {bench_table.GROWTH:g} times at most):')
    for name in less:
        if name in more and (name == 'memory' or 'list ' in name):
            ratio = more[name] / many / (less[name] / few)
        elif name in more and 'Nova' not in name:
            ratio = more[name] / less[name]
        else:
            continue
        print(f'  {name}: {ratio:.2f} times')


def parse_arguments():
    parser = argparse.ArgumentParser(prog='scripts/bench')
    parser.add_argument('counts', metavar='N', type=int, nargs='*')
    parser.add_argument('--interfaces', action='store_true')
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    udev_double.enter_network_namespace()
    libvirt.registerErrorHandler(lambda *_: None, None)
    # Nova's threads talk to each other over the loopback interface.
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
    machine = addresses('/sys')
    if machine:
        measure(f'This machine, {len(machine)} PCI functions', None, len(machine))
    grown = {}
    for count in arguments.counts or DEFAULT_COUNTS:
        with tempfile.TemporaryDirectory(prefix='zpci-bench-') as directory:
            subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', directory], check=True)
            try:
                root = directory + '/host'
                sysfs_tree.make(count, root, interfaces=arguments.interfaces)
                grown[count] = measure(f'{count} functions', root, count)
                measure_tool(root, count)
            finally:
                subprocess.run(['umount', directory], check=True)
    print_growth(grown)


if __name__ == '__main__':
    main()
