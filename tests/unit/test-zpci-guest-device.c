/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-guest-device.h"

#include <libxml/parser.h>
#include <string.h>

#include "xml-node.h"

static xmlDoc *
parse(const char *text)
{
    xmlDoc *document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);

    g_assert_nonnull(document);
    return document;
}

/* "NAME" of each device, with "z" for numbers and "s" for a function of the host behind it. */
static void
expect_devices(const char *text, const char *expected)
{
    g_autoptr(xmlDoc) document = parse(text);
    g_autoptr(GArray) devices = zpci_guest_device_list(document);
    g_autoptr(GString) found = g_string_new(NULL);

    for (guint i = 0; i < devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(devices, ZpciGuestDevice, i);

        g_string_append_printf(found, "%s%s%s ", (const char *)device->element->name,
                               device->zpci != NULL ? " z" : "",
                               device->source != NULL ? " s" : "");
    }
    g_assert_cmpstr(found->str, ==, expected);
}

static void
test_devices_of_each_kind_of_document(void)
{
    expect_devices("<domain><os/><devices><disk/><hostdev/></devices></domain>", "disk hostdev ");
    expect_devices("<domain><devices/></domain>", "");
    expect_devices("<domain/>", "");
    expect_devices("<devices><disk/></devices>", "disk ");
    expect_devices("<disk/>", "disk ");
    /* Only the first is read, and none of another name space. */
    expect_devices("<domain><devices><disk/></devices><devices><tpm/></devices></domain>", "disk ");
    expect_devices("<domain xmlns:q='q'><q:devices><disk/></q:devices></domain>", "");
}

static void
test_numbers_and_source_of_a_device(void)
{
    expect_devices("<disk><address type='pci'><zpci/></address></disk>", "disk z ");
    expect_devices("<disk><zpci/></disk>", "disk ");
    expect_devices("<hostdev type='pci'><source><address/></source></hostdev>", "hostdev s ");
    expect_devices("<hostdev type='usb'><source><address/></source></hostdev>", "hostdev ");
    expect_devices("<hostdev type='pci'><source/></hostdev>", "hostdev ");
    expect_devices("<interface type='hostdev'><source><address/></source></interface>",
                   "interface s ");
    expect_devices("<interface type='network'><source><address/></source></interface>",
                   "interface ");
    expect_devices("<disk type='pci'><source><address/></source></disk>", "disk ");
}

static gboolean
read_source(const char *attributes, PciAddress *address)
{
    g_autofree char *text =
        g_strdup_printf("<hostdev type='pci'><source><address %s/></source></hostdev>", attributes);
    g_autoptr(xmlDoc) document = parse(text);
    g_autoptr(GArray) devices = zpci_guest_device_list(document);

    return zpci_guest_device_get_source(&g_array_index(devices, ZpciGuestDevice, 0), address);
}

static void
test_source_is_read_as_libvirt_does(void)
{
    static const struct {
        const char *attributes;
        PciAddress address;
    } good[] = {
        { "domain='0xffffffff' bus='0xff' slot='0x1f' function='0x7'",
          { 0xffffffff, 0xff, 0x1f, 7 } },
        { "domain='5' bus='010' slot='1'", { 5, 8, 1, 0 } },
        { "", { 0, 0, 0, 0 } },
    };
    static const char *const bad[] = {
        "domain='0x100000000'", "bus='0x100'", "slot='0x20'",
        "function='8'",         "domain='ff'", "bus=''",
    };
    PciAddress untouched = { 1, 2, 3, 4 };
    PciAddress address;

    for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
        g_assert_true(read_source(good[i].attributes, &address));
        g_assert_cmphex(address.domain, ==, good[i].address.domain);
        g_assert_cmphex(address.bus, ==, good[i].address.bus);
        g_assert_cmphex(address.slot, ==, good[i].address.slot);
        g_assert_cmphex(address.function, ==, good[i].address.function);
    }
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        address = untouched;
        g_test_message("%s", bad[i]);
        g_assert_false(read_source(bad[i], &address));
        g_assert_cmpint(address.domain, ==, 1);
        g_assert_cmpint(address.function, ==, 4);
    }
}

static void
test_attributes(void)
{
    g_autoptr(xmlDoc) document = parse("<a xmlns:q='q' q:uid='9' uid='0x10' name=''/>");
    const xmlNode *element = xmlDocGetRootElement(document);
    g_autofree char *uid = zpci_guest_device_get(element, "uid");

    g_assert_cmpstr(uid, ==, "0x10");
    g_assert_null(zpci_guest_device_get(element, "fid"));
    g_assert_true(zpci_guest_device_has(element, "name", ""));
    g_assert_false(zpci_guest_device_has(element, "fid", ""));
    g_assert_false(zpci_guest_device_has(element, "uid", "16"));
    g_assert_cmpuint(zpci_guest_device_get_number(element, "uid", 0x10), ==, 0x10);
    g_assert_cmpuint(zpci_guest_device_get_number(element, "uid", 0xf), ==, 0);
    g_assert_cmpuint(zpci_guest_device_get_number(element, "fid", 0xf), ==, 0);
    g_assert_cmpuint(zpci_guest_device_get_number(element, "name", 0xf), ==, 0);
}

static void
test_what_is_a_pci_device(void)
{
    static const struct {
        const char *text;
        gboolean is_pci;
    } cases[] = {
        { "<disk><address type='pci'/></disk>", TRUE },
        { "<disk><address type='ccw'/></disk>", FALSE },
        { "<disk><address/></disk>", FALSE },
        { "<disk/>", FALSE },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(xmlDoc) document = parse(cases[i].text);
        g_autoptr(GArray) devices = zpci_guest_device_list(document);

        g_assert_cmpint(zpci_guest_device_is_pci(&g_array_index(devices, ZpciGuestDevice, 0)), ==,
                        cases[i].is_pci);
    }
}

static void
test_architecture_of_the_guest(void)
{
    g_autoptr(xmlDoc) known = parse("<domain><os><type arch='s390x'>hvm</type></os></domain>");
    g_autoptr(xmlDoc) unknown = parse("<domain><os><type>hvm</type></os></domain>");
    g_autoptr(xmlDoc) device = parse("<hostdev/>");
    g_autofree char *architecture = zpci_guest_device_get_architecture(known);

    g_assert_cmpstr(architecture, ==, "s390x");
    g_assert_null(zpci_guest_device_get_architecture(unknown));
    g_assert_null(zpci_guest_device_get_architecture(device));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-guest-device/of-each-kind-of-document",
                    test_devices_of_each_kind_of_document);
    g_test_add_func("/zpci-guest-device/numbers-and-source", test_numbers_and_source_of_a_device);
    g_test_add_func("/zpci-guest-device/source-is-read-as-libvirt-does",
                    test_source_is_read_as_libvirt_does);
    g_test_add_func("/zpci-guest-device/attributes", test_attributes);
    g_test_add_func("/zpci-guest-device/what-is-a-pci-device", test_what_is_a_pci_device);
    g_test_add_func("/zpci-guest-device/architecture-of-the-guest", test_architecture_of_the_guest);
    return g_test_run();
}
