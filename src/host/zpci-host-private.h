/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "capture.h"
#include "pci-address.h"
#include "zpci-host.h"

/** zpci_host_get_sysfs: descriptor of the sysfs root; belongs to @host. */
int zpci_host_get_sysfs(const ZpciHost *host);

/** zpci_host_get_capture: (nullable): the capture that @host is, %NULL for this machine. */
const Capture *zpci_host_get_capture(const ZpciHost *host);

/** zpci_host_is_privileged: whether root reads it, or root read it when it was captured. */
gboolean zpci_host_is_privileged(const ZpciHost *host);

/**
 * zpci_host_list:
 *
 * Returns: (transfer full) (element-type PciAddress): all PCI functions by address; %NULL with
 * @error set. A host without PCI has none.
 */
GArray *zpci_host_list(const ZpciHost *host, GError **error);

/**
 * zpci_host_find:
 *
 * Returns: (transfer full): the path of a function's directory below sysfs, "devices/..."; %NULL
 * with %ZPCI_ERROR_NOT_FOUND if there is none.
 */
char *zpci_host_find(const ZpciHost *host, const PciAddress *address, GError **error);

/**
 * zpci_host_has_zpci:
 *
 * Returns: whether the function is a zPCI function: it has a function ID.
 */
gboolean zpci_host_has_zpci(const ZpciHost *host, const PciAddress *address);
