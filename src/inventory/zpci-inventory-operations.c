/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-inventory-private.h"
#include "zpci-inventory-turn.h"

static ZpciInventoryTurn
zpci_inventory_begin(const ZpciInventory *inventory, const char *name)
{
    return zpci_inventory_turn_begin(zpci_inventory_get_sources(inventory), name);
}

/* Who is asked for what is about no device that is there: it answers for all. */
static NodeDeviceSource *
zpci_inventory_get_first(const ZpciInventory *inventory)
{
    return g_ptr_array_index(zpci_inventory_get_sources(inventory), 0);
}

static gboolean
zpci_inventory_ask(const ZpciInventory *inventory, const char *name, NodeDeviceState state,
                   gboolean *yes, GError **error)
{
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_begin(inventory, name);

    while (zpci_inventory_turn_next(&turn, error)) {
        if (turn.source->table->get_state(turn.source, name, state, yes, &turn.problem))
            return TRUE;
    }
    return FALSE;
}

gboolean
zpci_inventory_is_active(ZpciInventory *inventory, const char *name, gboolean *active,
                         GError **error)
{
    return zpci_inventory_ask(inventory, name, NODE_DEVICE_STATE_ACTIVE, active, error);
}

gboolean
zpci_inventory_is_persistent(ZpciInventory *inventory, const char *name, gboolean *persistent,
                             GError **error)
{
    return zpci_inventory_ask(inventory, name, NODE_DEVICE_STATE_PERSISTENT, persistent, error);
}

gboolean
zpci_inventory_get_autostart(ZpciInventory *inventory, const char *name, gboolean *autostart,
                             GError **error)
{
    return zpci_inventory_ask(inventory, name, NODE_DEVICE_STATE_AUTOSTARTED, autostart, error);
}

gboolean
zpci_inventory_set_autostart(ZpciInventory *inventory, const char *name, gboolean autostart,
                             GError **error)
{
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_begin(inventory, name);

    while (zpci_inventory_turn_next(&turn, error)) {
        if (turn.source->table->set_autostart(turn.source, name, autostart, &turn.problem))
            return TRUE;
    }
    return FALSE;
}

gboolean
zpci_inventory_lookup_scsi_host(ZpciInventory *inventory, const char *wwnn, const char *wwpn,
                                char **name, GError **error)
{
    NodeDeviceSource *first = zpci_inventory_get_first(inventory);

    return first->table->lookup_scsi_host(first, wwnn, wwpn, name, error);
}

gboolean
zpci_inventory_create(ZpciInventory *inventory, const char *xml, ZpciDefineFlags flags, char **name,
                      GError **error)
{
    NodeDeviceSource *first = zpci_inventory_get_first(inventory);

    return first->table->create(first, xml, flags, name, error);
}

gboolean
zpci_inventory_define(ZpciInventory *inventory, const char *xml, ZpciDefineFlags flags, char **name,
                      GError **error)
{
    NodeDeviceSource *first = zpci_inventory_get_first(inventory);

    return first->table->define(first, xml, flags, name, error);
}

gboolean
zpci_inventory_update(ZpciInventory *inventory, const char *name, const char *xml,
                      ZpciUpdateFlags flags, GError **error)
{
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_begin(inventory, name);

    while (zpci_inventory_turn_next(&turn, error)) {
        if (turn.source->table->update(turn.source, name, xml, flags, &turn.problem))
            return TRUE;
    }
    return FALSE;
}

gboolean
zpci_inventory_undefine(ZpciInventory *inventory, const char *name, GError **error)
{
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_begin(inventory, name);

    while (zpci_inventory_turn_next(&turn, error)) {
        if (turn.source->table->undefine(turn.source, name, &turn.problem))
            return TRUE;
    }
    return FALSE;
}

/* Returns (nullable): who does this to the device whoever else has it. */
static NodeDeviceSource *
zpci_inventory_find_claim(const ZpciInventory *inventory, const char *name, NodeDeviceAction action)
{
    const GPtrArray *sources = zpci_inventory_get_sources(inventory);

    for (guint i = 0; i < sources->len; i++) {
        NodeDeviceSource *source = g_ptr_array_index(sources, i);

        if (node_device_source_claims(source, name, action))
            return source;
    }
    return NULL;
}

static gboolean
zpci_inventory_act(ZpciInventory *inventory, const char *name, NodeDeviceAction action,
                   GError **error)
{
    NodeDeviceSource *claim = zpci_inventory_find_claim(inventory, name, action);
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_begin(inventory, name);

    /* What is claimed is done to devices only of which who asks may know. */
    if (claim != NULL)
        return zpci_inventory_has(inventory, name, error) &&
               claim->table->act(claim, name, action, NULL, error);
    while (zpci_inventory_turn_next(&turn, error)) {
        if (turn.source->table->act(turn.source, name, action, NULL, &turn.problem))
            return TRUE;
    }
    return FALSE;
}

gboolean
zpci_inventory_start(ZpciInventory *inventory, const char *name, GError **error)
{
    return zpci_inventory_act(inventory, name, NODE_DEVICE_ACTION_START, error);
}

gboolean
zpci_inventory_destroy(ZpciInventory *inventory, const char *name, GError **error)
{
    return zpci_inventory_act(inventory, name, NODE_DEVICE_ACTION_DESTROY, error);
}

/* What only a source can do that claims it; the host itself says why nobody does. */
static gboolean
zpci_inventory_act_on_claim(ZpciInventory *inventory, const char *name, NodeDeviceAction action,
                            const char *driver, GError **error)
{
    NodeDeviceSource *source = zpci_inventory_find_claim(inventory, name, action);

    if (source == NULL)
        source = zpci_inventory_get_own_source(inventory);
    return zpci_inventory_has(inventory, name, error) &&
           source->table->act(source, name, action, driver, error);
}

gboolean
zpci_inventory_detach(ZpciInventory *inventory, const char *name, const char *driver,
                      GError **error)
{
    return zpci_inventory_act_on_claim(inventory, name, NODE_DEVICE_ACTION_DETACH, driver, error);
}

gboolean
zpci_inventory_reattach(ZpciInventory *inventory, const char *name, GError **error)
{
    return zpci_inventory_act_on_claim(inventory, name, NODE_DEVICE_ACTION_REATTACH, NULL, error);
}

gboolean
zpci_inventory_reset(ZpciInventory *inventory, const char *name, GError **error)
{
    return zpci_inventory_act_on_claim(inventory, name, NODE_DEVICE_ACTION_RESET, NULL, error);
}
