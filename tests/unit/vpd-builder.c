/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vpd-builder.h"

#include <string.h>

#define TAG_NAME 0x82
#define TAG_READ_ONLY 0x90
#define TAG_READ_WRITE 0x91
#define TAG_END 0x78

static void
vpd_builder_add_byte(GByteArray *vpd, gsize byte)
{
    guint8 value = (guint8)byte;

    g_byte_array_append(vpd, &value, 1);
}

void
vpd_builder_add_resource(GByteArray *vpd, guint8 tag, const void *data, gsize size)
{
    vpd_builder_add_byte(vpd, tag);
    vpd_builder_add_byte(vpd, size & 0xff);
    vpd_builder_add_byte(vpd, size >> 8);
    g_byte_array_append(vpd, data, (guint)size);
}

void
vpd_builder_add_name(GByteArray *vpd, const char *name)
{
    vpd_builder_add_resource(vpd, TAG_NAME, name, strlen(name));
}

/* Returns (transfer full). */
static GByteArray *
vpd_builder_make_fields(const char *joined)
{
    g_auto(GStrv) fields = g_strsplit(joined, "|", -1);
    GByteArray *bytes = g_byte_array_new();

    for (guint i = 0; fields[i] != NULL; i++) {
        const char *value = fields[i] + strlen("PN=");

        g_byte_array_append(bytes, (const guint8 *)fields[i], 2);
        vpd_builder_add_byte(bytes, strlen(value));
        g_byte_array_append(bytes, (const guint8 *)value, (guint)strlen(value));
    }
    return bytes;
}

void
vpd_builder_add_read_only(GByteArray *vpd, const char *fields)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make_fields(fields);
    guint8 sum = 0;

    g_byte_array_append(bytes, (const guint8 *)"RV\x01", 4);
    vpd_builder_add_resource(vpd, TAG_READ_ONLY, bytes->data, bytes->len);
    for (guint i = 0; i < vpd->len; i++)
        sum = (guint8)(sum + vpd->data[i]);
    vpd->data[vpd->len - 1] = (guint8)-sum;
}

void
vpd_builder_add_read_write(GByteArray *vpd, const char *fields)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make_fields(fields);

    vpd_builder_add_resource(vpd, TAG_READ_WRITE, bytes->data, bytes->len);
}

void
vpd_builder_add_end(GByteArray *vpd)
{
    vpd_builder_add_byte(vpd, TAG_END);
}

GByteArray *
vpd_builder_make(const char *name, const char *read_only, const char *read_write)
{
    GByteArray *vpd = g_byte_array_new();

    vpd_builder_add_name(vpd, name);
    vpd_builder_add_read_only(vpd, read_only);
    if (read_write != NULL)
        vpd_builder_add_read_write(vpd, read_write);
    vpd_builder_add_end(vpd);
    return vpd;
}
