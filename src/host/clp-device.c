/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "clp-device.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "system-error.h"

/* CLP_SYNC: _IOWR('c', 0xc1, struct clp_req), arch/s390/include/uapi/asm/clp.h. */
#define CLP_SYNC 0xc01063c1ul

/* The logical processor that knows PCI. */
#define CLP_LOGICAL_PROCESSOR_PCI 2

/* struct clp_req. Its first word is made of bit fields, of which a big-endian compiler takes the
 * highest bits first: c, r, six bits for the logical processor, eight for the command. */
typedef struct {
    guint8 processor;
    guint8 command;
    guint8 reserved[6];
    guint64 page;
} ClpControl;

GByteArray *
clp_device_ask(const ClpRequest *request, const char *dev, const SystemCalls *calls, GError **error)
{
    g_autofree char *node = g_build_filename(dev, NAME_DEV_CLP, NULL);
    guint8 *page = aligned_alloc(CLP_PAGE_SIZE, CLP_PAGE_SIZE);
    ClpControl control = {
        CLP_LOGICAL_PROCESSOR_PCI, (guint8)request->command, { 0 }, (guint64)(gsize)page
    };
    GByteArray *reply = NULL;
    int clp;

    clp_request_write(request, page);
    clp = calls->open(node);
    if (clp < 0) {
        system_error_set(error, errno, _("Opening %s failed"), node);
    } else if (calls->ioctl(clp, CLP_SYNC, &control) < 0) {
        system_error_set(error, errno, _("Asking %s for command 0x%04x failed"), node,
                         request->command);
    } else {
        reply = g_byte_array_new();
        g_byte_array_append(reply, page + CLP_REQUEST_SIZE, CLP_PAGE_SIZE - CLP_REQUEST_SIZE);
    }
    if (clp >= 0)
        calls->close(clp);
    free(page);
    return reply;
}
