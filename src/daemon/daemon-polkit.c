/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-polkit.h"

#include <glib/gi18n.h>

#include "zpci-error.h"
#include "zpci-places.h"

#define POLKIT_NAME "org.freedesktop.PolicyKit1"
#define POLKIT_PATH "/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_INTERFACE "org.freedesktop.PolicyKit1.Authority"

/* CheckAuthorizationFlags */
#define ALLOW_USER_INTERACTION 1

/* GLib's own. A person may take as long as a person takes. */
#define USUAL_TIMEOUT (-1)

/* A subject of the kind unix-process: which process it is cannot be guessed from a pid alone. */
static GVariant *
make_subject(const DaemonCredentials *subject)
{
    GVariantBuilder builder;

    g_variant_builder_init(&builder, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&builder, "{sv}", "pid", g_variant_new_uint32((guint32)subject->pid));
    g_variant_builder_add(&builder, "{sv}", "start-time",
                          g_variant_new_uint64(subject->start_time));
    g_variant_builder_add(&builder, "{sv}", "uid", g_variant_new_int32((gint32)subject->uid));
    return g_variant_new("(s@a{sv})", "unix-process", g_variant_builder_end(&builder));
}

static DaemonPolkitResult
read_answer(GVariant *answer)
{
    g_autoptr(GVariant) details = NULL;
    gboolean is_authorized, is_challenge;
    const char *dismissed = NULL;

    g_variant_get(answer, "((bb@a{ss}))", &is_authorized, &is_challenge, &details);
    if (is_authorized)
        return DAEMON_POLKIT_ALLOWED;
    if (g_variant_lookup(details, "polkit.dismissed", "&s", &dismissed) && *dismissed != '\0')
        return DAEMON_POLKIT_DISMISSED;
    return is_challenge ? DAEMON_POLKIT_NO_AGENT : DAEMON_POLKIT_DENIED;
}

/* A name under which a question can be called off, different from those of all others. */
static char *
make_question_name(void)
{
    static gint questions;

    return g_strdup_printf("virtzpcid-%u", (guint)g_atomic_int_add(&questions, 1));
}

/* polkit would go on to show its dialogue. Whether it hears of that matters to nobody. */
static void
call_off(GDBusConnection *bus, const char *question)
{
    g_dbus_connection_call(bus, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE,
                           "CancelCheckAuthorization", g_variant_new("(s)", question), NULL,
                           G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
    /* The last reference may be ours, and what is not sent goes with the connection. */
    g_dbus_connection_flush_sync(bus, NULL, NULL);
}

static GVariant *
ask(GVariant *subject, const char *action, GVariant *details, guint32 flags,
    GCancellable *cancellable, GError **error)
{
    g_autofree char *question = make_question_name();
    g_autoptr(GVariant) parameters = g_variant_ref_sink(
        g_variant_new("(@(sa{sv})s@a{ss}us)", subject, action, details, flags, question));
    g_autoptr(GDBusConnection) bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, error);
    GVariant *answer;

    if (bus == NULL)
        return NULL;
    g_dbus_connection_set_exit_on_close(bus, FALSE);
    answer = g_dbus_connection_call_sync(
        bus, POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE, "CheckAuthorization", parameters,
        G_VARIANT_TYPE("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE,
        (flags & ALLOW_USER_INTERACTION) != 0 ? G_MAXINT : USUAL_TIMEOUT, cancellable, error);
    if (answer == NULL && g_cancellable_is_cancelled(cancellable))
        call_off(bus, question);
    return answer;
}

DaemonPolkitResult
daemon_polkit_check(const DaemonCredentials *subject, const char *action, GVariant *details,
                    gboolean is_interactive, GCancellable *cancellable, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GVariant) answer = NULL;
    GVariant *known = details != NULL ? details : g_variant_new("a{ss}", NULL);

    if (subject->start_time == 0) {
        g_variant_unref(g_variant_ref_sink(known));
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("The client's process %d has ended, so polkit cannot be asked about it."),
                    (int)subject->pid);
        return DAEMON_POLKIT_FAILED;
    }
    zpci_places_begin_waiting();
    answer = ask(make_subject(subject), action, known, is_interactive ? ALLOW_USER_INTERACTION : 0,
                 cancellable, &problem);
    zpci_places_end_waiting();
    if (answer != NULL)
        return read_answer(answer);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
                _("Asking polkit for %s failed: %s. Is polkit installed, and the system bus "
                  "running?"),
                action, problem->message);
    return DAEMON_POLKIT_FAILED;
}
