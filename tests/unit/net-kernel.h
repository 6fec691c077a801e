/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "system-calls.h"

/** net_kernel_calls: a kernel with one network interface, and devlink that answers as it is told.
 */
extern const SystemCalls net_kernel_calls;

/** net_kernel_begin: from now on there is the interface @name, which offloads nothing. */
void net_kernel_begin(const char *name);

/** net_kernel_set: ETHTOOL_... request @command is answered by @number. */
void net_kernel_set(guint32 command, guint32 number);

/** net_kernel_set_active: the features that are on, as bits of ETHTOOL_GFEATURES. */
void net_kernel_set_active(guint64 bits);

/** net_kernel_answer: the next message of netlink is answered by these bytes, which are copied. */
void net_kernel_answer(const void *bytes, gsize size);

/** net_kernel_get_message: (transfer none): the message @index that the kernel got, from 0. */
GBytes *net_kernel_get_message(guint index);

/** net_kernel_end: asserts that each answer was fetched and each socket closed. */
void net_kernel_end(void);
