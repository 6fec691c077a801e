# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The stock libvirtd with virtzpcid in front of it, each on sockets of its own: what is asked directly can be
asked through the front."""

import os
import re
import subprocess
import time

from client_case import DAEMON, SECONDS, host_dir
from stock_daemon import StockDaemon

HOST = 'qemu-s390x'
# Nobody else sees this /sys.
OVER_SYSFS = ('unshare', '--mount', 'sh', '-c',
              'mount --make-rprivate / && mount --bind "$1" /sys && shift && exec "$@"', 'sh')


def without_chance(output):
    """What is not the same twice: times, and what has a socket's name in it."""
    output = re.sub(r'<uuid>.*?</uuid>|<creationTime>.*?</creationTime>|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b',
                    'UUID', output)
    output = re.sub(r'(time[^\n\d]*|wall[^\n\d]*)[\d.]+s?', r'\1TIME', output, flags=re.IGNORECASE)
    output = re.sub(r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( [+-]\d{4})?', 'TIME', output)
    return re.sub(r'[\w./+:-]*(libvirt|front)-sock', 'SOCKET', output)


class FrontPlace:
    """A context manager. host is the captured one that both take for this machine, or only the front if libvirtd
    is for_guests; complaint is what the front may have said at its end. On a machine, which only root can make, the
    front reads the same /sys as libvirtd, and not the capture. In a live place both hear udev besides, and the test
    may change that /sys."""

    def __init__(self, host=HOST, bus=None, for_guests=False, on_machine=False, live=False, **options):
        self.root = host_dir(host)
        self.on_machine = on_machine or live
        self.complaint = ''
        self.bus = bus
        self.stock = StockDaemon(None if for_guests else self.root, bus=bus, hears_udev=live, **options)

    def __enter__(self):
        self.stock.__enter__()
        # Other users come, too.
        os.chmod(self.stock.directory, 0o755)
        self.ways = {'directly': self.path('libvirt-sock'), 'through the front': self.path('front-sock')}
        with open(self.path('front.conf'), 'w', encoding='utf-8') as conf:
            conf.write('[virtzpcid]\nvfio_read = never\nunix_sock_rw_perms = 0777\n')
        environment = dict(os.environ, LC_ALL='C', SYSTEMD_DEVICE_VERIFY_SYSFS='0')
        if self.bus:
            environment['DBUS_SYSTEM_BUS_ADDRESS'] = self.bus
        command = [DAEMON, '--config', self.path('front.conf'), '--front', self.path('libvirt-sock'),
                   '--libvirtd-config', self.path('libvirtd.conf'), '--socket', self.path('front-sock')]
        command = [*OVER_SYSFS, self.stock.sysfs, *command] if self.on_machine else [*command, '--root', self.root]
        with open(self.path('front.log'), 'wb') as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log, env=environment)
        deadline = time.monotonic() + SECONDS
        while not os.path.exists(self.path('front-sock-ro')):
            assert self.process.poll() is None and time.monotonic() < deadline, self.log()
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        try:
            self.process.terminate()
            status = self.process.wait(SECONDS)
            assert status == 0 and re.fullmatch(self.complaint, self.log()), (status, self.log())
        finally:
            self.stock.__exit__()

    def path(self, name):
        return os.path.join(self.stock.directory, name)

    def log(self):
        with open(self.path('front.log'), encoding='utf-8') as stream:
            return stream.read()

    def uri(self, way, name='qemu:///system'):
        """Of this name, but of the driver test with the transport that its clients would not use by themselves."""
        scheme, _, rest = name.partition(':')
        return f'{scheme}+unix:{rest}?socket={self.ways[way]}'
