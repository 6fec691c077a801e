#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Shows the functions of a host, and plans which numbers a guest would give them.

    plan_guest.py DOMAIN.XML [CAPTURED-HOST]

Needs python3-gi, and the data for bindings that come with libvirt-zpci.
"""

import sys

import gi

gi.require_version('Zpci', '0')
# pylint: disable=wrong-import-position
from gi.repository import GLib, Zpci  # noqa: E402


def list_functions(inventory):
    """The zPCI functions by name, with what is known of them."""
    for name in inventory.list(['zpci'], Zpci.States.ACTIVE):
        _, function = inventory.get_function(name)
        yield name, function


def describe(function):
    """All facts, as the documents show them."""
    for fact in Zpci.fact_list():
        known, value = function.get(fact)
        if known:
            yield f'{Zpci.fact_get_info(fact).name}={Zpci.fact_format(fact, value)}'


def assign(functions):
    """What a guest would call them that has nothing else."""
    requests = []
    for function in functions:
        request = Zpci.AddressRequest.new()
        request.set_host(function)
        requests.append(request)
    Zpci.AddressSet.new().assign(requests, Zpci.AddressPolicy.MIRROR)
    return requests


def validate(path):
    """Whether the document is one that libvirt takes; says what is wrong with it."""
    with open(path, 'rb') as stream:
        _, findings = Zpci.validation_run(stream.read(), None, None)
    for finding in findings:
        print(f'{path}:{finding.line}: {finding.get_severity_name()}: {finding.message}')
    return not any(finding.severity == Zpci.Severity.ERROR for finding in findings)


def main(path, root=None):
    inventory = Zpci.Inventory.new(Zpci.Host.open(root))
    functions = dict(list_functions(inventory))
    for name, function in functions.items():
        print(name, *describe(function))
    for name, request in zip(functions, assign(functions.values())):
        print(f'{name}: uid=0x{request.get_uid()[1]:04x} fid=0x{request.get_fid()[1]:08x}')
        if request.get_note():
            print(f'{name}: {request.get_note()}')
    if functions:
        print(inventory.get_xml(next(iter(functions))), end='')
    return 0 if validate(path) else 1


if __name__ == '__main__':
    try:
        sys.exit(main(*sys.argv[1:]))
    except GLib.Error as error:
        sys.exit(error.message)
