/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

/**
 * tool_connection_open:
 * @uri: (nullable): %NULL for libvirt's default
 * @read_only: whether nothing shall be changed
 *
 * Returns: (transfer full): to be closed with tool_connection_close(); %NULL with @error in
 *   libvirt's words, or if there is no libvirt.
 */
virConnect *tool_connection_open(const char *uri, gboolean read_only, GError **error);

/** tool_connection_close: ends what tool_connection_open() gave. */
void tool_connection_close(virConnect *connection);

/**
 * tool_connection_find:
 * @name: name or UUID of a domain
 *
 * Returns: (transfer full): to be freed with tool_connection_free_domain(); %NULL with @error in
 *   libvirt's words.
 */
virDomain *tool_connection_find(virConnect *connection, const char *name, GError **error);

/** tool_connection_free_domain: gives up what tool_connection_find() gave. */
void tool_connection_free_domain(virDomain *domain);

/**
 * tool_connection_read:
 * @flags: of virDomainGetXMLDesc()
 *
 * Returns: (transfer full): the domain's document; %NULL with @error in libvirt's words.
 */
char *tool_connection_read(virDomain *domain, guint flags, GError **error);

/**
 * tool_connection_check_iommufd:
 *
 * Returns: whether the libvirt there lets a function be passed through an iommufd; %FALSE with
 *   %ZPCI_ERROR_UNSUPPORTED, or in libvirt's words. What an older one does not know, it drops
 *   without a word.
 */
gboolean tool_connection_check_iommufd(virConnect *connection, GError **error);

/**
 * tool_connection_fail:
 * @what: what was tried, as the beginning of a sentence
 *
 * Sets @error to @what and libvirt's last words.
 *
 * Returns: %FALSE, for its caller to return.
 */
gboolean tool_connection_fail(const char *what, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virConnect, tool_connection_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virDomain, tool_connection_free_domain)
