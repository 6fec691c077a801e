/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon-log-filter.h"

/* Each directory of the source has a log domain of this prefix and its own name: an area. */
#define AREA_PREFIX "zpci-"

/* The fields of a message: its own, GLib's, and those of clients and devices. */
#define MAX_FIELDS 8

/* In the order of DaemonLogLevel. */
static const struct {
    const char *name;
    GLogLevelFlags levels;
} levels[] = {
    { "error", G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL },
    { "warning", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE },
    { "info", G_LOG_LEVEL_INFO },
    { "debug", G_LOG_LEVEL_DEBUG },
};

/* What is wanted; threads log, so it is read and written under the lock. */
static GMutex lock;
static guint wanted;
static GHashTable *filters; /* area to level */

static const char *
find_field(const GLogField *fields, gsize count, const char *key)
{
    for (gsize i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0)
            return fields[i].value;
    }
    return NULL;
}

static guint
find_wanted(const char *domain)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);
    gpointer level;

    if (domain != NULL && g_str_has_prefix(domain, AREA_PREFIX) && filters != NULL &&
        g_hash_table_lookup_extended(filters, domain + strlen(AREA_PREFIX), NULL, &level))
        return GPOINTER_TO_UINT(level);
    return wanted;
}

static gboolean
is_wanted(GLogLevelFlags level, const char *domain)
{
    guint most = find_wanted(domain);

    for (guint i = 0; i <= most; i++) {
        if ((level & levels[i].levels) != 0)
            return TRUE;
    }
    return FALSE;
}

static const char *
name_level(GLogLevelFlags level)
{
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
        if ((level & levels[i].levels) != 0)
            return levels[i].name;
    }
    return "";
}

/* One line, whatever is in the message. */
static void
write_line(GLogLevelFlags level, const GLogField *fields, gsize count)
{
    const char *message = find_field(fields, count, "MESSAGE");
    const char *client = find_field(fields, count, "CLIENT_PID");
    g_autofree char *line =
        client != NULL
            ? g_strdup_printf("virtzpcid: %s: client %s: %s\n", name_level(level), client, message)
            : g_strdup_printf("virtzpcid: %s: %s\n", name_level(level), message);

    fputs(line, stderr);
}

static GLogWriterOutput
on_message(GLogLevelFlags level, const GLogField *fields, gsize count,
           G_GNUC_UNUSED gpointer user_data)
{
    if (!is_wanted(level, find_field(fields, count, "GLIB_DOMAIN")))
        return G_LOG_WRITER_HANDLED;
    if (g_log_writer_is_journald(STDERR_FILENO))
        return g_log_writer_journald(level, fields, count, NULL);
    write_line(level, fields, count);
    return G_LOG_WRITER_HANDLED;
}

void
daemon_log_set_up(const DaemonConfig *config, gboolean is_verbose)
{
    static gboolean is_installed;
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);

    wanted = is_verbose ? MAX(config->log_level, DAEMON_LOG_INFO) : config->log_level;
    g_clear_pointer(&filters, g_hash_table_unref);
    if (config->log_filters != NULL)
        filters = daemon_log_filter_parse(config->log_filters, NULL);
    if (!is_installed)
        g_log_set_writer_func(on_message, NULL, NULL);
    is_installed = TRUE;
}

static void
add_field(GLogField *fields, gsize *count, const char *key, const char *value)
{
    fields[*count].key = key;
    fields[*count].value = value;
    fields[*count].length = -1;
    *count += 1;
}

/* Returns (transfer full) (nullable): the function ID of a device, as text. */
static char *
read_fid(const DaemonSession *session, const char *device)
{
    g_autoptr(ZpciFunction) function = NULL;
    guint64 fid;

    if (session == NULL || session->inventory == NULL ||
        !zpci_inventory_get_outline(session->inventory, device, &function, NULL) ||
        function == NULL || !zpci_function_get(function, ZPCI_FACT_FID, &fid))
        return NULL;
    return zpci_fact_format(ZPCI_FACT_FID, fid);
}

/* @priority: as syslog(3) numbers it */
static const char *
find_priority(GLogLevelFlags level)
{
    if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0)
        return "3";
    if ((level & G_LOG_LEVEL_WARNING) != 0)
        return "4";
    if ((level & G_LOG_LEVEL_MESSAGE) != 0)
        return "5";
    return (level & G_LOG_LEVEL_INFO) != 0 ? "6" : "7";
}

void
daemon_log_write(GLogLevelFlags level, const DaemonSession *session, const char *device,
                 const char *format, ...)
{
    g_autofree char *message = NULL;
    g_autofree char *pid = NULL;
    g_autofree char *uid = NULL;
    g_autofree char *fid = NULL;
    GLogField fields[MAX_FIELDS];
    gsize count = 0;
    va_list args;

    if (!is_wanted(level, G_LOG_DOMAIN))
        return;
    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    add_field(fields, &count, "MESSAGE", message);
    add_field(fields, &count, "PRIORITY", find_priority(level));
    add_field(fields, &count, "GLIB_DOMAIN", G_LOG_DOMAIN);
    if (session != NULL && session->channel != DAEMON_CHANNEL_INHERITED) {
        pid = g_strdup_printf("%d", (int)session->credentials.pid);
        uid = g_strdup_printf("%u", (guint)session->credentials.uid);
        add_field(fields, &count, "CLIENT_PID", pid);
        add_field(fields, &count, "CLIENT_UID", uid);
    }
    if (device != NULL) {
        fid = read_fid(session, device);
        add_field(fields, &count, "DEVICE", device);
        if (fid != NULL)
            add_field(fields, &count, "FID", fid);
    }
    g_log_structured_array(level, fields, count);
}
