/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-file.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "libvirt-zpci.h"
#include "system-error.h"

/* What separates words in XML. */
#define WHITE_SPACE " \t\r\n"

static gboolean
tool_file_read_stream(FILE *stream, const char *name, gsize maximum, GString *text, GError **error)
{
    char buffer[8192];
    gsize got;

    while ((got = fread(buffer, 1, sizeof buffer, stream)) > 0) {
        if (got > maximum - text->len) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                        _("%s is larger than the %zu bytes that are read."), name, maximum);
            return FALSE;
        }
        g_string_append_len(text, buffer, (gssize)got);
    }
    if (ferror(stream)) {
        system_error_set(error, errno, _("Reading %s failed"), name);
        return FALSE;
    }
    if (text->len == 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED, _("%s is empty."), name);
        return FALSE;
    }
    return TRUE;
}

static const char *
tool_file_get_name(const char *path)
{
    return strcmp(path, "-") == 0 ? _("The standard input") : path;
}

char *
tool_file_read(const char *path, gsize maximum, gsize *size, GError **error)
{
    GString *text = g_string_new(NULL);
    gboolean is_stdin = strcmp(path, "-") == 0;
    FILE *stream = is_stdin ? stdin : fopen(path, "rbe");
    gboolean complete = FALSE;

    if (stream == NULL)
        system_error_set(error, errno, _("Opening %s failed"), path);
    else
        complete = tool_file_read_stream(stream, tool_file_get_name(path), maximum, text, error);
    if (stream != NULL && !is_stdin)
        fclose(stream);
    if (complete)
        *size = text->len;
    return g_string_free(text, !complete);
}

char *
tool_file_read_document(const char *path, gsize *size, GError **error)
{
    gsize read = 0;
    g_autofree char *text = tool_file_read(path, ZPCI_SCHEMA_MAX_DOCUMENT, &read, error);

    if (text == NULL)
        return NULL;
    if (strspn(text, WHITE_SPACE) == read) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED, _("%s is empty but for white space."),
                    tool_file_get_name(path));
        return NULL;
    }
    *size = read;
    return g_steal_pointer(&text);
}
