# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
# shellcheck shell=sh
#
# Debian packages of another architecture, extracted into a directory. To be sourced after lib.sh.

debian_suite=bookworm

# need_programs NAME...: one message for all that is missing.
need_programs() {
    missing=
    for program in "$@"; do
        command -v "$program" >/dev/null || missing="$missing $program"
    done
    [ -z "$missing" ] || die "not installed:$missing (see --help for the packages)"
}

# The mirrors that apt uses on this machine for the suite, as lines of a sources.list.
debian_mirrors() {
    if [ -n "${LIBVIRT_ZPCI_MIRROR-}" ]; then
        printf 'deb %s %s main\n' "$LIBVIRT_ZPCI_MIRROR" "$debian_suite"
        return
    fi
    for suite in "$debian_suite" "$debian_suite-security"; do
        # shellcheck disable=SC2016 # apt-get expands these
        apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
            'Created-By: Packages' 'Origin: Debian' "Codename: $suite" | sort -u
    done
}

# debian_s390x_extract DIR PACKAGE...: no maintainer script runs, so no s390x program needs to run.
debian_s390x_extract() {
    target=$1
    shift
    mirrors=$(debian_mirrors)
    if [ -z "$mirrors" ]; then
        say "apt knows no Debian $debian_suite here: run 'apt-get update', or set LIBVIRT_ZPCI_MIRROR"
        return 1
    fi
    # Without root, chrootless is enough for a variant that runs nothing of the target.
    if [ "$(id -u)" -eq 0 ]; then mode=root; else mode=chrootless; fi
    include=$(printf '%s,' "$@")
    printf '%s\n' "$mirrors" |
        mmdebstrap --quiet --arch=s390x --mode="$mode" --variant=extract --skip=check/qemu \
            --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
            --include="${include%,}" "$debian_suite" "$target" -
}
