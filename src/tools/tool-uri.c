/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "names.h"
#include "tool.h"

/* From a build tree, the daemon that was built with us; else the installed one. */
static char *
tool_uri_find_daemon(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *directory = NULL;
    g_autofree char *built = NULL;

    if (self != NULL) {
        directory = g_path_get_dirname(self);
        built = g_canonicalize_filename("../daemon/virtzpcid", directory);
        if (access(built, X_OK) == 0)
            return g_steal_pointer(&built);
    }
    return g_strdup(VIRTZPCID_PATH);
}

static char *
tool_uri_escape_path(const char *path)
{
    return g_uri_escape_string(path, "/", FALSE);
}

static ToolStatus
tool_uri_run(const char *root, gconstpointer options G_GNUC_UNUSED, char **arguments G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *daemon = tool_uri_find_daemon();
    g_autofree char *command = tool_uri_escape_path(daemon);
    g_autofree char *absolute = NULL;
    g_autofree char *escaped = NULL;

    if (root == NULL) {
        printf(NAME_URI_EXT "?command=%s\n", command);
        return TOOL_OK;
    }
    absolute = g_canonicalize_filename(root, NULL);
    zpci_host_free(zpci_host_open(absolute, &error));
    if (error != NULL)
        return tool_fail(error);
    escaped = tool_uri_escape_path(absolute);
    printf(NAME_URI_EXT "?command=%s&root=%s\n", command, escaped);
    return TOOL_OK;
}

const ToolCommand tool_uri_command = {
    .name = "uri",
    .arguments = "",
    .summary = N_("Print the URI with which virsh and others see these devices"),
    .description = N_("Example:  virsh -c \"$(virt-zpci uri)\" nodedev-list --cap pci"),
    .takes_root = TRUE,
    .minimum = 0,
    .maximum = 0,
    .run = tool_uri_run,
};
