/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-export.h"
#include "zpci-row.h"
#include "zpci-states.h"

/* The most node devices of one host that are looked at; libvirt itself sends no more. */
#define ZPCI_REMOTE_MAX_DEVICES 65536

/**
 * zpci_remote_read:
 * @uri: of any driver of libvirt that has node devices
 * @states: which functions
 *
 * Asks libvirt for the zPCI functions of a host, wherever that is: for those of its node devices
 * that have `<zpci>`, their network interfaces, and the running guests that have them. It opens a
 * connection of its own, may be called from any thread, and may wait for ever.
 *
 * Returns: (transfer full) (element-type ZpciRow): the functions in the order of their names, and
 *   those in standby last; %NULL with @error in libvirt's words.
 */
ZPCI_EXPORT GPtrArray *zpci_remote_read(const char *uri, ZpciStates states, GError **error);
