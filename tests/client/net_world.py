# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A network of its own with real interfaces, which both daemons can be put into."""

import os
import subprocess
import sys
import time
import unittest

SCRIPT = '''
set -e
mount --make-rprivate /
mount -t sysfs sysfs /sys
echo ready
exec cat
'''

# Turns features on and off, a line each: interface, bit of ETHTOOL_GFEATURES, 0 or 1.
SWITCHES = '''
import ctypes, fcntl, socket, struct, sys

SIOCETHTOOL, ETHTOOL_SFEATURES = 0x8946, 0x3b
control = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
for line in sys.stdin:
    interface, bit, value = line.split()
    words = [0, 0, 0, 0]
    words[int(bit) // 32 * 2] = 1 << int(bit) % 32
    words[int(bit) // 32 * 2 + 1] = int(value) << int(bit) % 32
    command = ctypes.create_string_buffer(struct.pack('=6I', ETHTOOL_SFEATURES, 2, *words))
    request = struct.pack('16sP16x', interface.encode(), ctypes.addressof(command))
    try:
        fcntl.ioctl(control, SIOCETHTOOL, request)
        print('done', flush=True)
    except OSError as error:
        print(error, flush=True)
'''


class NetWorld:
    """A context manager; skips the calling test, with the reason, where nobody may make one."""

    def __enter__(self):
        user = [] if os.geteuid() == 0 else ['--user', '--map-root-user']
        self._holder = subprocess.Popen(
            ['unshare', *user, '--mount', '--net', 'sh', '-c', SCRIPT], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
        if self._holder.stdout.readline() != 'ready\n':
            _, complaint = self._holder.communicate()
            raise unittest.SkipTest(f'no network of its own: {complaint.strip()}')
        # What is run there begins with these words.
        self.enter = ['nsenter', '--target', str(self._holder.pid), '--mount', '--net']
        if user:
            self.enter += ['--user', '--preserve-credentials']
        self._switches = None
        return self

    def __exit__(self, *_):
        for process in (self._switches, self._holder):
            if process is not None:
                process.communicate()

    def ip(self, *arguments):
        """Returns whether ip(8) did it; False: this kernel does not know such an interface."""
        result = subprocess.run([*self.enter, 'ip', *arguments], stderr=subprocess.PIPE,
                                encoding='utf-8', check=False)
        if result.returncode != 0 and 'Unknown device type' not in result.stderr:
            raise AssertionError(f'ip {arguments}: {result.stderr}')
        return result.returncode == 0

    def wait_for_state(self, interface, state):
        """The kernel tells a change of a link's state later, at most once a second."""
        while f' state {state} ' not in subprocess.run([*self.enter, 'ip', '-o', 'link', 'show', interface],
                                                       stdout=subprocess.PIPE, encoding='utf-8', check=True).stdout:
            time.sleep(0.05)

    def switch(self, interface, bit, value):
        """Turns a feature on or off; returns whether the kernel let us."""
        if self._switches is None:
            self._switches = subprocess.Popen(
                [*self.enter, sys.executable, '-c', SWITCHES], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, encoding='utf-8')
        self._switches.stdin.write(f'{interface} {bit} {value}\n')
        self._switches.stdin.flush()
        return self._switches.stdout.readline() == 'done\n'
