/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "clp-request.h"

#include <string.h>

/* struct clp_req_hdr: length, command; then what the command takes. The reply begins with its own
 * length, which tells the machine how much room there is. */
#define REQUEST_LENGTH 0
#define REQUEST_COMMAND 2
#define REQUEST_ARGUMENT 16

/* struct clp_rsp_query_pci and clp_rsp_query_pci_grp. The machine may refuse another length. */
#define REPLY_FUNCTION_SIZE 256
#define REPLY_GROUP_SIZE 72

static void
clp_request_put(guint8 *page, guint offset, guint width, guint64 value)
{
    for (guint i = 0; i < width; i++)
        page[offset + i] = (guint8)(value >> 8 * (width - 1 - i));
}

static guint
clp_request_get_reply_size(ClpCommand command)
{
    switch (command) {
    case CLP_QUERY_PCI_FUNCTION:
        return REPLY_FUNCTION_SIZE;
    case CLP_QUERY_PCI_GROUP:
        return REPLY_GROUP_SIZE;
    case CLP_LIST_PCI:
    default:
        return CLP_PAGE_SIZE - CLP_REQUEST_SIZE;
    }
}

void
clp_request_write(const ClpRequest *request, guint8 page[CLP_PAGE_SIZE])
{
    memset(page, 0, CLP_PAGE_SIZE);
    clp_request_put(page, REQUEST_LENGTH, 2, CLP_REQUEST_SIZE);
    clp_request_put(page, REQUEST_COMMAND, 2, request->command);
    clp_request_put(page, REQUEST_ARGUMENT, request->command == CLP_LIST_PCI ? 8 : 4,
                    request->argument);
    clp_request_put(page, CLP_REQUEST_SIZE, 2, clp_request_get_reply_size(request->command));
}
