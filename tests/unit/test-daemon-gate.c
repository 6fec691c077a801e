/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-gate.h"

#include <string.h>

#include "daemon-polkit.h"

#define PATIENCE_MS 60000

/* polkit, as this test wants it: it is slow for the first device that it is asked about, and knows
 * nothing of a secret one. This stands in for the program's function. */
DaemonPolkitResult
daemon_polkit_check(const DaemonCredentials *subject, const char *action, GVariant *details,
                    gboolean is_interactive, G_GNUC_UNUSED GCancellable *cancellable,
                    G_GNUC_UNUSED GError **error)
{
    g_autoptr(GVariant) known = g_variant_ref_sink(details);
    const char *device = NULL;

    g_assert_cmpuint(subject->uid, ==, 1000);
    g_assert_cmpstr(action, ==, "org.libvirt.api.node-device.getattr");
    g_assert_false(is_interactive);
    g_assert_true(g_variant_lookup(known, "node_device_name", "&s", &device));
    if (strcmp(device, "slow") == 0)
        g_usleep(100000);
    return strcmp(device, "secret") == 0 ? DAEMON_POLKIT_DENIED : DAEMON_POLKIT_ALLOWED;
}

/* A client whose access is controlled, and what it was told. */
typedef struct {
    DaemonConfig config;
    DaemonService *service;
    DaemonSession session;
    DaemonGate *gate;
    GString *told;
} Story;

static void
on_pass(ZpciEvent event, const char *name, gpointer user_data)
{
    Story *story = user_data;

    g_string_append_printf(story->told, "%c%s ", event == ZPCI_EVENT_CREATED ? '+' : '-', name);
}

static void
begin_story(Story *story)
{
    memset(story, 0, sizeof(*story));
    daemon_config_set_defaults(&story->config);
    story->config.access_drivers = DAEMON_AUTH_POLKIT;
    story->service = daemon_service_new(&story->config, FALSE);
    story->session.service = story->service;
    story->session.channel = DAEMON_CHANNEL_READ_WRITE;
    story->session.credentials.uid = 1000;
    story->session.driver = "nodedev";
    story->told = g_string_new(NULL);
    story->gate = daemon_gate_new(&story->session, on_pass, story);
}

static void
settle(Story *story)
{
    g_assert_true(daemon_service_wait(story->service, PATIENCE_MS));
}

static void
end_story(Story *story)
{
    daemon_gate_free(story->gate);
    settle(story);
    daemon_identity_free(story->session.identity);
    daemon_service_free(story->service);
    g_string_free(story->told, TRUE);
}

static void
test_a_secret_device_is_not_told_of_and_the_order_is_kept(void)
{
    Story story;

    begin_story(&story);
    g_assert_true(daemon_gate_push(story.gate, ZPCI_EVENT_CREATED, "slow"));
    g_assert_true(daemon_gate_push(story.gate, ZPCI_EVENT_CREATED, "secret"));
    g_assert_true(daemon_gate_push(story.gate, ZPCI_EVENT_CREATED, "quick"));
    g_assert_true(daemon_gate_push(story.gate, ZPCI_EVENT_DELETED, "slow"));
    g_assert_cmpstr(story.told->str, ==, "");
    settle(&story);
    g_assert_cmpstr(story.told->str, ==, "+slow +quick -slow ");
    end_story(&story);
}

/* Whoever calls on behalf of somebody, and does not say of which process, is told of nothing. */
static void
test_nobody_is_told_on_behalf_of_somebody_unknown(void)
{
    Story story;
    RpcTypedParam user = { .field = g_strdup("unix-user-id"),
                           .type = RPC_TYPED_PARAM_ULLONG,
                           .number = 1000 };

    begin_story(&story);
    story.session.identity = daemon_identity_new();
    g_assert_true(daemon_gate_push(story.gate, ZPCI_EVENT_CREATED, "quick"));
    g_assert_cmpint(daemon_identity_add(story.session.identity, &user), ==, DAEMON_IDENTITY_OK);
    g_assert_true(daemon_gate_push(story.gate, ZPCI_EVENT_CREATED, "quick"));
    settle(&story);
    g_assert_cmpstr(story.told->str, ==, "");
    end_story(&story);
}

static void
test_nothing_is_told_after_the_end(void)
{
    Story story;

    begin_story(&story);
    g_assert_true(daemon_gate_push(story.gate, ZPCI_EVENT_CREATED, "slow"));
    g_assert_true(daemon_gate_push(story.gate, ZPCI_EVENT_CREATED, "quick"));
    g_clear_pointer(&story.gate, daemon_gate_free);
    settle(&story);
    g_assert_cmpstr(story.told->str, ==, "");
    end_story(&story);
}

static void
test_what_waits_has_a_limit(void)
{
    Story story;
    guint taken = 0;

    begin_story(&story);
    while (taken <= 2 * DAEMON_GATE_MAX_WAITING &&
           daemon_gate_push(story.gate, ZPCI_EVENT_CREATED, "slow"))
        taken++;
    /* One is asked about, the others wait. */
    g_assert_cmpuint(taken, ==, DAEMON_GATE_MAX_WAITING + 1);
    end_story(&story);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-gate/a-secret-device-is-not-told-of-and-the-order-is-kept",
                    test_a_secret_device_is_not_told_of_and_the_order_is_kept);
    g_test_add_func("/daemon-gate/nobody-is-told-on-behalf-of-somebody-unknown",
                    test_nobody_is_told_on_behalf_of_somebody_unknown);
    g_test_add_func("/daemon-gate/nothing-is-told-after-the-end",
                    test_nothing_is_told_after_the_end);
    g_test_add_func("/daemon-gate/what-waits-has-a-limit", test_what_waits_has_a_limit);
    return g_test_run();
}
