/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The part of configuration space that every function has. */
#define PCI_CONFIG_SIZE 256

/* The register of the link status. */
#define PCI_CONFIG_STATUS_SIZE 2

/**
 * PciHeaderType:
 *
 * The layout of the header, byte 0x0e without its top bit.
 */
typedef enum {
    PCI_HEADER_ENDPOINT = 0,
    PCI_HEADER_PCI_BRIDGE = 1,
    PCI_HEADER_CARDBUS_BRIDGE = 2,
} PciHeaderType;

/**
 * PciLink:
 * @port: port number, -1 for a link status, which has none
 * @speed: as the register has it: 0 unknown, 1 for 2.5 GT/s and so on
 * @width: number of lanes
 */
typedef struct {
    int port;
    guint speed;
    guint width;
} PciLink;

/**
 * PciMsix:
 * @PCI_MSIX_UNKNOWN: configuration space could not be read that far
 *
 * Whether a function has message-signalled interrupts of the extended kind.
 */
typedef enum {
    PCI_MSIX_UNKNOWN,
    PCI_MSIX_ABSENT,
    PCI_MSIX_PRESENT,
} PciMsix;

/**
 * PciConfig:
 * @header: the header's layout
 * @msix: whether it has an MSI-X capability
 * @is_express: it has a PCI Express capability
 * @has_link: it has a link, which integrated endpoints do not
 * @capability: what the link can do
 * @status: what the link does
 * @status_offset: where the register is that says so, if it has a link
 */
typedef struct {
    PciHeaderType header;
    PciMsix msix;
    gboolean is_express;
    gboolean has_link;
    PciLink capability;
    PciLink status;
    guint status_offset;
} PciConfig;

/**
 * pci_config_parse:
 * @data: the beginning of configuration space, which is little-endian on every machine
 * @size: how much of it is here; what lies behind is taken as not there
 * @file_size: the size of the whole space
 *
 * Layout: PCI Local Bus 3.0 chapter 6, PCI Express Base 7.8; names as in linux/pci_regs.h. A
 * function without a PCI Express capability counts as PCI Express all the same, but without a link,
 * unless its space is of the conventional size: so libvirt has it.
 */
PciConfig pci_config_parse(const guint8 *data, gsize size, gsize file_size);

/** pci_config_set_status: takes in what the link does now: the two bytes at its status_offset. */
void pci_config_set_status(PciConfig *config, const guint8 bytes[PCI_CONFIG_STATUS_SIZE]);
