/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * DaemonForeign:
 * @domain: the part of libvirt that clients name beside the error
 * @name: libvirt's function of the call
 *
 * A call that is no job of a node-device server.
 */
typedef struct {
    gint32 number;
    int domain;
    const char *name;
} DaemonForeign;

/**
 * daemon_foreign_find:
 *
 * Returns: (nullable): the call of that number, if it is one that a client can make of a connection
 *   alone. Those of a domain, a network and so on need one first, and there is none.
 */
const DaemonForeign *daemon_foreign_find(gint32 number);
