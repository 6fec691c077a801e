/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-hostdev.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include "expect.h"
#include "xml-node.h"
#include "xml-text.h"
#include "zpci-hostdev-private.h"

#define SOURCE_0005 "<address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/>"

/* A function of the host that has its numbers in the guest. */
static ZpciHostdev *
make_hostdev(void)
{
    ZpciHostdev *hostdev = zpci_hostdev_new("0005:00:00.0");

    zpci_address_request_set_uid(zpci_hostdev_get_request(hostdev), 0x1a);
    zpci_address_request_set_fid(zpci_hostdev_get_request(hostdev), 0xc);
    return hostdev;
}

/* Takes over what is given. */
static GPtrArray *
make_list(ZpciHostdev *hostdev, ZpciHostdev *other)
{
    GPtrArray *hostdevs = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_hostdev_unref);

    g_ptr_array_add(hostdevs, hostdev);
    if (other != NULL)
        g_ptr_array_add(hostdevs, other);
    return hostdevs;
}

static void
expect_format(const GPtrArray *hostdevs, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = zpci_hostdev_format(hostdevs, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, expected);
}

static void
expect_refused(ZpciHostdev *hostdev, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) hostdevs = make_list(zpci_hostdev_ref(hostdev), NULL);
    g_autoptr(xmlDoc) document = xml_node_new_document("devices");
    xmlNode *devices = xmlDocGetRootElement(document);

    g_assert_null(zpci_hostdev_format(hostdevs, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, part);
    g_assert_false(zpci_hostdev_add(devices, hostdev, zpci_hostdev_get_claim(hostdev), &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, part);
    g_assert_null(devices->children);
}

static void
test_plain_one_is_what_libvirt_takes(void)
{
    ZpciHostdev *other = make_hostdev();
    g_autoptr(GPtrArray) hostdevs = make_list(make_hostdev(), other);
    g_autoptr(GPtrArray) none = g_ptr_array_new();

    zpci_hostdev_set_source(other, "0006:01:1f.7");
    zpci_hostdev_set_managed(other, FALSE);
    zpci_address_request_set_uid(zpci_hostdev_get_request(other), 0xffff);
    zpci_address_request_set_fid(zpci_hostdev_get_request(other), 0xffffffff);
    expect_format(hostdevs, "<hostdev mode='subsystem' type='pci' managed='yes'>\n"
                            "  <source>\n"
                            "    <address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/>\n"
                            "  </source>\n"
                            "  <address type='pci'>\n"
                            "    <zpci uid='0x001a' fid='0x0000000c'/>\n"
                            "  </address>\n"
                            "</hostdev>\n"
                            "<hostdev mode='subsystem' type='pci' managed='no'>\n"
                            "  <source>\n"
                            "    <address domain='0x0006' bus='0x01' slot='0x1f' function='0x7'/>\n"
                            "  </source>\n"
                            "  <address type='pci'>\n"
                            "    <zpci uid='0xffff' fid='0xffffffff'/>\n"
                            "  </address>\n"
                            "</hostdev>\n");
    expect_format(none, "");
}

static void
test_all_that_it_can_have(void)
{
    ZpciHostdev *hostdev = make_hostdev();
    g_autoptr(GPtrArray) hostdevs = make_list(hostdev, NULL);

    zpci_hostdev_set_driver(hostdev, "vfio");
    zpci_hostdev_set_rom(hostdev, FALSE);
    zpci_hostdev_set_alias(hostdev, "ua-disk");
    zpci_hostdev_set_boot_order(hostdev, 3);
    expect_format(hostdevs, "<hostdev mode='subsystem' type='pci' managed='yes'>\n"
                            "  <driver name='vfio'/>\n"
                            "  <source>\n"
                            "    <address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/>\n"
                            "  </source>\n"
                            "  <boot order='3'/>\n"
                            "  <alias name='ua-disk'/>\n"
                            "  <rom bar='off'/>\n"
                            "  <address type='pci'>\n"
                            "    <zpci uid='0x001a' fid='0x0000000c'/>\n"
                            "  </address>\n"
                            "</hostdev>\n");
}

static void
test_iommufd_stands_with_its_driver(void)
{
    static const struct {
        const char *driver;
        ZpciHostdevIommufd iommufd;
        const char *expected;
    } cases[] = {
        { NULL, ZPCI_HOSTDEV_IOMMUFD_AS_DOMAIN, NULL },
        { NULL, ZPCI_HOSTDEV_IOMMUFD_YES, "<driver iommufd='yes'/>\n" },
        { NULL, ZPCI_HOSTDEV_IOMMUFD_NO, "<driver iommufd='no'/>\n" },
        { "vfio", ZPCI_HOSTDEV_IOMMUFD_YES, "<driver name='vfio' iommufd='yes'/>\n" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(xmlDoc) document = xml_node_new_document("devices");
        g_autoptr(ZpciHostdev) first = make_hostdev();
        g_autoptr(ZpciHostdev) hostdev = NULL;
        g_autoptr(GError) error = NULL;
        const xmlNode *driver;
        g_autofree char *text = NULL;

        zpci_hostdev_set_driver(first, cases[i].driver);
        zpci_hostdev_set_iommufd(first, cases[i].iommufd);
        hostdev = zpci_hostdev_copy(first);
        zpci_hostdev_add(xmlDocGetRootElement(document), hostdev, zpci_hostdev_get_claim(hostdev),
                         &error);
        g_assert_no_error(error);
        driver = xmlFirstElementChild(xmlFirstElementChild(xmlDocGetRootElement(document)));
        text = xml_text_format(driver);
        g_assert_cmpstr(text, ==,
                        cases[i].expected != NULL
                            ? cases[i].expected
                            : "<source>\n"
                              "  <address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/>\n"
                              "</source>\n");
    }
}

/* The schemas are those of the libvirt with which this is built. */
static void
test_iommufd_is_written_for_a_libvirt_that_knows_it(void)
{
    ZpciHostdev *hostdev = make_hostdev();
    g_autoptr(GPtrArray) hostdevs = make_list(hostdev, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    zpci_hostdev_set_iommufd(hostdev, ZPCI_HOSTDEV_IOMMUFD_YES);
    text = zpci_hostdev_format(hostdevs, &error);
#if LIBVIR_CHECK_VERSION(12, 1, 0)
    g_assert_no_error(error);
    g_assert_nonnull(strstr(text, "\n  <driver iommufd='yes'/>\n  <source>\n"));
#else
    g_assert_null(text);
    expect_error(&error, ZPCI_ERROR_INVALID_DOCUMENT, "installed libvirt does not know");
#endif
}

static void
test_interface_has_mac_address_and_vlan(void)
{
    ZpciHostdev *hostdev = make_hostdev();
    g_autoptr(GPtrArray) hostdevs = make_list(hostdev, NULL);

    zpci_hostdev_set_kind(hostdev, ZPCI_HOSTDEV_INTERFACE);
    zpci_hostdev_set_mac(hostdev, "52:54:00:00:00:0a");
    zpci_hostdev_set_vlan(hostdev, ZPCI_HOSTDEV_MAX_VLAN);
    expect_format(hostdevs, "<interface type='hostdev' managed='yes'>\n"
                            "  <mac address='52:54:00:00:00:0a'/>\n"
                            "  <source>\n"
                            "    <address type='pci' domain='0x0005' bus='0x00' slot='0x00' "
                            "function='0x0'/>\n"
                            "  </source>\n"
                            "  <vlan>\n"
                            "    <tag id='4094'/>\n"
                            "  </vlan>\n"
                            "  <address type='pci'>\n"
                            "    <zpci uid='0x001a' fid='0x0000000c'/>\n"
                            "  </address>\n"
                            "</interface>\n");
}

static void
test_numbers_have_to_be_assigned_first(void)
{
    g_autoptr(ZpciHostdev) without_uid = zpci_hostdev_new("0005:00:00.0");
    g_autoptr(ZpciHostdev) without_fid = zpci_hostdev_new("0005:00:00.0");

    zpci_address_request_set_fid(zpci_hostdev_get_request(without_uid), 1);
    expect_refused(without_uid, "no UID and FID in the guest yet");
    zpci_address_request_set_uid(zpci_hostdev_get_request(without_fid), 1);
    expect_refused(without_fid, "no UID and FID in the guest yet");
}

static void
test_members_that_cannot_be(void)
{
    g_autoptr(ZpciHostdev) hostdev = make_hostdev();

    zpci_hostdev_set_source(hostdev, NULL);
    expect_refused(hostdev, "no PCI address on the host yet");
    zpci_hostdev_set_source(hostdev, "5");
    expect_refused(hostdev, "'5'");
    zpci_hostdev_set_source(hostdev, "0005:00:00.0");
    zpci_hostdev_set_model(hostdev, "mlx5_vfio_pci");
    expect_refused(hostdev, "ask for the driver vfio");
    zpci_hostdev_set_model(hostdev, NULL);
    zpci_hostdev_set_alias(hostdev, "disk");
    expect_refused(hostdev, "The alias 'disk' does not begin with ua-");
    zpci_hostdev_set_alias(hostdev, NULL);
    zpci_hostdev_set_mac(hostdev, "52:54:00:00:00:01");
    expect_refused(hostdev, "Only an interface");
    zpci_hostdev_set_mac(hostdev, NULL);
    zpci_hostdev_set_vlan(hostdev, 1);
    expect_refused(hostdev, "Only an interface");
    zpci_hostdev_set_kind(hostdev, ZPCI_HOSTDEV_INTERFACE);
    zpci_hostdev_set_vlan(hostdev, ZPCI_HOSTDEV_MAX_VLAN + 1);
    expect_refused(hostdev, "There is no VLAN 4095; give a number from 1 to 4094.");
}

static void
test_mac_addresses_that_are_none(void)
{
    static const char *const bad[] = {
        "",
        "52:54:00:00:00",
        "52:54:00:00:00:01:02",
        "52:54:00:00:00:1",
        "52-54-00-00-00-01",
        "52:54:00:00:00:0g",
        " 52:54:00:00:00:1",
        "53:54:00:00:00:01",
        "52:54:00:00:00:01 ",
        "+5:54:00:00:00:01",
        "0x:54:00:00:00:01",
    };
    static const char *const good[] = { "00:00:00:00:00:00", "FE:dc:ba:98:76:54" };
    g_autoptr(ZpciHostdev) hostdev = make_hostdev();

    zpci_hostdev_set_kind(hostdev, ZPCI_HOSTDEV_INTERFACE);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("'%s'", bad[i]);
        zpci_hostdev_set_mac(hostdev, bad[i]);
        expect_refused(hostdev, "An interface cannot have the MAC address ");
    }
    for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(xmlDoc) document = xml_node_new_document("devices");
        g_autoptr(GError) error = NULL;

        zpci_hostdev_set_mac(hostdev, good[i]);
        g_assert_true(zpci_hostdev_add(xmlDocGetRootElement(document), hostdev,
                                       zpci_hostdev_get_claim(hostdev), &error));
        g_assert_no_error(error);
    }
}

/* What no check of a member sees, the validation of the whole does. */
static void
test_what_would_not_be_valid_is_not_given(void)
{
    ZpciHostdev *hostdev = make_hostdev();
    g_autoptr(GPtrArray) hostdevs = make_list(make_hostdev(), make_hostdev());
    g_autoptr(GPtrArray) alone = make_list(hostdev, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(zpci_hostdev_format(hostdevs, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_DOCUMENT, "The resulting document is not valid");
    zpci_hostdev_set_driver(hostdev, "kvm");
    g_assert_null(zpci_hostdev_format(alone, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_DOCUMENT, "line 2 has this fault: ");
}

/* A decimal number is odd, and no reason to refuse. */
static void
test_warnings_do_not_count(void)
{
    static const char text[] =
        "<hostdev mode='subsystem' type='pci' managed='yes'><source>" SOURCE_0005 "</source>"
        "<address type='pci'><zpci uid='10' fid='0x1'/></address></hostdev>";
    g_autoptr(GError) error = NULL;

    g_assert_true(zpci_hostdev_check(text, sizeof(text) - 1, &error));
    g_assert_no_error(error);
    g_assert_false(zpci_hostdev_check("<network/>", 10, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "'network'");
}

static void
test_numbers_are_assigned_to_all_or_none(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(GPtrArray) hostdevs = make_list(zpci_hostdev_new("0005:00:00.0"), make_hostdev());
    g_autoptr(GPtrArray) again = make_list(zpci_hostdev_new("0005:00:00.0"), make_hostdev());
    const ZpciAddressClaim *first = zpci_hostdev_get_claim(hostdevs->pdata[0]);
    const ZpciAddressClaim *other = zpci_hostdev_get_claim(again->pdata[0]);
    g_autoptr(GError) error = NULL;

    g_assert_true(zpci_hostdev_assign(hostdevs, set, ZPCI_ADDRESS_POLICY_FIRST_FREE, &error));
    g_assert_true(first->has_uid && first->has_fid);
    g_assert_cmphex(first->address.uid, ==, 1);
    g_assert_cmphex(first->address.fid, ==, 0);
    g_assert_cmphex(zpci_hostdev_get_claim(hostdevs->pdata[1])->address.uid, ==, 0x1a);
    g_assert_true(zpci_address_set_find_uid(set, 0x1a, NULL));

    g_assert_false(zpci_hostdev_assign(again, set, ZPCI_ADDRESS_POLICY_FIRST_FREE, &error));
    g_assert_nonnull(error);
    g_assert_false(other->has_uid || other->has_fid);
}

static void
test_copy_shares_nothing(void)
{
    ZpciHostdev *hostdev = make_hostdev();
    ZpciHostdev *copy;
    g_autoptr(GPtrArray) copies = NULL;
    g_autofree char *before = NULL;

    zpci_hostdev_set_kind(hostdev, ZPCI_HOSTDEV_INTERFACE);
    zpci_hostdev_set_alias(hostdev, "ua-nic");
    zpci_hostdev_set_mac(hostdev, "52:54:00:00:00:0a");
    zpci_hostdev_set_driver(hostdev, "vfio");
    copy = zpci_hostdev_copy(hostdev);
    copies = make_list(copy, NULL);
    before = zpci_hostdev_format(copies, NULL);
    g_assert_nonnull(before);
    zpci_hostdev_set_alias(hostdev, "ua-other");
    zpci_hostdev_set_mac(hostdev, NULL);
    zpci_address_request_set_uid(zpci_hostdev_get_request(hostdev), 7);
    zpci_hostdev_unref(hostdev);
    expect_format(copies, before);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-hostdev/plain-one-is-what-libvirt-takes",
                    test_plain_one_is_what_libvirt_takes);
    g_test_add_func("/zpci-hostdev/all-that-it-can-have", test_all_that_it_can_have);
    g_test_add_func("/zpci-hostdev/iommufd-stands-with-its-driver",
                    test_iommufd_stands_with_its_driver);
    g_test_add_func("/zpci-hostdev/iommufd-is-written-for-a-libvirt-that-knows-it",
                    test_iommufd_is_written_for_a_libvirt_that_knows_it);
    g_test_add_func("/zpci-hostdev/interface-has-mac-address-and-vlan",
                    test_interface_has_mac_address_and_vlan);
    g_test_add_func("/zpci-hostdev/numbers-have-to-be-assigned-first",
                    test_numbers_have_to_be_assigned_first);
    g_test_add_func("/zpci-hostdev/members-that-cannot-be", test_members_that_cannot_be);
    g_test_add_func("/zpci-hostdev/mac-addresses-that-are-none", test_mac_addresses_that_are_none);
    g_test_add_func("/zpci-hostdev/what-would-not-be-valid-is-not-given",
                    test_what_would_not_be_valid_is_not_given);
    g_test_add_func("/zpci-hostdev/warnings-do-not-count", test_warnings_do_not_count);
    g_test_add_func("/zpci-hostdev/numbers-are-assigned-to-all-or-none",
                    test_numbers_are_assigned_to_all_or_none);
    g_test_add_func("/zpci-hostdev/copy-shares-nothing", test_copy_shares_nothing);
    return g_test_run();
}
