/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-facts.h"
#include "zpci-host.h"

/**
 * clp_source_collect:
 * @known: what sysfs says; the function ID and the function handle are taken from it
 * @facts: what CLP says of the function and of its group is added to it
 * @reason: (out) (transfer full) (nullable): a sentence that says why CLP does not answer; set on
 *   failure only
 *
 * Returns: whether CLP answered for this very function.
 */
gboolean clp_source_collect(const ZpciHost *host, const ZpciFacts *known, ZpciFacts *facts,
                            char **reason);

/**
 * clp_source_collect_listed:
 *
 * The same for a function of which sysfs tells no handle, as it is in standby: the machine's list
 * of functions has it.
 */
gboolean clp_source_collect_listed(const ZpciHost *host, guint32 fid, ZpciFacts *facts,
                                   char **reason);

/**
 * clp_source_list:
 *
 * Returns: (transfer full) (element-type ClpListEntry): all functions that the machine gives to
 * this host, those in standby included; %NULL with @error set.
 */
GArray *clp_source_list(const ZpciHost *host, GError **error);

/** clp_source_read_lists: (transfer full) (element-type GByteArray): the raw replies behind that.
 */
GPtrArray *clp_source_read_lists(const ZpciHost *host, GError **error);

/**
 * clp_source_read_function:
 *
 * Returns: (transfer full) (nullable): the raw reply for one function; %NULL with @error set.
 */
GByteArray *clp_source_read_function(const ZpciHost *host, guint32 fid, guint32 handle,
                                     GError **error);

/** clp_source_read_group: the same for a function group. */
GByteArray *clp_source_read_group(const ZpciHost *host, guint8 pfgid, GError **error);
