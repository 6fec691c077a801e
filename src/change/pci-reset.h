/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "pci-address.h"
#include "zpci-host.h"

/**
 * pci_reset:
 *
 * Resets the function. One that a driver of VFIO has and the kernel cannot reset is left alone,
 * without an error: VFIO resets it as far as it can be when a guest gets it.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE if somebody uses the function, or with another code.
 */
gboolean pci_reset(const ZpciHost *host, const PciAddress *address, GError **error);
