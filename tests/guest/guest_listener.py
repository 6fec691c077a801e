# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Stock virsh, inside the guest, while it listens to events of node devices."""

import os
import pty
import signal
import subprocess
import threading

from guest_case import OURS, wait_until


class Listener:
    """virsh nodedev-event --loop; lines is what it has said."""

    def __init__(self, event):
        self.lines = []
        self._terminal, terminal = pty.openpty()
        self._virsh = subprocess.Popen(
            ["virsh", "-c", OURS, "nodedev-event", "--loop", "--event", event],
            stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal)
        os.close(terminal)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        text = ""
        while True:
            try:
                data = os.read(self._terminal, 4096)
            except OSError:
                return
            if not data:
                return
            text += data.decode().replace("\r", "")
            *whole, text = text.split("\n")
            self.lines += [line for line in whole if line.startswith("event ")]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._virsh.send_signal(signal.SIGINT)
        self._virsh.wait()
        self._reader.join()
        os.close(self._terminal)

    def count(self, what):
        return sum(1 for line in self.lines if what in line)

    def wait_for(self, what, count=1):
        wait_until(lambda: self.count(what) >= count, f"'{what}' among {self.lines}")


def lifecycle(name, what):
    return f"event 'lifecycle' for node device {name}: {what}"
