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
from bench_client import CALLS, MANY, Client, in_turn  # noqa: E402
from bench_table import Sample  # noqa: E402

DEFAULT_COUNTS = (200, 2000)
ROUNDS, FEW_ROUNDS = 5, 3
# PCI_STAMP_QUIET_SECONDS, and a little more.
QUIET_SECONDS = 2.5


def start(kind, root, rounds):
    """From the start of the daemon until its first whole list is there; and how many devices that has."""
    samples = []
    for _ in range(rounds):
        begin = time.perf_counter()
        with kind(root) as daemon:
            devices = daemon.connection.listAllDevices(0)
            samples.append(Sample(time.perf_counter() - begin, served_daemons.cpu_seconds(daemon.pid)))
    return bench_table.median(samples), len(devices)


class NovaClient(Client):
    """A client that is Nova besides."""

    def __init__(self, daemon):
        super().__init__(daemon)
        self.nova = nova_pass.NovaPass(daemon.uri)

    def close(self):
        self.nova.close()

    def nova_itself(self):
        self.nova.run()
        return 1


def let_files_age():
    """Of files that have just been written no document is kept: they may change without showing it."""
    time.sleep(QUIET_SECONDS)


def measures(count):
    """Nova itself copies the list of all for each, so that many are a matter of hours; of the calls it
    makes, those about the first MANY have to do."""
    return {**CALLS, 'pass of Nova': NovaClient.nova_itself} if count <= MANY else CALLS


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
        clients = [NovaClient(daemon) for daemon in (ours, stock)]
        first = in_turn(clients, Client.document, 1)
        rows.append(bench_table.row_of_calls('XML, first time', *first))
        growing = {}
        for name, work in measures(count).items():
            is_long = 'Nova' in name and count >= MANY
            if is_long:
                # One round has to do, and no median leaves out the first, which is another row's.
                in_turn(clients, work, 1)
            taken = in_turn(clients, work, 1 if is_long else rounds)
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
                let_files_age()
                grown[count] = measure(f'{count} functions, of files older than 2 s', root, count)
                measure_tool(root, count)
            finally:
                subprocess.run(['umount', directory], check=True)
    print_growth(grown)


if __name__ == '__main__':
    main()
