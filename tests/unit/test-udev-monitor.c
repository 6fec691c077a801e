/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "udev-monitor.h"

#include <linux/netlink.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#define GROUP_OF_UDEV 2

/* What libudev calls "net" in the filter of a socket: MurmurHash2 with the seed 0. */
#define HASH_OF_NET 0xa74d3cc8U

static GString *told;

static void
on_event(const UdevEvent *event, G_GNUC_UNUSED gpointer user_data)
{
    g_string_append_printf(told, "%c%s ", event->removed ? '-' : '+', event->name);
}

static void
on_lost(G_GNUC_UNUSED gpointer user_data)
{
    g_assert_not_reached();
}

static const UdevMonitorHandlers handlers = { on_event, on_lost };

/* Nobody else is heard here, and a udevd seems to be at work: without that libudev may not listen.
 */
static void
enter_namespace(void)
{
    g_assert_no_errno(unshare(CLONE_NEWNET | CLONE_NEWNS));
    g_assert_no_errno(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
    g_assert_no_errno(mount("tmpfs", "/run", "tmpfs", 0, NULL));
    g_assert_no_errno(g_mkdir_with_parents("/run/udev", 0755));
    g_assert_true(g_file_set_contents("/run/udev/control", "", 0, NULL));
}

static void
append(GByteArray *message, const void *data, gsize size)
{
    g_byte_array_append(message, data, (guint)size);
}

static void
append_number(GByteArray *message, guint32 number)
{
    append(message, &number, sizeof(number));
}

/* What udevd sends to those who listen. */
static void
tell(const char *action, const char *name)
{
    const struct sockaddr_nl to = { .nl_family = AF_NETLINK,
                                    .nl_groups = 1 << (GROUP_OF_UDEV - 1) };
    g_autofree char *text = g_strdup_printf(
        "ACTION=%s|DEVPATH=/devices/virtual/net/%s|SUBSYSTEM=net|SEQNUM=1|", action, name);
    g_autoptr(GByteArray) message = g_byte_array_new();
    gsize size = strlen(text);
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);

    g_assert_cmpint(fd, >=, 0);
    append(message, "libudev", 8);
    append_number(message, GUINT32_TO_BE(0xfeedcafe));
    append_number(message, 40);
    append_number(message, 40);
    append_number(message, (guint32)size);
    append_number(message, GUINT32_TO_BE(HASH_OF_NET));
    append_number(message, 0);
    append_number(message, 0);
    append_number(message, 0);
    append(message, g_strdelimit(text, "|", '\0'), size);
    g_assert_cmpint(
        sendto(fd, message->data, message->len, 0, (const struct sockaddr *)&to, sizeof(to)), ==,
        message->len);
    close(fd);
}

static void
settle(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

static gpointer
watch(gpointer subsystems)
{
    return udev_monitor_watch(subsystems, &handlers, NULL, NULL);
}

/* What happens while it is looked what is there is told afterwards, once and in order. */
static void
test_nothing_is_lost_between_listening_and_telling(void)
{
    g_autoptr(GPtrArray) subsystems = g_ptr_array_new();
    g_autoptr(UdevMonitor) monitor = NULL;

    g_ptr_array_add(subsystems, (gpointer) "net");
    tell("add", "before");
    monitor = g_thread_join(g_thread_new("watch", watch, subsystems));
    g_assert_nonnull(monitor);
    tell("add", "first");
    tell("remove", "first");
    settle();
    g_assert_cmpstr(told->str, ==, "");
    udev_monitor_start(monitor);
    settle();
    g_assert_cmpstr(told->str, ==, "+first -first ");
    tell("add", "second");
    settle();
    g_assert_cmpstr(told->str, ==, "+first -first +second ");
}

int
main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    told = g_string_new(NULL);
    if (geteuid() == 0) {
        enter_namespace();
        g_test_add_func("/udev-monitor/nothing-is-lost-between-listening-and-telling",
                        test_nothing_is_lost_between_listening_and_telling);
    }
    result = g_test_run();
    g_string_free(told, TRUE);
    return result;
}
