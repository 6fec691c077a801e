/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-access.h"

#include "daemon-polkit.h"

#define ACTION_PREFIX "org.libvirt.api."

/* Bit n of the permissions is action n. */
static const char *const actions[] = {
    "connect.getattr",     "connect.read",
    "connect.write",       "connect.search-node-devices",
    "node-device.getattr", "node-device.read",
    "node-device.write",   "node-device.start",
    "node-device.stop",    "node-device.detach",
    "node-device.delete",
};

gboolean
daemon_access_is_controlled(const DaemonSession *session)
{
    return session->channel != DAEMON_CHANNEL_INHERITED &&
           daemon_service_get_config(session->service)->access_drivers == DAEMON_AUTH_POLKIT;
}

/* polkit can be asked about a process only: its user, its number and when it began. What does not
 * fit the kernel's types must not become another's number, least of all root's. */
static gboolean
find_process(const DaemonIdentity *identity, DaemonCredentials *process)
{
    guint64 uid, pid, start_time;

    if (!daemon_identity_get_number(identity, "unix-user-id", &uid) || uid >= (uid_t)-1 ||
        !daemon_identity_get_number(identity, "process-id", &pid) || pid == 0 || pid > G_MAXINT ||
        !daemon_identity_get_number(identity, "process-time", &start_time) || start_time == 0)
        return FALSE;
    process->uid = (uid_t)uid;
    process->pid = (pid_t)pid;
    process->start_time = start_time;
    return TRUE;
}

gboolean
daemon_access_get_subject(const DaemonSession *session, DaemonSubject *subject)
{
    DaemonSubject found = { session->credentials, session->driver };

    if (session->identity != NULL && !find_process(session->identity, &found.process))
        return FALSE;
    *subject = found;
    return TRUE;
}

static GVariant *
make_details(const char *driver, const char *device)
{
    GVariantBuilder builder;

    g_variant_builder_init(&builder, G_VARIANT_TYPE("a{ss}"));
    g_variant_builder_add(&builder, "{ss}", "connect_driver", driver);
    if (device != NULL)
        g_variant_builder_add(&builder, "{ss}", "node_device_name", device);
    return g_variant_builder_end(&builder);
}

static DaemonPolkitResult
ask(const DaemonSubject *subject, guint action, const char *device, GCancellable *gone)
{
    g_autofree char *name = NULL;
    g_autoptr(GError) error = NULL;
    DaemonPolkitResult result;

    if (g_cancellable_is_cancelled(gone))
        return DAEMON_POLKIT_FAILED;
    name = g_strconcat(ACTION_PREFIX, actions[action], NULL);
    result = daemon_polkit_check(&subject->process, name, make_details(subject->driver, device),
                                 FALSE, gone, &error);
    if (result == DAEMON_POLKIT_FAILED && !g_cancellable_is_cancelled(gone))
        g_warning("%s", error->message);
    return result;
}

/* Returns: what polkit says of the first permission that it does not give, if there is one. */
static DaemonPolkitResult
ask_all(const DaemonSubject *subject, DaemonPermission permissions, const char *device,
        GCancellable *gone)
{
    DaemonPolkitResult result = DAEMON_POLKIT_ALLOWED;

    /* polkit allows root everything. */
    if (subject->process.uid == 0)
        return DAEMON_POLKIT_ALLOWED;
    /* Names go over the bus as text; a device whose name is none cannot be there. */
    if (device != NULL && !g_utf8_validate(device, -1, NULL))
        return DAEMON_POLKIT_DENIED;
    for (guint i = 0; i < G_N_ELEMENTS(actions) && result == DAEMON_POLKIT_ALLOWED; i++) {
        if ((permissions & 1U << i) != 0)
            result = ask(subject, i, device, gone);
    }
    return result;
}

gboolean
daemon_access_allows_subject(const DaemonSubject *subject, DaemonPermission permissions,
                             const char *device, GCancellable *gone)
{
    return ask_all(subject, permissions, device, gone) == DAEMON_POLKIT_ALLOWED;
}

gboolean
daemon_access_allows(const DaemonSession *session, DaemonPermission permissions, const char *device)
{
    DaemonSubject subject;

    return permissions == DAEMON_PERMISSION_NONE || !daemon_access_is_controlled(session) ||
           (daemon_access_get_subject(session, &subject) &&
            daemon_access_allows_subject(&subject, permissions, device, session->gone));
}

void
daemon_access_filter(const DaemonSession *session, char **devices)
{
    DaemonPolkitResult result = DAEMON_POLKIT_ALLOWED;
    DaemonSubject subject;
    guint kept = 0;

    if (!daemon_access_is_controlled(session))
        return;
    if (!daemon_access_get_subject(session, &subject))
        result = DAEMON_POLKIT_FAILED;
    for (guint i = 0; devices[i] != NULL; i++) {
        char *name = devices[i];

        devices[i] = NULL;
        /* Who cannot be asked about one cannot be asked about the next, and each attempt takes its
         * time. */
        if (result != DAEMON_POLKIT_FAILED)
            result = ask_all(&subject, DAEMON_PERMISSION_DEVICE_GETATTR, name, session->gone);
        if (result == DAEMON_POLKIT_ALLOWED)
            devices[kept++] = name;
        else
            g_free(name);
    }
}
