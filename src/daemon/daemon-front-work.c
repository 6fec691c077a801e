/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-front-work.h"

#include "daemon-access.h"
#include "daemon-procedure.h"

struct _DaemonFrontWork {
    DaemonRequest *request; /* NULL for an answer of libvirtd */
    DaemonFrontCall *call;  /* NULL if nobody asked */
    GByteArray *reply;
    GByteArray *answer; /* what the client gets in its place, or NULL */
};

DaemonFrontWork *
daemon_front_work_new_request(DaemonRequest *request)
{
    DaemonFrontWork *work = g_new0(DaemonFrontWork, 1);

    work->request = request;
    return work;
}

DaemonFrontWork *
daemon_front_work_new_reply(DaemonFrontCall *call, const GByteArray *reply)
{
    DaemonFrontWork *work = g_new0(DaemonFrontWork, 1);

    work->call = call;
    work->reply = g_byte_array_new();
    g_byte_array_append(work->reply, reply->data, reply->len);
    return work;
}

void
daemon_front_work_free(DaemonFrontWork *work)
{
    if (work == NULL)
        return;
    daemon_request_free(work->request);
    daemon_front_call_free(work->call);
    g_clear_pointer(&work->reply, g_byte_array_unref);
    g_clear_pointer(&work->answer, g_byte_array_unref);
    g_free(work);
}

gsize
daemon_front_work_get_size(const DaemonFrontWork *work)
{
    return work->request != NULL ? daemon_request_get_size(work->request) : work->reply->len;
}

static DaemonServiceWork
choose_kind(const DaemonFrontWork *work, const DaemonSession *session)
{
    if (!session->authenticated)
        return DAEMON_SERVICE_ANONYMOUS;
    return work->request != NULL
               ? daemon_request_get_work(work->request)
               : daemon_procedure_get_work(daemon_front_call_get_procedure(work->call));
}

gboolean
daemon_front_work_try(DaemonFrontWork *work, DaemonSession *session)
{
    if (work->request == NULL)
        return work->call == NULL ||
               daemon_front_call_try(work->call, session, work->reply, &work->answer);
    if (!daemon_request_is_quick(work->request) || daemon_access_is_controlled(session))
        return FALSE;
    daemon_request_work(work->request, session);
    return TRUE;
}

DaemonWorkers *
daemon_front_work_get_workers(const DaemonFrontWork *work, const DaemonSession *session)
{
    return daemon_service_get_workers(session->service, choose_kind(work, session));
}

void
daemon_front_work_do(DaemonFrontWork *work, DaemonSession *session)
{
    if (work->request != NULL)
        daemon_request_work(work->request, session);
    else
        work->answer = daemon_front_call_work(work->call, session, work->reply);
}

const GByteArray *
daemon_front_work_finish(DaemonFrontWork *work, DaemonSession *session)
{
    if (work->request != NULL) {
        daemon_request_run(work->request, session);
        return daemon_request_get_answer(work->request);
    }
    if (work->call != NULL)
        daemon_front_call_finish(work->call, session, work->reply);
    return work->answer != NULL ? work->answer : work->reply;
}
