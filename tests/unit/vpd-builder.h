/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/** vpd_builder_add_resource: a large resource of @size bytes. */
void vpd_builder_add_resource(GByteArray *vpd, guint8 tag, const void *data, gsize size);

/** vpd_builder_add_name: the identifier string. */
void vpd_builder_add_name(GByteArray *vpd, const char *name);

/**
 * vpd_builder_add_read_only:
 * @fields: "PN=value" and so on, joined by "|"; empty for none
 *
 * VPD-R with these and a checksum that is right for all bytes that are there.
 */
void vpd_builder_add_read_only(GByteArray *vpd, const char *fields);

/** vpd_builder_add_read_write: VPD-W with such fields. */
void vpd_builder_add_read_write(GByteArray *vpd, const char *fields);

/** vpd_builder_add_end: the end tag. */
void vpd_builder_add_end(GByteArray *vpd);

/**
 * vpd_builder_make:
 * @read_write: (nullable)
 *
 * Returns: (transfer full): good VPD of all these parts.
 */
GByteArray *vpd_builder_make(const char *name, const char *read_only, const char *read_write);
