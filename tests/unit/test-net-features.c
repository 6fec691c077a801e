/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-features.h"

#include <linux/ethtool.h>
#include <string.h>

#include "net-kernel.h"
#include "net-tree.h"
#include "zpci-host-private.h"

#define ADDRESS "0005:00:00.0"
#define FUNCTION "devices/pci0005:00/" ADDRESS

/* This machine with the interface eth0 of a PCI function. */
typedef struct {
    SysfsTree *tree;
    ZpciHost *host;
} Machine;

static Machine *
machine_new(void)
{
    Machine *machine = g_new0(Machine, 1);
    g_autoptr(GError) error = NULL;
    g_autofree char *sys = NULL;
    g_autofree char *run = NULL;

    machine->tree = sysfs_tree_new();
    sysfs_tree_add_function(machine->tree, ADDRESS);
    net_tree_add(machine->tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    sys = sysfs_tree_get_path(machine->tree, "sys");
    run = sysfs_tree_get_path(machine->tree, "run");
    machine->host = zpci_host_open_test(sys, sys, &net_kernel_calls, run, &error);
    g_assert_no_error(error);
    net_kernel_begin("eth0");
    return machine;
}

static void
machine_free(Machine *machine)
{
    net_kernel_end();
    zpci_host_free(machine->host);
    sysfs_tree_free(machine->tree);
    g_free(machine);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Machine, machine_free)

static void
assert_features(const Machine *machine, guint expected)
{
    g_assert_cmphex(net_features_read(machine->host, "eth0", "eth0"), ==, expected);
}

static void
test_driver_that_offloads_nothing(void)
{
    g_autoptr(Machine) machine = machine_new();

    assert_features(machine, 0);
}

static void
test_each_request_has_its_feature(void)
{
    static const guint32 commands[] = { ETHTOOL_GRXCSUM, ETHTOOL_GTXCSUM, ETHTOOL_GSG,
                                        ETHTOOL_GTSO,    ETHTOOL_GGSO,    ETHTOOL_GGRO };
    g_autoptr(Machine) machine = machine_new();

    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        net_kernel_set(commands[i], 1);
        assert_features(machine, NET_FEATURE_BIT(NET_FEATURE_RX + i));
        net_kernel_set(commands[i], 0);
    }
}

static void
test_each_flag_has_its_feature(void)
{
    static const guint32 bits[] = { ETH_FLAG_LRO, ETH_FLAG_RXVLAN, ETH_FLAG_TXVLAN, ETH_FLAG_NTUPLE,
                                    ETH_FLAG_RXHASH };
    g_autoptr(Machine) machine = machine_new();

    for (guint i = 0; i < G_N_ELEMENTS(bits); i++) {
        net_kernel_set(ETHTOOL_GFLAGS, bits[i]);
        assert_features(machine, NET_FEATURE_BIT(NET_FEATURE_LRO + i));
    }
    net_kernel_set(ETHTOOL_GFLAGS, ETH_FLAG_LRO | ETH_FLAG_RXHASH);
    assert_features(machine,
                    NET_FEATURE_BIT(NET_FEATURE_LRO) | NET_FEATURE_BIT(NET_FEATURE_RXHASH));
}

static void
test_tunnels_are_one_bit_of_many(void)
{
    g_autoptr(Machine) machine = machine_new();

    net_kernel_set_active(~(G_GUINT64_CONSTANT(1) << 25));
    assert_features(machine, 0);
    net_kernel_set_active(G_GUINT64_CONSTANT(1) << 25);
    assert_features(machine, NET_FEATURE_BIT(NET_FEATURE_TXUDPTNL));
}

static void
test_names_of_no_interface_ask_nobody(void)
{
    g_autoptr(Machine) machine = machine_new();

    net_kernel_set(ETHTOOL_GSG, 1);
    g_assert_cmphex(net_features_read(machine->host, "eth0", "eth1"), ==, 0);
    g_assert_cmphex(net_features_read(machine->host, "eth0", "sixteen-letters-"), ==, 0);
}

/* RDMA is found by the memory of the function, which its two sides share. */
static void
test_rdma_of_the_same_function(void)
{
    g_autoptr(Machine) machine = machine_new();

    sysfs_tree_set(machine->tree, ADDRESS, "resource", "0x01 0x02 0x03");
    assert_features(machine, 0);
    sysfs_tree_write(machine->tree, "sys/class/infiniband/a/device/resource", "0x01 0x02 0x04\n",
                     -1);
    sysfs_tree_make_directory(machine->tree, "sys/class/infiniband/b");
    assert_features(machine, 0);
    sysfs_tree_write(machine->tree, "sys/class/infiniband/c/device/resource", "0x01 0x02 0x03\n",
                     -1);
    assert_features(machine, NET_FEATURE_BIT(NET_FEATURE_RDMA));
}

static void
assert_asks_devlink_for(const Machine *machine, const char *address)
{
    static const guint16 words[] = { 0x10, 0, 0, 0, 0, 0, 0x0101, 0, 6, 1, 0x15, 0 };
    guint32 length = 4 + sizeof words;
    g_autoptr(GByteArray) family = g_byte_array_new();
    const char *message;
    gsize size;

    g_byte_array_append(family, (const guint8 *)&length, sizeof length);
    g_byte_array_append(family, (const guint8 *)words, sizeof words);
    net_kernel_answer(family->data, family->len);
    net_features_read(machine->host, "eth0", "eth0");
    message = g_bytes_get_data(net_kernel_get_message(1), &size);
    g_assert_cmpuint(size, ==, 48);
    g_assert_cmpstr(message + 32, ==, address);
}

static void
test_switch_is_that_of_the_function(void)
{
    g_autoptr(Machine) machine = machine_new();

    assert_asks_devlink_for(machine, ADDRESS);
}

static void
test_switch_is_that_of_the_physical_function(void)
{
    g_autoptr(Machine) machine = machine_new();

    sysfs_tree_set_link(machine->tree, ADDRESS, "physfn", "../0004:00:00.0");
    assert_asks_devlink_for(machine, "0004:00:00.0");
}

static void
test_captured_host_cannot_be_asked(void)
{
    g_autoptr(Machine) machine = machine_new();
    g_autoptr(ZpciHost) capture = sysfs_tree_open(machine->tree);

    net_kernel_set(ETHTOOL_GSG, 1);
    g_assert_cmphex(net_features_read(capture, "eth0", "eth0"), ==, 0);
    assert_features(machine, NET_FEATURE_BIT(NET_FEATURE_SG));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net-features/driver-that-offloads-nothing",
                    test_driver_that_offloads_nothing);
    g_test_add_func("/net-features/each-request-has-its-feature",
                    test_each_request_has_its_feature);
    g_test_add_func("/net-features/each-flag-has-its-feature", test_each_flag_has_its_feature);
    g_test_add_func("/net-features/tunnels-are-one-bit-of-many", test_tunnels_are_one_bit_of_many);
    g_test_add_func("/net-features/names-of-no-interface-ask-nobody",
                    test_names_of_no_interface_ask_nobody);
    g_test_add_func("/net-features/rdma-of-the-same-function", test_rdma_of_the_same_function);
    g_test_add_func("/net-features/switch-is-that-of-the-function",
                    test_switch_is_that_of_the_function);
    g_test_add_func("/net-features/switch-is-that-of-the-physical-function",
                    test_switch_is_that_of_the_physical_function);
    g_test_add_func("/net-features/captured-host-cannot-be-asked",
                    test_captured_host_cannot_be_asked);
    return g_test_run();
}
