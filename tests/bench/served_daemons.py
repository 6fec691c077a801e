# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""virtzpcid and the stock libvirtd, each on sockets of its own, with the same directory as /sys.

Both are context managers with a connection, a pid and a name.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import libvirt
import stock_daemon

DAEMON = pathlib.Path(os.environ.get('ZPCI_BUILD_DIR', '/'), 'src/daemon/virtzpcid')
# The caller has a network namespace of its own, in which both hear the same events.
ENTER = ['unshare', '--mount']
SCRIPT = '''
set -e
mount --make-rprivate /
if [ -n "$1" ]; then mount --bind "$1" /sys; fi
shift
exec "$@"
'''


def cpu_seconds(pid):
    """What all threads of a process have had of the processors so far, to the nanosecond."""
    # The clock of another process as the kernel numbers it: MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED).
    return time.clock_gettime(~pid << 3 | 2)


def resident_kib(pid):
    status = pathlib.Path(f'/proc/{pid}/status').read_text()
    return int(re.search(r'^VmRSS:\s+(\d+)', status, re.M).group(1))


class Ours:
    """root has a directory sys, or is None: the machine itself."""
    name = 'virtzpcid'

    def __init__(self, root):
        self.sysfs = os.path.join(root, 'sys') if root else ''

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='zpci-bench-')
        self.uri = f'nodedev+unix:///system?socket={self.directory}/virtzpcid-sock'
        config = pathlib.Path(self.directory, 'virtzpcid.conf')
        config.write_text(f'[virtzpcid]\nunix_sock_dir = {self.directory}\n')
        self.process = subprocess.Popen([*self.command(), '--config', config], stdin=subprocess.DEVNULL)
        self.pid = self.process.pid
        self.connection = self._connect()
        return self

    def command(self):
        return [*ENTER, 'sh', '-c', SCRIPT, 'sh', self.sysfs, DAEMON]

    def _connect(self):
        deadline = time.monotonic() + stock_daemon.START_SECONDS
        while True:
            try:
                return libvirt.open(self.uri)
            except libvirt.libvirtError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.005)

    def __exit__(self, *_):
        self.connection.close()
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.directory)


class Stock(stock_daemon.StockDaemon):
    """It looks at the tree itself, of which a copy would cost more than what is measured."""
    name = 'stock'

    def __init__(self, root):
        super().__init__(root)
        self.start = ENTER

    def make_sysfs(self):
        os.symlink(os.path.join(self.root, 'sys'), self.sysfs)

    def launch(self):
        pathlib.Path(self.directory, 'udev').touch()
        super().launch()

    def __enter__(self):
        super().__enter__()
        self.pid = self.process.pid
        return self

    def __exit__(self, *arguments):
        if self.process and self.process.poll() is None:
            self.connection.close()
        super().__exit__(*arguments)
