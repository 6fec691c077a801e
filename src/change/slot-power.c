/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "slot-power.h"

#include <glib/gi18n-lib.h>

#include "function-lock.h"
#include "host-actions.h"
#include "pci-slot.h"
#include "pci-use.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

#define WAIT_STEP_MS 100

/* Returns (transfer full): what sclp_pci_configure(), s390_pci_hpc.c and the file system answer, in
 * words that help. */
static GError *
slot_power_explain(guint32 fid, const GError *problem)
{
    switch (problem->code) {
    case ZPCI_ERROR_IN_USE:
        return g_error_new(ZPCI_ERROR, problem->code,
                           _("The function 0x%08x has virtual functions; remove them first, by "
                             "writing 0 to its sriov_numvfs."),
                           fid);
    case ZPCI_ERROR_NO_PERMISSION:
        return g_error_new(ZPCI_ERROR, problem->code,
                           _("Only root may configure or deconfigure the function 0x%08x; connect "
                             "to a virtzpcid that runs as root."),
                           fid);
    case ZPCI_ERROR_NOT_FOUND:
        return g_error_new(ZPCI_ERROR, problem->code,
                           _("This host no longer has the function 0x%08x, not even in standby."),
                           fid);
    default:
        return g_error_new(ZPCI_ERROR, problem->code,
                           _("The machine refuses to switch the function 0x%08x, which may be in "
                             "error or have been switched by somebody else; the kernel's log may "
                             "say more. %s"),
                           fid, problem->message);
    }
}

static gboolean
slot_power_write(const ZpciHost *host, guint32 fid, const char *power, GError **error)
{
    g_autofree char *path = pci_slot_get_power_path(fid);
    g_autoptr(GError) problem = NULL;

    if (host_actions_get(host)->write(zpci_host_get_sysfs(host), path, power, &problem))
        return TRUE;
    g_propagate_error(error, slot_power_explain(fid, problem));
    return FALSE;
}

static gboolean
slot_power_has_function(const ZpciHost *host, guint32 fid)
{
    g_autoptr(GArray) addresses = zpci_host_list(host, NULL);

    for (guint i = 0; addresses != NULL && i < addresses->len; i++) {
        guint32 other;

        if (pci_slot_get_fid(host, &g_array_index(addresses, PciAddress, i), &other) &&
            other == fid)
            return TRUE;
    }
    return FALSE;
}

gboolean
slot_power_on(const ZpciHost *host, guint32 fid, guint seconds, GError **error)
{
    g_autoptr(FunctionLock) lock = function_lock_take_slot(host, fid, error);
    gint64 end;

    if (lock == NULL || !slot_power_write(host, fid, PCI_SLOT_POWER_ON, error))
        return FALSE;
    end = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
    while (!slot_power_has_function(host, fid)) {
        if (g_get_monotonic_time() >= end) {
            /* Linux shows no function of an adapter before the adapter's function 0. */
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE,
                        _("The function 0x%08x is configured, but Linux does not show it; if it is "
                          "not the first function of its adapter, start that one too."),
                        fid);
            return FALSE;
        }
        g_usleep(WAIT_STEP_MS * G_TIME_SPAN_MILLISECOND);
    }
    return TRUE;
}

gboolean
slot_power_off(const ZpciHost *host, const PciAddress *address, GError **error)
{
    g_autoptr(FunctionLock) lock = function_lock_take(host, address, error);
    g_autoptr(FunctionLock) slot = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];
    guint32 fid;

    if (lock == NULL)
        return FALSE;
    if (!pci_slot_get_fid(host, address, &fid)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("There is no zPCI function %s on this host."),
                    pci_address_format(address, name));
        return FALSE;
    }
    slot = function_lock_take_slot(host, fid, error);
    return slot != NULL && pci_use_check(host, address, PCI_USE_ALL, error) &&
           slot_power_write(host, fid, PCI_SLOT_POWER_OFF, error);
}
