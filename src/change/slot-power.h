/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-address.h"
#include "zpci-host.h"

/* For how long a function that was configured may take until Linux shows it. */
#define SLOT_POWER_WAIT_SECONDS 10

/**
 * slot_power_on:
 * @host: this machine, not a capture
 * @seconds: for how long to wait until Linux shows the function
 *
 * Switches the slot's power on, which gives the function in standby to this host.
 *
 * Returns: %FALSE with %ZPCI_ERROR_NO_PERMISSION, %ZPCI_ERROR_NOT_FOUND if there is no such slot
 *   (any more), %ZPCI_ERROR_WRONG_STATE if Linux does not show the function afterwards, or another
 *   code.
 */
gboolean slot_power_on(const ZpciHost *host, guint32 fid, guint seconds, GError **error);

/**
 * slot_power_off:
 * @host: this machine, not a capture
 *
 * Switches the power of a zPCI function's slot off. The kernel asks nobody who uses the function,
 * so we do: see pci_use_check().
 *
 * Returns: %FALSE with %ZPCI_ERROR_NO_PERMISSION, %ZPCI_ERROR_NOT_FOUND if there is no such
 *   function or slot (any more), %ZPCI_ERROR_IN_USE if somebody uses it, or another code.
 */
gboolean slot_power_off(const ZpciHost *host, const PciAddress *address, GError **error);
