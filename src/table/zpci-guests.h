/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

/* For how long libvirt is waited for, unless somebody else says. Who uses a function is one column
 * of many. */
#define ZPCI_GUESTS_WAIT_MILLISECONDS 1000

/**
 * zpci_guests_connect:
 *
 * Nobody is asked for a password.
 *
 * Returns: (transfer full): a connection that can change nothing, to be closed with libvirt's own
 *   function; %NULL with @error set.
 */
virConnect *zpci_guests_connect(const char *uri, GError **error);

/** zpci_guests_list: (transfer full): as zpci_guests_read(), of a connection. */
GHashTable *zpci_guests_list(virConnect *connection, GError **error);

/**
 * zpci_guests_read:
 * @uri: whom of libvirt to ask
 * @milliseconds: for how long to wait; connecting to a daemon that does not answer has no end
 *
 * Asks which functions the running guests have. Changes nothing, and needs no privilege that
 * libvirt's read-only connections do not have.
 *
 * Returns: (transfer full) (element-type utf8 utf8): by PCI address, "0005:00:00.0", the name of
 *   the guest; %NULL with @error set if libvirt is not there, refuses, or does not answer in time.
 */
GHashTable *zpci_guests_read(const char *uri, guint milliseconds, GError **error);
