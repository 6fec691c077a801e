/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "zpci-fact.h"
#include "zpci-validation-private.h"

/* The schema fixes the form of all numbers; one of another form is its business. */
static gboolean
zpci_validation_function_read(const xmlNode *element, const char *name, guint64 *value)
{
    g_autofree char *text = element != NULL ? zpci_guest_device_get(element, name) : NULL;

    return text != NULL && g_ascii_string_to_unsigned(text + (g_str_has_prefix(text, "0x") ? 2 : 0),
                                                      16, 0, G_MAXUINT64, value, NULL);
}

static void
zpci_validation_function_check_dma(ZpciMeaning *meaning, const xmlNode *zpci)
{
    const xmlNode *dma = zpci_guest_device_find(zpci, "dma");
    guint64 start, end;

    if (!zpci_validation_function_read(dma, "start", &start) ||
        !zpci_validation_function_read(dma, "end", &end) || start <= end)
        return;
    zpci_meaning_add(meaning, dma, ZPCI_SEVERITY_ERROR,
                     g_strdup(_("The element dma has a start that lies behind its end.")), NULL);
}

static void
zpci_validation_function_check_group(ZpciMeaning *meaning, const xmlNode *zpci)
{
    const xmlNode *group = zpci_guest_device_find(zpci, "group");
    g_autofree char *simulated = group != NULL ? zpci_guest_device_get(group, "simulated") : NULL;
    guint64 pfgid;

    if (simulated == NULL || !zpci_validation_function_read(zpci, "pfgid", &pfgid) ||
        g_str_equal(simulated, "yes") == (pfgid >= ZPCI_PFGID_SIMULATED))
        return;
    zpci_meaning_add(
        meaning, group, ZPCI_SEVERITY_ERROR,
        g_strdup_printf(_("The element group says simulated='%s', but the function group is "
                          "0x%02x; QEMU makes those from 0x%02x on."),
                        simulated, (guint)pfgid, ZPCI_PFGID_SIMULATED),
        NULL);
}

void
zpci_validation_function_check(ZpciMeaning *meaning)
{
    const xmlNode *device = xmlDocGetRootElement(meaning->document);
    const xmlNode *capability = zpci_guest_device_find(device, "capability");
    const xmlNode *zpci = zpci_guest_device_find(capability, "zpci");

    if (zpci == NULL)
        return;
    zpci_validation_function_check_dma(meaning, zpci);
    zpci_validation_function_check_group(meaning, zpci);
}
