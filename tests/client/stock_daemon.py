# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The stock libvirtd with a captured host's sysfs as its /sys, seen by nobody else.

It runs in a mount and a network namespace of its own: the capture lies over /sys, and the places
where libvirtd keeps state and configuration are empty and forgotten afterwards.
"""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import libvirt

LIBVIRTD = '/usr/sbin/libvirtd'
START_SECONDS = 60
SETTINGS = 'unix_sock_rw_perms = "0700"\nauth_unix_ro = "none"\nauth_unix_rw = "none"\n'
# The stock daemon takes a device without any PCI capability for PCI Express if its configuration
# space has another size than this.
CONVENTIONAL_PCI_CONFIG_SIZE = 256
STATE_DIRECTORIES = '/run /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt'
SCRIPT = f'''
set -e
mount --make-rprivate /
if [ -d "$1/sys" ]; then mount --bind "$1/sys" /sys; fi
# A host with IOMMU groups has VFIO: its files are all that libvirt looks at.
if [ -d "$1/sys/kernel/iommu_groups" ]; then
    mkdir -p "$1/dev"
    mount -t tmpfs tmpfs "$1/dev"
    for node in full null ptmx random tty urandom zero; do : >"$1/dev/$node"; done
    for node in pts shm vfio; do mkdir "$1/dev/$node"; done
    for node in full null ptmx pts random shm tty urandom zero; do
        mount --rbind "/dev/$node" "$1/dev/$node"
    done
    : >"$1/dev/vfio/vfio"
    : >"$1/dev/iommu"
    mount --move "$1/dev" /dev
fi
for directory in {STATE_DIRECTORIES}; do
    if [ -d "$directory" ]; then mount -t tmpfs tmpfs "$directory"; fi
done
# Who opens a guest's console locks it there.
mkdir -p /run/lock
# libudev listens to udev only where one seems to be at work.
if [ -e "$1/udev" ]; then mkdir /run/udev && : >/run/udev/control; fi
if [ -f "$1/qemu.conf" ]; then cp "$1/qemu.conf" /etc/libvirt/; fi
# Its QEMU driver wants a user and a group that only the distribution's full packages make.
for file in passwd group; do
    cp "/etc/$file" "$1/$file"
    grep -q '^libvirt-qemu:' "$1/$file" || case $file in
    passwd) echo 'libvirt-qemu:x:64055:64055::/:/usr/sbin/nologin' ;;
    group) echo 'libvirt-qemu:x:64055:' ;;
    esac >>"$1/$file"
    mount --bind "$1/$file" "/etc/$file"
done
exec {LIBVIRTD} -f "$1/libvirtd.conf" -p "$1/pid"
'''


def require_namespaces():
    """Skips the calling test, with the reason, where nobody may make a mount namespace."""
    command = ['unshare', *_unshare_options(), 'mount', '--make-rprivate', '/']
    result = subprocess.run(command, stderr=subprocess.PIPE, encoding='utf-8', check=False)
    if result.returncode != 0:
        raise unittest.SkipTest(f'{" ".join(command)}: {result.stderr.strip()}')


def require_qemu():
    """The same for libvirt's QEMU driver, which looks at each QEMU as a user of its own."""
    if os.geteuid() != 0:
        raise unittest.SkipTest("libvirt's QEMU driver needs root")
    require_namespaces()


def _unshare_options():
    options = ['--mount', '--net']
    return options if os.geteuid() == 0 else ['--user', '--map-root-user', *options]


def copy_sysfs(host, directory):
    """Adds what every kernel has, a capture may lack, and the stock daemon cannot do without."""
    sys = os.path.join(directory, 'sys')
    shutil.copytree(os.path.join(host, 'sys'), sys, symlinks=True)
    os.makedirs(os.path.join(sys, 'class'), exist_ok=True)
    for device in glob.glob(os.path.join(sys, 'bus/pci/devices/*')):
        config = os.path.join(device, 'config')
        if not os.path.exists(config):
            with open(config, 'wb') as stream:
                stream.write(bytes(CONVENTIONAL_PCI_CONFIG_SIZE))


class StockDaemon:
    """A context manager; connection is a libvirt connection to it. With a NetWorld in place of a
    root it sees the interfaces of that, and the rest of this machine. qemu is its qemu.conf. With the
    address of a system bus it asks polkit there about each call. settings are how clients show who they
    are. If it hears_udev, its network namespace is that of the test, and so are the events of udev."""

    def __init__(self, root, world=None, qemu=None, bus=None, settings=SETTINGS, hears_udev=False):
        self.root = root and os.path.abspath(root)
        self.qemu = qemu
        self.bus = bus
        self.settings = settings
        self.process = None
        self.hears_udev = hears_udev
        self.start = ([*world.enter, 'unshare', '--mount'] if world else
                      ['unshare', '--mount'] if hears_udev else ['unshare', *_unshare_options()])

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='zpci-stock-', dir='/var/tmp')
        if self.root:
            self.make_sysfs()
        if self.hears_udev:
            os.mkdir(os.path.join(self.directory, 'udev'))
        with open(os.path.join(self.directory, 'libvirtd.conf'), 'w', encoding='utf-8') as conf:
            conf.write(f'unix_sock_dir = "{self.directory}"\n{self.settings}')
            if self.bus:
                conf.write('access_drivers = [ "polkit" ]\n')
        if self.qemu:
            with open(os.path.join(self.directory, 'qemu.conf'), 'w', encoding='utf-8') as conf:
                conf.write(self.qemu)
        try:
            self.launch()
        except BaseException:
            self.__exit__()
            raise
        return self

    def make_sysfs(self):
        copy_sysfs(self.root, self.directory)

    @property
    def uri(self):
        return f'nodedev+unix:///system?socket={self.directory}/libvirt-sock'

    @property
    def sysfs(self):
        """Its own copy of the captured host's /sys, to be changed while it is down."""
        return os.path.join(self.directory, 'sys')

    def launch(self):
        """Starts it (again), and makes the connection."""
        # Without the first, libudev refuses a /sys that is no sysfs.
        environment = dict(os.environ, SYSTEMD_DEVICE_VERIFY_SYSFS='0', LC_ALL='C')
        if self.bus:
            environment['DBUS_SYSTEM_BUS_ADDRESS'] = self.bus
        with open(os.path.join(self.directory, 'log'), 'wb') as log:
            self.process = subprocess.Popen(
                [*self.start, 'sh', '-c', SCRIPT, 'sh', self.directory],
                env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        self.connection = self._connect()

    def kill(self):
        """It dies, as if of a fault."""
        self.process.kill()
        self.process.wait()

    def __exit__(self, *_):
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            self.process.wait()
        shutil.rmtree(self.directory)

    def _connect(self):
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return libvirt.open(self.uri)
            except libvirt.libvirtError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    with open(os.path.join(self.directory, 'log'), encoding='utf-8') as log:
                        raise AssertionError(f'libvirtd did not start: {log.read()}') from error
                time.sleep(0.05)
