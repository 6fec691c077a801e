/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "function-lock.h"

#include <glib/gi18n-lib.h>

#include "zpci-error.h"
#include "zpci-host-private.h"

#define SLOT_PREFIX "slot-"

/* @what: the function, for messages */
static FunctionLock *
function_lock_take_file(const ZpciHost *host, const char *file, const char *what, GError **error)
{
    const HostAccess *access = zpci_host_get_access(host);
    g_autoptr(GError) problem = NULL;
    FunctionLock *lock;

    g_return_val_if_fail(access != NULL, NULL);
    lock = file_lock_take(access->locks, file, access->lock_seconds, &problem);
    if (lock != NULL)
        return lock;
    if (g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_IN_USE))
        g_set_error(error, ZPCI_ERROR, problem->code,
                    _("The PCI function %s is being changed by another client, and that has not "
                      "ended within %u seconds; try again later."),
                    what, access->lock_seconds);
    else
        /* The function itself is there. */
        g_set_error(error, ZPCI_ERROR,
                    problem->code == ZPCI_ERROR_NOT_FOUND ? ZPCI_ERROR_UNREADABLE : problem->code,
                    _("The PCI function %s is left as it is, because nothing would keep other "
                      "clients from changing it at the same time. %s"),
                    what, problem->message);
    return NULL;
}

FunctionLock *
function_lock_take(const ZpciHost *host, const PciAddress *address, GError **error)
{
    char name[PCI_ADDRESS_TEXT_SIZE];

    pci_address_format(address, name);
    return function_lock_take_file(host, name, name, error);
}

FunctionLock *
function_lock_take_slot(const ZpciHost *host, guint32 fid, GError **error)
{
    g_autofree char *name = g_strdup_printf("0x%08x", fid);
    g_autofree char *file = g_strconcat(SLOT_PREFIX, name, NULL);

    return function_lock_take_file(host, file, name, error);
}

void
function_lock_free(FunctionLock *lock)
{
    file_lock_free(lock);
}
