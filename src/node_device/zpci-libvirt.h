/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"
#include "zpci-states.h"

/* The libvirt that is followed, the installed one, and the flags that its clients send: what
 * virtzpcid needs of it. It is not installed, and may change with each release. */

/**
 * zpci_libvirt_get_version:
 * @newest: (out) (optional): the newest that is known; of one that is still newer, its forms are
 *   taken
 *
 * Returns: its version as LIBVIR_VERSION_NUMBER.
 */
ZPCI_EXPORT gulong zpci_libvirt_get_version(gulong *newest);

/** zpci_libvirt_get_list_flags: those of virConnectListAllNodeDevices() that it has. */
ZPCI_EXPORT guint zpci_libvirt_get_list_flags(void);

/** zpci_libvirt_get_xml_flags: those of virNodeDeviceGetXMLDesc() that it has. */
ZPCI_EXPORT guint zpci_libvirt_get_xml_flags(void);

/**
 * zpci_libvirt_get_capabilities:
 * @flags: of virConnectListAllNodeDevices()
 *
 * Returns: (transfer container) (nullable) (array zero-terminated=1): the names of the capabilities
 *   that are asked for, to be freed with g_free(); %NULL if no flag restricts the list to any.
 */
ZPCI_EXPORT const char **zpci_libvirt_get_capabilities(guint flags);

/** zpci_libvirt_get_states: the states that such flags ask for. */
ZPCI_EXPORT ZpciStates zpci_libvirt_get_states(guint flags);

/**
 * zpci_libvirt_accepts:
 *
 * Returns: whether such flags ask for a device that is persistent, or is not.
 */
gboolean zpci_libvirt_accepts(guint flags, gboolean persistent);

/** zpci_libvirt_get_flags_of: the flags that ask for devices in @states. */
guint zpci_libvirt_get_flags_of(ZpciStates states);
