/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-binding.h"

#include <glib/gi18n-lib.h>

#include "boxed-type.h"
#include "names.h"
#include "node-device-name.h"
#include "pci-reading.h"
#include "pci-use.h"
#include "sysfs.h"
#include "text-quote.h"
#include "vfio-device.h"
#include "zpci-error.h"
#include "zpci-host-private.h"
#include "zpci-inventory-private.h"

/* A bridge to another PCI bus; PCI Code and ID Assignment Specification, base class 06h. */
#define CLASS_PCI_BRIDGE 0x0604

static char **
zpci_binding_format_each(const GArray *addresses)
{
    char **texts = g_new0(char *, addresses->len + 1);
    char text[PCI_ADDRESS_TEXT_SIZE];

    for (guint i = 0; i < addresses->len; i++)
        texts[i] = g_strdup(pci_address_format(&g_array_index(addresses, PciAddress, i), text));
    return texts;
}

/* The class is there for everybody, the header for root. */
static gboolean
zpci_binding_is_bridge(const PciDevice *device)
{
    return device->config.header != PCI_HEADER_ENDPOINT ||
           (device->class_code >= 0 && device->class_code >> 8 == CLASS_PCI_BRIDGE);
}

static gboolean
zpci_binding_is_in_dev(const HostAccess *access, const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(access->dev, directory, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* The kernel makes /dev/iommu, and beside the group's node one for each function, if it is built
 * so: IOMMUFD and VFIO_DEVICE_CDEV. Captures have no nodes. */
static void
zpci_binding_read_nodes(const ZpciHost *host, const char *path, ZpciBinding *binding)
{
    const HostAccess *access = zpci_host_get_access(host);
    g_autofree char *directory = g_build_filename(path, NAME_VFIO_DEV, NULL);
    g_autoptr(GPtrArray) names = NULL;

    binding->has_iommufd = -1;
    binding->has_node = -1;
    if (access == NULL)
        return;
    binding->has_iommufd = zpci_binding_is_in_dev(access, NAME_DEV_IOMMU, NULL);
    names = sysfs_list_if_there(zpci_host_get_sysfs(host), directory, NULL);
    if (!binding->is_vfio || names == NULL)
        return;
    binding->has_node = 0;
    for (guint i = 0; i < names->len; i++)
        binding->has_node |=
            zpci_binding_is_in_dev(access, NAME_DEV_VFIO_DEVICES, g_ptr_array_index(names, i));
}

ZpciBinding *
zpci_binding_read(const ZpciInventory *inventory, const char *name, GError **error)
{
    const ZpciHost *host = zpci_inventory_get_host(inventory);
    g_autofree char *quoted = NULL;
    g_autofree char *path = NULL;
    g_autoptr(PciDevice) device = NULL;
    char text[PCI_ADDRESS_TEXT_SIZE];
    ZpciBinding *binding;
    PciAddress address;

    if (!node_device_name_parse(name, &address)) {
        quoted = text_quote(name);
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("The node device %s is no PCI function."), quoted);
        return NULL;
    }
    path = zpci_host_find(host, &address, error);
    if (path == NULL)
        return NULL;
    device = pci_reading_read(host, &address, error);
    if (device == NULL)
        return NULL;
    binding = g_new0(ZpciBinding, 1);
    binding->address = g_strdup(pci_address_format(&address, text));
    binding->driver = g_strdup(device->driver);
    binding->is_vfio = vfio_device_has_driver(zpci_host_get_sysfs(host), path);
    binding->iommu_group = device->iommu_group;
    binding->has_msix =
        device->config.msix == PCI_MSIX_UNKNOWN ? -1 : device->config.msix == PCI_MSIX_PRESENT;
    binding->members = zpci_binding_format_each(device->iommu_members);
    if (device->physfn != NULL)
        binding->physical = g_strdup(pci_address_format(device->physfn, text));
    binding->virtual_functions = zpci_binding_format_each(device->virtfns);
    binding->is_bridge = zpci_binding_is_bridge(device);
    zpci_binding_read_nodes(host, path, binding);
    return binding;
}

gboolean
zpci_binding_is_free(const ZpciInventory *inventory, const char *name, ZpciBindingUses uses,
                     GError **error)
{
    const ZpciHost *host = zpci_inventory_get_host(inventory);
    PciUseKinds kinds = 0;
    PciAddress address;

    if (!node_device_name_parse(name, &address)) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("Only PCI functions can be in use by a guest."));
        return FALSE;
    }
    if ((uses & ZPCI_BINDING_USE_HOST) != 0)
        kinds |= PCI_USE_FUNCTIONS | PCI_USE_NET | PCI_USE_BLOCK;
    if ((uses & ZPCI_BINDING_USE_GUEST) != 0)
        kinds |= PCI_USE_VFIO;
    return zpci_host_get_access(host) == NULL || pci_use_check(host, &address, kinds, error);
}

void
zpci_binding_free(ZpciBinding *binding)
{
    if (binding == NULL)
        return;
    g_free(binding->address);
    g_free(binding->driver);
    g_strfreev(binding->members);
    g_free(binding->physical);
    g_strfreev(binding->virtual_functions);
    g_free(binding);
}

static ZpciBinding *
zpci_binding_copy(ZpciBinding *binding)
{
    ZpciBinding *copy = g_memdup2(binding, sizeof *binding);

    copy->address = g_strdup(binding->address);
    copy->driver = g_strdup(binding->driver);
    copy->members = g_strdupv(binding->members);
    copy->physical = g_strdup(binding->physical);
    copy->virtual_functions = g_strdupv(binding->virtual_functions);
    return copy;
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciBinding, zpci_binding, zpci_binding_copy, zpci_binding_free)
