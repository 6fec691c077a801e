/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-config.h"

#include <string.h>

#define HEADER_SIZE 64
#define EXTENDED_SIZE 4096

/* Configuration space as the test wants it; little-endian on every machine. */
typedef struct {
    guint8 bytes[PCI_CONFIG_SIZE];
} Space;

static void
put_16(Space *space, guint offset, guint16 value)
{
    space->bytes[offset] = (guint8)value;
    space->bytes[offset + 1] = (guint8)(value >> 8);
}

static void
put_32(Space *space, guint offset, guint32 value)
{
    put_16(space, offset, (guint16)value);
    put_16(space, offset + 2, (guint16)(value >> 16));
}

static void
put_capability(Space *space, guint8 offset, guint8 id, guint8 next)
{
    space->bytes[offset] = id;
    space->bytes[offset + 1] = next;
}

/* A device with a list of capabilities that begins at @first. */
static Space
make_space(guint8 header, guint8 first)
{
    Space space = { { 0 } };

    space.bytes[0x0e] = header;
    put_16(&space, 0x06, 0x0010);
    space.bytes[0x34] = first;
    return space;
}

/* Port 3, at most 16 GT/s on 16 lanes; now 8 GT/s on 4. */
static void
put_express(Space *space, guint8 offset, guint8 next, guint16 type)
{
    put_capability(space, offset, 0x10, next);
    put_16(space, offset + 2, (guint16)(0x0002 | type << 4));
    put_32(space, offset + 12, 0x03000000 | 16 << 4 | 4);
    put_16(space, offset + 18, 4 << 4 | 3);
}

static PciConfig
parse(const Space *space)
{
    return pci_config_parse(space->bytes, sizeof space->bytes, sizeof space->bytes);
}

static void
test_header_type_has_no_multifunction_bit(void)
{
    Space endpoint = make_space(0x80, 0);
    Space bridge = make_space(0x01, 0);
    Space cardbus = make_space(0x82, 0);

    g_assert_cmpint(parse(&endpoint).header, ==, PCI_HEADER_ENDPOINT);
    g_assert_cmpint(parse(&bridge).header, ==, PCI_HEADER_PCI_BRIDGE);
    g_assert_cmpint(parse(&cardbus).header, ==, PCI_HEADER_CARDBUS_BRIDGE);
}

static void
test_express_endpoint_has_a_link(void)
{
    Space space = make_space(0x00, 0x40);
    PciConfig config;

    put_capability(&space, 0x40, 0x05, 0x70);
    put_express(&space, 0x70, 0x00, 0);
    config = parse(&space);
    g_assert_true(config.is_express);
    g_assert_true(config.has_link);
    g_assert_cmpint(config.capability.port, ==, 3);
    g_assert_cmpuint(config.capability.speed, ==, 4);
    g_assert_cmpuint(config.capability.width, ==, 16);
    g_assert_cmpint(config.status.port, ==, -1);
    g_assert_cmpuint(config.status.speed, ==, 3);
    g_assert_cmpuint(config.status.width, ==, 4);
}

static void
test_port_number_has_eight_bits(void)
{
    Space space = make_space(0x01, 0x40);

    put_express(&space, 0x40, 0, 4);
    put_32(&space, 0x40 + 12, 0xff000000 | 63 << 4 | 15);
    g_assert_cmpint(parse(&space).capability.port, ==, 255);
    g_assert_cmpuint(parse(&space).capability.width, ==, 63);
    g_assert_cmpuint(parse(&space).capability.speed, ==, 15);
}

static void
test_integrated_endpoint_has_no_link(void)
{
    static const guint16 types[] = { 9, 10 };

    for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
        Space space = make_space(0x00, 0x40);

        put_express(&space, 0x40, 0, types[i]);
        g_assert_true(parse(&space).is_express);
        g_assert_false(parse(&space).has_link);
        g_assert_cmpuint(parse(&space).capability.width, ==, 0);
    }
}

/* Stale bytes where the list would be say nothing if the status register denies the list. */
static void
test_device_without_a_list_is_not_express(void)
{
    Space space = make_space(0x00, 0x40);

    put_express(&space, 0x40, 0, 0);
    put_16(&space, 0x06, 0x0000);
    g_assert_false(parse(&space).is_express);
}

static void
test_looping_list_ends(void)
{
    Space space = make_space(0x00, 0x40);
    Space self = make_space(0x01, 0x80);

    put_capability(&space, 0x40, 0x01, 0x50);
    put_capability(&space, 0x50, 0x05, 0x40);
    g_assert_false(parse(&space).is_express);

    put_capability(&self, 0x80, 0x05, 0x80);
    g_assert_false(parse(&self).is_express);
    g_assert_cmpint(parse(&self).header, ==, PCI_HEADER_PCI_BRIDGE);
}

static void
test_reserved_bits_of_a_pointer_do_not_count(void)
{
    Space space = make_space(0x00, 0x43);

    put_capability(&space, 0x40, 0x05, 0x72);
    put_express(&space, 0x70, 0, 0);
    g_assert_true(parse(&space).is_express);
    g_assert_cmpuint(parse(&space).status.width, ==, 4);
}

static void
test_pointer_into_the_header_ends_the_list(void)
{
    Space space = make_space(0x00, 0x3c);
    Space low = make_space(0x00, 0x40);

    put_express(&space, 0x3c, 0, 0);
    g_assert_false(parse(&space).is_express);

    put_capability(&low, 0x40, 0x05, 0x08);
    put_express(&low, 0x08, 0, 0);
    g_assert_false(parse(&low).is_express);
}

/* What an ordinary user may read: the list begins behind it. */
static void
test_first_64_bytes_tell_the_header_only(void)
{
    Space space = make_space(0x01, 0x40);
    PciConfig config;

    put_express(&space, 0x40, 0, 0);
    config = pci_config_parse(space.bytes, HEADER_SIZE, PCI_CONFIG_SIZE);
    g_assert_cmpint(config.header, ==, PCI_HEADER_PCI_BRIDGE);
    g_assert_false(config.is_express);
    g_assert_false(config.has_link);
}

static void
test_capability_that_ends_behind_the_bytes_is_zero(void)
{
    Space space = make_space(0x00, 0xf0);
    guint8 *bytes = g_memdup2(space.bytes, 0xf2);
    PciConfig config;

    bytes[0xf0] = 0x10;
    config = pci_config_parse(bytes, 0xf2, PCI_CONFIG_SIZE);
    g_assert_true(config.is_express);
    g_assert_true(config.has_link);
    g_assert_cmpint(config.capability.port, ==, 0);
    g_assert_cmpuint(config.capability.speed, ==, 0);
    g_assert_cmpuint(config.status.width, ==, 0);
    g_free(bytes);
}

static void
test_no_bytes_are_an_endpoint_without_express(void)
{
    PciConfig config = pci_config_parse(NULL, 0, PCI_CONFIG_SIZE);

    g_assert_cmpint(config.header, ==, PCI_HEADER_ENDPOINT);
    g_assert_false(config.is_express);
}

/* A function may hide its capability; the size of its space tells what it is, as in libvirt. */
static void
test_extended_space_is_express_without_a_link(void)
{
    Space space = make_space(0x00, 0x40);
    PciConfig config;

    put_capability(&space, 0x40, 0x05, 0x00);
    config = pci_config_parse(space.bytes, sizeof space.bytes, EXTENDED_SIZE);
    g_assert_true(config.is_express);
    g_assert_false(config.has_link);
    put_express(&space, 0x40, 0x00, 0);
    config = pci_config_parse(space.bytes, sizeof space.bytes, EXTENDED_SIZE);
    g_assert_true(config.has_link);
}

/* libvirt says <pci-express/> of any space that is not of the conventional size. */
static void
test_space_of_another_size_is_express_without_link(void)
{
    Space space = make_space(0x00, 0x40);
    PciConfig config = pci_config_parse(space.bytes, sizeof space.bytes, 4096);

    g_assert_true(config.is_express);
    g_assert_false(config.has_link);
}

/* All ones is what a device that does not answer reads as. */
static void
test_dead_device_is_not_express(void)
{
    Space space;

    memset(space.bytes, 0xff, sizeof space.bytes);
    g_assert_cmpint(parse(&space).header, ==, 0x7f);
    g_assert_false(parse(&space).is_express);
}

static void
test_msix(void)
{
    Space space = make_space(0, 0x40);

    g_assert_cmpint(pci_config_parse(space.bytes, sizeof space.bytes, PCI_CONFIG_SIZE).msix, ==,
                    PCI_MSIX_ABSENT);
    put_capability(&space, 0x40, 0x05, 0x80);
    put_capability(&space, 0x80, 0x11, 0);
    g_assert_cmpint(pci_config_parse(space.bytes, sizeof space.bytes, PCI_CONFIG_SIZE).msix, ==,
                    PCI_MSIX_PRESENT);
    g_assert_cmpint(pci_config_parse(space.bytes, HEADER_SIZE, PCI_CONFIG_SIZE).msix, ==,
                    PCI_MSIX_UNKNOWN);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-config/header-type-has-no-multifunction-bit",
                    test_header_type_has_no_multifunction_bit);
    g_test_add_func("/pci-config/express-endpoint-has-a-link", test_express_endpoint_has_a_link);
    g_test_add_func("/pci-config/port-number-has-eight-bits", test_port_number_has_eight_bits);
    g_test_add_func("/pci-config/integrated-endpoint-has-no-link",
                    test_integrated_endpoint_has_no_link);
    g_test_add_func("/pci-config/device-without-a-list-is-not-express",
                    test_device_without_a_list_is_not_express);
    g_test_add_func("/pci-config/looping-list-ends", test_looping_list_ends);
    g_test_add_func("/pci-config/reserved-bits-of-a-pointer-do-not-count",
                    test_reserved_bits_of_a_pointer_do_not_count);
    g_test_add_func("/pci-config/pointer-into-the-header-ends-the-list",
                    test_pointer_into_the_header_ends_the_list);
    g_test_add_func("/pci-config/first-64-bytes-tell-the-header-only",
                    test_first_64_bytes_tell_the_header_only);
    g_test_add_func("/pci-config/capability-that-ends-behind-the-bytes-is-zero",
                    test_capability_that_ends_behind_the_bytes_is_zero);
    g_test_add_func("/pci-config/no-bytes-are-an-endpoint-without-express",
                    test_no_bytes_are_an_endpoint_without_express);
    g_test_add_func("/pci-config/extended-space-is-express-without-a-link",
                    test_extended_space_is_express_without_a_link);
    g_test_add_func("/pci-config/dead-device-is-not-express", test_dead_device_is_not_express);
    g_test_add_func("/pci-config/space-of-another-size-is-express-without-link",
                    test_space_of_another_size_is_express_without_link);
    g_test_add_func("/pci-config/msix", test_msix);
    return g_test_run();
}
