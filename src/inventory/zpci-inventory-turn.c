/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-inventory-turn.h"

ZpciInventoryTurn
zpci_inventory_turn_begin(const GPtrArray *sources, const char *name)
{
    return (ZpciInventoryTurn){ .sources = sources, .name = name };
}

void
zpci_inventory_turn_clear(ZpciInventoryTurn *turn)
{
    g_clear_error(&turn->problem);
    g_clear_error(&turn->refusal);
}

gboolean
zpci_inventory_turn_next(ZpciInventoryTurn *turn, GError **error)
{
    NodeDeviceSource *last = turn->source;

    if (last != NULL) {
        /* After a refusal only those are asked that have the device. */
        if (turn->refusal != NULL || !last->table->lacks(last, turn->problem)) {
            g_propagate_error(error, g_steal_pointer(&turn->problem));
            return FALSE;
        }
        turn->refusal = g_steal_pointer(&turn->problem);
    }
    while (turn->next < turn->sources->len) {
        turn->source = g_ptr_array_index(turn->sources, turn->next++);
        if (turn->refusal == NULL || turn->source->table->has(turn->source, turn->name, NULL))
            return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&turn->refusal));
    return FALSE;
}
