/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "tool.h"

typedef struct {
    gboolean with_vfio;
} ToolCaptureOptions;

static const GOptionEntry entries[] = {
    { "with-vfio", 'v', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolCaptureOptions, with_vfio),
      N_("Open functions that are bound to VFIO to read their chains; see \"probe\""), NULL },
    G_OPTION_ENTRY_NULL,
};

static void
tool_capture_show_progress(const char *address, guint done, guint total, gpointer is_terminal)
{
    if (GPOINTER_TO_INT(is_terminal))
        fprintf(stderr, "\r%u/%u %s%s", done, total, address, done == total ? "\n" : "");
}

static ToolStatus
tool_capture_run(const char *root, gconstpointer values, char **arguments)
{
    const ToolCaptureOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciHost) host = zpci_host_open(root, &error);
    g_auto(GStrv) notes = NULL;

    if (host == NULL ||
        !zpci_capture_write(host, arguments[0], options->with_vfio, tool_capture_show_progress,
                            GINT_TO_POINTER(isatty(STDERR_FILENO)), &notes, &error))
        return tool_fail(error);
    for (guint i = 0; notes[i] != NULL; i++)
        fprintf(stderr, _("virt-zpci: note: %s\n"), notes[i]);
    printf(_("This host was captured in %s.\n"), arguments[0]);
    return TOOL_OK;
}

const ToolCommand tool_capture_command = {
    .name = "capture",
    .arguments = N_("DIR"),
    .summary = N_("Copy all that is read of this host to a directory, for --root"),
    .description = N_(
        "DIR must not exist. As root, you get the replies of /dev/clp too. DIR then has "
        "identifiers\n"
        "and serial numbers of the hardware, but no contents of devices or memory. Its files are\n"
        "plain text: look at them before you give them away."),
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolCaptureOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = 1,
    .run = tool_capture_run,
};
