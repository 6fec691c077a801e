/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-use.h"

#include <glib/gi18n-lib.h>

#include "block-device.h"
#include "block-use.h"
#include "names.h"
#include "net-use.h"
#include "number.h"
#include "process-use.h"
#include "sysfs.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

/* @path: the function's directory below sysfs; @name: its address */
typedef struct {
    const SystemCalls *calls;
    int sysfs;
    const char *proc;
    const char *dev;
    const char *path;
    const char *name;
} PciUse;

static gboolean
pci_use_check_functions(const PciUse *use, GError **error)
{
    g_autofree char *numvfs = g_build_filename(use->path, NAME_SRIOV_NUMVFS, NULL);
    g_autofree char *first = g_build_filename(use->path, NAME_VIRTFN "0", NULL);
    g_autofree char *link = sysfs_read_link(use->sysfs, first);
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    guint64 count = 0;
    SysfsResult result = sysfs_read_text(use->sysfs, numvfs, text, error);

    if (result == SYSFS_UNREADABLE ||
        (result == SYSFS_READ && !number_parse(text, G_MAXUINT16, &count, error)))
        return FALSE;
    if (count == 0 && link == NULL)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                _("The PCI function %s is in use: it carries virtual functions. Remove them first: "
                  "write 0 to its attribute %s."),
                use->name, NAME_SRIOV_NUMVFS);
    return FALSE;
}

static gboolean
pci_use_add_children(const PciUse *use, const char *member, GPtrArray *nodes, GError **error)
{
    g_autofree char *path = g_build_filename(NAME_PCI_DEVICES, member, NAME_VFIO_DEV, NULL);
    g_autoptr(GPtrArray) names = sysfs_list_if_there(use->sysfs, path, error);

    if (names == NULL)
        return FALSE;
    for (guint i = 0; i < names->len; i++)
        g_ptr_array_add(nodes,
                        g_build_filename(NAME_DEV_VFIO_DEVICES, g_ptr_array_index(names, i), NULL));
    return TRUE;
}

/* Who has one function of an IOMMU group has the whole group: through the group's node, or through
 * that of any of its functions. */
static gboolean
pci_use_add_vfio_nodes(const PciUse *use, GPtrArray *nodes, GError **error)
{
    g_autofree char *link = g_build_filename(use->path, NAME_IOMMU_GROUP, NULL);
    g_autofree char *group = sysfs_read_link_name(use->sysfs, link);
    g_autofree char *directory = g_build_filename(link, "devices", NULL);
    g_autoptr(GPtrArray) members = sysfs_list_if_there(use->sysfs, directory, error);

    if (members == NULL || !pci_use_add_children(use, use->name, nodes, error))
        return FALSE;
    if (group == NULL)
        return TRUE;
    g_ptr_array_add(nodes, g_build_filename(NAME_DEV_VFIO, group, NULL));
    g_ptr_array_add(nodes, g_strdup_printf(NAME_DEV_VFIO "/noiommu-%s", group));
    for (guint i = 0; i < members->len; i++) {
        if (!pci_use_add_children(use, g_ptr_array_index(members, i), nodes, error))
            return FALSE;
    }
    return TRUE;
}

static void
pci_use_add_block_nodes(const GPtrArray *devices, GPtrArray *nodes)
{
    for (guint i = 0; i < devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(devices, i);

        g_ptr_array_add(nodes, block_device_get_node(device));
    }
}

static gboolean
pci_use_check_kinds(const PciUse *use, PciUseKinds kinds, GError **error)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) devices = NULL;

    if (((kinds & PCI_USE_FUNCTIONS) != 0 && !pci_use_check_functions(use, error)) ||
        ((kinds & PCI_USE_NET) != 0 && !net_use_check(use->sysfs, use->path, use->name, error)))
        return FALSE;
    if ((kinds & PCI_USE_BLOCK) != 0) {
        devices = block_device_list(use->sysfs, use->path, error);
        if (devices == NULL || !block_use_check(use->sysfs, use->proc, devices, use->name, error))
            return FALSE;
        pci_use_add_block_nodes(devices, nodes);
    }
    if ((kinds & PCI_USE_VFIO) != 0 && !pci_use_add_vfio_nodes(use, nodes, error))
        return FALSE;
    return process_use_check(use->proc, use->dev, nodes, use->name, error) &&
           (devices == NULL ||
            block_use_check_claims(use->calls, use->sysfs, use->dev, devices, use->name, error));
}

/* The function itself is there: what could not be found is something else. Returns: FALSE. */
static gboolean
pci_use_explain(const PciUse *use, const GError *problem, GError **error)
{
    if (problem->code == ZPCI_ERROR_NO_PERMISSION)
        g_set_error(
            error, ZPCI_ERROR, problem->code,
            _("It cannot be told whether the PCI function %s is in use. %s Only root of "
              "the host can look at all of that; connect to a virtzpcid that runs as root."),
            use->name, problem->message);
    else
        g_set_error(error, ZPCI_ERROR,
                    problem->code == ZPCI_ERROR_NOT_FOUND ? ZPCI_ERROR_UNREADABLE : problem->code,
                    _("It cannot be told whether the PCI function %s is in use, so it is left "
                      "alone. %s"),
                    use->name, problem->message);
    return FALSE;
}

gboolean
pci_use_check(const ZpciHost *host, const PciAddress *address, PciUseKinds kinds, GError **error)
{
    const HostAccess *access = zpci_host_get_access(host);
    g_autofree char *path = zpci_host_find(host, address, error);
    char name[PCI_ADDRESS_TEXT_SIZE];
    PciUse use = { .sysfs = zpci_host_get_sysfs(host), .path = path, .name = name };
    g_autoptr(GError) problem = NULL;

    if (path == NULL)
        return FALSE;
    g_return_val_if_fail(access != NULL, FALSE);
    pci_address_format(address, name);
    use.calls = access->calls;
    use.proc = access->proc;
    use.dev = access->dev;
    if (pci_use_check_kinds(&use, kinds, &problem))
        return TRUE;
    if (problem->code != ZPCI_ERROR_IN_USE)
        return pci_use_explain(&use, problem, error);
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}
