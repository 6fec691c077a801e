/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "hex-text.h"
#include "names.h"
#include "sysfs.h"
#include "zpci-error.h"

/* A capture.ini is a screenful; a longer one is something else. */
#define CAPTURE_INI_MAX (64 * 1024)

#define CAPTURE_GROUP "capture"
#define CAPTURE_KEY_FORMAT "format"
#define CAPTURE_KEY_BYTE_ORDER "byte-order"

static gboolean
capture_fail(const char *root, ZpciError code, const char *reason, GError **error)
{
    g_set_error(error, ZPCI_ERROR, code, _("%s/%s: %s"), root, NAME_CAPTURE_INI, reason);
    return FALSE;
}

static gboolean
capture_parse_byte_order(GKeyFile *ini, const char *root, int *byte_order, GError **error)
{
    g_autofree char *text = g_key_file_get_string(ini, CAPTURE_GROUP, CAPTURE_KEY_BYTE_ORDER, NULL);

    if (g_strcmp0(text, "big") == 0)
        *byte_order = G_BIG_ENDIAN;
    else if (g_strcmp0(text, "little") == 0)
        *byte_order = G_LITTLE_ENDIAN;
    else
        return capture_fail(root, ZPCI_ERROR_MALFORMED,
                            _("byte-order in the group [capture] must be big or little."), error);
    return TRUE;
}

/* Of any file: one that is no capture may well be a pipe, or have no end. */
static gboolean
capture_read_ini(const char *path, GKeyFile *ini, GError **error)
{
    g_autofree guint8 *text = g_malloc(CAPTURE_INI_MAX + 1);
    g_autoptr(GError) problem = NULL;
    gsize length;

    switch (sysfs_read_bytes(AT_FDCWD, path, text, CAPTURE_INI_MAX + 1, &length, error)) {
    case SYSFS_ABSENT:
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND, _("there is no such file."));
        return FALSE;
    case SYSFS_READ:
        break;
    case SYSFS_UNREADABLE:
    default:
        return FALSE;
    }
    if (length > CAPTURE_INI_MAX) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED, _("it has more than %u bytes."),
                    CAPTURE_INI_MAX);
        return FALSE;
    }
    if (!g_key_file_load_from_data(ini, (const char *)text, length, G_KEY_FILE_NONE, &problem)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED, "%s", problem->message);
        return FALSE;
    }
    return TRUE;
}

static gboolean
capture_load(const char *root, GKeyFile *ini, GError **error)
{
    g_autofree char *path = g_build_filename(root, NAME_CAPTURE_INI, NULL);

    if (capture_read_ini(path, ini, error))
        return TRUE;
    g_prefix_error(error, _("%s is not the directory of a captured host; its %s cannot be read: "),
                   root, NAME_CAPTURE_INI);
    return FALSE;
}

Capture *
capture_open(const char *root, GError **error)
{
    g_autoptr(GKeyFile) ini = g_key_file_new();
    g_autoptr(Capture) capture = g_new0(Capture, 1);
    int format;

    if (!capture_load(root, ini, error))
        return NULL;

    format = g_key_file_get_integer(ini, CAPTURE_GROUP, CAPTURE_KEY_FORMAT, NULL);
    if (format < 1) {
        capture_fail(root, ZPCI_ERROR_MALFORMED,
                     _("format in the group [capture] must be a number from 1."), error);
        return NULL;
    }
    if (format > CAPTURE_FORMAT) {
        capture_fail(root, ZPCI_ERROR_UNSUPPORTED,
                     _("it was written by a newer release; use that one to read it."), error);
        return NULL;
    }
    if (!capture_parse_byte_order(ini, root, &capture->byte_order, error))
        return NULL;
    capture->root = g_strdup(root);
    return g_steal_pointer(&capture);
}

void
capture_free(Capture *capture)
{
    if (capture == NULL)
        return;
    g_free(capture->root);
    g_free(capture);
}

static gboolean
capture_parse_reply(const char *name, const guint8 *text, gsize length, GByteArray **reply,
                    GError **error)
{
    g_autoptr(GPtrArray) sections = hex_text_parse((const char *)text, length, error);
    const HexSection *section;

    if (sections == NULL) {
        g_prefix_error(error, "%s: ", name);
        return FALSE;
    }
    section = g_ptr_array_index(sections, 0);
    *reply = g_byte_array_ref(section->bytes);
    return TRUE;
}

static gboolean
capture_read_text(const char *path, GByteArray **reply, GError **error)
{
    g_autofree guint8 *text = g_malloc(HEX_TEXT_MAX_SIZE + 1);
    gsize length;

    switch (sysfs_read_bytes(AT_FDCWD, path, text, HEX_TEXT_MAX_SIZE + 1, &length, error)) {
    case SYSFS_ABSENT:
        *reply = NULL;
        return TRUE;
    case SYSFS_READ:
        return capture_parse_reply(path, text, length, reply, error);
    case SYSFS_UNREADABLE:
    default:
        return FALSE;
    }
}

gboolean
capture_read_reply(const Capture *capture, const char *directory, const char *name,
                   GByteArray **reply, GError **error)
{
    g_autofree char *path = g_strconcat(capture->root, "/", directory, "/", name, NULL);

    /* Most functions have none, and the room to read one is not small. */
    if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT) {
        *reply = NULL;
        return TRUE;
    }
    return capture_read_text(path, reply, error);
}
