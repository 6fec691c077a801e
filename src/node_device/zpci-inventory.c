/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-inventory.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "node-device-name.h"
#include "node-device-pci.h"
#include "node-device-system.h"
#include "pci-reading.h"
#include "text-quote.h"
#include "zpci-error.h"
#include "zpci-host-private.h"
#include "zpci-inventory-private.h"

#define CAPABILITY_SYSTEM "system"
#define CAPABILITY_PCI "pci"
#define CAPABILITY_ZPCI "zpci"

struct _ZpciInventory {
    ZpciHost *host;
};

ZpciInventory *
zpci_inventory_new(ZpciHost *host)
{
    ZpciInventory *inventory = g_new0(ZpciInventory, 1);

    inventory->host = host;
    return inventory;
}

void
zpci_inventory_free(ZpciInventory *inventory)
{
    if (inventory == NULL)
        return;
    zpci_host_free(inventory->host);
    g_free(inventory);
}

static gboolean
zpci_inventory_wants(const char *const *capabilities, const char *name)
{
    return capabilities == NULL || g_strv_contains(capabilities, name);
}

char **
zpci_inventory_list(ZpciInventory *inventory, const char *const *capabilities, GError **error)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    gboolean all_pci = zpci_inventory_wants(capabilities, CAPABILITY_PCI);
    gboolean all_zpci = zpci_inventory_wants(capabilities, CAPABILITY_ZPCI);
    g_autoptr(GArray) addresses = zpci_host_list(inventory->host, error);

    if (addresses == NULL)
        return NULL;
    if (addresses->len >= ZPCI_INVENTORY_MAX_DEVICES) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("This host has %u PCI functions; a list holds at most %u devices."),
                    addresses->len, ZPCI_INVENTORY_MAX_DEVICES);
        return NULL;
    }
    if (zpci_inventory_wants(capabilities, CAPABILITY_SYSTEM))
        g_strv_builder_add(names, NODE_DEVICE_NAME_COMPUTER);
    for (guint i = 0; i < addresses->len; i++) {
        const PciAddress *address = &g_array_index(addresses, PciAddress, i);

        if (all_pci || (all_zpci && zpci_host_has_zpci(inventory->host, address))) {
            g_autofree char *name = node_device_name_format(address);

            g_strv_builder_add(names, name);
        }
    }
    return g_strv_builder_end(names);
}

/* @path: (out) (optional): where the function is below sysfs. */
static gboolean
zpci_inventory_find(ZpciInventory *inventory, const char *name, PciAddress *address, char **path,
                    GError **error)
{
    g_autofree char *quoted = NULL;
    g_autofree char *found = NULL;

    if (node_device_name_parse(name, address))
        found = zpci_host_find(inventory->host, address, NULL);
    if (found == NULL) {
        quoted = text_quote(name);
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND, _("There is no node device %s."),
                    quoted);
        return FALSE;
    }
    if (path != NULL)
        *path = g_steal_pointer(&found);
    return TRUE;
}

gboolean
zpci_inventory_has(ZpciInventory *inventory, const char *name, GError **error)
{
    PciAddress address;

    return strcmp(name, NODE_DEVICE_NAME_COMPUTER) == 0 ||
           zpci_inventory_find(inventory, name, &address, NULL, error);
}

/* libvirt takes the nearest directory above that is a node device itself: for a PCI function that
 * is a bridge, or a controller with a domain of its own between them, or nothing of PCI. */
static char *
zpci_inventory_parent_of_path(const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    PciAddress address;

    for (guint i = g_strv_length(steps); i-- > 1;) {
        if (pci_address_parse(steps[i - 1], &address, NULL))
            return node_device_name_format(&address);
    }
    return g_strdup(NODE_DEVICE_NAME_COMPUTER);
}

gboolean
zpci_inventory_get_parent(ZpciInventory *inventory, const char *name, char **parent, GError **error)
{
    g_autofree char *path = NULL;
    PciAddress address;

    if (strcmp(name, NODE_DEVICE_NAME_COMPUTER) == 0) {
        *parent = NULL;
        return TRUE;
    }
    if (!zpci_inventory_find(inventory, name, &address, &path, error))
        return FALSE;
    *parent = zpci_inventory_parent_of_path(path);
    return TRUE;
}

char *
zpci_inventory_get_xml(ZpciInventory *inventory, const char *name, GError **error)
{
    g_autoptr(PciDevice) device = NULL;
    g_autofree char *parent = NULL;
    PciAddress address;

    if (strcmp(name, NODE_DEVICE_NAME_COMPUTER) == 0)
        return node_device_system_format(inventory->host);
    if (!zpci_inventory_find(inventory, name, &address, NULL, error))
        return NULL;
    device = pci_reading_read(inventory->host, &address, error);
    if (device == NULL)
        return NULL;
    parent = zpci_inventory_parent_of_path(device->path);
    return node_device_pci_format(device, parent);
}

char **
zpci_inventory_get_capabilities(ZpciInventory *inventory, const char *name, GError **error)
{
    g_autoptr(GStrvBuilder) capabilities = g_strv_builder_new();
    PciAddress address;

    if (strcmp(name, NODE_DEVICE_NAME_COMPUTER) == 0) {
        g_strv_builder_add(capabilities, CAPABILITY_SYSTEM);
        return g_strv_builder_end(capabilities);
    }
    if (!zpci_inventory_find(inventory, name, &address, NULL, error))
        return NULL;
    g_strv_builder_add(capabilities, CAPABILITY_PCI);
    if (zpci_host_has_zpci(inventory->host, &address))
        g_strv_builder_add(capabilities, CAPABILITY_ZPCI);
    return g_strv_builder_end(capabilities);
}

gboolean
zpci_inventory_get_function(ZpciInventory *inventory, const char *name, ZpciFunction **function,
                            GError **error)
{
    PciAddress address;

    if (strcmp(name, NODE_DEVICE_NAME_COMPUTER) == 0) {
        *function = NULL;
        return TRUE;
    }
    return zpci_inventory_find(inventory, name, &address, NULL, error) &&
           pci_reading_read_function(inventory->host, &address, function, error);
}

GByteArray *
zpci_inventory_probe(ZpciInventory *inventory, const char *name, GError **error)
{
    PciAddress address;

    return zpci_inventory_find(inventory, name, &address, NULL, error)
               ? pci_reading_probe(inventory->host, &address, error)
               : NULL;
}

int
zpci_inventory_get_byte_order(const ZpciInventory *inventory)
{
    const Capture *capture = zpci_host_get_capture(inventory->host);

    return capture != NULL ? capture->byte_order : G_BYTE_ORDER;
}

gboolean
zpci_inventory_is_live(const ZpciInventory *inventory)
{
    return zpci_host_get_capture(inventory->host) == NULL;
}
