/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "udev-monitor.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <libudev.h>

#include "system-error.h"

/* How many events one turn of the main loop takes in, so that a storm never holds up requests. */
#define EVENTS_PER_TURN 64

struct _UdevMonitor {
    struct udev *udev;
    struct udev_monitor *monitor;
    guint source;
    const UdevMonitorHandlers *handlers;
    gpointer user_data;
};

static void
udev_monitor_handle(const UdevMonitor *monitor, struct udev_device *device)
{
    const char *old_path = udev_device_get_property_value(device, "DEVPATH_OLD");
    g_autofree char *old_name = old_path != NULL ? g_path_get_basename(old_path) : NULL;
    UdevEvent event = {
        .subsystem = udev_device_get_subsystem(device),
        .name = udev_device_get_sysname(device),
        .old_name = old_name,
        .removed = g_strcmp0(udev_device_get_action(device), "remove") == 0,
    };

    if (event.subsystem != NULL && event.name != NULL)
        monitor->handlers->event(&event, monitor->user_data);
}

static gboolean
udev_monitor_on_readable(G_GNUC_UNUSED int fd, G_GNUC_UNUSED GIOCondition condition,
                         gpointer user_data)
{
    const UdevMonitor *monitor = user_data;

    for (guint i = 0; i < EVENTS_PER_TURN; i++) {
        struct udev_device *device;

        errno = 0;
        device = udev_monitor_receive_device(monitor->monitor);
        if (device == NULL) {
            if (errno == ENOBUFS)
                monitor->handlers->lost(monitor->user_data);
            break;
        }
        udev_monitor_handle(monitor, device);
        udev_device_unref(device);
    }
    return G_SOURCE_CONTINUE;
}

/* Returns a negative errno, as libudev does. */
static int
udev_monitor_listen(UdevMonitor *monitor, const GPtrArray *subsystems)
{
    int result = 0;

    monitor->udev = udev_new();
    if (monitor->udev == NULL)
        return -ENOMEM;
    monitor->monitor = udev_monitor_new_from_netlink(monitor->udev, "udev");
    if (monitor->monitor == NULL)
        return -errno;
    udev_monitor_set_receive_buffer_size(monitor->monitor, UDEV_MONITOR_BUFFER);
    for (guint i = 0; i < subsystems->len && result >= 0; i++)
        result = udev_monitor_filter_add_match_subsystem_devtype(
            monitor->monitor, g_ptr_array_index(subsystems, i), NULL);
    return result < 0 ? result : udev_monitor_enable_receiving(monitor->monitor);
}

UdevMonitor *
udev_monitor_watch(const GPtrArray *subsystems, const UdevMonitorHandlers *handlers,
                   gpointer user_data, GError **error)
{
    g_autoptr(UdevMonitor) monitor = g_new0(UdevMonitor, 1);
    int result = udev_monitor_listen(monitor, subsystems);

    if (result < 0) {
        system_error_set(error, -result, _("Listening to udev failed"));
        return NULL;
    }
    monitor->handlers = handlers;
    monitor->user_data = user_data;
    return g_steal_pointer(&monitor);
}

void
udev_monitor_start(UdevMonitor *monitor)
{
    monitor->source = g_unix_fd_add(udev_monitor_get_fd(monitor->monitor), G_IO_IN,
                                    udev_monitor_on_readable, monitor);
}

void
udev_monitor_stop(UdevMonitor *monitor)
{
    if (monitor == NULL)
        return;
    if (monitor->source != 0)
        g_source_remove(monitor->source);
    if (monitor->monitor != NULL)
        udev_monitor_unref(monitor->monitor);
    if (monitor->udev != NULL)
        udev_unref(monitor->udev);
    g_free(monitor);
}
