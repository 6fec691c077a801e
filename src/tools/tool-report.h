/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "libvirt-zpci.h"

/**
 * ToolSeverity:
 * @TOOL_SEVERITY_OK: nothing speaks against this device
 * @TOOL_SEVERITY_WARNING: the guest would start all the same
 * @TOOL_SEVERITY_ERROR: it would not
 */
typedef enum {
    TOOL_SEVERITY_OK,
    TOOL_SEVERITY_WARNING,
    TOOL_SEVERITY_ERROR,
} ToolSeverity;

/**
 * ToolReport:
 *
 * What "virt-zpci check" has found of a domain, and what it could not look at.
 */
typedef struct _ToolReport ToolReport;

/**
 * tool_report_new:
 * @name: what the domain is called in it
 * @is_captured: whether the host is a captured one
 *
 * Returns: (transfer full): a report without findings.
 */
ToolReport *tool_report_new(const char *name, gboolean is_captured);

/** tool_report_free: @report may be %NULL. */
void tool_report_free(ToolReport *report);

/** tool_report_set_runs: notes that the domain is running. */
void tool_report_set_runs(ToolReport *report);

/**
 * tool_report_add:
 * @device: the PCI address of the function on the host
 * @text: (transfer full)
 * @hint: (nullable): what to do about it
 */
void tool_report_add(ToolReport *report, const char *device, ToolSeverity severity, char *text,
                     const char *hint);

/** tool_report_add_finding: adds what is wrong with the document itself. */
void tool_report_add_finding(ToolReport *report, const ZpciFinding *finding);

/**
 * tool_report_add_unknown:
 * @what: a word of virt-zpci(1), the same one in every language; a second time it adds nothing
 *
 * Notes that something could not be looked at.
 */
void tool_report_add_unknown(ToolReport *report, const char *what);

/** tool_report_is_good: whether no finding is an error. */
gboolean tool_report_is_good(const ToolReport *report);

/** tool_report_print: prints lines, the last of them the verdict. */
void tool_report_print(const ToolReport *report);

/** tool_report_print_json: prints the same as one object. */
void tool_report_print_json(const ToolReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ToolReport, tool_report_free)
