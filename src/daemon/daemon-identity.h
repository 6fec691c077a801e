/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "rpc-typed-param.h"

/* How many fields one identity may have. */
#define DAEMON_IDENTITY_MAX_PARAMS 20

/**
 * DaemonIdentity:
 *
 * On whose behalf a client calls. A daemon in the middle, such as virtqemud, says so for each of
 * its own clients.
 */
typedef struct _DaemonIdentity DaemonIdentity;

/**
 * DaemonIdentityFault:
 *
 * Why a field is no part of an identity.
 */
typedef enum {
    DAEMON_IDENTITY_OK,
    DAEMON_IDENTITY_UNKNOWN_FIELD,
    DAEMON_IDENTITY_WRONG_TYPE,
    DAEMON_IDENTITY_DUPLICATE,
    DAEMON_IDENTITY_LONG_FIELD,
} DaemonIdentityFault;

/**
 * daemon_identity_new:
 *
 * Returns: (transfer full): an identity of which nothing is known.
 */
DaemonIdentity *daemon_identity_new(void);

/**
 * daemon_identity_free:
 * @identity: (transfer full) (nullable): %NULL does nothing
 */
void daemon_identity_free(DaemonIdentity *identity);

/**
 * daemon_identity_get_number:
 * @name: the protocol's name of a field that is a number
 * @value: (out): written on success only
 *
 * Returns: whether the identity has that field.
 */
gboolean daemon_identity_get_number(const DaemonIdentity *identity, const char *name,
                                    guint64 *value);

/**
 * daemon_identity_describe:
 *
 * Returns: (transfer full): all its fields, as zpci_inventory_new_for() takes them; floating.
 */
GVariant *daemon_identity_describe(const DaemonIdentity *identity);

/**
 * daemon_identity_add:
 * @param: one field; its text is taken over on success
 *
 * Returns: %DAEMON_IDENTITY_OK, or what is wrong with @param.
 */
DaemonIdentityFault daemon_identity_add(DaemonIdentity *identity, RpcTypedParam *param);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonIdentity, daemon_identity_free)
