/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "byte-reader.h"
#include "clp-reply.h"
#include "clp-source.h"
#include "names.h"
#include "zpci-capture-private.h"

#define PFGIDS 256

/* A reply ends where its own length says; behind it the page is empty. */
static gboolean
clp_capture_add(CaptureWriter *writer, const char *name, const char *comment,
                const GByteArray *reply, GError **error)
{
    ByteReader reader = { reply->data, reply->len, G_BIG_ENDIAN };
    g_autofree char *path = g_build_filename(NAME_CLP, name, NULL);
    guint64 length = 0;

    byte_reader_number(&reader, 0, 2, "length", &length, NULL);
    return capture_writer_add_reply(writer, path, comment, reply->data, MIN(length, reply->len),
                                    error);
}

static gboolean
clp_capture_add_lists(const ZpciHost *host, CaptureWriter *writer, GError **error)
{
    g_autoptr(GPtrArray) replies = clp_source_read_lists(host, NULL);

    for (guint i = 0; replies != NULL && i < replies->len; i++) {
        g_autofree char *name = g_strdup_printf(NAME_CLP_LIST "%u", i);

        if (!clp_capture_add(writer, name, "List PCI functions", g_ptr_array_index(replies, i),
                             error))
            return FALSE;
    }
    return TRUE;
}

/* @groups: (inout): by PFGID, whether a function is in it. */
static gboolean
clp_capture_add_function(const ZpciHost *host, CaptureWriter *writer, const ClpListEntry *entry,
                         gboolean groups[PFGIDS], GError **error)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(GError) problem = NULL;
    g_autoptr(GByteArray) reply =
        clp_source_read_function(host, entry->fid, entry->handle, &problem);
    g_autofree char *name = g_strdup_printf(NAME_CLP_FUNCTION "%08x", entry->fid);

    if (reply == NULL || !clp_reply_parse_function(reply->data, reply->len, &facts, &problem)) {
        capture_writer_note(writer,
                            g_strdup_printf(_("CLP does not answer for the function 0x%08x: %s"),
                                            entry->fid, problem->message));
        return TRUE;
    }
    groups[facts.values[ZPCI_FACT_PFGID] % PFGIDS] = TRUE;
    return clp_capture_add(writer, name, "Query PCI function", reply, error);
}

static gboolean
clp_capture_add_groups(const ZpciHost *host, CaptureWriter *writer, const gboolean groups[PFGIDS],
                       GError **error)
{
    for (guint pfgid = 0; pfgid < PFGIDS; pfgid++) {
        g_autoptr(GByteArray) reply =
            groups[pfgid] ? clp_source_read_group(host, (guint8)pfgid, NULL) : NULL;
        g_autofree char *name = g_strdup_printf(NAME_CLP_GROUP "%02x", pfgid);

        if (reply != NULL &&
            !clp_capture_add(writer, name, "Query PCI function group", reply, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
clp_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GArray) entries = clp_source_list(host, &problem);
    gboolean groups[PFGIDS] = { FALSE };

    if (entries == NULL) {
        capture_writer_note(writer,
                            g_strdup_printf(_("CLP was not captured: %s"), problem->message));
        return TRUE;
    }
    for (guint i = 0; i < entries->len; i++) {
        const ClpListEntry *entry = &g_array_index(entries, ClpListEntry, i);

        if (!clp_capture_add_function(host, writer, entry, groups, error))
            return FALSE;
    }
    return clp_capture_add_lists(host, writer, error) &&
           clp_capture_add_groups(host, writer, groups, error);
}
