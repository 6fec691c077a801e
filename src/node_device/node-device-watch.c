/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-watch.h"

void
node_device_watch_init(NodeDeviceWatch *watch, const NodeDeviceWatchTable *table,
                       NodeDeviceWatchHandler handler, gpointer user_data)
{
    watch->table = table;
    watch->handler = handler;
    watch->user_data = user_data;
}

void
node_device_watch_free(NodeDeviceWatch *watch)
{
    if (watch == NULL)
        return;
    watch->table->clear(watch);
    g_free(watch);
}

void
node_device_watch_tell(const NodeDeviceWatch *watch, ZpciEvent event, const char *name)
{
    watch->handler(watch, event, name, watch->user_data);
}
