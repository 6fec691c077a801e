# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A node device daemon to stand behind ours: it answers libvirt's own client as a test wants, and writes
down what each connection asked, and on whose behalf."""

import os
import socket
import tempfile
import threading
from pathlib import Path

from wire import (
    AUTH_LIST, CLOSE, ERROR, FEATURE, KEEPALIVE, LIST_ALL, LIST_NAMES, COUNT, LOOKUP, LOOKUP_WWN, OPEN,
    OK, REGISTER_CLOSE, REGISTER_EVENT, DEREGISTER_EVENT, REPLY, UNREGISTER_CLOSE, Peer, Reader, PARENT,
    SET_IDENTITY, XML, PONG_PACKET, optional, packet, string, u32,
)

FEATURE_KEEPALIVE = 10
LONG_INTEGER, STRING = 3, 7


class Refusal(Exception):
    """The double's own error: code, domain and message as a client gets them."""


def error_payload(code, domain, message):
    return (u32(code) + u32(domain) + optional(message) + u32(2) + u32(0) + optional(None) * 3 +
            u32(0) * 2 + u32(0))


def read_identity(reader):
    """The typed parameters of a call, as a dictionary."""
    fields = {}
    for _ in range(reader.u32()):
        name, kind = reader.string(), reader.u32()
        fields[name] = reader.string() if kind == STRING else reader.u64()
    return fields


class Connection:
    """One connection: its identity, None if it has none, and the numbers of its calls."""

    def __init__(self, peer):
        self.peer = peer
        self.identity = None
        self.calls = []
        self.closed = False


class UpstreamDouble:
    """As a context manager. devices are the names that it has; hosts is the name for each pair of World
    Wide Names. allows(identity, number, device) says whether a call is allowed: it stands for the
    daemon's access control, and identity is None on behalf of nobody."""

    def __init__(self, devices=(), hosts=None, allows=lambda *_: True):
        self.directory = tempfile.mkdtemp(prefix='zpci-upstream-')
        self.path = os.path.join(self.directory, 'sock')
        self.uri = f'nodedev:///system?socket={self.path}'
        self.devices, self.hosts, self.allows = list(devices), hosts or {}, allows
        self.connections = []
        self.events = 0
        self.is_full, self.waiting = False, []
        self.listening = socket.socket(socket.AF_UNIX)

    def __enter__(self):
        self.listening.bind(self.path)
        self.listening.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for connection in list(self.connections):
            self.cut(connection)
        for accepted in self.waiting:
            accepted.close()
        os.unlink(self.path)
        os.rmdir(self.directory)

    @staticmethod
    def cut(connection):
        """It is over, without a word."""
        try:
            connection.peer.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _accept(self):
        while True:
            try:
                accepted, _ = self.listening.accept()
            except OSError:
                return
            if self.is_full:
                self.waiting.append(accepted)
            else:
                self._take(accepted)

    def _take(self, accepted):
        connection = Connection(Peer(accepted))
        accepted.settimeout(None)
        self.connections.append(connection)
        threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def take_again(self):
        """It is full no more; who has waited is served first."""
        self.is_full = False
        while self.waiting:
            self._take(self.waiting.pop(0))

    def _serve(self, connection):
        try:
            while not connection.closed:
                call = connection.peer.receive()
                if call.program == KEEPALIVE:
                    connection.peer.send(PONG_PACKET)
                    continue
                connection.calls.append(call.procedure)
                status, payload = self._answer(connection, call)
                connection.peer.send(packet(call.procedure, payload, kind=REPLY, serial=call.serial,
                                            status=status))
        except (EOFError, OSError):
            pass
        connection.closed = True
        connection.peer.socket.close()

    def _answer(self, connection, call):
        try:
            return OK, self._do(connection, call.procedure, Reader(call.payload))
        except Refusal as refusal:
            return ERROR, error_payload(*refusal.args)

    def _check(self, connection, number, device=None):
        if not self.allows(connection.identity, number, device):
            raise Refusal(88, 55, f'access denied: {number} of {device}')

    def _visible(self, connection):
        return [name for name in self.devices if self.allows(connection.identity, LOOKUP, name)]

    def _find(self, connection, number, reader):
        name = reader.string()
        if name not in self.devices:
            raise Refusal(53, 22, f"Node device not found: no node device with matching name '{name}'")
        self._check(connection, number, name)
        return name

    def _do(self, connection, number, reader):
        if number == AUTH_LIST:
            return u32(1) + u32(0)
        if number == FEATURE:
            return u32(reader.i32() == FEATURE_KEEPALIVE)
        if number in (OPEN, REGISTER_CLOSE, UNREGISTER_CLOSE, DEREGISTER_EVENT):
            return b''
        if number == REGISTER_EVENT:
            self.events += 1
            return u32(self.events)
        if number == CLOSE:
            return b''
        if number == SET_IDENTITY:
            self._check(connection, number)
            connection.identity = read_identity(reader)
            return b''
        return self._do_device(connection, number, reader)

    def _do_device(self, connection, number, reader):
        if number in (LIST_ALL, COUNT, LIST_NAMES):
            self._check(connection, number)
            capability = None if number == LIST_ALL else reader.optional()
            names = self._visible(connection) if capability is None else []
            texts = b''.join(map(string, names))
            if number == LIST_ALL:
                return u32(len(names)) + texts + u32(len(names))
            return u32(len(names)) + (texts if number == LIST_NAMES else b'')
        if number == LOOKUP:
            return string(self._find(connection, number, reader))
        if number == LOOKUP_WWN:
            name = self.hosts.get((reader.string(), reader.string()))
            if name is None:
                raise Refusal(53, 22, 'Node device not found')
            self._check(connection, LOOKUP, name)
            return string(name)
        if number == XML:
            name = self._find(connection, number, reader)
            return string(f'<device>\n  <name>{name}</name>\n</device>\n')
        if number == PARENT:
            self._find(connection, number, reader)
            return optional(None)
        raise Refusal(3, 22, f'this function is not supported by the connection driver: {number}')

    def of_user(self, uid):
        """The connections that were told to call on behalf of this user."""
        return [connection for connection in self.connections
                if connection.identity and connection.identity.get('unix-user-id') == uid]
