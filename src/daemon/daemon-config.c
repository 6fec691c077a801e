/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "number.h"
#include "text-quote.h"
#include "zpci-error.h"

#define CONFIG_GROUP "virtzpcid"

static gboolean
daemon_config_set_vfio_read(DaemonConfig *config, const char *value, GError **error)
{
    static const char *const names[] = {
        [ZPCI_VFIO_READ_LAZY] = "lazy",
        [ZPCI_VFIO_READ_EXPLICIT] = "explicit",
        [ZPCI_VFIO_READ_NEVER] = "never",
    };
    g_autofree char *quoted = text_quote(value);

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(value, names[i]) == 0) {
            config->vfio_read = i;
            return TRUE;
        }
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("%s must be lazy, explicit or never."), quoted);
    return FALSE;
}

static gboolean
daemon_config_set_settle(DaemonConfig *config, const char *value, GError **error)
{
    guint64 seconds;

    if (!number_parse(value, DAEMON_CONFIG_MAX_SETTLE_SECONDS, &seconds, error))
        return FALSE;
    config->vfio_settle_seconds = (guint)seconds;
    return TRUE;
}

static const struct {
    const char *name;
    gboolean (*set)(DaemonConfig *config, const char *value, GError **error);
} keys[] = {
    { "vfio_read", daemon_config_set_vfio_read },
    { "vfio_settle_seconds", daemon_config_set_settle },
};

/* GKeyFile keeps no line numbers, and a person needs one. Returns 0 if there is no such line. */
static guint
daemon_config_find_line(const char *text, const char *begin)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(g_strstrip(lines[i]), begin))
            return i + 1;
    }
    return 0;
}

static gboolean
daemon_config_set(DaemonConfig *config, const char *key, const char *value, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(key, keys[i].name) == 0)
            return keys[i].set(config, value, error);
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("There is no such key; virtzpcid.conf(5) lists those that are."));
    return FALSE;
}

static gboolean
daemon_config_read_keys(GKeyFile *file, const char *text, const char *path, DaemonConfig *config,
                        GError **error)
{
    g_auto(GStrv) names = g_key_file_get_keys(file, CONFIG_GROUP, NULL, NULL);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *value = g_key_file_get_string(file, CONFIG_GROUP, names[i], NULL);

        if (!daemon_config_set(config, names[i], value != NULL ? value : "", error)) {
            g_prefix_error(error, "%s:%u: %s: ", path, daemon_config_find_line(text, names[i]),
                           names[i]);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
daemon_config_check_groups(GKeyFile *file, const char *text, const char *path, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

    for (guint i = 0; groups[i] != NULL; i++) {
        g_autofree char *heading = g_strconcat("[", groups[i], "]", NULL);

        if (strcmp(groups[i], CONFIG_GROUP) == 0)
            continue;
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s:%u: There is no group %s; all keys belong to [%s]."), path,
                    daemon_config_find_line(text, heading), heading, CONFIG_GROUP);
        return FALSE;
    }
    return TRUE;
}

static gboolean
daemon_config_parse(const char *text, const char *path, DaemonConfig *config, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) problem = NULL;

    if (!g_key_file_load_from_data(file, text, (gsize)-1, G_KEY_FILE_NONE, &problem)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED, "%s: %s.", path, problem->message);
        return FALSE;
    }
    return daemon_config_check_groups(file, text, path, error) &&
           daemon_config_read_keys(file, text, path, config, error);
}

/* @text: (out) (nullable): %NULL if there is no file and need not be one. */
static gboolean
daemon_config_read(const char *path, gboolean required, char **text, GError **error)
{
    g_autoptr(GError) problem = NULL;
    gsize length;

    *text = NULL;
    if (!g_file_get_contents(path, text, &length, &problem)) {
        if (!required && g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            return TRUE;
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE, "%s.", problem->message);
        return FALSE;
    }
    if (length <= DAEMON_CONFIG_MAX_SIZE && strlen(*text) == length)
        return TRUE;
    g_clear_pointer(text, g_free);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("%s is no text of at most %u bytes, as a configuration is."), path,
                DAEMON_CONFIG_MAX_SIZE);
    return FALSE;
}

gboolean
daemon_config_load(const char *path, DaemonConfig *config, GError **error)
{
    DaemonConfig loaded = { ZPCI_VFIO_READ_LAZY, ZPCI_HOST_DEFAULT_SETTLE_SECONDS };
    const char *file = path != NULL ? path : CONFIG_PATH;
    g_autofree char *text = NULL;

    if (!daemon_config_read(file, path != NULL, &text, error) ||
        (text != NULL && !daemon_config_parse(text, file, &loaded, error)))
        return FALSE;
    *config = loaded;
    return TRUE;
}
