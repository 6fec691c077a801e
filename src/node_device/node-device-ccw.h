/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "ccw-device.h"
#include "libvirt-release.h"

/** node_device_ccw_name: (transfer full): libvirt's name of a device: "ccw_0_0_bd00". */
char *node_device_ccw_name(CcwKind kind, const char *sysname);

/**
 * node_device_ccw_parse:
 * @sysname: (out) (transfer full): "0.0.bd00"
 *
 * Returns: whether @name may be that of a device of the channel subsystem; the outputs are written
 *   only then.
 */
gboolean node_device_ccw_parse(const char *name, CcwKind *kind, char **sysname);

/**
 * node_device_ccw_format:
 * @parent: the name of the parent node device
 * @release: whose form it has
 *
 * Returns: (transfer full): the document, as libvirt's own driver writes it.
 */
char *node_device_ccw_format(const CcwDevice *device, const char *parent,
                             const LibvirtRelease *release);
