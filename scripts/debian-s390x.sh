# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
# shellcheck shell=sh
#
# Debian packages of another architecture, extracted into a directory. To be sourced after
# debian-mirror.sh.

# The guest and what is built for it are this release, whichever one this machine has.
debian_s390x_release=bookworm

# debian_s390x_extract DIR PACKAGE...: no maintainer script runs, so no s390x program needs to run.
debian_s390x_extract() {
    target=$1
    shift
    # Without root, chrootless is enough for a variant that runs nothing of the target.
    if [ "$(id -u)" -eq 0 ]; then mode=root; else mode=chrootless; fi
    include=$(printf '%s,' "$@")
    debian_bootstrap "$debian_s390x_release" "$target" --arch=s390x --mode="$mode" --variant=extract \
        --skip=check/qemu --include="${include%,}"
}
