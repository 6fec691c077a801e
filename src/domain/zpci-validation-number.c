/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "text-quote.h"
#include "zpci-guest-address.h"
#include "zpci-guest-number.h"
#include "zpci-validation-private.h"

/* UIDs or FIDs. @lines has those of the document with the line of the first device that has it. */
typedef struct {
    const char *attribute;
    const char *title;
    int digits;
    guint32 first;
    guint32 last;
    GHashTable *lines;
} ZpciNumberKind;

static gboolean
zpci_validation_number_warn_of_form(ZpciMeaning *meaning, const ZpciNumberKind *kind,
                                    const xmlNode *zpci, const char *text, guint64 value,
                                    ZpciGuestNumber form)
{
    g_autofree char *quoted = text_quote(text);

    switch (form) {
    case ZPCI_GUEST_NUMBER_HEX:
        return TRUE;
    case ZPCI_GUEST_NUMBER_DECIMAL:
        zpci_meaning_add(
            meaning, zpci, ZPCI_SEVERITY_WARNING,
            g_strdup_printf(_("The attribute %s of the element zpci is %s, which is decimal."),
                            kind->attribute, quoted),
            g_strdup_printf(_("Write 0x%0*x, so that nobody takes it for hexadecimal."),
                            kind->digits, (guint)value));
        return TRUE;
    case ZPCI_GUEST_NUMBER_OCTAL:
        zpci_meaning_add(
            meaning, zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The attribute %s of the element zpci is %s, which libvirt reads as "
                              "octal: it becomes 0x%0*x."),
                            kind->attribute, quoted, kind->digits, (guint)value),
            g_strdup_printf(
                _("Write 0x%0*x if you mean that; otherwise write 0x in front of the digits."),
                kind->digits, (guint)value));
        return TRUE;
    case ZPCI_GUEST_NUMBER_BARE_HEX:
        zpci_meaning_add(
            meaning, zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The attribute %s of the element zpci is %s, which libvirt refuses: "
                              "hexadecimal digits need 0x in front."),
                            kind->attribute, quoted),
            g_strdup_printf(_("Write 0x%0*" PRIx64 "."), kind->digits, value));
        return FALSE;
    default:
        zpci_meaning_add(
            meaning, zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The attribute %s of the element zpci is %s, which is no number."),
                            kind->attribute, quoted),
            g_strdup_printf(_("Write 0x and up to %d hexadecimal digits."), kind->digits));
        return FALSE;
    }
}

static gboolean
zpci_validation_number_is_in_range(ZpciMeaning *meaning, const ZpciNumberKind *kind,
                                   const xmlNode *zpci, const char *text, guint64 value)
{
    g_autofree char *quoted = text_quote(text);

    if (value > kind->last) {
        zpci_meaning_add(
            meaning, zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The attribute %s of the element zpci is %s, which is larger than "
                              "0x%x, the largest %s."),
                            kind->attribute, quoted, kind->last, kind->title),
            g_strdup(_("Take a smaller one, or leave the attribute out: libvirt then takes a free "
                       "one.")));
        return FALSE;
    }
    if (value < kind->first) {
        zpci_meaning_add(
            meaning, zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The attribute %s of the element zpci is %s, which is no %s: 0 means "
                              "that none is set."),
                            kind->attribute, quoted, kind->title),
            g_strdup(_("Take a larger one, or leave the attribute out: libvirt then takes a free "
                       "one.")));
        return FALSE;
    }
    return TRUE;
}

static void
zpci_validation_number_check_one(ZpciMeaning *meaning, ZpciNumberKind *kind, const xmlNode *zpci)
{
    g_autofree char *text = zpci_guest_device_get(zpci, kind->attribute);
    ZpciGuestNumber form;
    gpointer other;
    guint64 value;

    if (text == NULL)
        return;
    form = zpci_guest_number_read(text, &value);
    if (form != ZPCI_GUEST_NUMBER_BARE_HEX && form != ZPCI_GUEST_NUMBER_NONE &&
        !zpci_validation_number_is_in_range(meaning, kind, zpci, text, value))
        return;
    if (!zpci_validation_number_warn_of_form(meaning, kind, zpci, text, value, form))
        return;
    if (!g_hash_table_lookup_extended(kind->lines, GUINT_TO_POINTER((guint32)value), NULL, &other))
        g_hash_table_insert(kind->lines, GUINT_TO_POINTER((guint32)value),
                            GUINT_TO_POINTER((guint)xmlGetLineNo(zpci)));
    else
        zpci_meaning_add(
            meaning, zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element zpci asks for the %s 0x%0*x, but the one on line %u "
                              "already has it."),
                            kind->title, kind->digits, (guint)value, GPOINTER_TO_UINT(other)),
            g_strdup(_("Give one of them another number, or leave the attribute out: libvirt then "
                       "takes a free one.")));
}

/* Devices of the same element get their numbers in the order of the document; which elements come
 * first is up to libvirt, and it sorts disks and controllers. */
static GHashTable *
zpci_validation_number_get_earlier(GHashTable *earlier, const xmlNode *element)
{
    GHashTable *numbers = g_hash_table_lookup(earlier, element->name);

    if (numbers == NULL) {
        numbers = g_hash_table_new(NULL, NULL);
        g_hash_table_insert(earlier, (gpointer)element->name, numbers);
    }
    return numbers;
}

static gboolean
zpci_validation_number_is_sorted(const xmlNode *element)
{
    return g_str_equal((const char *)element->name, "disk") ||
           g_str_equal((const char *)element->name, "controller");
}

static void
zpci_validation_number_foresee_one(ZpciMeaning *meaning, const ZpciNumberKind *kind,
                                   const xmlNode *zpci, GHashTable *earlier, GHashTable *chosen)
{
    guint32 next = kind->first;
    gpointer line;

    while (next < kind->last && (g_hash_table_contains(earlier, GUINT_TO_POINTER(next)) ||
                                 g_hash_table_contains(chosen, GUINT_TO_POINTER(next))))
        next++;
    g_hash_table_add(chosen, GUINT_TO_POINTER(next));
    line = g_hash_table_lookup(kind->lines, GUINT_TO_POINTER(next));
    if (line == NULL)
        return;
    zpci_meaning_add(
        meaning, zpci, ZPCI_SEVERITY_WARNING,
        g_strdup_printf(_("The element zpci has no %s. libvirt may choose 0x%0*x, which the one on "
                          "line %u asks for, and then refuse the domain."),
                        kind->title, kind->digits, next, GPOINTER_TO_UINT(line)),
        g_strdup(_("Write both numbers; \"virt-zpci hostdev --domain-xml\" does.")));
}

/* libvirt's collection of addresses fills in a missing half at once, with the first number that is
 * free by then: virDomainZPCIAddressReserveAddr() in its src/conf/domain_addr.c. */
static void
zpci_validation_number_foresee(ZpciMeaning *meaning, const ZpciNumberKind *kind,
                               const ZpciNumberKind *companion)
{
    g_autoptr(GHashTable) earlier = g_hash_table_new_full(
        g_str_hash, g_str_equal, NULL, (GDestroyNotify)(void (*)(void))g_hash_table_unref);
    g_autoptr(GHashTable) chosen = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < meaning->devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(meaning->devices, ZpciGuestDevice, i);
        GHashTable *numbers = zpci_validation_number_get_earlier(earlier, device->element);
        g_autofree char *text =
            device->zpci != NULL ? zpci_guest_device_get(device->zpci, kind->attribute) : NULL;
        guint64 value;

        if (device->zpci == NULL)
            continue;
        if (text == NULL && xmlHasProp(device->zpci, BAD_CAST companion->attribute) != NULL)
            zpci_validation_number_foresee_one(meaning, kind, device->zpci, numbers, chosen);
        else if (text != NULL && zpci_guest_number_is(text, kind->last, &value) &&
                 !zpci_validation_number_is_sorted(device->element))
            g_hash_table_add(numbers, GUINT_TO_POINTER((guint32)value));
    }
}

static gboolean
zpci_validation_number_is_pinned(const ZpciGuestDevice *device)
{
    return device->zpci != NULL && zpci_guest_device_is_passed(device) &&
           xmlHasProp(device->zpci, BAD_CAST "uid") != NULL;
}

/* Where somebody has chosen numbers of some functions, those of the others change with them: the
 * first ones that are free. Where nobody has, libvirt writes all of them down when it defines the
 * domain. */
static void
zpci_validation_number_check_unpinned(ZpciMeaning *meaning)
{
    const xmlNode *root = xmlDocGetRootElement(meaning->document);
    gboolean is_chosen = FALSE;

    for (guint i = 0; i < meaning->devices->len; i++)
        is_chosen |=
            zpci_validation_number_is_pinned(&g_array_index(meaning->devices, ZpciGuestDevice, i));
    if (!is_chosen || !g_str_equal((const char *)root->name, "domain") ||
        zpci_meaning_is_foreign(meaning))
        return;
    for (guint i = 0; i < meaning->devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(meaning->devices, ZpciGuestDevice, i);

        if (device->zpci != NULL || !zpci_guest_device_is_passed(device) ||
            !(zpci_guest_device_is_pci(device) || zpci_guest_device_is_unplaced(device)))
            continue;
        zpci_meaning_add(
            meaning, device->element, ZPCI_SEVERITY_WARNING,
            g_strdup_printf(
                _("The element %s has no zpci with UID and FID, but another that passes "
                  "a function has. libvirt gives it the first UID that is free, which changes with "
                  "theirs, and with it the name of a network interface in the guest."),
                (const char *)device->element->name),
            g_strdup(_("Write both numbers; \"virt-zpci hostdev --domain-xml\" does.")));
    }
}

void
zpci_validation_number_check(ZpciMeaning *meaning)
{
    g_autoptr(GHashTable) uid_lines = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) fid_lines = g_hash_table_new(NULL, NULL);
    ZpciNumberKind uids = { "uid", "UID", 4, ZPCI_GUEST_UID_MIN, ZPCI_GUEST_UID_MAX, uid_lines };
    ZpciNumberKind fids = { "fid", "FID", 8, 0, ZPCI_GUEST_FID_MAX, fid_lines };

    for (guint i = 0; i < meaning->devices->len; i++) {
        const xmlNode *zpci = g_array_index(meaning->devices, ZpciGuestDevice, i).zpci;

        if (zpci == NULL)
            continue;
        zpci_validation_number_check_one(meaning, &uids, zpci);
        zpci_validation_number_check_one(meaning, &fids, zpci);
    }
    zpci_validation_number_foresee(meaning, &uids, &fids);
    zpci_validation_number_foresee(meaning, &fids, &uids);
    zpci_validation_number_check_unpinned(meaning);
}

static void
zpci_validation_number_spell_out_one(xmlNode *zpci, const char *attribute, guint64 maximum)
{
    g_autofree char *text = zpci_guest_device_get(zpci, attribute);
    g_autofree char *hex = NULL;
    guint64 value;

    if (text == NULL || zpci_guest_number_read(text, &value) != ZPCI_GUEST_NUMBER_DECIMAL ||
        value > maximum)
        return;
    hex = g_strdup_printf("0x%" PRIx64, value);
    xmlSetProp(zpci, BAD_CAST attribute, BAD_CAST hex);
}

void
zpci_validation_number_spell_out(ZpciMeaning *meaning)
{
    for (guint i = 0; i < meaning->devices->len; i++) {
        xmlNode *zpci = g_array_index(meaning->devices, ZpciGuestDevice, i).zpci;

        if (zpci == NULL)
            continue;
        zpci_validation_number_spell_out_one(zpci, "uid", ZPCI_GUEST_UID_MAX);
        zpci_validation_number_spell_out_one(zpci, "fid", ZPCI_GUEST_FID_MAX);
    }
}
