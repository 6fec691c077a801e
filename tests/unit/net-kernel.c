/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-kernel.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#define FEATURE_WORDS 2
#define FIRST_FD 1000

static char *kernel_interface;
static guint32 kernel_numbers[128];
static guint64 kernel_active;
static GPtrArray *kernel_answers;
static GPtrArray *kernel_messages;
/* Descriptor to the protocol family of the socket. */
static GHashTable *kernel_sockets;

void
net_kernel_begin(const char *name)
{
    kernel_interface = g_strdup(name);
    memset(kernel_numbers, 0, sizeof kernel_numbers);
    kernel_active = 0;
    kernel_answers = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    kernel_messages = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    kernel_sockets = g_hash_table_new(NULL, NULL);
}

void
net_kernel_end(void)
{
    g_assert_cmpuint(kernel_answers->len, ==, 0);
    g_assert_cmpuint(g_hash_table_size(kernel_sockets), ==, 0);
    g_clear_pointer(&kernel_interface, g_free);
    g_clear_pointer(&kernel_answers, g_ptr_array_unref);
    g_clear_pointer(&kernel_messages, g_ptr_array_unref);
    g_clear_pointer(&kernel_sockets, g_hash_table_unref);
}

void
net_kernel_set(guint32 command, guint32 number)
{
    g_assert_cmpuint(command, <, G_N_ELEMENTS(kernel_numbers));
    kernel_numbers[command] = number;
}

void
net_kernel_set_active(guint64 bits)
{
    kernel_active = bits;
}

void
net_kernel_answer(const void *bytes, gsize size)
{
    g_ptr_array_add(kernel_answers, g_bytes_new(bytes, size));
}

GBytes *
net_kernel_get_message(guint index)
{
    g_assert_cmpuint(index, <, kernel_messages->len);
    return g_ptr_array_index(kernel_messages, index);
}

static int
net_kernel_open(const char *path)
{
    g_test_message("%s is opened.", path);
    g_assert_not_reached();
    return -1;
}

static int
net_kernel_close(int fd)
{
    g_assert_true(g_hash_table_remove(kernel_sockets, GINT_TO_POINTER(fd)));
    return 0;
}

static int
net_kernel_socket(int domain, int protocol)
{
    static int next = FIRST_FD;

    g_assert_cmpint(protocol, ==, domain == AF_NETLINK ? NETLINK_GENERIC : 0);
    g_hash_table_insert(kernel_sockets, GINT_TO_POINTER(next), GINT_TO_POINTER(domain));
    return next++;
}

static void
net_kernel_get_features(struct ethtool_gfeatures *features)
{
    g_assert_cmpuint(features->size, ==, FEATURE_WORDS);
    for (guint i = 0; i < FEATURE_WORDS; i++)
        features->features[i].active = (guint32)(kernel_active >> (32 * i));
}

static int
net_kernel_ioctl(int fd, unsigned long request, void *argument)
{
    const struct ifreq *interface = argument;
    struct ethtool_value *value = (void *)interface->ifr_data;

    g_assert_cmphex(request, ==, SIOCETHTOOL);
    g_assert_true(g_hash_table_contains(kernel_sockets, GINT_TO_POINTER(fd)));
    g_assert_nonnull(memchr(interface->ifr_name, '\0', IFNAMSIZ));
    if (strcmp(interface->ifr_name, kernel_interface) != 0) {
        errno = ENODEV;
        return -1;
    }
    g_assert_cmpuint(value->cmd, <, G_N_ELEMENTS(kernel_numbers));
    if (value->cmd == ETHTOOL_GFEATURES)
        net_kernel_get_features((void *)value);
    else
        value->data = kernel_numbers[value->cmd];
    return 0;
}

static gssize
net_kernel_exchange(int fd, const void *message, gsize length, void *answer, gsize size)
{
    g_autoptr(GBytes) bytes = NULL;
    gconstpointer data;
    gsize got;

    g_assert_cmpint(GPOINTER_TO_INT(g_hash_table_lookup(kernel_sockets, GINT_TO_POINTER(fd))), ==,
                    AF_NETLINK);
    g_ptr_array_add(kernel_messages, g_bytes_new(message, length));
    if (kernel_answers->len == 0) {
        errno = EAGAIN;
        return -1;
    }
    bytes = g_bytes_ref(g_ptr_array_index(kernel_answers, 0));
    g_ptr_array_remove_index(kernel_answers, 0);
    data = g_bytes_get_data(bytes, &got);
    memcpy(answer, data, MIN(got, size));
    return (gssize)MIN(got, size);
}

const SystemCalls net_kernel_calls = {
    .open = net_kernel_open,
    .close = net_kernel_close,
    .ioctl = net_kernel_ioctl,
    .socket = net_kernel_socket,
    .exchange = net_kernel_exchange,
};
