/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-native-watch.h"

#include "expect.h"
#include "net-tree.h"
#include "node-device-families.h"

/* A host that changes, and what its clients were told, as "+name", "-name", "~name". */
typedef struct {
    SysfsTree *tree;
    ZpciHost *host;
    NodeDeviceWatch *watch;
    GString *told;
} Story;

static void
on_event(const NodeDeviceWatch *watch, ZpciEvent event, const char *name, gpointer user_data)
{
    static const char marks[] = {
        [ZPCI_EVENT_CREATED] = '+',
        [ZPCI_EVENT_DELETED] = '-',
        [ZPCI_EVENT_UPDATED] = '~',
    };
    Story *story = user_data;

    g_string_append_printf(story->told, "%c%s ", marks[event], name);
    g_assert_true(watch == story->watch);
    g_assert_true(watch->table->has_told(watch, name) == (event != ZPCI_EVENT_DELETED));
    /* A client that asks because of the event sees what the event said. */
    g_assert_true((node_device_families_find(story->host, name, NULL) != NULL) ==
                  (event != ZPCI_EVENT_DELETED));
}

static Story
begin_story(void)
{
    Story story = { .tree = sysfs_tree_new(), .told = g_string_new(NULL) };

    sysfs_tree_add_zpci(story.tree, "0005:00:00.0", 0xc, 5, 0xff);
    story.host = sysfs_tree_open(story.tree);
    return story;
}

static void
listen_to(Story *story)
{
    g_autoptr(GError) error = NULL;

    story->watch = node_device_native_watch_new(story->host, on_event, story, &error);
    g_assert_no_error(error);
    story->watch->table->start(story->watch);
}

static void
end_story(Story *story)
{
    node_device_watch_free(story->watch);
    zpci_host_free(story->host);
    sysfs_tree_free(story->tree);
    g_string_free(story->told, TRUE);
}

static void
expect_told(Story *story, const char *expected)
{
    g_assert_cmpstr(story->told->str, ==, expected);
    g_string_truncate(story->told, 0);
}

/* udev speaks of a PCI function. */
static void
hear(Story *story, const char *name, gboolean removed)
{
    const UdevEvent event = { .subsystem = "pci", .name = name, .removed = removed };

    node_device_native_watch_handle(story->watch, &event);
}

static void
test_a_function_comes_is_bound_and_goes(void)
{
    Story story = begin_story();

    listen_to(&story);
    sysfs_tree_add_zpci(story.tree, "007a:00:00.0", 0x100, 0x7a, 0xff);
    hear(&story, "007a:00:00.0", FALSE);
    expect_told(&story, "+pci_007a_00_00_0 ");
    hear(&story, "007a:00:00.0", FALSE);
    expect_told(&story, "~pci_007a_00_00_0 ");
    sysfs_tree_remove_function(story.tree, "007a:00:00.0");
    hear(&story, "007a:00:00.0", TRUE);
    expect_told(&story, "-pci_007a_00_00_0 ");
    end_story(&story);
}

static void
test_what_was_there_before_is_updated_not_created(void)
{
    Story story = begin_story();

    listen_to(&story);
    hear(&story, "0005:00:00.0", FALSE);
    expect_told(&story, "~pci_0005_00_00_0 ");
    end_story(&story);
}

static void
test_nobody_hears_of_a_function_that_came_and_went_meanwhile(void)
{
    Story story = begin_story();

    listen_to(&story);
    hear(&story, "0099:00:00.0", FALSE);
    hear(&story, "0099:00:00.0", TRUE);
    expect_told(&story, "");
    end_story(&story);
}

/* The function is gone already when udev's "change" is read; its "remove" follows. */
static void
test_a_late_change_tells_of_the_end_once(void)
{
    Story story = begin_story();

    listen_to(&story);
    sysfs_tree_remove_function(story.tree, "0005:00:00.0");
    hear(&story, "0005:00:00.0", FALSE);
    hear(&story, "0005:00:00.0", TRUE);
    expect_told(&story, "-pci_0005_00_00_0 ");
    end_story(&story);
}

static void
test_lost_events_are_made_up_for(void)
{
    Story story = begin_story();

    listen_to(&story);
    sysfs_tree_remove_function(story.tree, "0005:00:00.0");
    sysfs_tree_add_zpci(story.tree, "0006:00:00.0", 0xd, 6, 0xff);
    node_device_native_watch_resync(story.watch);
    expect_told(&story, "-pci_0005_00_00_0 +pci_0006_00_00_0 ");
    node_device_native_watch_resync(story.watch);
    expect_told(&story, "");
    end_story(&story);
}

static void
test_names_that_are_no_address_are_passed_over(void)
{
    Story story = begin_story();

    listen_to(&story);
    hear(&story, "virtio0", FALSE);
    hear(&story, "", TRUE);
    expect_told(&story, "");
    end_story(&story);
}

static void
hear_of_interface(Story *story, const char *old_name, const char *name, gboolean removed)
{
    const UdevEvent event = { "net", name, old_name, removed };

    node_device_native_watch_handle(story->watch, &event);
}

static void
test_an_interface_comes_is_renamed_and_goes(void)
{
    Story story = begin_story();

    listen_to(&story);
    net_tree_add(story.tree, NET_TREE_VIRTUAL, "eth0", "02:00:00:00:00:01");
    hear_of_interface(&story, NULL, "eth0", FALSE);
    expect_told(&story, "+net_eth0_02_00_00_00_00_01 ");
    hear_of_interface(&story, NULL, "eth0", FALSE);
    expect_told(&story, "~net_eth0_02_00_00_00_00_01 ");
    net_tree_remove(story.tree, "eth0");
    net_tree_add(story.tree, NET_TREE_VIRTUAL, "lan0", "02:00:00:00:00:01");
    hear_of_interface(&story, "eth0", "lan0", FALSE);
    expect_told(&story, "-net_eth0_02_00_00_00_00_01 +net_lan0_02_00_00_00_00_01 ");
    net_tree_remove(story.tree, "lan0");
    hear_of_interface(&story, NULL, "lan0", TRUE);
    expect_told(&story, "-net_lan0_02_00_00_00_00_01 ");
    end_story(&story);
}

/* The address is part of the name, and udev says nothing when it changes. */
static void
test_an_interface_has_another_address_since_the_last_event(void)
{
    Story story = begin_story();

    net_tree_add(story.tree, NET_TREE_VIRTUAL, "eth0", "02:00:00:00:00:01");
    listen_to(&story);
    net_tree_set(story.tree, "eth0", "address", "02:00:00:00:00:02");
    hear_of_interface(&story, NULL, "eth0", FALSE);
    expect_told(&story, "-net_eth0_02_00_00_00_00_01 +net_eth0_02_00_00_00_00_02 ");
    net_tree_set(story.tree, "eth0", "address", "02:00:00:00:00:03");
    node_device_native_watch_resync(story.watch);
    expect_told(&story, "-net_eth0_02_00_00_00_00_02 +net_eth0_02_00_00_00_00_03 ");
    end_story(&story);
}

static void
test_interfaces_that_are_not_listed_make_no_events(void)
{
    Story story = begin_story();

    listen_to(&story);
    net_tree_add(story.tree, NET_TREE_VIRTUAL, "br0", "02:00:00:00:00:01");
    net_tree_set(story.tree, "br0", "uevent", "DEVTYPE=bridge\nINTERFACE=br0");
    hear_of_interface(&story, NULL, "br0", FALSE);
    hear_of_interface(&story, NULL, "br0", TRUE);
    expect_told(&story, "");
    end_story(&story);
}

/* udev speaks of the slot of a function. */
static void
hear_of_slot(Story *story, const char *name, gboolean removed)
{
    const UdevEvent event = { .subsystem = "slots", .name = name, .removed = removed };

    node_device_native_watch_handle(story->watch, &event);
}

/* Until clients have been told of something that udev said nothing of. */
static void
wait_for_more(const Story *story)
{
    gsize before = story->told->len;

    while (story->told->len == before)
        g_main_context_iteration(NULL, TRUE);
}

static void
test_a_function_comes_and_goes_in_standby(void)
{
    Story story = begin_story();

    listen_to(&story);
    sysfs_tree_add_slot(story.tree, 0x100, FALSE);
    hear_of_slot(&story, "00000100", FALSE);
    expect_told(&story, "+zpci_00000100 ");
    sysfs_tree_delete(story.tree, "sys/bus/pci/slots/00000100");
    hear_of_slot(&story, "00000100", TRUE);
    expect_told(&story, "-zpci_00000100 ");
    hear_of_slot(&story, "17", FALSE);
    expect_told(&story, "");
    end_story(&story);
}

static void
test_a_function_in_standby_is_configured(void)
{
    Story story = begin_story();

    sysfs_tree_add_slot(story.tree, 0x100, FALSE);
    listen_to(&story);
    sysfs_tree_add_slot(story.tree, 0x100, TRUE);
    sysfs_tree_add_zpci(story.tree, "007a:00:00.0", 0x100, 0x7a, 0xff);
    hear(&story, "007a:00:00.0", FALSE);
    expect_told(&story, "+pci_007a_00_00_0 -zpci_00000100 ");
    end_story(&story);
}

/* The kernel removes the function first, and switches the power off when the machine has agreed. */
static void
test_a_configured_function_is_put_into_standby(void)
{
    Story story = begin_story();

    sysfs_tree_add_slot(story.tree, 0xc, TRUE);
    listen_to(&story);
    sysfs_tree_remove_function(story.tree, "0005:00:00.0");
    hear(&story, "0005:00:00.0", TRUE);
    expect_told(&story, "-pci_0005_00_00_0 ");
    sysfs_tree_add_slot(story.tree, 0xc, FALSE);
    wait_for_more(&story);
    expect_told(&story, "+zpci_0000000c ");
    end_story(&story);
}

static gboolean
switch_off(gpointer story)
{
    sysfs_tree_add_slot(((const Story *)story)->tree, 0xc, FALSE);
    return G_SOURCE_REMOVE;
}

/* After the first list, that is. */
static void
test_a_machine_that_takes_its_time(void)
{
    Story story = begin_story();

    sysfs_tree_add_slot(story.tree, 0xc, TRUE);
    listen_to(&story);
    sysfs_tree_remove_function(story.tree, "0005:00:00.0");
    hear(&story, "0005:00:00.0", TRUE);
    expect_told(&story, "-pci_0005_00_00_0 ");
    g_timeout_add(200, switch_off, &story);
    wait_for_more(&story);
    expect_told(&story, "+zpci_0000000c ");
    end_story(&story);
}

static void
test_what_was_there_before_counts_as_told(void)
{
    Story story = begin_story();

    listen_to(&story);
    g_assert_true(story.watch->table->has_told(story.watch, "pci_0005_00_00_0"));
    g_assert_true(story.watch->table->will_tell(story.watch, "pci_0005_00_00_0"));
    g_assert_false(story.watch->table->has_told(story.watch, "pci_0006_00_00_0"));
    g_assert_false(story.watch->table->will_tell(story.watch, "pci_0006_00_00_0"));
    end_story(&story);
}

static void
test_host_that_cannot_be_listed_is_an_error(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;

    sysfs_tree_link(tree, "sys/bus/pci/devices", "devices");
    g_assert_null(node_device_native_watch_new(host, on_event, NULL, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "bus/pci/devices");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-native-watch/a-function-comes-is-bound-and-goes",
                    test_a_function_comes_is_bound_and_goes);
    g_test_add_func("/node-device-native-watch/what-was-there-before-is-updated-not-created",
                    test_what_was_there_before_is_updated_not_created);
    g_test_add_func(
        "/node-device-native-watch/nobody-hears-of-a-function-that-came-and-went-meanwhile",
        test_nobody_hears_of_a_function_that_came_and_went_meanwhile);
    g_test_add_func("/node-device-native-watch/a-late-change-tells-of-the-end-once",
                    test_a_late_change_tells_of_the_end_once);
    g_test_add_func("/node-device-native-watch/lost-events-are-made-up-for",
                    test_lost_events_are_made_up_for);
    g_test_add_func("/node-device-native-watch/names-that-are-no-address-are-passed-over",
                    test_names_that_are_no_address_are_passed_over);
    g_test_add_func("/node-device-native-watch/an-interface-comes-is-renamed-and-goes",
                    test_an_interface_comes_is_renamed_and_goes);
    g_test_add_func(
        "/node-device-native-watch/an-interface-has-another-address-since-the-last-event",
        test_an_interface_has_another_address_since_the_last_event);
    g_test_add_func("/node-device-native-watch/interfaces-that-are-not-listed-make-no-events",
                    test_interfaces_that_are_not_listed_make_no_events);
    g_test_add_func("/node-device-native-watch/a-function-comes-and-goes-in-standby",
                    test_a_function_comes_and_goes_in_standby);
    g_test_add_func("/node-device-native-watch/a-function-in-standby-is-configured",
                    test_a_function_in_standby_is_configured);
    g_test_add_func("/node-device-native-watch/a-configured-function-is-put-into-standby",
                    test_a_configured_function_is_put_into_standby);
    g_test_add_func("/node-device-native-watch/what-was-there-before-counts-as-told",
                    test_what_was_there_before_counts_as_told);
    g_test_add_func("/node-device-native-watch/host-that-cannot-be-listed-is-an-error",
                    test_host_that_cannot_be_listed_is_an_error);
    g_test_add_func("/node-device-native-watch/a-machine-that-takes-its-time",
                    test_a_machine_that_takes_its_time);
    return g_test_run();
}
