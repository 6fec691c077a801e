/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-validation.h"

#include "finding-list.h"

#define HOSTDEV(source, address)                                                  \
    "<hostdev mode='subsystem' type='pci' managed='yes'><source><address " source \
    "/></source>\n" address "</hostdev>\n"
#define SOURCE "domain='0x0005' bus='0x00' slot='0x00' function='0x0'"
#define RNG(address) \
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend>" address "</rng>\n"
#define DOMAIN(architecture, devices)                                                           \
    "<domain type='kvm'><name>guest</name><memory>524288</memory><os><type arch='" architecture \
    "'>hvm</type></os><devices>\n" devices "</devices></domain>"

static void
expect_one(const char *document, const char *element, const char *expected)
{
    const char *const list[] = { expected, NULL };

    finding_list_expect(document, NULL, element, list);
}

static void
test_numbers_of_another_architecture(void)
{
    expect_one(DOMAIN("s390x", RNG("<address type='pci'><zpci uid='0x0001' fid='0x00000001'/>"
                                   "</address>")),
               "zpci", NULL);
    expect_one(DOMAIN("x86_64", RNG("<address type='pci'><zpci uid='0x0001' fid='0x00000001'/>"
                                    "</address>")),
               "zpci", "2 error this one is of the architecture 'x86_64'");
}

static void
test_numbers_in_an_address_of_another_type(void)
{
    expect_one(DOMAIN("s390x", RNG("<address type='ccw'><zpci uid='0x0001' fid='0x00000001'/>"
                                   "</address>")),
               "zpci", "2 error an address of the type 'ccw'; only those of the type 'pci'");
    expect_one(DOMAIN("s390x", RNG("<address><zpci uid='0x0001' fid='0x00000001'/></address>")),
               "zpci", "2 error an address of the type ''");
}

/* A function of the host cannot be a device of CCW. */
static void
test_function_with_an_address_of_another_type(void)
{
    expect_one(HOSTDEV(SOURCE, "<address type='ccw' cssid='0xfe' ssid='0x0' devno='0x1'/>"),
               "address",
               "2 error of the type 'ccw', but the element hostdev passes a PCI function");
    expect_one(HOSTDEV(SOURCE, "<address type='unassigned'/>"), "address", NULL);
    expect_one(HOSTDEV(SOURCE, "<address type='pci'/>"), "address", NULL);
    expect_one(HOSTDEV(SOURCE, ""), "address", NULL);
}

static void
test_parts_that_are_read_otherwise(void)
{
    expect_one(HOSTDEV("domain='0x0005' bus='010' slot='0x00' function='0x0'", ""), "address",
               "1 error libvirt reads as octal: it becomes 0x8");
    expect_one(HOSTDEV("domain='0x0005' bus='1f' slot='0x00' function='0x0'", ""), "address",
               "1 error Write 0x1f.");
    /* The same either way. */
    expect_one(HOSTDEV("domain='0x0005' bus='07' slot='1' function='0x0'", ""), "address", NULL);
    expect_one(HOSTDEV(SOURCE, "<address type='pci' domain='0' bus='00' slot='012'/>"), "address",
               "2 error becomes 0xa");
}

static void
test_two_devices_at_one_place(void)
{
    expect_one(DOMAIN("s390x", RNG("<address type='pci' slot='0x03'/>")
                                   RNG("<address type='pci' bus='0' slot='3' function='0'/>")),
               "address",
               "3 error slot 0x03, function 0x0, but the one on line 2 already has this address");
    expect_one(DOMAIN("s390x", RNG("<address type='pci' slot='0x03'/>")
                                   RNG("<address type='pci' slot='0x04'/>")),
               "address", NULL);
    /* libvirt chooses for both. */
    expect_one(DOMAIN("s390x", RNG("<address type='pci'/>") RNG("<address type='pci'/>")),
               "address", NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-validation-address/numbers-of-another-architecture",
                    test_numbers_of_another_architecture);
    g_test_add_func("/zpci-validation-address/numbers-in-an-address-of-another-type",
                    test_numbers_in_an_address_of_another_type);
    g_test_add_func("/zpci-validation-address/function-with-an-address-of-another-type",
                    test_function_with_an_address_of_another_type);
    g_test_add_func("/zpci-validation-address/parts-that-are-read-otherwise",
                    test_parts_that_are_read_otherwise);
    g_test_add_func("/zpci-validation-address/two-devices-at-one-place",
                    test_two_devices_at_one_place);
    return g_test_run();
}
