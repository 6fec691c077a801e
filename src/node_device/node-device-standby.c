/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-standby.h"

#include <string.h>

#include "names.h"
#include "node-device-name.h"
#include "node-device-zpci.h"
#include "pci-slot.h"
#include "slot-power.h"
#include "xml-node.h"
#include "xml-text.h"
#include "zpci-host-private.h"
#include "zpci-reading.h"

#define SUBSYSTEM_SLOTS "slots"

static char *
node_device_standby_name(guint32 fid)
{
    return g_strdup_printf(NODE_DEVICE_STANDBY_PREFIX "%08x", fid);
}

static gboolean
node_device_standby_parse(const char *name, guint32 *fid)
{
    return g_str_has_prefix(name, NODE_DEVICE_STANDBY_PREFIX) &&
           pci_slot_parse_name(name + strlen(NODE_DEVICE_STANDBY_PREFIX), fid);
}

char *
node_device_standby_format(guint32 fid, const ZpciFunction *function)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    xmlNode *device = xmlDocGetRootElement(document);
    g_autofree char *name = node_device_standby_name(fid);
    g_autofree char *slot = pci_slot_get_path(fid);
    g_autofree char *path = g_strconcat("/" NAME_SYS "/", slot, NULL);
    xmlNode *capability;

    xml_node_add_text(device, "name", name);
    xml_node_add_text(device, "path", path);
    xml_node_add_text(device, "parent", NODE_DEVICE_NAME_COMPUTER);
    capability = xml_node_add(device, "capability");
    xml_node_set(capability, "type", node_device_standby_family.capability);
    node_device_zpci_add_known(capability, function);
    return xml_text_format(device);
}

static gboolean
node_device_standby_list(const ZpciHost *host, GPtrArray *names, GError **error)
{
    g_autoptr(GArray) fids = NULL;

    if (!zpci_host_shows_standby(host))
        return TRUE;
    fids = pci_slot_list_standby(host, error);
    for (guint i = 0; fids != NULL && i < fids->len; i++)
        g_ptr_array_add(names, node_device_standby_name(g_array_index(fids, guint32, i)));
    return fids != NULL;
}

static gboolean
node_device_standby_has(const ZpciHost *host, const char *name)
{
    guint32 fid;

    return node_device_standby_parse(name, &fid) && zpci_host_shows_standby(host) &&
           pci_slot_get_state(host, fid) == PCI_SLOT_STANDBY;
}

static gboolean
node_device_standby_get_function(const ZpciHost *host, const char *name, ZpciFunction **function,
                                 GError **error)
{
    guint32 fid = 0;
    ZpciFunction *read;

    node_device_standby_parse(name, &fid);
    read = zpci_reading_read_standby(host, fid, error);
    if (read == NULL)
        return FALSE;
    *function = read;
    return TRUE;
}

static char *
node_device_standby_get_xml(const ZpciHost *host, const char *name, GError **error)
{
    g_autoptr(ZpciFunction) function = NULL;
    guint32 fid = 0;

    node_device_standby_parse(name, &fid);
    return node_device_standby_get_function(host, name, &function, error)
               ? node_device_standby_format(fid, function)
               : NULL;
}

static char *
node_device_standby_get_parent(G_GNUC_UNUSED const ZpciHost *host, G_GNUC_UNUSED const char *name)
{
    return g_strdup(NODE_DEVICE_NAME_COMPUTER);
}

static gboolean
node_device_standby_start(const ZpciHost *host, const char *name, GError **error)
{
    guint32 fid = 0;

    node_device_standby_parse(name, &fid);
    return slot_power_on(host, fid, SLOT_POWER_WAIT_SECONDS, error);
}

/* udev tells of a slot that comes or goes, but not of its power; it tells of a PCI function that
 * comes because the power was switched on, and of one that goes before it is off. */
static gboolean
node_device_standby_observe(const ZpciHost *host, const UdevEvent *event, char **key, char **name)
{
    PciAddress address;
    guint32 fid;

    if (strcmp(event->subsystem, SUBSYSTEM_SLOTS) == 0) {
        if (!pci_slot_parse_name(event->name, &fid))
            return FALSE;
    } else if (!pci_address_parse(event->name, &address, NULL) ||
               !pci_slot_get_fid(host, &address, &fid)) {
        return FALSE;
    }
    *key = node_device_standby_name(fid);
    *name = node_device_standby_has(host, *key) ? g_strdup(*key) : NULL;
    return TRUE;
}

static const char *const nested[] = { NULL };
static const char *const subsystems[] = { "pci", SUBSYSTEM_SLOTS, NULL };

const NodeDeviceFamily node_device_standby_family = {
    .capability = "zpci",
    .nested = nested,
    .is_inactive = TRUE,
    .is_persistent = TRUE,
    .list = node_device_standby_list,
    .has = node_device_standby_has,
    .get_xml = node_device_standby_get_xml,
    .get_parent = node_device_standby_get_parent,
    .get_function = node_device_standby_get_function,
    .subsystems = subsystems,
    .observe = node_device_standby_observe,
    .is_quiet = TRUE,
    .start = node_device_standby_start,
};
