/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* "ffffffff:ff:1f.7" and its terminator. */
#define PCI_ADDRESS_TEXT_SIZE 17

/* The largest numbers that a bus has room for. */
#define PCI_ADDRESS_MAX_SLOT 0x1f
#define PCI_ADDRESS_MAX_FUNCTION 7

/**
 * PciAddress:
 * @domain: on s390x the UID of the function while UID checking is on. Linux keeps 32 bits; other
 *   buses (VMD) do use more than 16 of them.
 *
 * Where a PCI function is on its host.
 */
typedef struct {
    guint32 domain;
    guint8 bus;
    guint8 slot;
    guint8 function;
} PciAddress;

/**
 * pci_address_parse:
 * @text: "DDDD:BB:SS.F" in hexadecimal, the form of sysfs; "BB:SS.F" means domain 0
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_ARGUMENT if it is anything else.
 */
gboolean pci_address_parse(const char *text, PciAddress *address, GError **error);

/**
 * pci_address_format:
 *
 * Writes the sysfs form of @address to @text and returns @text.
 */
const char *pci_address_format(const PciAddress *address, char text[PCI_ADDRESS_TEXT_SIZE]);

/**
 * pci_address_compare:
 *
 * Returns: negative, 0 or positive in the order of domain, bus, slot, function; a GCompareFunc.
 */
int pci_address_compare(gconstpointer a, gconstpointer b);
