/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-pci-family.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"
#include "node-device-mdev-types.h"
#include "node-device-name.h"
#include "node-device-parent.h"
#include "node-device-pci.h"
#include "pci-driver.h"
#include "pci-reading.h"
#include "pci-reset.h"
#include "pci-slot.h"
#include "pci-stamp.h"
#include "slot-power.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

#define CAPABILITY_VPD "vpd"

/* In libvirt's order, then ours. */
static const char *const nested[] = { NODE_DEVICE_MDEV_TYPES, CAPABILITY_VPD,
                                      NODE_DEVICE_PCI_FAMILY_ZPCI, NULL };

/* Returns (transfer full) (nullable): where the function is below sysfs. */
static char *
node_device_pci_family_locate(const ZpciHost *host, const char *name, PciAddress *address)
{
    return node_device_name_parse(name, address) ? zpci_host_find(host, address, NULL) : NULL;
}

gboolean
node_device_pci_family_find(const ZpciHost *host, const char *name, PciAddress *address)
{
    PciAddress parsed;
    g_autofree char *path = node_device_pci_family_locate(host, name, &parsed);

    if (path == NULL)
        return FALSE;
    *address = parsed;
    return TRUE;
}

static gboolean
node_device_pci_family_list(const ZpciHost *host, GPtrArray *names, GError **error)
{
    g_autoptr(GArray) addresses = zpci_host_list(host, error);

    if (addresses == NULL)
        return FALSE;
    for (guint i = 0; i < addresses->len; i++)
        g_ptr_array_add(names, node_device_name_format(&g_array_index(addresses, PciAddress, i)));
    return TRUE;
}

static gboolean
node_device_pci_family_has(const ZpciHost *host, const char *name)
{
    PciAddress address;

    return node_device_pci_family_find(host, name, &address);
}

static char *
node_device_pci_family_find_name(const char *text)
{
    PciAddress address;

    return pci_address_parse(text, &address, NULL) ? node_device_name_format(&address) : NULL;
}

static gboolean
node_device_pci_family_has_nested(const ZpciHost *host, const char *name, const char *capability)
{
    PciAddress address;

    if (!node_device_name_parse(name, &address))
        return FALSE;
    if (strcmp(capability, NODE_DEVICE_MDEV_TYPES) == 0)
        return pci_reading_has_mdev_types(host, &address);
    if (strcmp(capability, CAPABILITY_VPD) == 0)
        return pci_reading_has_vpd(host, &address);
    return strcmp(capability, NODE_DEVICE_PCI_FAMILY_ZPCI) == 0 &&
           zpci_host_has_zpci(host, &address);
}

static char *
node_device_pci_family_get_parent(const ZpciHost *host, const char *name)
{
    PciAddress address;
    g_autofree char *path = node_device_pci_family_locate(host, name, &address);

    return node_device_parent_find(host, path != NULL ? path : "");
}

/* Returns (transfer full) (nullable): the document that was made when all was as it is now. */
static char *
node_device_pci_family_find_document(const ZpciHost *host, const char *name,
                                     const PciAddress *address)
{
    g_autofree char *stamp = NULL;
    g_autofree char *document = text_store_find(zpci_host_get_documents(host), name, &stamp);

    return document != NULL && pci_stamp_holds(host, address, stamp) ? g_steal_pointer(&document)
                                                                     : NULL;
}

static char *
node_device_pci_family_get_xml(const ZpciHost *host, const char *name, GError **error)
{
    g_autoptr(PciDevice) device = NULL;
    g_autofree char *parent = NULL;
    PciAddress address;
    char *document;

    if (!node_device_name_parse(name, &address))
        return node_device_name_miss(name, error);
    document = node_device_pci_family_find_document(host, name, &address);
    if (document != NULL)
        return document;
    device = pci_reading_read(host, &address, error);
    if (device == NULL)
        return NULL;
    parent = node_device_parent_find(host, device->path);
    document = node_device_pci_format(device, parent);
    if (device->stamp != NULL)
        text_store_keep(zpci_host_get_documents(host), name, device->stamp, document);
    return document;
}

static gboolean
node_device_pci_family_has_entry(const ZpciHost *host, const char *path, const char *name)
{
    g_autofree char *entry = g_strconcat(path, "/", name, NULL);

    return faccessat(zpci_host_get_sysfs(host), entry, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The kernel makes all attributes of a function before its link, so that there, what is kept of it
 * tells. */
static gboolean
node_device_pci_family_is_zpci(const ZpciHost *host, const PciSnapshot *known, const char *path)
{
    return zpci_host_is_kernel(host) && (known->parts & PCI_SNAPSHOT_FACTS) != 0
               ? known->facts != NULL
               : node_device_pci_family_has_entry(host, path, NAME_FUNCTION_ID);
}

/* Returns (transfer full) (nullable): the same as has_nested() finds, unless something would have
 * to be read for it: Vital Product Data come from the function itself, and a type of mediated
 * devices is described by the driver. */
static char **
node_device_pci_family_find_capabilities(const ZpciHost *host, const PciAddress *address,
                                         const char *path)
{
    g_autoptr(PciSnapshot) known = pci_reading_find_kept(host, address, path);
    g_autoptr(GStrvBuilder) capabilities = g_strv_builder_new();

    if (known == NULL || (known->parts & PCI_SNAPSHOT_DEVICE) == 0 ||
        node_device_pci_family_has_entry(host, path, NAME_MDEV_TYPES))
        return NULL;
    g_strv_builder_add(capabilities, node_device_pci_family.capability);
    if (known->vpd != NULL)
        g_strv_builder_add(capabilities, CAPABILITY_VPD);
    if (node_device_pci_family_is_zpci(host, known, path))
        g_strv_builder_add(capabilities, NODE_DEVICE_PCI_FAMILY_ZPCI);
    return g_strv_builder_end(capabilities);
}

gboolean
node_device_pci_family_get_ready(const ZpciHost *host, const char *name, char **xml,
                                 char ***capabilities)
{
    PciAddress address;
    g_autofree char *path = NULL;
    g_autofree char *document = NULL;
    g_auto(GStrv) found = NULL;

    if (!zpci_host_is_at_hand(host) || !node_device_name_parse(name, &address))
        return FALSE;
    if (xml != NULL) {
        document = node_device_pci_family_find_document(host, name, &address);
        if (document == NULL)
            return FALSE;
    } else {
        path = zpci_host_find(host, &address, NULL);
        if (path == NULL)
            return FALSE;
    }
    if (capabilities != NULL) {
        found = node_device_pci_family_find_capabilities(host, &address, path);
        if (found == NULL)
            return FALSE;
        *capabilities = g_steal_pointer(&found);
    }
    if (xml != NULL)
        *xml = g_steal_pointer(&document);
    return TRUE;
}

static gboolean
node_device_pci_family_get_function(const ZpciHost *host, const char *name, ZpciFunction **function,
                                    GError **error)
{
    PciAddress address = { 0 };

    node_device_name_parse(name, &address);
    return pci_reading_read_function(host, &address, FALSE, function, NULL, error);
}

static gboolean
node_device_pci_family_get_outline(const ZpciHost *host, const char *name, ZpciFunction **function,
                                   GError **error)
{
    PciAddress address = { 0 };

    node_device_name_parse(name, &address);
    return pci_reading_read_outline(host, &address, function, error);
}

static GByteArray *
node_device_pci_family_probe(const ZpciHost *host, const char *name, gboolean again, GError **error)
{
    PciAddress address = { 0 };

    node_device_name_parse(name, &address);
    return pci_reading_probe(host, &address, again, error);
}

static gboolean
node_device_pci_family_observe(const ZpciHost *host, const UdevEvent *event, char **key,
                               char **name)
{
    PciAddress address;

    if (!pci_address_parse(event->name, &address, NULL))
        return FALSE;
    *key = node_device_name_format(&address);
    *name = !event->removed && node_device_pci_family_has(host, *key) ? g_strdup(*key) : NULL;
    return TRUE;
}

/* Puts a zPCI function into standby; no other can be. */
static gboolean
node_device_pci_family_destroy(const ZpciHost *host, const char *name, GError **error)
{
    PciAddress address = { 0 };
    guint32 fid;

    node_device_name_parse(name, &address);
    if (!zpci_host_shows_standby(host) || !pci_slot_get_fid(host, &address, &fid) ||
        pci_slot_get_state(host, fid) == PCI_SLOT_ABSENT) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("%s is no function that can be put into standby."), name);
        return FALSE;
    }
    return slot_power_off(host, &address, error);
}

static const char *const subsystems[] = { "pci", NULL };

static gboolean
node_device_pci_family_detach(const ZpciHost *host, const char *name, const char *driver,
                              GError **error)
{
    PciAddress address = { 0 };

    node_device_name_parse(name, &address);
    return pci_driver_detach(host, &address, driver, error);
}

static gboolean
node_device_pci_family_reattach(const ZpciHost *host, const char *name, GError **error)
{
    PciAddress address = { 0 };

    node_device_name_parse(name, &address);
    return pci_driver_reattach(host, &address, error);
}

static gboolean
node_device_pci_family_reset(const ZpciHost *host, const char *name, GError **error)
{
    PciAddress address = { 0 };

    node_device_name_parse(name, &address);
    return pci_reset(host, &address, error);
}

const NodeDeviceFamily node_device_pci_family = {
    .capability = "pci",
    .nested = nested,
    .finds_itself = TRUE,
    .list = node_device_pci_family_list,
    .has = node_device_pci_family_has,
    .find_name = node_device_pci_family_find_name,
    .has_nested = node_device_pci_family_has_nested,
    .get_xml = node_device_pci_family_get_xml,
    .get_parent = node_device_pci_family_get_parent,
    .get_function = node_device_pci_family_get_function,
    .get_outline = node_device_pci_family_get_outline,
    .probe = node_device_pci_family_probe,
    .subsystems = subsystems,
    .observe = node_device_pci_family_observe,
    .detach = node_device_pci_family_detach,
    .reattach = node_device_pci_family_reattach,
    .reset = node_device_pci_family_reset,
    .destroy = node_device_pci_family_destroy,
};
