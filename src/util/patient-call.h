/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * PatientCall:
 *
 * Work that may never come to an end, done by a thread of its own, so that whoever wants its result
 * waits no longer than they like.
 */
typedef struct _PatientCall PatientCall;

/**
 * PatientCallFunc:
 *
 * Returns: (transfer full): the result; %NULL with @error set.
 */
typedef void *(*PatientCallFunc)(gpointer data, GError **error);

/**
 * patient_call_start:
 * @work: what to do
 * @data: (transfer full): for @work
 * @free_data: (nullable): for @data, when @work is done
 * @free_result: for a result that nobody has taken
 *
 * Returns: (transfer full): the call, which has begun.
 */
PatientCall *patient_call_start(PatientCallFunc work, gpointer data, GDestroyNotify free_data,
                                GDestroyNotify free_result);

/** patient_call_wait: until @until of g_get_monotonic_time(); returns whether the work is done. */
gboolean patient_call_wait(PatientCall *call, gint64 until);

/** patient_call_take: (transfer full): the result, once, after patient_call_wait() was %TRUE; %NULL
 * with @error set, which is that of the work. */
void *patient_call_take(PatientCall *call, GError **error);

/** patient_call_free: @call may be %NULL; work that is not done is left to itself. */
void patient_call_free(PatientCall *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PatientCall, patient_call_free)
