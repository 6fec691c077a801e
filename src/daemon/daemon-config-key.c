/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-config-key.h"

#include <glib/gi18n.h>
#include <string.h>

#include "daemon-log-filter.h"
#include "number.h"
#include "rpc-connection.h"
#include "rpc-frame.h"
#include "text-quote.h"
#include "zpci-error.h"

/* What a key's value is. */
typedef enum {
    NUMBER,  /* from minimum to maximum */
    WORD,    /* one of words, whose index is kept */
    MODE,    /* permission bits, in octal as chmod(1) takes them */
    TEXT,    /* anything */
    FILTERS, /* areas and levels */
} DaemonConfigKind;

struct _DaemonConfigKey {
    const char *name;
    DaemonConfigKind kind;
    gsize offset; /* of its member in DaemonConfig */
    guint minimum;
    guint maximum;
    guint standard; /* the default; of a text it is NULL */
    const char *const *words;
};

#define MEMBER(name) #name, .offset = offsetof(DaemonConfig, name)

#define MAX_MODE 0777

static const char *const vfio_read_words[] = {
    [ZPCI_VFIO_READ_LAZY] = "lazy",
    [ZPCI_VFIO_READ_EXPLICIT] = "explicit",
    [ZPCI_VFIO_READ_NEVER] = "never",
    NULL,
};

static const char *const yes_no_words[] = {
    [FALSE] = "no",
    [TRUE] = "yes",
    NULL,
};

static const char *const auth_words[] = {
    [DAEMON_AUTH_NONE] = "none",
    [DAEMON_AUTH_POLKIT] = "polkit",
    NULL,
};

/* Names and defaults of what libvirt's daemons have, too, are theirs. */
static const DaemonConfigKey keys[] = {
    { MEMBER(vfio_read), .kind = WORD, .words = vfio_read_words, .standard = ZPCI_VFIO_READ_LAZY },
    { MEMBER(vfio_settle_seconds), .maximum = DAEMON_CONFIG_MAX_SETTLE_SECONDS,
      .standard = ZPCI_HOST_DEFAULT_SETTLE_SECONDS },
    { MEMBER(standby), .kind = WORD, .words = yes_no_words, .standard = TRUE },
    { MEMBER(log_level), .kind = WORD, .words = daemon_log_filter_levels,
      .standard = DAEMON_LOG_WARNING },
    { MEMBER(log_filters), .kind = FILTERS },
    { MEMBER(upstream), .kind = TEXT },
    { MEMBER(unix_sock_dir), .kind = TEXT },
    { MEMBER(unix_sock_group), .kind = TEXT },
    { MEMBER(unix_sock_ro_perms), .kind = MODE, .maximum = MAX_MODE,
      .standard = DAEMON_CONFIG_MODE_BY_AUTH },
    { MEMBER(unix_sock_rw_perms), .kind = MODE, .maximum = MAX_MODE,
      .standard = DAEMON_CONFIG_MODE_BY_AUTH },
    { MEMBER(auth_unix_ro), .kind = WORD, .words = auth_words, .standard = DAEMON_AUTH_POLKIT },
    { MEMBER(auth_unix_rw), .kind = WORD, .words = auth_words, .standard = DAEMON_AUTH_POLKIT },
    { MEMBER(access_drivers), .kind = WORD, .words = auth_words, .standard = DAEMON_AUTH_NONE },
    { MEMBER(max_clients), .minimum = 1, .maximum = 100000, .standard = 5000 },
    { MEMBER(max_queued_clients), .minimum = 1, .maximum = 100000, .standard = 1000 },
    { MEMBER(max_anonymous_clients), .maximum = 100000, .standard = 20 },
    { MEMBER(max_workers), .minimum = 1, .maximum = 1000, .standard = 20 },
    { MEMBER(max_client_requests), .minimum = 1, .maximum = 1000, .standard = 5 },
    { MEMBER(max_message_bytes), .minimum = 65536, .maximum = RPC_FRAME_MAX_SIZE,
      .standard = RPC_FRAME_MAX_SIZE },
    { MEMBER(max_client_outgoing_bytes), .minimum = RPC_FRAME_MAX_SIZE, .maximum = 1U << 30,
      .standard = RPC_CONNECTION_MAX_QUEUED },
    { MEMBER(keepalive_interval), .maximum = 86400, .standard = 5 },
    { MEMBER(keepalive_count), .maximum = 1000, .standard = 5 },
    { MEMBER(idle_timeout), .maximum = 86400, .standard = 0 },
    { MEMBER(auth_timeout), .maximum = 86400, .standard = 120 },
};

G_STATIC_ASSERT(G_N_ELEMENTS(keys) == DAEMON_CONFIG_KEYS);

static guint *
get_number(const DaemonConfigKey *key, DaemonConfig *config)
{
    return (guint *)(gpointer)((char *)config + key->offset);
}

static char **
get_text(const DaemonConfigKey *key, DaemonConfig *config)
{
    return (char **)(gpointer)((char *)config + key->offset);
}

static gboolean
set_word(const DaemonConfigKey *key, guint *number, const char *value, GError **error)
{
    g_autofree char *quoted = text_quote(value);
    g_autofree char *words = NULL;

    for (guint i = 0; key->words[i] != NULL; i++) {
        if (strcmp(value, key->words[i]) == 0) {
            *number = i;
            return TRUE;
        }
    }
    words = g_strjoinv(", ", (char **)key->words);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, _("%s: %s must be one of: %s."),
                key->name, quoted, words);
    return FALSE;
}

static gboolean
set_number(const DaemonConfigKey *key, guint *number, const char *value, GError **error)
{
    g_autofree char *quoted = text_quote(value);
    guint64 parsed;

    if (number_parse(value, key->maximum, &parsed, NULL) && parsed >= key->minimum) {
        *number = (guint)parsed;
        return TRUE;
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("%s: %s must be a number from %u to %u."), key->name, quoted, key->minimum,
                key->maximum);
    return FALSE;
}

static gboolean
set_mode(const DaemonConfigKey *key, guint *number, const char *value, GError **error)
{
    g_autofree char *quoted = text_quote(value);
    gsize length = strlen(value);

    if (length >= 3 && length <= 4 && strspn(value, "01234567") == length &&
        g_ascii_strtoull(value, NULL, 8) <= key->maximum) {
        *number = (guint)g_ascii_strtoull(value, NULL, 8);
        return TRUE;
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("%s: %s must be permissions in octal, such as 0770."), key->name, quoted);
    return FALSE;
}

static gboolean
check_filters(const DaemonConfigKey *key, const char *value, GError **error)
{
    g_autoptr(GHashTable) filters = daemon_log_filter_parse(value, error);

    if (filters == NULL)
        g_prefix_error(error, "%s: ", key->name);
    return filters != NULL;
}

static gboolean
is_text(const DaemonConfigKey *key)
{
    return key->kind == TEXT || key->kind == FILTERS;
}

guint
daemon_config_key_find(const char *name)
{
    guint index = 0;

    while (index < DAEMON_CONFIG_KEYS && strcmp(name, keys[index].name) != 0)
        index++;
    return index;
}

const char *
daemon_config_key_get_name(guint index)
{
    return keys[index].name;
}

gboolean
daemon_config_key_set(guint index, DaemonConfig *config, const char *value, GError **error)
{
    const DaemonConfigKey *key = &keys[index];

    switch (key->kind) {
    case NUMBER:
        return set_number(key, get_number(key, config), value, error);
    case WORD:
        return set_word(key, get_number(key, config), value, error);
    case MODE:
        return set_mode(key, get_number(key, config), value, error);
    case FILTERS:
        if (!check_filters(key, value, error))
            return FALSE;
        break;
    case TEXT:
        break;
    }
    g_free(*get_text(key, config));
    *get_text(key, config) = *value != '\0' ? g_strdup(value) : NULL;
    return TRUE;
}

void
daemon_config_key_set_default(guint index, DaemonConfig *config)
{
    if (!is_text(&keys[index]))
        *get_number(&keys[index], config) = keys[index].standard;
}

void
daemon_config_key_clear(guint index, DaemonConfig *config)
{
    if (is_text(&keys[index]))
        g_clear_pointer(get_text(&keys[index], config), g_free);
}
