/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-row.h"

/* The longest text that is taken from a document, in bytes; of a longer one nothing is known. */
#define ZPCI_ROW_DOCUMENT_MAX_TEXT 255

/* The most virtual functions that are taken from one; PCI allows no more. */
#define ZPCI_ROW_DOCUMENT_MAX_VIRTUAL 65535

/**
 * zpci_row_document_read:
 * @text: (array length=size): the document of a node device, from whoever wrote it
 * @row: (out) (transfer full) (nullable): what it says, %NULL if that is no zPCI function
 *
 * What breaks libvirt-zpci-xml(7) is as if it were not there.
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED if it is no document of a node device.
 */
gboolean zpci_row_document_read(const char *text, gsize size, ZpciRow **row, GError **error);

/**
 * zpci_row_document_add_interface:
 * @text: (array length=size): the document of a node device
 * @rows: (element-type utf8 ZpciRow): rows by their names
 *
 * If it is the document of a network interface, adds that to the row of its function.
 */
void zpci_row_document_add_interface(const char *text, gsize size, GHashTable *rows);
