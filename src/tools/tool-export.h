/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-table.h"

/**
 * ToolExport:
 * @host: all functions of the host or the hosts, those in standby too if the format wants them
 * @chosen: (element-type ZpciRow): those of @host that are to be exported, in its order
 * @is_named: whether somebody named each of them, and did not just mean all
 * @with_placement: whether OpenStack's Placement is to be told of them, for Nova
 *
 * What is to be written in a format.
 */
typedef struct {
    const ZpciTable *host;
    GPtrArray *chosen;
    gboolean is_named;
    gboolean with_placement;
} ToolExport;

/**
 * ToolExportFormat:
 * @name: what it is called on the command line
 * @summary: one line for --help, marked for translation
 * @columns: those of which it needs the values, joined by commas; %NULL for all
 * @with_standby: whether functions without a PCI address can be written
 * @with_hosts: whether functions of several hosts can be written together
 * @write: appends the text; %FALSE with @error set if it would say more than what is meant
 *
 * One way to write functions for a program that schedules or watches them.
 */
typedef struct {
    const char *name;
    const char *summary;
    const char *columns;
    gboolean with_standby;
    gboolean with_hosts;
    gboolean (*write)(const ToolExport *wish, GString *text, GError **error);
} ToolExportFormat;

extern const ToolExportFormat tool_export_ansible_format;
extern const ToolExportFormat tool_export_kubevirt_format;
extern const ToolExportFormat tool_export_nfd_format;
extern const ToolExportFormat tool_export_nova_format;
extern const ToolExportFormat tool_export_prometheus_format;

/** tool_export_get: (transfer full) (nullable): the value of a column that has one at most. */
char *tool_export_get(const ZpciRow *row, const char *column);
