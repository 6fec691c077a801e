# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
# shellcheck shell=sh
#
# What the project's scripts share. To be sourced, never run.
# Progress and errors go to stderr, so that a script's stdout stays its result.

say() {
    printf '==> %s\n' "$*" >&2
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# The releases of Debian whose packages scripts/packages knows by name, the newest last.
debian_releases='bookworm trixie sid'

# os_release KEY: what this machine says of its system.
os_release() (
    # shellcheck source=/dev/null
    . "${ZPCI_OS_RELEASE:-/etc/os-release}"
    eval "printf '%s\\n' \"\${$1-}\""
)

# debian_release: which of them this machine is; fails if it is none. Sid has the name of the release that it
# will be.
debian_release() {
    case $(os_release ID):$(os_release VERSION_CODENAME) in
    debian:bookworm) echo bookworm ;;
    debian:trixie) echo trixie ;;
    debian:forky | debian:sid) echo sid ;;
    *) return 1 ;;
    esac
}

# need_release NAME: ends the script if that is none of them.
need_release() {
    case " $debian_releases " in
    *" $1 "*) [ -z "$1" ] || return 0 ;;
    esac
    die "no release '$1' of Debian is known here, only these: $debian_releases"
}

# The directory of everything that is slow to make. It lies outside the source tree, so that
# "git clean" and a second checkout keep it.
cache_dir() {
    printf '%s\n' "${LIBVIRT_ZPCI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/libvirt-zpci}"
}

# cache_key [TEXT...] < INPUT: a short name for these inputs; other inputs get another name.
cache_key() {
    { printf '%s\n' "$@" && cat; } | sha256sum | cut -c1-16
}

# cache_make KIND KEY COMMAND...: prints the path of the cache entry KIND-KEY. If there is none,
# "COMMAND... TEMPORARY" makes it first. The entry gets its name by one rename after the command
# succeeded, so a half-built one is never seen, and a lock lets two builders wait for each other.
cache_make() {
    cache_entry="$(cache_dir)/$1-$2"
    cache_kind=$1
    shift 2
    if [ ! -e "$cache_entry" ]; then
        mkdir -p "$(cache_dir)"
        cache_fill "$cache_kind" "$cache_entry" "$@" >&2
    fi
    touch -c "$cache_entry"
    printf '%s\n' "$cache_entry"
}

cache_fill() (
    kind=$1
    entry=$2
    shift 2
    exec 9>"$(cache_dir)/$kind.lock"
    flock -n 9 || { say "waiting for another run that makes the $kind" && flock 9; }
    if [ -e "$entry" ]; then
        exit 0
    fi
    # Leftovers of an interrupted run: nobody else can be at work while we hold the lock.
    rm -rf "$(cache_dir)/$kind".part.*
    part=$(cache_dir)/$kind.part.$$
    trap 'rm -rf "$part"' EXIT
    trap 'exit 130' INT TERM HUP
    # "set -e" has no force below a condition of the caller, hence the explicit exits.
    "$@" "$part" 9>&- || exit 1
    mv -T "$part" "$entry" || exit 1
    cache_prune "$kind"
)

# Entries that no run has asked for in 30 days.
cache_prune() {
    find "$(cache_dir)" -mindepth 1 -maxdepth 1 -name "$1-????????????????" -mtime +30 \
        -exec rm -rf {} +
}
