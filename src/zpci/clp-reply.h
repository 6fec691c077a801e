/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "byte-reader.h"
#include "zpci-facts.h"

/* What one reply lists at most, and how many replies one list may take. */
#define CLP_LIST_MAX_ENTRIES 254
#define CLP_LIST_MAX_REPLIES 1024

/**
 * ClpListEntry:
 * @device: PCI device ID
 * @vendor: PCI vendor ID
 * @configured: FALSE for a function in standby
 * @fid: function ID
 * @handle: function handle, by which it is asked for; changes when its state does
 */
typedef struct {
    guint16 device;
    guint16 vendor;
    gboolean configured;
    guint32 fid;
    guint32 handle;
} ClpListEntry;

/**
 * ClpList:
 * @resume: (out): what to ask for the rest with; 0 at the end
 * @uid_checking: UIDs are unique
 * @entries: (element-type ClpListEntry): what this reply lists
 */
typedef struct {
    guint64 resume;
    gboolean uid_checking;
    GArray *entries;
} ClpList;

/* Layouts: struct clp_rsp_list_pci, clp_rsp_query_pci, clp_rsp_query_pci_grp of
 * arch/s390/include/asm/pci_clp.h. Replies are big-endian, whoever reads them. Each function
 * returns %FALSE with %ZPCI_ERROR_MALFORMED if the reply is cut off or too long, or with the code
 * that fits the reason for which the machine refused; outputs are written on success only. */

/** clp_reply_parse_list: @list's entries must be an array of #ClpListEntry; they are added to it.
 */
gboolean clp_reply_parse_list(const guint8 *data, gsize size, ClpList *list, GError **error);

/** clp_reply_parse_function: adds what the reply says of a function. */
gboolean clp_reply_parse_function(const guint8 *data, gsize size, ZpciFacts *facts, GError **error);

/** clp_reply_parse_group: adds what the reply says of a function group. */
gboolean clp_reply_parse_group(const guint8 *data, gsize size, ZpciFacts *facts, GError **error);
