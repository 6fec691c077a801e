/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-procedure.h"

#include <glib/gi18n.h>

#include "daemon-access.h"
#include "daemon-foreign.h"
#include "daemon-handler.h"
#include "daemon-log.h"

/* libvirt's clients look for these English words, to take the error as "not supported". */
#define UNKNOWN_PROCEDURE "unknown procedure: %d"

/* When a client may call a procedure, and who does it. */
typedef enum {
    PLAIN = 0,
    FOR_ALL = 1 << 0,  /* also one that has not authenticated */
    UNOPENED = 1 << 1, /* also before the connection is open */
    WRITES = 1 << 2,   /* not on a read-only connection */
    BLOCKS = 1 << 3,   /* a worker does it; one that asks for one device in sysfs, unless: */
    ALL = 1 << 4,      /* it asks for all devices */
    LONG = 1 << 5,     /* it asks the device itself */
    MAKES = 1 << 6,    /* its first argument is the document of a device, not the name of one */
    LISTS = BLOCKS | ALL,
    ANYONE = FOR_ALL | UNOPENED,
    CHANGES = WRITES | BLOCKS | LONG,
} DaemonProcedureFlags;

/* What a client has to be allowed, if access is controlled; libvirt's documentation of its remote
 * protocol says which call needs what. FOUND: the call asks by itself, about the device that it has
 * found. */
enum {
    NOTHING = DAEMON_PERMISSION_NONE,
    FOUND = DAEMON_PERMISSION_NONE,
    GETATTR = DAEMON_PERMISSION_GETATTR,
    READ = DAEMON_PERMISSION_READ,
    WRITE = DAEMON_PERMISSION_WRITE,
    SEARCH = DAEMON_PERMISSION_SEARCH,
    DEVICE_GETATTR = DAEMON_PERMISSION_DEVICE_GETATTR,
    DEVICE_READ = DAEMON_PERMISSION_DEVICE_READ,
    DEVICE_WRITE = DAEMON_PERMISSION_DEVICE_WRITE,
    DEVICE_START = DAEMON_PERMISSION_DEVICE_START,
    DEVICE_STOP = DAEMON_PERMISSION_DEVICE_STOP,
    DEVICE_DETACH = DAEMON_PERMISSION_DEVICE_DETACH,
    DEVICE_DELETE = DAEMON_PERMISSION_DEVICE_DELETE,
};

typedef struct {
    gint32 number;
    const char *name; /* libvirt's function of the call, for messages */
    DaemonProcedureFlags flags;
    guint permissions;
    DaemonCallHandler handler;
    DaemonCallHandler
        prepare;             /* what a worker does before @handler, which is quick; usually NULL */
    DaemonCallHandler ready; /* what the main thread tries before a worker does it; usually NULL */
} DaemonProcedure;

/* Every call of libvirt's remote program that has to do with node devices or the connection. */
static const DaemonProcedure procedures[] = {
    { 1, "virConnectOpen", UNOPENED, GETATTR, daemon_connect_open },
    { 2, "virConnectClose", UNOPENED, NOTHING, daemon_connect_close },
    { 3, "virConnectGetType", PLAIN, GETATTR, daemon_connect_get_type },
    { 60, "virConnectSupportsFeature", UNOPENED, GETATTR, daemon_connect_supports_feature },
    { 66, "remoteAuthList", ANYONE, NOTHING, daemon_auth_list },
    { 67, "remoteAuthSaslInit", ANYONE, NOTHING, daemon_auth_refuse },
    { 68, "remoteAuthSaslStart", ANYONE, NOTHING, daemon_auth_refuse },
    { 69, "remoteAuthSaslStep", ANYONE, NOTHING, daemon_auth_refuse },
    { 70, "remoteAuthPolkit", ANYONE | BLOCKS, NOTHING, daemon_auth_polkit },
    { 110, "virConnectGetURI", PLAIN, GETATTR, daemon_connect_get_uri },
    { 111, "virNodeNumOfDevices", LISTS, SEARCH, daemon_node_device_count },
    { 112, "virNodeListDevices", LISTS, SEARCH, daemon_node_device_list_names },
    { 113, "virNodeDeviceLookupByName", BLOCKS, DEVICE_GETATTR, daemon_node_device_lookup, NULL,
      daemon_node_ready_lookup },
    { 114, "virNodeDeviceGetXMLDesc", BLOCKS | LONG, DEVICE_READ, daemon_node_device_get_xml, NULL,
      daemon_node_ready_get_xml },
    { 115, "virNodeDeviceGetParent", BLOCKS, DEVICE_GETATTR, daemon_node_device_get_parent },
    { 116, "virNodeDeviceNumOfCaps", BLOCKS, DEVICE_READ, daemon_node_device_count_capabilities,
      NULL, daemon_node_ready_count_capabilities },
    { 117, "virNodeDeviceListCaps", BLOCKS, DEVICE_READ, daemon_node_device_list_capabilities, NULL,
      daemon_node_ready_list_capabilities },
    { 118, "virNodeDeviceDettach", CHANGES, DEVICE_DETACH, daemon_node_operation_detach },
    { 119, "virNodeDeviceReAttach", CHANGES, DEVICE_DETACH, daemon_node_operation_reattach },
    { 120, "virNodeDeviceReset", CHANGES, DEVICE_DETACH, daemon_node_operation_reset },
    { 123, "virNodeDeviceCreateXML", CHANGES | MAKES, DEVICE_WRITE | DEVICE_START,
      daemon_node_operation_create },
    { 124, "virNodeDeviceDestroy", CHANGES, DEVICE_STOP, daemon_node_operation_destroy },
    { 149, "virConnectIsSecure", PLAIN, GETATTR, daemon_connect_is_secure },
    { 157, "virConnectGetLibVersion", PLAIN, GETATTR, daemon_connect_get_lib_version },
    { 285, "virConnectListAllNodeDevices", LISTS, SEARCH, daemon_node_device_list },
    { 297, "virNodeDeviceLookupSCSIHostByWWN", BLOCKS, FOUND, daemon_node_device_lookup_scsi },
    { 301, "virNodeDeviceDetachFlags", CHANGES, DEVICE_DETACH, daemon_node_operation_detach_flags },
    { 360, "virConnectRegisterCloseCallback", PLAIN, GETATTR,
      daemon_connect_accept_close_callback },
    { 361, "virConnectUnregisterCloseCallback", PLAIN, GETATTR,
      daemon_connect_accept_close_callback },
    { 374, "virConnectNodeDeviceEventRegisterAny", ALL, SEARCH, daemon_node_device_register_event,
      daemon_node_device_expect_events },
    { 375, "virConnectNodeDeviceEventDeregisterAny", PLAIN, READ,
      daemon_node_device_deregister_event },
    { 419, "virConnectSetIdentity", PLAIN, WRITE, daemon_connect_set_identity },
    { 428, "virNodeDeviceDefineXML", CHANGES | MAKES, DEVICE_WRITE, daemon_node_operation_define },
    { 429, "virNodeDeviceUndefine", CHANGES, DEVICE_DELETE, daemon_node_operation_undefine },
    { 430, "virNodeDeviceCreate", CHANGES, DEVICE_START, daemon_node_operation_start },
    { 433, "virNodeDeviceGetAutostart", CHANGES, DEVICE_READ, daemon_node_device_get_autostart },
    { 434, "virNodeDeviceSetAutostart", CHANGES, DEVICE_WRITE,
      daemon_node_operation_set_autostart },
    { 435, "virNodeDeviceIsPersistent", BLOCKS, DEVICE_READ, daemon_node_device_is_persistent },
    { 436, "virNodeDeviceIsActive", BLOCKS, DEVICE_READ, daemon_node_device_is_active },
    { 447, "virNodeDeviceUpdate", CHANGES, DEVICE_WRITE, daemon_node_operation_update },
};

static const DaemonProcedure *
daemon_procedure_find(gint32 number)
{
    for (guint i = 0; i < G_N_ELEMENTS(procedures); i++) {
        if (procedures[i].number == number)
            return &procedures[i];
    }
    return NULL;
}

static gboolean
daemon_procedure_check(DaemonProcedureFlags flags, DaemonCall *call)
{
    const DaemonSession *session = call->session;

    if (!session->authenticated && (flags & FOR_ALL) == 0)
        return daemon_call_fail(call, RPC_ERROR_RPC, RPC_DOMAIN_RPC, _("authentication required"));
    if (!daemon_session_is_open(session) && (flags & UNOPENED) == 0)
        return daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_RPC, _("connection not open"));
    if (session->read_only && (flags & WRITES) != 0)
        return daemon_call_fail(call, RPC_ERROR_OPERATION_DENIED, DAEMON_CALL_DOMAIN_NODE_DEVICE,
                                _("read only access prevents %s"), call->function);
    return TRUE;
}

gboolean
daemon_procedure_may_block(gint32 number)
{
    const DaemonProcedure *procedure = daemon_procedure_find(number);

    return procedure != NULL && (procedure->flags & BLOCKS) != 0;
}

gboolean
daemon_procedure_is_quick(gint32 number)
{
    const DaemonProcedure *procedure = daemon_procedure_find(number);

    return procedure == NULL || ((procedure->flags & BLOCKS) == 0 && procedure->prepare == NULL);
}

gboolean
daemon_procedure_is_for_all(gint32 number)
{
    const DaemonProcedure *procedure = daemon_procedure_find(number);

    return procedure != NULL && (procedure->flags & FOR_ALL) != 0;
}

DaemonServiceWork
daemon_procedure_get_work(gint32 number)
{
    const DaemonProcedure *procedure = daemon_procedure_find(number);

    if (procedure != NULL && (procedure->flags & LONG) != 0)
        return DAEMON_SERVICE_LONG;
    return procedure != NULL && (procedure->flags & ALL) != 0 ? DAEMON_SERVICE_LIST
                                                              : DAEMON_SERVICE_SHORT;
}

/* Returns (nullable) (transfer full): the device that a call names first, whether it is there or
 * not; %NULL if it names none. */
static char *
daemon_procedure_get_device(const DaemonProcedure *procedure, const DaemonCall *call)
{
    RpcXdr args = *call->args;
    char *name = NULL;

    if ((procedure->permissions & DAEMON_PERMISSION_OF_DEVICE) == 0 ||
        (procedure->flags & MAKES) != 0 || !rpc_xdr_get_string(&args, "name", &name, NULL))
        return NULL;
    return name;
}

/* The same if it is there: what else a client says is nothing for the log. */
static char *
daemon_procedure_find_device(const DaemonProcedure *procedure, const DaemonCall *call)
{
    g_autofree char *name =
        daemon_session_is_open(call->session) ? daemon_procedure_get_device(procedure, call) : NULL;

    if (name == NULL || !zpci_inventory_has(call->session->inventory, name, NULL))
        return NULL;
    return g_steal_pointer(&name);
}

gboolean
daemon_procedure_authorize(gint32 number, DaemonCall *call)
{
    const DaemonProcedure *procedure = daemon_procedure_find(number);
    g_autofree char *device = NULL;

    if (procedure == NULL || !daemon_access_is_controlled(call->session))
        return TRUE;
    call->function = procedure->name;
    if (!daemon_procedure_check(procedure->flags, call))
        return FALSE;
    /* Whether it is there is not looked at: it may come before the call is answered. */
    device = daemon_procedure_get_device(procedure, call);
    return daemon_access_allows(call->session, procedure->permissions, device) ||
           daemon_call_fail_denied(call);
}

/* What the main thread does must be quick, so there must not be much to read. */
static gboolean
daemon_procedure_check_size(DaemonProcedureFlags flags, DaemonCall *call)
{
    gsize size = call->args->reader.size - call->args->offset;

    return (flags & BLOCKS) != 0 || size <= DAEMON_PROCEDURE_MAX_QUICK ||
           daemon_call_fail(call, RPC_ERROR_RPC, RPC_DOMAIN_RPC,
                            _("The message of %s has %zu bytes; it may have %d."), call->function,
                            size, DAEMON_PROCEDURE_MAX_QUICK);
}

gboolean
daemon_procedure_prepare(gint32 number, DaemonCall *call)
{
    const DaemonProcedure *procedure = daemon_procedure_find(number);

    if (procedure == NULL || procedure->prepare == NULL)
        return TRUE;
    call->function = procedure->name;
    return daemon_procedure_check(procedure->flags, call) &&
           daemon_procedure_check_size(procedure->flags, call) && procedure->prepare(call);
}

/* Tells who changed what, and how it went. */
static gboolean
daemon_procedure_do(const DaemonProcedure *procedure, DaemonCall *call)
{
    gboolean is_change = (procedure->flags & WRITES) != 0;
    g_autofree char *device = is_change ? daemon_procedure_find_device(procedure, call) : NULL;
    gboolean good = daemon_procedure_check(procedure->flags, call) &&
                    daemon_procedure_check_size(procedure->flags, call) && procedure->handler(call);

    daemon_log_write(is_change ? G_LOG_LEVEL_INFO : G_LOG_LEVEL_DEBUG, call->session, device,
                     "%s%s%s: %s", procedure->name, device != NULL ? " of " : "",
                     device != NULL ? device : "", good ? "done" : call->error->detail);
    return good;
}

gboolean
daemon_procedure_try(gint32 number, DaemonCall *call)
{
    const DaemonProcedure *procedure = daemon_procedure_find(number);
    const DaemonSession *session = call->session;

    if (procedure == NULL || procedure->ready == NULL || !session->authenticated ||
        !daemon_session_is_open(session) || daemon_access_is_controlled(session))
        return FALSE;
    call->function = procedure->name;
    if (!daemon_procedure_check_size(PLAIN, call) || !procedure->ready(call))
        return FALSE;
    daemon_log_write(G_LOG_LEVEL_DEBUG, session, NULL, "%s: done", procedure->name);
    return TRUE;
}

gboolean
daemon_procedure_run(gint32 number, DaemonCall *call)
{
    const DaemonProcedure *procedure = daemon_procedure_find(number);
    const DaemonForeign *foreign = daemon_foreign_find(number);

    if (procedure != NULL) {
        call->function = procedure->name;
        return daemon_procedure_do(procedure, call);
    }
    if (foreign != NULL) {
        call->function = foreign->name;
        return daemon_procedure_check(PLAIN, call) &&
               daemon_call_fail(call, RPC_ERROR_NO_SUPPORT, foreign->domain, "%s", foreign->name);
    }
    return daemon_call_fail(call, RPC_ERROR_RPC, RPC_DOMAIN_RPC, UNKNOWN_PROCEDURE, number);
}
