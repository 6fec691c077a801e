/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "call-script.h"

#include <errno.h>
#include <string.h>

#define PAGE_SIZE 4096

static char *script_dev;
static GArray *script_steps;
static guint script_position;
/* Descriptor to the path by which it was opened. */
static GHashTable *script_open;

static void
call_script_clear_step(gpointer data)
{
    CallStep *step = data;

    g_free((void *)step->opens);
    g_free((void *)step->text);
    g_free((void *)step->expects);
    g_free((void *)step->page);
    g_free((void *)step->writes);
}

static void
call_script_clear(void)
{
    g_clear_pointer(&script_dev, g_free);
    g_clear_pointer(&script_steps, g_array_unref);
    g_clear_pointer(&script_open, g_hash_table_unref);
}

void
call_script_begin(const char *dev)
{
    call_script_clear();
    script_dev = g_strdup(dev);
    script_steps = g_array_new(FALSE, FALSE, sizeof(CallStep));
    g_array_set_clear_func(script_steps, call_script_clear_step);
    script_open = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    script_position = 0;
}

void
call_script_add(const CallStep *steps, guint count)
{
    for (guint i = 0; i < count; i++) {
        CallStep step = steps[i];

        step.opens = g_strdup(step.opens);
        step.text = g_strdup(step.text);
        step.expects = g_memdup2(step.expects, step.expects_size);
        step.page = step.page != NULL ? g_memdup2(step.page, PAGE_SIZE) : NULL;
        step.writes = g_memdup2(step.writes, step.writes_size);
        g_array_append_val(script_steps, step);
    }
}

void
call_script_fail(guint index, int error_number)
{
    g_assert_cmpuint(index, <, script_steps->len);
    g_array_set_size(script_steps, index + 1);
    g_array_index(script_steps, CallStep, index).error_number = error_number;
}

void
call_script_end(void)
{
    GHashTableIter iterator;
    gpointer fd, path;

    if (script_position < script_steps->len)
        g_error("The script's step %u of %u was not played.", script_position, script_steps->len);
    g_hash_table_iter_init(&iterator, script_open);
    while (g_hash_table_iter_next(&iterator, &fd, &path))
        g_error("%s was left open as %d.", (char *)path, GPOINTER_TO_INT(fd));
    call_script_clear();
}

static const CallStep *
call_script_next(const char *call)
{
    const CallStep *step;

    if (script_position == script_steps->len)
        g_error("The script has ended after %u steps, but there is one more: %s.", script_position,
                call);
    step = &g_array_index(script_steps, CallStep, script_position);
    g_test_message("step %u: %s", script_position, call);
    script_position++;
    return step;
}

static int
call_script_give(const CallStep *step, const char *path)
{
    if (step->error_number != 0) {
        errno = step->error_number;
        return -1;
    }
    if (step->gives_fd || step->opens != NULL) {
        g_assert_false(g_hash_table_contains(script_open, GINT_TO_POINTER(step->result)));
        g_hash_table_insert(script_open, GINT_TO_POINTER(step->result), g_strdup(path));
    }
    return step->result;
}

static gboolean
call_script_has_path(gpointer fd, gpointer path, gpointer wanted)
{
    return GPOINTER_TO_INT(fd) >= 0 && strcmp(path, wanted) == 0;
}

static int
call_script_play_open(const char *path)
{
    const CallStep *step = call_script_next(path);
    g_autofree char *expected = NULL;

    g_assert_nonnull(step->opens);
    expected = g_build_filename(script_dev, step->opens, NULL);
    g_assert_cmpstr(path, ==, expected);
    g_assert_null(g_hash_table_find(script_open, call_script_has_path, (gpointer)path));
    return call_script_give(step, path);
}

/* An errno that is left over from a close must never be taken for that of the call before it. */
static int
call_script_play_close(int fd)
{
    if (!g_hash_table_remove(script_open, GINT_TO_POINTER(fd)))
        g_error("%d is closed, but is not open.", fd);
    errno = EXDEV;
    return 0;
}

static guint8 *
call_script_get_page(const CallStep *step, const guint8 *argument)
{
    guint64 address;

    memcpy(&address, argument + step->expects_size, sizeof address);
    g_assert_cmpuint(address % PAGE_SIZE, ==, 0);
    return (guint8 *)(guintptr)address;
}

/* Returns where the kernel writes. */
static void *
call_script_check_argument(const CallStep *step, void *argument)
{
    guint8 *page;

    if (step->text != NULL) {
        g_assert_cmpstr(argument, ==, step->text);
        return NULL;
    }
    if (step->expects == NULL) {
        g_assert_cmphex((guintptr)argument, ==, step->number);
        return NULL;
    }
    g_assert_cmpmem(argument, step->expects_size, step->expects, step->expects_size);
    if (step->page == NULL)
        return argument;
    page = call_script_get_page(step, argument);
    g_assert_cmpmem(page, PAGE_SIZE, step->page, PAGE_SIZE);
    return page;
}

static int
call_script_play_ioctl(int fd, unsigned long request, void *argument)
{
    g_autofree char *call = g_strdup_printf("request 0x%lx on %d", request, fd);
    const CallStep *step = call_script_next(call);
    void *target;

    g_assert_null(step->opens);
    g_assert_cmphex(request, ==, step->request);
    g_assert_cmpint(fd, ==, step->fd);
    g_assert_true(g_hash_table_contains(script_open, GINT_TO_POINTER(fd)));
    target = call_script_check_argument(step, argument);
    if (step->error_number == 0 && step->writes != NULL)
        memcpy(target, step->writes, step->writes_size);
    return call_script_give(step, call);
}

const SystemCalls call_script_kernel = {
    .open = call_script_play_open,
    .close = call_script_play_close,
    .ioctl = call_script_play_ioctl,
};
