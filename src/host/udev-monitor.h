/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* Room for the events of a storm that come while a request is served: what libvirt's driver asks
 * for. Without the privilege for it the kernel's own limit holds, and lost events are noticed. */
#define UDEV_MONITOR_BUFFER (128 * 1024 * 1024)

/**
 * UdevEvent:
 * @subsystem: the device's subsystem: "pci", "net"
 * @name: its name in sysfs: "0005:00:00.0", "eth0"
 * @old_name: (nullable): the name that it had before, if it was renamed
 * @removed: it is gone; otherwise it was added, changed, bound, unbound or moved
 *
 * What udevd tells of a device. It may be over by now.
 */
typedef struct {
    const char *subsystem;
    const char *name;
    const char *old_name;
    gboolean removed;
} UdevEvent;

/**
 * UdevMonitor:
 *
 * Listens to udevd.
 */
typedef struct _UdevMonitor UdevMonitor;

/**
 * UdevMonitorHandlers:
 * @event: something happened to a device
 * @lost: events were lost, so nothing is known but what is there now
 *
 * Neither may stop the monitor.
 */
typedef struct {
    void (*event)(const UdevEvent *event, gpointer user_data);
    void (*lost)(gpointer user_data);
} UdevMonitorHandlers;

/**
 * udev_monitor_watch:
 * @subsystems: (element-type utf8): of whose devices to hear; at least one
 * @handlers: static; called from the default main context
 *
 * May be called in any thread.
 *
 * Returns: (transfer full): the monitor, listening from now on: look what is there afterwards, or a
 *   function that comes between the two is missed. The kernel keeps what it hears until
 *   udev_monitor_start(). %NULL with @error set.
 */
UdevMonitor *udev_monitor_watch(const GPtrArray *subsystems, const UdevMonitorHandlers *handlers,
                                gpointer user_data, GError **error);

/** udev_monitor_start: from now on @handlers are called, first for what was heard before. */
void udev_monitor_start(UdevMonitor *monitor);

/** udev_monitor_stop: @monitor is freed; it may be %NULL. */
void udev_monitor_stop(UdevMonitor *monitor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(UdevMonitor, udev_monitor_stop)
