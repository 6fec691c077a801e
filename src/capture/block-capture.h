/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "capture-writer.h"
#include "zpci-host.h"

/**
 * block_capture_write:
 *
 * Copies what tells the block devices of PCI functions: what is built upon them is named, and no
 * byte of theirs is read.
 *
 * Returns: %FALSE with @error set if writing failed; what cannot be read is left out.
 */
gboolean block_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error);
