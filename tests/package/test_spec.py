#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""RPM packages of what is committed, as far as they can be made on Debian: Meson's and systemd's macros
are replaced by what they come to, and what has to be installed for building is not looked up.
"""

import os
import re
import shutil
import tempfile
import unittest

from package_case import BUILD_SECONDS, SOURCE_DIR, export, read, run

SPEC = os.path.join(SOURCE_DIR, 'packaging/libvirt-zpci.spec')
NAMES = ['libvirt-zpci-common', 'libvirt-zpci-devel', 'libvirt-zpci-libs', 'virt-zpci', 'virtzpcid']
MACROS = {
    '_unitdir': '/usr/lib/systemd/system',
    'debug_package': '%{nil}',
    'meson': 'meson setup rpm-build --prefix=%{_prefix} --libdir=%{_libdir} --sysconfdir=%{_sysconfdir}',
    'meson_build': 'ninja -C rpm-build',
    'meson_install': 'DESTDIR=%{buildroot} meson install -C rpm-build --no-rebuild --quiet',
    'systemd_post': '/bin/true',
    'systemd_preun': '/bin/true',
    'systemd_postun_with_restart': '/bin/true',
}
# A rule of another distribution.
RPMLINT_CONFIG = "Filters = ['mklibname']\n"


class TestSpec(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix='zpci-spec-', dir='/var/tmp')
        self.addCleanup(shutil.rmtree, self.directory)

    def test_every_package_has_the_same_version(self):
        patterns = {'meson.build': r"(?m)^  version: '(.+)',$", 'debian/changelog': r'^\S+ \((.+)\)',
                    'packaging/libvirt-zpci.spec': r'(?m)^Version:\s+(.+)$'}
        versions = {re.search(pattern, read(SOURCE_DIR, path))[1]
                    for path, pattern in patterns.items()}
        self.assertEqual(len(versions), 1, versions)

    def test_rpmlint_finds_no_error(self):
        config = os.path.join(self.directory, 'rpmlint.toml')
        with open(config, 'w', encoding='utf-8') as stream:
            stream.write(RPMLINT_CONFIG)
        self.assertIn(' 0 errors', run('rpmlint', '--config', config, SPEC))

    def test_the_packages_have_all_that_is_installed(self):
        """rpmbuild fails for a file that is in no package, and for one of a package that is not there."""
        version = re.search(r'(?m)^Version:\s+(.+)$', read(SPEC))[1]
        name = f'libvirt-zpci-{version}'
        export(self.directory, name)
        archive = os.path.join(self.directory, name + '.tar.xz')
        run('tar', '-c', '-J', '-C', self.directory, '-f', archive, name, timeout=BUILD_SECONDS)
        macros = dict(MACROS, _topdir=self.directory, _sourcedir=self.directory)
        definitions = [word for macro, body in macros.items()
                       for word in ('--define', f'{macro} {body}')]
        run('rpmbuild', '-ba', '--nodeps', '--without', 'check', *definitions, SPEC,
            timeout=BUILD_SECONDS)
        made = [file for _, _, files in os.walk(os.path.join(self.directory, 'RPMS'))
                for file in files]
        self.assertEqual(sorted(file.rsplit('-', 2)[0] for file in made), NAMES)
        self.assertEqual(len(os.listdir(os.path.join(self.directory, 'SRPMS'))), 1)


if __name__ == '__main__':
    unittest.main()
