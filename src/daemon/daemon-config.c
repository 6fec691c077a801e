/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "system-error.h"
#include "text-quote.h"
#include "zpci-error.h"

#define CONFIG_HEADING "[virtzpcid]"

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
                _("vfio_read: %s must be lazy, explicit or never."), quoted);
    return FALSE;
}

static gboolean
daemon_config_set_settle(DaemonConfig *config, const char *value, GError **error)
{
    g_autofree char *quoted = text_quote(value);
    guint64 seconds;

    if (!number_parse(value, DAEMON_CONFIG_MAX_SETTLE_SECONDS, &seconds, NULL)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("vfio_settle_seconds: %s must be a number of seconds from 0 to %u."), quoted,
                    DAEMON_CONFIG_MAX_SETTLE_SECONDS);
        return FALSE;
    }
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

/* Where a file has been read to. GKeyFile would keep no line numbers and let the last of two equal
 * keys win in silence. */
typedef struct {
    DaemonConfig *config;
    /* The lines that had them; 0 for not yet. */
    guint heading;
    guint seen[G_N_ELEMENTS(keys)];
    guint line;
} DaemonConfigReading;

/* Notes that what belongs to @seen is in this line; it may be there once. */
static gboolean
daemon_config_see(const DaemonConfigReading *reading, guint *seen, const char *what, GError **error)
{
    if (*seen != 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s is there already, in line %u."), what, *seen);
        return FALSE;
    }
    *seen = reading->line;
    return TRUE;
}

static gboolean
daemon_config_read_heading(DaemonConfigReading *reading, const char *heading, GError **error)
{
    g_autofree char *quoted = text_quote(heading);

    if (strcmp(heading, CONFIG_HEADING) == 0)
        return daemon_config_see(reading, &reading->heading, CONFIG_HEADING, error);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("There is no group %s; all keys belong to %s."), quoted, CONFIG_HEADING);
    return FALSE;
}

static gboolean
daemon_config_read_key(DaemonConfigReading *reading, const char *key, const char *value,
                       GError **error)
{
    g_autofree char *quoted = text_quote(key);

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(key, keys[i].name) != 0)
            continue;
        if (reading->heading != 0)
            return daemon_config_see(reading, &reading->seen[i], keys[i].name, error) &&
                   keys[i].set(reading->config, value, error);
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s has to stand below a line %s."), keys[i].name, CONFIG_HEADING);
        return FALSE;
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("There is no key %s; virtzpcid.conf(5) lists those that there are."), quoted);
    return FALSE;
}

/* @line: without blanks around it; written to. */
static gboolean
daemon_config_read_line(DaemonConfigReading *reading, char *line, GError **error)
{
    char *equals = strchr(line, '=');
    g_autofree char *quoted = NULL;

    if (line[0] == '\0' || line[0] == '#')
        return TRUE;
    if (line[0] == '[')
        return daemon_config_read_heading(reading, line, error);
    if (equals != NULL) {
        *equals = '\0';
        return daemon_config_read_key(reading, g_strchomp(line), g_strchug(equals + 1), error);
    }
    quoted = text_quote(line);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("%s is neither a key with = and a value, nor a heading, nor a comment."), quoted);
    return FALSE;
}

static gboolean
daemon_config_parse(const char *text, const char *path, DaemonConfig *config, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    DaemonConfigReading reading = { .config = config };

    while (lines[reading.line] != NULL) {
        char *line = g_strstrip(lines[reading.line++]);

        if (!daemon_config_read_line(&reading, line, error)) {
            g_prefix_error(error, "%s:%u: ", path, reading.line);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
daemon_config_read_stream(FILE *stream, const char *path, char **text, GError **error)
{
    g_autofree char *buffer = g_malloc(DAEMON_CONFIG_MAX_SIZE + 1);
    gsize length = fread(buffer, 1, DAEMON_CONFIG_MAX_SIZE + 1, stream);

    if (ferror(stream)) {
        system_error_set(error, errno, _("Reading %s failed"), path);
        return FALSE;
    }
    if (length > DAEMON_CONFIG_MAX_SIZE || !g_utf8_validate(buffer, (gssize)length, NULL)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("%s is no text of at most %u bytes, as a configuration is."), path,
                    DAEMON_CONFIG_MAX_SIZE);
        return FALSE;
    }
    buffer[length] = '\0';
    *text = g_steal_pointer(&buffer);
    return TRUE;
}

/* @text: (out) (nullable): %NULL if there is no file and need not be one. */
static gboolean
daemon_config_read(const char *path, gboolean required, char **text, GError **error)
{
    FILE *stream = fopen(path, "rbe");
    gboolean read;

    if (stream == NULL && errno == ENOENT && !required) {
        *text = NULL;
        return TRUE;
    }
    if (stream == NULL) {
        system_error_set(error, errno, _("Opening %s failed"), path);
        return FALSE;
    }
    read = daemon_config_read_stream(stream, path, text, error);
    fclose(stream);
    return read;
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
