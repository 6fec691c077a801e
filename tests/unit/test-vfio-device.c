/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-device.h"

#include <errno.h>

#include "call-script.h"
#include "expect.h"
#include "kernel-script.h"
#include "live-host.h"
#include "zpci-host-private.h"

static VfioDevice *
find(LiveHost *live)
{
    return vfio_device_find(zpci_host_get_sysfs(live->host), live->directory, LIVE_HOST_ADDRESS,
                            live->dev);
}

static gboolean
is_found(LiveHost *live)
{
    g_autoptr(VfioDevice) device = find(live);

    return device != NULL;
}

static void
expect_node(const LiveHost *live, const char *node, const char *name)
{
    g_autofree char *expected = name != NULL ? g_build_filename(live->dev, name, NULL) : NULL;

    g_assert_cmpstr(node, ==, expected);
}

static void
test_function_without_driver(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    g_assert_false(is_found(live));
    live_host_add_node(live, "vfio/0", 60);
    g_assert_false(is_found(live));
}

static void
test_function_of_a_host_driver(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    live_host_set_driver(live, "mlx5_core");
    g_assert_false(is_found(live));
}

/* A function without an IOMMU group has no way to VFIO on an old kernel. */
static void
test_function_without_group(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    live_host_bind(live, 60);
    sysfs_tree_unset(live->tree, LIVE_HOST_ADDRESS, "iommu_group");
    g_assert_false(is_found(live));
}

/* Before Linux 6.1 the group's node is all there is, whatever the driver is called. */
static void
test_old_kernel_shows_the_group(void)
{
    static const char *const drivers[] = { "vfio-pci", "ism_vfio_pci", "virtio_vfio_pci" };

    for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
        g_autoptr(LiveHost) live = live_host_new();
        g_autoptr(VfioDevice) device = NULL;

        live_host_set_driver(live, drivers[i]);
        live_host_add_node(live, "vfio/0", 60);
        device = find(live);
        g_assert_nonnull(device);
        g_assert_cmpstr(device->address, ==, LIVE_HOST_ADDRESS);
        expect_node(live, device->group_node, "vfio/0");
        g_assert_true(vfio_device_get_node(device) == device->group_node);
        g_assert_null(device->cdev_node);
    }
}

static gboolean
has_driver(const LiveHost *live)
{
    return vfio_device_has_driver(live->directory, ".");
}

static void
test_driver_of_vfio_is_told_by_its_name_or_its_child(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    g_assert_false(has_driver(live));
    live_host_set_driver(live, "mlx5_core");
    g_assert_false(has_driver(live));
    live_host_add_child(live);
    g_assert_true(has_driver(live));
    sysfs_tree_unset(live->tree, LIVE_HOST_ADDRESS, "driver");
    g_assert_false(has_driver(live));
}

static void
test_driver_of_vfio_without_a_child(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    live_host_set_driver(live, "ism_vfio_pci");
    g_assert_true(has_driver(live));
}

/* The group's node may have come with another function of the group, while this one has a host
 * driver. */
static void
test_new_kernel_shows_a_child(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(VfioDevice) device = NULL;

    live_host_set_driver(live, "mlx5_core");
    live_host_add_node(live, "vfio/0", 60);
    sysfs_tree_make_directory(live->tree, "sys/class/vfio-dev");
    g_assert_false(is_found(live));

    live_host_add_child(live);
    device = find(live);
    g_assert_nonnull(device);
    expect_node(live, device->group_node, "vfio/0");
    g_assert_null(device->cdev_node);
}

/* Drivers of VFIO for one kind of function are told by what they make, not by a list of names. */
static void
test_variant_drivers_show_a_child(void)
{
    static const char *const drivers[] = { "ism_vfio_pci", "virtio_vfio_pci", "mlx5_vfio_pci",
                                           "of_tomorrow" };

    for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
        g_autoptr(LiveHost) live = live_host_new();
        g_autoptr(VfioDevice) device = NULL;

        live_host_set_driver(live, drivers[i]);
        sysfs_tree_make_directory(live->tree, "sys/class/vfio-dev");
        live_host_add_node(live, "vfio/0", 60);
        g_assert_false(is_found(live));
        live_host_add_child(live);
        live_host_add_node(live, "vfio/devices/vfio0", 60);
        device = find(live);
        g_assert_nonnull(device);
        expect_node(live, device->group_node, "vfio/0");
        expect_node(live, device->cdev_node, "vfio/devices/vfio0");
    }
}

static void
test_child_of_another_name_does_not_count(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autofree char *other = sysfs_tree_attribute(live->tree, LIVE_HOST_ADDRESS, "vfio-dev/power");

    live_host_bind(live, 60);
    sysfs_tree_make_directory(live->tree, "sys/class/vfio-dev");
    sysfs_tree_make_directory(live->tree, other);
    g_assert_false(is_found(live));
}

static void
test_function_with_a_node_of_its_own(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(VfioDevice) device = NULL;

    live_host_set_driver(live, "vfio-pci");
    live_host_add_child(live);
    live_host_add_node(live, "vfio/devices/vfio0", 60);
    device = find(live);
    g_assert_nonnull(device);
    g_assert_null(device->group_node);
    expect_node(live, device->cdev_node, "vfio/devices/vfio0");
    g_assert_true(vfio_device_get_node(device) == device->cdev_node);
}

/* udev has not made the node yet, or a container has none. */
static void
test_function_without_any_node(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    live_host_set_driver(live, "vfio-pci");
    live_host_add_child(live);
    g_assert_false(is_found(live));
}

static void
test_age_of_the_binding(void)
{
    static const gint64 ages[] = { 0, 9, 10, 86400 };

    for (guint i = 0; i < G_N_ELEMENTS(ages); i++) {
        g_autoptr(LiveHost) live = live_host_new();
        g_autoptr(VfioDevice) device = NULL;

        live_host_bind(live, ages[i]);
        device = find(live);
        g_assert_nonnull(device);
        g_assert_cmpint(device->bound_seconds, >=, ages[i]);
        g_assert_cmpint(device->bound_seconds, <, ages[i] + 5);
    }
}

/* The clock was set back meanwhile. */
static void
test_binding_in_the_future_is_new(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(VfioDevice) device = NULL;

    live_host_bind(live, -3600);
    device = find(live);
    g_assert_nonnull(device);
    g_assert_cmpint(device->bound_seconds, ==, 0);
}

static void
test_binding_is_another_one_after_rebinding(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(VfioDevice) first = NULL;
    g_autoptr(VfioDevice) again = NULL;
    g_autoptr(VfioDevice) rebound = NULL;

    live_host_bind(live, 60);
    first = find(live);
    again = find(live);
    g_assert_cmpstr(first->binding, ==, again->binding);

    live_host_unbind(live);
    g_assert_false(is_found(live));
    live_host_bind(live, 30);
    rebound = find(live);
    g_assert_cmpstr(first->binding, !=, rebound->binding);
}

/* Another function of the group keeps the group's node while this one is unbound and bound: what
 * was read before counts no more. */
static void
test_group_node_that_outlives_the_binding(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(VfioDevice) first = NULL;
    g_autoptr(VfioDevice) rebound = NULL;

    live_host_bind(live, 3600);
    live_host_add_child(live);
    live_host_add_node(live, "vfio/devices/vfio0", 60);
    first = find(live);
    g_assert_cmpint(first->bound_seconds, >=, 60);
    g_assert_cmpint(first->bound_seconds, <, 65);

    sysfs_tree_delete(live->tree, "dev/vfio/devices/vfio0");
    live_host_add_node(live, "vfio/devices/vfio0", 5);
    rebound = find(live);
    g_assert_cmpstr(first->binding, !=, rebound->binding);
    g_assert_cmpint(rebound->bound_seconds, <, 10);
}

static void
expect_read(LiveHost *live)
{
    g_autoptr(VfioDevice) device = find(live);
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply = vfio_device_read(device, live->dev, &call_script_kernel, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(reply->len, ==, 124);
}

/* A group can be opened by one only, which is how a guest is told that we are there. */
static void
test_group_is_preferred(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    live_host_bind(live, 60);
    live_host_add_child(live);
    live_host_add_node(live, "vfio/devices/vfio0", 60);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_read(live);
}

static void
test_own_node_is_read_through_iommufd(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    live_host_set_driver(live, "vfio-pci");
    live_host_add_child(live);
    live_host_add_node(live, "vfio/devices/vfio0", 60);
    kernel_script_add_cdev(KERNEL_SCRIPT_CHAIN);
    expect_read(live);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vfio-device/function-without-driver", test_function_without_driver);
    g_test_add_func("/vfio-device/function-of-a-host-driver", test_function_of_a_host_driver);
    g_test_add_func("/vfio-device/function-without-group", test_function_without_group);
    g_test_add_func("/vfio-device/old-kernel-shows-the-group", test_old_kernel_shows_the_group);
    g_test_add_func("/vfio-device/driver-of-vfio-is-told-by-its-name-or-its-child",
                    test_driver_of_vfio_is_told_by_its_name_or_its_child);
    g_test_add_func("/vfio-device/driver-of-vfio-without-a-child",
                    test_driver_of_vfio_without_a_child);
    g_test_add_func("/vfio-device/new-kernel-shows-a-child", test_new_kernel_shows_a_child);
    g_test_add_func("/vfio-device/variant-drivers-show-a-child", test_variant_drivers_show_a_child);
    g_test_add_func("/vfio-device/child-of-another-name-does-not-count",
                    test_child_of_another_name_does_not_count);
    g_test_add_func("/vfio-device/function-with-a-node-of-its-own",
                    test_function_with_a_node_of_its_own);
    g_test_add_func("/vfio-device/function-without-any-node", test_function_without_any_node);
    g_test_add_func("/vfio-device/age-of-the-binding", test_age_of_the_binding);
    g_test_add_func("/vfio-device/binding-in-the-future-is-new", test_binding_in_the_future_is_new);
    g_test_add_func("/vfio-device/binding-is-another-one-after-rebinding",
                    test_binding_is_another_one_after_rebinding);
    g_test_add_func("/vfio-device/group-node-that-outlives-the-binding",
                    test_group_node_that_outlives_the_binding);
    g_test_add_func("/vfio-device/group-is-preferred", test_group_is_preferred);
    g_test_add_func("/vfio-device/own-node-is-read-through-iommufd",
                    test_own_node_is_read_through_iommufd);
    return g_test_run();
}
