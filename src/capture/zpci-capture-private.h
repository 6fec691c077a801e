/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "capture-writer.h"
#include "zpci-capture.h"

/* The parts of zpci_capture_write(). None of them knows another. */

/**
 * block_capture_write:
 *
 * Copies what tells the block devices of PCI functions: what is built upon them is named, and no
 * byte of theirs is read.
 *
 * Returns: %FALSE with @error set if writing failed; what cannot be read is left out.
 */
gboolean block_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error);

/**
 * ccw_capture_write:
 *
 * Copies the subchannels of devices, the devices, and the groups of them, as far as libvirt lists
 * them in any release.
 *
 * Returns: %FALSE with @error set if the capture cannot be written.
 */
gboolean ccw_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error);

/**
 * clp_capture_write:
 *
 * Captures what /dev/clp answers: the list of functions, each function, and each group that a
 * function is in. That CLP cannot be asked is a note.
 *
 * Returns: %FALSE with @error set if the capture cannot be written.
 */
gboolean clp_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error);

/**
 * net_capture_write:
 *
 * Copies the interfaces that PCI functions and channel devices have, also by a virtio device. What
 * the driver says of their features is not in sysfs, so it is not captured.
 *
 * Returns: %FALSE with @error set if the capture cannot be written.
 */
gboolean net_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error);
