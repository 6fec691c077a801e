/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "text-quote.h"
#include "zpci-validation-private.h"

static void
zpci_validation_address_check_zpci(ZpciValidation *validation, const ZpciGuestDevice *device)
{
    g_autofree char *type = zpci_guest_device_get(device->address, "type");
    g_autofree char *quoted = text_quote(type != NULL ? type : "");
    g_autofree char *architecture =
        text_quote(validation->architecture != NULL ? validation->architecture : "");

    if (zpci_validation_is_foreign(validation))
        zpci_validation_add(
            validation, device->zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element zpci is for guests of the architecture s390x; this one "
                              "is of the architecture %s."),
                            architecture),
            g_strdup(_("Take the element out.")));
    else if (!zpci_guest_device_is_pci(device))
        zpci_validation_add(
            validation, device->zpci, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element zpci stands in an address of the type %s; only those of "
                              "the type 'pci' have it."),
                            quoted),
            g_strdup(_("Take the element out, or make the address one of the type 'pci'.")));
}

/* QEMU refuses it when the guest starts: s390_pcihost_plug() in its hw/s390x/s390-pci-bus.c.
 * libvirt accepts it. */
static void
zpci_validation_address_check_multifunction(ZpciValidation *validation,
                                            const ZpciGuestDevice *device)
{
    gboolean is_s390x = device->zpci != NULL || validation->architecture != NULL;

    if (is_s390x && !zpci_validation_is_foreign(validation) &&
        zpci_guest_device_has(device->address, "multifunction", "on"))
        zpci_validation_add(
            validation, device->address, ZPCI_SEVERITY_ERROR,
            g_strdup(_("The element address makes a multifunction device, which QEMU refuses in "
                       "s390x guests.")),
            g_strdup(_("Take multifunction='on' out, and give each device a slot of its own.")));
}

static void
zpci_validation_address_check_domain(ZpciValidation *validation, const ZpciGuestDevice *device)
{
    guint64 domain = zpci_guest_device_get_number(device->address, "domain", G_MAXUINT32);

    if (domain != 0)
        zpci_validation_add(
            validation, device->address, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element address is in PCI domain 0x%04x, but libvirt has no "
                              "other than 0x0000 in guests."),
                            (guint)domain),
            g_strdup(_("Leave the attribute domain out. The PCI domain that Linux shows in the "
                       "guest is the uid of zpci.")));
}

/* Devices at several functions of one slot become a multifunction device without being asked. */
static void
zpci_validation_address_check_slots(ZpciValidation *validation)
{
    g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);

    if (validation->architecture == NULL || zpci_validation_is_foreign(validation))
        return;
    for (guint i = 0; i < validation->devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(validation->devices, ZpciGuestDevice, i);
        guint64 bus, slot, function;
        gpointer key, line;

        if (!zpci_guest_device_is_pci(device) ||
            !zpci_guest_device_has(device->address, "type", "pci"))
            continue;
        bus = zpci_guest_device_get_number(device->address, "bus", G_MAXUINT8);
        slot = zpci_guest_device_get_number(device->address, "slot", PCI_ADDRESS_MAX_SLOT);
        function =
            zpci_guest_device_get_number(device->address, "function", PCI_ADDRESS_MAX_FUNCTION);
        if (slot == 0)
            continue;
        key = GUINT_TO_POINTER((guint)(bus << 8 | slot));
        line = g_hash_table_lookup(lines, key);
        if (line == NULL)
            g_hash_table_insert(lines, key, GUINT_TO_POINTER(xmlGetLineNo(device->address)));
        else if (function != 0)
            zpci_validation_add(
                validation, device->address, ZPCI_SEVERITY_ERROR,
                g_strdup_printf(_("The element address shares bus 0x%02x, slot 0x%02x with that on "
                                  "line %u, which makes them a multifunction device; QEMU refuses "
                                  "it in s390x guests."),
                                (guint)bus, (guint)slot, GPOINTER_TO_UINT(line)),
                g_strdup(_("Give each device a slot of its own.")));
    }
}

void
zpci_validation_address_check(ZpciValidation *validation)
{
    for (guint i = 0; i < validation->devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(validation->devices, ZpciGuestDevice, i);

        if (device->zpci != NULL)
            zpci_validation_address_check_zpci(validation, device);
        if (!zpci_guest_device_is_pci(device))
            continue;
        zpci_validation_address_check_multifunction(validation, device);
        zpci_validation_address_check_domain(validation, device);
    }
    zpci_validation_address_check_slots(validation);
}
