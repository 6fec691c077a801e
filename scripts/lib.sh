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
