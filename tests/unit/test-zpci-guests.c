/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-guests.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

#include "expect.h"
#include "sysfs-tree.h"

/* Seconds; longer than any machine takes. */
#define LONG_ENOUGH (3600 * 1000)

#define GUEST(name, arch, bus, more)                                                          \
    "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'><name>" name \
    "</name><memory>1024</memory><os><type arch='" arch "'>hvm</type></os><devices>"          \
    "<hostdev mode='subsystem' type='pci'><source><address domain='5' bus='" bus              \
    "' slot='0' function='0'/></source></hostdev></devices>" more "</domain>"

static GHashTable *
ask(const char *document, GError **error)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *path = sysfs_tree_get_path(tree, "guests.xml");
    g_autofree char *uri = g_strconcat("test://", path, NULL);

    sysfs_tree_write(tree, "guests.xml", document, -1);
    return zpci_guests_read(uri, LONG_ENOUGH, error);
}

/* One that rests has nothing, and a guest of another architecture none of our functions. */
static void
test_running_guests(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) guests =
        ask("<node>" GUEST("web", "s390x", "0", "") GUEST("db", "s390x", "1", "")
                GUEST("resting", "s390x", "2", "<test:runstate>5</test:runstate>")
                    GUEST("other", "x86_64", "3", "") "</node>",
            &error);

    g_assert_no_error(error);
    g_assert_cmpuint(g_hash_table_size(guests), ==, 2);
    g_assert_cmpstr(g_hash_table_lookup(guests, "0005:00:00.0"), ==, "web");
    g_assert_cmpstr(g_hash_table_lookup(guests, "0005:01:00.0"), ==, "db");
}

static void
test_refusal(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(zpci_guests_read("test:///nowhere", LONG_ENOUGH, &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "Connecting to libvirt failed: ");
}

/* It takes connections, as a daemon that hangs does, and never answers. */
static void
test_no_answer(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *path = sysfs_tree_get_path(tree, "socket");
    g_autofree char *uri = g_strconcat("test+unix:///default?socket=", path, NULL);
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);

    g_assert_no_error(error);
    g_assert_true(g_socket_bind(socket, address, TRUE, &error));
    g_assert_true(g_socket_listen(socket, &error));
    g_assert_null(zpci_guests_read(uri, 1, &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "it does not answer");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-guests/running-guests", test_running_guests);
    g_test_add_func("/zpci-guests/refusal", test_refusal);
    g_test_add_func("/zpci-guests/no-answer", test_no_answer);
    return g_test_run();
}
