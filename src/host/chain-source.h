/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-facts.h"
#include "zpci-host.h"

/**
 * chain_source_collect:
 * @directory: descriptor of the function's directory in sysfs
 * @may_open: whether a VFIO device may be opened for it, by the rules of #ZpciVfioRead
 * @facts: what the chain says is added to it; a damaged chain is a warning in it
 * @reason: (out) (transfer full) (nullable): a sentence that says why there is no chain; set on
 *   failure only
 *
 * Takes a function's capability chain from the capture, from those that have been read since it was
 * bound, or, if that is allowed and fair, from VFIO.
 *
 * Returns: whether there is a chain.
 */
gboolean chain_source_collect(const ZpciHost *host, int directory, const char *address,
                              gboolean may_open, ZpciFacts *facts, char **reason);

/**
 * chain_source_read:
 * @may_open: whether a VFIO device may be opened for it, whatever #ZpciVfioRead says
 * @reason: (out) (transfer full) (nullable): why there is none, if the function is bound to VFIO
 *
 * Returns: (transfer full) (nullable): the reply that is kept or captured, or else was read now;
 * %NULL if there is none.
 */
GByteArray *chain_source_read(const ZpciHost *host, int directory, const char *address,
                              gboolean may_open, char **reason);

/**
 * chain_source_probe:
 * @again: whether a reply that is kept does not do
 *
 * Opens the function and reads its chain, unless it is never to be opened: somebody asked for it.
 *
 * Returns: (transfer full): the reply of VFIO_DEVICE_GET_INFO; %NULL with %ZPCI_ERROR_UNSUPPORTED
 * if it is not bound to a VFIO driver, %ZPCI_ERROR_IN_USE, or another code. For a capture, the
 * reply that was captured, or %ZPCI_ERROR_NOT_FOUND.
 */
GByteArray *chain_source_probe(const ZpciHost *host, int directory, const char *address,
                               gboolean again, GError **error);
