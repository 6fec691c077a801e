/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * chain_builder_build:
 * @table: a reply as text, so that one test serves every byte order:
 *   "W:N"   a number of W bytes (1, 2, 4, 8); "W:$" the size of the whole reply
 *   "x:HH…" bytes
 *   "@N"    zero bytes up to offset N
 *   "#"     a comment up to the end of the line
 * @byte_order: the order to write it in
 *
 * Returns: (transfer full): the bytes in a block of exactly their size, so that a sanitizer sees a
 *   read behind them. A table with a fault aborts.
 */
GByteArray *chain_builder_build(const char *table, int byte_order);
