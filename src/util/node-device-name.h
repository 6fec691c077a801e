/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-address.h"

/* The root of libvirt's tree of node devices. */
#define NODE_DEVICE_NAME_COMPUTER "computer"

/** node_device_name_format: (transfer full): libvirt's name of a PCI function: "pci_0005_00_00_0".
 */
char *node_device_name_format(const PciAddress *address);

/** node_device_name_parse: whether @name is exactly such a name, and then whose. */
gboolean node_device_name_parse(const char *name, PciAddress *address);

/**
 * node_device_name_miss:
 * @name: any text
 *
 * Sets %ZPCI_ERROR_NOT_FOUND: there is no node device of this name.
 *
 * Returns: %NULL, for the caller to return.
 */
void *node_device_name_miss(const char *name, GError **error);
