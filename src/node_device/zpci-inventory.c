/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-inventory.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>

#include "node-device-families.h"
#include "node-device-name.h"
#include "node-device-pci-family.h"
#include "pci-reading.h"
#include "zpci-error.h"
#include "zpci-host-private.h"
#include "zpci-inventory-private.h"

struct _ZpciInventory {
    ZpciHost *host;
};

ZpciInventory *
zpci_inventory_new(ZpciHost *host)
{
    ZpciInventory *inventory = g_new0(ZpciInventory, 1);

    /* libxml2 has to be made ready before threads use it. */
    xmlInitParser();
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
zpci_inventory_has_capability(const ZpciInventory *inventory, const NodeDeviceFamily *family,
                              const char *name, const char *const *wanted)
{
    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (g_strv_contains(wanted, family->nested[i]) &&
            family->has_nested(inventory->host, name, family->nested[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
zpci_inventory_may_have(const NodeDeviceFamily *family, const char *const *wanted)
{
    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (g_strv_contains(wanted, family->nested[i]))
            return TRUE;
    }
    return FALSE;
}

/* Adds those devices of @family that are wanted to @names. */
static gboolean
zpci_inventory_list_family(const ZpciInventory *inventory, const NodeDeviceFamily *family,
                           const char *const *wanted, GPtrArray *names, GError **error)
{
    g_autoptr(GPtrArray) all = NULL;

    if (wanted == NULL || g_strv_contains(wanted, family->capability))
        return family->list(inventory->host, names, error);
    if (!zpci_inventory_may_have(family, wanted))
        return TRUE;
    all = g_ptr_array_new_with_free_func(g_free);
    if (!family->list(inventory->host, all, error))
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        char *name = g_ptr_array_index(all, i);

        if (zpci_inventory_has_capability(inventory, family, name, wanted))
            g_ptr_array_add(names, g_strdup(name));
    }
    return TRUE;
}

char **
zpci_inventory_list(ZpciInventory *inventory, const char *const *capabilities, ZpciStates states,
                    GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        const NodeDeviceFamily *family = node_device_families[i];
        ZpciStates state = family->is_inactive ? ZPCI_STATE_INACTIVE : ZPCI_STATE_ACTIVE;

        if ((states & state) != 0 &&
            !zpci_inventory_list_family(inventory, family, capabilities, names, error))
            return NULL;
    }
    if (names->len > ZPCI_INVENTORY_MAX_DEVICES) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("This host has %u node devices; a list holds at most %u."), names->len,
                    ZPCI_INVENTORY_MAX_DEVICES);
        return NULL;
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

gboolean
zpci_inventory_has(ZpciInventory *inventory, const char *name, GError **error)
{
    return node_device_families_find(inventory->host, name, error) != NULL;
}

gboolean
zpci_inventory_get_parent(ZpciInventory *inventory, const char *name, char **parent, GError **error)
{
    const NodeDeviceFamily *family = node_device_families_find(inventory->host, name, error);

    if (family == NULL)
        return FALSE;
    *parent = family->get_parent(inventory->host, name);
    return TRUE;
}

char *
zpci_inventory_get_xml(ZpciInventory *inventory, const char *name, GError **error)
{
    const NodeDeviceFamily *family = node_device_families_find(inventory->host, name, error);

    return family != NULL ? family->get_xml(inventory->host, name, error) : NULL;
}

char **
zpci_inventory_get_capabilities(ZpciInventory *inventory, const char *name, GError **error)
{
    const NodeDeviceFamily *family = node_device_families_find(inventory->host, name, error);
    g_autoptr(GStrvBuilder) capabilities = g_strv_builder_new();

    if (family == NULL)
        return NULL;
    g_strv_builder_add(capabilities, family->capability);
    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (family->has_nested(inventory->host, name, family->nested[i]))
            g_strv_builder_add(capabilities, family->nested[i]);
    }
    return g_strv_builder_end(capabilities);
}

gboolean
zpci_inventory_get_function(ZpciInventory *inventory, const char *name, ZpciFunction **function,
                            GError **error)
{
    const NodeDeviceFamily *family = node_device_families_find(inventory->host, name, error);

    if (family == NULL)
        return FALSE;
    if (family->get_function != NULL)
        return family->get_function(inventory->host, name, function, error);
    *function = NULL;
    return TRUE;
}

gboolean
zpci_inventory_get_outline(ZpciInventory *inventory, const char *name, ZpciFunction **function,
                           GError **error)
{
    PciAddress address;

    if (node_device_name_parse(name, &address))
        return pci_reading_read_outline(inventory->host, &address, function, error);
    return zpci_inventory_get_function(inventory, name, function, error);
}

GByteArray *
zpci_inventory_probe(ZpciInventory *inventory, const char *name, GError **error)
{
    PciAddress address;

    if (node_device_pci_family_find(inventory->host, name, &address))
        return pci_reading_probe(inventory->host, &address, error);
    if (zpci_inventory_has(inventory, name, error))
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("%s is not a PCI function, so it has no capability chain."), name);
    return NULL;
}

int
zpci_inventory_get_byte_order(const ZpciInventory *inventory)
{
    const Capture *capture = zpci_host_get_capture(inventory->host);

    return capture != NULL ? capture->byte_order : G_BYTE_ORDER;
}

const ZpciHost *
zpci_inventory_get_host(const ZpciInventory *inventory)
{
    return inventory->host;
}

gboolean
zpci_inventory_is_live(const ZpciInventory *inventory)
{
    return zpci_host_get_capture(inventory->host) == NULL;
}
