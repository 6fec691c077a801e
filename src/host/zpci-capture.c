/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-capture.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capture-writer.h"
#include "chain-source.h"
#include "clp-capture.h"
#include "dmi.h"
#include "names.h"
#include "net-capture.h"
#include "pci-mdev-type.h"
#include "pci-vpd.h"
#include "sysfs.h"
#include "system-error.h"
#include "zpci-attribute.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

/* Enough for extended configuration space. */
#define CONFIG_MAX 4096

static const char *const device_files[] = {
    NAME_CLASS,          NAME_VENDOR, NAME_DEVICE,      NAME_NUMA_NODE,
    NAME_SRIOV_TOTALVFS, NAME_UEVENT, NAME_UTIL_STRING, NAME_CONFIG,
};
static const char *const device_links[] = { NAME_DRIVER, NAME_IOMMU_GROUP, NAME_PHYSFN,
                                            NAME_SUBSYSTEM };
static const char *const mdev_files[] = { NAME_MDEV_NAME, NAME_MDEV_DEVICE_API,
                                          NAME_MDEV_AVAILABLE };
static const char *const slot_files[] = { NAME_SLOT_POWER, NAME_SLOT_ADDRESS, NAME_SLOT_UID };

static gboolean
zpci_capture_copy_file(CaptureWriter *writer, const char *directory, const char *name,
                       GError **error)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    return capture_writer_copy_file(writer, path, CONFIG_MAX, error);
}

static gboolean
zpci_capture_copy_link(CaptureWriter *writer, const char *directory, const char *name,
                       GError **error)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    return capture_writer_copy_link(writer, path, error);
}

static gboolean
zpci_capture_copy_zpci_attributes(CaptureWriter *writer, const char *directory, GError **error)
{
    guint count;
    const ZpciAttribute *attributes = zpci_attribute_list(&count);

    for (guint i = 0; i < count; i++) {
        for (guint j = 0; attributes[i].names[j] != NULL; j++) {
            if (!zpci_capture_copy_file(writer, directory, attributes[i].names[j], error))
                return FALSE;
        }
    }
    return TRUE;
}

/* Links that are counted: virtfn0, virtfn1 and so on. */
static gboolean
zpci_capture_copy_virtfns(CaptureWriter *writer, const char *directory, GError **error)
{
    g_autofree char *path = NULL;

    for (guint i = 0; i <= G_MAXUINT16; i++) {
        g_autofree char *target = NULL;

        g_free(path);
        path = g_strdup_printf("%s/" NAME_VIRTFN "%u", directory, i);
        target = sysfs_read_link(writer->sysfs, path);
        if (target == NULL)
            return TRUE;
        if (!capture_writer_copy_link(writer, path, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
zpci_capture_copy_vpd(CaptureWriter *writer, const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, NAME_VPD, NULL);

    return capture_writer_copy_file(writer, path, PCI_VPD_MAX_SIZE, error);
}

static gboolean
zpci_capture_copy_mdev_types(CaptureWriter *writer, const char *directory, GError **error)
{
    g_autofree char *types = g_build_filename(directory, NAME_MDEV_TYPES, NULL);
    g_autoptr(GPtrArray) ids = sysfs_list(writer->sysfs, types, NULL);

    for (guint i = 0; ids != NULL && i < MIN(ids->len, PCI_MDEV_TYPE_MAX); i++) {
        g_autofree char *type = g_build_filename(types, g_ptr_array_index(ids, i), NULL);

        for (guint j = 0; j < G_N_ELEMENTS(mdev_files); j++) {
            if (!zpci_capture_copy_file(writer, type, mdev_files[j], error))
                return FALSE;
        }
    }
    return TRUE;
}

/* The driver's own link back, so that the function's link to it leads somewhere. */
static gboolean
zpci_capture_copy_driver(CaptureWriter *writer, const char *directory, const char *address,
                         GError **error)
{
    g_autofree char *link = g_build_filename(directory, NAME_DRIVER, NULL);
    g_autofree char *driver = sysfs_read_link_name(writer->sysfs, link);
    g_autofree char *functions = NULL;

    if (driver == NULL)
        return TRUE;
    functions = g_build_filename(NAME_PCI_DRIVERS, driver, NULL);
    return zpci_capture_copy_link(writer, functions, address, error);
}

static gboolean
zpci_capture_copy_iommu_group(CaptureWriter *writer, const char *directory, GError **error)
{
    g_autofree char *link = g_build_filename(directory, NAME_IOMMU_GROUP, NULL);
    g_autofree char *group = sysfs_read_link_name(writer->sysfs, link);
    g_autofree char *members = NULL;
    g_autoptr(GPtrArray) names = NULL;

    if (group == NULL)
        return TRUE;
    members = g_build_filename(NAME_IOMMU_GROUPS, group, "devices", NULL);
    names = sysfs_list(writer->sysfs, members, NULL);
    for (guint i = 0; names != NULL && i < names->len; i++) {
        if (!zpci_capture_copy_link(writer, members, g_ptr_array_index(names, i), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
zpci_capture_copy_device(CaptureWriter *writer, const char *directory, const char *address,
                         GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(device_files); i++) {
        if (!zpci_capture_copy_file(writer, directory, device_files[i], error))
            return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(device_links); i++) {
        if (!zpci_capture_copy_link(writer, directory, device_links[i], error))
            return FALSE;
    }
    return zpci_capture_copy_zpci_attributes(writer, directory, error) &&
           zpci_capture_copy_vpd(writer, directory, error) &&
           zpci_capture_copy_mdev_types(writer, directory, error) &&
           zpci_capture_copy_virtfns(writer, directory, error) &&
           zpci_capture_copy_driver(writer, directory, address, error) &&
           zpci_capture_copy_iommu_group(writer, directory, error) &&
           zpci_capture_copy_link(writer, NAME_PCI_DEVICES, address, error);
}

static gboolean
zpci_capture_copy_chain(const ZpciHost *host, CaptureWriter *writer, const char *directory,
                        const char *address, gboolean with_vfio, GError **error)
{
    int fd = sysfs_open_directory(writer->sysfs, directory, NULL);
    g_autofree char *path = g_build_filename(NAME_CHAIN, address, NULL);
    g_autoptr(GByteArray) reply = NULL;
    g_autofree char *reason = NULL;

    if (fd < 0)
        return TRUE;
    reply = chain_source_read(host, fd, address, with_vfio, &reason);
    close(fd);
    if (reply != NULL)
        return capture_writer_add_reply(writer, path, "VFIO_DEVICE_GET_INFO", reply->data,
                                        reply->len, error);
    if (reason != NULL)
        capture_writer_note(writer, g_strdup_printf("%s: %s", address, reason));
    return TRUE;
}

static gboolean
zpci_capture_copy_function(const ZpciHost *host, CaptureWriter *writer, const PciAddress *address,
                           gboolean with_vfio, GError **error)
{
    char name[PCI_ADDRESS_TEXT_SIZE];
    g_autofree char *directory = zpci_host_find(host, address, NULL);

    pci_address_format(address, name);
    if (directory == NULL) {
        capture_writer_note(writer, g_strdup_printf(_("%s vanished and is not captured."), name));
        return TRUE;
    }
    return zpci_capture_copy_device(writer, directory, name, error) &&
           zpci_capture_copy_chain(host, writer, directory, name, with_vfio, error);
}

static gboolean
zpci_capture_copy_slots(CaptureWriter *writer, GError **error)
{
    g_autoptr(GPtrArray) slots = sysfs_list(writer->sysfs, NAME_PCI_SLOTS, NULL);

    for (guint i = 0; slots != NULL && i < slots->len; i++) {
        g_autofree char *slot = g_build_filename(NAME_PCI_SLOTS, g_ptr_array_index(slots, i), NULL);

        for (guint j = 0; j < G_N_ELEMENTS(slot_files); j++) {
            if (!zpci_capture_copy_file(writer, slot, slot_files[j], error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean
zpci_capture_copy_dmi(CaptureWriter *writer, GError **error)
{
    for (guint field = 0; field < DMI_N_FIELDS; field++) {
        if (!zpci_capture_copy_file(writer, NAME_DMI, dmi_get_file(field), error))
            return FALSE;
    }
    return TRUE;
}

/* A capture of a capture is still that of its machine. */
static gboolean
zpci_capture_copy_ini(const Capture *capture, CaptureWriter *writer, GError **error)
{
    g_autofree char *path = g_build_filename(capture->root, NAME_CAPTURE_INI, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) problem = NULL;

    if (g_file_get_contents(path, &text, NULL, &problem))
        return capture_writer_add_text(writer, NAME_CAPTURE_INI, text, error);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE, "%s.", problem->message);
    return FALSE;
}

static gboolean
zpci_capture_write_ini(const ZpciHost *host, CaptureWriter *writer, GError **error)
{
    g_autoptr(GKeyFile) ini = g_key_file_new();
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    g_autofree char *text = NULL;
    struct utsname system;

    if (zpci_host_get_capture(host) != NULL)
        return zpci_capture_copy_ini(zpci_host_get_capture(host), writer, error);
    uname(&system);
    g_key_file_set_integer(ini, "capture", "format", CAPTURE_FORMAT);
    g_key_file_set_string(ini, "capture", "byte-order",
                          G_BYTE_ORDER == G_BIG_ENDIAN ? "big" : "little");
    g_key_file_set_string(ini, "capture", "architecture", system.machine);
    g_key_file_set_string(ini, "capture", "kernel", system.release);
    g_key_file_set_string(ini, "capture", "time", time);
    g_key_file_set_string(ini, "capture", "origin", "machine");
    g_key_file_set_string(ini, "parts", "sysfs", "attributes and links read below /sys");
    g_key_file_set_string(ini, "parts", "chain", "VFIO_DEVICE_GET_INFO");
    g_key_file_set_string(ini, "parts", "clp", "replies of /dev/clp");
    text = g_key_file_to_data(ini, NULL, NULL);
    return capture_writer_add_text(writer, NAME_CAPTURE_INI, text, error);
}

static gboolean
zpci_capture_write_all(const ZpciHost *host, CaptureWriter *writer, gboolean with_vfio,
                       ZpciCaptureProgress progress, gpointer data, GError **error)
{
    g_autoptr(GArray) addresses = zpci_host_list(host, error);

    if (addresses == NULL || !zpci_capture_write_ini(host, writer, error))
        return FALSE;
    for (guint i = 0; i < addresses->len; i++) {
        const PciAddress *address = &g_array_index(addresses, PciAddress, i);
        char name[PCI_ADDRESS_TEXT_SIZE];

        if (!zpci_capture_copy_function(host, writer, address, with_vfio, error))
            return FALSE;
        if (progress != NULL)
            progress(pci_address_format(address, name), i + 1, addresses->len, data);
    }
    return zpci_capture_copy_slots(writer, error) && zpci_capture_copy_dmi(writer, error) &&
           net_capture_write(host, writer, error) && clp_capture_write(host, writer, error);
}

gboolean
zpci_capture_write(ZpciHost *host, const char *directory, gboolean with_vfio,
                   ZpciCaptureProgress progress, gpointer data, char ***notes, GError **error)
{
    g_autoptr(GPtrArray) collected = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *root = g_strdup(directory);
    CaptureWriter writer = { root, zpci_host_get_sysfs(host), collected };

    if (mkdir(directory, 0755) < 0) {
        if (errno == EEXIST)
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                        _("%s exists already; name a directory that does not."), directory);
        else
            system_error_set(error, errno, _("Making the directory %s failed"), directory);
        return FALSE;
    }
    if (!zpci_capture_write_all(host, &writer, with_vfio, progress, data, error))
        return FALSE;
    g_ptr_array_add(collected, NULL);
    *notes = (char **)g_ptr_array_free(g_steal_pointer(&collected), FALSE);
    return TRUE;
}
