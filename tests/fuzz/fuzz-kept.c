/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <errno.h>
#include <string.h>

#include "fuzz-target.h"
#include "kernel-script.h"
#include "live-host.h"
#include "zpci-host-private.h"

/* The first byte says what is put around the rest, as nobody guesses the name of a binding. */
#define WITH_HEAD 0x01
#define WITH_END 0x02

/* The file that a program keeps, which has the binding in its first line and an end in its last. */
#define KEPT "run/chains/" LIVE_HOST_ADDRESS

static LiveHost *live;
static char *head;
static char *end;

/* A kernel that has no devices, so that nothing but the file can say anything. */
static int
open_nothing(G_GNUC_UNUSED const char *path)
{
    errno = ENOENT;
    return -1;
}

static const SystemCalls nothing = { .open = open_nothing };

static void
clean_up(void)
{
    g_clear_pointer(&live, live_host_free);
    g_clear_pointer(&head, g_free);
    g_clear_pointer(&end, g_free);
}

/* The function has what sysfs says, and more only if the kept reply is good. Returns: where its
 * group comes from. */
static ZpciSource
check_function(void)
{
    g_autofree char *sys = sysfs_tree_get_path(live->tree, "sys");
    g_autofree char *run = sysfs_tree_get_path(live->tree, "run");
    g_autoptr(ZpciHost) host = zpci_host_open_test(sys, live->dev, &nothing, run, NULL);
    g_autoptr(ZpciFunction) function = NULL;
    ZpciHost *before = live->host;
    guint64 value = 0;

    g_assert_nonnull(host);
    zpci_host_set_vfio_read(host, ZPCI_VFIO_READ_NEVER, 0);
    live->host = host;
    function = live_host_read(live, TRUE);
    live->host = before;
    g_assert_true(zpci_function_get(function, ZPCI_FACT_FID, &value));
    g_assert_cmphex(value, ==, LIVE_HOST_FID);
    return zpci_function_get_source(function, ZPCI_FACT_MUI);
}

/* A function is bound, and a program keeps its chain. */
static void
prepare(void)
{
    g_autoptr(ZpciFunction) function = NULL;
    g_autofree char *path = NULL;
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    const char *line;

    if (g_file_test("/dev/shm", G_FILE_TEST_IS_DIR))
        g_setenv("TMPDIR", "/dev/shm", FALSE);
    live = live_host_new();
    live_host_bind(live, 3600);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    function = live_host_read(live, TRUE);
    g_assert_cmpint(zpci_function_get_source(function, ZPCI_FACT_MUI), ==, ZPCI_SOURCE_VFIO);
    path = sysfs_tree_get_path(live->tree, KEPT);
    g_assert_true(g_file_get_contents(path, &text, NULL, &error));
    line = strchr(text, '\n');
    g_assert_nonnull(line);
    head = g_strndup(text, (gsize)(line + 1 - text));
    line = g_strrstr_len(text, (gssize)strlen(text) - 1, "\n");
    g_assert_nonnull(line);
    end = g_strdup(line);
    /* Another program believes the file as it is, so what is changed of it matters. */
    sysfs_tree_write(live->tree, KEPT, text, -1);
    g_assert_cmpint(check_function(), ==, ZPCI_SOURCE_VFIO);
    atexit(clean_up);
}

/* A file in the directory of kept replies: another program of ours may have written it, and may
 * have been interrupted, or be of another version. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GByteArray) text = g_byte_array_new();

    if (size == 0)
        return 0;
    if (live == NULL)
        prepare();
    if ((data[0] & WITH_HEAD) != 0)
        g_byte_array_append(text, (const guint8 *)head, (guint)strlen(head));
    g_byte_array_append(text, data + 1, (guint)size - 1);
    if ((data[0] & WITH_END) != 0)
        g_byte_array_append(text, (const guint8 *)end, (guint)strlen(end));
    sysfs_tree_write(live->tree, KEPT, text->data, (gssize)text->len);
    check_function();
    return 0;
}
