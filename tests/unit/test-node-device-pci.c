/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-pci.h"

#include "expect.h"
#include "sysfs-tree.h"
#include "zpci-function-private.h"

/* No vendor has this number, so that no pci.ids has a name for it. */
#define NO_VENDOR 0xfabc

static PciDevice *
make_device(const char *address)
{
    PciDevice *device = pci_device_new();

    device->address = sysfs_tree_parse(address);
    device->path = g_strdup("/sys/devices/pci0005:00/0005:00:00.0");
    device->vendor = NO_VENDOR;
    device->product = 0x1041;
    return device;
}

static void
add_address(GArray *addresses, const char *text)
{
    PciAddress address = sysfs_tree_parse(text);

    g_array_append_val(addresses, address);
}

static void
test_least_that_is_known_of_a_function(void)
{
    g_autoptr(PciDevice) device = make_device("0005:00:00.0");
    g_autofree char *text = node_device_pci_format(device, "computer");

    g_assert_cmpstr(text, ==,
                    "<device>\n"
                    "  <name>pci_0005_00_00_0</name>\n"
                    "  <path>/sys/devices/pci0005:00/0005:00:00.0</path>\n"
                    "  <parent>computer</parent>\n"
                    "  <capability type='pci'>\n"
                    "    <domain>5</domain>\n"
                    "    <bus>0</bus>\n"
                    "    <slot>0</slot>\n"
                    "    <function>0</function>\n"
                    "    <product id='0x1041'/>\n"
                    "    <vendor id='0xfabc'/>\n"
                    "  </capability>\n"
                    "</device>\n");
}

static void
add_mdev_type(PciDevice *device, const char *id, const char *name, guint available)
{
    PciMdevType *type = g_new0(PciMdevType, 1);

    type->id = g_strdup(id);
    type->name = g_strdup(name);
    type->device_api = g_strdup("vfio-pci");
    type->available = available;
    g_ptr_array_add(device->mdev_types, type);
}

/* A physical function with everything on it, in libvirt's order of elements. */
static PciDevice *
make_full_device(void)
{
    PciDevice *device = make_device("10000:e1:1f.7");

    device->class_code = 0x020000;
    device->driver = g_strdup("mlx5_core");
    add_address(device->virtfns, "10000:e1:1f.6");
    add_address(device->virtfns, "10000:e1:00.1");
    device->max_virtfns = 63;
    device->iommu_group = 12;
    add_address(device->iommu_members, "10000:e1:1f.7");
    g_ptr_array_set_free_func(device->mdev_types, (GDestroyNotify)pci_mdev_type_free);
    add_mdev_type(device, "nvidia-35", "GRID M60-0B", 16);
    add_mdev_type(device, "a'b", NULL, 0);
    device->vpd = g_atomic_rc_box_new0(PciVpd);
    device->vpd->name = g_strdup("Card");
    device->numa_node = 0;
    device->config = (PciConfig){
        .is_express = TRUE,
        .has_link = TRUE,
        .capability = { .port = 3, .speed = 4, .width = 16 },
        .status = { .port = -1, .speed = 0, .width = 4 },
    };
    return device;
}

static void
test_all_that_is_known_of_a_function(void)
{
    g_autoptr(PciDevice) device = make_full_device();
    g_autofree char *text = node_device_pci_format(device, "pci_0000_00_0e_0");

    g_assert_cmpstr(text, ==,
                    "<device>\n"
                    "  <name>pci_10000_e1_1f_7</name>\n"
                    "  <path>/sys/devices/pci0005:00/0005:00:00.0</path>\n"
                    "  <parent>pci_0000_00_0e_0</parent>\n"
                    "  <driver>\n"
                    "    <name>mlx5_core</name>\n"
                    "  </driver>\n"
                    "  <capability type='pci'>\n"
                    "    <class>0x020000</class>\n"
                    "    <domain>65536</domain>\n"
                    "    <bus>225</bus>\n"
                    "    <slot>31</slot>\n"
                    "    <function>7</function>\n"
                    "    <product id='0x1041'/>\n"
                    "    <vendor id='0xfabc'/>\n"
                    "    <capability type='virt_functions' maxCount='63'>\n"
                    "      <address domain='0x10000' bus='0xe1' slot='0x1f' function='0x6'/>\n"
                    "      <address domain='0x10000' bus='0xe1' slot='0x00' function='0x1'/>\n"
                    "    </capability>\n"
                    "    <capability type='mdev_types'>\n"
                    "      <type id='nvidia-35'>\n"
                    "        <name>GRID M60-0B</name>\n"
                    "        <deviceAPI>vfio-pci</deviceAPI>\n"
                    "        <availableInstances>16</availableInstances>\n"
                    "      </type>\n"
                    "      <type id='a&apos;b'>\n"
                    "        <deviceAPI>vfio-pci</deviceAPI>\n"
                    "        <availableInstances>0</availableInstances>\n"
                    "      </type>\n"
                    "    </capability>\n"
                    "    <capability type='vpd'>\n"
                    "      <name>Card</name>\n"
                    "    </capability>\n"
                    "    <iommuGroup number='12'>\n"
                    "      <address domain='0x10000' bus='0xe1' slot='0x1f' function='0x7'/>\n"
                    "    </iommuGroup>\n"
                    "    <numa node='0'/>\n"
                    "    <pci-express>\n"
                    "      <link validity='cap' port='3' speed='16' width='16'/>\n"
                    "      <link validity='sta' width='4'/>\n"
                    "    </pci-express>\n"
                    "  </capability>\n"
                    "</device>\n");
}

/* libvirt leaves it out, and its schema asks for a member. */
static void
test_group_without_members_is_none(void)
{
    g_autoptr(PciDevice) device = make_device("0005:00:00.0");
    g_autofree char *text = NULL;

    device->iommu_group = 12;
    text = node_device_pci_format(device, "computer");
    expect_has_not(text, "iommuGroup");
}

static void
test_virtual_function_names_its_physical_one(void)
{
    g_autoptr(PciDevice) device = make_device("0005:00:00.1");
    PciAddress physical = sysfs_tree_parse("0005:00:00.0");
    g_autofree char *text = NULL;

    device->physfn = g_memdup2(&physical, sizeof physical);
    text = node_device_pci_format(device, "computer");
    expect_has(text, "    <capability type='phys_function'>\n"
                     "      <address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/>\n"
                     "    </capability>\n");
    expect_has_not(text, "virt_functions");
}

static void
test_function_that_may_have_virtual_ones_says_how_many(void)
{
    g_autoptr(PciDevice) device = make_device("0005:00:00.0");
    g_autofree char *text = NULL;

    device->max_virtfns = 8;
    text = node_device_pci_format(device, "computer");
    expect_has(text, "    <capability type='virt_functions' maxCount='8'/>\n");
}

static void
test_bridges_say_what_they_are(void)
{
    g_autoptr(PciDevice) device = make_device("0000:00:01.0");
    g_autofree char *endpoint = node_device_pci_format(device, "computer");
    g_autofree char *bridge = NULL;
    g_autofree char *cardbus = NULL;

    device->config.header = PCI_HEADER_PCI_BRIDGE;
    bridge = node_device_pci_format(device, "computer");
    device->config.header = PCI_HEADER_CARDBUS_BRIDGE;
    cardbus = node_device_pci_format(device, "computer");
    expect_has_not(endpoint, "bridge");
    expect_has(bridge, "    <capability type='pci-bridge'/>\n");
    expect_has(cardbus, "    <capability type='cardbus-bridge'/>\n");
}

static void
assert_speed(guint speed, const char *expected)
{
    g_autoptr(PciDevice) device = make_device("0005:00:00.0");
    g_autofree char *text = NULL;

    device->config.is_express = TRUE;
    device->config.has_link = TRUE;
    device->config.capability = (PciLink){ .port = 0, .speed = speed, .width = 1 };
    device->config.status = (PciLink){ .port = -1, .speed = 1, .width = 1 };
    text = node_device_pci_format(device, "computer");
    expect_has(text, expected);
}

static void
test_link_speeds_are_gigatransfers(void)
{
    assert_speed(1, "<link validity='cap' port='0' speed='2.5' width='1'/>");
    assert_speed(2, "speed='5' width='1'/>");
    assert_speed(3, "speed='8' width='1'/>");
    assert_speed(4, "speed='16' width='1'/>");
    assert_speed(5, "speed='32' width='1'/>");
    assert_speed(6, "speed='64' width='1'/>");
    assert_speed(7, "<link validity='cap' port='0' width='1'/>");
    assert_speed(15, "<link validity='cap' port='0' width='1'/>");
}

static void
test_integrated_express_endpoint_has_no_link(void)
{
    g_autoptr(PciDevice) device = make_device("0005:00:00.0");
    g_autofree char *text = NULL;

    device->config.is_express = TRUE;
    text = node_device_pci_format(device, "computer");
    expect_has(text, "    <pci-express/>\n");
    expect_has_not(text, "<link");
}

static void
test_zpci_stands_behind_all_that_libvirt_writes(void)
{
    g_autoptr(PciDevice) device = make_full_device();
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *text = NULL;

    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, 5);
    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 0xc);
    zpci_facts_set(&facts, ZPCI_FACT_PFGID, ZPCI_SOURCE_SYSFS, 0xff);
    device->zpci = zpci_function_new(&facts);
    text = node_device_pci_format(device, "computer");
    expect_has(text, "    </pci-express>\n"
                     "    <zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'>\n");
    g_assert_true(g_str_has_suffix(text, "    </zpci>\n  </capability>\n</device>\n"));
}

static void
test_odd_driver_name_cannot_break_the_document(void)
{
    g_autoptr(PciDevice) device = make_device("0005:00:00.0");
    g_autofree char *text = NULL;

    device->driver = g_strdup("</name><name>\x01\xff&");
    text = node_device_pci_format(device, "computer");
    expect_has(text, "    <name>&lt;/name&gt;&lt;name&gt;\xef\xbf\xbd&amp;</name>\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-pci/least-that-is-known-of-a-function",
                    test_least_that_is_known_of_a_function);
    g_test_add_func("/node-device-pci/all-that-is-known-of-a-function",
                    test_all_that_is_known_of_a_function);
    g_test_add_func("/node-device-pci/group-without-members-is-none",
                    test_group_without_members_is_none);
    g_test_add_func("/node-device-pci/virtual-function-names-its-physical-one",
                    test_virtual_function_names_its_physical_one);
    g_test_add_func("/node-device-pci/function-that-may-have-virtual-ones-says-how-many",
                    test_function_that_may_have_virtual_ones_says_how_many);
    g_test_add_func("/node-device-pci/bridges-say-what-they-are", test_bridges_say_what_they_are);
    g_test_add_func("/node-device-pci/link-speeds-are-gigatransfers",
                    test_link_speeds_are_gigatransfers);
    g_test_add_func("/node-device-pci/integrated-express-endpoint-has-no-link",
                    test_integrated_express_endpoint_has_no_link);
    g_test_add_func("/node-device-pci/zpci-stands-behind-all-that-libvirt-writes",
                    test_zpci_stands_behind_all_that_libvirt_writes);
    g_test_add_func("/node-device-pci/odd-driver-name-cannot-break-the-document",
                    test_odd_driver_name_cannot_break_the_document);
    return g_test_run();
}
