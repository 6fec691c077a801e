/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"

/**
 * node_device_overlay_add:
 * @xml: a node device document that another daemon wrote
 * @function: what is known of that device
 *
 * Adds `<zpci>` to a foreign document; every other byte stays. A document without a PCI capability,
 * or with `<zpci>` already, is returned as it is.
 *
 * Returns: (transfer full): the document; %NULL with %ZPCI_ERROR_MALFORMED if @xml is not
 *   well-formed.
 */
char *node_device_overlay_add(const char *xml, const ZpciFunction *function, GError **error);

/**
 * node_device_overlay_find_kept:
 * @name: any text
 * @xml: what another daemon says of that device
 *
 * Tells what is at hand, so that the caller need not wait, as node_device_pci_family_get_ready().
 *
 * Returns: (transfer full) (nullable): what was made of the same document when all was as it is
 *   now.
 */
char *node_device_overlay_find_kept(const ZpciHost *host, const char *name, const char *xml);

/** node_device_overlay: adds `<zpci>` and the capability "zpci" to what is said of PCI functions.
 */
extern const NodeDeviceDecorator node_device_overlay;
