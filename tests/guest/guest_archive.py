# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The archives that make the guest's root."""

import os
import shutil
import subprocess


def case_archive(path, name, directory):
    """A cpio archive with the program at path as one more case, called name."""
    cases = os.path.join(directory, "tree", "zpci", "cases")
    os.makedirs(cases)
    shutil.copy(path, os.path.join(cases, name))
    os.chmod(os.path.join(cases, name), 0o755)
    archive = os.path.join(directory, f"{name}.cpio")
    subprocess.run(f"find zpci | cpio -o -H newc -R 0:0 --quiet >'{archive}'", shell=True, check=True,
                   cwd=os.path.join(directory, "tree"))
    return archive


def join_archives(paths, path):
    """The kernel unpacks cpio archives one after the other; QEMU takes one file."""
    with open(path, "wb") as whole:
        for part in paths:
            with open(part, "rb") as archive:
                shutil.copyfileobj(archive, whole, 1 << 20)
    return path
