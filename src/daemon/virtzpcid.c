/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon-client.h"
#include "daemon-config.h"
#include "daemon-service.h"
#include "names.h"
#include "system-error.h"
#include "zpci-error.h"

#define CLIENT_URI NAME_URI_EXT "?command=" VIRTZPCID_PATH

enum {
    EXIT_GOOD = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
};

typedef struct {
    gboolean version;
    char *config;
} Options;

static gboolean
parse_options(int *argc, char ***argv, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        { "version", 'V', 0, G_OPTION_ARG_NONE, &options->version, N_("Print the version and exit"),
          NULL },
        { "config", 'f', 0, G_OPTION_ARG_FILENAME, &options->config,
          N_("Read FILE in place of the installed configuration"), N_("FILE") },
        { NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autofree char *summary = g_strdup_printf(
        _("Serves the host's node devices, with their zPCI facts, to clients of libvirt.\n"
          "A client starts it by itself, through libvirt's ext transport:\n\n"
          "  virsh -c '%s' nodedev-list\n\n"
          "The URI parameter root=DIR shows a captured host instead of this one:\n\n"
          "  virsh -c '%s&root=DIR' nodedev-list"),
        CLIENT_URI, CLIENT_URI);

    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(
        context, _("Exit status: 0 the client has gone, 1 failed, 2 wrong usage. "
                   "See virtzpcid(8)."));
    if (!g_option_context_parse(context, argc, argv, error))
        return FALSE;
    if (*argc > 1) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("There is no argument '%s'; see --help."), (*argv)[1]);
        return FALSE;
    }
    return TRUE;
}

static int
get_socket_option(int fd, int option)
{
    socklen_t size = sizeof(int);
    int value = -1;

    return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

/* Moves the client's socket away from the standard descriptors and points those to /dev/null, so
 * that no stray output can get into the stream and the stream ends when we close it. */
static gboolean
take_standard_input(int *fd, GError **error)
{
    int taken = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int null = taken < 0 ? -1 : open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0) {
        system_error_set(error, errno, _("Cannot take over the socket on standard input"));
        if (null >= 0)
            close(null);
        if (taken >= 0)
            close(taken);
        return FALSE;
    }
    if (null > STDERR_FILENO)
        close(null);
    *fd = taken;
    return TRUE;
}

static GSocket *
inherit_socket(GError **error)
{
    GSocket *socket;
    int fd;

    if (get_socket_option(STDIN_FILENO, SO_TYPE) != SOCK_STREAM ||
        get_socket_option(STDIN_FILENO, SO_ACCEPTCONN) != 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("Standard input is not a connected stream socket. A libvirt client has to "
                      "start this program: virsh -c '%s' nodedev-list"),
                    CLIENT_URI);
        return NULL;
    }
    if (!take_standard_input(&fd, error))
        return NULL;
    socket = g_socket_new_from_fd(fd, error);
    if (socket == NULL)
        close(fd);
    return socket;
}

static void
on_closed(G_GNUC_UNUSED DaemonClient *client, gpointer user_data)
{
    g_main_loop_quit(user_data);
}

static gboolean
on_terminate(gpointer user_data)
{
    g_main_loop_quit(user_data);
    return G_SOURCE_CONTINUE;
}

static gboolean
serve(const DaemonConfig *config, GError **error)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(GSocket) socket = inherit_socket(error);
    g_autoptr(DaemonService) service = daemon_service_new(config, TRUE);
    g_autoptr(DaemonClient) client = NULL;
    guint terminate;

    if (socket == NULL)
        return FALSE;
    /* The terminal sends SIGINT to the client and to us alike. A client that goes on after it, as
     * virsh does, still needs us; of one that ends we see the end of the stream. */
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    terminate = g_unix_signal_add(SIGTERM, on_terminate, loop);
    client = daemon_client_new(socket, TRUE, service, on_closed, loop);
    g_main_loop_run(loop);
    g_source_remove(terminate);
    return TRUE;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Options options = { .version = FALSE };
    g_autofree char *config_path = NULL;
    DaemonConfig config;

    setlocale(LC_ALL, "");
    bindtextdomain(GETTEXT_PACKAGE, LOCALE_DIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);

    if (!parse_options(&argc, &argv, &options, &error)) {
        g_printerr("virtzpcid: %s\n", error->message);
        return EXIT_USAGE;
    }
    if (options.version) {
        g_print("virtzpcid (libvirt-zpci) %s\n", PACKAGE_VERSION);
        return EXIT_GOOD;
    }
    config_path = options.config;
    if (!daemon_config_load(config_path, &config, &error) || !serve(&config, &error)) {
        g_printerr("virtzpcid: %s\n", error->message);
        return EXIT_FAILED;
    }
    return EXIT_GOOD;
}
