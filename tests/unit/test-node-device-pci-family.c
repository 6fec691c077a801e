/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-pci-family.h"

#include <string.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "zpci-host-private.h"

#define ADDRESS "0005:00:00.0"
#define NAME "pci_0005_00_00_0"

/* The kernel has sent @count events. */
static void
set_events(SysfsTree *tree, guint count)
{
    g_autofree char *text = g_strdup_printf("%u\n", count);

    sysfs_tree_write(tree, "sys/kernel/uevent_seqnum", text, -1);
}

/* A host whose files are taken for the kernel's own. */
static ZpciHost *
open_kernel(SysfsTree *tree)
{
    ZpciHost *host = sysfs_tree_open(tree);

    set_events(tree, 100);
    zpci_host_set_test_sysfs(host);
    return host;
}

/* What the document shows, and no stamp has: a virtual function, which comes with an event. */
static void
add_virtual_silently(SysfsTree *tree)
{
    sysfs_tree_set(tree, ADDRESS, "sriov_totalvfs", "4");
    sysfs_tree_set_link(tree, ADDRESS, "virtfn0", "../0005:00:00.1");
}

static char *
get_xml(const ZpciHost *host)
{
    g_autoptr(GError) error = NULL;
    char *xml = node_device_pci_family.get_xml(host, NAME, &error);

    g_assert_no_error(error);
    return xml;
}

static void
assert_shown(const ZpciHost *host, const char *part, gboolean shown)
{
    g_autofree char *xml = get_xml(host);

    if ((strstr(xml, part) != NULL) != shown)
        g_error("%s is %sin: %s", part, shown ? "not " : "", xml);
}

static void
test_document_is_kept_until_the_kernel_sends_an_event(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);

    sysfs_tree_add_function(tree, ADDRESS);
    assert_shown(host, "virt_functions", FALSE);
    add_virtual_silently(tree);
    assert_shown(host, "virt_functions", FALSE);
    set_events(tree, 101);
    assert_shown(host, "virt_functions", TRUE);
}

/* A driver whose probing fails leaves no event; neither does who writes the node. */
static void
test_what_changes_without_an_event_is_shown_at_once(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);

    sysfs_tree_add_function(tree, ADDRESS);
    assert_shown(host, "<driver>", FALSE);
    sysfs_tree_set_link(tree, ADDRESS, "driver", "../../../bus/pci/drivers/nvme");
    assert_shown(host, "<name>nvme</name>", TRUE);
    sysfs_tree_unset(tree, ADDRESS, "driver");
    assert_shown(host, "<driver>", FALSE);
    sysfs_tree_set(tree, ADDRESS, "numa_node", "1");
    assert_shown(host, "<numa node='1'/>", TRUE);
}

/* A reply that has one capability at offset 20: the group's, in version 1. */
static void
add_chain(SysfsTree *tree)
{
    static const char chain[] = "00 00 00 3c 00 00 00 83 00 00 00 09 00 00 00 05 00 00 00 14\n"
                                "00 02 00 01 00 00 00 00\n"
                                "00 00 00 00 00 00 00 00\n"
                                "00 00 00 00 00 00 00 00\n"
                                "00 00 00 00 00 00 00 00\n"
                                "00 00 00 80 00 80 01 00\n";

    sysfs_tree_write(tree, "chain/" ADDRESS, chain, -1);
}

static void
test_uid_checking_that_is_switched_is_shown_at_once(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    sysfs_tree_set(tree, ADDRESS, "uid_is_unique", "1");
    add_chain(tree);
    assert_shown(host, "uidUnique='yes'", TRUE);
    add_virtual_silently(tree);
    assert_shown(host, "virt_functions", FALSE);
    sysfs_tree_set(tree, ADDRESS, "uid_is_unique", "0");
    assert_shown(host, "uidUnique='no'", TRUE);
    assert_shown(host, "virt_functions", TRUE);
}

/* Its chain may be there at the next look, without an event. */
static void
test_document_of_which_more_may_come_is_not_kept(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    assert_shown(host, "noi=", FALSE);
    add_chain(tree);
    assert_shown(host, "noi=", TRUE);
}

/* The kernel counts an instance as free again behind the event of its end. */
static void
test_document_with_mediated_devices_is_not_kept(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_set(tree, ADDRESS, "mdev_supported_types/a/device_api", "vfio-pci");
    sysfs_tree_set(tree, ADDRESS, "mdev_supported_types/a/available_instances", "1");
    assert_shown(host, "<availableInstances>1<", TRUE);
    sysfs_tree_set(tree, ADDRESS, "mdev_supported_types/a/available_instances", "2");
    assert_shown(host, "<availableInstances>2<", TRUE);
}

/* Nothing tells when such files change. */
static void
test_document_of_a_capture_is_not_kept(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    set_events(tree, 100);
    sysfs_tree_add_function(tree, ADDRESS);
    assert_shown(host, "virt_functions", FALSE);
    add_virtual_silently(tree);
    assert_shown(host, "virt_functions", TRUE);
}

static void
test_function_that_is_gone_has_no_document(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    xml = get_xml(host);
    sysfs_tree_remove_function(tree, ADDRESS);
    g_assert_null(node_device_pci_family.get_xml(host, NAME, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "There is no PCI function " ADDRESS);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-pci-family/kept",
                    test_document_is_kept_until_the_kernel_sends_an_event);
    g_test_add_func("/node-device-pci-family/silent",
                    test_what_changes_without_an_event_is_shown_at_once);
    g_test_add_func("/node-device-pci-family/uid-checking",
                    test_uid_checking_that_is_switched_is_shown_at_once);
    g_test_add_func("/node-device-pci-family/unsettled",
                    test_document_of_which_more_may_come_is_not_kept);
    g_test_add_func("/node-device-pci-family/mediated",
                    test_document_with_mediated_devices_is_not_kept);
    g_test_add_func("/node-device-pci-family/capture", test_document_of_a_capture_is_not_kept);
    g_test_add_func("/node-device-pci-family/gone", test_function_that_is_gone_has_no_document);
    return g_test_run();
}
