/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capture-writer.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "sysfs.h"

/* A host, and a capture of it in the directory "capture" beside its sys/. */
typedef struct {
    SysfsTree *tree;
    CaptureWriter writer;
} Story;

static Story
begin_story(void)
{
    Story story = { .tree = sysfs_tree_new() };
    g_autofree char *sys = sysfs_tree_get_path(story.tree, "sys");

    story.writer.root = sysfs_tree_get_path(story.tree, "capture");
    story.writer.sysfs = sysfs_open_directory(AT_FDCWD, sys, NULL);
    story.writer.notes = g_ptr_array_new_with_free_func(g_free);
    g_assert_cmpint(story.writer.sysfs, >=, 0);
    return story;
}

static void
end_story(Story *story)
{
    close(story->writer.sysfs);
    g_ptr_array_unref(story->writer.notes);
    g_free(story->writer.root);
    sysfs_tree_free(story->tree);
}

static void
expect_file(const Story *story, const char *path, const char *text)
{
    g_autofree char *whole = g_build_filename(story->writer.root, path, NULL);
    g_autofree char *found = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_get_contents(whole, &found, NULL, &error));
    g_assert_cmpstr(found, ==, text);
}

static void
expect_nothing(const Story *story, const char *path)
{
    g_autofree char *whole = g_build_filename(story->writer.root, path, NULL);

    g_assert_cmpint(access(whole, F_OK), !=, 0);
}

/* Where the capture would be is a file, so nothing can be written. */
static void
put_file_in_the_way(const Story *story)
{
    sysfs_tree_write(story->tree, "capture", "", 0);
}

static void
test_replies_are_lines_of_sixteen_bytes(void)
{
    static const struct {
        gsize size;
        const char *text;
    } cases[] = {
        { 0, "# of nothing\n" },
        { 1, "# of nothing\n00\n" },
        { 15, "# of nothing\n00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e\n" },
        { 16, "# of nothing\n00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n" },
        { 17, "# of nothing\n00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n10\n" },
    };
    Story story = begin_story();
    guint8 bytes[17];

    for (guint i = 0; i < G_N_ELEMENTS(bytes); i++)
        bytes[i] = (guint8)i;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_true(capture_writer_add_reply(&story.writer, "chain/a", "of nothing", bytes,
                                               cases[i].size, &error));
        g_assert_no_error(error);
        expect_file(&story, "chain/a", cases[i].text);
    }
    end_story(&story);
}

static void
test_files_are_copied_up_to_a_size(void)
{
    Story story = begin_story();

    sysfs_tree_write(story.tree, "sys/devices/a/config", "0123456789", -1);
    g_assert_true(capture_writer_copy_file(&story.writer, "devices/a/config", 10, NULL));
    expect_file(&story, "sys/devices/a/config", "0123456789");
    g_assert_true(capture_writer_copy_file(&story.writer, "devices/a/config", 4, NULL));
    expect_file(&story, "sys/devices/a/config", "0123");
    g_assert_cmpuint(story.writer.notes->len, ==, 0);
    end_story(&story);
}

/* What the host does not offer is passed over, and what cannot be read is told of. */
static void
test_what_is_not_there_and_what_cannot_be_read(void)
{
    Story story = begin_story();

    g_assert_true(capture_writer_copy_file(&story.writer, "devices/a/uid", 10, NULL));
    g_assert_true(capture_writer_copy_link(&story.writer, "devices/a/driver", NULL));
    g_assert_cmpuint(story.writer.notes->len, ==, 0);
    expect_nothing(&story, "sys");

    sysfs_tree_link(story.tree, "sys/devices/a/uid", "elsewhere");
    g_assert_true(capture_writer_copy_file(&story.writer, "devices/a/uid", 10, NULL));
    g_assert_cmpuint(story.writer.notes->len, ==, 1);
    expect_has(g_ptr_array_index(story.writer.notes, 0), "devices/a/uid");
    expect_nothing(&story, "sys/devices/a/uid");
    end_story(&story);
}

/* Even to what is not captured; and functions of one group have the same link. */
static void
test_links_are_copied_as_they_are_written(void)
{
    Story story = begin_story();
    g_autofree char *copy = NULL;
    g_autofree char *target = NULL;

    sysfs_tree_link(story.tree, "sys/devices/a/driver", "../../bus/pci/drivers/none");
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;

        g_assert_true(capture_writer_copy_link(&story.writer, "devices/a/driver", &error));
        g_assert_no_error(error);
    }
    copy = g_build_filename(story.writer.root, "sys/devices/a/driver", NULL);
    target = g_file_read_link(copy, NULL);
    g_assert_cmpstr(target, ==, "../../bus/pci/drivers/none");
    end_story(&story);
}

static void
test_capture_that_cannot_be_written(void)
{
    Story story = begin_story();
    g_autoptr(GError) error = NULL;

    sysfs_tree_write(story.tree, "sys/devices/a/uid", "0x1\n", -1);
    sysfs_tree_link(story.tree, "sys/devices/a/driver", "b");
    put_file_in_the_way(&story);
    g_assert_false(capture_writer_add_text(&story.writer, "capture.ini", "", &error));
    expect_has(error->message, "Making the directory ");
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(capture_writer_copy_file(&story.writer, "devices/a/uid", 10, &error));
    expect_has(error->message, "Making the directory ");
    g_clear_error(&error);
    g_assert_false(capture_writer_copy_link(&story.writer, "devices/a/driver", &error));
    expect_has(error->message, "Making the directory ");
    g_assert_cmpuint(story.writer.notes->len, ==, 0);
    end_story(&story);
}

/* Its place is taken by a directory. */
static void
test_file_that_cannot_be_written(void)
{
    Story story = begin_story();
    g_autoptr(GError) error = NULL;

    sysfs_tree_make_directory(story.tree, "capture/chain/a");
    g_assert_false(
        capture_writer_add_reply(&story.writer, "chain/a", "", (const guint8 *)"", 1, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "Writing the capture failed: ");
    end_story(&story);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capture-writer/replies-are-lines-of-sixteen-bytes",
                    test_replies_are_lines_of_sixteen_bytes);
    g_test_add_func("/capture-writer/files-are-copied-up-to-a-size",
                    test_files_are_copied_up_to_a_size);
    g_test_add_func("/capture-writer/what-is-not-there-and-what-cannot-be-read",
                    test_what_is_not_there_and_what_cannot_be_read);
    g_test_add_func("/capture-writer/links-are-copied-as-they-are-written",
                    test_links_are_copied_as_they_are_written);
    g_test_add_func("/capture-writer/capture-that-cannot-be-written",
                    test_capture_that_cannot_be_written);
    g_test_add_func("/capture-writer/file-that-cannot-be-written",
                    test_file_that_cannot_be_written);
    return g_test_run();
}
