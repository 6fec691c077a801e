/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* /dev/clp takes one page: the request, and behind it room for the reply. */
#define CLP_PAGE_SIZE 4096
#define CLP_REQUEST_SIZE 32

/* Commands of arch/s390/include/asm/pci_clp.h. */
typedef enum {
    CLP_LIST_PCI = 0x0002,
    CLP_QUERY_PCI_FUNCTION = 0x0003,
    CLP_QUERY_PCI_GROUP = 0x0004,
} ClpCommand;

/**
 * ClpRequest:
 * @command: what is asked
 * @argument: the resume token (0 at first), the function handle, or the group's number
 */
typedef struct {
    ClpCommand command;
    guint64 argument;
} ClpRequest;

/** clp_request_write: writes @request to @page, the rest of which becomes zero. */
void clp_request_write(const ClpRequest *request, guint8 page[CLP_PAGE_SIZE]);
