/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "patient-call.h"

/* The thread has a reference, and who waits has one: the last who goes frees it. */
struct _PatientCall {
    gatomicrefcount references;
    GThread *thread;
    PatientCallFunc work;
    gpointer data;
    GDestroyNotify free_data;
    GDestroyNotify free_result;
    GMutex lock;
    GCond changed;
    gboolean is_done;
    gpointer result;
    GError *problem;
};

static void
patient_call_unref(PatientCall *call)
{
    if (!g_atomic_ref_count_dec(&call->references))
        return;
    if (call->free_data != NULL)
        call->free_data(call->data);
    if (call->result != NULL)
        call->free_result(call->result);
    g_clear_error(&call->problem);
    g_mutex_clear(&call->lock);
    g_cond_clear(&call->changed);
    g_free(call);
}

static gpointer
patient_call_run(gpointer data)
{
    PatientCall *call = data;
    GError *problem = NULL;
    gpointer result = call->work(call->data, &problem);

    g_mutex_lock(&call->lock);
    call->result = result;
    call->problem = problem;
    call->is_done = TRUE;
    g_cond_signal(&call->changed);
    g_mutex_unlock(&call->lock);
    patient_call_unref(call);
    return NULL;
}

PatientCall *
patient_call_start(PatientCallFunc work, gpointer data, GDestroyNotify free_data,
                   GDestroyNotify free_result)
{
    PatientCall *call = g_new0(PatientCall, 1);

    g_atomic_ref_count_init(&call->references);
    g_atomic_ref_count_inc(&call->references);
    call->work = work;
    call->data = data;
    call->free_data = free_data;
    call->free_result = free_result;
    g_mutex_init(&call->lock);
    g_cond_init(&call->changed);
    call->thread = g_thread_new("patient-call", patient_call_run, call);
    return call;
}

gboolean
patient_call_wait(PatientCall *call, gint64 until)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&call->lock);

    while (!call->is_done) {
        if (!g_cond_wait_until(&call->changed, &call->lock, until))
            return call->is_done;
    }
    return TRUE;
}

void *
patient_call_take(PatientCall *call, GError **error)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&call->lock);

    if (call->problem != NULL)
        g_propagate_error(error, g_steal_pointer(&call->problem));
    return g_steal_pointer(&call->result);
}

/* A thread that is done ends at once; till then, libraries keep data for it. */
void
patient_call_free(PatientCall *call)
{
    if (call == NULL)
        return;
    if (patient_call_wait(call, 0))
        g_thread_join(call->thread);
    else
        g_thread_unref(call->thread);
    patient_call_unref(call);
}
