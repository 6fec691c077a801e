/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-device.h"
#include "pci-snapshot.h"
#include "zpci-host.h"

/**
 * pci_reading_read:
 *
 * Reads one PCI function.
 *
 * Returns: (transfer full): all that @host shows of it; %NULL with %ZPCI_ERROR_NOT_FOUND if it is
 * not there or vanished while it was read, or another code if its vendor or device ID, without
 * which it cannot be described, cannot be read.
 */
PciDevice *pci_reading_read(const ZpciHost *host, const PciAddress *address, GError **error);

/**
 * pci_reading_read_plain:
 * @whole: whether more is wanted than the driver and the number of the IOMMU group
 *
 * The same without configuration space, Vital Product Data, the members of the IOMMU group,
 * mediated devices and the zPCI side; of what a function lacks or we may not read, nothing is
 * known. For lists.
 *
 * Returns: (transfer full): %NULL with %ZPCI_ERROR_NOT_FOUND if it is not there.
 */
PciDevice *pci_reading_read_plain(const ZpciHost *host, const PciAddress *address, gboolean whole,
                                  GError **error);

/**
 * pci_reading_find_kept:
 * @path: its directory below sysfs, as zpci_host_find() has it
 *
 * Returns: (transfer full) (nullable): what is kept of the function; nothing is read.
 */
PciSnapshot *pci_reading_find_kept(const ZpciHost *host, const PciAddress *address,
                                   const char *path);

/**
 * pci_reading_read_function:
 * @may_open: as in zpci_reading_read(): documents may
 * @function: (out) (transfer full) (nullable): %NULL if it is no zPCI function
 * @stamp: (out) (transfer full) (nullable) (optional): a text for which pci_stamp_holds()
 *   as long as @function stays like this; %NULL if it can change without that
 *
 * Reads the zPCI side of a PCI function only.
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if it is not there or vanished while it was read.
 */
gboolean pci_reading_read_function(const ZpciHost *host, const PciAddress *address,
                                   gboolean may_open, ZpciFunction **function, char **stamp,
                                   GError **error);

/** pci_reading_read_outline: the same with what a list shows, see zpci_reading_read_outline(). */
gboolean pci_reading_read_outline(const ZpciHost *host, const PciAddress *address,
                                  ZpciFunction **function, GError **error);

/** pci_reading_has_mdev_types: whether it can make mediated devices; an absent one cannot. */
gboolean pci_reading_has_mdev_types(const ZpciHost *host, const PciAddress *address);

/** pci_reading_has_vpd: whether it has Vital Product Data, and good one; an absent one has none. */
gboolean pci_reading_has_vpd(const ZpciHost *host, const PciAddress *address);

/**
 * pci_reading_probe:
 * @again: whether a reply that is kept does not do
 *
 * Reads its capability chain because somebody asked for it, see chain_source_probe().
 *
 * Returns: (transfer full): the reply; %NULL with @error set.
 */
GByteArray *pci_reading_probe(const ZpciHost *host, const PciAddress *address, gboolean again,
                              GError **error);
