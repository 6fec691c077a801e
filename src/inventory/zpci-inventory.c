/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-inventory.h"

#include "boxed-type.h"
#include "node-device-native.h"
#include "zpci-host-private.h"
#include "zpci-inventory-private.h"
#include "zpci-inventory-turn.h"
#include "zpci-inventory-wire.h"

struct _ZpciInventory {
    gatomicrefcount references;
    ZpciInventory *base; /* the one that has the host; NULL if it is this one */
    ZpciHost *host;
    GPtrArray *sources; /* NodeDeviceSource, in the order in which they are asked */
};

static ZpciInventory *
zpci_inventory_ref(ZpciInventory *inventory)
{
    g_atomic_ref_count_inc(&inventory->references);
    return inventory;
}

static ZpciInventory *
zpci_inventory_make(ZpciInventory *base, ZpciHost *host)
{
    ZpciInventory *inventory = g_new0(ZpciInventory, 1);

    g_atomic_ref_count_init(&inventory->references);
    inventory->base = base != NULL ? zpci_inventory_ref(base) : NULL;
    inventory->host = host;
    inventory->sources = g_ptr_array_new_with_free_func((GDestroyNotify)node_device_source_unref);
    return inventory;
}

ZpciInventory *
zpci_inventory_new(ZpciHost *host)
{
    ZpciInventory *inventory = zpci_inventory_make(NULL, host);

    g_ptr_array_add(inventory->sources, node_device_native_new(host));
    return inventory;
}

ZpciInventory *
zpci_inventory_new_for(ZpciInventory *inventory, GVariant *identity)
{
    g_autoptr(GVariant) owned = g_variant_ref_sink(identity);
    ZpciInventory *other = zpci_inventory_make(inventory, inventory->host);

    for (guint i = 0; i < inventory->sources->len; i++)
        g_ptr_array_add(other->sources, node_device_source_new_for(
                                            g_ptr_array_index(inventory->sources, i), owned));
    return other;
}

void
zpci_inventory_free(ZpciInventory *inventory)
{
    if (inventory == NULL || !g_atomic_ref_count_dec(&inventory->references))
        return;
    g_ptr_array_unref(inventory->sources);
    if (inventory->base == NULL)
        zpci_host_free(inventory->host);
    zpci_inventory_free(inventory->base);
    g_free(inventory);
}

void
zpci_inventory_prefer(ZpciInventory *inventory, NodeDeviceSource *source)
{
    if (inventory->sources->len > 1)
        g_ptr_array_remove_index(inventory->sources, 0);
    g_ptr_array_insert(inventory->sources, 0, source);
}

const GPtrArray *
zpci_inventory_get_sources(const ZpciInventory *inventory)
{
    return inventory->sources;
}

const GPtrArray *
zpci_inventory_get_base_sources(const ZpciInventory *inventory)
{
    return inventory->base != NULL ? inventory->base->sources : inventory->sources;
}

NodeDeviceSource *
zpci_inventory_get_own_source(const ZpciInventory *inventory)
{
    return g_ptr_array_index(inventory->sources, inventory->sources->len - 1);
}

gboolean
zpci_inventory_has(ZpciInventory *inventory, const char *name, GError **error)
{
    NodeDeviceSource *own = zpci_inventory_get_own_source(inventory);
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_turn_begin(inventory->sources, name);

    /* That is quicker; but what is kept from somebody else, we do not give away. */
    if (inventory->base == NULL && own->table->has(own, name, NULL))
        return TRUE;
    while (zpci_inventory_turn_next(&turn, error)) {
        if (turn.source->table->has(turn.source, name, &turn.problem))
            return TRUE;
    }
    return FALSE;
}

gboolean
zpci_inventory_get_parent(ZpciInventory *inventory, const char *name, char **parent, GError **error)
{
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_turn_begin(inventory->sources, name);

    while (zpci_inventory_turn_next(&turn, error)) {
        if (turn.source->table->get_parent(turn.source, name, parent, &turn.problem))
            return TRUE;
    }
    return FALSE;
}

char *
zpci_inventory_get_xml_flagged(ZpciInventory *inventory, const char *name, guint flags,
                               GError **error)
{
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_turn_begin(inventory->sources, name);
    char *xml;

    while (zpci_inventory_turn_next(&turn, error)) {
        if (node_device_source_get_xml(turn.source, name, flags, &xml, &turn.problem))
            return xml;
    }
    return NULL;
}

char *
zpci_inventory_get_xml(ZpciInventory *inventory, const char *name, GError **error)
{
    return zpci_inventory_get_xml_flagged(inventory, name, 0, error);
}

char **
zpci_inventory_get_capabilities(ZpciInventory *inventory, const char *name, GError **error)
{
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_turn_begin(inventory->sources, name);
    char **capabilities;

    while (zpci_inventory_turn_next(&turn, error)) {
        if (node_device_source_get_capabilities(turn.source, name, &capabilities, &turn.problem))
            return capabilities;
    }
    return NULL;
}

gboolean
zpci_inventory_get_ready(ZpciInventory *inventory, const char *name, char **xml,
                         char ***capabilities)
{
    NodeDeviceSource *own = zpci_inventory_get_own_source(inventory);

    /* What another source says would have to be waited for. */
    return inventory->sources->len == 1 && own->table->get_ready != NULL &&
           own->table->get_ready(own, name, xml, capabilities);
}

gboolean
zpci_inventory_get_function(ZpciInventory *inventory, const char *name, ZpciFunction **function,
                            GError **error)
{
    NodeDeviceSource *own = zpci_inventory_get_own_source(inventory);

    return own->table->get_function(own, name, FALSE, function, error);
}

gboolean
zpci_inventory_get_outline(ZpciInventory *inventory, const char *name, ZpciFunction **function,
                           GError **error)
{
    NodeDeviceSource *own = zpci_inventory_get_own_source(inventory);

    return own->table->get_function(own, name, TRUE, function, error);
}

GByteArray *
zpci_inventory_probe(ZpciInventory *inventory, const char *name, gboolean again, GError **error)
{
    NodeDeviceSource *own = zpci_inventory_get_own_source(inventory);

    return node_device_source_claims(own, name, NODE_DEVICE_ACTION_PROBE) ||
                   zpci_inventory_has(inventory, name, error)
               ? own->table->probe(own, name, again, error)
               : NULL;
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

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciInventory, zpci_inventory, zpci_inventory_ref, zpci_inventory_free)
