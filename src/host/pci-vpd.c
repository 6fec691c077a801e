/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-vpd.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "byte-reader.h"
#include "zpci-error.h"

#define VPD_LARGE 0x80
#define VPD_LARGE_HEADER 3
#define VPD_IDENTIFIER 0x82
#define VPD_READ_ONLY 0x90
#define VPD_READ_WRITE 0x91
#define VPD_SMALL_SIZE 0x07
#define VPD_SMALL_TAG_SHIFT 3
#define VPD_END 0x0f
#define VPD_KEYWORD 2
#define VPD_FIELD_HEADER 3

typedef enum {
    VPD_FIELD_UNKNOWN,
    VPD_FIELD_TEXT,
    VPD_FIELD_BINARY,
    VPD_FIELD_CHECKSUM,
    VPD_FIELD_SPACE,
} PciVpdKind;

/* @sum is that of all bytes that have been looked at, modulo 256; passing over a resource leaves it
 * as it is, which is how libvirt counts. */
typedef struct {
    ByteReader reader;
    guint8 sum;
    PciVpd *vpd;
} PciVpdScan;

/* One VPD-R or VPD-W; @last is set by the field behind which there may be none. */
typedef struct {
    gboolean is_read_only;
    gsize position;
    gsize end;
    gboolean last;
} PciVpdSection;

static void
pci_vpd_field_free(gpointer data)
{
    PciVpdField *field = data;

    g_free(field->value);
    g_free(field);
}

static gboolean
pci_vpd_take(PciVpdScan *scan, gsize offset, gsize size, const guint8 **bytes, GError **error)
{
    if (!byte_reader_bytes(&scan->reader, offset, size, "VPD", bytes, error))
        return FALSE;
    for (gsize i = 0; i < size; i++)
        scan->sum = (guint8)(scan->sum + (*bytes)[i]);
    return TRUE;
}

/* Returns (transfer full) (nullable): the text up to a NUL; NULL if it is not printable. */
static char *
pci_vpd_get_text(const guint8 *bytes, gsize size)
{
    g_autofree char *text = g_strstrip(g_strndup((const char *)bytes, size));

    for (const char *p = text; *p != '\0'; p++) {
        if (!g_ascii_isprint(*p))
            return NULL;
    }
    return g_steal_pointer(&text);
}

static gboolean
pci_vpd_is_keyword_character(char c)
{
    return g_ascii_isupper(c) || g_ascii_isdigit(c);
}

static PciVpdKind
pci_vpd_get_kind(const char *keyword)
{
    static const char *const texts[] = { "EC", "MN", "PN", "SN", NULL };

    if (!pci_vpd_is_keyword_character(keyword[0]) || !pci_vpd_is_keyword_character(keyword[1]))
        return VPD_FIELD_UNKNOWN;
    if (strcmp(keyword, "RV") == 0)
        return VPD_FIELD_CHECKSUM;
    if (strcmp(keyword, "RW") == 0)
        return VPD_FIELD_SPACE;
    if (strcmp(keyword, "CP") == 0)
        return VPD_FIELD_BINARY;
    return keyword[0] == 'V' || keyword[0] == 'Y' || g_strv_contains(texts, keyword)
               ? VPD_FIELD_TEXT
               : VPD_FIELD_UNKNOWN;
}

/* Whether a text belongs to its section; else it only proves that the section has fields. */
static gboolean
pci_vpd_belongs(const PciVpdSection *section, const char *keyword)
{
    return keyword[0] == 'V' || (keyword[0] == 'Y') == !section->is_read_only;
}

static PciVpdField *
pci_vpd_find_field(const GPtrArray *fields, const char *keyword)
{
    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        PciVpdField *field = g_ptr_array_index(fields, i);

        if (strcmp(field->keyword, keyword) == 0)
            return field;
    }
    return NULL;
}

/* @value: (transfer full): the last one of a keyword counts, in the place of the first. */
static void
pci_vpd_set_field(GPtrArray *fields, const char *keyword, char *value)
{
    PciVpdField *field = pci_vpd_find_field(fields, keyword);

    if (field == NULL) {
        field = g_new0(PciVpdField, 1);
        g_strlcpy(field->keyword, keyword, sizeof field->keyword);
        g_ptr_array_add(fields, field);
    }
    g_free(field->value);
    field->value = value;
}

static void
pci_vpd_add_field(PciVpdScan *scan, const PciVpdSection *section, const char *keyword,
                  PciVpdKind kind, const guint8 *bytes, gsize size)
{
    GPtrArray **fields = section->is_read_only ? &scan->vpd->readonly : &scan->vpd->readwrite;
    g_autofree char *text = NULL;

    if (kind == VPD_FIELD_TEXT && (text = pci_vpd_get_text(bytes, size)) == NULL)
        return;
    if (*fields == NULL)
        *fields = g_ptr_array_new_with_free_func(pci_vpd_field_free);
    if (text != NULL && pci_vpd_belongs(section, keyword))
        pci_vpd_set_field(*fields, keyword, g_steal_pointer(&text));
}

/* The first byte of RV makes the sum of all up to and with it zero. */
static gboolean
pci_vpd_check_sum(PciVpdScan *scan, gsize offset, GError **error)
{
    const guint8 *bytes;

    if (!pci_vpd_take(scan, offset, 1, &bytes, error))
        return FALSE;
    if (scan->sum == 0)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("The checksum at offset %zu of the VPD is wrong."), offset);
    return FALSE;
}

static gboolean
pci_vpd_parse_value(PciVpdScan *scan, PciVpdSection *section, const char *keyword, gsize size,
                    GError **error)
{
    PciVpdKind kind = pci_vpd_get_kind(keyword);
    gsize offset = section->position;
    const guint8 *bytes;

    if (size > section->end - offset || (kind == VPD_FIELD_SPACE && section->is_read_only) ||
        (kind == VPD_FIELD_CHECKSUM && !section->is_read_only)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("The field before offset %zu of the VPD does not belong there."), offset);
        return FALSE;
    }
    section->position += size;
    section->last = kind == VPD_FIELD_CHECKSUM || kind == VPD_FIELD_SPACE;
    if (kind == VPD_FIELD_CHECKSUM)
        return pci_vpd_check_sum(scan, offset, error);
    if (!pci_vpd_take(scan, offset, size, &bytes, error))
        return FALSE;
    if (kind == VPD_FIELD_TEXT || kind == VPD_FIELD_BINARY)
        pci_vpd_add_field(scan, section, keyword, kind, bytes, size);
    return TRUE;
}

static gboolean
pci_vpd_parse_field(PciVpdScan *scan, PciVpdSection *section, GError **error)
{
    char keyword[VPD_KEYWORD + 1] = "";
    const guint8 *bytes;

    if (!pci_vpd_take(scan, section->position, VPD_FIELD_HEADER, &bytes, error))
        return FALSE;
    memcpy(keyword, bytes, VPD_KEYWORD);
    section->position += VPD_FIELD_HEADER;
    return pci_vpd_parse_value(scan, section, keyword, bytes[VPD_KEYWORD], error);
}

/* VPD-R has to end in RV. VPD-W should end in RW, but there are cards without. */
static gboolean
pci_vpd_parse_section(PciVpdScan *scan, gboolean is_read_only, gsize offset, gsize size,
                      GError **error)
{
    PciVpdSection section = { is_read_only, offset, offset + size, FALSE };

    while (!section.last && section.end - section.position >= VPD_FIELD_HEADER) {
        if (!pci_vpd_parse_field(scan, &section, error))
            return FALSE;
    }
    if (section.position == section.end && (section.last || !is_read_only))
        return TRUE;
    g_set_error(
        error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
        _("The fields of the VPD from offset %zu do not end at offset %zu, as they have to."),
        offset, section.position);
    return FALSE;
}

static gboolean
pci_vpd_parse_name(PciVpdScan *scan, gsize offset, gsize size, GError **error)
{
    g_autofree char *name = NULL;
    const guint8 *bytes;

    if (!pci_vpd_take(scan, offset, size, &bytes, error))
        return FALSE;
    name = pci_vpd_get_text(bytes, size);
    if (name == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("The name at offset %zu of the VPD is not printable."), offset);
        return FALSE;
    }
    g_free(scan->vpd->name);
    scan->vpd->name = g_steal_pointer(&name);
    return TRUE;
}

/* Reads the header of a resource and leaves @position behind it. */
static gboolean
pci_vpd_parse_header(PciVpdScan *scan, gsize *position, guint *tag, gsize *size, GError **error)
{
    const guint8 *bytes;

    if (!pci_vpd_take(scan, *position, 1, &bytes, error))
        return FALSE;
    if (bytes[0] & VPD_LARGE) {
        *tag = bytes[0];
        if (!pci_vpd_take(scan, *position + 1, 2, &bytes, error))
            return FALSE;
        *size = (gsize)(bytes[0] | bytes[1] << 8);
        *position += VPD_LARGE_HEADER;
    } else {
        *tag = bytes[0] >> VPD_SMALL_TAG_SHIFT;
        *size = bytes[0] & VPD_SMALL_SIZE;
        *position += 1;
    }
    return TRUE;
}

static gboolean
pci_vpd_parse_resource(PciVpdScan *scan, guint tag, gsize position, gsize size, GError **error)
{
    switch (tag) {
    case VPD_IDENTIFIER:
        return pci_vpd_parse_name(scan, position, size, error);
    case VPD_READ_ONLY:
    case VPD_READ_WRITE:
        return pci_vpd_parse_section(scan, tag == VPD_READ_ONLY, position, size, error);
    default:
        return TRUE;
    }
}

static gboolean
pci_vpd_parse_resources(PciVpdScan *scan, GError **error)
{
    gboolean has_read_only = FALSE;
    gsize position = 0;
    gsize size;
    guint tag;

    while (pci_vpd_parse_header(scan, &position, &tag, &size, error)) {
        if (tag == VPD_END) {
            if (!has_read_only)
                g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                                    _("The VPD has no read-only fields."));
            return has_read_only;
        }
        if (position > PCI_VPD_MAX_SIZE || size > PCI_VPD_MAX_SIZE - position) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                        _("The resource before offset %zu of the VPD is too long."), position);
            return FALSE;
        }
        if (!pci_vpd_parse_resource(scan, tag, position, size, error))
            return FALSE;
        has_read_only = has_read_only || tag == VPD_READ_ONLY;
        position += size;
    }
    return FALSE;
}

PciVpd *
pci_vpd_parse(const guint8 *data, gsize size, GError **error)
{
    g_autoptr(PciVpd) vpd = g_atomic_rc_box_new0(PciVpd);
    PciVpdScan scan = { { data, MIN(size, PCI_VPD_MAX_SIZE), G_LITTLE_ENDIAN }, 0, vpd };

    return pci_vpd_parse_resources(&scan, error) ? g_steal_pointer(&vpd) : NULL;
}

const char *
pci_vpd_find(const GPtrArray *fields, const char *keyword)
{
    const PciVpdField *field = pci_vpd_find_field(fields, keyword);

    return field != NULL ? field->value : NULL;
}

static void
pci_vpd_clear(gpointer data)
{
    PciVpd *vpd = data;

    g_free(vpd->name);
    if (vpd->readonly != NULL)
        g_ptr_array_unref(vpd->readonly);
    if (vpd->readwrite != NULL)
        g_ptr_array_unref(vpd->readwrite);
}

PciVpd *
pci_vpd_ref(PciVpd *vpd)
{
    return vpd != NULL ? g_atomic_rc_box_acquire(vpd) : NULL;
}

void
pci_vpd_unref(PciVpd *vpd)
{
    if (vpd != NULL)
        g_atomic_rc_box_release_full(vpd, pci_vpd_clear);
}
