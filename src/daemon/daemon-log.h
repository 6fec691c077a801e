/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-session.h"

/**
 * daemon_log_set_up:
 * @config: which messages are wanted
 * @is_verbose: those of level "info" are wanted in any case
 *
 * From now on messages of all parts of the program go to the journal, if standard error is that,
 * and else to standard error, a line each. May be called again after the configuration has changed.
 */
void daemon_log_set_up(const DaemonConfig *config, gboolean is_verbose);

/**
 * daemon_log_write:
 * @session: (nullable): the client that it is about: fields CLIENT_PID and CLIENT_UID
 * @device: (nullable): the device that it is about: fields DEVICE, and FID if it is a zPCI function
 * @format: printf format of a sentence
 *
 * Writes a message with fields by which the journal can be searched. It may read the device's
 * function ID, and so is for workers if @device is given.
 */
void daemon_log_write(GLogLevelFlags level, const DaemonSession *session, const char *device,
                      const char *format, ...) G_GNUC_PRINTF(4, 5);
