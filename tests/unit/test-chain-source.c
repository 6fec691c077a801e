/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "chain-source.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "call-script.h"
#include "expect.h"
#include "function-lock.h"
#include "kernel-script.h"
#include "live-host.h"
#include "zpci-host-private.h"

/* The function's own bytes, but a measurement interval of 2000 ms. */
#define OTHER_CHAIN             \
    "4:$ 4:0x83 4:9 4:5 4:20\n" \
    "2:2 2:2 4:0 8:0 8:0xfe00000000000000 8:1 2:2000 2:128 2:128 1:0 1:0 2:128"

/* The capability at 20 leads back to itself. */
#define LOOPING_CHAIN "4:$ 4:0x83 4:9 4:5 4:20 2:4 2:1 4:20 4:4 4:0"

/* A host whose function has been with vfio-pci for a minute. */
static LiveHost *
new_bound_host(void)
{
    LiveHost *live = live_host_new();

    live_host_bind(live, 60);
    return live;
}

static void
expect_chain(LiveHost *live, gboolean may_open, guint64 mui)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *reason = NULL;

    g_assert_true(chain_source_collect(live->host, live->directory, LIVE_HOST_ADDRESS, may_open,
                                       &facts, &reason));
    g_assert_null(reason);
    g_assert_null(facts.warnings);
    g_assert_cmpint(facts.sources[ZPCI_FACT_MUI], ==, ZPCI_SOURCE_VFIO);
    g_assert_cmpuint(facts.values[ZPCI_FACT_MUI], ==, mui);
}

static void
expect_no_chain(LiveHost *live, gboolean may_open, const char *says)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *reason = NULL;

    g_assert_false(chain_source_collect(live->host, live->directory, LIVE_HOST_ADDRESS, may_open,
                                        &facts, &reason));
    expect_has(reason, says);
    for (guint i = 0; i < ZPCI_N_FACTS; i++)
        g_assert_cmpint(facts.sources[i], ==, ZPCI_SOURCE_NONE);
}

static void
expect_probe(LiveHost *live, gboolean again, guint size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply =
        chain_source_probe(live->host, live->directory, LIVE_HOST_ADDRESS, again, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(reply->len, ==, size);
}

static void
expect_probe_to_fail(LiveHost *live, gboolean again, ZpciError code, const char *says)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(
        chain_source_probe(live->host, live->directory, LIVE_HOST_ADDRESS, again, &error));
    expect_error(&error, code, says);
}

static void
test_once_for_each_binding(void)
{
    g_autoptr(LiveHost) live = new_bound_host();

    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
    expect_chain(live, TRUE, 4000);
    expect_chain(live, FALSE, 4000);

    live_host_unbind(live);
    expect_no_chain(live, TRUE, "not bound to a VFIO driver");
    live_host_bind(live, 30);
    kernel_script_add_group(OTHER_CHAIN);
    expect_chain(live, TRUE, 2000);
    expect_chain(live, TRUE, 2000);
}

static void
test_through_iommufd(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    live_host_set_driver(live, "vfio-pci");
    live_host_add_child(live);
    live_host_add_node(live, "vfio/devices/vfio0", 60);
    kernel_script_add_cdev(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
    expect_chain(live, TRUE, 4000);
}

static void
test_next_program_does_not_read_again(void)
{
    g_autoptr(LiveHost) live = new_bound_host();

    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
    live_host_restart(live);
    expect_chain(live, TRUE, 4000);
    live_host_restart(live);
    expect_chain(live, FALSE, 4000);

    live_host_unbind(live);
    live_host_bind(live, 30);
    live_host_restart(live);
    kernel_script_add_group(OTHER_CHAIN);
    expect_chain(live, TRUE, 2000);
}

static void
test_file_that_is_not_believed_is_read_again(void)
{
    g_autoptr(LiveHost) live = new_bound_host();
    g_autofree char *directory = sysfs_tree_get_path(live->tree, "run/chains");

    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
    sysfs_tree_write(live->tree, "run/chains/" LIVE_HOST_ADDRESS, "00 00", -1);
    live_host_restart(live);
    kernel_script_add_group(OTHER_CHAIN);
    expect_chain(live, TRUE, 2000);

    g_assert_cmpint(g_chmod(directory, 0777), ==, 0);
    live_host_restart(live);
    expect_no_chain(live, FALSE, "has not been read since");
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
}

/* Lists ask for what is known, but open nothing. */
static void
test_may_not_open(void)
{
    g_autoptr(LiveHost) live = new_bound_host();

    expect_no_chain(live, FALSE, "has not been read since the function was bound");
}

static void
test_settle_time(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    /* Some time may pass until it is asked, even more than those seconds. */
    live_host_bind(live, -3600);
    expect_no_chain(live, TRUE, "in the first 10 seconds");
    live_host_unbind(live);
    live_host_bind(live, 0);
    zpci_host_set_vfio_read(live->host, ZPCI_VFIO_READ_LAZY, 3600);
    expect_no_chain(live, TRUE, "in the first 3600 seconds");
    live_host_unbind(live);
    live_host_bind(live, 3601);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
}

static void
test_settle_time_of_nothing(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    live_host_bind(live, 0);
    zpci_host_set_vfio_read(live->host, ZPCI_VFIO_READ_LAZY, 0);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
}

static void
test_modes_that_do_not_read(void)
{
    static const ZpciVfioRead modes[] = { ZPCI_VFIO_READ_EXPLICIT, ZPCI_VFIO_READ_NEVER };

    for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_autoptr(LiveHost) live = new_bound_host();

        zpci_host_set_vfio_read(live->host, modes[i], 0);
        expect_no_chain(live, TRUE, "only when asked for");
    }
}

/* Somebody asked for it: neither the mode nor the settle time counts, and all may use the result.
 */
static void
test_probe_reads_unless_it_must_never(void)
{
    static const ZpciVfioRead modes[] = { ZPCI_VFIO_READ_LAZY, ZPCI_VFIO_READ_EXPLICIT };

    for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_autoptr(LiveHost) live = live_host_new();

        live_host_bind(live, 0);
        zpci_host_set_vfio_read(live->host, modes[i], 3600);
        kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
        expect_probe(live, FALSE, 124);
        expect_chain(live, FALSE, 4000);
        live_host_restart(live);
        expect_chain(live, FALSE, 4000);
    }
}

static void
test_never_means_probe_too(void)
{
    g_autoptr(LiveHost) live = new_bound_host();

    zpci_host_set_vfio_read(live->host, ZPCI_VFIO_READ_NEVER, 0);
    expect_probe_to_fail(live, FALSE, ZPCI_ERROR_NO_PERMISSION, "may never be read");
    zpci_host_set_vfio_read(live->host, ZPCI_VFIO_READ_EXPLICIT, 0);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_probe(live, FALSE, 124);
    zpci_host_set_vfio_read(live->host, ZPCI_VFIO_READ_NEVER, 0);
    expect_probe(live, FALSE, 124);
    expect_probe_to_fail(live, TRUE, ZPCI_ERROR_NO_PERMISSION, "may never be read");
}

/* Each opening resets the function, so none is made for what is known already. */
static void
test_probe_takes_what_is_kept(void)
{
    g_autoptr(LiveHost) live = new_bound_host();

    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
    expect_probe(live, FALSE, 124);
    live_host_restart(live);
    expect_probe(live, FALSE, 124);

    live_host_unbind(live);
    live_host_bind(live, 30);
    kernel_script_add_group(OTHER_CHAIN);
    expect_probe(live, FALSE, 62);
    expect_probe(live, FALSE, 62);
}

static void
test_probe_reads_again(void)
{
    g_autoptr(LiveHost) live = new_bound_host();

    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
    kernel_script_add_group(OTHER_CHAIN);
    expect_probe(live, TRUE, 62);
    expect_chain(live, TRUE, 2000);
    live_host_restart(live);
    expect_chain(live, TRUE, 2000);
}

static void
test_probe_in_vain(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    expect_probe_to_fail(live, FALSE, ZPCI_ERROR_UNSUPPORTED, "bind it to vfio-pci first");
    live_host_bind(live, 60);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
    kernel_script_add_failure("vfio/0", EBUSY);
    expect_probe_to_fail(live, TRUE, ZPCI_ERROR_IN_USE, "vfio/0 failed");
    expect_probe(live, FALSE, 124);
    expect_chain(live, TRUE, 4000);
}

static void
test_probe_of_a_capture(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    LiveHost captured = { .host = host, .directory = -1 };

    expect_probe_to_fail(&captured, FALSE, ZPCI_ERROR_NOT_FOUND,
                         "no capability chain of 0005:00:00.0");
    sysfs_tree_write(tree, "chain/" LIVE_HOST_ADDRESS, "00 01", -1);
    expect_probe(&captured, FALSE, 2);
    expect_probe(&captured, TRUE, 2);
}

/* The guest may be gone the next time. */
static void
test_function_in_use_is_tried_again(void)
{
    g_autoptr(LiveHost) live = new_bound_host();

    kernel_script_add_failure("vfio/0", EBUSY);
    expect_no_chain(live, TRUE, "The function is in use, so its capability chain cannot be read");
    kernel_script_add_failure("vfio/0", EACCES);
    expect_no_chain(live, TRUE, "The capability chain cannot be read");
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
}

static void
add_clp_answers(void)
{
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
    kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_GROUP);
}

static void
expect_sources(const ZpciFunction *function, ZpciSource source)
{
    guint64 mui;

    g_assert_cmpint(zpci_function_get_kind_source(function, ZPCI_FACT_KIND_IDENTITY), ==,
                    ZPCI_SOURCE_SYSFS);
    g_assert_cmpint(zpci_function_get_kind_source(function, ZPCI_FACT_KIND_FUNCTION), ==, source);
    g_assert_cmpint(zpci_function_get_kind_source(function, ZPCI_FACT_KIND_GROUP), ==, source);
    g_assert_true(zpci_function_get(function, ZPCI_FACT_MUI, &mui));
    g_assert_cmpuint(mui, ==, 4000);
}

static void
test_chain_makes_clp_needless(void)
{
    g_autoptr(LiveHost) live = new_bound_host();
    g_autoptr(ZpciFunction) function = NULL;

    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    function = live_host_read(live, TRUE);
    expect_sources(function, ZPCI_SOURCE_VFIO);
    g_assert_null(zpci_function_get_warnings(function)[0]);
}

static void
test_clp_answers_for_a_function_in_use(void)
{
    g_autoptr(LiveHost) live = new_bound_host();
    g_autoptr(ZpciFunction) function = NULL;

    kernel_script_add_failure("vfio/0", EBUSY);
    add_clp_answers();
    function = live_host_read(live, TRUE);
    expect_sources(function, ZPCI_SOURCE_CLP);
    g_assert_null(zpci_function_get_warnings(function)[0]);
}

/* Without a VFIO node, nothing of VFIO is touched. */
static void
test_clp_answers_for_a_host_driver(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(ZpciFunction) function = NULL;

    live_host_set_driver(live, "mlx5_core");
    add_clp_answers();
    function = live_host_read(live, TRUE);
    expect_sources(function, ZPCI_SOURCE_CLP);
}

static void
test_reasons_name_both(void)
{
    g_autoptr(LiveHost) live = new_bound_host();
    g_autoptr(ZpciFunction) function = NULL;

    kernel_script_add_failure("vfio/0", EBUSY);
    kernel_script_add_failure("clp", EACCES);
    function = live_host_read(live, TRUE);
    g_assert_false(zpci_function_get(function, ZPCI_FACT_MUI, NULL));
    expect_has(zpci_function_get_reason(function, ZPCI_FACT_MUI), "The function is in use");
    expect_has(zpci_function_get_reason(function, ZPCI_FACT_MUI), "/vfio/0 failed");
    expect_has(zpci_function_get_reason(function, ZPCI_FACT_MUI), "/clp failed");
    g_assert_null(zpci_function_get_reason(function, ZPCI_FACT_FID));
}

/* A kernel that writes rubbish is not asked a second time, as it would write it again. */
static void
test_damaged_chain_is_a_warning(void)
{
    g_autoptr(LiveHost) live = new_bound_host();

    kernel_script_add_group(LOOPING_CHAIN);
    for (guint i = 0; i < 2; i++) {
        g_autoptr(ZpciFunction) function = NULL;

        add_clp_answers();
        function = live_host_read(live, TRUE);
        expect_sources(function, ZPCI_SOURCE_CLP);
        expect_has(zpci_function_get_warnings(function)[0],
                   "The capability chain of " LIVE_HOST_ADDRESS " is damaged");
    }
}

/* Opens, but first looks whether somebody could change the function now. */
static LiveHost *changing;

static int
open_alone(const char *path)
{
    PciAddress address = sysfs_tree_parse(LIVE_HOST_ADDRESS);
    g_autoptr(GError) error = NULL;

    g_assert_null(function_lock_take(changing->host, &address, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "is being changed by another client");
    return call_script_kernel.open(path);
}

/* Returns: a host of the same machine with other calls. */
static ZpciHost *
open_with(const LiveHost *live, const SystemCalls *calls)
{
    g_autofree char *sys = sysfs_tree_get_path(live->tree, "sys");
    g_autofree char *run = sysfs_tree_get_path(live->tree, "run");
    g_autoptr(GError) error = NULL;
    ZpciHost *host = zpci_host_open_test(sys, live->dev, calls, run, &error);

    g_assert_no_error(error);
    return host;
}

static void
test_nobody_changes_what_is_read(void)
{
    SystemCalls calls = call_script_kernel;
    g_autoptr(LiveHost) live = new_bound_host();
    LiveHost other = *live;

    calls.open = open_alone;
    changing = live;
    zpci_host_set_test_wait(live->host, 0);
    other.host = open_with(live, &calls);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(&other, TRUE, 4000);
    zpci_host_free(other.host);
}

static void
test_what_is_being_changed_is_not_opened(void)
{
    g_autoptr(LiveHost) live = new_bound_host();
    PciAddress address = sysfs_tree_parse(LIVE_HOST_ADDRESS);
    g_autoptr(FunctionLock) lock = function_lock_take(live->host, &address, NULL);

    zpci_host_set_test_wait(live->host, 0);
    expect_no_chain(live, TRUE, "is being changed by another client");
    g_clear_pointer(&lock, function_lock_free);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
}

/* As for a user who has no directory of their own. */
static void
test_who_can_keep_nothing_reads_all_the_same(void)
{
    g_autoptr(LiveHost) live = new_bound_host();

    sysfs_tree_write(live->tree, "run", "a file", -1);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    expect_chain(live, TRUE, 4000);
    expect_chain(live, TRUE, 4000);
}

/* Seconds; longer than any machine takes. */
#define LONG_ENOUGH 3600

#define ASKERS 8
#define ROUNDS 50

/* The script, but nobody gets through before all have asked. */
static gint asking;

static int
open_late(const char *path)
{
    while (g_atomic_int_get(&asking) < ASKERS)
        g_thread_yield();
    g_usleep(G_TIME_SPAN_MILLISECOND);
    return call_script_kernel.open(path);
}

static gpointer
ask(gpointer data)
{
    LiveHost *live = data;

    g_atomic_int_inc(&asking);
    expect_chain(live, TRUE, 4000);
    return NULL;
}

/* The script has no more than one opening a round. */
static void
test_many_threads_open_once(void)
{
    SystemCalls calls = call_script_kernel;
    g_autoptr(LiveHost) live = live_host_new();
    LiveHost slow = *live;

    calls.open = open_late;
    slow.host = open_with(live, &calls);
    zpci_host_set_test_wait(slow.host, LONG_ENOUGH);
    for (guint i = 0; i < ROUNDS; i++) {
        GThread *threads[ASKERS];

        asking = 0;
        live_host_bind(live, 60 + i);
        kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
        for (guint j = 0; j < ASKERS; j++)
            threads[j] = g_thread_new("asker", ask, &slow);
        for (guint j = 0; j < ASKERS; j++)
            g_thread_join(threads[j]);
        live_host_unbind(live);
    }
    zpci_host_free(slow.host);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chain-source/once-for-each-binding", test_once_for_each_binding);
    g_test_add_func("/chain-source/through-iommufd", test_through_iommufd);
    g_test_add_func("/chain-source/next-program-does-not-read-again",
                    test_next_program_does_not_read_again);
    g_test_add_func("/chain-source/file-that-is-not-believed-is-read-again",
                    test_file_that_is_not_believed_is_read_again);
    g_test_add_func("/chain-source/may-not-open", test_may_not_open);
    g_test_add_func("/chain-source/settle-time", test_settle_time);
    g_test_add_func("/chain-source/settle-time-of-nothing", test_settle_time_of_nothing);
    g_test_add_func("/chain-source/modes-that-do-not-read", test_modes_that_do_not_read);
    g_test_add_func("/chain-source/probe-reads-unless-it-must-never",
                    test_probe_reads_unless_it_must_never);
    g_test_add_func("/chain-source/probe-takes-what-is-kept", test_probe_takes_what_is_kept);
    g_test_add_func("/chain-source/probe-reads-again", test_probe_reads_again);
    g_test_add_func("/chain-source/probe-in-vain", test_probe_in_vain);
    g_test_add_func("/chain-source/probe-of-a-capture", test_probe_of_a_capture);
    g_test_add_func("/chain-source/function-in-use-is-tried-again",
                    test_function_in_use_is_tried_again);
    g_test_add_func("/chain-source/chain-makes-clp-needless", test_chain_makes_clp_needless);
    g_test_add_func("/chain-source/clp-answers-for-a-function-in-use",
                    test_clp_answers_for_a_function_in_use);
    g_test_add_func("/chain-source/clp-answers-for-a-host-driver",
                    test_clp_answers_for_a_host_driver);
    g_test_add_func("/chain-source/reasons-name-both", test_reasons_name_both);
    g_test_add_func("/chain-source/damaged-chain-is-a-warning", test_damaged_chain_is_a_warning);
    g_test_add_func("/chain-source/never-means-probe-too", test_never_means_probe_too);
    g_test_add_func("/chain-source/many-threads-open-once", test_many_threads_open_once);
    g_test_add_func("/chain-source/nobody-changes-what-is-read", test_nobody_changes_what_is_read);
    g_test_add_func("/chain-source/what-is-being-changed-is-not-opened",
                    test_what_is_being_changed_is_not_opened);
    g_test_add_func("/chain-source/who-can-keep-nothing-reads-all-the-same",
                    test_who_can_keep_nothing_reads_all_the_same);
    return g_test_run();
}
