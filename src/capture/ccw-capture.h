/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "capture-writer.h"
#include "zpci-host.h"

/**
 * ccw_capture_write:
 *
 * Copies the subchannels of devices, the devices, and the groups of them, as far as libvirt lists
 * them in any release.
 *
 * Returns: %FALSE with @error set if the capture cannot be written.
 */
gboolean ccw_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error);
