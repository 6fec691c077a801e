/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "node-device-families.h"
#include "node-device-pci-family.h"
#include "text-quote.h"
#include "upstream-device.h"
#include "zpci-error.h"
#include "zpci-inventory-private.h"

static const NodeDeviceFamily *
zpci_inventory_find(const ZpciInventory *inventory, const char *name, GError **error)
{
    return node_device_families_find(zpci_inventory_get_host(inventory), name, error);
}

static gboolean
zpci_inventory_check_live(const ZpciInventory *inventory, const char *name, GError **error)
{
    if (zpci_inventory_is_live(inventory))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE,
                _("%s belongs to a captured host, where nothing can be changed."), name);
    return FALSE;
}

/* Whether something can be done to devices of this kind, and to those of this host, by who may know
 * of the device. */
static gboolean
zpci_inventory_can(ZpciInventory *inventory, const char *name, gboolean known, GError **error)
{
    if (known)
        return zpci_inventory_check_live(inventory, name, error) &&
               zpci_inventory_has(inventory, name, error);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                _("%s is of a kind of device to which this cannot be done."), name);
    return FALSE;
}

/* Returns (nullable): the family of a device of this machine that is a PCI function; %NULL with
 * @error set. */
static const NodeDeviceFamily *
zpci_inventory_find_pci(ZpciInventory *inventory, const char *name, GError **error)
{
    const NodeDeviceFamily *family = zpci_inventory_find(inventory, name, NULL);
    g_autofree char *quoted = NULL;

    if (family == &node_device_pci_family)
        return zpci_inventory_check_live(inventory, name, error) ? family : NULL;
    if (!zpci_inventory_has(inventory, name, error))
        return NULL;
    quoted = text_quote(name);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, _("device %s is not a PCI device"),
                quoted);
    return NULL;
}

static gboolean
zpci_inventory_refuse(GError **error)
{
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                        _("The devices of hardware are there by themselves: they are not created, "
                          "defined or updated."));
    return FALSE;
}

static gboolean
zpci_inventory_family_is_active(const NodeDeviceFamily *family)
{
    return !family->is_inactive;
}

static gboolean
zpci_inventory_family_is_persistent(const NodeDeviceFamily *family)
{
    return family->is_persistent;
}

/* libvirt starts exactly those devices by itself that it calls persistent; one in standby stays
 * there until somebody starts it. */
static gboolean
zpci_inventory_family_is_autostarted(const NodeDeviceFamily *family)
{
    return family->is_persistent && !family->is_inactive;
}

/* @question: for the daemon behind us, if there is one and it knows the device
 * @answer: for our own devices */
static gboolean
zpci_inventory_ask(ZpciInventory *inventory, const char *name,
                   gboolean (*question)(UpstreamCaller *caller, const char *name, gboolean *yes,
                                        GError **error),
                   gboolean (*answer)(const NodeDeviceFamily *family), gboolean *yes,
                   GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    g_autoptr(GError) refusal = NULL;
    const NodeDeviceFamily *family;

    if (caller != NULL && question(caller, name, yes, &refusal))
        return TRUE;
    family = zpci_inventory_find_native(inventory, name, &refusal, error);
    if (family == NULL)
        return FALSE;
    *yes = answer(family);
    return TRUE;
}

gboolean
zpci_inventory_is_active(ZpciInventory *inventory, const char *name, gboolean *active,
                         GError **error)
{
    return zpci_inventory_ask(inventory, name, upstream_device_is_active,
                              zpci_inventory_family_is_active, active, error);
}

gboolean
zpci_inventory_is_persistent(ZpciInventory *inventory, const char *name, gboolean *persistent,
                             GError **error)
{
    return zpci_inventory_ask(inventory, name, upstream_device_is_persistent,
                              zpci_inventory_family_is_persistent, persistent, error);
}

gboolean
zpci_inventory_lookup_scsi_host(ZpciInventory *inventory, const char *wwnn, const char *wwpn,
                                char **name, GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    g_autofree char *node = NULL;
    g_autofree char *port = NULL;

    if (caller != NULL)
        return upstream_device_lookup_scsi_host(caller, wwnn, wwpn, 0, name, error);
    /* There is none among the devices that we read ourselves. */
    node = text_quote(wwnn);
    port = text_quote(wwpn);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND, _("There is no SCSI host %s,%s."), node,
                port);
    return FALSE;
}

gboolean
zpci_inventory_get_autostart(ZpciInventory *inventory, const char *name, gboolean *autostart,
                             GError **error)
{
    return zpci_inventory_ask(inventory, name, upstream_device_get_autostart,
                              zpci_inventory_family_is_autostarted, autostart, error);
}

gboolean
zpci_inventory_set_autostart(ZpciInventory *inventory, const char *name, gboolean autostart,
                             GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    g_autoptr(GError) refusal = NULL;

    if (caller != NULL && upstream_device_set_autostart(caller, name, autostart, &refusal))
        return TRUE;
    return zpci_inventory_find_native(inventory, name, &refusal, error) != NULL &&
           zpci_inventory_can(inventory, name, FALSE, error);
}

gboolean
zpci_inventory_create(ZpciInventory *inventory, const char *xml, guint flags, char **name,
                      GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);

    return caller != NULL ? upstream_device_create(caller, xml, flags, name, error)
                          : zpci_inventory_refuse(error);
}

gboolean
zpci_inventory_define(ZpciInventory *inventory, const char *xml, guint flags, char **name,
                      GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);

    return caller != NULL ? upstream_device_define(caller, xml, flags, name, error)
                          : zpci_inventory_refuse(error);
}

gboolean
zpci_inventory_update(ZpciInventory *inventory, const char *name, const char *xml, guint flags,
                      GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    g_autoptr(GError) refusal = NULL;

    if (caller == NULL)
        return zpci_inventory_refuse(error);
    if (upstream_device_update(caller, name, xml, flags, &refusal))
        return TRUE;
    return zpci_inventory_find_native(inventory, name, &refusal, error) != NULL &&
           zpci_inventory_refuse(error);
}

gboolean
zpci_inventory_undefine(ZpciInventory *inventory, const char *name, GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    g_autoptr(GError) refusal = NULL;
    const NodeDeviceFamily *family;

    if (caller != NULL && upstream_device_undefine(caller, name, 0, &refusal))
        return TRUE;
    family = zpci_inventory_find_native(inventory, name, &refusal, error);
    if (family == NULL)
        return FALSE;
    if (family->is_persistent)
        return zpci_inventory_can(inventory, name, FALSE, error);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE, _("Node device '%s' is not defined"),
                name);
    return FALSE;
}

static gboolean
zpci_inventory_start_native(ZpciInventory *inventory, const NodeDeviceFamily *family,
                            const char *name, GError **error)
{
    if (!family->is_inactive) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE, _("Device is already active"));
        return FALSE;
    }
    return zpci_inventory_can(inventory, name, family->start != NULL, error) &&
           family->start(zpci_inventory_get_host(inventory), name, error);
}

gboolean
zpci_inventory_start(ZpciInventory *inventory, const char *name, GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    const NodeDeviceFamily *family = zpci_inventory_find(inventory, name, NULL);
    g_autoptr(GError) refusal = NULL;

    if (caller != NULL && (family == NULL || family->start == NULL) &&
        upstream_device_start(caller, name, 0, &refusal))
        return TRUE;
    family = zpci_inventory_find_native(inventory, name, &refusal, error);
    return family != NULL && zpci_inventory_start_native(inventory, family, name, error);
}

static gboolean
zpci_inventory_destroy_native(ZpciInventory *inventory, const NodeDeviceFamily *family,
                              const char *name, GError **error)
{
    if (family->is_inactive) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE, _("Device '%s' is not active"),
                    name);
        return FALSE;
    }
    return zpci_inventory_can(inventory, name, family->destroy != NULL, error) &&
           family->destroy(zpci_inventory_get_host(inventory), name, error);
}

gboolean
zpci_inventory_destroy(ZpciInventory *inventory, const char *name, GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    const NodeDeviceFamily *family = zpci_inventory_find(inventory, name, NULL);
    g_autoptr(GError) refusal = NULL;

    if (caller != NULL && (family == NULL || family->destroy == NULL) &&
        upstream_device_destroy(caller, name, &refusal))
        return TRUE;
    family = zpci_inventory_find_native(inventory, name, &refusal, error);
    return family != NULL && zpci_inventory_destroy_native(inventory, family, name, error);
}

gboolean
zpci_inventory_detach(ZpciInventory *inventory, const char *name, const char *driver,
                      GError **error)
{
    const NodeDeviceFamily *family = zpci_inventory_find_pci(inventory, name, error);

    return family != NULL && zpci_inventory_can(inventory, name, family->detach != NULL, error) &&
           family->detach(zpci_inventory_get_host(inventory), name, driver, error);
}

gboolean
zpci_inventory_reattach(ZpciInventory *inventory, const char *name, GError **error)
{
    const NodeDeviceFamily *family = zpci_inventory_find_pci(inventory, name, error);

    return family != NULL && zpci_inventory_can(inventory, name, family->reattach != NULL, error) &&
           family->reattach(zpci_inventory_get_host(inventory), name, error);
}

gboolean
zpci_inventory_reset(ZpciInventory *inventory, const char *name, GError **error)
{
    const NodeDeviceFamily *family = zpci_inventory_find_pci(inventory, name, error);

    return family != NULL && zpci_inventory_can(inventory, name, family->reset != NULL, error) &&
           family->reset(zpci_inventory_get_host(inventory), name, error);
}
