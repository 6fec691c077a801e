/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool-report.h"

/**
 * ToolVerdict:
 * @root: (nullable): the captured host; %NULL for this machine
 * @uri: (nullable): which libvirt to ask for other domains
 * @runs: whether the domain is running, and so has its functions itself
 * @report: takes what is found
 *
 * What a judgement of a domain goes by.
 */
typedef struct {
    const char *root;
    const char *uri;
    gboolean runs;
    ToolReport *report;
} ToolVerdict;

/**
 * tool_verdict_judge:
 * @text: (array length=size): the domain
 *
 * Looks for all that would keep the domain from starting: in its document, and in what the host and
 * other domains say of the functions that it passes.
 *
 * Returns: %FALSE with @error set if it could not be judged.
 */
gboolean tool_verdict_judge(const ToolVerdict *verdict, const char *text, gsize size,
                            GError **error);
