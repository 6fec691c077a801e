/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capture-writer.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "sysfs.h"
#include "zpci-host-private.h"

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
    story.writer.reader = sysfs_tree_open(story.tree);
    story.writer.recorder = sysfs_recorder_start(zpci_host_get_sysfs(story.writer.reader), NULL);
    g_assert_cmpint(story.writer.sysfs, >=, 0);
    g_assert_nonnull(story.writer.recorder);
    return story;
}

static void
end_story(Story *story)
{
    sysfs_recorder_stop(story->writer.recorder);
    zpci_host_free(story->writer.reader);
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

/* Copies what is read at @path below sysfs. */
static gboolean
copy(Story *story, SysfsReadingKind kind, const char *path, GError **error)
{
    capture_writer_want(&story->writer, kind, path, "");
    return capture_writer_copy_readings(&story->writer, error);
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

/* As many bytes as the reader wanted, which is a page at least. */
static void
test_files_are_copied_up_to_a_size(void)
{
    g_autofree char *long_text = g_strnfill(SYSFS_ATTRIBUTE_MAX + 9, 'x');
    g_autofree char *page = g_strndup(long_text, SYSFS_ATTRIBUTE_MAX);
    guint8 buffer[SYSFS_ATTRIBUTE_MAX + 8];
    Story story = begin_story();
    gsize length;

    sysfs_tree_write(story.tree, "sys/devices/a/config", long_text, -1);
    g_assert_true(copy(&story, SYSFS_READING_FILE, "devices/a/config", NULL));
    expect_file(&story, "sys/devices/a/config", page);
    sysfs_read_bytes(zpci_host_get_sysfs(story.writer.reader), "devices/a/config", buffer,
                     sizeof buffer, &length, NULL);
    g_assert_true(capture_writer_copy_readings(&story.writer, NULL));
    long_text[sizeof buffer] = '\0';
    expect_file(&story, "sys/devices/a/config", long_text);
    g_assert_cmpuint(story.writer.notes->len, ==, 0);
    end_story(&story);
}

/* What the host does not offer is passed over, and what cannot be read is told of. */
static void
test_what_is_not_there_and_what_cannot_be_read(void)
{
    Story story = begin_story();

    g_assert_true(copy(&story, SYSFS_READING_FILE, "devices/a/uid", NULL));
    g_assert_true(copy(&story, SYSFS_READING_LINK, "devices/a/driver", NULL));
    g_assert_true(copy(&story, SYSFS_READING_LIST, "devices/a", NULL));
    g_assert_cmpuint(story.writer.notes->len, ==, 0);
    expect_nothing(&story, "sys");

    sysfs_tree_link(story.tree, "sys/devices/a/port", "elsewhere");
    g_assert_true(copy(&story, SYSFS_READING_FILE, "devices/a/port", NULL));
    g_assert_cmpuint(story.writer.notes->len, ==, 1);
    expect_has(g_ptr_array_index(story.writer.notes, 0), "devices/a/port");
    expect_nothing(&story, "sys/devices/a/port");
    end_story(&story);
}

static void
test_speed_that_cannot_be_read_is_no_note(void)
{
    Story story = begin_story();

    sysfs_tree_link(story.tree, "sys/devices/a/net/b/speed", "elsewhere");
    g_assert_true(copy(&story, SYSFS_READING_FILE, "devices/a/net/b/speed", NULL));
    g_assert_cmpuint(story.writer.notes->len, ==, 0);
    expect_nothing(&story, "sys/devices/a/net/b/speed");
    end_story(&story);
}

static void
expect_link(const Story *story, const char *path, const char *target)
{
    g_autofree char *whole = g_build_filename(story->writer.root, path, NULL);
    g_autofree char *found = g_file_read_link(whole, NULL);

    g_assert_cmpstr(found, ==, target);
}

/* Even to what is not captured; and functions of one group have the same link. */
static void
test_links_are_copied_as_they_are_written(void)
{
    Story story = begin_story();

    sysfs_tree_link(story.tree, "sys/devices/a/driver", "../../bus/pci/drivers/none");
    g_assert_true(copy(&story, SYSFS_READING_LINK, "devices/a/driver", NULL));
    g_assert_true(copy(&story, SYSFS_READING_LIST, "devices/a", NULL));
    expect_link(&story, "sys/devices/a/driver", "../../bus/pci/drivers/none");
    end_story(&story);
}

/* The links in it and the one that leads to it; files only if they are read. */
static void
test_directories_are_copied_as_their_links(void)
{
    Story story = begin_story();

    sysfs_tree_link(story.tree, "sys/devices/a/iommu_group", "../../kernel/iommu_groups/7");
    sysfs_tree_link(story.tree, "sys/kernel/iommu_groups/7/devices/a", "../../../../devices/a");
    sysfs_tree_link(story.tree, "sys/kernel/iommu_groups/7/devices/b", "../../../../devices/b");
    sysfs_tree_write(story.tree, "sys/kernel/iommu_groups/7/devices/c", "", 0);
    g_assert_true(copy(&story, SYSFS_READING_LIST, "devices/a/iommu_group/devices", NULL));
    expect_link(&story, "sys/devices/a/iommu_group", "../../kernel/iommu_groups/7");
    expect_link(&story, "sys/kernel/iommu_groups/7/devices/a", "../../../../devices/a");
    expect_link(&story, "sys/kernel/iommu_groups/7/devices/b", "../../../../devices/b");
    expect_nothing(&story, "sys/kernel/iommu_groups/7/devices/c");
    end_story(&story);
}

/* A capture may have been made to lead whoever copies it elsewhere. */
static void
test_nothing_is_written_through_a_link_that_was_copied(void)
{
    Story story = begin_story();

    sysfs_tree_link(story.tree, "sys/devices/a", "../../elsewhere");
    sysfs_tree_link(story.tree, "sys/devices/b", "c");
    sysfs_tree_write(story.tree, "sys/devices/c/uid", "0x1\n", -1);
    sysfs_tree_write(story.tree, "elsewhere/uid", "0x2\n", -1);
    g_assert_true(copy(&story, SYSFS_READING_FILE, "devices/a/uid", NULL));
    g_assert_true(copy(&story, SYSFS_READING_FILE, "devices/a/uid", NULL));
    g_assert_true(copy(&story, SYSFS_READING_FILE, "devices/b/uid", NULL));
    expect_link(&story, "sys/devices/a", "../../elsewhere");
    expect_link(&story, "sys/devices/b", "c");
    expect_file(&story, "sys/devices/c/uid", "0x1\n");
    expect_nothing(&story, "elsewhere");
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
    g_assert_false(copy(&story, SYSFS_READING_FILE, "devices/a/uid", &error));
    expect_has(error->message, "Making the directory ");
    g_clear_error(&error);
    g_assert_false(copy(&story, SYSFS_READING_LINK, "devices/a/driver", &error));
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

/* Its name is too long for the kernel, and that of its directory is not. */
static void
test_link_that_cannot_be_made(void)
{
    Story story = begin_story();
    g_autoptr(GError) error = NULL;

    sysfs_tree_link(story.tree, "sys/devices/a/driver", "b");
    g_free(story.writer.root);
    story.writer.root =
        sysfs_tree_get_long_path(story.tree, "capture", PATH_MAX - strlen("/sys/devices/a/driver"));
    g_assert_false(copy(&story, SYSFS_READING_LINK, "devices/a/driver", &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "Making the link ");
    expect_nothing(&story, "sys/devices/a/driver");
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
    g_test_add_func("/capture-writer/speed-that-cannot-be-read-is-no-note",
                    test_speed_that_cannot_be_read_is_no_note);
    g_test_add_func("/capture-writer/directories-are-copied-as-their-links",
                    test_directories_are_copied_as_their_links);
    g_test_add_func("/capture-writer/nothing-is-written-through-a-link-that-was-copied",
                    test_nothing_is_written_through_a_link_that_was_copied);
    g_test_add_func("/capture-writer/links-are-copied-as-they-are-written",
                    test_links_are_copied_as_they_are_written);
    g_test_add_func("/capture-writer/capture-that-cannot-be-written",
                    test_capture_that_cannot_be_written);
    g_test_add_func("/capture-writer/file-that-cannot-be-written",
                    test_file_that_cannot_be_written);
    g_test_add_func("/capture-writer/link-that-cannot-be-made", test_link_that_cannot_be_made);
    return g_test_run();
}
