/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "chain-cache.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"

#define ADDRESS "0005:00:00.0"
#define OTHER "007a:00:00.0"
#define NODE "/dev/vfio/0"
#define BINDING NODE " 100 1700000000.000000001"
#define REBOUND NODE " 101 1700000500.000000002"

static GByteArray *
read_bytes(gconstpointer source, G_GNUC_UNUSED GError **error)
{
    GByteArray *reply = g_byte_array_new();

    return g_byte_array_append(reply, source, (guint)strlen(source));
}

static void
put(ChainCache *cache, const char *address, const char *binding, const char *bytes)
{
    const ChainRequest request = { .node = NODE,
                                   .address = address,
                                   .binding = binding,
                                   .anew = TRUE,
                                   .read = read_bytes,
                                   .source = bytes };
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply = chain_cache_read(cache, &request, &error);

    g_assert_no_error(error);
    g_assert_cmpmem(reply->data, reply->len, bytes, strlen(bytes));
}

static void
expect_kept(ChainCache *cache, const char *address, const char *binding, const char *bytes)
{
    g_autoptr(GByteArray) reply = chain_cache_get(cache, address, binding);

    if (bytes == NULL) {
        g_assert_null(reply);
        return;
    }
    g_assert_nonnull(reply);
    g_assert_cmpmem(reply->data, reply->len, bytes, strlen(bytes));
}

/* What a program that starts now finds in @tree. */
static void
expect_found(const SysfsTree *tree, const char *bytes)
{
    g_autofree char *directory = sysfs_tree_get_path(tree, "run/chains");
    g_autoptr(ChainCache) cache = chain_cache_new(directory);

    expect_kept(cache, ADDRESS, BINDING, bytes);
}

static ChainCache *
new_cache(const SysfsTree *tree)
{
    g_autofree char *directory = sysfs_tree_get_path(tree, "run/chains");

    return chain_cache_new(directory);
}

/* One reply in run/chains, by a program that has ended. */
static SysfsTree *
new_tree(void)
{
    SysfsTree *tree = sysfs_tree_new();
    g_autoptr(ChainCache) cache = new_cache(tree);

    put(cache, ADDRESS, BINDING, "chain");
    return tree;
}

static char *
read_file(const SysfsTree *tree)
{
    g_autofree char *path = sysfs_tree_get_path(tree, "run/chains/" ADDRESS);
    g_autoptr(GError) error = NULL;
    char *text;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

static void
test_memory_only(void)
{
    g_autoptr(ChainCache) cache = chain_cache_new(NULL);

    expect_kept(cache, ADDRESS, BINDING, NULL);
    put(cache, ADDRESS, BINDING, "chain");
    expect_kept(cache, ADDRESS, BINDING, "chain");
    expect_kept(cache, ADDRESS, REBOUND, NULL);
    expect_kept(cache, OTHER, BINDING, NULL);
}

static void
test_newer_reply_takes_the_place(void)
{
    g_autoptr(ChainCache) cache = chain_cache_new(NULL);

    put(cache, ADDRESS, BINDING, "chain");
    put(cache, OTHER, BINDING, "another");
    put(cache, ADDRESS, REBOUND, "second chain");
    expect_kept(cache, ADDRESS, BINDING, NULL);
    expect_kept(cache, ADDRESS, REBOUND, "second chain");
    expect_kept(cache, OTHER, BINDING, "another");
}

/* The caller's reference is not the cache's. */
static void
test_reply_outlives_its_entry(void)
{
    g_autoptr(ChainCache) cache = chain_cache_new(NULL);
    g_autoptr(GByteArray) reply = NULL;

    put(cache, ADDRESS, BINDING, "chain");
    reply = chain_cache_get(cache, ADDRESS, BINDING);
    put(cache, ADDRESS, REBOUND, "second chain");
    g_assert_cmpmem(reply->data, reply->len, "chain", 5);
}

/* Too many functions are read each time; those that are kept can still be read anew. */
static void
test_full_memory(void)
{
    g_autoptr(ChainCache) cache = chain_cache_new(NULL);

    put(cache, ADDRESS, BINDING, "chain");
    for (guint i = 1; i < CHAIN_CACHE_MAX; i++) {
        g_autofree char *address = g_strdup_printf("%x:00:01.0", i);

        put(cache, address, BINDING, "another");
    }
    put(cache, OTHER, BINDING, "one too many");
    expect_kept(cache, OTHER, BINDING, NULL);
    put(cache, ADDRESS, REBOUND, "second chain");
    expect_kept(cache, ADDRESS, REBOUND, "second chain");
    expect_kept(cache, "ffff:00:01.0", BINDING, "another");
}

static void
test_next_program_finds_it(void)
{
    g_autoptr(SysfsTree) tree = new_tree();
    g_autoptr(ChainCache) cache = new_cache(tree);

    expect_kept(cache, ADDRESS, REBOUND, NULL);
    expect_kept(cache, OTHER, BINDING, NULL);
    expect_kept(cache, ADDRESS, BINDING, "chain");
    sysfs_tree_delete(tree, "run/chains/" ADDRESS);
    expect_kept(cache, ADDRESS, BINDING, "chain");
    expect_found(tree, NULL);
}

static void
test_nobody_else_sees_the_directory(void)
{
    g_autoptr(SysfsTree) tree = new_tree();
    g_autofree char *directory = sysfs_tree_get_path(tree, "run/chains");
    g_autofree char *file = sysfs_tree_get_path(tree, "run/chains/" ADDRESS);
    struct stat status;

    g_assert_cmpint(stat(directory, &status), ==, 0);
    g_assert_cmphex(status.st_mode & 07777, ==, 0700);
    g_assert_cmpint(stat(file, &status), ==, 0);
    g_assert_cmphex(status.st_mode & 07777, ==, 0600);
}

static void
test_file_that_was_cut_counts_as_none(void)
{
    g_autoptr(SysfsTree) tree = new_tree();
    g_autofree char *text = read_file(tree);
    gssize length = (gssize)strlen(text);

    expect_found(tree, "chain");
    for (gssize i = 0; i < length; i++) {
        sysfs_tree_write(tree, "run/chains/" ADDRESS, text, i);
        expect_found(tree, NULL);
    }
}

static void
test_damaged_file_counts_as_none(void)
{
    g_autoptr(SysfsTree) tree = new_tree();
    g_autofree char *text = read_file(tree);
    g_autofree char *longer = g_strconcat(text, "00\n", NULL);
    g_autofree char *no_hex = g_strconcat(text, "chain\n", NULL);
    g_autofree char *sections = g_strconcat(text, "[again]\n00\n", NULL);
    const char *const texts[] = { "", "\n", "636861696e\n", longer, no_hex, sections };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        sysfs_tree_write(tree, "run/chains/" ADDRESS, texts[i], -1);
        expect_found(tree, NULL);
    }
}

/* A damaged file is mended by the next reading. */
static void
test_file_is_written_anew(void)
{
    g_autoptr(SysfsTree) tree = new_tree();
    g_autoptr(ChainCache) cache = new_cache(tree);

    sysfs_tree_write(tree, "run/chains/" ADDRESS, "rubbish", -1);
    put(cache, ADDRESS, BINDING, "second chain");
    expect_found(tree, "second chain");
}

static void
test_file_that_is_a_link_counts_as_none(void)
{
    g_autoptr(SysfsTree) tree = new_tree();
    g_autofree char *text = read_file(tree);
    g_autoptr(ChainCache) cache = new_cache(tree);
    g_autofree char *elsewhere = sysfs_tree_get_path(tree, "elsewhere");
    g_autofree char *untouched = NULL;

    sysfs_tree_write(tree, "elsewhere", text, -1);
    sysfs_tree_delete(tree, "run/chains/" ADDRESS);
    sysfs_tree_link(tree, "run/chains/" ADDRESS, "../../elsewhere");
    expect_found(tree, NULL);

    put(cache, ADDRESS, BINDING, "second chain");
    expect_found(tree, "second chain");
    g_assert_true(g_file_get_contents(elsewhere, &untouched, NULL, NULL));
    g_assert_cmpstr(untouched, ==, text);
}

/* Neither read nor written: whoever else can write there could lie to us. */
static void
expect_directory_is_not_used(SysfsTree *tree)
{
    g_autofree char *before = read_file(tree);
    g_autofree char *after = NULL;
    g_autoptr(ChainCache) cache = new_cache(tree);

    expect_kept(cache, ADDRESS, BINDING, NULL);
    put(cache, ADDRESS, BINDING, "second chain");
    expect_kept(cache, ADDRESS, BINDING, "second chain");
    after = read_file(tree);
    g_assert_cmpstr(before, ==, after);
}

static void
test_directory_that_others_write_is_not_used(void)
{
    static const guint modes[] = { 0720, 0702, 0777, 01777 };
    g_autoptr(SysfsTree) tree = new_tree();
    g_autofree char *directory = sysfs_tree_get_path(tree, "run/chains");

    for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_assert_cmpint(g_chmod(directory, (int)modes[i]), ==, 0);
        expect_directory_is_not_used(tree);
    }
    g_assert_cmpint(g_chmod(directory, 0755), ==, 0);
    expect_found(tree, "chain");
}

static void
test_directory_of_another_user_is_not_used(void)
{
    g_autoptr(SysfsTree) tree = new_tree();
    g_autofree char *directory = sysfs_tree_get_path(tree, "run/chains");

    if (geteuid() != 0) {
        g_test_skip("only root can give a directory to somebody else");
        return;
    }
    g_assert_cmpint(chown(directory, 65534, (gid_t)-1), ==, 0);
    expect_directory_is_not_used(tree);
}

static void
test_directory_that_is_a_link_is_not_used(void)
{
    g_autoptr(SysfsTree) tree = new_tree();
    g_autofree char *directory = sysfs_tree_get_path(tree, "run/chains");
    g_autofree char *moved = sysfs_tree_get_path(tree, "run/moved");

    g_assert_cmpint(g_rename(directory, moved), ==, 0);
    sysfs_tree_link(tree, "run/chains", "moved");
    expect_directory_is_not_used(tree);
}

static void
test_directory_that_cannot_be_made(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ChainCache) cache = new_cache(tree);

    sysfs_tree_write(tree, "run", "a file", -1);
    put(cache, ADDRESS, BINDING, "chain");
    expect_kept(cache, ADDRESS, BINDING, "chain");
    expect_found(tree, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chain-cache/memory-only", test_memory_only);
    g_test_add_func("/chain-cache/newer-reply-takes-the-place", test_newer_reply_takes_the_place);
    g_test_add_func("/chain-cache/reply-outlives-its-entry", test_reply_outlives_its_entry);
    g_test_add_func("/chain-cache/full-memory", test_full_memory);
    g_test_add_func("/chain-cache/next-program-finds-it", test_next_program_finds_it);
    g_test_add_func("/chain-cache/nobody-else-sees-the-directory",
                    test_nobody_else_sees_the_directory);
    g_test_add_func("/chain-cache/file-that-was-cut-counts-as-none",
                    test_file_that_was_cut_counts_as_none);
    g_test_add_func("/chain-cache/damaged-file-counts-as-none", test_damaged_file_counts_as_none);
    g_test_add_func("/chain-cache/file-is-written-anew", test_file_is_written_anew);
    g_test_add_func("/chain-cache/file-that-is-a-link-counts-as-none",
                    test_file_that_is_a_link_counts_as_none);
    g_test_add_func("/chain-cache/directory-that-others-write-is-not-used",
                    test_directory_that_others_write_is_not_used);
    g_test_add_func("/chain-cache/directory-of-another-user-is-not-used",
                    test_directory_of_another_user_is_not_used);
    g_test_add_func("/chain-cache/directory-that-is-a-link-is-not-used",
                    test_directory_that_is_a_link_is_not_used);
    g_test_add_func("/chain-cache/directory-that-cannot-be-made",
                    test_directory_that_cannot_be_made);
    return g_test_run();
}
