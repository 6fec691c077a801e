/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"

G_BEGIN_DECLS

/**
 * ZpciHost:
 *
 * A machine to read: the one we run on, or a capture of another one. It keeps no facts: each reading
 * is fresh.
 */
typedef struct _ZpciHost ZpciHost;

/**
 * zpci_host_open:
 * @root: (nullable): the directory of a capture, which has sys/ and capture.ini in it; %NULL for
 *   this machine
 *
 * Returns: (transfer full): the host; %NULL with %ZPCI_ERROR_NOT_FOUND if @root is no capture,
 *   %ZPCI_ERROR_MALFORMED if its capture.ini is broken, %ZPCI_ERROR_UNSUPPORTED if it is of a format
 *   version that we do not know.
 */
ZPCI_EXPORT ZpciHost *zpci_host_open(const char *root, GError **error);

/**
 * zpci_host_free:
 * @host: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_host_free(ZpciHost *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciHost, zpci_host_free)

G_END_DECLS
