/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"

/**
 * ZpciInventoryTurn:
 * @source: whose turn it is to answer
 * @problem: (nullable): where that one's error goes
 *
 * One question about one device, asked of one source after the other: of the next if all before
 * lack the device and it has it. So who has the device says what is wrong with it; if nobody has,
 * the first does.
 */
typedef struct {
    NodeDeviceSource *source;
    GError *problem;

    const GPtrArray *sources;
    const char *name;
    guint next;
    GError *refusal; /* the first source's */
} ZpciInventoryTurn;

/**
 * zpci_inventory_turn_begin:
 * @sources: (element-type NodeDeviceSource): in the order in which they are asked; borrowed, as
 * @name
 *
 * To be used with g_auto().
 */
ZpciInventoryTurn zpci_inventory_turn_begin(const GPtrArray *sources, const char *name);

/**
 * zpci_inventory_turn_next:
 *
 * To be called at first, and after each source that has failed with @problem.
 *
 * Returns: whether it is somebody's turn; %FALSE with @error set if nobody is left.
 */
gboolean zpci_inventory_turn_next(ZpciInventoryTurn *turn, GError **error);

/** zpci_inventory_turn_clear: frees what is in it. */
void zpci_inventory_turn_clear(ZpciInventoryTurn *turn);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ZpciInventoryTurn, zpci_inventory_turn_clear)
