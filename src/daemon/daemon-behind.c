/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-behind.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon-procedure.h"
#include "names.h"
#include "rpc-error.h"
#include "rpc-typed-param.h"
#include "zpci-error.h"

enum {
    GET_HOSTNAME = 59,
    AUTH_LIST = 66,
    GET_URI = 110,
    SET_IDENTITY = 419,
};

/* The protocol's word for that nobody has to authenticate. */
#define AUTH_NONE 0

/* Room for one entry of passwd(5) or group(5). */
#define ENTRY_BYTES (1 << 20)

/* Nothing else of the client is under way when ours are, so that any number would do. */
#define SERIAL 0

/* Of libvirt's drivers those that serve node devices of the machine they run on. Rules of polkit
 * have their names, not the schemes. */
static const struct {
    const char *scheme;
    const char *name;
} machine_drivers[] = {
    { "qemu", "QEMU" },   { "lxc", "LXC" }, { "xen", "Xen" },         { "ch", "CH" },
    { "bhyve", "bhyve" }, { "vz", "vz" },   { "nodedev", "nodedev" },
};

static int
open_socket(const char *path, gboolean read_only)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int number;

    if (fd < 0)
        return -1;
    if (g_snprintf(address.sun_path, sizeof(address.sun_path), "%s%s", path,
                   read_only ? NAME_SOCKET_RO_SUFFIX : "") >= (int)sizeof(address.sun_path))
        errno = ENAMETOOLONG;
    else if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    number = errno;
    close(fd);
    errno = number;
    return -1;
}

gboolean
daemon_behind_connect(const char *path, gboolean read_only, GSocket **socket, GError **error)
{
    int fd = open_socket(path, read_only);
    GSocket *made;

    /* Its queue is full. */
    if (fd < 0 && errno == EAGAIN) {
        *socket = NULL;
        return TRUE;
    }
    if (fd < 0) {
        /* libvirt's clients say this in the same words. */
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                    _("Failed to connect socket to '%s%s': %s"), path,
                    read_only ? NAME_SOCKET_RO_SUFFIX : "", g_strerror(errno));
        return FALSE;
    }
    made = g_socket_new_from_fd(fd, error);
    if (made == NULL) {
        close(fd);
        return FALSE;
    }
    *socket = made;
    return TRUE;
}

static GByteArray *
begin_call(gint32 procedure)
{
    const RpcFrame frame = { .program = DAEMON_PROCEDURE_PROGRAM,
                             .version = DAEMON_PROCEDURE_VERSION,
                             .procedure = procedure,
                             .type = RPC_FRAME_CALL,
                             .serial = SERIAL };

    return rpc_frame_begin(&frame);
}

/* A call of ours is far shorter than a packet may be. */
static GByteArray *
make_call(gint32 procedure)
{
    GByteArray *packet = begin_call(procedure);

    rpc_frame_end(packet, NULL);
    return packet;
}

GByteArray *
daemon_behind_make_auth_list(void)
{
    return make_call(AUTH_LIST);
}

GByteArray *
daemon_behind_make_get_hostname(void)
{
    return make_call(GET_HOSTNAME);
}

GByteArray *
daemon_behind_make_get_uri(void)
{
    return make_call(GET_URI);
}

static gboolean
is_answer(const RpcFrame *frame, gint32 procedure)
{
    return frame->program == DAEMON_PROCEDURE_PROGRAM && frame->type == RPC_FRAME_REPLY &&
           frame->procedure == procedure && frame->serial == SERIAL;
}

static gboolean
is_good(const RpcFrame *frame, gint32 procedure)
{
    return is_answer(frame, procedure) && frame->status == RPC_FRAME_OK;
}

gboolean
daemon_behind_lets_in(const RpcFrame *frame, const GByteArray *packet)
{
    RpcXdr xdr;
    guint32 count;
    gint32 method = AUTH_NONE;

    rpc_xdr_init(&xdr, packet->data, packet->len);
    xdr.offset = RPC_FRAME_MIN_SIZE;
    return is_good(frame, AUTH_LIST) && rpc_xdr_get_u32(&xdr, "types", &count, NULL) &&
           (count == 0 || rpc_xdr_get_i32(&xdr, "types", &method, NULL)) && method == AUTH_NONE;
}

gboolean
daemon_behind_is_identified(const RpcFrame *frame)
{
    return is_good(frame, SET_IDENTITY);
}

gboolean
daemon_behind_is_denied(const RpcFrame *frame, const GByteArray *packet)
{
    RpcXdr xdr;
    gint32 code;

    rpc_xdr_init(&xdr, packet->data, packet->len);
    xdr.offset = RPC_FRAME_MIN_SIZE;
    return !is_answer(frame, GET_HOSTNAME) ||
           (frame->status != RPC_FRAME_OK &&
            (!rpc_xdr_get_i32(&xdr, "code", &code, NULL) || code == RPC_ERROR_ACCESS_DENIED));
}

char *
daemon_behind_get_uri(const RpcFrame *frame, const GByteArray *packet)
{
    RpcXdr xdr;
    char *uri = NULL;

    rpc_xdr_init(&xdr, packet->data, packet->len);
    xdr.offset = RPC_FRAME_MIN_SIZE;
    if (is_good(frame, GET_URI))
        rpc_xdr_get_string(&xdr, "uri", &uri, NULL);
    return uri;
}

static void
put_param(GByteArray *packet, const char *name, RpcTypedParamType type)
{
    rpc_xdr_put_string(packet, name, NULL);
    rpc_xdr_put_i32(packet, (gint32)type);
}

static void
put_number(GByteArray *packet, const char *name, RpcTypedParamType type, guint64 value)
{
    put_param(packet, name, type);
    rpc_xdr_put_u64(packet, value);
}

static void
put_text(GByteArray *packet, const char *name, const char *text)
{
    put_param(packet, name, RPC_TYPED_PARAM_STRING);
    rpc_xdr_put_string(packet, text, NULL);
}

/* Returns (nullable) (transfer full): what the machine calls this user. */
static char *
find_user(uid_t uid, GError **error)
{
    g_autofree char *room = g_malloc(ENTRY_BYTES);
    struct passwd entry, *found = NULL;

    getpwuid_r(uid, &entry, room, ENTRY_BYTES, &found);
    if (found != NULL)
        return g_strdup(found->pw_name);
    /* libvirtd says this in the same words. */
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                _("Failed to find user record for uid '%u'"), (guint)uid);
    return NULL;
}

static char *
find_group(gid_t gid, GError **error)
{
    g_autofree char *room = g_malloc(ENTRY_BYTES);
    struct group entry, *found = NULL;

    getgrgid_r(gid, &entry, room, ENTRY_BYTES, &found);
    if (found != NULL)
        return g_strdup(found->gr_name);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                _("Failed to find group record for gid '%u'"), (guint)gid);
    return NULL;
}

GByteArray *
daemon_behind_make_identity(const DaemonCredentials *credentials, const char *label, GError **error)
{
    g_autofree char *user = find_user(credentials->uid, error);
    g_autofree char *group = user != NULL ? find_group(credentials->gid, error) : NULL;
    GByteArray *packet;

    if (group == NULL)
        return NULL;
    packet = begin_call(SET_IDENTITY);
    rpc_xdr_put_u32(packet, label != NULL ? 7 : 6);
    put_text(packet, "user-name", user);
    put_number(packet, "unix-user-id", RPC_TYPED_PARAM_ULLONG, credentials->uid);
    put_text(packet, "group-name", group);
    put_number(packet, "unix-group-id", RPC_TYPED_PARAM_ULLONG, credentials->gid);
    put_number(packet, "process-id", RPC_TYPED_PARAM_LLONG, (guint64)credentials->pid);
    put_number(packet, "process-time", RPC_TYPED_PARAM_ULLONG, credentials->start_time);
    if (label != NULL)
        put_text(packet, "selinux-context", label);
    rpc_xdr_put_u32(packet, 0); /* flags */
    rpc_frame_end(packet, NULL);
    return packet;
}

const char *
daemon_behind_find_driver(const char *uri)
{
    g_autofree char *scheme = NULL;
    g_autofree char *host = NULL;

    if (!g_uri_split(uri, G_URI_FLAGS_NONE, &scheme, NULL, &host, NULL, NULL, NULL, NULL, NULL) ||
        (host != NULL && *host != '\0'))
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(machine_drivers); i++) {
        if (g_strcmp0(scheme, machine_drivers[i].scheme) == 0)
            return machine_drivers[i].name;
    }
    return NULL;
}
