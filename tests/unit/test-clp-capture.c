/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-capture-private.h"

#include <errno.h>

#include "expect.h"
#include "kernel-script.h"
#include "live-host.h"

/* The two functions of KERNEL_SCRIPT_LIST: one in standby, and that of every live host. */
#define STANDBY_HANDLE 0x00020001
#define STANDBY_FUNCTION \
    "2:256 2:0x10 @16 2:0 1:0 1:0xff 4:0x100 @56 4:0 2:0 1:0 1:0 8:0 8:0xffff @124 4:0 @256"

typedef struct {
    LiveHost *live;
    CaptureWriter writer;
} Story;

static Story
begin_story(void)
{
    Story story = { .live = live_host_new() };

    story.writer.root = sysfs_tree_get_path(story.live->tree, "capture");
    story.writer.notes = g_ptr_array_new_with_free_func(g_free);
    return story;
}

static void
end_story(Story *story)
{
    g_ptr_array_unref(story->writer.notes);
    g_free(story->writer.root);
    live_host_free(story->live);
}

static char *
read_captured(const Story *story, const char *name)
{
    g_autofree char *path = g_build_filename(story->writer.root, "clp", name, NULL);
    char *text = NULL;

    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

/* As many lines as the reply's own length says, and no empty rest of the page. */
static void
expect_captured(const Story *story, const char *name, const char *begin, guint lines)
{
    g_autofree char *text = read_captured(story, name);
    g_auto(GStrv) found = NULL;

    g_assert_nonnull(text);
    g_assert_true(g_str_has_prefix(text, begin));
    found = g_strsplit(text, "\n", -1);
    /* A comment before them, and nothing behind the last newline. */
    g_assert_cmpuint(g_strv_length(found), ==, lines + 2);
}

static void
expect_not_captured(const Story *story, const char *name)
{
    g_autofree char *text = read_captured(story, name);

    g_assert_null(text);
}

static void
write_capture(Story *story)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(clp_capture_write(story->live->host, &story->writer, &error));
    g_assert_no_error(error);
}

static void
test_functions_lists_and_each_group_once(void)
{
    Story story = begin_story();

    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, STANDBY_HANDLE, STANDBY_FUNCTION);
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_GROUP);
    write_capture(&story);
    g_assert_cmpuint(story.writer.notes->len, ==, 0);
    expect_captured(&story, "function-00000100", "# Query PCI function\n01 00 00 10 00 ", 16);
    expect_captured(&story, "function-0000000c", "# Query PCI function\n01 00 00 10 00 ", 16);
    expect_captured(&story, "list-0", "# List PCI functions\n00 40 00 10 00 ", 4);
    expect_captured(&story, "group-ff", "# Query PCI function group\n00 48 00 10 00 ", 5);
    expect_not_captured(&story, "list-1");
    expect_not_captured(&story, "group-00");
    end_story(&story);
}

/* Most machines that are captured without root have it so. */
static void
test_clp_that_cannot_be_asked_is_a_note(void)
{
    Story story = begin_story();

    kernel_script_add_failure("clp", EACCES);
    write_capture(&story);
    g_assert_cmpuint(story.writer.notes->len, ==, 1);
    expect_has(g_ptr_array_index(story.writer.notes, 0), "CLP was not captured: ");
    expect_not_captured(&story, "list-0");
    end_story(&story);
}

static void
test_function_that_is_refused_is_a_note(void)
{
    Story story = begin_story();

    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, STANDBY_HANDLE, "2:16 2:0x0030 @16");
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_NO_GROUP);
    write_capture(&story);
    g_assert_cmpuint(story.writer.notes->len, ==, 1);
    expect_has(g_ptr_array_index(story.writer.notes, 0),
               "CLP does not answer for the function 0x00000100: ");
    expect_not_captured(&story, "function-00000100");
    expect_captured(&story, "function-0000000c", "# Query PCI function\n", 16);
    end_story(&story);
}

static void
test_capture_that_cannot_be_written(void)
{
    Story story = begin_story();
    g_autoptr(GError) error = NULL;

    sysfs_tree_write(story.live->tree, "capture", "", 0);
    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, STANDBY_HANDLE, STANDBY_FUNCTION);
    g_assert_false(clp_capture_write(story.live->host, &story.writer, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "Making the directory ");
    end_story(&story);
}

/* The list is written after the functions, the groups after the list. */
static void
test_part_of_it_that_cannot_be_written(void)
{
    static const char *const taken[] = { "capture/clp/list-0/taken", "capture/clp/group-ff/taken" };

    for (guint i = 0; i < G_N_ELEMENTS(taken); i++) {
        Story story = begin_story();
        g_autoptr(GError) error = NULL;

        sysfs_tree_make_directory(story.live->tree, taken[i]);
        kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
        kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, STANDBY_HANDLE, STANDBY_FUNCTION);
        kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
        kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
        if (i == 1)
            kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_GROUP);
        g_assert_false(clp_capture_write(story.live->host, &story.writer, &error));
        expect_error(&error, ZPCI_ERROR_UNREADABLE, "Writing the capture failed: ");
        end_story(&story);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clp-capture/functions-lists-and-each-group-once",
                    test_functions_lists_and_each_group_once);
    g_test_add_func("/clp-capture/clp-that-cannot-be-asked-is-a-note",
                    test_clp_that_cannot_be_asked_is_a_note);
    g_test_add_func("/clp-capture/function-that-is-refused-is-a-note",
                    test_function_that_is_refused_is_a_note);
    g_test_add_func("/clp-capture/capture-that-cannot-be-written",
                    test_capture_that_cannot_be_written);
    g_test_add_func("/clp-capture/part-of-it-that-cannot-be-written",
                    test_part_of_it_that_cannot_be_written);
    return g_test_run();
}
