/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "node-device-names.h"
#include "zpci-error.h"
#include "zpci-inventory-private.h"
#include "zpci-inventory-wire.h"

G_STATIC_ASSERT(ZPCI_INVENTORY_MAX_DEVICES == NODE_DEVICE_SOURCE_MAX_DEVICES);

/* Takes over @refusal, which is why another source has not listed. Returns: whether our own devices
 * are an answer without its. */
static gboolean
zpci_inventory_tolerates(const ZpciInventory *inventory, const NodeDeviceWish *wish,
                         GError *refusal, GError **error)
{
    if (g_error_matches(refusal, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE) &&
        node_device_source_may_have(zpci_inventory_get_own_source(inventory), wish->capabilities)) {
        g_error_free(refusal);
        return TRUE;
    }
    g_propagate_error(error, refusal);
    return FALSE;
}

/* Takes out of @names, which are ours, those that the source has, too, and keeps from who asks.
 * @more is what it has listed; @index is which one it is. */
static gboolean
zpci_inventory_drop_hidden(const ZpciInventory *inventory, guint index, GPtrArray *names,
                           const GPtrArray *more, GError **error)
{
    static const NodeDeviceWish everything = { NULL, ZPCI_STATE_ANY, 0 };
    NodeDeviceSource *source = g_ptr_array_index(zpci_inventory_get_sources(inventory), index);
    NodeDeviceSource *base = g_ptr_array_index(zpci_inventory_get_base_sources(inventory), index);
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) shown = NULL;

    /* What it has listed, it does not hide. */
    if (source == base || node_device_names_has_all(more, names))
        return TRUE;
    /* In this order: what comes in between is not taken for hidden. */
    all = base->table->list(base, &everything, error);
    shown = all != NULL ? source->table->list(source, &everything, error) : NULL;
    if (shown == NULL)
        return FALSE;
    node_device_names_drop(names, all, shown);
    return TRUE;
}

/* Adds to @names, which are ours, what another source lists. */
static gboolean
zpci_inventory_take_in(const ZpciInventory *inventory, guint index, const NodeDeviceWish *wish,
                       GPtrArray *names, GError **error)
{
    NodeDeviceSource *source = g_ptr_array_index(zpci_inventory_get_sources(inventory), index);
    GError *refusal = NULL;
    g_autoptr(GPtrArray) more = source->table->list(source, wish, &refusal);

    if (more == NULL)
        return zpci_inventory_tolerates(inventory, wish, refusal, error);
    if (!zpci_inventory_drop_hidden(inventory, index, names, more, error))
        return FALSE;
    node_device_names_merge(names, more, NULL);
    return TRUE;
}

/* Makes the answer. */
static char **
zpci_inventory_end_list(GPtrArray *names, GError **error)
{
    if (names->len > ZPCI_INVENTORY_MAX_DEVICES) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("This host has %u node devices; a list holds at most %u."), names->len,
                    ZPCI_INVENTORY_MAX_DEVICES);
        return NULL;
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(g_ptr_array_ref(names), FALSE);
}

/* Our own devices first, then those that only others have. */
char **
zpci_inventory_list_wished(ZpciInventory *inventory, const NodeDeviceWish *wish, GError **error)
{
    NodeDeviceSource *own = zpci_inventory_get_own_source(inventory);
    g_autoptr(GPtrArray) names = own->table->list(own, wish, error);

    if (names == NULL)
        return NULL;
    for (guint i = 0; i + 1 < zpci_inventory_get_sources(inventory)->len; i++) {
        if (!zpci_inventory_take_in(inventory, i, wish, names, error))
            return NULL;
    }
    return zpci_inventory_end_list(names, error);
}

char **
zpci_inventory_list(ZpciInventory *inventory, const char *const *capabilities, ZpciStates states,
                    GError **error)
{
    const NodeDeviceWish wish = { capabilities, states, 0 };

    return zpci_inventory_list_wished(inventory, &wish, error);
}

static gboolean
zpci_inventory_view_has(gpointer data, const char *name, GError **error)
{
    return zpci_inventory_has(data, name, error);
}

static char **
zpci_inventory_view_list(gpointer data, const char *const *capabilities, GError **error)
{
    return zpci_inventory_list(data, capabilities, ZPCI_STATE_ANY, error);
}

char *
zpci_inventory_resolve(ZpciInventory *inventory, const char *text, GError **error)
{
    const NodeDeviceView view = { zpci_inventory_view_has, zpci_inventory_view_list, inventory };
    NodeDeviceSource *own = zpci_inventory_get_own_source(inventory);

    return own->table->resolve(own, &view, text, error);
}
