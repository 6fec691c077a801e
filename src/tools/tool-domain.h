/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool-connection.h"
#include "tool.h"

/** ToolDomainOptions: where the domain is, and which of its documents change. */
typedef struct {
    char *uri;
    gboolean live;
    gboolean config;
    gboolean dry_run;
    char **device_files;
} ToolDomainOptions;

/**
 * ToolDomain:
 * @flags: of virDomainAttachDeviceFlags(): VIR_DOMAIN_AFFECT_LIVE, VIR_DOMAIN_AFFECT_CONFIG or both
 * @dry_run: whether nothing shall be changed
 * @devices: (element-type ZpciDomainDocument): other devices that are attached or detached
 *
 * A domain of libvirt that shall get or lose devices.
 */
typedef struct {
    virConnect *connection;
    virDomain *domain;
    guint flags;
    gboolean dry_run;
    GPtrArray *devices;
} ToolDomain;

/** The options for a #ToolDomainOptions. */
extern const GOptionEntry tool_domain_entries[];

/**
 * tool_domain_check_arguments:
 * @names: functions of the host
 *
 * Returns: %FALSE with @error set if there is none, and no other device either.
 */
gboolean tool_domain_check_arguments(const ToolDomainOptions *options, char **names,
                                     GError **error);

/**
 * tool_domain_open:
 * @name: name or UUID
 *
 * Returns: (transfer full): %NULL with @error set.
 */
ToolDomain *tool_domain_open(const ToolDomainOptions *options, const char *name, GError **error);

/** tool_domain_free: @domain may be %NULL. */
void tool_domain_free(ToolDomain *domain);

/**
 * tool_domain_load:
 * @flag: VIR_DOMAIN_AFFECT_LIVE for the document of the running domain, VIR_DOMAIN_AFFECT_CONFIG
 *   for that of its next start
 *
 * Returns: (transfer full): the document as libvirt has it now; %NULL with @error set.
 */
ZpciDomainDocument *tool_domain_load(const ToolDomain *domain, guint flag, GError **error);

/**
 * tool_domain_load_each:
 *
 * Returns: (transfer full) (element-type ZpciDomainDocument): the documents that change, the one of
 *   the running domain first; %NULL with @error set.
 */
GPtrArray *tool_domain_load_each(const ToolDomain *domain, GError **error);

/**
 * tool_domain_find:
 * @documents: (element-type ZpciDomainDocument)
 * @address: PCI address of a function of the host
 *
 * Returns: (transfer full) (nullable): the device that passes it, as the first of @documents with
 * it has it; %NULL if none has.
 */
char *tool_domain_find(const GPtrArray *documents, const char *address);

/**
 * tool_domain_find_device:
 * @xml: a device with a UID or an FID
 *
 * Returns: (transfer full) (nullable): that device as the first of @documents with it has it; %NULL
 *   if none has, or @xml has no numbers.
 */
char *tool_domain_find_device(const GPtrArray *documents, const char *xml);

/** How long a guest is given to let go of a device: it does when it gets round to it, or never. */
#define TOOL_DOMAIN_PATIENCE_SECONDS 30

/**
 * ToolDomainTest:
 * @documents: (element-type ZpciDomainDocument): the domain as it is now
 *
 * Returns: whether what is waited for has come.
 */
typedef gboolean (*ToolDomainTest)(const GPtrArray *documents, gpointer data);

/**
 * tool_domain_wait:
 *
 * Waits until @test says so, or %TOOL_DOMAIN_PATIENCE_SECONDS are over.
 *
 * Returns: what @test said last.
 */
gboolean tool_domain_wait(const ToolDomain *domain, ToolDomainTest test, gpointer data);

/** tool_domain_attach: %FALSE with @error in libvirt's words. */
gboolean tool_domain_attach(const ToolDomain *domain, const char *xml, GError **error);

/** tool_domain_detach: the same; a guest that runs may take its time to let go. */
gboolean tool_domain_detach(const ToolDomain *domain, const char *xml, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ToolDomain, tool_domain_free)
