# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""libvirt's RPC as raw bytes, and a virtzpcid to send them to.

Nothing of libvirt and nothing of the daemon's own code is used here: what a packet looks like is written
down a second time, so that a mistake in one is seen by the other.
"""

import array
import os
import random
import select
import signal
import socket
import struct
import subprocess
import unittest
from pathlib import Path
from urllib.parse import quote

BUILD = Path(os.environ['ZPCI_BUILD_DIR'])
HOSTS = Path(os.environ['ZPCI_SOURCE_DIR']) / 'tests/data/hosts'
DAEMON = BUILD / 'src/daemon/virtzpcid'

# ZPCI_VALGRIND=1 in the environment of a test runs each of its daemons under valgrind, in a build without
# sanitizers; what valgrind finds fails the test.
VALGRIND_FOUND = 99
VALGRIND = ['valgrind', '--quiet', '--vgdb=no', '--leak-check=full', '--show-leak-kinds=definite',
            '--errors-for-leak-kinds=definite', f'--error-exitcode={VALGRIND_FOUND}']
COMMAND = (VALGRIND if os.environ.get('ZPCI_VALGRIND') else []) + [str(DAEMON)]
NOT_IN_VALGRIND = unittest.skipIf(os.environ.get('ZPCI_VALGRIND'),
                                  'valgrind has memory and descriptors of its own, and they count as the daemon\'s')

REMOTE = 0x20008086
KEEPALIVE = 0x6b656570

CALL, REPLY, MESSAGE, STREAM, CALL_WITH_FDS, REPLY_WITH_FDS, STREAM_HOLE = range(7)
OK, ERROR, CONTINUE = range(3)
PING, PONG = 1, 2

# Seconds after which a test gives up. Generous: sanitizers and a busy machine are slow.
PATIENCE = 60

# Procedures by their names in the protocol.
OPEN, CLOSE, GET_TYPE, GET_VERSION = 1, 2, 3, 4
FEATURE, AUTH_LIST = 60, 66
GET_URI, COUNT, LIST_NAMES, LOOKUP, XML, PARENT, COUNT_CAPS, LIST_CAPS = range(110, 118)
IS_SECURE, LIB_VERSION, LIST_ALL, LOOKUP_WWN = 149, 157, 285, 297
REGISTER_CLOSE, UNREGISTER_CLOSE, REGISTER_EVENT, DEREGISTER_EVENT = 360, 361, 374, 375
SET_IDENTITY, GET_AUTOSTART, IS_PERSISTENT, IS_ACTIVE = 419, 433, 435, 436


def u32(value):
    """One word: big-endian, negative numbers in two's complement."""
    return struct.pack('>I', value & 0xffffffff)


def u64(value):
    return struct.pack('>Q', value & 0xffffffffffffffff)


def string(text):
    """A length word, the bytes, zeros up to a multiple of four."""
    data = text if isinstance(text, bytes) else text.encode()
    return u32(len(data)) + data + bytes(-len(data) % 4)


def optional(text):
    return u32(0) if text is None else u32(1) + string(text)


def packet(procedure, payload=b'', *, program=REMOTE, version=1, kind=CALL, serial=0, status=OK):
    """The length word, which counts itself, the six words of the header, the payload."""
    header = b''.join(u32(word) for word in (program, version, procedure, kind, serial, status))
    return u32(4 + len(header) + len(payload)) + header + payload


PING_PACKET = packet(PING, program=KEEPALIVE, kind=MESSAGE)
PONG_PACKET = packet(PONG, program=KEEPALIVE, kind=MESSAGE)

# No frame: its first word is longer than a frame can be. Of really random bytes, one in 128 begins as a
# frame may, and whoever gets it waits for the rest.
NOISE = b'\xff' + random.Random(0x20008086).randbytes(65535)


class Reader:
    """Takes a payload apart from its beginning."""

    def __init__(self, data):
        self.data = data

    def bytes(self, size):
        if len(self.data) < size:
            raise ValueError(f'{size} bytes wanted, {len(self.data)} left')
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def u32(self):
        return struct.unpack('>I', self.bytes(4))[0]

    def i32(self):
        return struct.unpack('>i', self.bytes(4))[0]

    def u64(self):
        return struct.unpack('>Q', self.bytes(8))[0]

    def string(self):
        size = self.u32()
        text = self.bytes(size)
        if self.bytes(-size % 4).strip(b'\0'):
            raise ValueError('padding is not zero')
        return text.decode()

    def optional(self):
        return self.string() if self.u32() else None

    def strings(self):
        return [self.string() for _ in range(self.u32())]

    def end(self):
        if self.data:
            raise ValueError(f'{len(self.data)} bytes too many')


class RemoteError(Exception):
    """An error reply, every field of it checked for its form."""

    def __init__(self, payload):
        reader = Reader(payload)
        self.code, self.domain = reader.i32(), reader.i32()
        self.message = reader.optional()
        self.level = reader.i32()
        self.object = reader.u32()
        self.texts = [reader.optional() for _ in range(3)]
        self.numbers = [reader.i32() for _ in range(2)]
        self.network = reader.u32()
        reader.end()
        super().__init__(f'{self.code}/{self.domain}: {self.message}')


class Packet:
    """A packet that came from the daemon."""

    def __init__(self, data):
        reader = Reader(data)
        self.program, self.version, self.procedure = reader.u32(), reader.u32(), reader.i32()
        self.kind, self.serial, self.status = reader.i32(), reader.u32(), reader.i32()
        self.payload = reader.data


def count_descriptors(pid):
    """How many descriptors a daemon has open."""
    return len(os.listdir(f'/proc/{pid}/fd'))


def read_resident_kib(pid):
    for line in Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('VmRSS:'):
            return int(line.split()[1])
    raise ValueError('no VmRSS')


class Peer:
    """A client at its end of a connected socket."""

    def __init__(self, connected):
        self.socket = connected
        self.socket.settimeout(PATIENCE)
        self.serial = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def receive_bytes(self, size):
        data = bytearray()
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise EOFError(f'the stream ended after {len(data)} of {size} bytes')
            data += more
        return bytes(data)

    def receive(self):
        size = struct.unpack('>I', self.receive_bytes(4))[0]
        return Packet(self.receive_bytes(size - 4))

    def is_silent(self, seconds=0.2):
        return not select.select([self.socket], [], [], seconds)[0]

    def is_closed(self):
        """Waits until the daemon sends something or closes; returns whether it was the latter."""
        try:
            return self.socket.recv(1) == b''
        except ConnectionResetError:
            return True

    def answer(self, procedure, serial):
        """Receives the answer to one call and checks its header; returns a reader of the payload."""
        reply = self.receive()
        header = (reply.program, reply.version, reply.procedure, reply.kind, reply.serial)
        if header != (REMOTE, 1, procedure, REPLY, serial):
            raise ValueError(f'unexpected answer {header} to procedure {procedure}')
        if reply.status == ERROR:
            raise RemoteError(reply.payload)
        if reply.status != OK:
            raise ValueError(f'unexpected status {reply.status}')
        return Reader(reply.payload)

    def call(self, procedure, payload=b''):
        serial, self.serial = self.serial, self.serial + 1
        self.send(packet(procedure, payload, serial=serial))
        return self.answer(procedure, serial)

    def open_name(self, name='nodedev:///system', *, flags=0):
        """What a client says first."""
        self.call(AUTH_LIST)
        self.call(OPEN, optional(name) + u32(flags)).end()
        return self

    def send_with_fds(self, data, fds):
        """Sends @data with @fds attached to its first byte."""
        self.socket.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', fds))])


class Client(Peer):
    """A virtzpcid of our own, on one end of a socket pair, as libvirt's ext transport starts it."""

    def __init__(self, *options):
        ours, inherited = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with inherited:
            self.process = subprocess.Popen([*COMMAND, *options], stdin=inherited,
                                            stdout=inherited, stderr=subprocess.PIPE)
        super().__init__(ours)

    def __exit__(self, *_):
        self.socket.close()
        if self.process.poll() is None:
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGABRT)
                self.process.wait()
        if self.process.returncode == VALGRIND_FOUND and not self.process.stderr.closed:
            raise AssertionError(self.process.stderr.read().decode())
        self.process.stderr.close()

    def finish(self):
        """Waits for the daemon to end by itself; returns its exit status and what it complained of."""
        _, complaints = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, complaints.decode()

    def open(self, host='qemu-s390x', *, flags=0, name=None):
        """Has the named capture of the source tree served."""
        return self.open_name(name or f'nodedev:///system?root={quote(str(HOSTS / host))}', flags=flags)

    def descriptors(self):
        return count_descriptors(self.process.pid)

    def resident_kib(self):
        return read_resident_kib(self.process.pid)


class WireTest(unittest.TestCase):
    def start(self):
        client = Client()
        self.addCleanup(client.__exit__)
        return client

    def assert_refused(self, client, procedure, payload, code, domain):
        """The call fails with this error, and the connection goes on. Returns the error."""
        with self.assertRaises(RemoteError) as caught:
            client.call(procedure, payload)
        error = caught.exception
        self.assertEqual((error.code, error.domain), (code, domain), error)
        self.assertEqual(error.level, 2)
        self.assertEqual((error.object, error.network), (0, 0))
        return error

    def assert_alive(self, client):
        client.send(PING_PACKET)
        pong = client.receive()
        self.assertEqual((pong.program, pong.procedure, pong.kind), (KEEPALIVE, PONG, MESSAGE))

    def assert_clean_end(self, client):
        """The daemon ends by itself, successfully and without a word on stderr."""
        self.assertEqual(client.finish(), (0, ''))
