/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-uri.h"

#include <glib/gi18n.h>
#include <string.h>

#include "names.h"
#include "text-quote.h"
#include "zpci-error.h"

/* libvirt takes schemes in lower case only, and so do we; g_uri_split() would fold them. */
#define SCHEME_PREFIX "nodedev:"
#define ROOT_PREFIX "root="
#define UPSTREAM_PREFIX "upstream="

static gboolean
set_foreign(const char *name, GError **error)
{
    g_autofree char *quoted = text_quote(name);

    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED, quoted);
    return FALSE;
}

static gboolean
check_path(const char *path, gboolean is_root, GError **error)
{
    g_autofree char *quoted = NULL;

    if (g_str_equal(path, "/system") || (g_str_equal(path, "/session") && !is_root))
        return TRUE;
    quoted = text_quote(path);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("unexpected nodedev URI path %s, try %s"), quoted, NAME_URI_PATH);
    return FALSE;
}

static gboolean
parse_root(const char *escaped, char **root, GError **error)
{
    g_autofree char *path = g_uri_unescape_string(escaped, NULL);
    g_autofree char *quoted = NULL;

    if (path != NULL && *path != '\0') {
        *root = g_steal_pointer(&path);
        return TRUE;
    }
    quoted = text_quote(escaped);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("The URI parameter root=%s names no directory; percent-encode the path of a "
                  "captured host."),
                quoted);
    return FALSE;
}

static gboolean
parse_upstream(const char *escaped, char **upstream, GError **error)
{
    g_autofree char *inner = g_uri_unescape_string(escaped, NULL);
    g_autofree char *quoted = NULL;

    if (inner != NULL && *inner != '\0') {
        *upstream = g_steal_pointer(&inner);
        return TRUE;
    }
    quoted = text_quote(escaped);
    g_set_error(
        error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
        _("The URI parameter upstream=%s names no daemon; percent-encode a URI of libvirt."),
        quoted);
    return FALSE;
}

static gboolean
check_parameters(const DaemonUri *uri, GError **error)
{
    if (uri->root == NULL || uri->upstream == NULL)
        return TRUE;
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                        _("The URI has both root= and upstream=, but a captured host has no daemon "
                          "of its own; leave one out."));
    return FALSE;
}

static gboolean
check_length(const char *name, GError **error)
{
    gsize length = strlen(name);

    if (length <= DAEMON_URI_MAX)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("The URI has %zu bytes; it may have %d."), length, DAEMON_URI_MAX);
    return FALSE;
}

/* By hand, because g_uri_parse_params() fails for the whole query if a parameter that is none of
 * our business is badly encoded. */
static gboolean
parse_query(const char *query, DaemonUri *uri, GError **error)
{
    g_auto(GStrv) params = g_strsplit_set(query, "&;", -1);

    for (char **param = params; *param != NULL; param++) {
        if (uri->root == NULL && g_str_has_prefix(*param, ROOT_PREFIX) &&
            !parse_root(*param + strlen(ROOT_PREFIX), &uri->root, error))
            return FALSE;
        if (uri->upstream == NULL && g_str_has_prefix(*param, UPSTREAM_PREFIX) &&
            !parse_upstream(*param + strlen(UPSTREAM_PREFIX), &uri->upstream, error))
            return FALSE;
    }
    return check_parameters(uri, error);
}

DaemonUri *
daemon_uri_parse(const char *name, gboolean is_root, GError **error)
{
    g_autoptr(DaemonUri) uri = g_new0(DaemonUri, 1);
    g_autofree char *host = NULL;
    g_autofree char *path = NULL;
    g_autofree char *query = NULL;

    if (*name == '\0')
        return g_steal_pointer(&uri);
    if (!check_length(name, error))
        return NULL;
    if (!g_str_has_prefix(name, SCHEME_PREFIX) || !g_utf8_validate(name, -1, NULL) ||
        !g_uri_split(name, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL, NULL, &host, NULL,
                     &path, &query, NULL, NULL) ||
        (host != NULL && *host != '\0')) {
        set_foreign(name, error);
        return NULL;
    }
    if (!check_path(path, is_root, error) || (query != NULL && !parse_query(query, uri, error)))
        return NULL;
    return g_steal_pointer(&uri);
}

void
daemon_uri_free(DaemonUri *uri)
{
    if (uri == NULL)
        return;
    g_free(uri->root);
    g_free(uri->upstream);
    g_free(uri);
}
