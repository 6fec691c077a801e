/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text-quote.h"
#include "tool-spelling.h"
#include "tool.h"
#include "translation.h"

static const ToolCommand *const commands[] = {
    &tool_list_command,      &tool_show_command,        &tool_tree_command,
    &tool_groups_command,    &tool_paths_command,       &tool_dumpxml_command,
    &tool_diff_command,      &tool_watch_command,       &tool_stat_command,
    &tool_decode_command,    &tool_probe_command,       &tool_capture_command,
    &tool_configure_command, &tool_deconfigure_command, &tool_hostdev_command,
    &tool_attach_command,    &tool_detach_command,      &tool_check_command,
    &tool_validate_command,  &tool_export_command,      &tool_page_command,
    &tool_uri_command,
};

static const ToolCommand *
find_command(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static char *
describe_commands(void)
{
    GString *text = g_string_new(_("Commands:\n"));

    for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
        g_string_append_printf(text, "  %-11s %s\n", commands[i]->name, _(commands[i]->summary));
    g_string_append(text, _("\n\"virt-zpci COMMAND --help\" explains a command; virt-zpci(1) has "
                            "examples."));
    return g_string_free(text, FALSE);
}

/* An output that did not arrive is a failure, also that of --help, which ends the program within
 * GLib; so this runs at exit. Closing a standard output that was never there fails with EBADF,
 * which matters only if there was something to write. */
static void
close_output(void)
{
    gboolean lost = ferror(stdout) != 0;

    errno = 0;
    if (fflush(stdout) != 0)
        lost = TRUE;
    else if (fclose(stdout) != 0 && errno != EBADF)
        lost = TRUE;
    if (!lost)
        return;
    fprintf(stderr, "virt-zpci: %s%s%s\n", _("Writing to standard output failed"),
            errno != 0 ? ": " : ".", errno != 0 ? g_strerror(errno) : "");
    _exit(TOOL_FAILED);
}

static ToolStatus
fail_usage(const char *message, const char *command)
{
    fprintf(stderr, "virt-zpci: %s\n", message);
    fprintf(stderr, _("Try \"virt-zpci%s%s --help\".\n"), command != NULL ? " " : "",
            command != NULL ? command : "");
    return TOOL_USAGE;
}

/* The word for an argument in the line on how a command is used: the one at @index, the last one
 * again if there may be several. */
static char *
get_argument_name(const ToolCommand *command, int index)
{
    g_auto(GStrv) words = g_strsplit(_(command->arguments), " ", 0);
    guint last = g_strv_length(words) - 1;

    return g_strdelimit(g_strdup(words[MIN((guint)index, last)]), "[]…", ' ');
}

/* (transfer full) (nullable): what is wrong with the number of arguments. */
static char *
complain_of_arguments(const ToolCommand *command, int count, char **arguments)
{
    g_autofree char *name = NULL;
    g_autofree char *quoted = NULL;

    if (count < command->minimum) {
        name = get_argument_name(command, count);
        return g_strdup_printf(_("The command %s needs an argument: %s is missing."), command->name,
                               g_strstrip(name));
    }
    if (command->maximum < 0 || count <= command->maximum)
        return NULL;
    quoted = text_quote(arguments[command->maximum]);
    if (command->maximum == 0)
        return g_strdup_printf(_("The command %s takes no arguments; %s is too many."),
                               command->name, quoted);
    return g_strdup_printf(_("The command %s takes %s and no more; %s is too many."), command->name,
                           _(command->arguments), quoted);
}

static char *
complain_of_command(const char *name)
{
    const char *names[G_N_ELEMENTS(commands) + 1] = { NULL };
    g_autofree char *quoted = text_quote(name);
    const char *guess;

    for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
        names[i] = commands[i]->name;
    guess = tool_spelling_guess(name, names);
    return guess != NULL
               ? g_strdup_printf(_("There is no command %s; did you mean %s?"), quoted, guess)
               : g_strdup_printf(_("There is no command %s."), quoted);
}

static char *
describe_command(const ToolCommand *command)
{
    g_autofree char *more = command->describe != NULL ? command->describe() : NULL;

    return more != NULL ? g_strconcat(_(command->description), "\n\n", more, NULL)
                        : g_strdup(_(command->description));
}

static void
clear_options(const ToolCommand *command, gpointer options)
{
    for (guint i = 0; command->options[i].entries != NULL; i++)
        tool_options_clear(&command->options[i], options);
}

static ToolStatus
run_command(const ToolCommand *command, gpointer options, const char *root, int argc, char **argv)
{
    g_autofree char *own_root = NULL;
    g_autofree char *program = g_strconcat("virt-zpci ", command->name, NULL);
    g_autofree char *complaint = NULL;
    g_autofree char *description = NULL;
    g_autoptr(GOptionContext) context = NULL;
    g_autoptr(GError) problem = NULL;
    const GOptionEntry root_entries[] = {
        { "root", 'R', 0, G_OPTION_ARG_FILENAME, &own_root,
          N_("Read the captured host in DIR instead of this machine"), N_("DIR") },
        G_OPTION_ENTRY_NULL,
    };

    g_set_prgname(program);
    context = g_option_context_new(command->arguments);
    g_option_context_set_summary(context, _(command->summary));
    description = describe_command(command);
    g_option_context_set_description(context, description);
    for (guint i = 0; command->options[i].entries != NULL; i++)
        tool_options_add(context, &command->options[i], options);
    if (command->takes_root)
        g_option_context_add_main_entries(context, root_entries, GETTEXT_PACKAGE);

    if (!g_option_context_parse(context, &argc, &argv, &problem))
        return fail_usage(problem->message, command->name);
    complaint = complain_of_arguments(command, argc - 1, argv + 1);
    if (complaint != NULL)
        return fail_usage(complaint, command->name);
    return command->run(own_root != NULL ? own_root : root, options, argv + 1);
}

static GOptionContext *
new_main_context(const GOptionEntry *entries)
{
    GOptionContext *context = g_option_context_new(_("COMMAND [ARGUMENT…]"));
    g_autofree char *description = describe_commands();

    g_option_context_set_summary(
        context,
        _("Shows the zPCI functions of an IBM Z host: UID, FID, function group and limits."));
    g_option_context_set_description(context, description);
    g_option_context_set_strict_posix(context, TRUE);
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    return context;
}

int
main(int argc, char **argv)
{
    g_autofree char *root = NULL;
    gboolean version = FALSE;
    const GOptionEntry entries[] = {
        { "root", 'R', 0, G_OPTION_ARG_FILENAME, &root,
          N_("Read the captured host in DIR instead of this machine"), N_("DIR") },
        { "version", 'V', 0, G_OPTION_ARG_NONE, &version, N_("Show the version"), NULL },
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = NULL;
    g_autoptr(GError) problem = NULL;
    g_autofree char *complaint = NULL;
    g_autofree gpointer options = NULL;
    const ToolCommand *command;
    ToolStatus status;

    translation_start();
    atexit(close_output);

    context = new_main_context(entries);
    if (!g_option_context_parse(context, &argc, &argv, &problem))
        return fail_usage(problem->message, NULL);
    if (version) {
        printf("virt-zpci %s\n", PACKAGE_VERSION);
        return TOOL_OK;
    }
    if (argc < 2)
        return fail_usage(_("A command is missing."), NULL);
    command = find_command(argv[1]);
    if (command == NULL) {
        complaint = complain_of_command(argv[1]);
        return fail_usage(complaint, NULL);
    }
    options = g_malloc0(command->options_size);
    status = run_command(command, options, root, argc - 1, argv + 1);
    clear_options(command, options);
    return status;
}
