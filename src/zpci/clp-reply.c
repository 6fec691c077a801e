/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "clp-reply.h"

#include <glib/gi18n-lib.h>

#include "zpci-error.h"

/* struct clp_rsp_hdr. */
#define REPLY_LENGTH 0
#define REPLY_CODE 2
#define REPLY_OK 0x0010

#define LIST_RESUME 16
#define LIST_UID_CHECKING 30
#define LIST_UID_CHECKING_BIT 0x01
#define LIST_ENTRY_SIZE 31
#define LIST_ENTRIES 32
#define ENTRY_MIN_SIZE 16
#define ENTRY_STATE_CONFIGURED 0x80000000

#define FUNCTION_FLAGS 18
#define FUNCTION_FLAG_UTIL 0x01
#define FUNCTION_UTIL 128

/* The measurement block's length is counted in words. */
#define FUNCTION_FMB_LENGTH 62
#define FUNCTION_FMB_WORD 4

/* One number of a reply: the bits of @mask at @offset, shifted down to bit 0. */
typedef struct {
    const char *name;
    guint offset;
    guint width;
    guint64 mask;
    ZpciFact fact;
} ClpField;

static const ClpField function_fields[] = {
    { "vfn", 16, 2, 0xffff, ZPCI_FACT_VFN },
    { "pfgid", 19, 1, 0xff, ZPCI_FACT_PFGID },
    { "fid", 20, 4, 0xffffffff, ZPCI_FACT_FID },
    { "pchid", 30, 2, 0xffff, ZPCI_FACT_PCHID },
    { "pfip", 56, 4, 0xffffffff, ZPCI_FACT_PFIP },
    { "port", 60, 2, 0x000f, ZPCI_FACT_PORT },
    { "pft", 63, 1, 0xff, ZPCI_FACT_PFT },
    { "sdma", 64, 8, G_MAXUINT64, ZPCI_FACT_DMA_START },
    { "edma", 72, 8, G_MAXUINT64, ZPCI_FACT_DMA_END },
    { "uid", 124, 4, 0xffffffff, ZPCI_FACT_UID },
};

static const ClpField group_fields[] = {
    { "noi", 16, 2, 0x0fff, ZPCI_FACT_NOI },
    { "version", 18, 1, 0xff, ZPCI_FACT_GROUP_VERSION },
    { "refresh", 19, 1, 0x01, ZPCI_FACT_REFRESH },
    { "maxstbl", 20, 2, 0x1fff, ZPCI_FACT_MAXSTBL },
    { "mui", 22, 2, 0xffff, ZPCI_FACT_MUI },
    { "dasm", 32, 8, G_MAXUINT64, ZPCI_FACT_DASM },
    { "msia", 40, 8, G_MAXUINT64, ZPCI_FACT_MSI_ADDRESS },
};

/* The codes of arch/s390/include/asm/clp.h and pci_clp.h, for people. */
static const char *
clp_reply_describe(guint64 code, ZpciError *kind)
{
    *kind = ZPCI_ERROR_UNREADABLE;
    switch (code) {
    case 0x0020:
        *kind = ZPCI_ERROR_UNSUPPORTED;
        return _("the machine does not know this command");
    case 0x0030:
        *kind = ZPCI_ERROR_NO_PERMISSION;
        return _("this partition may not use the command");
    case 0x0040:
        return _("the request has a wrong format");
    case 0x0050:
        return _("the request has a wrong length");
    case 0x0060:
        return _("the request does not fit on a page");
    case 0x0070:
        return _("a reserved field of the request is not zero");
    case 0x0080:
        *kind = ZPCI_ERROR_NOT_FOUND;
        return _("there is no data");
    case 0x0100:
        *kind = ZPCI_ERROR_UNSUPPORTED;
        return _("the machine does not know this function code");
    case 0x0101:
        *kind = ZPCI_ERROR_NOT_FOUND;
        return _("there is no function with this handle (any more)");
    case 0x0102:
        return _("the function's state does not allow it");
    case 0x010a:
        return _("the resume token is not valid (any more)");
    case 0x010b:
        *kind = ZPCI_ERROR_NOT_FOUND;
        return _("there is no such function group");
    default:
        return _("the machine gives a code that is not documented");
    }
}

/* @reply ends afterwards where its own length says. */
static gboolean
clp_reply_check_header(ByteReader *reply, GError **error)
{
    guint64 length, code;
    ZpciError kind;
    const char *reason;

    if (!byte_reader_number(reply, REPLY_LENGTH, 2, "length", &length, error) ||
        !byte_reader_number(reply, REPLY_CODE, 2, "response", &code, error))
        return FALSE;
    if (code != REPLY_OK) {
        reason = clp_reply_describe(code, &kind);
        g_set_error(error, ZPCI_ERROR, kind, _("CLP answered with the code 0x%04x: %s."),
                    (guint)code, reason);
        return FALSE;
    }
    if (length > reply->size) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("The reply's length at offset 0 is %u, but it ends at offset %zu."),
                    (guint)length, reply->size);
        return FALSE;
    }
    reply->size = (gsize)length;
    return TRUE;
}

static gboolean
clp_reply_parse_fields(const ByteReader *reply, const ClpField *fields, guint count,
                       ZpciFacts *facts, GError **error)
{
    guint64 values[ZPCI_N_FACTS];

    for (guint i = 0; i < count; i++) {
        if (!byte_reader_number(reply, fields[i].offset, fields[i].width, fields[i].name,
                                &values[i], error))
            return FALSE;
    }
    for (guint i = 0; i < count; i++)
        zpci_facts_set(facts, fields[i].fact, ZPCI_SOURCE_CLP, values[i] & fields[i].mask);
    return TRUE;
}

gboolean
clp_reply_parse_function(const guint8 *data, gsize size, ZpciFacts *facts, GError **error)
{
    ByteReader reply = { data, size, G_BIG_ENDIAN };
    guint64 flags, fmb_words;
    const guint8 *util;

    if (!clp_reply_check_header(&reply, error) ||
        !byte_reader_number(&reply, FUNCTION_FLAGS, 1, "flags", &flags, error) ||
        !byte_reader_number(&reply, FUNCTION_FMB_LENGTH, 1, "fmb_len", &fmb_words, error) ||
        !byte_reader_bytes(&reply, FUNCTION_UTIL, ZPCI_UTIL_SIZE, "util_str", &util, error) ||
        !clp_reply_parse_fields(&reply, function_fields, G_N_ELEMENTS(function_fields), facts,
                                error))
        return FALSE;
    zpci_facts_set(facts, ZPCI_FACT_FMB_LENGTH, ZPCI_SOURCE_CLP, fmb_words * FUNCTION_FMB_WORD);
    if (flags & FUNCTION_FLAG_UTIL)
        zpci_facts_set_util(facts, ZPCI_SOURCE_CLP, util, ZPCI_UTIL_SIZE);
    return TRUE;
}

gboolean
clp_reply_parse_group(const guint8 *data, gsize size, ZpciFacts *facts, GError **error)
{
    ByteReader reply = { data, size, G_BIG_ENDIAN };

    return clp_reply_check_header(&reply, error) &&
           clp_reply_parse_fields(&reply, group_fields, G_N_ELEMENTS(group_fields), facts, error);
}

static gboolean
clp_reply_parse_entry(const ByteReader *reply, gsize offset, ClpListEntry *entry, GError **error)
{
    guint64 device, vendor, state, fid, handle;

    if (!byte_reader_number(reply, offset, 2, "device", &device, error) ||
        !byte_reader_number(reply, offset + 2, 2, "vendor", &vendor, error) ||
        !byte_reader_number(reply, offset + 4, 4, "state", &state, error) ||
        !byte_reader_number(reply, offset + 8, 4, "fid", &fid, error) ||
        !byte_reader_number(reply, offset + 12, 4, "handle", &handle, error))
        return FALSE;
    *entry = (ClpListEntry){ (guint16)device, (guint16)vendor,
                             (state & ENTRY_STATE_CONFIGURED) != 0, (guint32)fid, (guint32)handle };
    return TRUE;
}

static gboolean
clp_reply_check_list(const ByteReader *reply, guint64 entry_size, GError **error)
{
    gsize bytes = reply->size - LIST_ENTRIES;

    if (entry_size >= ENTRY_MIN_SIZE && bytes % entry_size == 0 &&
        bytes / entry_size <= CLP_LIST_MAX_ENTRIES)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("The list's %zu bytes at offset %u are no whole number of entries of %u bytes."),
                bytes, LIST_ENTRIES, (guint)entry_size);
    return FALSE;
}

gboolean
clp_reply_parse_list(const guint8 *data, gsize size, ClpList *list, GError **error)
{
    ByteReader reply = { data, size, G_BIG_ENDIAN };
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
    guint64 resume, checking, entry_size;

    if (!clp_reply_check_header(&reply, error) ||
        !byte_reader_number(&reply, LIST_RESUME, 8, "resume_token", &resume, error) ||
        !byte_reader_number(&reply, LIST_UID_CHECKING, 1, "uid_checking", &checking, error) ||
        !byte_reader_number(&reply, LIST_ENTRY_SIZE, 1, "entry_size", &entry_size, error) ||
        !clp_reply_check_list(&reply, entry_size, error))
        return FALSE;
    for (gsize offset = LIST_ENTRIES; offset < reply.size; offset += (gsize)entry_size) {
        ClpListEntry entry;

        if (!clp_reply_parse_entry(&reply, offset, &entry, error))
            return FALSE;
        g_array_append_val(entries, entry);
    }
    list->resume = resume;
    list->uid_checking = (checking & LIST_UID_CHECKING_BIT) != 0;
    g_array_append_vals(list->entries, entries->data, entries->len);
    return TRUE;
}
