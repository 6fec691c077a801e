/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-front.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "rpc-frame.h"
#include "zpci-inventory-wire.h"
#include "zpci-monitor.h"

#define REMOTE 0x20008086
#define HOST "tests/data/hosts/qemu-s390x-states"
#define STANDBY "zpci_00000101"
#define FUNCTION "pci_0005_00_00_0"
#define NUMBER 77

/* A device that the captured host has not: only what is at hand can tell of it. */
#define READY "pci_ffff_00_00_0"

/* What a worker needs at most, in milliseconds, on a busy machine. */
#define PATIENCE_MS 600000

enum {
    OPEN = 1,
    AUTH_LIST = 66,
    GET_XML = 114,
    REGISTER = 374,
    DEREGISTER = 375,
    EVENT_LIFECYCLE = 376,
    SET_IDENTITY = 419,
};

/* The host's changes are ours to make: these stand in for the library's functions. */
struct _ZpciMonitor {
    ZpciMonitorHandler handler;
    gpointer user_data;
};

static ZpciMonitor *monitor;

ZpciMonitor *
zpci_monitor_new(G_GNUC_UNUSED ZpciInventory *inventory, ZpciMonitorHandler handler,
                 gpointer user_data, G_GNUC_UNUSED GDestroyNotify destroy,
                 G_GNUC_UNUSED GError **error)
{
    g_assert_null(monitor);
    monitor = g_new0(ZpciMonitor, 1);
    monitor->handler = handler;
    monitor->user_data = user_data;
    return monitor;
}

void
zpci_monitor_start(ZpciMonitor *started)
{
    g_assert_true(started == monitor);
}

void
zpci_monitor_free(ZpciMonitor *freed)
{
    g_assert_true(freed == monitor);
    g_clear_pointer(&monitor, g_free);
}

/* What is at hand; this stands in for the library's function. */
char *
zpci_inventory_add_ready_to_xml(G_GNUC_UNUSED ZpciInventory *inventory, const char *name,
                                const char *xml)
{
    return strcmp(name, READY) == 0 ? g_strdup_printf("%s, and more", xml) : NULL;
}

/* Whether somebody who looks for names has to wait, and finds none. */
static GMutex names_lock;
static GCond names_change;
static gboolean names_wait;
static gboolean names_lack;

static void
set_names(gboolean wait, gboolean lack)
{
    g_mutex_lock(&names_lock);
    names_wait = wait;
    names_lack = lack;
    g_cond_broadcast(&names_change);
    g_mutex_unlock(&names_lock);
}

/* This stands in for the C library's function. */
int
getpwuid_r(uid_t uid, struct passwd *entry, G_GNUC_UNUSED char *room, G_GNUC_UNUSED size_t size,
           struct passwd **found)
{
    static char name[] = "somebody";

    g_mutex_lock(&names_lock);
    while (names_wait)
        g_cond_wait(&names_change, &names_lock);
    *entry = (struct passwd){ .pw_name = name, .pw_uid = uid };
    *found = names_lack ? NULL : entry;
    g_mutex_unlock(&names_lock);
    return 0;
}

/* A front, its client, and libvirtd. */
typedef struct {
    DaemonConfig config;
    DaemonService *service;
    gpointer front;
    guint authenticated;
    guint closed;
    char *directory;
    char *path;
    int listener;
    int client;
    int libvirtd;
} Stage;

static void
on_authenticated(G_GNUC_UNUSED gpointer client, gpointer user_data)
{
    Stage *stage = user_data;

    stage->authenticated++;
}

static void
on_closed(gpointer client, gpointer user_data)
{
    Stage *stage = user_data;

    g_assert_true(client == stage->front);
    stage->closed++;
    daemon_front_kind.free(g_steal_pointer(&stage->front));
}

static const DaemonClientHandlers handlers = { .authenticated = on_authenticated,
                                               .closed = on_closed };

static void
listen_at(Stage *stage)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    stage->directory = g_dir_make_tmp("zpci-front-XXXXXX", NULL);
    stage->path = g_build_filename(stage->directory, "sock", NULL);
    g_strlcpy(address.sun_path, stage->path, sizeof(address.sun_path));
    stage->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    g_assert_no_errno(bind(stage->listener, (struct sockaddr *)&address, sizeof(address)));
    g_assert_no_errno(listen(stage->listener, 1));
}

static void
settle(Stage *stage)
{
    do {
        while (g_main_context_iteration(NULL, FALSE))
            continue;
        g_assert_true(daemon_service_wait(stage->service, PATIENCE_MS));
    } while (g_main_context_pending(NULL));
}

static Stage *
stage_new(void)
{
    Stage *stage = g_new0(Stage, 1);
    g_autofree char *root = g_build_filename(g_getenv("ZPCI_SOURCE_DIR"), HOST, NULL);
    g_autoptr(GSocket) socket = NULL;
    int ends[2];

    daemon_config_set_defaults(&stage->config);
    stage->config.auth_unix_rw = DAEMON_AUTH_NONE;
    stage->config.vfio_read = ZPCI_VFIO_READ_NEVER;
    stage->service = daemon_service_new(&stage->config, FALSE);
    daemon_service_set_root(stage->service, root);
    listen_at(stage);
    daemon_service_set_behind(stage->service, stage->path);
    g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends));
    socket = g_socket_new_from_fd(ends[1], NULL);
    stage->client = ends[0];
    stage->libvirtd = -1;
    stage->front =
        daemon_front_kind.make(socket, DAEMON_CHANNEL_READ_WRITE, stage->service, &handlers, stage);
    return stage;
}

static void
stage_free(Stage *stage)
{
    daemon_front_kind.free(stage->front);
    settle(stage);
    close(stage->client);
    if (stage->libvirtd >= 0)
        close(stage->libvirtd);
    close(stage->listener);
    unlink(stage->path);
    rmdir(stage->directory);
    daemon_service_free(stage->service);
    g_free(stage->directory);
    g_free(stage->path);
    daemon_config_clear(&stage->config);
    g_free(stage);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stage, stage_free)

static void
put(int fd, gint32 procedure, gint32 type, guint32 serial, GByteArray *payload)
{
    const RpcFrame frame = {
        .program = REMOTE, .version = 1, .procedure = procedure, .type = type, .serial = serial
    };
    g_autoptr(GByteArray) packet = rpc_frame_begin(&frame);

    if (payload != NULL)
        g_byte_array_append(packet, payload->data, payload->len);
    g_clear_pointer(&payload, g_byte_array_unref);
    g_assert_true(rpc_frame_end(packet, NULL));
    g_assert_cmpint(send(fd, packet->data, packet->len, MSG_NOSIGNAL), ==, (gssize)packet->len);
}

static void
say(Stage *stage, int fd, gint32 procedure, gint32 type, guint32 serial, GByteArray *payload)
{
    put(fd, procedure, type, serial, payload);
    settle(stage);
}

/* Takes one packet that has arrived; returns it without its header. */
static GByteArray *
hear(int fd, gint32 procedure)
{
    guint8 data[4096];
    guint8 head[RPC_FRAME_MIN_SIZE];
    RpcFrame frame;
    RpcXdr xdr;
    guint32 length;

    g_assert_cmpint(recv(fd, head, sizeof(head), 0), ==, sizeof(head));
    rpc_xdr_init(&xdr, head, sizeof(head));
    g_assert_true(rpc_xdr_get_u32(&xdr, "length", &length, NULL));
    g_assert_true(rpc_frame_decode(&xdr, &frame, NULL));
    g_assert_cmpint(frame.procedure, ==, procedure);
    g_assert_cmpuint(length - sizeof(head), <=, sizeof(data));
    if (length > sizeof(head))
        g_assert_cmpint(recv(fd, data, length - sizeof(head), 0), ==, length - sizeof(head));
    return g_byte_array_append(g_byte_array_new(), data, (guint)(length - sizeof(head)));
}

static void
take(int fd, gint32 procedure)
{
    g_byte_array_unref(hear(fd, procedure));
}

static void
expect_silence(int fd)
{
    guint8 byte;

    g_assert_cmpint(recv(fd, &byte, 1, 0), ==, -1);
    g_assert_cmpint(errno, ==, EAGAIN);
}

static GByteArray *
words(guint32 first, guint32 second)
{
    GByteArray *payload = g_byte_array_new();

    rpc_xdr_put_u32(payload, first);
    rpc_xdr_put_u32(payload, second);
    return payload;
}

/* libvirtd is asked whether it lets us in. */
static void
accept_front(Stage *stage)
{
    stage->libvirtd = accept4(stage->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    g_assert_cmpint(stage->libvirtd, >=, 0);
    take(stage->libvirtd, AUTH_LIST);
    g_assert_cmpuint(stage->authenticated, ==, 0);
}

static void
open_machine(Stage *stage)
{
    GByteArray *arguments = g_byte_array_new();

    rpc_xdr_put_optional_string(arguments, "qemu:///system", NULL);
    rpc_xdr_put_u32(arguments, 0);
    say(stage, stage->client, AUTH_LIST, RPC_FRAME_CALL, 0, NULL);
    accept_front(stage);
    say(stage, stage->libvirtd, AUTH_LIST, RPC_FRAME_REPLY, 0, words(1, 0));
    g_assert_cmpuint(stage->authenticated, ==, 1);
    take(stage->client, AUTH_LIST);
    say(stage, stage->client, OPEN, RPC_FRAME_CALL, 1, arguments);
    take(stage->libvirtd, OPEN);
    say(stage, stage->libvirtd, OPEN, RPC_FRAME_REPLY, 1, NULL);
    expect_silence(stage->client);
    take(stage->libvirtd, SET_IDENTITY);
    say(stage, stage->libvirtd, SET_IDENTITY, RPC_FRAME_REPLY, 0, NULL);
    take(stage->client, OPEN);
}

static void
happen(Stage *stage, const char *name)
{
    g_assert_nonnull(monitor);
    monitor->handler(ZPCI_EVENT_CREATED, name, monitor->user_data);
    settle(stage);
}

/* Of what libvirtd does not know, the client is told by us, under libvirtd's number. */
static void
test_events(void)
{
    g_autoptr(Stage) stage = stage_new();
    g_autoptr(GByteArray) told = NULL;
    g_autoptr(GByteArray) expected = NULL;

    open_machine(stage);
    g_assert_null(monitor);
    say(stage, stage->client, REGISTER, RPC_FRAME_CALL, 2, words(0, 0));
    take(stage->libvirtd, REGISTER);
    expected = words(NUMBER, 0);
    g_byte_array_set_size(expected, 4);
    say(stage, stage->libvirtd, REGISTER, RPC_FRAME_REPLY, 2,
        g_byte_array_append(g_byte_array_new(), expected->data, expected->len));
    take(stage->client, REGISTER);

    happen(stage, FUNCTION);
    expect_silence(stage->client);
    happen(stage, STANDBY);
    told = hear(stage->client, EVENT_LIFECYCLE);
    rpc_xdr_put_string(expected, STANDBY, NULL);
    rpc_xdr_put_u32(expected, 0);
    rpc_xdr_put_u32(expected, 0);
    g_assert_cmpmem(told->data, told->len, expected->data, expected->len);
    expect_silence(stage->libvirtd);

    say(stage, stage->client, DEREGISTER, RPC_FRAME_CALL, 3, words(NUMBER, 0));
    take(stage->libvirtd, DEREGISTER);
    say(stage, stage->libvirtd, DEREGISTER, RPC_FRAME_REPLY, 3, NULL);
    take(stage->client, DEREGISTER);
    g_assert_null(monitor);
}

/* Asks for the document of a device that libvirtd knows. Returns what the client gets. */
static char *
ask_xml(Stage *stage, const char *name, const char *xml)
{
    g_autoptr(GByteArray) heard = NULL;
    GByteArray *arguments = g_byte_array_new();
    GByteArray *reply = g_byte_array_new();
    char *answer = NULL;
    RpcXdr xdr;

    rpc_xdr_put_string(arguments, name, NULL);
    rpc_xdr_put_u32(arguments, 0);
    rpc_xdr_put_string(reply, xml, NULL);
    say(stage, stage->client, GET_XML, RPC_FRAME_CALL, 2, arguments);
    take(stage->libvirtd, GET_XML);
    say(stage, stage->libvirtd, GET_XML, RPC_FRAME_REPLY, 2, reply);
    heard = hear(stage->client, GET_XML);
    rpc_xdr_init(&xdr, heard->data, heard->len);
    g_assert_true(rpc_xdr_get_string(&xdr, "xml", &answer, NULL));
    return answer;
}

static void
test_what_is_at_hand_is_added(void)
{
    g_autoptr(Stage) stage = stage_new();
    g_autofree char *ready = NULL;
    g_autofree char *other = NULL;

    open_machine(stage);
    ready = ask_xml(stage, READY, "<stock/>");
    g_assert_cmpstr(ready, ==, "<stock/>, and more");
    other = ask_xml(stage, FUNCTION, "<device><capability type='pci'/></device>");
    g_assert_nonnull(strstr(other, "<zpci "));
}

/* Each end of a connection takes the other with it, once. */
static void
check_end(gboolean by_client)
{
    g_autoptr(Stage) stage = stage_new();

    open_machine(stage);
    g_assert_no_errno(shutdown(by_client ? stage->client : stage->libvirtd, SHUT_RDWR));
    settle(stage);
    g_assert_cmpuint(stage->closed, ==, 1);
    g_assert_null(stage->front);
}

static void
test_ends(void)
{
    check_end(TRUE);
    check_end(FALSE);
}

/* One who goes while it is looked how he is called. */
static void
test_gone_meanwhile(void)
{
    g_autoptr(Stage) stage = stage_new();
    static const guint8 call[] = "\0\0\0\x1c\x20\0\x80\x86\0\0\0\1\0\0\0\x42\0\0\0\0\0\0\0\0\0\0\0";

    g_assert_cmpint(send(stage->client, call, sizeof(call), MSG_NOSIGNAL), ==, sizeof(call));
    g_assert_no_errno(shutdown(stage->client, SHUT_RDWR));
    settle(stage);
    g_assert_cmpuint(stage->closed, ==, 1);
    g_assert_cmpuint(stage->authenticated, ==, 0);
}

/* As far as it goes without the names. */
static void
settle_unnamed(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

/* The client has authenticated, but nobody knows yet how it is called. */
static Stage *
come_unnamed(void)
{
    Stage *stage = stage_new();

    set_names(TRUE, FALSE);
    put(stage->client, AUTH_LIST, RPC_FRAME_CALL, 0, NULL);
    settle_unnamed();
    accept_front(stage);
    return stage;
}

static void
test_names_and_libvirtd_do_not_wait_for_each_other(void)
{
    g_autoptr(Stage) stage = come_unnamed();

    put(stage->libvirtd, AUTH_LIST, RPC_FRAME_REPLY, 0, words(1, 0));
    /* It says more than it was asked for. */
    put(stage->libvirtd, SET_IDENTITY, RPC_FRAME_REPLY, 0, NULL);
    settle_unnamed();
    g_assert_cmpuint(stage->authenticated, ==, 0);
    expect_silence(stage->client);
    set_names(FALSE, FALSE);
    settle(stage);
    g_assert_cmpuint(stage->authenticated, ==, 1);
    take(stage->client, AUTH_LIST);
    take(stage->client, SET_IDENTITY);
}

/* Whether libvirtd has answered already or not, it has nobody to wait for, and the client may try
 * again. */
static void
check_nameless(gboolean is_greeted)
{
    g_autoptr(Stage) stage = come_unnamed();
    guint8 byte;

    if (is_greeted)
        put(stage->libvirtd, AUTH_LIST, RPC_FRAME_REPLY, 0, words(1, 0));
    settle_unnamed();
    set_names(FALSE, TRUE);
    settle(stage);
    take(stage->client, AUTH_LIST);
    g_assert_cmpuint(stage->authenticated, ==, 0);
    g_assert_cmpint(recv(stage->libvirtd, &byte, 1, 0), <=, 0);
    g_assert_cmpint(errno, !=, EAGAIN);
    close(stage->libvirtd);
    set_names(FALSE, FALSE);
    open_machine(stage);
}

static void
test_nameless(void)
{
    check_nameless(FALSE);
    check_nameless(TRUE);
}

static void
test_libvirtd_is_gone_before_the_names_are_found(void)
{
    g_autoptr(Stage) stage = come_unnamed();

    put(stage->libvirtd, AUTH_LIST, RPC_FRAME_REPLY, 0, words(1, 0));
    settle_unnamed();
    g_assert_no_errno(shutdown(stage->libvirtd, SHUT_RDWR));
    set_names(FALSE, FALSE);
    settle(stage);
    g_assert_cmpuint(stage->closed, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-front/names-and-libvirtd-do-not-wait-for-each-other",
                    test_names_and_libvirtd_do_not_wait_for_each_other);
    g_test_add_func("/daemon-front/nameless", test_nameless);
    g_test_add_func("/daemon-front/libvirtd-is-gone-before-the-names-are-found",
                    test_libvirtd_is_gone_before_the_names_are_found);
    g_test_add_func("/daemon-front/events", test_events);
    g_test_add_func("/daemon-front/what-is-at-hand-is-added", test_what_is_at_hand_is_added);
    g_test_add_func("/daemon-front/ends", test_ends);
    g_test_add_func("/daemon-front/gone-meanwhile", test_gone_meanwhile);
    return g_test_run();
}
