# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
# shellcheck shell=sh
#
# Other releases of Debian, from where apt gets Debian on this machine. To be sourced after lib.sh.

# need_programs NAME...: one message for all that is missing.
need_programs() {
    missing=
    for program in "$@"; do
        command -v "$program" >/dev/null || missing="$missing $program"
    done
    [ -z "$missing" ] || die "not installed:$missing (see --help for the packages)"
}

# debian_sources RELEASE: the lines of a sources.list. Any release that apt knows here tells the mirror of all.
# RELEASE-backports is that release with its backports, which apt takes only for who asks for them.
debian_sources() {
    case $1 in
    *-backports)
        debian_sources "${1%-backports}" | sed "s,^\\(.* \\)${1%-backports} main\$,&\\n\\1$1 main,"
        return
        ;;
    esac
    if [ -n "${LIBVIRT_ZPCI_MIRROR-}" ]; then
        printf 'deb %s %s main\n' "$LIBVIRT_ZPCI_MIRROR" "$1"
        return
    fi
    for label in Debian Debian-Security; do
        # shellcheck disable=SC2016 # apt-get expands it
        mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
            "Label: $label" | head -n 1)
        case $mirror:$label:$1 in
        :* | *:Debian-Security:sid) ;;
        *:Debian-Security:*) printf 'deb %s %s-security main\n' "$mirror" "$1" ;;
        *) printf 'deb %s %s main\n' "$mirror" "$1" ;;
        esac
    done
}

# What apt is told here about how to reach its mirror, and about one that stands still.
debian_apt_settings() {
    apt-config dump | grep -E '^Acquire::(Check-Valid-Until|Check-Date|https?::Proxy) ' || true
}

# debian_bootstrap RELEASE TARGET OPTION...: mmdebstrap, with these options of its own. What it says goes to TARGET.log.
debian_bootstrap() {
    bootstrap_release=$1
    bootstrap_target=$2
    shift 2
    sources=$(debian_sources "$bootstrap_release")
    if [ -z "$sources" ]; then
        say "apt knows no Debian here: run 'apt-get update', or set LIBVIRT_ZPCI_MIRROR"
        return 1
    fi
    settings=$(debian_apt_settings)
    if printf '%s\n' "$sources" |
        mmdebstrap --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
            ${settings:+--aptopt="$settings"} "$@" "${bootstrap_release%-backports}" "$bootstrap_target" - \
            2>"$bootstrap_target.log"; then
        return
    fi
    tail -n 20 "$bootstrap_target.log" >&2
    debian_unknown_packages "$bootstrap_release" <"$bootstrap_target.log"
    return 1
}

# debian_unknown_packages RELEASE < WHAT-APT-SAID: names that are none there.
debian_unknown_packages() {
    sed -n -e 's/.*Unable to locate package \([^ ]*\).*/\1/p' \
        -e "s/.*Package '\([^']*\)' has no installation candidate.*/\1/p" |
        while IFS= read -r unknown; do
            say "Debian $1 has no package named '$unknown'; scripts/packages says what is called how in which release"
        done
}

# debian_extract RELEASE ARCHITECTURE DIR PACKAGE...: unpacks packages and what they need. No maintainer script
# runs, so no program of that release or architecture needs to run.
debian_extract() {
    extract_release=$1
    extract_architecture=$2
    extract_target=$3
    shift 3
    # Without root, chrootless is enough for a variant that runs nothing of the target.
    if [ "$(id -u)" -eq 0 ]; then mode=root; else mode=chrootless; fi
    include=$(printf '%s,' "$@")
    debian_bootstrap "$extract_release" "$extract_target" --arch="$extract_architecture" --mode="$mode" \
        --variant=extract --skip=check/qemu --include="${include%,}"
}

# debian_apt RELEASE[:ARCHITECTURE] COMMAND...: apt-get or apt-cache as on a machine of that release, and of that
# architecture if it is not this one's, whose lists are a day old at most.
debian_apt() {
    if [ "$(debian_release || true)" = "$1" ]; then
        shift
        "$@"
        return
    fi
    apt_state=$(cache_dir)/apt-$(echo "$1" | tr : -)
    mkdir -p "$apt_state/lists/partial" "$apt_state/archives/partial"
    debian_sources "${1%:*}" |
        sed 's,^deb ,&[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ,' >"$apt_state/sources.list"
    cat >"$apt_state/apt.conf" <<END
Dir::Etc::sourcelist "$apt_state/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$apt_state/lists";
Dir::State::status "/dev/null";
Dir::Cache "$apt_state";
APT::Sandbox::User "root";
END
    case $1 in
    *:*) printf 'APT::Architecture "%s";\nAPT::Architectures "%s";\n' "${1#*:}" "${1#*:}" >>"$apt_state/apt.conf" ;;
    esac
    if [ -z "$(find "$apt_state/updated" -mtime -1 2>/dev/null)" ]; then
        APT_CONFIG=$apt_state/apt.conf apt-get update -q >&2 && touch "$apt_state/updated" || return 1
    fi
    shift
    APT_CONFIG=$apt_state/apt.conf "$@"
}
