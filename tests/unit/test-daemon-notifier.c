/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-notifier.h"

#include <malloc.h>
#include <unistd.h>

#include "daemon-peer.h"
#include "rpc-connection.h"
#include "zpci-error.h"
#include "zpci-monitor.h"

enum {
    CALL_REGISTER = 374,
    CALL_DEREGISTER = 375,
    EVENT_LIFECYCLE = 376,
    EVENT_UPDATE = 377,
};

#define FIRST "pci_0005_00_00_0"
#define SECOND "pci_007a_00_00_0"

/* A name that fills queues fast, and the size of a lifecycle event with it. */
#define LONG_NAME_SIZE 4000
#define LONG_PACKET_SIZE (RPC_FRAME_MIN_SIZE + 4 + 4 + LONG_NAME_SIZE + 4 + 4)

/* Large enough to find the queue of a client that does not read, and nothing else. */
#define MUCH_MEMORY (4 * 1024 * 1024)

/* The host's changes are ours to make: these two stand in for the library's functions. */
struct _ZpciMonitor {
    ZpciMonitorHandler handler;
    gpointer user_data;
    gboolean is_started;
};

static ZpciMonitor *monitor;
static GThread *main_thread;

/* What takes long of watching a host: it goes on when it is not held. */
static struct {
    GMutex mutex;
    GCond changed;
    gboolean is_held;
    guint begun;
} listing;
static gboolean udev_is_missing;

ZpciMonitor *
zpci_monitor_new(G_GNUC_UNUSED ZpciInventory *inventory, ZpciMonitorHandler handler,
                 gpointer user_data, G_GNUC_UNUSED GDestroyNotify destroy, GError **error)
{
    g_assert_null(monitor);
    g_assert_true(g_thread_self() != main_thread);
    if (udev_is_missing) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED, "There is no udev.");
        return NULL;
    }
    g_mutex_lock(&listing.mutex);
    listing.begun++;
    g_cond_broadcast(&listing.changed);
    while (listing.is_held)
        g_cond_wait(&listing.changed, &listing.mutex);
    g_mutex_unlock(&listing.mutex);
    monitor = g_new0(ZpciMonitor, 1);
    monitor->handler = handler;
    monitor->user_data = user_data;
    return monitor;
}

void
zpci_monitor_start(ZpciMonitor *started)
{
    g_assert_true(started == monitor);
    g_assert_false(started->is_started);
    g_assert_true(g_thread_self() == main_thread);
    started->is_started = TRUE;
}

void
zpci_monitor_free(ZpciMonitor *freed)
{
    g_assert_true(freed == monitor);
    g_clear_pointer(&monitor, g_free);
}

static void
happen(ZpciEvent event, const char *name)
{
    g_assert_nonnull(monitor);
    g_assert_true(monitor->is_started);
    monitor->handler(event, name, monitor->user_data);
}

static void
happen_often(guint times)
{
    g_autofree char *name = g_strnfill(LONG_NAME_SIZE, 'n');

    for (guint i = 0; i < times; i++)
        happen(ZPCI_EVENT_CREATED, name);
}

static void
send_register(DaemonPeer *story, DaemonEventId event, const char *device)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();

    rpc_xdr_put_i32(payload, event);
    g_assert_true(rpc_xdr_put_optional_string(payload, device, NULL));
    daemon_peer_send_call(story, CALL_REGISTER, payload);
}

static gint32
register_event(DaemonPeer *story, DaemonEventId event, const char *device)
{
    g_autoptr(GByteArray) answer = NULL;

    send_register(story, event, device);
    answer = daemon_peer_take_answer(story, CALL_REGISTER, RPC_FRAME_OK);
    return daemon_peer_read_word(answer, 7);
}

static void
deregister(DaemonPeer *story, gint32 callback_id)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();

    rpc_xdr_put_i32(payload, callback_id);
    daemon_peer_call(story, CALL_DEREGISTER, payload);
}

/* A client of a captured host, which has asked for nothing yet. */
static DaemonPeer *
begin_story(void)
{
    g_assert_null(monitor);
    return daemon_peer_new_open("qemu-s390x");
}

static void
end_story(DaemonPeer *story)
{
    daemon_peer_free(story);
    g_assert_null(monitor);
}

static void
expect_bytes(DaemonPeer *story, const guint8 *expected, gsize size)
{
    g_autoptr(GByteArray) packet = daemon_peer_next_packet(story);

    g_assert_nonnull(packet);
    g_assert_cmpmem(packet->data, packet->len, expected, size);
}

/* The next packet is an event, of this registration. */
static void
expect_event(DaemonPeer *story, gint32 procedure, gint32 callback_id)
{
    g_autoptr(GByteArray) packet = daemon_peer_next_packet(story);

    g_assert_nonnull(packet);
    g_assert_cmpint(daemon_peer_read_word(packet, 3), ==, procedure);
    g_assert_cmpint(daemon_peer_read_word(packet, 4), ==, RPC_FRAME_MESSAGE);
    g_assert_cmpint(daemon_peer_read_word(packet, 7), ==, callback_id);
}

static void
expect_silence(DaemonPeer *story)
{
    g_assert_null(daemon_peer_next_packet(story));
}

static void
test_created_byte_for_byte(void)
{
    static const guint8 expected[] = {
        0,    0,   0,    60,   /* bytes in all */
        0x20, 0,   0x80, 0x86, /* remote program */
        0,    0,   0,    1,    /* version */
        0,    0,   0x01, 0x78, /* 376, lifecycle */
        0,    0,   0,    2,    /* message */
        0,    0,   0,    1,    /* serial, as stock sends it */
        0,    0,   0,    0,    /* status ok */
        0,    0,   0,    0,    /* the first registration */
        0,    0,   0,    16,   /* bytes of the name */
        'p',  'c', 'i',  '_',  /* pci_ */
        '0',  '0', '0',  '5',  /* 0005 */
        '_',  '0', '0',  '_',  /* _00_ */
        '0',  '0', '_',  '0',  /* 00_0 */
        0,    0,   0,    0,    /* created */
        0,    0,   0,    0,    /* no detail */
    };
    DaemonPeer *story = begin_story();

    g_assert_cmpint(register_event(story, DAEMON_EVENT_LIFECYCLE, NULL), ==, 0);
    happen(ZPCI_EVENT_CREATED, FIRST);
    expect_bytes(story, expected, sizeof(expected));
    expect_silence(story);
    end_story(story);
}

static void
test_deleted_byte_for_byte(void)
{
    static const guint8 expected[] = {
        0,    0,   0,    60,   /* bytes in all */
        0x20, 0,   0x80, 0x86, /* remote program */
        0,    0,   0,    1,    /* version */
        0,    0,   0x01, 0x78, /* 376, lifecycle */
        0,    0,   0,    2,    /* message */
        0,    0,   0,    1,    /* serial */
        0,    0,   0,    0,    /* status ok */
        0,    0,   0,    1,    /* the second registration */
        0,    0,   0,    16,   /* bytes of the name */
        'p',  'c', 'i',  '_',  /* pci_ */
        '0',  '0', '7',  'a',  /* 007a */
        '_',  '0', '0',  '_',  /* _00_ */
        '0',  '0', '_',  '0',  /* 00_0 */
        0,    0,   0,    1,    /* deleted */
        0,    0,   0,    0,    /* no detail */
    };
    DaemonPeer *story = begin_story();

    register_event(story, DAEMON_EVENT_UPDATE, NULL);
    g_assert_cmpint(register_event(story, DAEMON_EVENT_LIFECYCLE, NULL), ==, 1);
    happen(ZPCI_EVENT_DELETED, SECOND);
    expect_bytes(story, expected, sizeof(expected));
    expect_silence(story);
    end_story(story);
}

static void
test_updated_byte_for_byte(void)
{
    static const guint8 expected[] = {
        0,    0,   0,    52,   /* bytes in all */
        0x20, 0,   0x80, 0x86, /* remote program */
        0,    0,   0,    1,    /* version */
        0,    0,   0x01, 0x79, /* 377, update */
        0,    0,   0,    2,    /* message */
        0,    0,   0,    1,    /* serial */
        0,    0,   0,    0,    /* status ok */
        0,    0,   0,    0,    /* the first registration */
        0,    0,   0,    16,   /* bytes of the name */
        'p',  'c', 'i',  '_',  /* pci_ */
        '0',  '0', '0',  '5',  /* 0005 */
        '_',  '0', '0',  '_',  /* _00_ */
        '0',  '0', '_',  '0',  /* 00_0 */
    };
    DaemonPeer *story = begin_story();

    register_event(story, DAEMON_EVENT_UPDATE, NULL);
    register_event(story, DAEMON_EVENT_LIFECYCLE, NULL);
    happen(ZPCI_EVENT_UPDATED, FIRST);
    expect_bytes(story, expected, sizeof(expected));
    expect_silence(story);
    end_story(story);
}

static void
test_only_the_device_that_was_asked_for(void)
{
    DaemonPeer *story = begin_story();
    gint32 first = register_event(story, DAEMON_EVENT_LIFECYCLE, FIRST);

    register_event(story, DAEMON_EVENT_LIFECYCLE, "pci_0005");
    register_event(story, DAEMON_EVENT_UPDATE, SECOND);
    happen(ZPCI_EVENT_CREATED, SECOND);
    happen(ZPCI_EVENT_UPDATED, FIRST);
    expect_silence(story);
    happen(ZPCI_EVENT_DELETED, FIRST);
    expect_event(story, EVENT_LIFECYCLE, first);
    expect_silence(story);
    end_story(story);
}

/* Two registrations for the same get two packets; one that is withdrawn, none. */
static void
test_a_packet_for_each_registration(void)
{
    DaemonPeer *story = begin_story();
    gint32 one = register_event(story, DAEMON_EVENT_UPDATE, NULL);
    gint32 other = register_event(story, DAEMON_EVENT_UPDATE, FIRST);
    gint32 seen[2];

    happen(ZPCI_EVENT_UPDATED, FIRST);
    for (guint i = 0; i < G_N_ELEMENTS(seen); i++) {
        g_autoptr(GByteArray) packet = daemon_peer_next_packet(story);

        g_assert_cmpint(daemon_peer_read_word(packet, 3), ==, EVENT_UPDATE);
        seen[i] = daemon_peer_read_word(packet, 7);
    }
    g_assert_true((seen[0] == one && seen[1] == other) || (seen[0] == other && seen[1] == one));
    expect_silence(story);

    deregister(story, one);
    happen(ZPCI_EVENT_UPDATED, FIRST);
    expect_event(story, EVENT_UPDATE, other);
    expect_silence(story);
    end_story(story);
}

static void
test_the_host_is_watched_only_for_registrations(void)
{
    DaemonPeer *story = begin_story();

    g_assert_null(monitor);
    deregister(story, register_event(story, DAEMON_EVENT_LIFECYCLE, NULL));
    g_assert_null(monitor);
    register_event(story, DAEMON_EVENT_LIFECYCLE, NULL);
    g_assert_nonnull(monitor);
    close(story->fd);
    story->fd = -1;
    daemon_peer_settle(story);
    g_assert_null(story->client);
    g_assert_null(monitor);
    end_story(story);
}

static void
test_who_cannot_be_told_is_not_registered(void)
{
    DaemonPeer *story = begin_story();
    g_autoptr(GByteArray) answer = NULL;

    udev_is_missing = TRUE;
    send_register(story, DAEMON_EVENT_LIFECYCLE, NULL);
    answer = daemon_peer_take_answer(story, CALL_REGISTER, RPC_FRAME_ERROR);
    g_assert_nonnull(g_strstr_len((const char *)answer->data + RPC_FRAME_MIN_SIZE + 16,
                                  (gssize)answer->len - RPC_FRAME_MIN_SIZE - 16,
                                  "There is no udev."));
    udev_is_missing = FALSE;
    daemon_peer_call(story, DAEMON_PEER_GET_TYPE, NULL);
    g_assert_cmpint(register_event(story, DAEMON_EVENT_LIFECYCLE, NULL), ==, 0);
    end_story(story);
}

static void
hold_listing(void)
{
    listing.is_held = TRUE;
    listing.begun = 0;
}

static void
wait_for_listing(void)
{
    /* What has been sent is read, and given to a worker. */
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_mutex_lock(&listing.mutex);
    while (listing.begun == 0)
        g_cond_wait(&listing.changed, &listing.mutex);
    g_mutex_unlock(&listing.mutex);
}

static void
end_listing(void)
{
    g_mutex_lock(&listing.mutex);
    listing.is_held = FALSE;
    g_cond_broadcast(&listing.changed);
    g_mutex_unlock(&listing.mutex);
}

/* Two clients of one captured host, as if it were this machine. */
static DaemonPeer *
begin_story_of_two(DaemonPeer **other)
{
    g_autofree char *root =
        g_strdup_printf("%s/tests/data/hosts/qemu-s390x", g_getenv("ZPCI_SOURCE_DIR"));
    DaemonPeer *story = daemon_peer_new(DAEMON_CHANNEL_INHERITED);

    daemon_service_set_root(story->service, root);
    daemon_peer_open(story, NULL);
    *other = daemon_peer_new_beside(story->service, DAEMON_CHANNEL_INHERITED);
    daemon_peer_open(*other, NULL);
    return story;
}

/* While it is looked what is there, all others are served, and who registers meanwhile waits for
 * the same look. Each is told once of what happens. */
static void
test_who_registers_holds_nobody_up(void)
{
    DaemonPeer *other;
    DaemonPeer *story = begin_story_of_two(&other);

    hold_listing();
    send_register(story, DAEMON_EVENT_LIFECYCLE, NULL);
    wait_for_listing();
    daemon_peer_send_call(other, DAEMON_PEER_GET_TYPE, NULL);
    g_byte_array_unref(daemon_peer_wait_for_packet(other));
    send_register(other, DAEMON_EVENT_LIFECYCLE, NULL);
    daemon_peer_receive(story);
    g_assert_cmpuint(story->in->len, ==, 0);
    end_listing();
    g_byte_array_unref(daemon_peer_take_answer(story, CALL_REGISTER, RPC_FRAME_OK));
    g_byte_array_unref(daemon_peer_take_answer(other, CALL_REGISTER, RPC_FRAME_OK));
    g_assert_cmpuint(listing.begun, ==, 1);
    happen(ZPCI_EVENT_CREATED, FIRST);
    expect_event(story, EVENT_LIFECYCLE, 0);
    expect_silence(story);
    expect_event(other, EVENT_LIFECYCLE, 0);
    expect_silence(other);
    daemon_peer_free(other);
    end_story(story);
}

/* Also if the last who watched goes meanwhile, or the one who is about to. */
static void
test_who_goes_while_it_is_looked(void)
{
    DaemonPeer *other;
    DaemonPeer *story = begin_story_of_two(&other);

    hold_listing();
    send_register(story, DAEMON_EVENT_LIFECYCLE, NULL);
    wait_for_listing();
    g_clear_pointer(&story->client, daemon_client_free);
    end_listing();
    daemon_peer_settle(story);
    g_assert_null(monitor);

    register_event(other, DAEMON_EVENT_LIFECYCLE, NULL);
    g_assert_nonnull(monitor);
    deregister(other, 0);
    g_assert_null(monitor);
    daemon_peer_free(other);
    end_story(story);
}

/* Ten thousand changes, in turns as the main loop takes them in, with calls between them. */
static void
test_a_storm(void)
{
    const guint turns = 160, changes = 64;
    DaemonPeer *story = begin_story();
    guint events = 0, answers = 0;

    register_event(story, DAEMON_EVENT_LIFECYCLE, NULL);
    for (guint turn = 0; turn < turns; turn++) {
        GByteArray *packet;

        for (guint i = 0; i < changes; i++)
            happen(i % 2 == 0 ? ZPCI_EVENT_DELETED : ZPCI_EVENT_CREATED, FIRST);
        daemon_peer_send_call(story, DAEMON_PEER_GET_TYPE, NULL);
        while ((packet = daemon_peer_next_packet(story)) != NULL) {
            if (daemon_peer_read_word(packet, 4) == RPC_FRAME_REPLY)
                answers++;
            else /* Deleted, created, deleted: in the order in which they happened. */
                g_assert_cmpint(daemon_peer_read_word(packet, 13), ==, events++ % 2 == 0);
            g_byte_array_unref(packet);
        }
        g_assert_cmpuint(answers, ==, turn + 1);
        g_assert_cmpuint(events, ==, (turn + 1) * changes);
    }
    end_story(story);
}

static void
test_after_a_goodbye_nothing_is_told(void)
{
    const guint answer = RPC_FRAME_MIN_SIZE;
    DaemonPeer *story = begin_story();

    register_event(story, DAEMON_EVENT_LIFECYCLE, NULL);
    /* More than the socket holds, so that the goodbye's answer has to wait. */
    happen_often(RPC_CONNECTION_MAX_WAITING / LONG_PACKET_SIZE);
    daemon_peer_send_call(story, DAEMON_PEER_CLOSE, NULL);
    daemon_peer_settle(story);
    g_assert_nonnull(story->client);
    happen(ZPCI_EVENT_CREATED, FIRST);
    while (story->client != NULL) {
        daemon_peer_receive(story);
        daemon_peer_settle(story);
    }
    daemon_peer_receive(story);
    g_byte_array_remove_range(story->in, 0, story->in->len - answer);
    g_byte_array_unref(daemon_peer_take_answer(story, DAEMON_PEER_CLOSE, RPC_FRAME_OK));
    g_assert_null(story->client);
    g_assert_null(monitor);
    end_story(story);
}

static gsize
memory_in_use(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

/* A client with many registrations that never reads is cut off in the middle of telling it. */
static void
test_who_does_not_read_is_cut_off(void)
{
    const guint registrations = 100;
    const guint fitting = RPC_CONNECTION_MAX_QUEUED / (registrations * LONG_PACKET_SIZE);
    gsize before = memory_in_use();
    DaemonPeer *story = begin_story();

    for (guint i = 0; i < registrations; i++)
        register_event(story, DAEMON_EVENT_LIFECYCLE, NULL);
    happen_often(fitting);
    daemon_peer_settle(story);
    g_assert_nonnull(story->client);
    /* The socket itself holds some of it. */
    happen_often(fitting / 10);
    daemon_peer_settle(story);
    g_assert_null(story->client);
    g_assert_null(monitor);
    g_assert_cmpuint(memory_in_use(), <, before + MUCH_MEMORY);
    end_story(story);
}

/* One that reads late, but reads, gets everything. */
static void
test_who_reads_late_misses_nothing(void)
{
    const guint changes = 2000;
    gsize before = memory_in_use();
    DaemonPeer *story = begin_story();
    gsize total = 0;

    register_event(story, DAEMON_EVENT_LIFECYCLE, NULL);
    happen_often(changes);
    do {
        total += story->in->len;
        g_byte_array_set_size(story->in, 0);
        daemon_peer_settle(story);
        daemon_peer_receive(story);
    } while (story->in->len > 0);
    g_assert_cmpuint(total, ==, changes * LONG_PACKET_SIZE);
    daemon_peer_call(story, DAEMON_PEER_GET_TYPE, NULL);
    g_byte_array_unref(story->in);
    story->in = g_byte_array_new();
    g_assert_cmpuint(memory_in_use(), <, before + MUCH_MEMORY);
    end_story(story);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    main_thread = g_thread_self();
    g_test_add_func("/daemon-notifier/created-byte-for-byte", test_created_byte_for_byte);
    g_test_add_func("/daemon-notifier/deleted-byte-for-byte", test_deleted_byte_for_byte);
    g_test_add_func("/daemon-notifier/updated-byte-for-byte", test_updated_byte_for_byte);
    g_test_add_func("/daemon-notifier/only-the-device-that-was-asked-for",
                    test_only_the_device_that_was_asked_for);
    g_test_add_func("/daemon-notifier/a-packet-for-each-registration",
                    test_a_packet_for_each_registration);
    g_test_add_func("/daemon-notifier/the-host-is-watched-only-for-registrations",
                    test_the_host_is_watched_only_for_registrations);
    g_test_add_func("/daemon-notifier/who-cannot-be-told-is-not-registered",
                    test_who_cannot_be_told_is_not_registered);
    g_test_add_func("/daemon-notifier/who-registers-holds-nobody-up",
                    test_who_registers_holds_nobody_up);
    g_test_add_func("/daemon-notifier/who-goes-while-it-is-looked",
                    test_who_goes_while_it_is_looked);
    g_test_add_func("/daemon-notifier/a-storm", test_a_storm);
    g_test_add_func("/daemon-notifier/after-a-goodbye-nothing-is-told",
                    test_after_a_goodbye_nothing_is_told);
    g_test_add_func("/daemon-notifier/who-does-not-read-is-cut-off",
                    test_who_does_not_read_is_cut_off);
    g_test_add_func("/daemon-notifier/who-reads-late-misses-nothing",
                    test_who_reads_late_misses_nothing);
    return g_test_run();
}
