/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-queue.h"

#define PATIENCE_MS 60000

/* Keeps a worker at its piece until the test lets it go. */
static struct {
    GMutex mutex;
    GCond changed;
    gboolean is_held;
    guint begun;
} bench;

static DaemonWorkers *workers;

/* A client that notes in a string what is done for it. A piece is a word; a worker does those in
 * capital letters, the others take no time. */
typedef struct {
    DaemonQueue *queue;
    GString *story;
    gboolean is_stopped;
    guint rests;
} Client;

/* Whose piece is freed: the queue knows nothing of the client any more. */
static guint freed;

static gboolean
may_go_on(gpointer user_data)
{
    return !((Client *)user_data)->is_stopped;
}

static DaemonWorkers *
begin(gpointer piece, G_GNUC_UNUSED DaemonSession *session)
{
    return g_ascii_isupper(*(const char *)piece) ? workers : NULL;
}

static void
work(G_GNUC_UNUSED gpointer piece, DaemonSession *session)
{
    g_mutex_lock(&bench.mutex);
    bench.begun++;
    g_cond_broadcast(&bench.changed);
    while (bench.is_held)
        g_cond_wait(&bench.changed, &bench.mutex);
    g_mutex_unlock(&bench.mutex);
    session->knows_keepalive = TRUE;
}

static void
done(gpointer piece, gpointer user_data)
{
    Client *client = user_data;

    g_string_append_printf(client->story, " %s", (const char *)piece);
    if (g_str_equal(piece, "enter"))
        daemon_queue_add_next(client->queue, g_strdup("NAME"));
    g_free(piece);
}

static void
rests(gpointer user_data)
{
    ((Client *)user_data)->rests++;
}

static gsize
get_size(gconstpointer piece)
{
    return strlen(piece);
}

static void
free_piece(gpointer piece)
{
    freed++;
    g_free(piece);
}

static const DaemonQueueHandlers handlers = {
    .may_go_on = may_go_on,
    .begin = begin,
    .work = work,
    .done = done,
    .rests = rests,
    .get_size = get_size,
    .free = free_piece,
};

static void
ignore_event(G_GNUC_UNUSED const GByteArray *packet, G_GNUC_UNUSED gpointer user_data)
{
}

static const DaemonNotifierHandlers notifier_handlers = { .send = ignore_event };

/* Returns: what is cancelled when the client has gone, and goes with its session. */
static GCancellable *
init(Client *client)
{
    DaemonSession *session = daemon_session_new(DAEMON_CHANNEL_READ_WRITE, NULL,
                                                daemon_notifier_new(&notifier_handlers, NULL));

    *client = (Client){ .story = g_string_new(NULL) };
    client->queue = daemon_queue_new(session, &handlers, client);
    freed = 0;
    bench.begun = 0;
    return session->gone;
}

static void
clear(Client *client)
{
    daemon_queue_free(client->queue);
    g_string_free(client->story, TRUE);
}

static void
add(Client *client, const char *words)
{
    g_auto(GStrv) pieces = g_strsplit(words, " ", -1);

    for (guint i = 0; pieces[i] != NULL; i++)
        daemon_queue_add(client->queue, g_strdup(pieces[i]));
}

static void
hold(gboolean is_held)
{
    g_mutex_lock(&bench.mutex);
    bench.is_held = is_held;
    g_cond_broadcast(&bench.changed);
    g_mutex_unlock(&bench.mutex);
}

static void
wait_until_begun(guint number)
{
    g_mutex_lock(&bench.mutex);
    while (bench.begun < number)
        g_cond_wait(&bench.changed, &bench.mutex);
    g_mutex_unlock(&bench.mutex);
}

static void
test_one_after_the_other(void)
{
    Client client;

    init(&client);
    hold(TRUE);
    add(&client, "one TWO three FOUR five");
    wait_until_begun(1);
    g_assert_cmpstr(client.story->str, ==, " one");
    g_assert_true(daemon_queue_is_busy(client.queue));
    g_assert_cmpuint(daemon_queue_get_length(client.queue), ==, 3);
    g_assert_cmpuint(daemon_queue_get_size(client.queue), ==, strlen("threeFOURfive"));
    g_assert_cmpuint(client.rests, ==, 5);

    hold(FALSE);
    g_assert_true(daemon_workers_wait(workers, PATIENCE_MS));
    g_assert_cmpstr(client.story->str, ==, " one TWO three FOUR five");
    g_assert_false(daemon_queue_is_busy(client.queue));
    g_assert_cmpuint(daemon_queue_get_size(client.queue), ==, 0);
    g_assert_cmpuint(client.rests, ==, 7);
    g_assert_cmpuint(freed, ==, 0);
    clear(&client);
}

static void
test_what_comes_in_between(void)
{
    Client client;

    init(&client);
    client.is_stopped = TRUE;
    add(&client, "enter ask");
    g_assert_cmpstr(client.story->str, ==, "");
    client.is_stopped = FALSE;
    daemon_queue_go_on(client.queue);
    g_assert_true(daemon_workers_wait(workers, PATIENCE_MS));
    g_assert_cmpstr(client.story->str, ==, " enter NAME ask");
    clear(&client);
}

static void
test_a_client_that_may_not_go_on(void)
{
    Client client;

    init(&client);
    hold(TRUE);
    add(&client, "ONE two");
    client.is_stopped = TRUE;
    hold(FALSE);
    g_assert_true(daemon_workers_wait(workers, PATIENCE_MS));
    g_assert_cmpstr(client.story->str, ==, " ONE");
    g_assert_cmpuint(daemon_queue_get_length(client.queue), ==, 1);
    clear(&client);
    g_assert_cmpuint(freed, ==, 1);
}

/* Its session lasts as long as a worker may use it, and nobody hears of the piece any more. */
static void
test_a_client_that_goes_meanwhile(void)
{
    Client client;
    gpointer gone = init(&client);

    g_object_add_weak_pointer(gone, &gone);
    hold(TRUE);
    add(&client, "ONE two THREE");
    wait_until_begun(1);
    daemon_queue_free(g_steal_pointer(&client.queue));
    g_assert_cmpuint(freed, ==, 2);
    g_assert_nonnull(gone);
    g_assert_true(g_cancellable_is_cancelled(gone));

    hold(FALSE);
    g_assert_true(daemon_workers_wait(workers, PATIENCE_MS));
    g_assert_cmpuint(freed, ==, 3);
    g_assert_null(gone);
    g_assert_cmpstr(client.story->str, ==, "");
    clear(&client);
}

int
main(int argc, char **argv)
{
    g_autoptr(DaemonWorkers) all = daemon_workers_new(1, NULL);

    g_test_init(&argc, &argv, NULL);
    workers = all;
    g_test_add_func("/daemon-queue/one-after-the-other", test_one_after_the_other);
    g_test_add_func("/daemon-queue/what-comes-in-between", test_what_comes_in_between);
    g_test_add_func("/daemon-queue/may-not-go-on", test_a_client_that_may_not_go_on);
    g_test_add_func("/daemon-queue/goes-meanwhile", test_a_client_that_goes_meanwhile);
    return g_test_run();
}
