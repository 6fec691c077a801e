/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "udev-monitor.h"
#include "zpci-monitor.h"

/**
 * zpci_monitor_new_test:
 *
 * Returns: (transfer full): a monitor that hears of nothing but what zpci_monitor_handle() and
 *   zpci_monitor_resync() tell it; %NULL with @error set.
 */
ZpciMonitor *zpci_monitor_new_test(ZpciInventory *inventory, ZpciMonitorHandler handler,
                                   gpointer user_data, GError **error);

/** zpci_monitor_handle: udev says that something happened to a device. */
void zpci_monitor_handle(ZpciMonitor *monitor, const UdevEvent *event);

/** zpci_monitor_resync: tells of all that came and went since the last event. */
void zpci_monitor_resync(ZpciMonitor *monitor);
