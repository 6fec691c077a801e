/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-host.h"

/**
 * NodeDeviceFamily:
 * @capability: the main capability of its devices
 * @nested: (array zero-terminated=1): capabilities that some of its devices have besides
 * @list: adds the names of its devices to @names; a host that has none is no error
 * @has: whether there is a device of exactly this name now; names of other families are none
 * @has_nested: (nullable): whether the device @name has the capability; %NULL if @nested is empty
 * @get_xml: the document of a device that was there a moment ago; %NULL with @error set
 * @get_parent: (transfer full) (nullable): its parent's name; %NULL for the root
 *
 * One kind of node devices: the inventory knows families, a family knows its devices. A new kind is
 * a new file with such a table, and a row in zpci-inventory.c.
 */
typedef struct {
    const char *capability;
    const char *const *nested;
    gboolean (*list)(const ZpciHost *host, GPtrArray *names, GError **error);
    gboolean (*has)(const ZpciHost *host, const char *name);
    gboolean (*has_nested)(const ZpciHost *host, const char *name, const char *capability);
    char *(*get_xml)(const ZpciHost *host, const char *name, GError **error);
    char *(*get_parent)(const ZpciHost *host, const char *name);
} NodeDeviceFamily;
