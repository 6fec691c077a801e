/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "system-error.h"

ToolStatus
tool_fail(const GError *error)
{
    fprintf(stderr, "virt-zpci: %s\n", error->message);
    return TOOL_FAILED;
}

ZpciInventory *
tool_open_inventory(const char *root, GError **error)
{
    ZpciHost *host = zpci_host_open(root, error);

    if (host == NULL)
        return NULL;
    zpci_host_set_vfio_read(host, ZPCI_VFIO_READ_EXPLICIT, ZPCI_HOST_DEFAULT_SETTLE_SECONDS);
    return zpci_inventory_new(host);
}

static gboolean
tool_read_stream(FILE *stream, const char *path, gsize maximum, GByteArray *bytes, GError **error)
{
    guint8 buffer[8192];
    gsize got;

    while ((got = fread(buffer, 1, sizeof buffer, stream)) > 0) {
        if (got > maximum - bytes->len) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                        _("%s is larger than the %zu bytes that are read."), path, maximum);
            return FALSE;
        }
        g_byte_array_append(bytes, buffer, (guint)got);
    }
    if (ferror(stream)) {
        system_error_set(error, errno, _("Reading %s failed"), path);
        return FALSE;
    }
    return TRUE;
}

GByteArray *
tool_read_file(const char *path, gsize maximum, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    gboolean is_stdin = strcmp(path, "-") == 0;
    FILE *stream = is_stdin ? stdin : fopen(path, "rbe");
    gboolean complete;

    if (stream == NULL) {
        system_error_set(error, errno, _("Opening %s failed"), path);
        return NULL;
    }
    complete = tool_read_stream(stream, path, maximum, bytes, error);
    if (!is_stdin)
        fclose(stream);
    return complete ? g_steal_pointer(&bytes) : NULL;
}

void
tool_print_json(JsonBuilder *builder)
{
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree char *text = json_to_string(root, TRUE);

    puts(text);
}
