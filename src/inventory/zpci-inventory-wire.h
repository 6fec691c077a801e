/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"
#include "zpci-inventory.h"

/* What virtzpcid needs besides. It is not installed, and may change with each release. */

/**
 * zpci_inventory_list_wished:
 * @wish: another daemon behind us is asked with all of its flags, and may refuse some
 *
 * Returns: (transfer full) (array zero-terminated=1): as zpci_inventory_list().
 */
ZPCI_EXPORT char **zpci_inventory_list_wished(ZpciInventory *inventory, const NodeDeviceWish *wish,
                                              GError **error);

/**
 * zpci_inventory_get_xml_flagged:
 * @flags: of virNodeDeviceGetXMLDesc(); another daemon behind us is asked with all of them
 *
 * Returns: (transfer full): as zpci_inventory_get_xml(); %NULL with %ZPCI_ERROR_INVALID_ARGUMENT if
 *   the device has no such flags, or with %ZPCI_ERROR_WRONG_STATE if its definition is asked for
 *   and it has none.
 */
ZPCI_EXPORT char *zpci_inventory_get_xml_flagged(ZpciInventory *inventory, const char *name,
                                                 guint flags, GError **error);

/**
 * zpci_inventory_add_to_xml:
 * @name: of a device, of which somebody else has written @xml
 *
 * Returns: (transfer full): the document with what @inventory knows besides; %NULL with @error set
 *   if @xml cannot be read.
 */
ZPCI_EXPORT char *zpci_inventory_add_to_xml(ZpciInventory *inventory, const char *name,
                                            const char *xml, GError **error);

/**
 * zpci_inventory_add_to_capabilities:
 * @capabilities: (array zero-terminated=1): what somebody else says that the device @name has
 *
 * Returns: (transfer full) (array zero-terminated=1): these, and what @inventory knows besides.
 */
ZPCI_EXPORT char **zpci_inventory_add_to_capabilities(ZpciInventory *inventory, const char *name,
                                                      const char *const *capabilities);

/**
 * zpci_inventory_add_ready_to_xml:
 *
 * Returns: (transfer full) (nullable): what zpci_inventory_add_to_xml() returns if that is at hand
 *   as for zpci_inventory_get_ready(): it was made of the same document when all was as it is now.
 */
ZPCI_EXPORT char *zpci_inventory_add_ready_to_xml(ZpciInventory *inventory, const char *name,
                                                  const char *xml);

/**
 * zpci_inventory_add_ready_to_capabilities:
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): what
 *   zpci_inventory_add_to_capabilities() returns if that is at hand in the same way.
 */
ZPCI_EXPORT char **zpci_inventory_add_ready_to_capabilities(ZpciInventory *inventory,
                                                            const char *name,
                                                            const char *const *capabilities);

/**
 * zpci_inventory_get_ready:
 * @xml: (out) (transfer full) (optional): what zpci_inventory_get_xml() returns
 * @capabilities: (out) (transfer full) (optional) (array zero-terminated=1): what
 *   zpci_inventory_get_capabilities() returns
 *
 * Tells what is at hand of a device, for a thread that must not wait. No device is asked, no other
 * daemon, and no file system but the kernel's own, so a captured host has nothing at hand.
 *
 * Returns: whether the device is there and all that is asked for is at hand; the outputs are
 * written only then. If not, the other functions find out.
 */
ZPCI_EXPORT gboolean zpci_inventory_get_ready(ZpciInventory *inventory, const char *name,
                                              char **xml, char ***capabilities);
