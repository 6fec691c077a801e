/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "text-quote.h"
#include "tool-columns.h"
#include "tool-difference.h"
#include "tool-json.h"
#include "tool.h"

/* What is compared besides the driver, which can go and come. */
#define COLUMNS "state,uid,uid_unique,driver"

/* One look for a burst of events: udev tells several times of one device that comes. */
#define SETTLE_MS 100

typedef struct {
    gboolean as_json;
} ToolWatchOptions;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolWatchOptions, as_json),
      N_("Print a JSON object for each line"), NULL },
    G_OPTION_ENTRY_NULL,
};

/* @last: the functions as they were told of; @status: what the command ends with */
typedef struct {
    gboolean as_json;
    ZpciInventory *inventory;
    GPtrArray *columns;
    ZpciTable *last;
    GMainLoop *loop;
    guint settling;
    ToolStatus status;
} ToolWatch;

/* What is told in one line. @column: (nullable): which column changed, from @before to @after; of
 * others @after is the detail, %NULL for none */
typedef struct {
    const ZpciRow *row;
    const char *event;
    const ZpciColumn *column;
    const char *before;
    const char *after;
} ToolWatchEvent;

/* Returns (transfer full): now, as ISO 8601 has it, in the time of this place. */
static char *
tool_watch_get_time(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();

    return g_date_time_format(now, "%Y-%m-%dT%H:%M:%S%z");
}

/* @detail: (nullable): the name of the member that has what else is to be said */
static void
tool_watch_print_json(const ToolWatchEvent *event, const char *detail)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *time = tool_watch_get_time();
    g_autofree char *text = NULL;

    json_builder_begin_object(builder);
    tool_json_add_text(builder, "time", time);
    tool_json_add_text(builder, "event", event->event);
    tool_json_add_column(builder, "fid", event->row);
    tool_json_add_text(builder, "name", event->row->name);
    if (event->column != NULL) {
        tool_json_add_text(builder, "column", event->column->name);
        tool_json_add_text(builder, "before", event->before);
        tool_json_add_text(builder, "after", event->after);
    } else if (detail != NULL) {
        tool_json_add_text(builder, detail, event->after);
    }
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    text = json_to_string(root, FALSE);
    puts(text);
}

static void
tool_watch_print_text(const ToolWatchEvent *event)
{
    g_autofree char *time = tool_watch_get_time();
    g_autofree char *fid = zpci_column_format(zpci_column_find("fid"), event->row);
    g_autofree char *before = event->before != NULL ? text_quote_escape(event->before) : NULL;
    g_autofree char *after = event->after != NULL ? text_quote_escape(event->after) : NULL;

    printf("%s %s %s %s", time, fid != NULL ? fid : "-", event->row->name, event->event);
    if (event->column != NULL)
        printf(" %s %s -> %s\n", event->column->name, before, after);
    else
        printf("%s%s\n", after != NULL ? " " : "", after != NULL ? after : "");
}

static void
tool_watch_print(const ToolWatch *watch, const ToolWatchEvent *event, const char *detail)
{
    if (watch->as_json)
        tool_watch_print_json(event, detail);
    else
        tool_watch_print_text(event);
}

/* Returns (transfer full) (nullable): its driver; @row may be NULL. */
static char *
tool_watch_get_driver(const ZpciRow *row)
{
    g_auto(GStrv) values = row != NULL ? zpci_column_get(zpci_column_find("driver"), row) : NULL;

    return values != NULL ? g_strdup(values[0]) : NULL;
}

static void
tool_watch_tell_driver(const ToolWatch *watch, const ToolDifference *difference)
{
    g_autofree char *old = tool_watch_get_driver(difference->before);
    g_autofree char *new = tool_watch_get_driver(difference->after);
    const ZpciRow *row = difference->after;

    if (row == NULL || zpci_function_is_standby(row->function) || g_strcmp0(old, new) == 0)
        return;
    if (old != NULL)
        tool_watch_print(watch, &(ToolWatchEvent){ row, "unbound", NULL, NULL, old }, "driver");
    if (new != NULL)
        tool_watch_print(watch, &(ToolWatchEvent){ row, "bound", NULL, NULL, new }, "driver");
}

static void
tool_watch_tell_column(const ToolWatch *watch, const ToolDifference *difference,
                       const ZpciColumn *column)
{
    g_auto(GStrv) old = zpci_column_get(column, difference->before);
    g_auto(GStrv) new = zpci_column_get(column, difference->after);
    gboolean is_standby = zpci_function_is_standby(difference->after->function);

    if (g_str_equal(column->name, "state"))
        tool_watch_print(watch,
                         &(ToolWatchEvent){ difference->after,
                                            is_standby ? "deconfigured" : "configured", NULL, NULL,
                                            NULL },
                         NULL);
    else if (!g_str_equal(column->name, "driver"))
        tool_watch_print(
            watch, &(ToolWatchEvent){ difference->after, "changed", column, old[0], new[0] }, NULL);
}

static void
tool_watch_tell(const ToolWatch *watch, const ToolDifference *difference)
{
    g_auto(GStrv) state = NULL;

    if (difference->after == NULL) {
        tool_watch_print(watch, &(ToolWatchEvent){ difference->before, "went", NULL, NULL, NULL },
                         NULL);
        return;
    }
    if (difference->before == NULL) {
        state = zpci_column_get(zpci_column_find("state"), difference->after);
        tool_watch_print(
            watch, &(ToolWatchEvent){ difference->after, "came", NULL, NULL, state[0] }, "state");
    }
    for (guint i = 0; i < difference->columns->len; i++)
        tool_watch_tell_column(watch, difference, g_ptr_array_index(difference->columns, i));
    tool_watch_tell_driver(watch, difference);
}

/* Each line is there when it has happened. Who does not want any more is no failure. */
static void
tool_watch_flush(ToolWatch *watch)
{
    if (fflush(stdout) == 0)
        return;
    if (errno == EPIPE)
        clearerr(stdout);
    g_main_loop_quit(watch->loop);
}

static ZpciTable *
tool_watch_look(const ToolWatch *watch, GError **error)
{
    return zpci_table_read(watch->inventory, NULL, ZPCI_STATE_ANY, watch->columns, error);
}

static gboolean
tool_watch_on_settled(gpointer data)
{
    ToolWatch *watch = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) differences = NULL;
    ZpciTable *now = tool_watch_look(watch, &error);

    watch->settling = 0;
    if (now == NULL) {
        watch->status = tool_fail(error);
        g_main_loop_quit(watch->loop);
        return G_SOURCE_REMOVE;
    }
    differences = tool_difference_find(watch->last, now, watch->columns, FALSE);
    for (guint i = 0; i < differences->len; i++)
        tool_watch_tell(watch, g_ptr_array_index(differences, i));
    g_clear_pointer(&differences, g_ptr_array_unref);
    zpci_table_free(watch->last);
    watch->last = now;
    tool_watch_flush(watch);
    return G_SOURCE_REMOVE;
}

static void
tool_watch_on_event(ZpciEvent event G_GNUC_UNUSED, const char *name G_GNUC_UNUSED, gpointer data)
{
    ToolWatch *watch = data;

    if (watch->settling == 0)
        watch->settling = g_timeout_add(SETTLE_MS, tool_watch_on_settled, watch);
}

static gboolean
tool_watch_on_signal(gpointer data)
{
    g_main_loop_quit(((ToolWatch *)data)->loop);
    return G_SOURCE_CONTINUE;
}

/* Nobody reads standard output any more, and without an event we would not write to it. */
static gboolean
tool_watch_on_closed(int descriptor G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
                     gpointer data)
{
    g_main_loop_quit(((ToolWatch *)data)->loop);
    return G_SOURCE_REMOVE;
}

static ToolStatus
tool_watch_run_loop(ToolWatch *watch)
{
    guint functions = watch->last->rows->len;

    watch->loop = g_main_loop_new(NULL, FALSE);
    signal(SIGPIPE, SIG_IGN);
    g_unix_signal_add(SIGINT, tool_watch_on_signal, watch);
    g_unix_signal_add(SIGTERM, tool_watch_on_signal, watch);
    g_unix_fd_add(STDOUT_FILENO, G_IO_ERR | G_IO_HUP, tool_watch_on_closed, watch);
    fprintf(stderr,
            g_dngettext(GETTEXT_PACKAGE, "virt-zpci: %u function is watched.\n",
                        "virt-zpci: %u functions are watched.\n", functions),
            functions);
    g_main_loop_run(watch->loop);
    g_main_loop_unref(watch->loop);
    if (watch->settling != 0)
        g_source_remove(watch->settling);
    return watch->status;
}

/* Listen first, then look: what happens in between is found, not missed. */
static ToolStatus
tool_watch_host(ToolWatch *watch)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciMonitor) monitor =
        zpci_monitor_new(watch->inventory, tool_watch_on_event, watch, NULL, &error);
    ToolStatus status;

    if (monitor != NULL)
        watch->last = tool_watch_look(watch, &error);
    if (watch->last == NULL)
        return tool_fail(error);
    zpci_monitor_start(monitor);
    status = tool_watch_run_loop(watch);
    zpci_table_free(watch->last);
    return status;
}

static ToolStatus
tool_watch_run(const char *root, gconstpointer data, char **arguments G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = NULL;
    g_autoptr(GPtrArray) columns = NULL;
    const ToolWatchOptions *options = data;
    ToolWatch watch = { .as_json = options->as_json, .status = TOOL_OK };

    if (root != NULL) {
        fprintf(stderr, "virt-zpci: %s\n",
                _("Nothing happens on a captured host; \"virt-zpci diff\" compares two."));
        return TOOL_USAGE;
    }
    inventory = tool_open_inventory(NULL, &error);
    if (inventory == NULL)
        return tool_fail(error);
    columns = tool_columns_parse(COLUMNS, NULL, NULL);
    watch.inventory = inventory;
    watch.columns = columns;
    return tool_watch_host(&watch);
}

const ToolCommand tool_watch_command = {
    .name = "watch",
    .arguments = "",
    .summary = N_("Tell what happens to the functions of this machine, as it happens"),
    .description = N_(
        "One line for each event: the time, the FID, the node device, and what happened: came,\n"
        "went, configured, deconfigured, bound or unbound with the driver, or changed with what\n"
        "changed. It ends with Ctrl-C, or when nobody reads it any more.\n\n"
        "Example:  virt-zpci watch --json | jq -r 'select(.event == \"came\").name'"),
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolWatchOptions),
    .takes_root = FALSE,
    .minimum = 0,
    .maximum = 0,
    .run = tool_watch_run,
};
