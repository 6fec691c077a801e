# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The two ports of a guest that libvirt has started: what it reports, and what it asks for."""

import contextlib
import json
import os
import selectors
import socket
import time


class GuestChannels:
    """A context manager. paths has the sockets "report" and "monitor" that QEMU connects to; answer(name) does
    what the guest asks for and returns what it is told."""

    def __init__(self, directory, report, answer):
        self.paths = {name: os.path.join(directory, f"{name}.socket") for name in ("report", "monitor")}
        self.report = report
        self._answer = answer
        self._listeners = {}
        self._connections = {}
        self._rest = b""

    def __enter__(self):
        for name, path in self.paths.items():
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            # QEMU may run as a user of its own.
            os.chmod(path, 0o666)
            listener.listen(1)
            self._listeners[name] = listener
        return self

    def __exit__(self, *_):
        for end in [*self._listeners.values(), *self._connections.values()]:
            end.close()

    def accept(self):
        """To be called once the guest is started: QEMU has connected by then."""
        for name, listener in self._listeners.items():
            listener.settimeout(120)
            self._connections[name] = listener.accept()[0]

    def run(self, seconds):
        """Returns why it is over, in words for a person."""
        deadline = time.monotonic() + seconds
        selector = selectors.DefaultSelector()
        selector.register(self._connections["report"], selectors.EVENT_READ, self.report.feed)
        selector.register(self._connections["monitor"], selectors.EVENT_READ, self._on_monitor)
        while not self.report.done:
            if time.monotonic() >= deadline:
                return "its time is over"
            if not selector.get_map():
                return "the machine stopped"
            for key, _ in selector.select(timeout=1):
                if data := self._read(key.fileobj):
                    key.data(data)
                else:
                    selector.unregister(key.fileobj)
        return "the machine is done"

    @staticmethod
    def _read(connection):
        with contextlib.suppress(ConnectionResetError):
            return connection.recv(65536)
        return b""

    def _on_monitor(self, data):
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in filter(None, lines):
            try:
                message = {"return": self._answer(json.loads(line)["execute"])}
            except Exception as error:  # pylint: disable=broad-except
                message = {"error": {"desc": str(error)}}
            self._connections["monitor"].sendall(json.dumps(message).encode() + b"\n")
