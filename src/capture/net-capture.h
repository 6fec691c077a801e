/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "capture-writer.h"
#include "zpci-host.h"

/**
 * net_capture_write:
 *
 * Copies the interfaces that PCI functions and channel devices have, also by a virtio device. What
 * the driver says of their features is not in sysfs, so it is not captured.
 *
 * Returns: %FALSE with @error set if the capture cannot be written.
 */
gboolean net_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error);
