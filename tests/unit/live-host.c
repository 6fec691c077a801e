/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "live-host.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call-script.h"
#include "sysfs.h"
#include "zpci-host-private.h"
#include "zpci-reading.h"

#define GROUP 0
#define GROUP_NODE "vfio/0"

static void
live_host_open(LiveHost *live)
{
    g_autofree char *sys = sysfs_tree_get_path(live->tree, "sys");
    g_autofree char *run = sysfs_tree_get_path(live->tree, "run");
    g_autoptr(GError) error = NULL;

    live->host = zpci_host_open_test(sys, live->dev, &call_script_kernel, run, &error);
    g_assert_no_error(error);
}

LiveHost *
live_host_new(void)
{
    LiveHost *live = g_new0(LiveHost, 1);
    g_autofree char *function = NULL;
    g_autofree char *path = NULL;

    live->tree = sysfs_tree_new();
    live->dev = sysfs_tree_get_path(live->tree, "dev");
    sysfs_tree_add_zpci(live->tree, LIVE_HOST_ADDRESS, LIVE_HOST_FID, LIVE_HOST_UID, 0xff);
    sysfs_tree_set(live->tree, LIVE_HOST_ADDRESS, "function_handle", "0x80020000");
    sysfs_tree_set_iommu_group(live->tree, LIVE_HOST_ADDRESS, GROUP);
    function = sysfs_tree_attribute(live->tree, LIVE_HOST_ADDRESS, "");
    path = sysfs_tree_get_path(live->tree, function);
    live->directory = sysfs_open_directory(AT_FDCWD, path, NULL);
    g_assert_cmpint(live->directory, >=, 0);
    live_host_open(live);
    call_script_begin(live->dev);
    return live;
}

void
live_host_free(LiveHost *live)
{
    call_script_end();
    close(live->directory);
    zpci_host_free(live->host);
    sysfs_tree_free(live->tree);
    g_free(live->dev);
    g_free(live);
}

void
live_host_restart(LiveHost *live)
{
    zpci_host_free(live->host);
    live_host_open(live);
}

void
live_host_set_driver(LiveHost *live, const char *driver)
{
    g_autofree char *target = NULL;

    if (driver == NULL) {
        sysfs_tree_unset(live->tree, LIVE_HOST_ADDRESS, "driver");
        return;
    }
    target = g_build_filename("../../../bus/pci/drivers", driver, NULL);
    sysfs_tree_set_link(live->tree, LIVE_HOST_ADDRESS, "driver", target);
}

void
live_host_add_node(LiveHost *live, const char *node, gint64 seconds)
{
    g_autofree char *path = g_build_filename("dev", node, NULL);
    g_autofree char *full = sysfs_tree_get_path(live->tree, path);
    struct timespec times[2] = { 0 };

    sysfs_tree_write(live->tree, path, "", 0);
    clock_gettime(CLOCK_REALTIME, &times[1]);
    times[1].tv_sec -= seconds;
    times[0].tv_nsec = UTIME_OMIT;
    g_assert_cmpint(utimensat(AT_FDCWD, full, times, 0), ==, 0);
}

void
live_host_bind(LiveHost *live, gint64 seconds)
{
    live_host_set_driver(live, "vfio-pci");
    live_host_add_node(live, GROUP_NODE, seconds);
}

void
live_host_unbind(LiveHost *live)
{
    live_host_set_driver(live, NULL);
    sysfs_tree_delete(live->tree, "dev/" GROUP_NODE);
}

void
live_host_add_child(LiveHost *live)
{
    g_autofree char *child =
        sysfs_tree_attribute(live->tree, LIVE_HOST_ADDRESS, "vfio-dev/vfio0/power");

    sysfs_tree_make_directory(live->tree, "sys/class/vfio-dev");
    sysfs_tree_make_directory(live->tree, child);
}

ZpciFunction *
live_host_read(LiveHost *live, gboolean may_open)
{
    g_auto(ZpciFacts) constant = { 0 };
    ZpciFunction *function;

    zpci_reading_read_constant(live->directory, &constant);
    g_assert_true(zpci_reading_is_zpci(&constant));
    function =
        zpci_reading_read(live->host, live->directory, LIVE_HOST_ADDRESS, &constant, may_open);
    g_assert_nonnull(function);
    return function;
}
