/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-hosts.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "patient-call.h"
#include "text-quote.h"
#include "zpci-error.h"
#include "zpci-remote.h"

/* Seconds. */
#define DEFAULT_TIME_OUT 30
#define MAX_TIME_OUT (24 * 3600)

const GOptionEntry tool_hosts_entries[] = {
    { "connect", 'c', 0, G_OPTION_ARG_STRING_ARRAY, TOOL_OPTION(ToolHostsOptions, uris),
      N_("Ask libvirt at URI instead of this machine; may be given several times"), N_("URI") },
    { "time-out", 't', 0, G_OPTION_ARG_INT, TOOL_OPTION(ToolHostsOptions, time_out),
      N_("How long to wait for hosts; 30 by default"), N_("SECONDS") },
    G_OPTION_ENTRY_NULL,
};

/* @label: how the host is called */
typedef struct {
    char *label;
    PatientCall *call;
} ToolHost;

/* What the thread of one host gets. */
typedef struct {
    char *uri;
    ZpciStates states;
} ToolHostQuestion;

static void
tool_hosts_free_host(gpointer data)
{
    ToolHost *host = data;

    g_free(host->label);
    patient_call_free(host->call);
    g_free(host);
}

static void
tool_hosts_free_question(gpointer data)
{
    ToolHostQuestion *question = data;

    g_free(question->uri);
    g_free(question);
}

static int
tool_hosts_get_seconds(const ToolHostsOptions *options)
{
    return options->time_out != 0 ? options->time_out : DEFAULT_TIME_OUT;
}

gboolean
tool_hosts_are_several(const ToolHostsOptions *options)
{
    return options->uris != NULL && g_strv_length(options->uris) > 1;
}

gboolean
tool_hosts_check(const ToolHostsOptions *options, const char *root, GError **error)
{
    g_autofree char *problem = NULL;

    if (options->uris == NULL && options->time_out == 0)
        return TRUE;
    if (options->uris == NULL)
        problem = g_strdup(_("--time-out needs --connect."));
    else if (root != NULL)
        problem = g_strdup(_("--connect and --root exclude each other."));
    else if (g_strv_length(options->uris) > TOOL_HOSTS_MAX)
        problem = g_strdup_printf(_("--connect was given more than %d times."), TOOL_HOSTS_MAX);
    else if (options->time_out < 0 || options->time_out > MAX_TIME_OUT)
        problem = g_strdup_printf(_("The option --time-out is a number of seconds from 1 to %d."),
                                  MAX_TIME_OUT);
    if (problem != NULL)
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, problem);
    return problem == NULL;
}

/* Returns (transfer full) (nullable): the host that is named in the URI. */
static char *
tool_hosts_get_server(const char *text)
{
    g_autoptr(GUri) parsed = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
    const char *server = parsed != NULL ? g_uri_get_host(parsed) : NULL;

    return server != NULL && server[0] != '\0' ? g_strdup(server) : NULL;
}

/* Returns (transfer full): what no other of the hosts is called. */
static char *
tool_hosts_make_label(char **uris, guint index)
{
    g_autofree char *server = tool_hosts_get_server(uris[index]);

    for (guint i = 0; server != NULL && uris[i] != NULL; i++) {
        g_autofree char *other = tool_hosts_get_server(uris[i]);

        if (i != index && g_strcmp0(server, other) == 0)
            g_clear_pointer(&server, g_free);
    }
    return server != NULL ? g_steal_pointer(&server) : g_strdup(uris[index]);
}

static void *
tool_hosts_ask(gpointer data, GError **error)
{
    const ToolHostQuestion *question = data;
    sigset_t broken_pipe;

    /* libvirt writes to a transport that may have ended; that shall not end the other hosts, too.
     */
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, NULL);
    return zpci_remote_read(question->uri, question->states, error);
}

/* Returns (transfer full) (element-type ToolHost): all hosts, which are being asked. */
static GPtrArray *
tool_hosts_start(const ToolHostsOptions *options, ZpciStates states)
{
    GPtrArray *hosts = g_ptr_array_new_with_free_func(tool_hosts_free_host);

    for (guint i = 0; options->uris[i] != NULL; i++) {
        ToolHost *host = g_new0(ToolHost, 1);
        ToolHostQuestion *question = g_new0(ToolHostQuestion, 1);

        question->uri = g_strdup(options->uris[i]);
        question->states = states;
        host->label = tool_hosts_make_label(options->uris, i);
        host->call = patient_call_start(tool_hosts_ask, question, tool_hosts_free_question,
                                        (GDestroyNotify)g_ptr_array_unref);
        g_ptr_array_add(hosts, host);
    }
    return hosts;
}

/* Returns: how many have not answered at @until. */
static guint
tool_hosts_wait(const GPtrArray *hosts, gint64 until)
{
    guint missing = 0;

    for (guint i = 0; i < hosts->len; i++) {
        const ToolHost *host = g_ptr_array_index(hosts, i);

        if (!patient_call_wait(host->call, until))
            missing++;
    }
    return missing;
}

/* Whoever sits at a terminal sees each second what it waits for. */
static void
tool_hosts_wait_for_all(const GPtrArray *hosts, int seconds)
{
    gint64 now = g_get_monotonic_time();
    gint64 end = now + seconds * G_TIME_SPAN_SECOND;
    gboolean is_shown = FALSE;
    guint missing;

    if (!isatty(STDERR_FILENO)) {
        tool_hosts_wait(hosts, end);
        return;
    }
    while ((missing = tool_hosts_wait(hosts, MIN(end, now + G_TIME_SPAN_SECOND))) > 0 &&
           (now = g_get_monotonic_time()) < end) {
        fputs("\r", stderr);
        fprintf(stderr, _("Waiting for %u of %u hosts"), missing, hosts->len);
        fputs("\033[K", stderr);
        is_shown = TRUE;
    }
    if (is_shown)
        fputs("\r\033[K", stderr);
}

/* Returns (transfer full) (nullable): the host's functions; %NULL after a line that says why. */
static GPtrArray *
tool_hosts_take(const ToolHost *host, int seconds)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *quoted = text_quote(host->label);
    GPtrArray *rows = NULL;

    if (patient_call_wait(host->call, 0))
        rows = patient_call_take(host->call, &problem);
    else
        g_set_error(&problem, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                    _("It has not answered within %d seconds."), seconds);
    if (rows == NULL)
        fprintf(stderr, _("virt-zpci: The host %s is left out. %s\n"), quoted, problem->message);
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        ((ZpciRow *)g_ptr_array_index(rows, i))->host = g_strdup(host->label);
    return rows;
}

/* Returns (transfer full): the functions of the hosts that are named. */
static ZpciTable *
tool_hosts_read_named(const ToolHostsOptions *options, ZpciStates states, GPtrArray *columns,
                      ToolStatus *status)
{
    int seconds = tool_hosts_get_seconds(options);
    g_autoptr(GPtrArray) hosts = tool_hosts_start(options, states);
    ZpciTable *table = zpci_table_new(
        g_ptr_array_ref(columns), g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref));

    tool_hosts_wait_for_all(hosts, seconds);
    for (guint i = 0; i < hosts->len; i++) {
        GPtrArray *rows = tool_hosts_take(g_ptr_array_index(hosts, i), seconds);

        if (rows == NULL)
            *status = TOOL_PARTLY;
        else
            zpci_table_append(table, rows);
    }
    return table;
}

ZpciTable *
tool_hosts_read(const ToolHostsOptions *options, const char *root, ZpciStates states,
                GPtrArray *columns, ToolStatus *status, GError **error)
{
    g_autoptr(ZpciInventory) inventory = NULL;

    *status = TOOL_OK;
    if (options->uris != NULL)
        return tool_hosts_read_named(options, states, columns, status);
    inventory = tool_open_inventory(root, error);
    return inventory != NULL ? zpci_table_read(inventory, NULL, states, columns, error) : NULL;
}

void
tool_hosts_explain_none(const ToolHostsOptions *options)
{
    fprintf(stderr, "virt-zpci: %s\n",
            options->uris != NULL ? _("There are no zPCI functions there.")
                                  : _("This host has no zPCI functions."));
}

char *
tool_hosts_format_name(const ZpciRow *row)
{
    g_autofree char *host = row->host != NULL ? text_quote_escape(row->host) : NULL;

    return host != NULL ? g_strdup_printf(_("%s of %s"), row->name, host) : g_strdup(row->name);
}
