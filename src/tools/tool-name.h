/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "libvirt-zpci.h"

/**
 * tool_name_resolve:
 * @text: an argument that names one device
 *
 * Returns: (transfer full): the node device's name, as zpci_inventory_resolve(); %NULL with @error
 *   set, which names the device that is meant if there is one of a name that is nearly @text.
 */
char *tool_name_resolve(ZpciInventory *inventory, const char *text, GError **error);

/**
 * tool_name_resolve_each:
 * @texts: (array zero-terminated=1): arguments that name devices; "pchid=" may name several, those
 *   that are not named yet
 *
 * Returns: (transfer full) (array zero-terminated=1): the node devices' names; %NULL as
 *   tool_name_resolve().
 */
char **tool_name_resolve_each(ZpciInventory *inventory, char **texts, GError **error);

/** tool_name_describe: (transfer full): what a name can be, for --help, translated. */
char *tool_name_describe(void);
