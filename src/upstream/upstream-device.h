/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"
#include "upstream-caller.h"

/* libvirt's calls for node devices. All block, and may be made from any thread. All fail with
 * %ZPCI_ERROR_FOREIGN if the daemon behind us refuses, or with %ZPCI_ERROR_UNREACHABLE; outputs are
 * written on success only. Flags are passed on as they are: that daemon knows which there are. */

/**
 * upstream_device_is_missing:
 * @error: of one of these functions
 *
 * Returns: whether the daemon has answered that there is no such device.
 */
gboolean upstream_device_is_missing(const GError *error);

/**
 * upstream_device_list:
 * @flags: of virConnectListAllNodeDevices()
 *
 * Returns: (transfer full) (element-type utf8): their names; %NULL with @error set.
 */
GPtrArray *upstream_device_list(UpstreamCaller *caller, guint flags, GError **error);

/** upstream_device_list_having: the same for those that have a capability, which may be any text.
 */
GPtrArray *upstream_device_list_having(UpstreamCaller *caller, const char *capability,
                                       GError **error);

/** upstream_device_lookup: whether there is a device of that name. */
gboolean upstream_device_lookup(UpstreamCaller *caller, const char *name, GError **error);

/** upstream_device_lookup_scsi_host: the name of the SCSI host of these World Wide Names. */
gboolean upstream_device_lookup_scsi_host(UpstreamCaller *caller, const char *wwnn,
                                          const char *wwpn, guint flags, char **name,
                                          GError **error);

/** upstream_device_get_xml: its document. */
gboolean upstream_device_get_xml(UpstreamCaller *caller, const char *name, guint flags, char **xml,
                                 GError **error);

/** upstream_device_get_parent: its parent's name, %NULL if it has none. */
gboolean upstream_device_get_parent(UpstreamCaller *caller, const char *name, char **parent,
                                    GError **error);

/** upstream_device_get_capabilities: the names of its capabilities. */
gboolean upstream_device_get_capabilities(UpstreamCaller *caller, const char *name,
                                          char ***capabilities, GError **error);

/** upstream_device_get_state: whether it is so. */
gboolean upstream_device_get_state(UpstreamCaller *caller, const char *name, NodeDeviceState state,
                                   gboolean *yes, GError **error);

/** upstream_device_set_autostart: virNodeDeviceSetAutostart(). */
gboolean upstream_device_set_autostart(UpstreamCaller *caller, const char *name, gboolean autostart,
                                       GError **error);

/** upstream_device_create: makes a device and gives its name. */
gboolean upstream_device_create(UpstreamCaller *caller, const char *xml, guint flags, char **name,
                                GError **error);

/** upstream_device_define: defines a device and gives its name. */
gboolean upstream_device_define(UpstreamCaller *caller, const char *xml, guint flags, char **name,
                                GError **error);

/** upstream_device_update: fails with %ZPCI_ERROR_UNSUPPORTED if libvirt here is before 10.1. */
gboolean upstream_device_update(UpstreamCaller *caller, const char *name, const char *xml,
                                guint flags, GError **error);

/** upstream_device_undefine: virNodeDeviceUndefine(). */
gboolean upstream_device_undefine(UpstreamCaller *caller, const char *name, guint flags,
                                  GError **error);

/** upstream_device_start: virNodeDeviceCreate(). */
gboolean upstream_device_start(UpstreamCaller *caller, const char *name, guint flags,
                               GError **error);

/** upstream_device_destroy: virNodeDeviceDestroy(). */
gboolean upstream_device_destroy(UpstreamCaller *caller, const char *name, GError **error);
