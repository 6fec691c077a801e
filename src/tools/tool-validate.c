/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool.h"

static ToolStatus
tool_validate_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GByteArray) document = tool_read_file(path, ZPCI_SCHEMA_MAX_DOCUMENT, &error);

    /* What cannot be read is named by the error already. */
    if (document == NULL) {
        fprintf(stderr, "virt-zpci: %s\n", error->message);
        return TOOL_USAGE;
    }
    if (!zpci_schema_validate((const char *)document->data, document->len, &findings, &error)) {
        fprintf(stderr, "virt-zpci: %s: %s\n", path, error->message);
        return TOOL_USAGE;
    }
    for (guint i = 0; i < findings->len; i++) {
        const ZpciFinding *finding = g_ptr_array_index(findings, i);

        printf(_("%s:%u: error: %s\n"), path, finding->line, finding->message);
    }
    return findings->len == 0 ? TOOL_OK : TOOL_FAILED;
}

static ToolStatus
tool_validate_run(const char *root G_GNUC_UNUSED, char **arguments)
{
    ToolStatus worst = TOOL_OK;

    for (; *arguments != NULL; arguments++) {
        ToolStatus status = tool_validate_file(*arguments);

        worst = MAX(worst, status);
    }
    return worst;
}

const ToolCommand tool_validate_command = {
    .name = "validate",
    .arguments = N_("FILE…"),
    .summary = N_("Check node device and domain documents against the schemas"),
    .description =
        N_("Prints FILE:LINE: error: TEXT for each fault. FILE may be - for standard input.\n"
           "Exit status: 0 all valid, 1 faults found, 2 a file could not be judged."),
    .minimum = 1,
    .maximum = -1,
    .run = tool_validate_run,
};
