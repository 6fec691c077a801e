/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chain-cache.h"
#include "chain-failure.h"
#include "expect.h"
#include "file-lock.h"
#include "other-process.h"
#include "sysfs-tree.h"

#define ADDRESS "0005:00:00.0"
#define OTHER "007a:00:00.0"
#define NODE "/dev/vfio/0"
#define BINDING NODE " 100 1700000000.000000001"
#define REBOUND NODE " 101 1700000500.000000002"

/* Longer than any machine takes. */
#define LONG_ENOUGH 3600

#define ASKERS 8
#define ROUNDS 25

static GByteArray *
read_bytes(gconstpointer source, G_GNUC_UNUSED GError **error)
{
    return g_byte_array_append(g_byte_array_new(), source, (guint)strlen(source));
}

static ChainCache *
new_cache(const SysfsTree *tree)
{
    g_autofree char *directory = sysfs_tree_get_path(tree, "run/chains");

    return chain_cache_new(directory);
}

static void
expect_kept(ChainCache *cache, const char *address, gboolean kept)
{
    g_autoptr(GByteArray) reply = chain_cache_get(cache, address, BINDING);

    g_assert_cmpint(reply != NULL, ==, kept);
}

/* A reading that ends when @wanted ask for it or it @may_end, and how often it was done. */
static struct {
    ChainCache *cache;
    guint wanted;
    gint may_end;
    gint reads;
    gboolean fails;
    const char *counter;
} crowd;

static void
set_crowd(ChainCache *cache, guint wanted, gboolean fails)
{
    crowd.cache = cache;
    crowd.wanted = wanted;
    crowd.may_end = FALSE;
    crowd.reads = 0;
    crowd.fails = fails;
    chain_cache_set_wait(cache, LONG_ENOUGH);
}

/* Ends when all others wait for it. */
static GByteArray *
read_while_all_ask(gconstpointer source, GError **error)
{
    g_atomic_int_inc(&crowd.reads);
    while (!g_atomic_int_get(&crowd.may_end) &&
           chain_cache_count_asking(crowd.cache, NODE) < crowd.wanted)
        g_thread_yield();
    if (!crowd.fails)
        return read_bytes(source, error);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE, "A guest has it.");
    return NULL;
}

static const ChainRequest crowded = { .node = NODE,
                                      .address = ADDRESS,
                                      .binding = BINDING,
                                      .read = read_while_all_ask,
                                      .source = "chain" };

/* Returns: the message of the error; NULL for the reply. */
static gpointer
ask(gpointer request)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply = NULL;

    reply = chain_cache_read(crowd.cache, request, &error);
    if (error == NULL)
        g_assert_cmpmem(reply->data, reply->len, "chain", 5);
    return error != NULL ? g_strdup(error->message) : NULL;
}

static void
ask_with_many(const char *says)
{
    GThread *threads[ASKERS];

    for (guint i = 0; i < ASKERS; i++)
        threads[i] = g_thread_new("asker", ask, (gpointer)&crowded);
    for (guint i = 0; i < ASKERS; i++) {
        g_autofree char *message = g_thread_join(threads[i]);

        g_assert_cmpstr(message, ==, says);
    }
}

static void
test_one_of_many_reads(void)
{
    for (guint i = 0; i < ROUNDS; i++) {
        g_autoptr(ChainCache) cache = chain_cache_new(NULL);

        set_crowd(cache, ASKERS, FALSE);
        ask_with_many(NULL);
        g_assert_cmpint(crowd.reads, ==, 1);
    }
}

/* Returns: who is reading now, until end_reading(). */
static GThread *
begin_reading(ChainCache *cache)
{
    GThread *reader;

    set_crowd(cache, G_MAXUINT, FALSE);
    reader = g_thread_new("reader", ask, (gpointer)&crowded);
    while (g_atomic_int_get(&crowd.reads) == 0)
        g_thread_yield();
    return reader;
}

static void
end_reading(GThread *reader)
{
    g_autofree char *message = NULL;

    g_atomic_int_set(&crowd.may_end, TRUE);
    message = g_thread_join(reader);
    g_assert_null(message);
}

/* What was not read is tried again by who asks later, and by nobody who was waiting. */
static void
test_failure_is_shared_and_not_kept(void)
{
    g_autoptr(ChainCache) cache = chain_cache_new(NULL);
    g_autofree char *later = NULL;

    set_crowd(cache, ASKERS, TRUE);
    ask_with_many("A guest has it.");
    g_assert_cmpint(crowd.reads, ==, 1);
    crowd.wanted = 0;
    later = ask((gpointer)&crowded);
    g_assert_cmpstr(later, ==, "A guest has it.");
    g_assert_cmpint(crowd.reads, ==, 2);
}

static void
test_other_functions_do_not_wait(void)
{
    g_autoptr(ChainCache) cache = chain_cache_new(NULL);
    GThread *reader = begin_reading(cache);
    const ChainRequest other = { .node = "/dev/vfio/1",
                                 .address = OTHER,
                                 .binding = BINDING,
                                 .read = read_bytes,
                                 .source = "chain" };
    g_autoptr(GByteArray) reply = NULL;

    reply = chain_cache_read(cache, &other, NULL);
    g_assert_nonnull(reply);
    expect_kept(cache, ADDRESS, FALSE);
    expect_kept(cache, OTHER, TRUE);
    end_reading(reader);
}

/* The node is open: neither another function of its group, nor another binding, nor who wants it
 * anew may open it. */
static void
test_all_of_one_node_wait(void)
{
    const ChainRequest requests[] = {
        { .node = NODE, .address = OTHER, .binding = BINDING },
        { .node = NODE, .address = ADDRESS, .binding = REBOUND },
        { .node = NODE, .address = ADDRESS, .binding = BINDING },
        { .node = NODE, .address = ADDRESS, .binding = BINDING, .anew = TRUE },
    };
    g_autoptr(ChainCache) cache = chain_cache_new(NULL);
    GThread *reader = begin_reading(cache);

    chain_cache_set_wait(cache, 0);
    for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(chain_cache_read(cache, &requests[i], &error));
        expect_error(&error, ZPCI_ERROR_UNREADABLE, "could not be asked now");
    }
    end_reading(reader);
    expect_kept(cache, ADDRESS, TRUE);
}

/* Two processes with a directory in common, that read at the same time; each reading adds a byte
 * to a file. */
static GByteArray *
read_and_count(gconstpointer source, G_GNUC_UNUSED GError **error)
{
    int fd = open(source, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

    g_assert_cmpint(write(fd, "x", 1), ==, 1);
    close(fd);
    g_usleep(2 * G_TIME_SPAN_MILLISECOND);
    return read_bytes("chain", NULL);
}

static void
expect_reads(const char *counter, gint64 count)
{
    struct stat status;

    g_assert_cmpint(stat(counter, &status), ==, 0);
    g_assert_cmpint(status.st_size, ==, count);
}

/* Returns: whether the reply came. */
static gboolean
read_once(ChainCache *cache, guint round, const char *counter)
{
    g_autofree char *binding = g_strdup_printf("binding %u", round);
    const ChainRequest request = { .node = NODE,
                                   .address = ADDRESS,
                                   .binding = binding,
                                   .read = read_and_count,
                                   .source = counter };
    g_autoptr(GByteArray) reply = chain_cache_read(cache, &request, NULL);

    return reply != NULL && reply->len == 5;
}

/* As another client's daemon, with a cache of its own. @data is the tree. */
static gboolean
read_elsewhere(gpointer data, guint round)
{
    g_autofree char *counter = sysfs_tree_get_path(data, "counter");
    g_autoptr(ChainCache) cache = new_cache(data);

    return read_once(cache, round, counter);
}

static void
test_one_of_two_processes_reads(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *counter = sysfs_tree_get_path(tree, "counter");
    g_autoptr(ChainCache) cache = new_cache(tree);
    g_autoptr(OtherProcess) other = other_process_start(read_elsewhere, tree);

    for (guint i = 0; i < ROUNDS; i++) {
        other_process_begin(other);
        g_assert_true(read_once(cache, i, counter));
        other_process_finish(other);
    }
    expect_reads(counter, ROUNDS);
}

static GByteArray *
fail_and_count(gconstpointer source, GError **error)
{
    g_autoptr(GByteArray) reply = read_and_count(source, NULL);

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE, "A guest has it.");
    return NULL;
}

/* Asks the cache @data. */
static gpointer
fail_once(gpointer data)
{
    const ChainRequest request = { .node = NODE,
                                   .address = ADDRESS,
                                   .binding = BINDING,
                                   .read = fail_and_count,
                                   .source = crowd.counter };
    g_autoptr(GError) error = NULL;

    g_assert_null(chain_cache_read(data, &request, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "A guest has it.");
    return NULL;
}

/* As a process that waits while another one reads in vain: it has a cache of its own. */
static void
test_failure_of_another_process_is_shared(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *counter = sysfs_tree_get_path(tree, "counter");
    g_autofree char *directory = sysfs_tree_get_path(tree, "run/chains");
    g_autoptr(ChainCache) cache = new_cache(tree);
    g_autoptr(FileLock) lock = file_lock_take(directory, "0.lock", 0, NULL);
    g_autoptr(GError) problem = g_error_new(ZPCI_ERROR, ZPCI_ERROR_IN_USE, "A guest has it.");
    g_autofree char *note = NULL;
    GThread *waiter;

    crowd.counter = counter;
    chain_cache_set_wait(cache, LONG_ENOUGH);
    waiter = g_thread_new("waiter", fail_once, cache);
    while (chain_cache_count_asking(cache, NODE) == 0)
        g_thread_yield();
    note = chain_failure_format(ADDRESS, BINDING, problem);
    file_lock_write_note(lock, note);
    g_clear_pointer(&lock, file_lock_free);
    g_thread_join(waiter);
    g_assert_false(g_file_test(counter, G_FILE_TEST_EXISTS));
    fail_once(cache);
    expect_reads(counter, 1);
    fail_once(cache);
    expect_reads(counter, 2);
}

static void
test_waiting_for_a_process_has_an_end(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *directory = sysfs_tree_get_path(tree, "run/chains");
    g_autoptr(ChainCache) cache = new_cache(tree);
    g_autoptr(FileLock) lock = file_lock_take(directory, "0.lock", 0, NULL);
    const ChainRequest request = { .node = NODE, .address = ADDRESS, .binding = BINDING };
    g_autoptr(GError) error = NULL;

    g_assert_nonnull(lock);
    chain_cache_set_wait(cache, 0);
    g_assert_null(chain_cache_read(cache, &request, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, ADDRESS " could not be asked now");
    expect_kept(cache, ADDRESS, FALSE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chain-cache-turns/one-of-many-reads", test_one_of_many_reads);
    g_test_add_func("/chain-cache-turns/failure-is-shared-and-not-kept",
                    test_failure_is_shared_and_not_kept);
    g_test_add_func("/chain-cache-turns/other-functions-do-not-wait",
                    test_other_functions_do_not_wait);
    g_test_add_func("/chain-cache-turns/all-of-one-node-wait", test_all_of_one_node_wait);
    g_test_add_func("/chain-cache-turns/one-of-two-processes-reads",
                    test_one_of_two_processes_reads);
    g_test_add_func("/chain-cache-turns/failure-of-another-process-is-shared",
                    test_failure_of_another_process_is_shared);
    g_test_add_func("/chain-cache-turns/waiting-for-a-process-has-an-end",
                    test_waiting_for_a_process_has_an_end);
    return g_test_run();
}
