/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The newest libvirt whose node devices ours were compared with, as LIBVIR_VERSION_NUMBER. */
#define LIBVIRT_RELEASE_NEWEST 12008000UL

/**
 * LibvirtRelease:
 * @since: the first release of libvirt that does so
 * @list_flags: those of virConnectListAllNodeDevices() that it knows
 * @xml_flags: those of virNodeDeviceGetXMLDesc() that it knows
 * @closes_empty_fields: a field of vendor or system without a value, in Vital Product Data, is one
 *   tag
 * @shows_offline_ccw: CCW devices that are offline are listed, too, and all tell their state
 * @knows_ccwgroups: groups of CCW devices are node devices
 * @passes_by_iommufd: the driver of a PCI hostdev has the attribute iommufd
 *
 * What differs between the releases of libvirt.
 */
typedef struct {
    gulong since;
    guint list_flags;
    guint xml_flags;
    gboolean closes_empty_fields;
    gboolean shows_offline_ccw;
    gboolean knows_ccwgroups;
    gboolean passes_by_iommufd;
} LibvirtRelease;

/**
 * libvirt_release_find:
 * @number: as LIBVIR_VERSION_NUMBER
 *
 * Returns: what the release does; one that is newer than all we know does as the newest of them,
 *   one that is older than all as the oldest.
 */
const LibvirtRelease *libvirt_release_find(gulong number);

/**
 * libvirt_release_parse:
 * @text: (nullable): "11.3.0"
 *
 * Returns: the number; 0 if it is none.
 */
gulong libvirt_release_parse(const char *text);

/**
 * libvirt_release_format:
 *
 * Returns: (transfer full): @number as people write it, "11.3.0".
 */
char *libvirt_release_format(gulong number);

/**
 * libvirt_release_parse_library:
 * @file: (nullable): the name of libvirt's library, "libvirt.so.0.11003.0" of libvirt 11.3.0
 *
 * Returns: the number; 0 if the name does not tell.
 */
gulong libvirt_release_parse_library(const char *file);

/**
 * libvirt_release_get_number:
 *
 * Returns: the release that is followed: the one that %NAME_ENV_LIBVIRT names, or the one that was
 *   installed when this was asked first, or, if that cannot be told, the one that this was built
 *   with. Nothing is loaded for that.
 */
gulong libvirt_release_get_number(void);

/** libvirt_release_get: what that release does. */
const LibvirtRelease *libvirt_release_get(void);

/** libvirt_release_set_test_number: from now on that one is followed; 0: as before. */
void libvirt_release_set_test_number(gulong number);
