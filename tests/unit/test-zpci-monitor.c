/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-monitor.h"

#include "expect.h"
#include "sysfs-tree.h"
#include "zpci-error.h"
#include "zpci-inventory-private.h"

/* A source that says that it told, or will tell, of what the test wants, and whose watch the test
 * speaks for. */
typedef struct {
    NodeDeviceSource source;
    gboolean refuses;
    const char *has_told;
    const char *will_tell;
    guint asked;
    gboolean is_started;
    NodeDeviceWatch *watch;
} Source;

typedef struct {
    NodeDeviceWatch watch;
    Source *source;
} Watch;

static void
start(NodeDeviceWatch *watch)
{
    ((Watch *)watch)->source->is_started = TRUE;
}

static void
clear_watch(NodeDeviceWatch *watch)
{
    ((Watch *)watch)->source->watch = NULL;
}

static gboolean
has_told(const NodeDeviceWatch *watch, const char *name)
{
    Source *source = ((const Watch *)watch)->source;

    source->asked++;
    return g_strcmp0(source->has_told, name) == 0;
}

static gboolean
will_tell(const NodeDeviceWatch *watch, const char *name)
{
    Source *source = ((const Watch *)watch)->source;

    source->asked++;
    return g_strcmp0(source->will_tell, name) == 0;
}

static const NodeDeviceWatchTable watch_table = { start, clear_watch, has_told, will_tell };

static NodeDeviceWatch *
watch_source(NodeDeviceSource *base, NodeDeviceWatchHandler handler, gpointer user_data,
             GError **error)
{
    Source *source = (Source *)base;
    Watch *watch;

    if (source->refuses) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE, "It says nothing.");
        return NULL;
    }
    watch = g_new0(Watch, 1);
    node_device_watch_init(&watch->watch, &watch_table, handler, user_data);
    watch->source = source;
    source->watch = &watch->watch;
    return source->watch;
}

static void
clear_source(G_GNUC_UNUSED NodeDeviceSource *source)
{
}

static const NodeDeviceSourceTable source_table = { .clear = clear_source, .watch = watch_source };

/* A monitor of the source and of a host that has one function, and what it tells. */
typedef struct {
    SysfsTree *tree;
    ZpciInventory *inventory;
    Source *source;
    ZpciMonitor *monitor;
    GString *told;
} Story;

static void
on_event(ZpciEvent event, const char *name, gpointer user_data)
{
    g_string_append_printf(((Story *)user_data)->told, "%d %s, ", (int)event, name);
}

static Story
prepare(void)
{
    Story story = { .tree = sysfs_tree_new(), .told = g_string_new(NULL) };

    sysfs_tree_add_zpci(story.tree, "0005:00:00.0", 0xc, 5, 0xff);
    story.inventory = zpci_inventory_new(sysfs_tree_open(story.tree));
    story.source = g_new0(Source, 1);
    node_device_source_init(&story.source->source, &source_table);
    zpci_inventory_prefer(story.inventory, &story.source->source);
    return story;
}

static void
begin(Story *story)
{
    g_autoptr(GError) error = NULL;

    story->monitor = zpci_monitor_new(story->inventory, on_event, story, NULL, &error);
    g_assert_no_error(error);
    g_assert_false(story->source->is_started);
    zpci_monitor_start(story->monitor);
    g_assert_true(story->source->is_started);
}

static void
end(Story *story)
{
    zpci_monitor_free(story->monitor);
    g_assert_null(story->source->watch);
    zpci_inventory_free(story->inventory);
    sysfs_tree_free(story->tree);
    g_string_free(story->told, TRUE);
}

static void
expect_told(Story *story, ZpciEvent event, const char *name, const char *expected)
{
    node_device_watch_tell(story->source->watch, event, name);
    g_assert_cmpstr(story->told->str, ==, expected);
    g_string_truncate(story->told, 0);
}

static void
test_what_only_one_source_has_is_told(void)
{
    Story story = prepare();

    begin(&story);
    expect_told(&story, ZPCI_EVENT_CREATED, "mdev_1", "0 mdev_1, ");
    expect_told(&story, ZPCI_EVENT_DELETED, "mdev_1", "1 mdev_1, ");
    /* It is for the others to say whether they told of it. */
    g_assert_cmpuint(story.source->asked, ==, 0);
    end(&story);
}

/* The host has it from the first, so it neither comes nor goes when the other one says so. */
static void
test_what_another_source_has_neither_comes_nor_goes(void)
{
    Story story = prepare();

    begin(&story);
    expect_told(&story, ZPCI_EVENT_CREATED, "pci_0005_00_00_0", "");
    expect_told(&story, ZPCI_EVENT_DELETED, "pci_0005_00_00_0", "");
    expect_told(&story, ZPCI_EVENT_UPDATED, "pci_0005_00_00_0", "2 pci_0005_00_00_0, ");
    expect_told(&story, ZPCI_EVENT_DEFINED, "pci_0005_00_00_0", "3 pci_0005_00_00_0, ");
    end(&story);
}

static void
test_each_source_is_asked_about_what_others_tell(void)
{
    Story story = prepare();
    NodeDeviceWatch other = { 0 };
    NodeDeviceWatch *watch;

    begin(&story);
    /* Another source tells: any watch that is not this one's. */
    watch = story.source->watch;
    node_device_watch_init(&other, watch->table, watch->handler, watch->user_data);
    story.source->has_told = "pci_1";
    story.source->will_tell = "pci_2";
    node_device_watch_tell(&other, ZPCI_EVENT_CREATED, "pci_1");
    node_device_watch_tell(&other, ZPCI_EVENT_DELETED, "pci_1");
    node_device_watch_tell(&other, ZPCI_EVENT_CREATED, "pci_2");
    node_device_watch_tell(&other, ZPCI_EVENT_DELETED, "pci_2");
    g_assert_cmpstr(story.told->str, ==, "1 pci_1, 0 pci_2, ");
    g_assert_cmpuint(story.source->asked, ==, 4);
    end(&story);
}

static void
test_source_that_cannot_be_watched_is_an_error(void)
{
    Story story = prepare();
    g_autoptr(GError) error = NULL;

    story.source->refuses = TRUE;
    g_assert_null(zpci_monitor_new(story.inventory, on_event, &story, NULL, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "It says nothing.");
    end(&story);
}

static void
on_freed(gpointer user_data)
{
    ++*(guint *)user_data;
}

/* Whoever made the inventory may let it go before. */
static void
test_monitor_keeps_the_inventory_and_frees_the_data(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    ZpciInventory *inventory = zpci_inventory_new(sysfs_tree_open(tree));
    g_autoptr(GError) error = NULL;
    guint freed = 0;
    ZpciMonitor *monitor = zpci_monitor_new(inventory, on_event, &freed, on_freed, &error);

    g_assert_no_error(error);
    zpci_inventory_free(inventory);
    zpci_monitor_start(monitor);
    g_assert_cmpuint(freed, ==, 0);
    zpci_monitor_free(monitor);
    g_assert_cmpuint(freed, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-monitor/what-only-one-source-has-is-told",
                    test_what_only_one_source_has_is_told);
    g_test_add_func("/zpci-monitor/what-another-source-has-neither-comes-nor-goes",
                    test_what_another_source_has_neither_comes_nor_goes);
    g_test_add_func("/zpci-monitor/each-source-is-asked-about-what-others-tell",
                    test_each_source_is_asked_about_what_others_tell);
    g_test_add_func("/zpci-monitor/source-that-cannot-be-watched-is-an-error",
                    test_source_that_cannot_be_watched_is_an_error);
    g_test_add_func("/zpci-monitor/monitor-keeps-the-inventory-and-frees-the-data",
                    test_monitor_keeps_the_inventory_and_frees_the_data);
    return g_test_run();
}
