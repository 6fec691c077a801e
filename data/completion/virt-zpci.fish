# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
#
# Completion of virt-zpci(1) for fish. Commands, options and columns come from its own --help. It opens no device.

# The subcommand, if it stands there already.
function __virt_zpci_command
    set -l words (commandline -opc)
    set -l value no
    for word in $words[2..]
        if test $value = yes
            set value no
            continue
        end
        switch $word
            case --root -R
                set value yes
            case '-*'
            case '*'
                echo $word
                return 0
        end
    end
    return 1
end

# The captured host that is named, as an option.
function __virt_zpci_root
    set -l words (commandline -opc)
    for i in (seq (count $words))
        if contains -- $words[$i] --root -R; and test $i -lt (count $words)
            echo --root=$words[(math $i + 1)]
        end
        string match -q -- '--root=*' $words[$i]; and echo $words[$i]
    end
end

function __virt_zpci_commands
    virt-zpci --help 2>/dev/null | string match -r '^  [a-z]+ +.*' | string trim | string replace -r ' +' \t
end

function __virt_zpci_options
    virt-zpci (__virt_zpci_command) --help 2>/dev/null |
        string replace -rf '^  -\w, (--[a-z-]+)\S*\s+(.*)$' '$1'\t'$2'
end

function __virt_zpci_columns
    virt-zpci list --help 2>/dev/null | string replace -rf '^  ([A-Z][A-Z-]+) +(.*)$' '$1'\t'$2'
end

# Columns can be joined by commas.
function __virt_zpci_column_list
    set -l before (string replace -rf '^(\+|.*,).*' '$1' -- (commandline -ct))
    for column in (__virt_zpci_columns)
        echo $before$column
    end
end

function __virt_zpci_wants_names
    contains -- (__virt_zpci_command) show paths stat dumpxml probe deconfigure hostdev attach detach; and return
    test "$(__virt_zpci_command)" = export; and not __virt_zpci_wants_format
end

# The word behind export.
function __virt_zpci_wants_format
    test (commandline -opc)[-1] = export
end

function __virt_zpci_formats
    virt-zpci export --help 2>/dev/null | string match -r '^  [a-z]+ +.*' | string trim | string replace -r ' +' \t
end

complete -c virt-zpci -f
complete -c virt-zpci -n 'not __virt_zpci_command' -a '(__virt_zpci_commands)'
complete -c virt-zpci -a '(__virt_zpci_options)'
complete -c virt-zpci -n __virt_zpci_wants_names -a '(virt-zpci (__virt_zpci_root) list --all --names 2>/dev/null)'
complete -c virt-zpci -n 'contains -- (__virt_zpci_command) decode check validate report' -F
complete -c virt-zpci -n 'not contains -- (__virt_zpci_command) decode watch' -l root -s R -x -a '(__fish_complete_directories)'
complete -c virt-zpci -n __virt_zpci_wants_format -a '(__virt_zpci_formats)'
complete -c virt-zpci -n 'contains -- (__virt_zpci_command) export' -l output -s o -r -F
complete -c virt-zpci -n 'contains -- (__virt_zpci_command) configure' -a '(virt-zpci (__virt_zpci_root) list --inactive --names 2>/dev/null)'
complete -c virt-zpci -n 'contains -- (__virt_zpci_command) diff capture' -a '(__fish_complete_directories)'
complete -c virt-zpci -n 'contains -- (__virt_zpci_command) list diff' -l output -s o -x -a '(__virt_zpci_column_list)'
complete -c virt-zpci -n 'contains -- (__virt_zpci_command) list' -l sort -s x -x -a '(__virt_zpci_columns)'
complete -c virt-zpci -n 'contains -- (__virt_zpci_command) attach detach check; and not count (commandline -opc)[3..]' -a '(virsh list --all --name 2>/dev/null)'
