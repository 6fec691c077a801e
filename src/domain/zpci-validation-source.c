/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "text-quote.h"
#include "zpci-validation-private.h"

#define NAME(element) ((const char *)(element)->name)

/* libvirt 9 knows kvm and xen beside vfio; no s390x host has ever had them. */
static void
zpci_validation_source_check_driver(ZpciMeaning *meaning, const ZpciGuestDevice *device)
{
    const xmlNode *driver = zpci_guest_device_find(device->element, "driver");
    g_autofree char *name = driver != NULL ? zpci_guest_device_get(driver, "name") : NULL;
    g_autofree char *quoted = name != NULL ? text_quote(name) : NULL;

    if (name == NULL || g_str_equal(name, "vfio"))
        return;
    zpci_meaning_add(
        meaning, driver, ZPCI_SEVERITY_ERROR,
        g_strdup_printf(_("The element driver asks for %s, but only 'vfio' passes functions to "
                          "guests."),
                        quoted),
        g_strdup(_("Write name='vfio', or leave the element out.")));
}

static void
zpci_validation_source_check_twice(ZpciMeaning *meaning, const ZpciGuestDevice *device,
                                   const char *address, GHashTable *lines)
{
    gpointer line = g_hash_table_lookup(lines, address);

    if (line == NULL) {
        g_hash_table_insert(lines, g_strdup(address),
                            GUINT_TO_POINTER(xmlGetLineNo(device->element)));
        return;
    }
    zpci_meaning_add(
        meaning, device->element, ZPCI_SEVERITY_ERROR,
        g_strdup_printf(
            _("The element %s passes the function %s, but the one on line %u already passes it."),
            NAME(device->element), address, GPOINTER_TO_UINT(line)),
        g_strdup(_("Take one of them out: a function can be passed only once.")));
}

static void
zpci_validation_source_check_driver_of_host(ZpciMeaning *meaning, const ZpciGuestDevice *device,
                                            const char *address, const ZpciHostState *state)
{
    gboolean managed = zpci_guest_device_has(device->element, "managed", "yes");
    char *hint;

    if (managed || state->is_vfio)
        return;
    hint = g_strdup(_("Write managed='yes', so that libvirt binds it to a VFIO driver, or bind it "
                      "before the guest starts."));
    if (state->driver != NULL)
        zpci_meaning_add(
            meaning, device->element, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element %s passes the function %s as it is, but that is bound "
                              "to %s, which is no VFIO driver."),
                            NAME(device->element), address, state->driver),
            hint);
    else
        zpci_meaning_add(
            meaning, device->element, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element %s passes the function %s as it is, but that is bound "
                              "to no driver."),
                            NAME(device->element), address),
            hint);
}

static void
zpci_validation_source_check_holder(ZpciMeaning *meaning, const ZpciGuestDevice *device,
                                    const char *address, const ZpciHostState *state)
{
    g_autofree char *holder = state->holder != NULL ? text_quote(state->holder) : NULL;

    if (holder == NULL)
        return;
    if (state->holder_runs)
        zpci_meaning_add(
            meaning, device->element, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element %s passes the function %s, which the running domain %s "
                              "has."),
                            NAME(device->element), address, holder),
            g_strdup(_("Detach it there first, or take another function.")));
    else
        zpci_meaning_add(
            meaning, device->element, ZPCI_SEVERITY_WARNING,
            g_strdup_printf(_("The element %s passes the function %s, which the domain %s has too; "
                              "only one of them can run."),
                            NAME(device->element), address, holder),
            g_strdup(_("Take another function if both are to run.")));
}

static void
zpci_validation_source_check_host(ZpciMeaning *meaning, const ZpciGuestDevice *device,
                                  const char *address)
{
    ZpciHostState state = { 0 };

    if (!meaning->look_up(address, meaning->name, &state, meaning->data)) {
        zpci_meaning_add(
            meaning, device->element, ZPCI_SEVERITY_ERROR,
            g_strdup_printf(_("The element %s passes the function %s, which this host does not "
                              "have."),
                            NAME(device->element), address),
            g_strdup(_("\"virt-zpci list\" shows the functions that are there. Without UID "
                       "checking their addresses change when the host restarts; look for the "
                       "FID.")));
        return;
    }
    zpci_validation_source_check_driver_of_host(meaning, device, address, &state);
    zpci_validation_source_check_holder(meaning, device, address, &state);
}

void
zpci_validation_source_check(ZpciMeaning *meaning)
{
    g_autoptr(GHashTable) lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < meaning->devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(meaning->devices, ZpciGuestDevice, i);
        char address[PCI_ADDRESS_TEXT_SIZE];
        PciAddress source;

        if (device->source == NULL)
            continue;
        zpci_validation_source_check_driver(meaning, device);
        if (!zpci_guest_device_get_source(device, &source))
            continue;
        pci_address_format(&source, address);
        zpci_validation_source_check_twice(meaning, device, address, lines);
        if (meaning->look_up != NULL)
            zpci_validation_source_check_host(meaning, device, address);
    }
}
