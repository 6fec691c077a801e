# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Programs of the build tree in another language, whatever locales the machine has."""

import os

# Of the C library itself; every system has one of them.
UTF8_LOCALES = ('/usr/lib/locale/C.utf8', '/usr/lib/locale/C.UTF-8')


def speaking(language, directory):
    """An environment for programs that shall speak that language; directory is an empty one, which stays.

    In the locale C nothing is translated, so this one has another name; what is in it does not matter.
    glibc loses memory wherever LOCPATH is set, so leaks are not looked for."""
    original = next(path for path in UTF8_LOCALES if os.path.isdir(path))
    os.symlink(original, os.path.join(directory, 'xx_XX.UTF-8'))
    return dict(os.environ, LOCPATH=str(directory), LC_ALL='xx_XX.UTF-8', LANGUAGE=language,
                LIBVIRT_ZPCI_LOCALE_DIR=os.path.join(os.environ['ZPCI_BUILD_DIR'], 'po'),
                ASAN_OPTIONS='detect_leaks=0')
