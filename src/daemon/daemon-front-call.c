/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-front-call.h"

#include <string.h>

#include "daemon-access.h"
#include "daemon-handler.h"
#include "daemon-log.h"
#include "daemon-procedure.h"
#include "zpci-inventory-wire.h"

/* Names of functions in standby, which libvirtd does not know, and of PCI functions. */
#define OURS_PREFIX "zpci_"
#define PCI_PREFIX "pci_"
#define OUR_CAPABILITY "zpci"

/* Groups of flags of virConnectListAllNodeDevices(). A device passes each group of which it has a
 * bit; one in standby has no capability that has a bit, is inactive and persistent. */
#define LIST_CAPABILITIES 0x0fffffffU
#define LIST_PERSISTENT 0x10000000U
#define LIST_TRANSIENT 0x20000000U
#define LIST_INACTIVE 0x40000000U
#define LIST_ACTIVE 0x80000000U

/* What a call is about, and what is done with its answer. */
typedef enum {
    OF_DEVICE,    /* the device that it names first: ours are answered */
    OF_FUNCTION,  /* the same; for PCI functions the answer says more */
    SWITCHES_OFF, /* the same; PCI functions are put into standby */
    COUNTS,       /* those that have a capability */
    NAMES,        /* likewise */
    LISTS,        /* those that flags choose */
    REGISTERS,    /* for an event */
    DEREGISTERS,  /* likewise */
    IDENTIFIES,   /* on whose behalf the client calls */
} Concern;

static const struct {
    gint32 number;
    Concern concern;
} procedures[] = {
    { 111, COUNTS },    { 112, NAMES },       { 113, OF_DEVICE },    { 114, OF_FUNCTION },
    { 115, OF_DEVICE }, { 116, OF_FUNCTION }, { 117, OF_FUNCTION },  { 118, OF_DEVICE },
    { 119, OF_DEVICE }, { 120, OF_DEVICE },   { 124, SWITCHES_OFF }, { 285, LISTS },
    { 301, OF_DEVICE }, { 374, REGISTERS },   { 375, DEREGISTERS },  { 419, IDENTIFIES },
    { 429, OF_DEVICE }, { 430, OF_DEVICE },   { 433, OF_DEVICE },    { 434, OF_DEVICE },
    { 435, OF_DEVICE }, { 436, OF_DEVICE },   { 447, OF_DEVICE },
};

enum {
    GET_XML = 114,
    COUNT_CAPABILITIES = 116,
};

struct _DaemonFrontCall {
    RpcFrame frame;
    Concern concern;
    char *name;       /* of the device, or NULL */
    guint32 number;   /* of names that are taken, of an event, or of a registration */
    GByteArray *args; /* of a call whose arguments are read when it has its answer, or NULL */
};

static gint
find(gint32 number)
{
    for (guint i = 0; i < G_N_ELEMENTS(procedures); i++) {
        if (procedures[i].number == number)
            return (gint)i;
    }
    return -1;
}

gboolean
daemon_front_call_concerns(gint32 number)
{
    return find(number) >= 0;
}

gboolean
daemon_front_call_names_ours(const char *name)
{
    return g_str_has_prefix(name, OURS_PREFIX);
}

void
daemon_front_call_free(DaemonFrontCall *call)
{
    if (call == NULL)
        return;
    g_clear_pointer(&call->args, g_byte_array_unref);
    g_free(call->name);
    g_free(call);
}

gboolean
daemon_front_call_is_answered(const DaemonFrontCall *call, const RpcFrame *frame)
{
    return call->frame.serial == frame->serial && call->frame.procedure == frame->procedure;
}

gint32
daemon_front_call_get_procedure(const DaemonFrontCall *call)
{
    return call->frame.procedure;
}

/* What does not decode is passed on: libvirtd says what is wrong with it. */
static DaemonFrontVerdict
judge_device(DaemonFrontCall *call, RpcXdr *args, gboolean standby)
{
    if (!rpc_xdr_get_string(args, "name", &call->name, NULL))
        return DAEMON_FRONT_PASS;
    if (daemon_front_call_names_ours(call->name))
        return DAEMON_FRONT_ANSWER;
    if (!g_str_has_prefix(call->name, PCI_PREFIX) || call->concern == OF_DEVICE)
        return DAEMON_FRONT_PASS;
    if (call->concern == SWITCHES_OFF)
        return standby ? DAEMON_FRONT_ANSWER : DAEMON_FRONT_PASS;
    /* How many names the client takes; only a list of capabilities has that. */
    call->number = G_MAXUINT32;
    rpc_xdr_get_u32(args, "maxnames", &call->number, NULL);
    return DAEMON_FRONT_WATCH;
}

static DaemonFrontVerdict
judge_capability(DaemonFrontCall *call, RpcXdr *args, gboolean standby)
{
    g_autofree char *capability = NULL;

    if (!rpc_xdr_get_optional_string(args, "cap", &capability, NULL))
        return DAEMON_FRONT_PASS;
    if (capability != NULL)
        return strcmp(capability, OUR_CAPABILITY) == 0 ? DAEMON_FRONT_ANSWER : DAEMON_FRONT_PASS;
    call->number = G_MAXUINT32;
    if (call->concern == NAMES && !rpc_xdr_get_u32(args, "maxnames", &call->number, NULL))
        return DAEMON_FRONT_PASS;
    return standby ? DAEMON_FRONT_WATCH : DAEMON_FRONT_PASS;
}

static DaemonFrontVerdict
judge_list(DaemonFrontCall *call, RpcXdr *args, gboolean standby)
{
    guint32 need_results;
    guint32 flags;

    if (!standby || !rpc_xdr_get_u32(args, "need_results", &need_results, NULL) ||
        !rpc_xdr_get_u32(args, "flags", &flags, NULL) || (flags & LIST_CAPABILITIES) != 0 ||
        (flags & (LIST_ACTIVE | LIST_INACTIVE)) == LIST_ACTIVE ||
        (flags & (LIST_PERSISTENT | LIST_TRANSIENT)) == LIST_TRANSIENT)
        return DAEMON_FRONT_PASS;
    call->number = need_results != 0 ? G_MAXUINT32 : 0;
    return DAEMON_FRONT_WATCH;
}

static DaemonFrontVerdict
judge_registration(DaemonFrontCall *call, RpcXdr *args)
{
    if (!rpc_xdr_get_u32(args, "eventID", &call->number, NULL) ||
        !rpc_xdr_get_optional_string(args, "dev", &call->name, NULL) ||
        call->number > DAEMON_EVENT_UPDATE)
        return DAEMON_FRONT_PASS;
    return DAEMON_FRONT_WATCH;
}

static DaemonFrontVerdict
judge(DaemonFrontCall *call, RpcXdr *args, gboolean standby)
{
    switch (call->concern) {
    case OF_DEVICE:
    case OF_FUNCTION:
    case SWITCHES_OFF:
        return judge_device(call, args, standby);
    case COUNTS:
    case NAMES:
        return judge_capability(call, args, standby);
    case LISTS:
        return judge_list(call, args, standby);
    case REGISTERS:
        return judge_registration(call, args);
    case DEREGISTERS:
        return rpc_xdr_get_u32(args, "callbackID", &call->number, NULL) ? DAEMON_FRONT_WATCH
                                                                        : DAEMON_FRONT_PASS;
    case IDENTIFIES:
        call->args = g_byte_array_new();
        g_byte_array_append(call->args, args->reader.data + args->offset,
                            (guint)(args->reader.size - args->offset));
        return DAEMON_FRONT_WATCH;
    }
    return DAEMON_FRONT_PASS;
}

static void
begin_payload(RpcXdr *xdr, const GByteArray *packet)
{
    rpc_xdr_init(xdr, packet->data, packet->len);
    xdr->offset = RPC_FRAME_MIN_SIZE;
}

DaemonFrontVerdict
daemon_front_call_judge(const RpcFrame *frame, const GByteArray *packet, gboolean standby,
                        DaemonFrontCall **call)
{
    g_autoptr(DaemonFrontCall) made = NULL;
    gint index = find(frame->procedure);
    DaemonFrontVerdict verdict;
    RpcXdr args;

    if (index < 0)
        return DAEMON_FRONT_PASS;
    made = g_new0(DaemonFrontCall, 1);
    made->frame = *frame;
    made->concern = procedures[index].concern;
    begin_payload(&args, packet);
    verdict = judge(made, &args, standby);
    if (verdict == DAEMON_FRONT_WATCH)
        *call = g_steal_pointer(&made);
    return verdict;
}

static GByteArray *
begin_answer(const DaemonFrontCall *call)
{
    RpcFrame frame = call->frame;

    frame.type = RPC_FRAME_REPLY;
    return rpc_frame_begin(&frame);
}

static GByteArray *
end_answer(GByteArray *answer)
{
    if (rpc_frame_end(answer, NULL))
        return answer;
    g_byte_array_unref(answer);
    return NULL;
}

/* Returns (transfer full) (nullable): the answer with @more in the place of @xml. */
static GByteArray *
answer_xml(const DaemonFrontCall *call, const char *xml, const char *more)
{
    g_autoptr(GByteArray) answer = NULL;

    if (strcmp(more, xml) == 0)
        return NULL;
    answer = begin_answer(call);
    return rpc_xdr_put_string(answer, more, NULL) ? end_answer(g_steal_pointer(&answer)) : NULL;
}

static GByteArray *
add_to_xml(const DaemonFrontCall *call, const DaemonSession *session, RpcXdr *payload)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = NULL;
    g_autofree char *more = NULL;

    if (!rpc_xdr_get_string(payload, "xml", &xml, NULL))
        return NULL;
    more = zpci_inventory_add_to_xml(session->inventory, call->name, xml, &error);
    if (more == NULL) {
        g_warning("%s: %s", call->name, error->message);
        return NULL;
    }
    return answer_xml(call, xml, more);
}

/* An array of names, or devices, which are structures of a name only, and whatever follows it. */
static gboolean
get_names(RpcXdr *payload, GPtrArray *names)
{
    guint32 count;

    if (!rpc_xdr_get_count(payload, "names", ZPCI_INVENTORY_MAX_DEVICES, &count, NULL))
        return FALSE;
    for (guint32 i = 0; i < count; i++) {
        char *name = NULL;

        if (!rpc_xdr_get_string(payload, "name", &name, NULL))
            return FALSE;
        g_ptr_array_add(names, name);
    }
    return TRUE;
}

/* Appends names to those that libvirtd has, as many as the client takes. */
static GByteArray *
add_names(const DaemonFrontCall *call, RpcXdr *payload, const char *const *more, guint32 *total)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GByteArray *answer;

    if (!get_names(payload, names))
        return NULL;
    for (guint i = 0;
         more[i] != NULL && names->len < call->number && names->len < ZPCI_INVENTORY_MAX_DEVICES;
         i++)
        g_ptr_array_add(names, g_strdup(more[i]));
    answer = begin_answer(call);
    rpc_xdr_put_u32(answer, names->len);
    for (guint i = 0; i < names->len; i++)
        rpc_xdr_put_string(answer, g_ptr_array_index(names, i), NULL);
    *total = names->len;
    return answer;
}

static GByteArray *
add_to_count(const DaemonFrontCall *call, RpcXdr *payload, guint32 more)
{
    GByteArray *answer;
    guint32 count;

    if (!rpc_xdr_get_u32(payload, "num", &count, NULL))
        return NULL;
    answer = begin_answer(call);
    rpc_xdr_put_u32(answer, count + more);
    return end_answer(answer);
}

/* @more: (transfer full): the capabilities of the device that libvirtd does not know */
static GByteArray *
answer_capabilities(const DaemonFrontCall *call, RpcXdr *payload, char **more)
{
    g_auto(GStrv) ours = more;
    GByteArray *answer;
    guint32 total;

    if (ours[0] == NULL)
        return NULL;
    if (call->frame.procedure == COUNT_CAPABILITIES)
        return add_to_count(call, payload, g_strv_length(ours));
    answer = add_names(call, payload, (const char *const *)ours, &total);
    return answer != NULL ? end_answer(answer) : NULL;
}

static GByteArray *
add_to_function(const DaemonFrontCall *call, const DaemonSession *session, RpcXdr *payload)
{
    const char *const none[] = { NULL };

    if (call->frame.procedure == GET_XML)
        return add_to_xml(call, session, payload);
    return answer_capabilities(
        call, payload, zpci_inventory_add_to_capabilities(session->inventory, call->name, none));
}

static gboolean
try_xml(const DaemonFrontCall *call, const DaemonSession *session, RpcXdr *payload,
        GByteArray **answer)
{
    g_autofree char *xml = NULL;
    g_autofree char *more = NULL;

    if (!rpc_xdr_get_string(payload, "xml", &xml, NULL))
        return FALSE;
    more = zpci_inventory_add_ready_to_xml(session->inventory, call->name, xml);
    if (more == NULL)
        return FALSE;
    *answer = answer_xml(call, xml, more);
    return TRUE;
}

static gboolean
try_capabilities(const DaemonFrontCall *call, const DaemonSession *session, RpcXdr *payload,
                 GByteArray **answer)
{
    const char *const none[] = { NULL };
    char **more = zpci_inventory_add_ready_to_capabilities(session->inventory, call->name, none);

    if (more == NULL)
        return FALSE;
    *answer = answer_capabilities(call, payload, more);
    return TRUE;
}

gboolean
daemon_front_call_try(const DaemonFrontCall *call, const DaemonSession *session,
                      const GByteArray *reply, GByteArray **answer)
{
    RpcXdr payload;

    if (call->concern != OF_FUNCTION)
        return FALSE;
    begin_payload(&payload, reply);
    return call->frame.procedure == GET_XML ? try_xml(call, session, &payload, answer)
                                            : try_capabilities(call, session, &payload, answer);
}

/* Returns (nullable) (transfer full): the devices that libvirtd does not know, and the client may
 * know. */
static char **
list_ours(DaemonSession *session)
{
    const char *const ours[] = { OUR_CAPABILITY, NULL };
    g_autoptr(GError) error = NULL;
    char **names = zpci_inventory_list(session->inventory, ours, ZPCI_STATE_INACTIVE, &error);

    if (names == NULL)
        g_warning("%s", error->message);
    else
        daemon_access_filter(session, names);
    return names;
}

static GByteArray *
add_to_list(const DaemonFrontCall *call, RpcXdr *payload, char **ours)
{
    GByteArray *answer;
    guint32 total = 0;
    guint32 count = 0;

    answer = add_names(call, payload, (const char *const *)ours, &total);
    if (answer == NULL)
        return NULL;
    if (call->concern == LISTS && !rpc_xdr_get_u32(payload, "ret", &count, NULL)) {
        g_byte_array_unref(answer);
        return NULL;
    }
    /* Clients believe this number, so it is that of the names if there are any. */
    if (call->concern == LISTS)
        rpc_xdr_put_u32(answer, call->number == 0 ? count + g_strv_length(ours) : total);
    return end_answer(answer);
}

static GByteArray *
add_ours(const DaemonFrontCall *call, DaemonSession *session, RpcXdr *payload)
{
    g_auto(GStrv) ours = list_ours(session);

    if (ours == NULL || ours[0] == NULL)
        return NULL;
    return call->concern == COUNTS ? add_to_count(call, payload, g_strv_length(ours))
                                   : add_to_list(call, payload, ours);
}

GByteArray *
daemon_front_call_work(const DaemonFrontCall *call, DaemonSession *session, const GByteArray *reply)
{
    g_autoptr(GError) error = NULL;
    RpcXdr payload;

    begin_payload(&payload, reply);
    switch (call->concern) {
    case OF_FUNCTION:
        return add_to_function(call, session, &payload);
    case COUNTS:
    case NAMES:
    case LISTS:
        return add_ours(call, session, &payload);
    case REGISTERS:
        if (!daemon_session_expect(session, &error))
            g_warning("%s", error->message);
        break;
    case OF_DEVICE:
    case SWITCHES_OFF:
    case DEREGISTERS:
    case IDENTIFIES:
        break;
    }
    return NULL;
}

/* What libvirtd tells of devices has this number, so what we tell has it, too. */
static void
finish_registration(const DaemonFrontCall *call, DaemonSession *session, RpcXdr *payload)
{
    g_autoptr(GError) error = NULL;
    gint32 number;

    if (session->expects && rpc_xdr_get_i32(payload, "callbackID", &number, NULL) &&
        !daemon_notifier_register_as(session->notifier, session->host, (DaemonEventId)call->number,
                                     call->name, number, &error))
        g_warning("%s", error->message);
    daemon_session_expect_no_more(session);
}

/* libvirtd has taken it. */
static void
finish_identity(const DaemonFrontCall *call, DaemonSession *session)
{
    g_autoptr(GByteArray) nothing = g_byte_array_new();
    g_auto(RpcError) error = { .detail = NULL };
    RpcXdr args;
    DaemonCall again = {
        .session = session, .function = "", .args = &args, .reply = nothing, .error = &error
    };

    rpc_xdr_init(&args, call->args->data, call->args->len);
    daemon_connect_set_identity(&again);
}

void
daemon_front_call_finish(const DaemonFrontCall *call, DaemonSession *session,
                         const GByteArray *reply)
{
    RpcXdr payload;

    begin_payload(&payload, reply);
    if (call->concern == REGISTERS)
        finish_registration(call, session, &payload);
    else if (call->concern == DEREGISTERS)
        daemon_notifier_deregister(session->notifier, (gint32)call->number);
    else if (call->concern == IDENTIFIES)
        finish_identity(call, session);
}
