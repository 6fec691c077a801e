/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "daemon-config-key.h"
#include "system-error.h"
#include "text-quote.h"
#include "zpci-error.h"

#define CONFIG_HEADING "[virtzpcid]"

/* Where a file has been read to. GKeyFile would keep no line numbers and let the last of two equal
 * keys win in silence. */
typedef struct {
    DaemonConfig *config;
    /* The lines that had them; 0 for not yet. */
    guint heading;
    guint seen[DAEMON_CONFIG_KEYS];
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
    guint index = daemon_config_key_find(key);
    g_autofree char *quoted = text_quote(key);

    if (index == DAEMON_CONFIG_KEYS) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("There is no key %s; virtzpcid.conf(5) lists all keys."), quoted);
        return FALSE;
    }
    if (reading->heading == 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s has to stand below a line %s."), key, CONFIG_HEADING);
        return FALSE;
    }
    return daemon_config_see(reading, &reading->seen[index], daemon_config_key_get_name(index),
                             error) &&
           daemon_config_key_set(index, reading->config, value, error);
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

void
daemon_config_set_defaults(DaemonConfig *config)
{
    for (guint i = 0; i < DAEMON_CONFIG_KEYS; i++)
        daemon_config_key_set_default(i, config);
}

void
daemon_config_clear(DaemonConfig *config)
{
    for (guint i = 0; i < DAEMON_CONFIG_KEYS; i++)
        daemon_config_key_clear(i, config);
}

gboolean
daemon_config_load(const char *path, DaemonConfig *config, GError **error)
{
    g_auto(DaemonConfig) loaded = { 0 };
    const char *file = path != NULL ? path : CONFIG_PATH;
    g_autofree char *text = NULL;

    daemon_config_set_defaults(&loaded);
    if (!daemon_config_read(file, path != NULL, &text, error) ||
        (text != NULL && !daemon_config_parse(text, file, &loaded, error)))
        return FALSE;
    *config = loaded;
    loaded = (DaemonConfig){ 0 };
    return TRUE;
}
