/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "net-device.h"
#include "zpci-host.h"

/**
 * net_reading_list:
 *
 * Returns: (transfer full) (element-type utf8): the names in sysfs of all that may be network
 *   interfaces, in no order; %NULL with @error set. A host without any has none.
 */
GPtrArray *net_reading_list(const ZpciHost *host, GError **error);

/**
 * net_reading_identify:
 * @sysname: a name without slashes
 *
 * Returns: (transfer full) (nullable): all but the state, the speed and the features of an
 *   interface; %NULL if it is not there, or is of a type that libvirt does not list: bridges,
 *   bonds, VLANs and other such with a DEVTYPE, of which it lists the wireless ones only.
 */
NetDevice *net_reading_identify(const ZpciHost *host, const char *sysname);

/**
 * net_reading_complete:
 *
 * Reads what net_reading_identify() leaves out.
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if the interface has vanished since.
 */
gboolean net_reading_complete(const ZpciHost *host, NetDevice *device, GError **error);
