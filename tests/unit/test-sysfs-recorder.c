/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "sysfs-recorder.h"

#include <fcntl.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "sysfs.h"

/* A directory like /sys whose readings are recorded. */
typedef struct {
    SysfsTree *tree;
    int root;
    SysfsRecorder *recorder;
} Story;

static int
open_root(const SysfsTree *tree)
{
    g_autofree char *sys = sysfs_tree_get_path(tree, "sys");
    int root = sysfs_open_directory(AT_FDCWD, sys, NULL);

    g_assert_cmpint(root, >=, 0);
    return root;
}

static Story
begin_story(void)
{
    Story story = { .tree = sysfs_tree_new() };
    g_autoptr(GError) error = NULL;

    sysfs_tree_make_directory(story.tree, "sys/devices/a/types/one");
    sysfs_tree_link(story.tree, "sys/bus/a", "../devices/a");
    story.root = open_root(story.tree);
    story.recorder = sysfs_recorder_start(story.root, &error);
    g_assert_no_error(error);
    g_assert_nonnull(story.recorder);
    return story;
}

static void
end_story(Story *story)
{
    sysfs_recorder_stop(story->recorder);
    close(story->root);
    sysfs_tree_free(story->tree);
}

static int
open_below(int parent, const char *path)
{
    int directory = sysfs_open_directory(parent, path, NULL);

    g_assert_cmpint(directory, >=, 0);
    return directory;
}

static void
read_file(int directory, const char *name)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    sysfs_read_text(directory, name, text, NULL);
}

static void
read_link(int directory, const char *name)
{
    g_autofree char *target = sysfs_read_link(directory, name);
}

static void
list(int directory, const char *path)
{
    g_autoptr(GPtrArray) names = sysfs_list(directory, path, NULL);
}

/* What has been read since the last time: "file a/b, link c, ". */
static void
expect_readings(SysfsRecorder *recorder, const char *expected)
{
    static const char *const kinds[] = { "file", "link", "list" };
    g_autoptr(GString) text = g_string_new(NULL);
    SysfsReading *reading;

    while ((reading = sysfs_recorder_take(recorder)) != NULL) {
        g_string_append_printf(text, "%s %s, ", kinds[reading->kind], reading->path);
        sysfs_recorder_free_reading(reading);
    }
    g_assert_cmpstr(text->str, ==, expected);
}

static void
test_each_way_to_read_is_recorded(void)
{
    Story story = begin_story();
    guint8 bytes[2];
    gsize length;

    read_file(story.root, "devices/a/uid");
    sysfs_read_bytes(story.root, "devices/a/config", bytes, sizeof bytes, &length, NULL);
    sysfs_read_piece(story.root, "devices/a/vpd", bytes, sizeof bytes, 1, &length, NULL);
    read_link(story.root, "devices/a/driver");
    list(story.root, "devices/a/types");
    expect_readings(story.recorder, "file devices/a/uid, file devices/a/config, "
                                    "file devices/a/vpd, link devices/a/driver, "
                                    "list devices/a/types, ");
    end_story(&story);
}

static void
test_each_reading_comes_once(void)
{
    Story story = begin_story();

    read_file(story.root, "devices/a/uid");
    read_file(story.root, "devices/./a//uid");
    expect_readings(story.recorder, "file devices/a/uid, ");
    read_file(story.root, "devices/a/uid");
    expect_readings(story.recorder, "");
    read_link(story.root, "devices/a/uid");
    expect_readings(story.recorder, "link devices/a/uid, ");
    end_story(&story);
}

/* As much as the reader has room for; a page for what reads less. */
static void
test_size_is_what_was_asked_for(void)
{
    static const gsize sizes[][2] = {
        { 2, SYSFS_ATTRIBUTE_MAX },
        { SYSFS_ATTRIBUTE_MAX + 1, SYSFS_ATTRIBUTE_MAX + 1 },
        { SYSFS_ATTRIBUTE_MAX * 8, SYSFS_ATTRIBUTE_MAX * 8 },
    };
    g_autofree guint8 *buffer = g_malloc(SYSFS_ATTRIBUTE_MAX * 8);
    Story story = begin_story();
    gsize length;

    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(SysfsReading) reading = NULL;

        sysfs_read_bytes(story.root, "devices/a/vpd", buffer, sizes[i][0], &length, NULL);
        reading = sysfs_recorder_take(story.recorder);
        g_assert_nonnull(reading);
        g_assert_cmpuint(reading->size, ==, sizes[i][1]);
    }
    end_story(&story);
}

static void
test_directories_that_are_opened_are_known(void)
{
    Story story = begin_story();
    int directory = open_below(story.root, "devices/a");
    int types = open_below(directory, "types");

    read_file(directory, "uid");
    list(types, ".");
    read_file(types, "one/name");
    read_file(types, "../port");
    expect_readings(story.recorder, "file devices/a/uid, list devices/a/types, "
                                    "file devices/a/types/one/name, file devices/a/port, ");
    close(types);
    close(directory);
    end_story(&story);
}

/* Not the last one of a file or link, which the reader does not follow. */
static void
test_links_on_the_way_are_readings(void)
{
    Story story = begin_story();
    int directory;

    read_file(story.root, "bus/a/uid");
    expect_readings(story.recorder, "link bus/a, file devices/a/uid, ");
    list(story.root, "bus/a");
    read_file(story.root, "bus/a");
    expect_readings(story.recorder, "list devices/a, file bus/a, ");
    sysfs_tree_link(story.tree, "sys/bus/b", "a/types");
    directory = open_below(story.root, "bus/b");
    read_file(directory, "one/name");
    expect_readings(story.recorder, "link bus/b, file devices/a/types/one/name, ");
    close(directory);
    end_story(&story);
}

static void
test_what_is_out_of_the_root_is_not_recorded(void)
{
    Story story = begin_story();

    sysfs_tree_link(story.tree, "sys/bus/up", "../../capture.ini");
    sysfs_tree_link(story.tree, "sys/bus/far", "/etc");
    sysfs_tree_link(story.tree, "sys/bus/loop", "loop");
    read_file(story.root, "../capture.ini");
    read_file(story.root, "/etc/passwd");
    read_file(AT_FDCWD, "devices/a/uid");
    expect_readings(story.recorder, "");
    list(story.root, "bus/up");
    read_file(story.root, "bus/far/passwd");
    read_file(story.root, "bus/loop/uid");
    expect_readings(story.recorder, "link bus/up, link bus/far, link bus/loop, ");
    end_story(&story);
}

/* Readers close a directory without a word, and the kernel gives the number to the next file. */
static void
test_descriptor_that_is_another_file_by_now(void)
{
    Story story = begin_story();
    g_autofree char *other = sysfs_tree_get_path(story.tree, "sys/bus");
    int directory = open_below(story.root, "devices/a");
    int again;

    close(directory);
    again = open(other, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_assert_cmpint(again, ==, directory);
    read_file(again, "uid");
    expect_readings(story.recorder, "");
    close(again);
    end_story(&story);
}

static gpointer
read_elsewhere(gpointer data)
{
    const Story *story = data;

    read_file(story->root, "devices/a/port");
    return NULL;
}

static void
test_others_are_not_recorded(void)
{
    Story story = begin_story();
    int other = open_root(story.tree);

    g_thread_join(g_thread_new("reader", read_elsewhere, &story));
    read_file(other, "devices/a/uid");
    expect_readings(story.recorder, "");
    close(other);
    end_story(&story);
}

static void
test_recorder_within_another(void)
{
    Story story = begin_story();
    int other = open_root(story.tree);
    SysfsRecorder *inner = sysfs_recorder_start(other, NULL);

    read_file(other, "devices/a/uid");
    expect_readings(inner, "file devices/a/uid, ");
    sysfs_recorder_stop(inner);
    read_file(story.root, "devices/a/port");
    expect_readings(story.recorder, "file devices/a/port, ");
    close(other);
    end_story(&story);
}

static void
test_root_that_is_none(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(sysfs_recorder_start(-1, &error));
    g_assert_nonnull(error);
    sysfs_recorder_stop(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sysfs-recorder/each-way-to-read", test_each_way_to_read_is_recorded);
    g_test_add_func("/sysfs-recorder/each-reading-comes-once", test_each_reading_comes_once);
    g_test_add_func("/sysfs-recorder/size-is-what-was-asked-for", test_size_is_what_was_asked_for);
    g_test_add_func("/sysfs-recorder/directories-that-are-opened",
                    test_directories_that_are_opened_are_known);
    g_test_add_func("/sysfs-recorder/links-on-the-way", test_links_on_the_way_are_readings);
    g_test_add_func("/sysfs-recorder/what-is-out-of-the-root",
                    test_what_is_out_of_the_root_is_not_recorded);
    g_test_add_func("/sysfs-recorder/descriptor-that-is-another-file-by-now",
                    test_descriptor_that_is_another_file_by_now);
    g_test_add_func("/sysfs-recorder/others", test_others_are_not_recorded);
    g_test_add_func("/sysfs-recorder/within-another", test_recorder_within_another);
    g_test_add_func("/sysfs-recorder/root-that-is-none", test_root_that_is_none);
    return g_test_run();
}
