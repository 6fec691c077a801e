/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-export.h"

G_BEGIN_DECLS

/**
 * ZpciHost:
 *
 * A machine to read: the one we run on, or a capture of another one. It keeps no facts: each
 * reading is fresh.
 */
typedef struct _ZpciHost ZpciHost;

#define ZPCI_TYPE_HOST (zpci_host_get_type())

/**
 * zpci_host_get_type:
 *
 * Returns: the boxed type of #ZpciHost, for language bindings.
 */
ZPCI_EXPORT GType zpci_host_get_type(void);

/**
 * zpci_host_open:
 * @root: (nullable): the directory of a capture, which has sys/ and capture.ini in it; %NULL for
 *   this machine
 *
 * Returns: (transfer full): the host; %NULL with %ZPCI_ERROR_NOT_FOUND if @root is no capture,
 *   %ZPCI_ERROR_MALFORMED if its capture.ini is broken, %ZPCI_ERROR_UNSUPPORTED if it is of a
 * format version that we do not know.
 */
ZPCI_EXPORT ZpciHost *zpci_host_open(const char *root, GError **error);

/**
 * zpci_host_free:
 * @host: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_host_free(ZpciHost *host);

/* For how long a function must have been bound before it is opened without being asked to. */
#define ZPCI_HOST_DEFAULT_SETTLE_SECONDS 10

/**
 * ZpciVfioRead:
 * @ZPCI_VFIO_READ_LAZY: once for each time it is bound, when its document is first asked for
 * @ZPCI_VFIO_READ_EXPLICIT: only by zpci_inventory_probe()
 * @ZPCI_VFIO_READ_NEVER: never
 *
 * When a function that is bound to a VFIO driver may be opened to read its capability chain.
 * Opening enables and resets it, and a guest that starts with it at that moment fails; so a
 * function that is in use, or was bound a moment ago, is left alone in any case, and /dev/clp
 * answers for it.
 */
typedef enum {
    ZPCI_VFIO_READ_LAZY = 0,
    ZPCI_VFIO_READ_EXPLICIT = 1,
    ZPCI_VFIO_READ_NEVER = 2,
} ZpciVfioRead;

/**
 * zpci_host_set_vfio_read:
 * @settle_seconds: for how long a function must have been bound; new hosts have
 *   %ZPCI_VFIO_READ_LAZY and %ZPCI_HOST_DEFAULT_SETTLE_SECONDS
 *
 * Says when functions may be opened. Means nothing for a capture.
 */
ZPCI_EXPORT void zpci_host_set_vfio_read(ZpciHost *host, ZpciVfioRead when, guint settle_seconds);

/**
 * zpci_host_set_standby:
 * @shown: whether functions in standby are shown, as new hosts do, and whether functions may be put
 *   into standby
 */
ZPCI_EXPORT void zpci_host_set_standby(ZpciHost *host, gboolean shown);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciHost, zpci_host_free)

G_END_DECLS
