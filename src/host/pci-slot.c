/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-slot.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "function-lock.h"
#include "names.h"
#include "number.h"
#include "pci-use.h"
#include "sysfs.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

#define PCI_SLOT_NAME_DIGITS 8

#define POWER_OFF "0"
#define POWER_ON "1"

#define WAIT_STEP_MS 100

char *
pci_slot_get_path(guint32 fid)
{
    return g_strdup_printf(NAME_PCI_SLOTS "/%08x", fid);
}

gboolean
pci_slot_parse_name(const char *name, guint32 *fid)
{
    const char *end;
    guint64 value;

    if (strlen(name) != PCI_SLOT_NAME_DIGITS ||
        strspn(name, "0123456789abcdef") != PCI_SLOT_NAME_DIGITS ||
        !number_parse_hex_digits(name, G_MAXUINT32, &end, &value))
        return FALSE;
    *fid = (guint32)value;
    return TRUE;
}

static char *
pci_slot_get_power_path(guint32 fid)
{
    return g_strdup_printf(NAME_PCI_SLOTS "/%08x/" NAME_SLOT_POWER, fid);
}

PciSlotState
pci_slot_get_state(const ZpciHost *host, guint32 fid)
{
    g_autofree char *path = pci_slot_get_power_path(fid);
    char power[SYSFS_ATTRIBUTE_MAX + 1];

    if (sysfs_read_text(zpci_host_get_sysfs(host), path, power, NULL) != SYSFS_READ)
        return PCI_SLOT_ABSENT;
    if (strcmp(power, POWER_OFF) == 0)
        return PCI_SLOT_STANDBY;
    return strcmp(power, POWER_ON) == 0 ? PCI_SLOT_CONFIGURED : PCI_SLOT_ABSENT;
}

static int
pci_slot_compare(gconstpointer a, gconstpointer b)
{
    guint32 first = *(const guint32 *)a, second = *(const guint32 *)b;

    return first < second ? -1 : first > second;
}

GArray *
pci_slot_list_standby(const ZpciHost *host, GError **error)
{
    g_autoptr(GArray) fids = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GPtrArray) names =
        sysfs_list_if_there(zpci_host_get_sysfs(host), NAME_PCI_SLOTS, error);

    if (names == NULL)
        return NULL;
    for (guint i = 0; i < names->len; i++) {
        guint32 fid;

        if (pci_slot_parse_name(g_ptr_array_index(names, i), &fid) &&
            pci_slot_get_state(host, fid) == PCI_SLOT_STANDBY)
            g_array_append_val(fids, fid);
    }
    g_array_sort(fids, pci_slot_compare);
    return g_steal_pointer(&fids);
}

gboolean
pci_slot_get_fid(const ZpciHost *host, const PciAddress *address, guint32 *fid)
{
    g_autofree char *path = zpci_host_find(host, address, NULL);
    g_autofree char *attribute = NULL;
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    guint64 value;

    if (path == NULL)
        return FALSE;
    attribute = g_build_filename(path, NAME_FUNCTION_ID, NULL);
    if (sysfs_read_text(zpci_host_get_sysfs(host), attribute, text, NULL) != SYSFS_READ ||
        !number_parse(text, G_MAXUINT32, &value, NULL))
        return FALSE;
    *fid = (guint32)value;
    return TRUE;
}

/* Returns (transfer full): what sclp_pci_configure(), s390_pci_hpc.c and the file system answer, in
 * words that help. */
static GError *
pci_slot_explain(guint32 fid, const GError *problem)
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
                           _("This host is not given the function 0x%08x any more."), fid);
    default:
        return g_error_new(ZPCI_ERROR, problem->code,
                           _("The machine refuses to switch the function 0x%08x, which may be in "
                             "error or have been switched by somebody else; the kernel's log may "
                             "say more. %s"),
                           fid, problem->message);
    }
}

static gboolean
pci_slot_switch(const ZpciHost *host, guint32 fid, const char *power, GError **error)
{
    const HostAccess *access = zpci_host_get_access(host);
    g_autofree char *path = pci_slot_get_power_path(fid);
    g_autoptr(GError) problem = NULL;

    if (access->actions->write(zpci_host_get_sysfs(host), path, power, &problem))
        return TRUE;
    g_propagate_error(error, pci_slot_explain(fid, problem));
    return FALSE;
}

static gboolean
pci_slot_has_function(const ZpciHost *host, guint32 fid)
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
pci_slot_configure(const ZpciHost *host, guint32 fid, guint seconds, GError **error)
{
    g_autoptr(FunctionLock) lock = function_lock_take_slot(host, fid, error);
    gint64 end;

    if (lock == NULL || !pci_slot_switch(host, fid, POWER_ON, error))
        return FALSE;
    end = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
    while (!pci_slot_has_function(host, fid)) {
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
pci_slot_deconfigure(const ZpciHost *host, const PciAddress *address, GError **error)
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
           pci_slot_switch(host, fid, POWER_OFF, error);
}
