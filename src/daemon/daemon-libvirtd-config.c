/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-libvirtd-config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "text-quote.h"
#include "zpci-error.h"

/* How libvirtd names ways to authenticate, and access drivers. */
static const char *const words[] = {
    [DAEMON_AUTH_NONE] = "none",
    [DAEMON_AUTH_POLKIT] = "polkit",
};

/* What a key of libvirtd says of us. */
typedef struct {
    const char *name;
    gsize offset; /* of the member in DaemonConfig */
    gboolean is_word;
    guint standard; /* libvirtd's default */
} Key;

#define MEMBER(name) #name, offsetof(DaemonConfig, name)

static const Key keys[] = {
    { MEMBER(auth_unix_ro), TRUE, DAEMON_AUTH_POLKIT },
    { MEMBER(auth_unix_rw), TRUE, DAEMON_AUTH_POLKIT },
    { MEMBER(access_drivers), TRUE, DAEMON_AUTH_NONE },
    { MEMBER(max_clients), FALSE, 5000 },
    { MEMBER(max_queued_clients), FALSE, 1000 },
    { MEMBER(max_anonymous_clients), FALSE, 20 },
};

#define MAX_NUMBER 100000

/* While a file is read. */
typedef struct {
    const char *path;
    GScanner *scanner;
    DaemonConfig *config;
    gboolean seen[G_N_ELEMENTS(keys)];
} Reading;

static guint *
get_member(const Key *key, DaemonConfig *config)
{
    return (guint *)(gpointer)((char *)config + key->offset);
}

static const Key *
find_key(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(name, keys[i].name) == 0)
            return &keys[i];
    }
    return NULL;
}

static gboolean
fail(const Reading *reading, const char *key, const char *problem, GError **error)
{
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED, "%s:%u: %s: %s", reading->path,
                reading->scanner->line, key, problem);
    return FALSE;
}

static gboolean
set_word(const Reading *reading, const Key *key, const char *word, GError **error)
{
    g_autofree char *quoted = text_quote(word);
    g_autofree char *problem = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(word, words[i]) == 0) {
            *get_member(key, reading->config) = i;
            return TRUE;
        }
    }
    problem =
        g_strdup_printf(_("Only libvirtd itself can do what %s asks for, so nothing can stand "
                          "in front of it. It can be \"none\" or \"polkit\"."),
                        quoted);
    return fail(reading, key->name, problem, error);
}

/* A list is for several access drivers; an empty one is none. */
static gboolean
set_list(Reading *reading, const Key *key, GError **error)
{
    GTokenType token;

    *get_member(key, reading->config) = DAEMON_AUTH_NONE;
    for (;;) {
        token = g_scanner_get_next_token(reading->scanner);
        if (token == G_TOKEN_RIGHT_BRACE)
            return TRUE;
        if (token == G_TOKEN_COMMA)
            continue;
        if (token != G_TOKEN_STRING)
            return fail(reading, key->name, _("This list does not end."), error);
        if (!set_word(reading, key, reading->scanner->value.v_string, error))
            return FALSE;
    }
}

static gboolean
set_value(Reading *reading, const Key *key, GError **error)
{
    GTokenType token = g_scanner_get_next_token(reading->scanner);
    const GTokenValue *value = &reading->scanner->value;

    if (reading->seen[key - keys])
        return fail(reading, key->name, _("This key is there twice."), error);
    reading->seen[key - keys] = TRUE;
    if (key->is_word && token == G_TOKEN_STRING)
        return set_word(reading, key, value->v_string, error);
    if (key->is_word && token == G_TOKEN_LEFT_BRACE)
        return set_list(reading, key, error);
    if (key->is_word || token != G_TOKEN_INT || value->v_int64 > MAX_NUMBER)
        return fail(reading, key->name, _("This is no value that libvirtd knows."), error);
    *get_member(key, reading->config) = (guint)value->v_int64;
    return TRUE;
}

/* Everything but our keys is libvirtd's own business. */
static gboolean
read_all(Reading *reading, GError **error)
{
    const Key *key;

    while (g_scanner_peek_next_token(reading->scanner) != G_TOKEN_EOF) {
        if (g_scanner_get_next_token(reading->scanner) != G_TOKEN_IDENTIFIER)
            continue;
        key = find_key(reading->scanner->value.v_identifier);
        if (key == NULL || g_scanner_peek_next_token(reading->scanner) != G_TOKEN_EQUAL_SIGN)
            continue;
        g_scanner_get_next_token(reading->scanner);
        if (!set_value(reading, key, error))
            return FALSE;
    }
    return TRUE;
}

static GScanner *
make_scanner(const char *text, gsize size)
{
    static const GScannerConfig config = {
        .cset_skip_characters = (char *)" \t\r\n",
        .cset_identifier_first = (char *)G_CSET_a_2_z "_" G_CSET_A_2_Z,
        .cset_identifier_nth = (char *)G_CSET_a_2_z "_-0123456789" G_CSET_A_2_Z,
        .cpair_comment_single = (char *)"#\n",
        .case_sensitive = TRUE,
        .skip_comment_single = TRUE,
        .scan_identifier = TRUE,
        .scan_identifier_1char = TRUE,
        .scan_string_sq = TRUE,
        .scan_string_dq = TRUE,
        .scan_octal = TRUE,
        .numbers_2_int = TRUE,
        .store_int64 = TRUE,
        .char_2_token = TRUE,
    };
    GScanner *scanner = g_scanner_new(&config);

    g_scanner_input_text(scanner, text, (guint)size);
    return scanner;
}

static gboolean
parse(const char *path, const char *text, gsize size, DaemonConfig *config, GError **error)
{
    Reading reading = { .path = path, .config = config };
    gboolean good;

    reading.scanner = make_scanner(text, size);
    good = read_all(&reading, error);
    g_scanner_destroy(reading.scanner);
    return good;
}

static gboolean
read_file(const char *path, char **text, gsize *size, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (!g_file_get_contents(path, text, size, &problem)) {
        if (g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            return TRUE;
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
                    _("The configuration of libvirtd cannot be read: %s."), problem->message);
        return FALSE;
    }
    if (*size <= DAEMON_LIBVIRTD_CONFIG_MAX_SIZE)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("%s has %zu bytes; at most %d are read."), path, *size,
                DAEMON_LIBVIRTD_CONFIG_MAX_SIZE);
    return FALSE;
}

gboolean
daemon_libvirtd_config_load(const char *path, DaemonConfig *config, GError **error)
{
    DaemonConfig loaded = *config;
    g_autofree char *text = NULL;
    gsize size = 0;

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        *get_member(&keys[i], &loaded) = keys[i].standard;
    if (!read_file(path, &text, &size, error) ||
        (text != NULL && !parse(path, text, size, &loaded, error)))
        return FALSE;
    *config = loaded;
    return TRUE;
}
