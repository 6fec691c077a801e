/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-event.h"
#include "zpci-export.h"
#include "zpci-inventory.h"

G_BEGIN_DECLS

/**
 * ZpciMonitorHandler:
 * @name: the node device's name
 *
 * Called from the default main context, after the change: a list made in it agrees with @event. It
 * must not free the monitor.
 */
typedef void (*ZpciMonitorHandler)(ZpciEvent event, const char *name, gpointer user_data);

/**
 * ZpciMonitor:
 *
 * Tells of changes to an inventory, those that another daemon behind it tells of among them. But
 * for zpci_monitor_new() it is to be used from the thread that runs the default main context.
 */
typedef struct _ZpciMonitor ZpciMonitor;

#define ZPCI_TYPE_MONITOR (zpci_monitor_get_type())

/**
 * zpci_monitor_get_type:
 *
 * Returns: the boxed type of #ZpciMonitor, for language bindings.
 */
ZPCI_EXPORT GType zpci_monitor_get_type(void);

/**
 * zpci_monitor_new:
 * @inventory: the monitor keeps it
 * @handler: (scope notified): is told of changes
 * @user_data: for @handler
 * @destroy: (nullable): frees @user_data when the monitor is freed
 *
 * Begins to listen, and lists the inventory, which may take long: it may be called in any thread.
 * What is heard is kept until zpci_monitor_start(). An inventory of a captured host never changes.
 *
 * Returns: (transfer full): the monitor; %NULL with @error set if udev cannot be listened to or the
 *   inventory cannot be listed.
 */
ZPCI_EXPORT ZpciMonitor *zpci_monitor_new(ZpciInventory *inventory, ZpciMonitorHandler handler,
                                          gpointer user_data, GDestroyNotify destroy,
                                          GError **error);

/**
 * zpci_monitor_start:
 * @monitor: one that was not started yet
 *
 * From now on the handler is called, first for what happened since zpci_monitor_new(): nothing is
 * missed in between, and nothing told twice.
 */
ZPCI_EXPORT void zpci_monitor_start(ZpciMonitor *monitor);

/**
 * zpci_monitor_free:
 * @monitor: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_monitor_free(ZpciMonitor *monitor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciMonitor, zpci_monitor_free)

G_END_DECLS
