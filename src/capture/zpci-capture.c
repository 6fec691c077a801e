/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-capture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capture-writer.h"
#include "chain-source.h"
#include "dmi.h"
#include "names.h"
#include "pci-reading.h"
#include "pci-slot.h"
#include "sysfs.h"
#include "system-error.h"
#include "zpci-capture-private.h"
#include "zpci-error.h"
#include "zpci-host-private.h"
#include "zpci-reading.h"

/* What no reader reads, for people and other programs. */
static const char *const device_files[] = { NAME_UEVENT };
static const char *const slot_files[] = { NAME_SLOT_POWER, NAME_SLOT_ADDRESS, NAME_SLOT_UID };

/* The driver's own link back, so that the function's link to it leads somewhere. */
static void
zpci_capture_want_driver(CaptureWriter *writer, const char *directory, const char *address)
{
    g_autofree char *link = g_build_filename(directory, NAME_DRIVER, NULL);
    g_autofree char *driver = sysfs_read_link_name(writer->sysfs, link);
    g_autofree char *functions = NULL;

    if (driver == NULL)
        return;
    functions = g_build_filename(NAME_PCI_DRIVERS, driver, NULL);
    capture_writer_want(writer, SYSFS_READING_LINK, functions, address);
}

/* Root alone may read them, so that they are missing is worth no note. */
static void
zpci_capture_want_statistics(CaptureWriter *writer, const char *address)
{
    g_autofree char *directory = g_build_filename(NAME_DEBUG_PCI, address, NULL);
    g_autofree char *path = g_build_filename(directory, NAME_DEBUG_STATISTICS, NULL);

    if (faccessat(writer->sysfs, path, R_OK, 0) == 0)
        capture_writer_want(writer, SYSFS_READING_FILE, directory, NAME_DEBUG_STATISTICS);
}

/* A function whose vendor ID cannot be read has no document, but is listed. */
static gboolean
zpci_capture_copy_device(CaptureWriter *writer, const char *directory, const PciAddress *address,
                         GError **error)
{
    g_autoptr(ZpciFunction) function = NULL;
    g_autoptr(PciDevice) device = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];

    pci_reading_read_function(writer->reader, address, FALSE, &function, NULL, NULL);
    device = pci_reading_read(writer->reader, address, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(device_files); i++)
        capture_writer_want(writer, SYSFS_READING_FILE, directory, device_files[i]);
    capture_writer_want(writer, SYSFS_READING_LINK, directory, NAME_SUBSYSTEM);
    zpci_capture_want_driver(writer, directory, pci_address_format(address, name));
    zpci_capture_want_statistics(writer, name);
    return capture_writer_copy_readings(writer, error);
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
    return zpci_capture_copy_device(writer, directory, address, error) &&
           zpci_capture_copy_chain(host, writer, directory, name, with_vfio, error);
}

static gboolean
zpci_capture_copy_slots(CaptureWriter *writer, GError **error)
{
    g_autoptr(GArray) fids = pci_slot_list_standby(writer->reader, NULL);
    g_autoptr(GPtrArray) slots = sysfs_list(writer->sysfs, NAME_PCI_SLOTS, NULL);

    for (guint i = 0; fids != NULL && i < fids->len; i++)
        zpci_function_unref(
            zpci_reading_read_standby(writer->reader, g_array_index(fids, guint32, i), NULL));
    for (guint i = 0; slots != NULL && i < slots->len; i++) {
        g_autofree char *slot = g_build_filename(NAME_PCI_SLOTS, g_ptr_array_index(slots, i), NULL);

        for (guint j = 0; j < G_N_ELEMENTS(slot_files); j++)
            capture_writer_want(writer, SYSFS_READING_FILE, slot, slot_files[j]);
    }
    return capture_writer_copy_readings(writer, error);
}

static gboolean
zpci_capture_copy_dmi(CaptureWriter *writer, GError **error)
{
    for (guint field = 0; field < DMI_N_FIELDS; field++)
        g_free(dmi_read(writer->reader, field));
    return capture_writer_copy_readings(writer, error);
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
           block_capture_write(host, writer, error) && net_capture_write(host, writer, error) &&
           ccw_capture_write(host, writer, error) && clp_capture_write(host, writer, error);
}

static gboolean
zpci_capture_read_and_write(const ZpciHost *host, CaptureWriter *writer, gboolean with_vfio,
                            ZpciCaptureProgress progress, gpointer data, GError **error)
{
    g_autoptr(ZpciHost) reader = zpci_host_open_as_capture(host, writer->root, error);
    g_autoptr(SysfsRecorder) recorder = NULL;

    if (reader == NULL)
        return FALSE;
    recorder = sysfs_recorder_start(zpci_host_get_sysfs(reader), error);
    if (recorder == NULL)
        return FALSE;
    writer->reader = reader;
    writer->recorder = recorder;
    return zpci_capture_write_all(host, writer, with_vfio, progress, data, error);
}

gboolean
zpci_capture_write(ZpciHost *host, const char *directory, gboolean with_vfio,
                   ZpciCaptureProgress progress, gpointer data, char ***notes, GError **error)
{
    g_autoptr(GPtrArray) collected = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *root = g_strdup(directory);
    CaptureWriter writer = { root, zpci_host_get_sysfs(host), collected, NULL, NULL };

    if (mkdir(directory, 0755) < 0) {
        if (errno == EEXIST)
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                        _("%s exists already; name a directory that does not."), directory);
        else
            system_error_set(error, errno, _("Making the directory %s failed"), directory);
        return FALSE;
    }
    if (!zpci_capture_read_and_write(host, &writer, with_vfio, progress, data, error))
        return FALSE;
    g_ptr_array_add(collected, NULL);
    *notes = (char **)g_ptr_array_free(g_steal_pointer(&collected), FALSE);
    return TRUE;
}
