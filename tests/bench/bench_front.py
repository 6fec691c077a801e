#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The stock libvirtd directly, through the front, and through a relay that passes bytes and does nothing else, which
is the least that any front costs: the same client asks all three ways in turn. scripts/bench --front runs it."""

import contextlib
import os
import pathlib
import re
import statistics
import subprocess
import sys
import threading
import time

SOURCE = pathlib.Path(os.environ['ZPCI_SOURCE_DIR'])
BUILD = pathlib.Path(os.environ['ZPCI_BUILD_DIR'])
sys.path.insert(0, str(SOURCE / 'tests/client'))

import libvirt  # noqa: E402
from front_place import FrontPlace  # noqa: E402

TEST, SYSTEM = 'test:///default', 'qemu:///system'
DIRECTLY, FRONT, RELAY = 'directly', 'through the front', 'through a relay'
ROUNDS, STREAM_ROUNDS = 21, 5
# What the front keeps of a function it keeps only when its files have been quiet for so long.
QUIET_SECONDS = 4
CLIENTS, CALLS = 200, 20
GIB = 1 << 30
# The ratios to reach: of the time of a call, and of the throughput of a stream.
CALL_RATIO, STREAM_RATIO = 1.1, 0.9


def measure(place, rounds, make):
    """The median of what make(way)() returns, for each way; they have turns."""
    works = {way: make(way) for way in place.ways}
    samples = {way: [] for way in works}
    for _ in range(rounds):
        for way, work in works.items():
            samples[way].append(work())
    return [statistics.median(samples[way]) for way in (DIRECTLY, FRONT, RELAY)]


def seconds_of(call, times):
    def work():
        begin = time.perf_counter()
        for _ in range(times):
            call()
        return (time.perf_counter() - begin) / times
    return work


def print_row(what, directly, front, relay, unit, factor, reached):
    ratio = front / directly
    texts = [f'{value * factor:>10.1f} {unit:<6}' for value in (directly, front, relay)]
    print(f'{what:<24}{texts[0]}{texts[1]}{ratio:>6.2f}  {texts[2]}{relay / directly:>6.2f}   '
          f'{"" if reached is None else "yes" if reached(ratio) else "no"}', flush=True)


def bench_calls(place):
    def on(name, choose):
        def make(way):
            connection = libvirt.open(place.uri(way, name))
            return seconds_of(choose(connection), 200)
        return make

    def domain(connection):
        return connection.lookupByName('test')

    for what, make in (
            ('empty call', on(TEST, lambda connection: connection.getLibVersion)),
            ('state of a guest', on(TEST, lambda connection: domain(connection).info)),
            ('XML of a guest', on(TEST, lambda connection: lambda guest=domain(connection): guest.XMLDesc(0))),
            ('list of guests', on(TEST, lambda connection: connection.listAllDomains)),
            ('statistics of guests', on(TEST, lambda connection: connection.getAllDomainStats)),
            ('capabilities', on(SYSTEM, lambda connection: connection.getCapabilities))):
        print_row(what, *measure(place, ROUNDS, make), 'us', 1e6, lambda ratio: ratio <= CALL_RATIO)
    print_row('open and close', *measure(place, ROUNDS, lambda way: seconds_of(
        lambda: libvirt.open(place.uri(way, TEST)).close(), 20)), 'us', 1e6, None)
    print_row('XML of a PCI function', *measure(place, ROUNDS, on(
        SYSTEM, lambda connection: lambda function=connection.nodeDeviceLookupByName('pci_0005_00_00_0'):
            function.XMLDesc(0))), 'us', 1e6, None)


def bench_streams(place):
    """By virsh, as a person would."""
    pool = place.path('pool')
    os.mkdir(pool)
    with open(f'{pool}/volume', 'wb') as stream:
        stream.truncate(GIB)
    connection = libvirt.open(place.uri(DIRECTLY))
    connection.storagePoolCreateXML(f"<pool type='dir'><name>p</name><target><path>{pool}</path></target></pool>")

    def moves(command):
        def make(way):
            def work():
                begin = time.perf_counter()
                subprocess.run(['virsh', '-q', '-c', place.uri(way), command, '--pool', 'p', 'volume',
                                '/dev/null' if command == 'vol-download' else f'{pool}/volume'], check=True)
                return GIB / (time.perf_counter() - begin)
            return work
        return make

    print_row('vol-download of 1 GiB', *measure(place, STREAM_ROUNDS, moves('vol-download')), 'MiB/s', 1 / (1 << 20),
              lambda ratio: ratio >= STREAM_RATIO)


def resident_kib(pid):
    return int(re.search(r'^VmRSS:\s+(\d+)', pathlib.Path(f'/proc/{pid}/status').read_text(), re.M).group(1))


def bench_clients(place):
    """All at once."""
    def make(way):
        connections = [libvirt.open(place.uri(way, TEST)) for _ in range(CLIENTS)]

        def ask(connection):
            for _ in range(CALLS):
                connection.getLibVersion()

        def work():
            threads = [threading.Thread(target=ask, args=(connection,)) for connection in connections]
            begin = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return (time.perf_counter() - begin) / (CLIENTS * CALLS)
        return work

    before = resident_kib(place.process.pid)
    print_row(f'{CLIENTS} clients, a call', *measure(place, STREAM_ROUNDS, make), 'us', 1e6,
              lambda ratio: ratio <= CALL_RATIO)
    print(f'memory of a connection: {(resident_kib(place.process.pid) - before) / CLIENTS:.1f} KiB')


@contextlib.contextmanager
def relay(place):
    place.ways[RELAY] = place.path('relay-sock')
    with subprocess.Popen([BUILD / 'tests/bench/bench-relay', place.ways[DIRECTLY], place.ways[RELAY]]) as process:
        try:
            while not os.path.exists(place.ways[RELAY]):
                time.sleep(0.02)
            yield
        finally:
            process.terminate()


def main():
    print(f'{"":<24}{"directly":>17}{"front":>17}{"ratio":>6}  {"relay":>17}{"ratio":>6}   reached')
    # A place for each, so that one does not hold connections of another.
    for bench in (bench_calls, bench_streams, bench_clients):
        with FrontPlace(on_machine=True) as place, relay(place):
            time.sleep(QUIET_SECONDS)
            bench(place)


if __name__ == '__main__':
    main()
