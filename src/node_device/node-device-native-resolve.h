/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"

/**
 * node_device_native_resolve:
 * @view: among whose devices it is searched
 *
 * Returns: (transfer full): the name of the device that a person calls @text, as
 *   zpci_inventory_resolve() does.
 */
char *node_device_native_resolve(const ZpciHost *host, const NodeDeviceView *view, const char *text,
                                 GError **error);
