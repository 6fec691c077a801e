/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-front-work.h"

#include "daemon-behind.h"
#include "daemon-procedure.h"

struct _DaemonFrontWork {
    DaemonRequest *request; /* NULL if it is none that we answer */
    DaemonFrontCall *call;  /* NULL if nobody asked */
    GByteArray *reply;      /* of libvirtd, or NULL */
    GByteArray *answer;     /* what the client gets in its place, or NULL */
    GByteArray *identity;   /* of the client, or NULL */
    GError *refusal;        /* why there is none, or NULL */
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

DaemonFrontWork *
daemon_front_work_new_naming(void)
{
    return g_new0(DaemonFrontWork, 1);
}

gboolean
daemon_front_work_is_naming(const DaemonFrontWork *work)
{
    return work->request == NULL && work->reply == NULL;
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
    g_clear_pointer(&work->identity, g_byte_array_unref);
    g_clear_error(&work->refusal);
    g_free(work);
}

gsize
daemon_front_work_get_size(const DaemonFrontWork *work)
{
    if (work->request != NULL)
        return daemon_request_get_size(work->request);
    return work->reply != NULL ? work->reply->len : 0;
}

DaemonWorkers *
daemon_front_work_begin(DaemonFrontWork *work, DaemonSession *session)
{
    DaemonServiceWork kind = DAEMON_SERVICE_SHORT;

    if (work->request != NULL)
        return daemon_request_begin(work->request, session);
    if (work->call != NULL) {
        if (daemon_front_call_try(work->call, session, work->reply, &work->answer))
            return NULL;
        kind = daemon_procedure_get_work(daemon_front_call_get_procedure(work->call));
    } else if (work->reply != NULL) {
        return NULL;
    }
    return daemon_service_get_workers(session->service, kind);
}

/* The names of users and groups may come from far away. */
static void
find_names(DaemonFrontWork *work, const DaemonSession *session)
{
    work->identity =
        daemon_behind_make_identity(&session->credentials, session->label, &work->refusal);
}

void
daemon_front_work_do(DaemonFrontWork *work, DaemonSession *session)
{
    if (work->request != NULL)
        daemon_request_work(work->request, session);
    else if (work->call != NULL)
        work->answer = daemon_front_call_work(work->call, session, work->reply);
    else
        find_names(work, session);
}

GByteArray *
daemon_front_work_take_identity(DaemonFrontWork *work, GError **error)
{
    if (work->identity == NULL)
        g_propagate_error(error, g_steal_pointer(&work->refusal));
    return g_steal_pointer(&work->identity);
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
