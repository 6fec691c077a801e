/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "clp-source.h"

#include <glib/gi18n-lib.h>

#include "clp-device.h"
#include "clp-reply.h"
#include "names.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

static GByteArray *
clp_source_ask(const ZpciHost *host, ClpCommand command, guint64 argument, const char *captured_as,
               GError **error)
{
    const HostAccess *access = zpci_host_get_access(host);
    const ClpRequest request = { command, argument };
    GByteArray *reply = NULL;

    if (access != NULL)
        return clp_device_ask(&request, access->dev, access->calls, error);
    if (capture_read_reply(zpci_host_get_capture(host), NAME_CLP, captured_as, &reply, error) &&
        reply == NULL)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("This capture has no reply of CLP."));
    return reply;
}

GByteArray *
clp_source_read_function(const ZpciHost *host, guint32 fid, guint32 handle, GError **error)
{
    g_autofree char *name = g_strdup_printf(NAME_CLP_FUNCTION "%08x", fid);

    return clp_source_ask(host, CLP_QUERY_PCI_FUNCTION, handle, name, error);
}

GByteArray *
clp_source_read_group(const ZpciHost *host, guint8 pfgid, GError **error)
{
    g_autofree char *name = g_strdup_printf(NAME_CLP_GROUP "%02x", pfgid);

    return clp_source_ask(host, CLP_QUERY_PCI_GROUP, pfgid, name, error);
}

static void
clp_source_free_reply(gpointer reply)
{
    g_byte_array_unref(reply);
}

/* Asks until the resume token is 0; adds to the entries of @list, and to @replies if it is not
 * NULL. */
static gboolean
clp_source_read_list(const ZpciHost *host, ClpList *list, GPtrArray *replies, GError **error)
{
    list->resume = 0;
    for (guint i = 0; i < CLP_LIST_MAX_REPLIES; i++) {
        g_autofree char *name = g_strdup_printf(NAME_CLP_LIST "%u", i);
        g_autoptr(GByteArray) reply = clp_source_ask(host, CLP_LIST_PCI, list->resume, name, error);

        if (reply == NULL || !clp_reply_parse_list(reply->data, reply->len, list, error))
            return FALSE;
        if (replies != NULL)
            g_ptr_array_add(replies, g_steal_pointer(&reply));
        if (list->resume == 0)
            return TRUE;
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("CLP's list of functions did not end after %u replies."), CLP_LIST_MAX_REPLIES);
    return FALSE;
}

GArray *
clp_source_list(const ZpciHost *host, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
    ClpList list = { .entries = entries };

    return clp_source_read_list(host, &list, NULL, error) ? g_steal_pointer(&entries) : NULL;
}

GPtrArray *
clp_source_read_lists(const ZpciHost *host, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
    g_autoptr(GPtrArray) replies = g_ptr_array_new_with_free_func(clp_source_free_reply);
    ClpList list = { .entries = entries };

    return clp_source_read_list(host, &list, replies, error) ? g_steal_pointer(&replies) : NULL;
}

/* @handle, @uid_checking: (out): what the list says of the function and of all */
static gboolean
clp_source_find(const ZpciHost *host, guint32 fid, guint32 *handle, gboolean *uid_checking,
                GError **error)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
    ClpList list = { .entries = entries };

    if (!clp_source_read_list(host, &list, NULL, error))
        return FALSE;
    for (guint i = 0; i < entries->len; i++) {
        const ClpListEntry *entry = &g_array_index(entries, ClpListEntry, i);

        if (entry->fid == fid) {
            *handle = entry->handle;
            *uid_checking = list.uid_checking;
            return TRUE;
        }
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
                _("The list of functions does not have 0x%08x."), fid);
    return FALSE;
}

/* The handle that sysfs gave may be old by now: it changes with the function's state. */
static gboolean
clp_source_find_handle(const ZpciHost *host, guint32 fid, guint32 *handle)
{
    gboolean uid_checking;

    return clp_source_find(host, fid, handle, &uid_checking, NULL);
}

/* @is_stale: (out): on failure, whether the machine answered, but not for this function. */
static gboolean
clp_source_collect_function(const ZpciHost *host, guint32 fid, guint32 handle, ZpciFacts *facts,
                            gboolean *is_stale, GError **error)
{
    g_autoptr(GByteArray) reply = clp_source_read_function(host, fid, handle, error);
    g_autoptr(GError) refusal = NULL;

    *is_stale = FALSE;
    if (reply == NULL)
        return FALSE;
    if (!clp_reply_parse_function(reply->data, reply->len, facts, &refusal)) {
        *is_stale = g_error_matches(refusal, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    if (facts->values[ZPCI_FACT_FID] != fid) {
        *is_stale = TRUE;
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("The handle 0x%08x belongs to the function 0x%08x now."), handle,
                    (guint)facts->values[ZPCI_FACT_FID]);
        zpci_facts_clear(facts);
        return FALSE;
    }
    return TRUE;
}

static void
clp_source_collect_group(const ZpciHost *host, ZpciFacts *facts)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GByteArray) reply =
        clp_source_read_group(host, (guint8)facts->values[ZPCI_FACT_PFGID], &problem);

    if (reply == NULL || !clp_reply_parse_group(reply->data, reply->len, facts, &problem))
        zpci_facts_explain(facts, problem->message);
}

/* A capture need not have CLP's replies, and then its machine tells nothing, which needs no reason.
 */
static gboolean
clp_source_is_left_out(const ZpciHost *host, const GError *problem)
{
    return zpci_host_get_capture(host) != NULL &&
           g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
}

/* Returns (transfer full) (nullable): the sentence for a machine that tells nothing. */
static char *
clp_source_explain(const ZpciHost *host, const GError *problem)
{
    return clp_source_is_left_out(host, problem)
               ? NULL
               : g_strdup_printf(_("CLP does not answer for it: %s"), problem->message);
}

gboolean
clp_source_collect(const ZpciHost *host, const ZpciFacts *known, ZpciFacts *facts, char **reason)
{
    guint32 fid = (guint32)known->values[ZPCI_FACT_FID];
    guint32 handle = (guint32)known->values[ZPCI_FACT_HANDLE];
    g_autoptr(GError) problem = NULL;
    gboolean is_stale;

    if (known->sources[ZPCI_FACT_FID] == ZPCI_SOURCE_NONE)
        return FALSE;
    if (!clp_source_collect_function(host, fid, handle, facts, &is_stale, &problem)) {
        if (!is_stale || !clp_source_find_handle(host, fid, &handle) ||
            !clp_source_collect_function(host, fid, handle, facts, &is_stale, NULL)) {
            *reason = clp_source_explain(host, problem);
            return FALSE;
        }
    }
    clp_source_collect_group(host, facts);
    return TRUE;
}

gboolean
clp_source_collect_listed(const ZpciHost *host, guint32 fid, ZpciFacts *facts, char **reason)
{
    g_autoptr(GError) problem = NULL;
    gboolean uid_checking, is_stale;
    guint32 handle;

    if (!clp_source_find(host, fid, &handle, &uid_checking, &problem) ||
        !clp_source_collect_function(host, fid, handle, facts, &is_stale, &problem)) {
        *reason = clp_source_explain(host, problem);
        return FALSE;
    }
    zpci_facts_set(facts, ZPCI_FACT_HANDLE, ZPCI_SOURCE_CLP, handle);
    zpci_facts_set(facts, ZPCI_FACT_UID_UNIQUE, ZPCI_SOURCE_CLP, uid_checking);
    clp_source_collect_group(host, facts);
    return TRUE;
}
