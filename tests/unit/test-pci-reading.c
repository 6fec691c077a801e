/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-reading.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "vpd-builder.h"

#define ADDRESS "0005:00:00.0"

/* A tree whose function ADDRESS vanishes behind a number of files that have been read. */
static SysfsTree *vanishing;
static guint files_until_it_vanishes;

/* Stands in front of the C library's, which is the one way to unplug a function at a certain moment
 * of its reading. */
int
close(int fd)
{
    int result = (int)syscall(SYS_close, fd);

    if (vanishing != NULL && --files_until_it_vanishes == 0) {
        SysfsTree *tree = g_steal_pointer(&vanishing);

        sysfs_tree_remove_function(tree, ADDRESS);
    }
    return result;
}

static PciDevice *
read_device(const SysfsTree *tree, const char *text)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    PciAddress address = sysfs_tree_parse(text);
    PciDevice *device = pci_reading_read(host, &address, &error);

    g_assert_no_error(error);
    g_assert_nonnull(device);
    return device;
}

static void
assert_no_device(const SysfsTree *tree, ZpciError code, const char *part)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    PciAddress address = sysfs_tree_parse(ADDRESS);

    g_assert_null(pci_reading_read(host, &address, &error));
    expect_error(&error, code, part);
}

static void
assert_address(const PciAddress *address, const char *expected)
{
    char text[PCI_ADDRESS_TEXT_SIZE];

    g_assert_nonnull(address);
    g_assert_cmpstr(pci_address_format(address, text), ==, expected);
}

static void
assert_addresses(const GArray *addresses, const char *const *expected)
{
    g_assert_cmpuint(addresses->len, ==, g_strv_length((char **)expected));
    for (guint i = 0; i < addresses->len; i++)
        assert_address(&g_array_index(addresses, PciAddress, i), expected[i]);
}

static void
test_plain_function_has_its_ids(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    device = read_device(tree, ADDRESS);
    assert_address(&device->address, ADDRESS);
    g_assert_cmpstr(device->path, ==, "/sys/devices/pci0005:00/0005:00:00.0");
    g_assert_cmphex(device->vendor, ==, 0x1af4);
    g_assert_cmphex(device->product, ==, 0x1041);
    g_assert_cmphex(device->class_code, ==, 0x020000);
}

static void
test_what_a_host_does_not_offer_is_unknown(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_unset(tree, ADDRESS, "class");
    device = read_device(tree, ADDRESS);
    g_assert_cmpint(device->class_code, ==, PCI_DEVICE_UNKNOWN);
    g_assert_cmpint(device->numa_node, ==, PCI_DEVICE_UNKNOWN);
    g_assert_cmpint(device->iommu_group, ==, PCI_DEVICE_UNKNOWN);
    g_assert_null(device->driver);
    g_assert_null(device->physfn);
    g_assert_null(device->zpci);
    g_assert_cmpuint(device->virtfns->len, ==, 0);
    g_assert_cmpuint(device->max_virtfns, ==, 0);
    g_assert_false(device->config.is_express);
}

static void
test_driver_is_the_end_of_its_link(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_set_link(tree, ADDRESS, "driver", "../../../bus/pci/drivers/vfio-pci");
    device = read_device(tree, ADDRESS);
    g_assert_cmpstr(device->driver, ==, "vfio-pci");
}

static void
assert_numa(const char *text, int expected)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_set(tree, ADDRESS, "numa_node", text);
    device = read_device(tree, ADDRESS);
    g_assert_cmpint(device->numa_node, ==, expected);
}

static void
test_numa_node_minus_one_is_none(void)
{
    assert_numa("0", 0);
    assert_numa("3", 3);
    assert_numa("2147483647", G_MAXINT32);
    assert_numa("-1", PCI_DEVICE_UNKNOWN);
    assert_numa("2147483648", PCI_DEVICE_UNKNOWN);
    assert_numa("one", PCI_DEVICE_UNKNOWN);
    assert_numa("5\n", PCI_DEVICE_UNKNOWN);
}

static void
assert_class(const char *text, int expected)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_set(tree, ADDRESS, "class", text);
    device = read_device(tree, ADDRESS);
    g_assert_cmpint(device->class_code, ==, expected);
}

static void
test_damaged_class_is_unknown(void)
{
    assert_class("0xffffff", 0xffffff);
    assert_class("0x000000", 0);
    assert_class("0x1000000", PCI_DEVICE_UNKNOWN);
    assert_class("", PCI_DEVICE_UNKNOWN);
    assert_class("network", PCI_DEVICE_UNKNOWN);
}

/* Without these two a function cannot be described at all. */
static void
test_damaged_vendor_or_device_is_an_error_that_names_it(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_set(tree, ADDRESS, "vendor", "zz");
    assert_no_device(tree, ZPCI_ERROR_MALFORMED,
                     "0005:00:00.0: The attribute vendor is damaged: 'zz' is not a number");
    sysfs_tree_set(tree, ADDRESS, "vendor", "0x10000");
    assert_no_device(tree, ZPCI_ERROR_MALFORMED, "The attribute vendor is damaged: '0x10000'");
    sysfs_tree_set(tree, ADDRESS, "vendor", "0xffff");
    sysfs_tree_set(tree, ADDRESS, "device", "");
    assert_no_device(tree, ZPCI_ERROR_MALFORMED, "The attribute device is damaged: ''");
}

static void
test_vendor_that_cannot_be_read_is_an_error_that_names_it(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *path = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_unset(tree, ADDRESS, "vendor");
    assert_no_device(tree, ZPCI_ERROR_UNREADABLE, "0005:00:00.0: The attribute vendor is missing.");
    path = sysfs_tree_attribute(tree, ADDRESS, "vendor");
    sysfs_tree_make_directory(tree, path);
    assert_no_device(tree, ZPCI_ERROR_UNREADABLE,
                     "0005:00:00.0: Reading the attribute vendor failed");
}

static void
test_physical_and_virtual_functions_name_each_other(void)
{
    static const char *const virtfns[] = { "0005:00:00.2", "0005:00:00.1", NULL };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) physical = NULL;
    g_autoptr(PciDevice) virtual = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_add_function(tree, "0005:00:00.1");
    sysfs_tree_add_function(tree, "0005:00:00.2");
    sysfs_tree_add_virtual(tree, ADDRESS, 0, "0005:00:00.2");
    sysfs_tree_add_virtual(tree, ADDRESS, 1, "0005:00:00.1");
    sysfs_tree_set(tree, ADDRESS, "sriov_totalvfs", "8");

    physical = read_device(tree, ADDRESS);
    assert_addresses(physical->virtfns, virtfns);
    g_assert_cmpuint(physical->max_virtfns, ==, 8);
    g_assert_null(physical->physfn);
    virtual = read_device(tree, "0005:00:00.1");
    assert_address(virtual->physfn, ADDRESS);
    g_assert_cmpuint(virtual->virtfns->len, ==, 0);
    g_assert_cmpuint(virtual->max_virtfns, ==, 0);
}

static void
test_list_of_virtual_functions_ends_at_the_first_bad_link(void)
{
    static const char *const first[] = { "0005:00:00.1", NULL };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_set_link(tree, ADDRESS, "virtfn0", "../0005:00:00.1");
    sysfs_tree_set_link(tree, ADDRESS, "virtfn1", "../somewhere");
    sysfs_tree_set_link(tree, ADDRESS, "virtfn2", "../0005:00:00.3");
    sysfs_tree_set_link(tree, ADDRESS, "physfn", "../nobody");
    sysfs_tree_set(tree, ADDRESS, "sriov_totalvfs", "65536");
    device = read_device(tree, ADDRESS);
    assert_addresses(device->virtfns, first);
    g_assert_null(device->physfn);
    g_assert_cmpuint(device->max_virtfns, ==, 0);
}

static void
test_members_of_an_iommu_group_are_sorted_in_a_capture(void)
{
    static const char *const members[] = { "0004:00:00.0", "0005:00:00.0", "0005:00:01.0",
                                           "0006:00:00.0", NULL };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;

    for (guint i = G_N_ELEMENTS(members) - 1; i-- > 0;) {
        sysfs_tree_add_function(tree, members[i]);
        sysfs_tree_set_iommu_group(tree, members[i], 12);
    }
    sysfs_tree_write(tree, "sys/kernel/iommu_groups/12/devices/not-an-address", "", 0);
    device = read_device(tree, ADDRESS);
    g_assert_cmpint(device->iommu_group, ==, 12);
    assert_addresses(device->iommu_members, members);
}

static void
test_iommu_group_that_cannot_be_listed_is_unknown(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) dangling = NULL;
    g_autoptr(PciDevice) unnumbered = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_set_link(tree, ADDRESS, "iommu_group", "../../../kernel/iommu_groups/12");
    dangling = read_device(tree, ADDRESS);
    g_assert_cmpint(dangling->iommu_group, ==, PCI_DEVICE_UNKNOWN);
    g_assert_cmpuint(dangling->iommu_members->len, ==, 0);

    sysfs_tree_unset(tree, ADDRESS, "iommu_group");
    sysfs_tree_make_directory(tree, "sys/kernel/iommu_groups/new/devices");
    sysfs_tree_set_link(tree, ADDRESS, "iommu_group", "../../../kernel/iommu_groups/new");
    unnumbered = read_device(tree, ADDRESS);
    g_assert_cmpint(unnumbered->iommu_group, ==, PCI_DEVICE_UNKNOWN);
}

static void
test_config_space_tells_the_header(void)
{
    guint8 config[PCI_CONFIG_SIZE] = { [0x0e] = 0x81 };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;
    g_autofree char *path = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    path = sysfs_tree_attribute(tree, ADDRESS, "config");
    sysfs_tree_write(tree, path, config, sizeof config);
    device = read_device(tree, ADDRESS);
    g_assert_cmpint(device->config.header, ==, PCI_HEADER_PCI_BRIDGE);
}

static void
test_zpci_function_carries_its_facts(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;
    guint64 fid = 0;

    sysfs_tree_add_zpci(tree, ADDRESS, 0xffffffff, 5, 0xff);
    device = read_device(tree, ADDRESS);
    g_assert_nonnull(device->zpci);
    g_assert_true(zpci_function_get(device->zpci, ZPCI_FACT_FID, &fid));
    g_assert_cmphex(fid, ==, 0xffffffff);
}

static void
test_function_that_is_not_there_is_not_found(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    assert_no_device(tree, ZPCI_ERROR_NOT_FOUND,
                     "There is no PCI function 0005:00:00.0 on this host.");
    sysfs_tree_link(tree, "sys/bus/pci/devices/" ADDRESS, "../../../devices/pci0005:00/" ADDRESS);
    assert_no_device(tree, ZPCI_ERROR_NOT_FOUND,
                     "Opening the directory devices/pci0005:00/0005:00:00.0 failed");
}

static SysfsTree *
make_vanishing_tree(ZpciHost **host, guint files)
{
    SysfsTree *tree = sysfs_tree_new();

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    *host = sysfs_tree_open(tree);
    vanishing = tree;
    files_until_it_vanishes = files;
    return tree;
}

/* No document with half of its facts: whichever file the function vanishes behind, it is gone. */
static void
test_function_that_vanishes_while_it_is_read_is_not_found(void)
{
    PciAddress address = sysfs_tree_parse(ADDRESS);
    guint files = 1;

    for (;; files++) {
        g_autoptr(ZpciHost) host = NULL;
        g_autoptr(SysfsTree) tree = make_vanishing_tree(&host, files);
        g_autoptr(GError) error = NULL;
        g_autoptr(PciDevice) device = pci_reading_read(host, &address, &error);
        gboolean vanished = vanishing == NULL;

        vanishing = NULL;
        if (!vanished) {
            g_assert_no_error(error);
            g_assert_nonnull(device->zpci);
            break;
        }
        g_assert_null(device);
        expect_error(&error, ZPCI_ERROR_NOT_FOUND, "There is no PCI function 0005:00:00.0");
    }
    /* vendor, device, class, function_id, uid and pfgid at least. */
    g_assert_cmpuint(files, >, 6);
}

static void
test_zpci_function_that_vanishes_while_it_is_read_is_not_found(void)
{
    PciAddress address = sysfs_tree_parse(ADDRESS);
    guint files = 1;

    for (;; files++) {
        g_autoptr(ZpciHost) host = NULL;
        g_autoptr(SysfsTree) tree = make_vanishing_tree(&host, files);
        g_autoptr(GError) error = NULL;
        g_autoptr(ZpciFunction) function = NULL;
        gboolean found = pci_reading_read_function(host, &address, FALSE, &function, NULL, &error);
        gboolean vanished = vanishing == NULL;

        vanishing = NULL;
        g_assert_true(found == !vanished);
        g_assert_true((function != NULL) == found);
        if (found)
            break;
        expect_error(&error, ZPCI_ERROR_NOT_FOUND, "There is no PCI function 0005:00:00.0");
    }
    g_assert_cmpuint(files, >, 3);
}

static void
test_function_without_an_id_is_no_zpci_function(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    PciAddress address = sysfs_tree_parse(ADDRESS);
    ZpciFunction *function = NULL;

    g_assert_false(pci_reading_read_function(host, &address, FALSE, &function, NULL, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, ADDRESS);
    sysfs_tree_add_function(tree, ADDRESS);
    g_assert_true(pci_reading_read_function(host, &address, FALSE, &function, NULL, &error));
    g_assert_no_error(error);
    g_assert_null(function);
}

static void
set_vpd(SysfsTree *tree, const GByteArray *bytes)
{
    g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, "vpd");

    sysfs_tree_write(tree, path, bytes->data, bytes->len);
}

static gboolean
has_vpd(const SysfsTree *tree)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    PciAddress address = sysfs_tree_parse(ADDRESS);

    return pci_reading_has_vpd(host, &address);
}

static void
test_vital_product_data_is_read_whole(void)
{
    g_autofree char *blank = g_strnfill(9000, ' ');
    g_autoptr(GByteArray) bytes = vpd_builder_make(blank, "SN=behind two pages", NULL);
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;

    g_assert_false(has_vpd(tree));
    sysfs_tree_add_function(tree, ADDRESS);
    g_assert_false(has_vpd(tree));
    set_vpd(tree, bytes);
    g_assert_true(has_vpd(tree));
    device = read_device(tree, ADDRESS);
    g_assert_cmpstr(pci_vpd_find(device->vpd->readonly, "SN"), ==, "behind two pages");
}

static void
test_damaged_vital_product_data_costs_one_line(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make("Card", "PN=1", NULL);
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;

    bytes->data[17]++;
    sysfs_tree_add_function(tree, ADDRESS);
    set_vpd(tree, bytes);
    g_test_expect_message("zpci-host", G_LOG_LEVEL_DEBUG,
                          "0005:00:00.0 is shown without VPD: The checksum at offset 17 *");
    device = read_device(tree, ADDRESS);
    g_test_assert_expected_messages();
    g_assert_null(device->vpd);
    g_assert_cmphex(device->vendor, ==, 0x1af4);
    g_assert_false(has_vpd(tree));
}

static void
test_mediated_types_of_a_capture_are_sorted(void)
{
    static const char *const ids[] = { "c", "a", "d", "b" };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(PciDevice) device = NULL;
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    PciAddress address = sysfs_tree_parse(ADDRESS);

    g_assert_false(pci_reading_has_mdev_types(host, &address));
    sysfs_tree_add_function(tree, ADDRESS);
    g_assert_false(pci_reading_has_mdev_types(host, &address));
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *api = g_strconcat("mdev_supported_types/", ids[i], "/device_api", NULL);
        g_autofree char *number =
            g_strconcat("mdev_supported_types/", ids[i], "/available_instances", NULL);

        sysfs_tree_set(tree, ADDRESS, api, "vfio-pci");
        sysfs_tree_set(tree, ADDRESS, number, "1");
    }
    g_assert_true(pci_reading_has_mdev_types(host, &address));
    device = read_device(tree, ADDRESS);
    g_assert_cmpuint(device->mdev_types->len, ==, 4);
    for (guint i = 0; i < device->mdev_types->len; i++) {
        const PciMdevType *type = g_ptr_array_index(device->mdev_types, i);

        g_assert_cmpint(type->id[0], ==, "abcd"[i]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-reading/plain-function-has-its-ids", test_plain_function_has_its_ids);
    g_test_add_func("/pci-reading/what-a-host-does-not-offer-is-unknown",
                    test_what_a_host_does_not_offer_is_unknown);
    g_test_add_func("/pci-reading/driver-is-the-end-of-its-link",
                    test_driver_is_the_end_of_its_link);
    g_test_add_func("/pci-reading/numa-node-minus-one-is-none", test_numa_node_minus_one_is_none);
    g_test_add_func("/pci-reading/damaged-class-is-unknown", test_damaged_class_is_unknown);
    g_test_add_func("/pci-reading/damaged-vendor-or-device-is-an-error-that-names-it",
                    test_damaged_vendor_or_device_is_an_error_that_names_it);
    g_test_add_func("/pci-reading/vendor-that-cannot-be-read-is-an-error-that-names-it",
                    test_vendor_that_cannot_be_read_is_an_error_that_names_it);
    g_test_add_func("/pci-reading/physical-and-virtual-functions-name-each-other",
                    test_physical_and_virtual_functions_name_each_other);
    g_test_add_func("/pci-reading/list-of-virtual-functions-ends-at-the-first-bad-link",
                    test_list_of_virtual_functions_ends_at_the_first_bad_link);
    g_test_add_func("/pci-reading/members-of-an-iommu-group-are-sorted-in-a-capture",
                    test_members_of_an_iommu_group_are_sorted_in_a_capture);
    g_test_add_func("/pci-reading/iommu-group-that-cannot-be-listed-is-unknown",
                    test_iommu_group_that_cannot_be_listed_is_unknown);
    g_test_add_func("/pci-reading/config-space-tells-the-header",
                    test_config_space_tells_the_header);
    g_test_add_func("/pci-reading/zpci-function-carries-its-facts",
                    test_zpci_function_carries_its_facts);
    g_test_add_func("/pci-reading/function-that-is-not-there-is-not-found",
                    test_function_that_is_not_there_is_not_found);
    g_test_add_func("/pci-reading/function-that-vanishes-while-it-is-read-is-not-found",
                    test_function_that_vanishes_while_it_is_read_is_not_found);
    g_test_add_func("/pci-reading/zpci-function-that-vanishes-while-it-is-read-is-not-found",
                    test_zpci_function_that_vanishes_while_it_is_read_is_not_found);
    g_test_add_func("/pci-reading/function-without-an-id-is-no-zpci-function",
                    test_function_without_an_id_is_no_zpci_function);
    g_test_add_func("/pci-reading/vital-product-data-is-read-whole",
                    test_vital_product_data_is_read_whole);
    g_test_add_func("/pci-reading/damaged-vital-product-data-costs-one-line",
                    test_damaged_vital_product_data_costs_one_line);
    g_test_add_func("/pci-reading/mediated-types-of-a-capture-are-sorted",
                    test_mediated_types_of_a_capture_are_sorted);
    return g_test_run();
}
