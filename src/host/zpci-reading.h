/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-facts.h"
#include "zpci-function.h"
#include "zpci-host.h"

/**
 * zpci_reading_read_constant:
 * @directory: descriptor of the function's directory in sysfs
 * @facts: (out): what its attributes say that stays as long as the function exists
 *
 * Returns: whether all of them could be read, or are not offered.
 */
gboolean zpci_reading_read_constant(int directory, ZpciFacts *facts);

/** zpci_reading_is_zpci: whether @facts are those of a zPCI function, which has a function ID. */
gboolean zpci_reading_is_zpci(const ZpciFacts *facts);

/**
 * zpci_reading_read:
 * @directory: descriptor of the function's directory in sysfs
 * @address: its PCI address
 * @constant: what zpci_reading_read_constant() gave, of a zPCI function
 * @may_open: whether the rules for opening a VFIO device may be applied at all; lists never open
 * one
 *
 * Collects what every source of @host says of one function.
 *
 * Returns: (transfer full): the function. What cannot be read is a reason or a warning in it, never
 *   an error.
 */
ZpciFunction *zpci_reading_read(const ZpciHost *host, int directory, const char *address,
                                const ZpciFacts *constant, gboolean may_open);

/**
 * zpci_reading_read_outline:
 *
 * The same for a list: of sysfs only FID, UID, PFGID, PCHID, VFN, type and port are read, in half
 * the time, and nothing is ever opened.
 *
 * Returns: (transfer full) (nullable): the function; %NULL if it is no zPCI function.
 */
ZpciFunction *zpci_reading_read_outline(const ZpciHost *host, int directory, const char *address);

/**
 * zpci_reading_read_standby:
 *
 * Reads a function in standby, which has a slot and no directory of its own: all but its ID is told
 * by CLP.
 *
 * Returns: (transfer full): the function; %NULL with %ZPCI_ERROR_NOT_FOUND if there is none in
 *   standby (any more).
 */
ZpciFunction *zpci_reading_read_standby(const ZpciHost *host, guint32 fid, GError **error);
