/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * ebcdic_to_utf8:
 * @bytes: @size bytes in code page 037, which differs from 1047 in seven punctuation marks only
 *
 * Returns: (transfer full): the text without the NULs and blanks at its end. Control characters,
 *   which XML cannot carry and a terminal would obey, become U+FFFD.
 */
char *ebcdic_to_utf8(const guint8 *bytes, gsize size);
