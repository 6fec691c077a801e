/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "busy-host.h"

#include <errno.h>
#include <string.h>

#include "host-actions.h"
#include "system-error.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

#define DRIVERS "sys/bus/pci/drivers/"
#define VFIO "vfio-pci"
#define NO_OVERRIDE "(null)"

/* Seconds; longer than any machine takes. */
#define LONG_ENOUGH 3600

/* What the kernel knows of the one host that there is. */
static BusyHost *current;
static char *failing;
static int failing_number;
static char *refusing;
static gboolean module_loads;
static int claim_number;

/* Returns (transfer full) (nullable). It is in the tree, so that several processes have one. */
static char *
busy_host_read_override(void)
{
    g_autofree char *path =
        sysfs_tree_attribute(current->tree, BUSY_HOST_ADDRESS, "driver_override");
    g_autofree char *full = sysfs_tree_get_path(current->tree, path);
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(full, &text, NULL, NULL));
    g_strchomp(text);
    return strcmp(text, NO_OVERRIDE) != 0 ? g_steal_pointer(&text) : NULL;
}

/* Bound to the driver that is set, or else to the one that knows it. */
static void
busy_host_probe(void)
{
    g_autofree char *driver = busy_host_get_driver(current);
    g_autofree char *override = busy_host_read_override();
    const char *wanted = override != NULL ? override : BUSY_HOST_DRIVER;
    g_autofree char *path = g_strconcat(DRIVERS, wanted, NULL);
    g_autofree char *full = sysfs_tree_get_path(current->tree, path);

    if (driver == NULL && g_file_test(full, G_FILE_TEST_IS_DIR) && g_strcmp0(wanted, refusing) != 0)
        busy_host_set_driver(current, wanted);
}

static void
busy_host_react(const char *path, const char *text)
{
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);

    if (g_str_has_suffix(path, "/driver_override")) {
        sysfs_tree_set(current->tree, BUSY_HOST_ADDRESS, "driver_override",
                       text[0] != '\n' ? text : NO_OVERRIDE);
    } else if (g_str_has_suffix(path, "/driver/unbind")) {
        busy_host_set_driver(current, NULL);
    } else if (strcmp(path, "bus/pci/drivers_probe") == 0) {
        busy_host_probe();
    } else if (g_str_has_suffix(path, "/bind")) {
        busy_host_set_driver(current, steps[3]);
    } else {
        g_assert_true(g_str_has_suffix(path, "/reset"));
    }
}

static gboolean
busy_host_write(G_GNUC_UNUSED int sysfs, const char *path, const char *text, GError **error)
{
    g_autofree char *line = g_strdelimit(g_strdup(text), "\n", '-');

    if (failing != NULL && g_str_has_suffix(path, failing)) {
        system_error_set(error, failing_number, "Writing %s failed", path);
        return FALSE;
    }
    g_ptr_array_add(current->written, g_strdup_printf("%s=%s", path, line));
    busy_host_react(path, text);
    return TRUE;
}

static gboolean
busy_host_load_module(const char *name, GError **error)
{
    g_assert_cmpstr(name, ==, VFIO);
    g_ptr_array_add(current->written, g_strdup_printf("modprobe=%s", name));
    if (!module_loads) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE, "No such module.");
        return FALSE;
    }
    sysfs_tree_make_directory(current->tree, DRIVERS VFIO);
    return TRUE;
}

/* There are no block devices in a directory. */
static int
busy_host_claim(G_GNUC_UNUSED const char *path)
{
    errno = claim_number;
    return claim_number == 0 ? 0 : -1;
}

static const SystemCalls calls = { .claim = busy_host_claim };

static const HostActions actions = { .write = busy_host_write,
                                     .load_module = busy_host_load_module };

BusyHost *
busy_host_new(void)
{
    BusyHost *busy = g_new0(BusyHost, 1);
    g_autofree char *sys = NULL;
    g_autofree char *dev = NULL;
    g_autofree char *proc = NULL;
    g_autofree char *run = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_null(current);
    current = busy;
    busy->tree = sysfs_tree_new();
    busy->written = g_ptr_array_new_with_free_func(g_free);
    busy->address = sysfs_tree_parse(BUSY_HOST_ADDRESS);
    sysfs_tree_add_function(busy->tree, BUSY_HOST_ADDRESS);
    sysfs_tree_set_iommu_group(busy->tree, BUSY_HOST_ADDRESS, BUSY_HOST_GROUP);
    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "driver_override", NO_OVERRIDE);
    sysfs_tree_make_directory(busy->tree, DRIVERS BUSY_HOST_DRIVER);
    sysfs_tree_make_directory(busy->tree, DRIVERS VFIO);
    sysfs_tree_make_directory(busy->tree, "dev");
    sysfs_tree_make_directory(busy->tree, "proc/1/fd");
    sysfs_tree_write(busy->tree, "proc/self/mountinfo",
                     "22 1 0:21 / / rw shared:1 - rootfs rootfs rw\n", -1);
    busy_host_set_driver(busy, BUSY_HOST_DRIVER);
    sys = busy_host_get_path(busy, "sys");
    dev = busy_host_get_path(busy, "dev");
    proc = busy_host_get_path(busy, "proc");
    run = busy_host_get_path(busy, "run");
    busy->host = zpci_host_open_test(sys, dev, &calls, run, &error);
    g_assert_no_error(error);
    zpci_host_set_test_kernel(busy->host, proc, &actions);
    zpci_host_set_test_wait(busy->host, LONG_ENOUGH);
    return busy;
}

void
busy_host_free(BusyHost *busy)
{
    zpci_host_free(busy->host);
    sysfs_tree_free(busy->tree);
    g_ptr_array_unref(busy->written);
    g_free(busy);
    g_clear_pointer(&failing, g_free);
    g_clear_pointer(&refusing, g_free);
    claim_number = 0;
    current = NULL;
}

int
busy_host_get_sysfs(const BusyHost *busy)
{
    return zpci_host_get_sysfs(busy->host);
}

char *
busy_host_get_path(const BusyHost *busy, const char *directory)
{
    return sysfs_tree_get_path(busy->tree, directory);
}

void
busy_host_set(BusyHost *busy, const char *path, const char *text)
{
    g_autofree char *full = g_build_filename("sys", path, NULL);
    g_autofree char *line = g_strconcat(text, "\n", NULL);

    sysfs_tree_write(busy->tree, full, line, -1);
}

void
busy_host_set_driver(BusyHost *busy, const char *driver)
{
    g_autofree char *before = busy_host_get_driver(busy);
    g_autofree char *target = NULL;

    if (before != NULL)
        sysfs_tree_unset(busy->tree, BUSY_HOST_ADDRESS, "driver");
    if (driver == NULL)
        return;
    target = g_build_filename("../../../bus/pci/drivers", driver, NULL);
    sysfs_tree_set_link(busy->tree, BUSY_HOST_ADDRESS, "driver", target);
}

char *
busy_host_get_driver(const BusyHost *busy)
{
    g_autofree char *link = sysfs_tree_attribute(busy->tree, BUSY_HOST_ADDRESS, "driver");
    g_autofree char *full = sysfs_tree_get_path(busy->tree, link);
    g_autofree char *target = g_file_read_link(full, NULL);

    return target != NULL ? g_path_get_basename(target) : NULL;
}

void
busy_host_add_class(BusyHost *busy, const char *subsystem, const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *link = g_build_filename("sys", subsystem, name, NULL);
    g_autofree char *target = g_build_filename("../..", BUSY_HOST_PATH, path, NULL);
    g_autofree char *directory = g_build_filename("sys", BUSY_HOST_PATH, path, NULL);

    sysfs_tree_make_directory(busy->tree, directory);
    sysfs_tree_link(busy->tree, link, target);
}

void
busy_host_add_disk(BusyHost *busy)
{
    busy_host_add_class(busy, "class/block", "virtio0/block/vda");
    busy_host_add_class(busy, "class/block", "virtio0/block/vda/vda1");
    busy_host_set(busy, BUSY_HOST_PATH "/virtio0/block/vda/dev", "253:0");
    busy_host_set(busy, BUSY_HOST_PATH "/virtio0/block/vda/vda1/dev", "253:1");
}

void
busy_host_add_upper(BusyHost *busy, const char *name, const char *number, const char *lower)
{
    g_autofree char *directory = g_build_filename("devices/virtual/block", name, NULL);
    g_autofree char *link = g_build_filename("sys/class/block", name, NULL);
    g_autofree char *target = g_build_filename("../..", directory, NULL);
    g_autofree char *dev = g_build_filename(directory, "dev", NULL);
    g_autofree char *holder = g_build_filename("sys/class/block", lower, "holders", name, NULL);

    busy_host_set(busy, dev, number);
    sysfs_tree_link(busy->tree, link, target);
    sysfs_tree_link(busy->tree, holder, "nowhere");
}

/* Any device will do: it has a number, and so does whoever has it open. */
void
busy_host_add_node(BusyHost *busy, const char *node)
{
    g_autofree char *path = g_build_filename("dev", node, NULL);

    sysfs_tree_link(busy->tree, path, "/dev/null");
}

void
busy_host_add_process(BusyHost *busy, guint process, const char *comm, const char *command,
                      gsize size)
{
    g_autofree char *line = g_strconcat(comm, "\n", NULL);
    g_autofree char *name = g_strdup_printf("proc/%u/comm", process);
    g_autofree char *words = g_strdup_printf("proc/%u/cmdline", process);
    g_autofree char *files = g_strdup_printf("proc/%u/fd", process);

    sysfs_tree_write(busy->tree, name, line, -1);
    sysfs_tree_write(busy->tree, words, command, (gssize)size);
    sysfs_tree_make_directory(busy->tree, files);
}

void
busy_host_open(BusyHost *busy, guint process, const char *node)
{
    static guint number = 3;
    g_autofree char *path = g_strdup_printf("proc/%u/fd/%u", process, number++);
    g_autofree char *below = g_build_filename("dev", node, NULL);
    g_autofree char *target = sysfs_tree_get_path(busy->tree, below);

    sysfs_tree_link(busy->tree, path, target);
}

void
busy_host_hold(BusyHost *busy)
{
    busy_host_set_driver(busy, VFIO);
    busy_host_add_node(busy, "vfio/3");
    busy_host_add_process(busy, 77, "qemu-system-s39", BUSY_HOST_QEMU, sizeof BUSY_HOST_QEMU - 1);
    busy_host_open(busy, 77, "vfio/3");
}

void
busy_host_fail(G_GNUC_UNUSED BusyHost *busy, const char *path, int number)
{
    g_free(failing);
    failing = g_strdup(path);
    failing_number = number;
}

void
busy_host_set_claim(G_GNUC_UNUSED BusyHost *busy, int number)
{
    claim_number = number;
}

const SystemCalls *
busy_host_get_calls(void)
{
    return &calls;
}

void
busy_host_refuse(G_GNUC_UNUSED BusyHost *busy, const char *driver)
{
    g_free(refusing);
    refusing = g_strdup(driver);
}

void
busy_host_offer_module(BusyHost *busy, gboolean loads)
{
    sysfs_tree_delete(busy->tree, DRIVERS VFIO);
    module_loads = loads;
}

void
busy_host_assert_written(const BusyHost *busy, const char *joined)
{
    GString *all = g_string_new(NULL);
    g_autofree char *text = NULL;

    for (guint i = 0; i < busy->written->len; i++)
        g_string_append_printf(all, "%s%s", i > 0 ? " " : "",
                               (const char *)g_ptr_array_index(busy->written, i));
    text = g_string_free(all, FALSE);
    g_assert_cmpstr(text, ==, joined);
}
