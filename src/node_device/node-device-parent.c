/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-parent.h"

#include <string.h>

#include "names.h"
#include "node-device-ccw-lookup.h"
#include "node-device-name.h"

/* @directory: below sysfs. For a PCI function, what is above is a bridge, or a controller with a
 * domain of its own between them, or nothing of PCI. */
static char *
node_device_parent_find_at(const ZpciHost *host, const char *directory)
{
    g_autofree char *step = g_path_get_basename(directory);
    PciAddress address;

    return pci_address_parse(step, &address, NULL)
               ? node_device_name_format(&address)
               : node_device_ccw_lookup_find_at(host, directory);
}

char *
node_device_parent_find(const ZpciHost *host, const char *path)
{
    const char *begin =
        g_str_has_prefix(path, "/" NAME_SYS "/") ? path + strlen("/" NAME_SYS "/") : path;
    g_autofree char *directory = g_strdup(begin);
    char *end;

    while ((end = strrchr(directory, '/')) != NULL) {
        char *name;

        *end = '\0';
        name = node_device_parent_find_at(host, directory);
        if (name != NULL)
            return name;
    }
    return g_strdup(NODE_DEVICE_NAME_COMPUTER);
}
