/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-output.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "zpci-error.h"

/* Other users read it: node_exporter does. */
#define MODE 0644

gboolean
tool_output_write(const char *path, const char *text, gsize size, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (path == NULL) {
        fwrite(text, 1, size, stdout);
        return TRUE;
    }
    if (g_file_set_contents_full(path, text, (gssize)size,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, MODE,
                                 &problem))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE, _("Writing the output failed: %s"),
                problem->message);
    return FALSE;
}
