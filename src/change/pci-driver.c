/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-driver.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "function-lock.h"
#include "host-actions.h"
#include "names.h"
#include "pci-use.h"
#include "sysfs.h"
#include "text-quote.h"
#include "vfio-device.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

/* The kernel's own driver for any function, and what libvirt's clients call it. */
#define DRIVER_VFIO "vfio-pci"
#define NAME_OF_VFIO "vfio"

/* What libvirt's clients may still ask for, and no kernel has any more. */
#define NAME_OF_KVM "kvm"

/* What driver_override shows if nothing is set, and what unsets it. */
#define OVERRIDE_NONE "(null)"
#define OVERRIDE_CLEAR "\n"

/* @path: the function's directory below sysfs; @name: its address; @driver: (nullable) and
 * @override: (nullable): what it had before anything was changed; @lock: keeps others out from
 * before that until all is done */
typedef struct {
    const ZpciHost *host;
    const HostActions *actions;
    int sysfs;
    PciAddress address;
    char name[PCI_ADDRESS_TEXT_SIZE];
    char *path;
    char *driver;
    char *override;
    FunctionLock *lock;
} PciDriver;

static void
pci_driver_clear(PciDriver *function)
{
    g_free(function->path);
    g_free(function->driver);
    g_free(function->override);
    function_lock_free(function->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PciDriver, pci_driver_clear)

/* Returns (transfer full) (nullable): the driver that the function has now. */
static char *
pci_driver_read(int sysfs, const char *path)
{
    g_autofree char *link = g_build_filename(path, NAME_DRIVER, NULL);

    return sysfs_read_link_name(sysfs, link);
}

static gboolean
pci_driver_begin(PciDriver *function, const ZpciHost *host, const PciAddress *address,
                 GError **error)
{
    g_autofree char *attribute = NULL;
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    function->host = host;
    function->actions = host_actions_get(host);
    function->sysfs = zpci_host_get_sysfs(host);
    function->address = *address;
    pci_address_format(address, function->name);
    function->lock = function_lock_take(host, address, error);
    if (function->lock == NULL)
        return FALSE;
    function->path = zpci_host_find(host, address, error);
    if (function->path == NULL)
        return FALSE;
    function->driver = pci_driver_read(function->sysfs, function->path);
    attribute = g_build_filename(function->path, NAME_DRIVER_OVERRIDE, NULL);
    if (sysfs_read_text(function->sysfs, attribute, text, NULL) == SYSFS_READ &&
        strcmp(text, OVERRIDE_NONE) != 0 && text[0] != '\0')
        function->override = g_strdup(text);
    return TRUE;
}

static gboolean
pci_driver_write(const PciDriver *function, const char *directory, const char *attribute,
                 const char *text, GError **error)
{
    g_autofree char *path = g_build_filename(directory, attribute, NULL);

    return function->actions->write(function->sysfs, path, text, error);
}

/* @override: what the kernel shall bind it to, or %OVERRIDE_CLEAR to let it choose. */
static gboolean
pci_driver_unbind(const PciDriver *function, const char *override, GError **error)
{
    g_autofree char *driver = pci_driver_read(function->sysfs, function->path);

    return pci_driver_write(function, function->path, NAME_DRIVER_OVERRIDE, override, error) &&
           (driver == NULL || pci_driver_write(function, function->path,
                                               NAME_DRIVER "/" NAME_UNBIND, function->name, error));
}

static gboolean
pci_driver_rebind(const PciDriver *function, const char *override, GError **error)
{
    return pci_driver_unbind(function, override, error) &&
           function->actions->write(function->sysfs, NAME_PCI_DRIVERS_PROBE, function->name, error);
}

static gboolean
pci_driver_put_back(const PciDriver *function, GError **error)
{
    g_autofree char *driver = pci_driver_read(function->sysfs, function->path);
    const char *override = function->override != NULL ? function->override : OVERRIDE_CLEAR;
    g_autofree char *directory = NULL;

    if (g_strcmp0(driver, function->driver) == 0)
        return pci_driver_write(function, function->path, NAME_DRIVER_OVERRIDE, override, error);
    if (!pci_driver_unbind(function, override, error))
        return FALSE;
    if (function->driver == NULL)
        return TRUE;
    directory = g_build_filename(NAME_PCI_DRIVERS, function->driver, NULL);
    return pci_driver_write(function, directory, NAME_BIND, function->name, error);
}

/* Puts all back and says how it ended. */
static gboolean
pci_driver_fail(const PciDriver *function, const char *attempt, const GError *problem,
                GError **error)
{
    g_autoptr(GError) again = NULL;
    g_autofree char *path = zpci_host_find(function->host, &function->address, error);
    int code = problem->code;

    if (path == NULL)
        return FALSE;
    /* The function is there; it is an attribute that is not. */
    if (code == ZPCI_ERROR_NOT_FOUND)
        code = ZPCI_ERROR_UNREADABLE;
    if (!pci_driver_put_back(function, &again))
        g_set_error(error, ZPCI_ERROR, code, _("%s %s Undoing that failed, too: %s"), attempt,
                    problem->message, again->message);
    else if (function->driver == NULL)
        g_set_error(error, ZPCI_ERROR, code, _("%s %s It has no driver, as before."), attempt,
                    problem->message);
    else
        g_set_error(error, ZPCI_ERROR, code, _("%s %s It has its driver %s, as before."), attempt,
                    problem->message, function->driver);
    return FALSE;
}

static gboolean
pci_driver_is_there(int sysfs, const char *driver)
{
    g_autofree char *path = g_build_filename(NAME_PCI_DRIVERS, driver, NULL);

    return faccessat(sysfs, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* libvirt asks modprobe as well. Only a fixed name is loaded, none that a client sent. */
static gboolean
pci_driver_load(const PciDriver *function, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (pci_driver_is_there(function->sysfs, DRIVER_VFIO))
        return TRUE;
    if (function->actions->load_module(DRIVER_VFIO, &problem) &&
        pci_driver_is_there(function->sysfs, DRIVER_VFIO))
        return TRUE;
    if (problem == NULL)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
                    _("The module %s was loaded, and there is no driver %s."), DRIVER_VFIO,
                    DRIVER_VFIO);
    else
        g_set_error(
            error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
            _("There is no driver %s; see whether the kernel has a module of this name. %s"),
            DRIVER_VFIO, problem->message);
    return FALSE;
}

/* Returns (nullable): the driver that is meant by what a client calls it; libvirt's own words. */
static const char *
pci_driver_choose(const PciDriver *function, const char *driver, GError **error)
{
    g_autofree char *quoted = NULL;

    if (driver == NULL || strcmp(driver, NAME_OF_VFIO) == 0 || strcmp(driver, DRIVER_VFIO) == 0)
        return DRIVER_VFIO;
    if (strcmp(driver, NAME_OF_KVM) == 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("KVM device assignment is no longer supported on this system"));
        return NULL;
    }
    if (strstr(driver, NAME_IN_VFIO_DRIVERS) != NULL && strlen(driver) <= NAME_MAX &&
        strchr(driver, '/') == NULL && pci_driver_is_there(function->sysfs, driver))
        return driver;
    quoted = text_quote(driver);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, _("unknown driver name %s"),
                quoted);
    return NULL;
}

static gboolean
pci_driver_check_group(const PciDriver *function, GError **error)
{
    g_autofree char *link = g_build_filename(function->path, NAME_IOMMU_GROUP, NULL);
    g_autofree char *group = sysfs_read_link_name(function->sysfs, link);

    if (group != NULL)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                _("VFIO device assignment is currently not supported on this system: the PCI "
                  "function %s belongs to no IOMMU group."),
                function->name);
    return FALSE;
}

static gboolean
pci_driver_bind(const PciDriver *function, const char *driver, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *attempt = NULL;
    g_autofree char *now = NULL;

    if (pci_driver_rebind(function, driver, &problem)) {
        now = pci_driver_read(function->sysfs, function->path);
        if (g_strcmp0(now, driver) == 0)
            return TRUE;
        g_set_error(&problem, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
                    _("The driver did not take it; the log of the kernel says why."));
    }
    attempt =
        g_strdup_printf(_("Binding the PCI function %s to %s failed."), function->name, driver);
    return pci_driver_fail(function, attempt, problem, error);
}

gboolean
pci_driver_detach(const ZpciHost *host, const PciAddress *address, const char *driver,
                  GError **error)
{
    g_auto(PciDriver) function = { 0 };
    const char *chosen;

    if (!pci_driver_begin(&function, host, address, error))
        return FALSE;
    chosen = pci_driver_choose(&function, driver, error);
    if (chosen == NULL || !pci_driver_check_group(&function, error))
        return FALSE;
    if (g_strcmp0(function.driver, chosen) == 0)
        return pci_use_check(host, address, PCI_USE_VFIO, error);
    return pci_use_check(host, address, PCI_USE_ALL, error) &&
           (strcmp(chosen, DRIVER_VFIO) != 0 || pci_driver_load(&function, error)) &&
           pci_driver_bind(&function, chosen, error);
}

gboolean
pci_driver_reattach(const ZpciHost *host, const PciAddress *address, GError **error)
{
    g_auto(PciDriver) function = { 0 };
    g_autoptr(GError) problem = NULL;
    g_autofree char *attempt = NULL;

    if (!pci_driver_begin(&function, host, address, error))
        return FALSE;
    if (function.driver != NULL && !vfio_device_has_driver(function.sysfs, function.path))
        return TRUE;
    if (!pci_use_check(host, address, PCI_USE_FUNCTIONS | PCI_USE_VFIO, error))
        return FALSE;
    if (pci_driver_rebind(&function, OVERRIDE_CLEAR, &problem)) {
        if (!vfio_device_has_driver(function.sysfs, function.path))
            return TRUE;
        g_set_error(&problem, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE,
                    _("The kernel chose a VFIO driver again, because that driver was told to take "
                      "such functions."));
    }
    attempt =
        g_strdup_printf(_("Giving the PCI function %s back to the host failed."), function.name);
    return pci_driver_fail(&function, attempt, problem, error);
}
