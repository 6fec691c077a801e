/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

/**
 * upstream_identity_set:
 * @identity: an a{sv} as zpci_inventory_new_for() takes it
 *
 * Makes all further calls of @connection calls on behalf of somebody. What the machine calls a user
 * and a group is looked up if @identity has their numbers only. Blocks.
 *
 * Returns: 0, or -1 with libvirt's error set.
 */
int upstream_identity_set(virConnectPtr connection, GVariant *identity);
