/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-reset.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "function-lock.h"
#include "host-actions.h"
#include "names.h"
#include "pci-use.h"
#include "vfio-device.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

/* ENOTTY is what the kernel says if every way of its failed. */
static gboolean
pci_reset_write(const HostActions *actions, int sysfs, const char *attribute, const char *name,
                GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (actions->write(sysfs, attribute, "1", &problem))
        return TRUE;
    g_set_error(error, ZPCI_ERROR,
                g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED) ? ZPCI_ERROR_UNREADABLE
                                                                             : problem->code,
                _("Unable to reset PCI device %s: %s"), name, problem->message);
    return FALSE;
}

gboolean
pci_reset(const ZpciHost *host, const PciAddress *address, GError **error)
{
    int sysfs = zpci_host_get_sysfs(host);
    g_autoptr(FunctionLock) lock = function_lock_take(host, address, error);
    g_autofree char *path = lock != NULL ? zpci_host_find(host, address, error) : NULL;
    g_autofree char *attribute = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];

    pci_address_format(address, name);
    if (path == NULL || !pci_use_check(host, address, PCI_USE_ALL, error))
        return FALSE;
    attribute = g_build_filename(path, NAME_RESET, NULL);
    if (faccessat(sysfs, attribute, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return pci_reset_write(host_actions_get(host), sysfs, attribute, name, error);
    if (vfio_device_has_driver(sysfs, path))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
                _("Unable to reset PCI device %s: no FLR, PM reset or bus reset available"), name);
    return FALSE;
}
