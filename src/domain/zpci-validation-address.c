/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "text-quote.h"
#include "zpci-guest-number.h"
#include "zpci-validation-private.h"

static void
zpci_validation_address_check_zpci(ZpciMeaning *meaning, const ZpciGuestDevice *device)
{
    g_autofree char *type = zpci_guest_device_get(device->address, "type");
    g_autofree char *quoted = text_quote(type != NULL ? type : "");
    g_autofree char *architecture =
        text_quote(meaning->architecture != NULL ? meaning->architecture : "");

    if (zpci_meaning_is_foreign(meaning))
        zpci_meaning_add(
            meaning, device->zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element zpci is for guests of the architecture s390x; this one "
                              "is of the architecture %s."),
                            architecture),
            g_strdup(_("Take the element out.")));
    else if (!zpci_guest_device_is_pci(device))
        zpci_meaning_add(
            meaning, device->zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element zpci stands in an address of the type %s; only those of "
                              "the type 'pci' have it."),
                            quoted),
            g_strdup(_("Take the element out, or make the address one of the type 'pci'.")));
}

/* QEMU refuses it when the guest starts: s390_pcihost_plug() in its hw/s390x/s390-pci-bus.c.
 * libvirt accepts it. */
static void
zpci_validation_address_check_multifunction(ZpciMeaning *meaning, const ZpciGuestDevice *device)
{
    gboolean is_s390x = device->zpci != NULL || meaning->architecture != NULL;

    if (is_s390x && !zpci_meaning_is_foreign(meaning) &&
        zpci_guest_device_has(device->address, "multifunction", "on"))
        zpci_meaning_add(
            meaning, device->address, ZPCI_SEVERITY_ERROR,
            g_strdup(_("The element address makes a multifunction device, which QEMU refuses in "
                       "s390x guests.")),
            g_strdup(_("Take multifunction='on' out, and give each device a slot of its own.")));
}

static void
zpci_validation_address_check_domain(ZpciMeaning *meaning, const ZpciGuestDevice *device)
{
    guint64 domain = zpci_guest_device_get_number(device->address, "domain", G_MAXUINT32);

    if (domain != 0)
        zpci_meaning_add(
            meaning, device->address, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element address is in PCI domain 0x%04x, but libvirt has no "
                              "other than 0x0000 in guests."),
                            (guint)domain),
            g_strdup(_("Leave the attribute domain out. The PCI domain that Linux shows in the "
                       "guest is the uid of zpci.")));
}

/* A zero more in front of one digit changes nothing, and many write it so. */
static void
zpci_validation_address_check_part(ZpciMeaning *meaning, const xmlNode *address, const char *name)
{
    g_autofree char *text = zpci_guest_device_get(address, name);
    g_autofree char *quoted = text != NULL ? text_quote(text) : NULL;
    ZpciGuestNumber form;
    guint64 value;

    if (text == NULL)
        return;
    form = zpci_guest_number_read(text, &value);
    if (form == ZPCI_GUEST_NUMBER_BARE_HEX)
        zpci_meaning_add(
            meaning, address, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The attribute %s of the element address is %s, which libvirt "
                              "refuses: hexadecimal digits need 0x in front."),
                            name, quoted),
            g_strdup_printf(_("Write 0x%" PRIx64 "."), value));
    else if (form == ZPCI_GUEST_NUMBER_OCTAL && value > 7)
        zpci_meaning_add(
            meaning, address, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The attribute %s of the element address is %s, which libvirt reads "
                              "as octal: it becomes 0x%" PRIx64 "."),
                            name, quoted, value),
            g_strdup_printf(_("Write 0x%" PRIx64
                              " if you mean that; otherwise write 0x in front of the digits."),
                            value));
}

static void
zpci_validation_address_check_parts(ZpciMeaning *meaning, const xmlNode *address)
{
    static const char *const parts[] = { "domain", "bus", "slot", "function" };

    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
        zpci_validation_address_check_part(meaning, address, parts[i]);
}

static void
zpci_validation_address_check_type(ZpciMeaning *meaning, const ZpciGuestDevice *device)
{
    g_autofree char *type =
        device->address != NULL ? zpci_guest_device_get(device->address, "type") : NULL;
    g_autofree char *quoted = NULL;

    if (device->source == NULL || type == NULL || g_str_equal(type, "pci") ||
        g_str_equal(type, "unassigned"))
        return;
    quoted = text_quote(type);
    zpci_meaning_add(
        meaning, device->address, ZPCI_SEVERITY_ERROR,
        g_strdup_printf(_("The element address is of the type %s, but the element %s passes a PCI "
                          "function."),
                        quoted, (const char *)device->element->name),
        g_strdup(_("Write type='pci', or leave the address out.")));
}

/* Slot 0 of bus 0 is libvirt's way to say that no address is chosen. */
static void
zpci_validation_address_check_slot_0(ZpciMeaning *meaning, const ZpciGuestDevice *device,
                                     guint64 bus, guint64 slot)
{
    gboolean is_s390x = device->zpci != NULL || meaning->architecture != NULL;

    if (bus > 0 && slot == 0 && is_s390x && !zpci_meaning_is_foreign(meaning))
        zpci_meaning_add(
            meaning, device->address, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element address is in slot 0 of bus 0x%02x, which belongs to "
                              "the bridge; libvirt refuses it."),
                            (guint)bus),
            g_strdup(_("Take a slot from 0x01 to 0x1f, or leave bus and slot out.")));
}

/* Devices at several functions of one slot become a multifunction device without being asked. */
static void
zpci_validation_address_check_neighbour(ZpciMeaning *meaning, const ZpciGuestDevice *device,
                                        GHashTable *lines, guint64 slot, gboolean is_same)
{
    gpointer line = g_hash_table_lookup(lines, GUINT_TO_POINTER((guint)slot));
    guint bus = (guint)slot >> 8, number = (guint)slot & 0xff;

    if (line == NULL)
        g_hash_table_insert(lines, GUINT_TO_POINTER((guint)slot),
                            GUINT_TO_POINTER(xmlGetLineNo(device->address)));
    else if (!is_same)
        zpci_meaning_add(
            meaning, device->address, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(
                _("The element address shares bus 0x%02x, slot 0x%02x with the one on line %u. "
                  "That makes them a multifunction device, which QEMU refuses in s390x guests."),
                bus, number, GPOINTER_TO_UINT(line)),
            g_strdup(_("Give each device a slot of its own.")));
}

static gboolean
zpci_validation_address_check_twice(ZpciMeaning *meaning, const ZpciGuestDevice *device,
                                    GHashTable *lines, guint64 slot, guint64 function)
{
    gpointer key = GUINT_TO_POINTER((guint)(slot << 3 | function));
    gpointer line = g_hash_table_lookup(lines, key);

    if (line == NULL) {
        g_hash_table_insert(lines, key, GUINT_TO_POINTER(xmlGetLineNo(device->address)));
        return FALSE;
    }
    zpci_meaning_add(meaning, device->address, ZPCI_SEVERITY_ERROR,
                     g_strdup_printf(_("The element address is bus 0x%02x, slot 0x%02x, function "
                                       "0x%x, but the one on line %u already has this address."),
                                     (guint)slot >> 8, (guint)slot & 0xff, (guint)function,
                                     GPOINTER_TO_UINT(line)),
                     g_strdup(_("Give each device a slot of its own, or leave bus and slot out.")));
    return TRUE;
}

static void
zpci_validation_address_check_slots(ZpciMeaning *meaning)
{
    g_autoptr(GHashTable) of_slots = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) of_functions = g_hash_table_new(NULL, NULL);
    gboolean is_s390x = meaning->architecture != NULL && !zpci_meaning_is_foreign(meaning);

    for (guint i = 0; i < meaning->devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(meaning->devices, ZpciGuestDevice, i);
        guint64 bus, slot, function;
        gboolean is_same;

        if (!zpci_guest_device_is_pci(device))
            continue;
        bus = zpci_guest_device_get_number(device->address, "bus", G_MAXUINT8);
        slot = zpci_guest_device_get_number(device->address, "slot", PCI_ADDRESS_MAX_SLOT);
        function =
            zpci_guest_device_get_number(device->address, "function", PCI_ADDRESS_MAX_FUNCTION);
        zpci_validation_address_check_slot_0(meaning, device, bus, slot);
        if (bus == 0 && slot == 0)
            continue;
        is_same = zpci_validation_address_check_twice(meaning, device, of_functions,
                                                      bus << 8 | slot, function);
        if (is_s390x)
            zpci_validation_address_check_neighbour(meaning, device, of_slots, bus << 8 | slot,
                                                    is_same);
    }
}

void
zpci_validation_address_check(ZpciMeaning *meaning)
{
    for (guint i = 0; i < meaning->devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(meaning->devices, ZpciGuestDevice, i);

        if (device->zpci != NULL)
            zpci_validation_address_check_zpci(meaning, device);
        zpci_validation_address_check_type(meaning, device);
        if (device->source != NULL)
            zpci_validation_address_check_parts(meaning, device->source);
        if (!zpci_guest_device_is_pci(device))
            continue;
        zpci_validation_address_check_parts(meaning, device->address);
        zpci_validation_address_check_multifunction(meaning, device);
        zpci_validation_address_check_domain(meaning, device);
    }
    zpci_validation_address_check_slots(meaning);
}
