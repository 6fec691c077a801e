/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool-connection.h"
#include "tool.h"

/** ToolRequestOptions: what the command line says of how a hostdev shall be. */
typedef struct {
    char *uid_text;
    char *fid_text;
    char *policy_text;
    gboolean unmanaged;
    char *driver;
    char *model;
    char *iommufd_text;
    char *rom_text;
    char *alias;
    char *boot_text;
    gboolean as_interface;
    char *mac;
    char *vlan_text;
} ToolRequestOptions;

/**
 * ToolRequest:
 * @options: what was asked for, as it was given
 * @pattern: what is asked for each of them alike
 * @hostdevs: (element-type ZpciHostdev): what somebody wants a guest to have
 * @policy: how numbers are chosen
 * @names: (element-type utf8): the node devices, as many as @hostdevs
 * @functions: (element-type ZpciFunction): what the host says of them, as many as @hostdevs
 *
 * The hostdevs that the command line asks for.
 */
typedef struct {
    const ToolRequestOptions *options;
    ZpciHostdev *pattern;
    GPtrArray *hostdevs;
    ZpciAddressPolicy policy;
    GPtrArray *names;
    GPtrArray *functions;
} ToolRequest;

/** The options for a #ToolRequestOptions. */
extern const GOptionEntry tool_request_entries[];

/**
 * tool_request_new:
 * @options: has to outlive the request
 * @names: as many functions as there will be
 *
 * Returns: (transfer full): a request without hostdevs; %NULL with @error set if the options are
 *   wrong, which is the command line's fault.
 */
ToolRequest *tool_request_new(const ToolRequestOptions *options, char **names, GError **error);

/**
 * tool_request_resolve_each:
 * @names: what names functions of the host
 *
 * Adds the hostdevs, not assigned yet.
 *
 * Returns: %FALSE with @error set, which tells of a function in standby how it is configured.
 */
gboolean tool_request_resolve_each(ToolRequest *request, const char *root, char **names,
                                   GError **error);

/**
 * tool_request_resolve:
 * @text: what names a function of the host
 *
 * Returns: (transfer full): its PCI address; %NULL with @error set.
 */
char *tool_request_resolve(ZpciInventory *inventory, const char *text, GError **error);

/**
 * tool_request_format_address:
 * @text: a PCI address or the name of a node device
 *
 * Returns: (transfer full) (nullable): the whole PCI address; %NULL if it is neither.
 */
char *tool_request_format_address(const char *text);

/**
 * tool_request_check_connection:
 * @connection: to the libvirt that will get the hostdevs
 *
 * Returns: %FALSE with @error set if it does not know all that was asked for.
 */
gboolean tool_request_check_connection(const ToolRequest *request, virConnect *connection,
                                       GError **error);

/** tool_request_free: @request may be %NULL. */
void tool_request_free(ToolRequest *request);

/** tool_request_print_notes: prints to standard error why numbers are not those of the host. */
void tool_request_print_notes(const ToolRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ToolRequest, tool_request_free)
