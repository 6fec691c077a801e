/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "devlink.h"

#include <linux/devlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "byte-reader.h"

/* Every message begins with both headers, and all is in the order of the machine. */
#define HEADERS (NLMSG_HDRLEN + GENL_HDRLEN)
#define MAX_REQUEST 128

typedef struct {
    guint8 bytes[MAX_REQUEST];
    gsize length;
} DevlinkRequest;

static void
devlink_begin(DevlinkRequest *request, guint16 family, guint8 command, guint8 version)
{
    struct nlmsghdr header = { .nlmsg_type = family, .nlmsg_flags = NLM_F_REQUEST };
    struct genlmsghdr generic = { .cmd = command, .version = version };

    memset(request, 0, sizeof *request);
    memcpy(request->bytes, &header, sizeof header);
    memcpy(request->bytes + NLMSG_HDRLEN, &generic, sizeof generic);
    request->length = HEADERS;
}

/* All texts are ours, and together shorter than the room. */
static void
devlink_add_text(DevlinkRequest *request, guint16 type, const char *text)
{
    gsize size = strlen(text) + 1;
    struct nlattr header = { .nla_len = (guint16)(NLA_HDRLEN + size), .nla_type = type };

    g_assert(request->length + NLA_HDRLEN + NLA_ALIGN(size) <= MAX_REQUEST);
    memcpy(request->bytes + request->length, &header, sizeof header);
    memcpy(request->bytes + request->length + NLA_HDRLEN, text, size);
    request->length += NLA_HDRLEN + NLA_ALIGN(size);
}

/* A refusal comes as another type of message. */
static gboolean
devlink_check_headers(const ByteReader *answer, guint16 family)
{
    guint64 length, type;

    return byte_reader_number(answer, 0, 4, "nlmsg_len", &length, NULL) &&
           byte_reader_number(answer, 4, 2, "nlmsg_type", &type, NULL) && length == answer->size &&
           type == family;
}

/* Writes @value on success only. */
static gboolean
devlink_find_number(const ByteReader *answer, guint16 wanted, guint16 *value)
{
    gsize offset = HEADERS;

    for (guint i = 0; i < DEVLINK_MAX_ATTRIBUTES; i++) {
        guint64 length, type, number;

        if (!byte_reader_number(answer, offset, 2, "nla_len", &length, NULL) ||
            !byte_reader_number(answer, offset + 2, 2, "nla_type", &type, NULL) ||
            length < NLA_HDRLEN || !byte_reader_has(answer, offset, length))
            return FALSE;
        if ((type & NLA_TYPE_MASK) == wanted) {
            if (length != NLA_HDRLEN + sizeof *value ||
                !byte_reader_number(answer, offset + NLA_HDRLEN, 2, "value", &number, NULL))
                return FALSE;
            *value = (guint16)number;
            return TRUE;
        }
        offset += NLA_ALIGN(length);
    }
    return FALSE;
}

/* Sends @request and finds the number @wanted in the answer. */
static gboolean
devlink_ask(const SystemCalls *calls, int fd, DevlinkRequest *request, guint16 wanted,
            guint16 *value)
{
    g_autofree guint8 *answer = g_malloc(DEVLINK_MAX_ANSWER);
    guint32 length = (guint32)request->length;
    guint16 family;
    ByteReader reader;
    gssize got;

    memcpy(request->bytes, &length, sizeof length);
    memcpy(&family, request->bytes + 4, sizeof family);
    got = calls->exchange(fd, request->bytes, request->length, answer, DEVLINK_MAX_ANSWER);
    if (got < 0)
        return FALSE;
    reader = (ByteReader){ answer, (gsize)got, G_BYTE_ORDER };
    return devlink_check_headers(&reader, family) && devlink_find_number(&reader, wanted, value);
}

static gboolean
devlink_ask_mode(const SystemCalls *calls, int fd, const PciAddress *address, guint16 *mode)
{
    char name[PCI_ADDRESS_TEXT_SIZE];
    DevlinkRequest request;
    guint16 family;

    devlink_begin(&request, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
    devlink_add_text(&request, CTRL_ATTR_FAMILY_NAME, DEVLINK_GENL_NAME);
    if (!devlink_ask(calls, fd, &request, CTRL_ATTR_FAMILY_ID, &family))
        return FALSE;

    devlink_begin(&request, family, DEVLINK_CMD_ESWITCH_GET, DEVLINK_GENL_VERSION);
    devlink_add_text(&request, DEVLINK_ATTR_BUS_NAME, "pci");
    devlink_add_text(&request, DEVLINK_ATTR_DEV_NAME, pci_address_format(address, name));
    return devlink_ask(calls, fd, &request, DEVLINK_ATTR_ESWITCH_MODE, mode);
}

gboolean
devlink_is_switchdev(const SystemCalls *calls, const PciAddress *address)
{
    int fd = calls->socket(AF_NETLINK, NETLINK_GENERIC);
    guint16 mode;
    gboolean is_switchdev;

    if (fd < 0)
        return FALSE;
    is_switchdev =
        devlink_ask_mode(calls, fd, address, &mode) && mode == DEVLINK_ESWITCH_MODE_SWITCHDEV;
    calls->close(fd);
    return is_switchdev;
}
