# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
# shellcheck shell=sh
#
# Debian packages of another architecture, extracted into a directory. To be sourced after
# debian-mirror.sh.

# The guest and what is built for it are this release, whichever one this machine has.
debian_s390x_release=bookworm

# debian_s390x_extract DIR PACKAGE...
debian_s390x_extract() {
    debian_extract "$debian_s390x_release" s390x "$@"
}
