# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The packages of what is committed, built once for all tests, and clean systems to install them in."""

import functools
import os
import re
import shutil
import subprocess
import tempfile

from package_case import BUILD_SECONDS, SOURCE_DIR, export, read, run

PACKAGES = ('gir1.2-zpci-0', 'libvirt-zpci-common', 'libvirt-zpci-dev', 'libvirt-zpci0', 'virt-zpci', 'virtzpcid')
UNITS = 'lib/systemd/system'
BOOT_SECONDS = 1800
PROBE = '''[Unit]
After=dbus.socket sockets.target libvirtd.service libvirt-guests.service
[Service]
Type=oneshot
ExecStart=/bin/sh /probe/script
ExecStopPost=/bin/systemctl --no-block poweroff
[Install]
WantedBy=multi-user.target
'''


# They are removed when the last test is over.
_directories = []


def scratch():
    _directories.append(tempfile.TemporaryDirectory(prefix='zpci-package-', dir='/var/tmp'))
    return _directories[-1].name


@functools.cache
def build():
    """The directory of the packages, and their files by name."""
    assert os.geteuid() == 0, 'Installing packages into a directory, and booting it, need root.'
    directory = scratch()
    options = f'nocheck terse parallel={os.cpu_count()}'
    run('dpkg-buildpackage', '-us', '-uc', cwd=export(directory, 'source'), timeout=BUILD_SECONDS,
        env=dict(os.environ, DEB_BUILD_OPTIONS=options))
    files = {name.split('_')[0]: os.path.join(directory, name) for name in sorted(os.listdir(directory))
             if name.endswith('.deb') and '-dbgsym_' not in name}
    return directory, files


def _needed_by(packages):
    """The names of other packages that these depend on, the first of each alternative."""
    names = set()
    for package in packages:
        for relation in run('dpkg-deb', '-f', package, 'Depends').strip().split(','):
            names.add(re.split(r'[ :|(]', relation.strip())[0])
    return sorted(names - set(PACKAGES) - {''})


class PackageRoot:
    """A clean Debian in a directory, with our packages and others besides. It is entered with chroot, or booted
    as a container."""

    def __init__(self, besides):
        self.directory = os.path.join(scratch(), 'root')
        self.files = build()[1]
        archive = subprocess.run([os.path.join(SOURCE_DIR, 'scripts/clean-root'),
                                  *_needed_by(self.files.values()), *besides],
                                 stdout=subprocess.PIPE, encoding='utf-8', check=True).stdout.strip()
        os.mkdir(self.directory)
        run('tar', '-x', '-C', self.directory, '-f', archive, timeout=BUILD_SECONDS)
        # Not in /tmp, which begins empty at each start.
        os.mkdir(self.path('packages'))
        for path in self.files.values():
            shutil.copy(path, self.path('packages'))
        self.inside('dpkg', '-i', *('/packages/' + os.path.basename(path) for path in self.files.values()))

    def path(self, *path):
        return os.path.join(self.directory, *path)

    def inside(self, *command):
        """Of all mounts there is /proc, which libvirt's client needs, for each command by itself."""
        environment = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C.UTF-8', 'DEBIAN_FRONTEND': 'noninteractive'}
        script = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
        return run('unshare', '--mount', 'sh', '-c', script, self.directory, *command, env=environment,
                   timeout=BUILD_SECONDS)

    def boot(self, script):
        """Boots it, runs the script when all has started, and lets it go down. Returns what the console said. libvirt makes
        no control groups for guests where there is only the second kind of them and no controllers."""
        os.makedirs(self.path('probe'), exist_ok=True)
        for path, text in ((self.path('probe/script'), script), (self.path(UNITS, 'probe.service'), PROBE)):
            with open(path, 'w', encoding='utf-8') as stream:
                stream.write(text)
        self.inside('systemctl', 'enable', 'probe.service')
        return run('systemd-nspawn', '--quiet', '--register=no', '--keep-unit', '--private-network',
                   '-D', self.directory, '--boot', timeout=BOOT_SECONDS,
                   env=dict(os.environ, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY='1'))

    def read_probe(self, name):
        return read(self.path('probe', name))
