/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "patient-call.h"

#include "expect.h"
#include "zpci-error.h"

/* A work that ends when it is told to, and says so. */
typedef struct {
    GMutex lock;
    GCond changed;
    gboolean may_end;
    guint freed;
} Gate;

static void *
copy(gpointer data, GError **error G_GNUC_UNUSED)
{
    return g_strdup(data);
}

static void *
refuse(gpointer data, GError **error)
{
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE, "%s", (const char *)data);
    return NULL;
}

static void *
pass_gate(gpointer data, GError **error G_GNUC_UNUSED)
{
    Gate *gate = data;

    g_mutex_lock(&gate->lock);
    while (!gate->may_end)
        g_cond_wait(&gate->changed, &gate->lock);
    g_mutex_unlock(&gate->lock);
    return gate;
}

static void
note_freed(gpointer data)
{
    Gate *gate = data;

    g_mutex_lock(&gate->lock);
    gate->freed++;
    g_cond_signal(&gate->changed);
    g_mutex_unlock(&gate->lock);
}

static void
open_gate(Gate *gate)
{
    g_mutex_lock(&gate->lock);
    gate->may_end = TRUE;
    g_cond_signal(&gate->changed);
    g_mutex_unlock(&gate->lock);
}

static void
test_result(void)
{
    g_autoptr(PatientCall) call = patient_call_start(copy, g_strdup("text"), g_free, g_free);
    g_autoptr(GError) error = NULL;
    g_autofree char *result = NULL;

    g_assert_true(patient_call_wait(call, G_MAXINT64));
    result = patient_call_take(call, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(result, ==, "text");
}

static void
test_failure(void)
{
    g_autoptr(PatientCall) call = patient_call_start(refuse, g_strdup("no"), g_free, g_free);
    g_autoptr(GError) error = NULL;

    g_assert_true(patient_call_wait(call, G_MAXINT64));
    g_assert_null(patient_call_take(call, &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "no");
}

/* Whoever waits has their time; what comes too late is freed by the thread. */
static void
test_work_without_end(void)
{
    Gate gate = { 0 };
    PatientCall *call = patient_call_start(pass_gate, &gate, note_freed, note_freed);

    g_assert_false(patient_call_wait(call, 0));
    g_assert_false(patient_call_wait(call, g_get_monotonic_time() + 1));
    patient_call_free(call);
    open_gate(&gate);
    g_mutex_lock(&gate.lock);
    while (gate.freed < 2)
        g_cond_wait(&gate.changed, &gate.lock);
    g_mutex_unlock(&gate.lock);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/patient-call/result", test_result);
    g_test_add_func("/patient-call/failure", test_failure);
    g_test_add_func("/patient-call/work-without-end", test_work_without_end);
    return g_test_run();
}
