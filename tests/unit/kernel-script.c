/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "kernel-script.h"

#include <string.h>

#include "call-script.h"
#include "chain-builder.h"
#include "live-host.h"
#include "vfio-uapi.h"

/* _IOWR('c', 0xc1, 16 bytes). */
#define CLP_SYNC 0xc01063c1ul

enum {
    FIRST = 50,
    SECOND,
    DEVICE,
    CLP
};

/* As the kernel does: the first reply says how many bytes there are, and has no chain in it. */
static void
kernel_script_add_info(int fd, const char *chain)
{
    g_autoptr(GByteArray) reply = chain_builder_build(chain, G_BYTE_ORDER);
    g_autofree guint32 *asked = g_malloc0(reply->len);
    guint32 small_asked[5] = { sizeof small_asked };
    guint32 small_reply[5] = { reply->len, 0x83, 9, 5, 0 };
    const CallStep steps[] = {
        { .fd = fd,
          .request = VFIO_UAPI_DEVICE_GET_INFO,
          .expects = small_asked,
          .expects_size = sizeof small_asked,
          .writes = small_reply,
          .writes_size = sizeof small_reply },
        { .fd = fd,
          .request = VFIO_UAPI_DEVICE_GET_INFO,
          .expects = asked,
          .expects_size = reply->len,
          .writes = reply->data,
          .writes_size = reply->len },
    };

    asked[0] = reply->len;
    call_script_add(steps, G_N_ELEMENTS(steps));
}

void
kernel_script_add_group(const char *chain)
{
    static const guint32 asked[] = { 8, 0 };
    static const guint32 viable[] = { 8, 1 };
    static const guint32 container[] = { SECOND };
    static const CallStep steps[] = {
        { .opens = "vfio/0", .result = FIRST },
        { .opens = "vfio/vfio", .result = SECOND },
        { .fd = SECOND, .request = VFIO_UAPI_GET_API_VERSION },
        { .fd = FIRST,
          .request = VFIO_UAPI_GROUP_GET_STATUS,
          .expects = asked,
          .expects_size = sizeof asked,
          .writes = viable,
          .writes_size = sizeof viable },
        { .fd = FIRST,
          .request = VFIO_UAPI_GROUP_SET_CONTAINER,
          .expects = container,
          .expects_size = sizeof container },
        { .fd = SECOND, .request = VFIO_UAPI_CHECK_EXTENSION, .number = 3, .result = 1 },
        { .fd = SECOND, .request = VFIO_UAPI_SET_IOMMU, .number = 3 },
        { .fd = FIRST,
          .request = VFIO_UAPI_GROUP_GET_DEVICE_FD,
          .text = LIVE_HOST_ADDRESS,
          .gives_fd = TRUE,
          .result = DEVICE },
    };

    call_script_add(steps, G_N_ELEMENTS(steps));
    kernel_script_add_info(DEVICE, chain);
}

void
kernel_script_add_cdev(const char *chain)
{
    static const guint32 asked[] = { 16, 0, SECOND, 0 };
    static const CallStep steps[] = {
        { .opens = "vfio/devices/vfio0", .result = FIRST },
        { .opens = "iommu", .result = SECOND },
        { .fd = FIRST,
          .request = VFIO_UAPI_DEVICE_BIND_IOMMUFD,
          .expects = asked,
          .expects_size = sizeof asked },
    };

    call_script_add(steps, G_N_ELEMENTS(steps));
    kernel_script_add_info(FIRST, chain);
}

/* How many bytes the reply may have, which stands in front of the room for it. */
static guint
kernel_script_get_room(ClpCommand command)
{
    if (command == CLP_LIST_PCI)
        return 4064;
    return command == CLP_QUERY_PCI_FUNCTION ? 256 : 72;
}

void
kernel_script_add_clp(ClpCommand command, guint64 argument, const char *table)
{
    const guint8 control[8] = { 2, (guint8)command };
    g_autofree char *asked_table =
        g_strdup_printf("2:32 2:%u @16 %u:%" G_GUINT64_FORMAT " @32 2:%u @4096", command,
                        command == CLP_LIST_PCI ? 8 : 4, argument, kernel_script_get_room(command));
    g_autofree char *whole_table = g_strdup_printf("%s @4064", table);
    g_autoptr(GByteArray) asked = chain_builder_build(asked_table, G_BIG_ENDIAN);
    g_autoptr(GByteArray) reply = chain_builder_build(whole_table, G_BIG_ENDIAN);
    g_autofree guint8 *page = g_memdup2(asked->data, asked->len);
    const CallStep steps[] = {
        { .opens = "clp", .result = CLP },
        { .fd = CLP,
          .request = CLP_SYNC,
          .expects = control,
          .expects_size = sizeof control,
          .page = asked->data,
          .writes = page,
          .writes_size = asked->len },
    };

    memcpy(page + 32, reply->data, reply->len);
    call_script_add(steps, G_N_ELEMENTS(steps));
}

void
kernel_script_add_failure(const char *node, int error_number)
{
    const CallStep step = { .opens = node, .result = -1, .error_number = error_number };

    call_script_add(&step, 1);
}
