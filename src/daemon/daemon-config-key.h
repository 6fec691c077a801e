/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-config.h"

/**
 * DaemonConfigKey:
 *
 * A key of virtzpcid.conf(5): its name, its values, its default. A new one is a row in
 * daemon-config-key.c.
 */
typedef struct _DaemonConfigKey DaemonConfigKey;

/** How many keys there are. */
#define DAEMON_CONFIG_KEYS 24

/**
 * daemon_config_key_find:
 *
 * Returns: the index of the key @name, below %DAEMON_CONFIG_KEYS; %DAEMON_CONFIG_KEYS if there is
 *   none.
 */
guint daemon_config_key_find(const char *name);

/** daemon_config_key_get_name: of the key @index. */
const char *daemon_config_key_get_name(guint index);

/**
 * daemon_config_key_set:
 * @value: as in the file
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_ARGUMENT if the key cannot have that value; the message
 *   begins with its name.
 */
gboolean daemon_config_key_set(guint index, DaemonConfig *config, const char *value,
                               GError **error);

/** daemon_config_key_set_default: @config has no value of the key yet. */
void daemon_config_key_set_default(guint index, DaemonConfig *config);

/** daemon_config_key_clear: frees the key's value. */
void daemon_config_key_clear(guint index, DaemonConfig *config);
