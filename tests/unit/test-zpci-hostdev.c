/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-hostdev.h"

#include "expect.h"
#include "xml-node.h"
#include "zpci-hostdev-private.h"

#define SOURCE_0005 "<address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/>"

/* A function of the host that has its numbers in the guest. */
static ZpciHostdev
make_hostdev(void)
{
    ZpciHostdev hostdev = { .source = "0005:00:00.0" };

    hostdev.guest.has_uid = hostdev.guest.has_fid = TRUE;
    hostdev.guest.address = (ZpciGuestAddress){ 0x1a, 0xc };
    return hostdev;
}

static void
expect_format(const ZpciHostdev *hostdevs, guint count, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = zpci_hostdev_format(hostdevs, count, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, expected);
}

static void
expect_refused(const ZpciHostdev *hostdev, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) document = xml_node_new_document("devices");
    xmlNode *devices = xmlDocGetRootElement(document);

    g_assert_null(zpci_hostdev_format(hostdev, 1, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, part);
    g_assert_false(zpci_hostdev_add(devices, hostdev, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, part);
    g_assert_null(devices->children);
}

static void
test_plain_one_is_what_libvirt_takes(void)
{
    ZpciHostdev hostdevs[] = { make_hostdev(), make_hostdev() };

    hostdevs[1].source = "0006:01:1f.7";
    hostdevs[1].unmanaged = TRUE;
    hostdevs[1].guest.address = (ZpciGuestAddress){ 0xffff, 0xffffffff };
    expect_format(hostdevs, 2,
                  "<hostdev mode='subsystem' type='pci' managed='yes'>\n"
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
    expect_format(NULL, 0, "");
}

static void
test_all_that_it_can_have(void)
{
    ZpciHostdev hostdev = make_hostdev();

    hostdev.driver = "vfio";
    hostdev.rom_off = TRUE;
    hostdev.alias = "ua-disk";
    hostdev.boot_order = 3;
    expect_format(&hostdev, 1,
                  "<hostdev mode='subsystem' type='pci' managed='yes'>\n"
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
test_interface_has_mac_address_and_vlan(void)
{
    ZpciHostdev hostdev = make_hostdev();

    hostdev.kind = ZPCI_HOSTDEV_INTERFACE;
    hostdev.mac = "52:54:00:00:00:0a";
    hostdev.vlan = ZPCI_HOSTDEV_MAX_VLAN;
    expect_format(&hostdev, 1,
                  "<interface type='hostdev' managed='yes'>\n"
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
    ZpciHostdev without_uid = make_hostdev();
    ZpciHostdev without_fid = make_hostdev();

    without_uid.guest.has_uid = FALSE;
    expect_refused(&without_uid, "no UID and FID in the guest yet");
    without_fid.guest.has_fid = FALSE;
    expect_refused(&without_fid, "no UID and FID in the guest yet");
}

static void
test_members_that_cannot_be(void)
{
    ZpciHostdev hostdev = make_hostdev();

    hostdev.source = "5";
    expect_refused(&hostdev, "'5'");
    hostdev = make_hostdev();
    hostdev.model = "mlx5_vfio_pci";
    expect_refused(&hostdev, "ask for the driver vfio");
    hostdev = make_hostdev();
    hostdev.alias = "disk";
    expect_refused(&hostdev, "The alias 'disk' does not begin with ua-");
    hostdev = make_hostdev();
    hostdev.mac = "52:54:00:00:00:01";
    expect_refused(&hostdev, "Only an interface");
    hostdev = make_hostdev();
    hostdev.vlan = 1;
    expect_refused(&hostdev, "Only an interface");
    hostdev.kind = ZPCI_HOSTDEV_INTERFACE;
    hostdev.vlan = ZPCI_HOSTDEV_MAX_VLAN + 1;
    expect_refused(&hostdev, "There is no VLAN 4095; give a number from 1 to 4094.");
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
    ZpciHostdev hostdev = make_hostdev();

    hostdev.kind = ZPCI_HOSTDEV_INTERFACE;
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("'%s'", bad[i]);
        hostdev.mac = bad[i];
        expect_refused(&hostdev, "An interface cannot have the MAC address ");
    }
    for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(xmlDoc) document = xml_node_new_document("devices");
        g_autoptr(GError) error = NULL;

        hostdev.mac = good[i];
        g_assert_true(zpci_hostdev_add(xmlDocGetRootElement(document), &hostdev, &error));
        g_assert_no_error(error);
    }
}

/* What no check of a member sees, the validation of the whole does. */
static void
test_what_would_not_be_valid_is_not_given(void)
{
    ZpciHostdev hostdevs[] = { make_hostdev(), make_hostdev() };
    ZpciHostdev hostdev = make_hostdev();
    g_autoptr(GError) error = NULL;

    g_assert_null(zpci_hostdev_format(hostdevs, 2, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_DOCUMENT, "The document that would come out");
    hostdev.driver = "kvm";
    g_assert_null(zpci_hostdev_format(&hostdev, 1, &error));
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
    ZpciHostdev hostdevs[] = { { .source = "0005:00:00.0" }, make_hostdev() };
    g_autoptr(GError) error = NULL;

    g_assert_true(zpci_hostdev_assign(hostdevs, 2, set, ZPCI_ADDRESS_POLICY_FIRST_FREE, &error));
    g_assert_true(hostdevs[0].guest.has_uid && hostdevs[0].guest.has_fid);
    g_assert_cmphex(hostdevs[0].guest.address.uid, ==, 1);
    g_assert_cmphex(hostdevs[0].guest.address.fid, ==, 0);
    g_assert_cmphex(hostdevs[1].guest.address.uid, ==, 0x1a);
    g_assert_true(zpci_address_set_find_uid(set, 0x1a, NULL));

    hostdevs[0] = (ZpciHostdev){ .source = "0005:00:00.0" };
    g_assert_false(zpci_hostdev_assign(hostdevs, 2, set, ZPCI_ADDRESS_POLICY_FIRST_FREE, &error));
    g_assert_nonnull(error);
    g_assert_false(hostdevs[0].guest.has_uid || hostdevs[0].guest.has_fid);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-hostdev/plain-one-is-what-libvirt-takes",
                    test_plain_one_is_what_libvirt_takes);
    g_test_add_func("/zpci-hostdev/all-that-it-can-have", test_all_that_it_can_have);
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
    return g_test_run();
}
