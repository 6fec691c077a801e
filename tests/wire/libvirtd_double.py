# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A libvirtd to stand behind a front: it says nothing by itself, and a test plays its part byte by byte."""

import os
import shutil
import socket
import tempfile

from serving_daemon import ServingDaemon
from upstream_double import error_payload, read_identity
from wire import (
    AUTH_LIST, CALL, ERROR, GET_URI, HOSTS, OPEN, PATIENCE, REMOTE, REPLY, SET_IDENTITY, Peer, Reader,
    optional, packet, string, u32,
)

GET_HOSTNAME = 59
QEMU_URI = 'qemu:///system'


class Behind(Peer):
    """libvirtd's end of one connection."""

    def expect(self, procedure):
        """Receives a call; returns it."""
        call = self.receive()
        if (call.program, call.kind, call.procedure) != (REMOTE, CALL, procedure):
            raise ValueError(f'{call.program:#x} {call.kind} {call.procedure} in place of {procedure}')
        return call

    def reply(self, call, payload=b'', **fields):
        self.send(packet(call.procedure, payload, program=call.program, kind=REPLY, serial=call.serial, **fields))

    def refuse(self, call, code, domain, message):
        self.reply(call, error_payload(code, domain, message), status=ERROR)

    def greet(self, methods=(0,)):
        self.reply(self.expect(AUTH_LIST), u32(len(methods)) + b''.join(map(u32, methods)))

    def open(self, *, controlled=False, uri=None):
        """What a front says to it when its client opens; returns the client's call, and its identity. It asks
        whether the client may do so if libvirtd's access is controlled, and for the URI if there was none."""
        opened = self.expect(OPEN)
        self.reply(opened)
        identified = self.expect(SET_IDENTITY)
        self.reply(identified)
        if controlled:
            self.reply(self.expect(GET_HOSTNAME), string('here'))
        if uri:
            self.reply(self.expect(GET_URI), string(uri))
        return opened, read_identity(Reader(identified.payload))


class LibvirtdDouble:
    """As a context manager: listens where a libvirtd would that was moved aside."""

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='zpci-libvirtd-')
        self.path = os.path.join(self.directory, 'sock')
        self.listeners = [self._listen(self.path), self._listen(self.path + '-ro')]
        return self

    @staticmethod
    def _listen(path):
        listener = socket.socket(socket.AF_UNIX)
        listener.settimeout(PATIENCE)
        listener.bind(path)
        listener.listen(100)
        return listener

    def __exit__(self, *_):
        for listener in self.listeners:
            listener.close()
        shutil.rmtree(self.directory)

    def accept(self, *, read_only=False):
        connected, _ = self.listeners[read_only].accept()
        return Behind(connected)

    def nobody_came(self):
        """Whether nobody waits to be let in."""
        for listener in self.listeners:
            listener.setblocking(False)
            try:
                connected, _ = listener.accept()
                connected.close()
                return False
            except BlockingIOError:
                pass
            finally:
                listener.settimeout(PATIENCE)
        return True

    def go(self):
        """It is not there any more, for who comes now."""
        for listener in self.listeners:
            listener.close()
        for path in (self.path, self.path + '-ro'):
            os.unlink(path)

    def come_back(self):
        self.listeners = [self._listen(self.path), self._listen(self.path + '-ro')]


class ServingFront(ServingDaemon):
    """Ours in front of @libvirtd. settings are those of libvirtd.conf."""

    def __init__(self, libvirtd, settings='auth_unix_ro = "none"\nauth_unix_rw = "none"\n', **keys):
        super().__init__(**keys)
        self.libvirtd = libvirtd
        self.libvirtd_config = self.directory / 'libvirtd.conf'
        self.libvirtd_config.write_text(settings)

    def spawn(self, *options, root=HOSTS / 'qemu-s390x-states', **settings):
        super().spawn('--front', self.libvirtd.path, '--libvirtd-config', self.libvirtd_config, *options,
                      root=root, **settings)

    def pair(self, client=None, *, read_only=False):
        """A client that has been let in, and libvirtd's end of its connection."""
        client = client or self.connect(read_only=read_only)
        client.send(packet(AUTH_LIST))
        behind = self.libvirtd.accept(read_only=read_only)
        behind.greet()
        client.answer(AUTH_LIST, 0)
        return client, behind

    def opened(self, client=None, *, uri=QEMU_URI, read_only=False, **settings):
        client, behind = self.pair(client, read_only=read_only)
        client.send(packet(OPEN, optional(uri) + u32(0), serial=1))
        behind.open(**settings)
        client.answer(OPEN, 1).end()
        client.serial = 2
        return client, behind
