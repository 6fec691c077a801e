/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-pci-family.h"

#include <string.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "vpd-builder.h"
#include "zpci-host-private.h"

#define ADDRESS "0005:00:00.0"
#define NAME "pci_0005_00_00_0"

/* The kernel has sent @count events. */
static void
set_events(SysfsTree *tree, guint count)
{
    g_autofree char *text = g_strdup_printf("%u\n", count);

    sysfs_tree_rewrite(tree, "sys/kernel/uevent_seqnum", text);
}

/* A host whose files are taken for the kernel's own. */
static ZpciHost *
open_kernel(SysfsTree *tree)
{
    ZpciHost *host = sysfs_tree_open(tree);

    sysfs_tree_write(tree, "sys/kernel/uevent_seqnum", "100\n", -1);
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

static void
test_document_of_a_capture_is_not_kept(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

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

static void
assert_ready_xml(const ZpciHost *host, gboolean ready)
{
    g_autofree char *xml = NULL;
    g_autofree char *made = NULL;

    g_assert_true(node_device_pci_family_get_ready(host, NAME, &xml, NULL) == ready);
    g_assert_true((xml != NULL) == ready);
    if (!ready)
        return;
    made = get_xml(host);
    g_assert_cmpstr(xml, ==, made);
}

/* @expected: (nullable): with commas between them; %NULL if they are not at hand. */
static void
assert_ready_capabilities(const ZpciHost *host, const char *expected)
{
    g_auto(GStrv) capabilities = NULL;
    g_autofree char *joined = NULL;
    gboolean ready = node_device_pci_family_get_ready(host, NAME, NULL, &capabilities);

    joined = ready ? g_strjoinv(",", capabilities) : NULL;
    g_assert_cmpstr(joined, ==, expected);
}

static void
test_document_is_ready_while_it_is_kept(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);
    g_autofree char *xml = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    assert_ready_xml(host, FALSE);
    xml = get_xml(host);
    assert_ready_xml(host, TRUE);
    set_events(tree, 101);
    assert_ready_xml(host, FALSE);
}

/* What they are is told as has_nested() tells it. */
static void
test_capabilities_are_ready_when_nothing_has_to_be_read(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    assert_ready_capabilities(host, NULL);
    g_assert_false(node_device_pci_family.has_nested(host, NAME, "vpd"));
    assert_ready_capabilities(host, "pci,zpci");
    sysfs_tree_set(tree, ADDRESS, "mdev_supported_types/a/device_api", "vfio-pci");
    assert_ready_capabilities(host, NULL);
    sysfs_tree_remove_function(tree, ADDRESS);
    assert_ready_capabilities(host, NULL);
    g_assert_false(node_device_pci_family_get_ready(host, NAME, NULL, NULL));
}

/* A document has all that is kept of a function. */
static void
test_capabilities_after_a_document(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(SysfsTree) plain_tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);
    g_autoptr(ZpciHost) plain = open_kernel(plain_tree);
    g_autofree char *xml = NULL;
    g_autofree char *plain_xml = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    sysfs_tree_add_function(plain_tree, ADDRESS);
    xml = get_xml(host);
    plain_xml = get_xml(plain);
    assert_ready_capabilities(host, "pci,zpci");
    assert_ready_capabilities(plain, "pci");
}

static void
test_vital_product_data_are_ready_when_they_were_read(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_kernel(tree);
    g_autoptr(GByteArray) vpd = vpd_builder_make("card", "SN=1", NULL);
    g_autofree char *attribute = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    attribute = sysfs_tree_attribute(tree, ADDRESS, "vpd");
    sysfs_tree_write(tree, attribute, vpd->data, vpd->len);
    assert_ready_capabilities(host, NULL);
    g_assert_true(node_device_pci_family.has_nested(host, NAME, "vpd"));
    assert_ready_capabilities(host, "pci,vpd");
}

static gint64
read_early_clock(void)
{
    return 0;
}

/* What the host makes ready is what a program would make that comes now. */
static void
assert_up_to_date(const ZpciHost *host, SysfsTree *tree)
{
    g_autoptr(ZpciHost) other = sysfs_tree_open_files(tree, sysfs_tree_read_late_clock);
    g_autofree char *fresh = get_xml(other);
    g_autofree char *xml = get_xml(host);
    g_autofree char *ready = NULL;

    g_assert_cmpstr(xml, ==, fresh);
    g_assert_true(node_device_pci_family_get_ready(host, NAME, &ready, NULL));
    g_assert_cmpstr(ready, ==, fresh);
}

static void
test_document_of_files_is_kept_until_one_changes(void)
{
    static const char *const links[][2] = { { "driver", "../../../bus/pci/drivers/nvme" },
                                            { "physfn", "../0005:00:00.1" },
                                            { "virtfn0", "../0005:00:00.2" } };
    static const char *const numbers[][2] = { { "numa_node", "1\n" },
                                              { "sriov_totalvfs", "4\n" },
                                              { "uid_is_unique", "0\n" } };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
        sysfs_tree_set(tree, ADDRESS, numbers[i][0], "0");
    sysfs_tree_set_iommu_group(tree, ADDRESS, 7);
    host = sysfs_tree_open_files(tree, sysfs_tree_read_late_clock);
    assert_up_to_date(host, tree);
    for (guint i = 0; i < G_N_ELEMENTS(links); i++) {
        sysfs_tree_wait(tree);
        sysfs_tree_set_link(tree, ADDRESS, links[i][0], links[i][1]);
        assert_up_to_date(host, tree);
    }
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, numbers[i][0]);

        sysfs_tree_wait(tree);
        sysfs_tree_rewrite(tree, path, numbers[i][1]);
        assert_up_to_date(host, tree);
    }
    sysfs_tree_wait(tree);
    sysfs_tree_add_function(tree, "0005:00:00.3");
    sysfs_tree_set_iommu_group(tree, "0005:00:00.3", 7);
    assert_up_to_date(host, tree);
}

/* The next change may come within the same tick of the clock. */
static void
test_document_of_files_that_have_just_changed_is_not_kept(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open_files(tree, sysfs_tree_read_late_clock);
    g_autofree char *xml = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    zpci_host_set_test_files(host, read_early_clock);
    xml = get_xml(host);
    assert_ready_xml(host, FALSE);
    g_assert_true(node_device_pci_family_get_ready(host, NAME, NULL, NULL));
}

static void
test_a_capture_has_nothing_ready(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autofree char *xml = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    xml = get_xml(host);
    g_assert_false(node_device_pci_family_get_ready(host, NAME, NULL, NULL));
    zpci_host_set_test_sysfs(host);
    g_assert_true(node_device_pci_family_get_ready(host, NAME, NULL, NULL));
    g_assert_false(node_device_pci_family_get_ready(host, "computer", NULL, NULL));
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
    g_test_add_func("/node-device-pci-family/files/kept",
                    test_document_of_files_is_kept_until_one_changes);
    g_test_add_func("/node-device-pci-family/files/young",
                    test_document_of_files_that_have_just_changed_is_not_kept);
    g_test_add_func("/node-device-pci-family/gone", test_function_that_is_gone_has_no_document);
    g_test_add_func("/node-device-pci-family/ready/document",
                    test_document_is_ready_while_it_is_kept);
    g_test_add_func("/node-device-pci-family/ready/after-document",
                    test_capabilities_after_a_document);
    g_test_add_func("/node-device-pci-family/ready/capabilities",
                    test_capabilities_are_ready_when_nothing_has_to_be_read);
    g_test_add_func("/node-device-pci-family/ready/vital-product-data",
                    test_vital_product_data_are_ready_when_they_were_read);
    g_test_add_func("/node-device-pci-family/ready/capture", test_a_capture_has_nothing_ready);
    return g_test_run();
}
