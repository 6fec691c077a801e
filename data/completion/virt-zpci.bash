# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
# shellcheck shell=bash
#
# Completion of virt-zpci(1) for bash. Needs nothing but bash itself.

# The name of each zPCI function that "PROGRAM --root ROOT list OPTION..." shows. It opens no device.
_virt_zpci_names() {
    local program=$1 root=$2
    shift 2

    # What stands on the command line is not expanded yet; it is only unquoted here, never evaluated.
    root=${root//[\\\"\']/}
    # shellcheck disable=SC2088 # a tilde that is not expanded yet
    case $root in
        '~' | '~/'*) root=$HOME${root:1} ;;
    esac
    "$program" ${root:+--root "$root"} list --names "$@" 2>/dev/null
}

# The names of libvirt's domains, at "URI" or where libvirt has them by itself. Bash expands what it offers, so that
# names with signs that mean something to it are left out.
_virt_zpci_domains() {
    local name

    virsh -q ${1:+-c "$1"} list --all --name 2>/dev/null </dev/null | while read -r name; do
        case $name in
            *[!A-Za-z0-9._:+@-]*) ;;
            *) echo "$name" ;;
        esac
    done
}

_virt_zpci_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

_virt_zpci_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# Words that can be joined by commas: the last one is completed, to one that is not there yet.
_virt_zpci_list() {
    local word before=''

    case $2 in
        *,*) before=${2%,*}, ;;
        +*) before=+ ;;
    esac
    for word in $1; do
        case ,${before#+} in
            *,"$word",*) ;;
            *) COMPREPLY+=("$before$word") ;;
        esac
    done
    mapfile -t COMPREPLY < <(compgen -W "${COMPREPLY[*]}" -- "$2")
    compopt -o nospace 2>/dev/null
}

# The names of the columns.
_virt_zpci_columns() {
    local name

    "$1" list --help 2>/dev/null | while read -r name _; do
        case $name in
            [A-Z]*[A-Z]) echo "$name" ;;
        esac
    done
}

# The formats of export.
_virt_zpci_formats() {
    "$1" export --help 2>/dev/null | sed -n '/^Formats:$/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

_virt_zpci_options() {
    case $1 in
        '') _virt_zpci_words '--help --root --version' "$2" ;;
        list)
            _virt_zpci_words '--all --connect --filter --help --inactive --json --names --noheadings --output --output-all --raw
                --root --sort --time-out' "$2"
            ;;
        configure | deconfigure) _virt_zpci_words '--dry-run --help --json --root' "$2" ;;
        diff) _virt_zpci_words '--help --json --output --root --unknown' "$2" ;;
        show) _virt_zpci_words '--connect --help --json --root --time-out' "$2" ;;
        tree) _virt_zpci_words '--connect --dot --help --json --root --svg --time-out' "$2" ;;
        groups) _virt_zpci_words '--connect --help --json --root --time-out' "$2" ;;
        paths) _virt_zpci_words '--connect --help --json --root --suggest --time-out' "$2" ;;
        dumpxml | report | uri) _virt_zpci_words '--help --root' "$2" ;;
        decode) _virt_zpci_words '--byte-order --help --json' "$2" ;;
        probe) _virt_zpci_words '--again --help --json --raw --root' "$2" ;;
        capture) _virt_zpci_words '--help --root --with-vfio' "$2" ;;
        attach)
            _virt_zpci_words '--alias --boot-order --config --connect --device-xml --driver --dry-run --fid --help
                --interface --iommufd --live --mac --model --policy --rom --root --uid --unmanaged --vlan' "$2"
            ;;
        check) _virt_zpci_words '--connect --help --json --root' "$2" ;;
        detach) _virt_zpci_words '--config --connect --device-xml --dry-run --help --live --root' "$2" ;;
        export) _virt_zpci_words '--connect --help --output --placement --root --time-out' "$2" ;;
        hostdev)
            _virt_zpci_words '--alias --boot-order --connect --diff --domain --domain-xml --driver --fid --help
                --interface --iommufd --mac --model --policy --rom --root --uid --unmanaged --vlan' "$2"
            ;;
        stat) _virt_zpci_words '--count --help --interval --json --root' "$2" ;;
        watch) _virt_zpci_words '--help --json' "$2" ;;
        validate) _virt_zpci_words '--connect --help --host --json --root' "$2" ;;
    esac
}

# What kind of word follows a short option; a letter is another option of another command.
_virt_zpci_short() {
    case $1:$2 in
        decode:-b) echo byte-order ;;
        list:-o | diff:-o) echo output ;;
        export:-o) echo file ;;
        list:-x) echo sort ;;
        stat:-[ci]) echo text ;;
        list:-[Qt] | show:-t | tree:-t | groups:-t | paths:-t | export:-t) echo text ;;
        list:-c | show:-c | tree:-c | groups:-c | paths:-c | export:-c) echo connect ;;
        hostdev:-c | attach:-c | detach:-c | check:-c | validate:-c) echo connect ;;
        hostdev:-p | attach:-p) echo policy ;;
        hostdev:-r | attach:-r) echo rom ;;
        hostdev:-I | attach:-I) echo iommufd ;;
        hostdev:-x) echo domain-xml ;;
        attach:-x | detach:-x) echo device-xml ;;
        hostdev:-[ufDmabMvd] | attach:-[ufDmabMv]) echo text ;;
    esac
}

_virt_zpci_arguments() {
    local program=$1 root=$2 uri=$3 command=$4 count=$5 current=$6

    case $command:$count in
        :*)
            _virt_zpci_words 'list show tree groups paths dumpxml diff watch stat decode probe capture configure deconfigure
                hostdev attach detach check validate export report uri' "$current"
            ;;
        export:0) _virt_zpci_words "$(_virt_zpci_formats "$program")" "$current" ;;
        export:*) _virt_zpci_words "$(_virt_zpci_names "$program" "$root")" "$current" ;;
        show:* | dumpxml:* | paths:*) _virt_zpci_words "$(_virt_zpci_names "$program" "$root" --all)" "$current" ;;
        attach:0 | detach:0) _virt_zpci_words "$(_virt_zpci_domains "$uri")" "$current" ;;
        configure:*) _virt_zpci_words "$(_virt_zpci_names "$program" "$root" --inactive)" "$current" ;;
        probe:* | stat:* | deconfigure:* | hostdev:* | attach:* | detach:*)
            _virt_zpci_words "$(_virt_zpci_names "$program" "$root")" "$current"
            ;;
        check:0)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -W "$(_virt_zpci_domains "$uri")" -- "$current")
            ;;
        decode:0 | report:0 | validate:*) _virt_zpci_files -f "$current" ;;
        capture:0 | diff:[01]) _virt_zpci_files -d "$current" ;;
    esac
}

# Bash calls it with the command, the word to be completed and the word before; it splits words at "="
# as well, so that "--root=DIR" are three of them.
_virt_zpci() {
    local program=$1 current=$2 root='' uri='' command='' count=0 option='' word i

    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        # What bash splits of a URI belongs together.
        case $option:$word in
            uri:[:=]) uri+=$word option=rest && continue ;;
            rest:*) uri+=$word option=uri && continue ;;
            uri:*) option='' ;;
        esac
        case $option:$word in
            *:=) continue ;;
            root:*) root=$word option='' && continue ;;
            connect:*) uri=${word//[\\\"\']/} option=uri && continue ;;
            ?*:*) option='' && continue ;;
        esac
        case $word in
            --root | -R) option=root ;;
            --byte-order | --output | --sort | --policy | --iommufd | --rom | --domain-xml | --device-xml) option=${word#--} ;;
            --filter | --count | --interval | --uid | --fid | --driver | --model | --alias | --boot-order) option=text ;;
            --mac | --vlan | --domain | --time-out) option=text ;;
            --connect) option=connect ;;
            -[!R-]) option=$(_virt_zpci_short "$command" "$word") ;;
            -R?*) root=${word#-R} ;;
            -?*) ;;
            *) if [ -z "$command" ]; then command=$word; else count=$((count + 1)); fi ;;
        esac
    done

    # The option means columns only to list.
    [ "$command:$option" != export:output ] || option=file
    [ "$option" != uri ] || option=''
    case $option:$current in
        file:*) _virt_zpci_files -f "$current" ;;
        root:*) _virt_zpci_files -d "$current" ;;
        byte-order:*) _virt_zpci_words 'big little native' "$current" ;;
        output:*) _virt_zpci_list "$(_virt_zpci_columns "$program")" "$current" ;;
        sort:*) _virt_zpci_words "$(_virt_zpci_columns "$program")" "$current" ;;
        policy:*) _virt_zpci_words 'mirror first-free' "$current" ;;
        rom:*) _virt_zpci_words 'on off' "$current" ;;
        iommufd:*) _virt_zpci_words 'yes no' "$current" ;;
        domain-xml:* | device-xml:*) _virt_zpci_files -f "$current" ;;
        text:* | connect:* | rest:*) ;;
        :-*) _virt_zpci_options "$command" "$current" ;;
        *) _virt_zpci_arguments "$program" "$root" "$uri" "$command" "$count" "$current" ;;
    esac
}

complete -F _virt_zpci virt-zpci
