/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon-activation.h"
#include "daemon-client.h"
#include "daemon-endpoints.h"
#include "daemon-front.h"
#include "daemon-libvirtd-config.h"
#include "daemon-log.h"
#include "daemon-server.h"
#include "names.h"
#include "system-error.h"
#include "translation.h"
#include "zpci-error.h"
#include "zpci-host.h"
#include "zpci-libvirt.h"

#define CLIENT_URI NAME_URI_EXT "?command=" VIRTZPCID_PATH

/* The value of --timeout when the command line has none. */
#define NO_TIMEOUT_GIVEN G_MININT

/* For how long calls that are under way are waited for at the end. */
#define PATIENCE_MS 2000

enum {
    EXIT_GOOD = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
};

typedef struct {
    gboolean version;
    gboolean verbose;
    char *config;
    char *root;
    char *upstream;
    char *front;
    char *libvirtd_config;
    char *socket;
    int timeout;
} Options;

static void
options_clear(Options *options)
{
    g_free(options->config);
    g_free(options->root);
    g_free(options->upstream);
    g_free(options->front);
    g_free(options->libvirtd_config);
    g_free(options->socket);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* What a serving process holds. */
typedef struct {
    const Options *options;
    DaemonConfig config;
    DaemonService *service;
    DaemonServer *server; /* NULL for the client that has started us */
    gboolean is_over;
} Daemon;

static char *
make_summary(void)
{
    return g_strdup_printf(
        _("Serves the host's node devices, with their zPCI facts, to clients of libvirt.\n"
          "A client starts it by itself, through libvirt's ext transport:\n\n"
          "  virsh -c '%s' nodedev-list\n\n"
          "The URI parameter root=DIR shows a captured host instead of this one:\n\n"
          "  virsh -c '%s&root=DIR' nodedev-list\n\n"
          "Started otherwise, it serves the sockets that systemd passes, or its own:\n\n"
          "  virsh -c '%s?socket=/run/libvirt/virtzpcid-sock' nodedev-list"),
        CLIENT_URI, CLIENT_URI, NAME_URI_PATH);
}

/* @argument: (nullable): one that is no option */
static gboolean
check_options(const char *argument, const Options *options, GError **error)
{
    if (argument != NULL)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("There is no argument '%s'; see --help."), argument);
    else if (options->timeout < 0 && options->timeout != NO_TIMEOUT_GIVEN)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("A time-out of %d seconds is not possible; see --help."), options->timeout);
    else if (options->root != NULL && options->upstream != NULL)
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("--root and --upstream exclude each other: a captured host has no "
                              "daemon behind it."));
    else if (options->front != NULL && options->upstream != NULL)
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("--front and --upstream exclude each other: the libvirtd behind has "
                              "all other devices."));
    else
        return TRUE;
    return FALSE;
}

static gboolean
parse_options(int *argc, char ***argv, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        { "version", 'V', 0, G_OPTION_ARG_NONE, &options->version, N_("Print the version and exit"),
          NULL },
        { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose,
          N_("Log each client and what is read"), NULL },
        { "config", 'f', 0, G_OPTION_ARG_FILENAME, &options->config,
          N_("Read FILE in place of the installed configuration"), N_("FILE") },
        { "socket", 's', 0, G_OPTION_ARG_FILENAME, &options->socket,
          N_("Serve the socket PATH, and for reading PATH-ro"), N_("PATH") },
        { "timeout", 't', 0, G_OPTION_ARG_INT, &options->timeout,
          N_("Exit after SECONDS without a client"), N_("SECONDS") },
        { "upstream", 'u', 0, G_OPTION_ARG_STRING, &options->upstream,
          N_("Ask the node device daemon at URI for all other devices"), N_("URI") },
        { "front", 'F', 0, G_OPTION_ARG_FILENAME, &options->front,
          N_("Stand in front of the libvirtd that serves the socket PATH, and for reading PATH-ro"),
          N_("PATH") },
        { "libvirtd-config", 'L', 0, G_OPTION_ARG_FILENAME, &options->libvirtd_config,
          N_("With --front: read libvirtd's configuration from FILE"), N_("FILE") },
        { "root", 'r', 0, G_OPTION_ARG_FILENAME, &options->root,
          N_("Serve the captured host in DIR"), N_("DIR") },
        { NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autofree char *summary = make_summary();

    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context,
                                     _("Exit status: 0 served and ended, 1 failed, 2 wrong usage. "
                                       "See virtzpcid(8)."));
    if (!g_option_context_parse(context, argc, argv, error))
        return FALSE;
    return check_options(*argc > 1 ? (*argv)[1] : NULL, options, error);
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

/* Whether a client has started us and waits at the other end of standard input. */
static gboolean
is_started_by_client(void)
{
    return get_socket_option(STDIN_FILENO, SO_TYPE) == SOCK_STREAM &&
           get_socket_option(STDIN_FILENO, SO_ACCEPTCONN) == 0;
}

static GSocket *
inherit_socket(GError **error)
{
    g_autoptr(GError) problem = NULL;
    GSocket *socket;
    int fd;

    if (!take_standard_input(&fd, error))
        return NULL;
    socket = g_socket_new_from_fd(fd, &problem);
    if (socket == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("The socket on standard input cannot be served: %s."), problem->message);
        close(fd);
    }
    return socket;
}

static void
set_over(gboolean *is_over)
{
    *is_over = TRUE;
}

static void
on_closed(G_GNUC_UNUSED gpointer client, gpointer user_data)
{
    set_over(user_data);
}

static const DaemonClientHandlers client_handlers = { .closed = on_closed };

static gboolean
on_terminate(gpointer user_data)
{
    set_over(user_data);
    return G_SOURCE_CONTINUE;
}

static void
on_idle(gpointer user_data)
{
    set_over(user_data);
}

static void
run(const Daemon *daemon)
{
    while (!daemon->is_over)
        rpc_poll_iterate(daemon_service_get_poll(daemon->service));
}

/* Serves the client that has started us, until it goes. */
static gboolean
serve_client(Daemon *daemon, GError **error)
{
    g_autoptr(GSocket) socket = inherit_socket(error);
    g_autoptr(DaemonClient) client = NULL;

    if (socket == NULL)
        return FALSE;
    /* The terminal sends SIGINT to the client and to us alike. A client that goes on after it, as
     * virsh does, still needs us; of one that ends we see the end of the stream. */
    signal(SIGINT, SIG_IGN);
    client = daemon_client_new(socket, DAEMON_CHANNEL_INHERITED, daemon->service, &client_handlers,
                               &daemon->is_over);
    run(daemon);
    return TRUE;
}

/* What the command line says comes before what the file says. */
static gboolean
load_config(const Options *options, DaemonConfig *config, GError **error)
{
    g_auto(DaemonConfig) loaded = { 0 };

    if (!daemon_config_load(options->config, &loaded, error) ||
        (options->front != NULL &&
         !daemon_libvirtd_config_load(options->libvirtd_config != NULL ? options->libvirtd_config
                                                                       : NAME_LIBVIRTD_CONFIG,
                                      &loaded, error)))
        return FALSE;
    if (options->upstream != NULL || options->root != NULL || options->front != NULL) {
        g_free(loaded.upstream);
        loaded.upstream = g_strdup(options->upstream);
    }
    *config = loaded;
    loaded = (DaemonConfig){ 0 };
    return TRUE;
}

static gboolean
on_reload(gpointer user_data)
{
    Daemon *daemon = user_data;
    g_autoptr(GError) error = NULL;
    DaemonConfig config;

    daemon_activation_notify("RELOADING=1");
    if (load_config(daemon->options, &config, &error)) {
        daemon_config_clear(&daemon->config);
        daemon->config = config;
        daemon_service_reload(daemon->service);
        daemon_server_update(daemon->server);
        daemon_log_set_up(&daemon->config, daemon->options->verbose);
        g_message(_("The configuration was read again."));
    } else {
        g_warning(_("The configuration stays as it was: %s"), error->message);
    }
    daemon_activation_notify("READY=1");
    return G_SOURCE_CONTINUE;
}

static guint
choose_timeout(const Daemon *daemon)
{
    return daemon->options->timeout == NO_TIMEOUT_GIVEN ? daemon->config.idle_timeout
                                                        : (guint)daemon->options->timeout;
}

/* Serves whoever comes, until a signal or the time-out. */
static gboolean
serve_sockets(Daemon *daemon, GError **error)
{
    g_auto(DaemonEndpoints) endpoints = { NULL, -1 };
    g_autoptr(DaemonServer) server = NULL;
    guint interrupt, reload;

    if (!daemon_endpoints_open(&daemon->config, daemon->options->socket, &endpoints, error))
        return FALSE;
    server = daemon_server_new(
        daemon->service, daemon->options->front != NULL ? &daemon_front_kind : &daemon_client_kind,
        choose_timeout(daemon), on_idle, &daemon->is_over);
    while (endpoints.sockets->len > 0)
        daemon_server_add(server, g_ptr_array_steal_index(endpoints.sockets, 0));
    daemon->server = server;
    interrupt = g_unix_signal_add(SIGINT, on_terminate, &daemon->is_over);
    reload = g_unix_signal_add(SIGHUP, on_reload, daemon);
    daemon_activation_notify("READY=1");
    run(daemon);
    daemon_activation_notify("STOPPING=1");
    g_source_remove(interrupt);
    g_source_remove(reload);
    return TRUE;
}

/* A worker may still wait for another daemon that hangs; nobody waits for its answer any more. */
static void
end_service(Daemon *daemon)
{
    if (!daemon_service_wait(daemon->service, PATIENCE_MS))
        _exit(EXIT_GOOD);
    daemon_service_free(daemon->service);
}

/* Whoever starts a server looks at what it says then. A client that has started us is told when it
 * opens the connection. */
static gboolean
check_root(const Options *options, GError **error)
{
    ZpciHost *host = options->root != NULL ? zpci_host_open(options->root, error) : NULL;
    gboolean good = options->root == NULL || host != NULL;

    zpci_host_free(host);
    return good;
}

/* A client that has started us has no use for it: its user cannot help it. */
static void
tell_of_unknown_libvirt(gboolean is_private)
{
    gulong newest;
    gulong version = zpci_libvirt_get_version(&newest);

    if (version > newest)
        g_log(G_LOG_DOMAIN, is_private ? G_LOG_LEVEL_INFO : G_LOG_LEVEL_WARNING,
              _("libvirt %lu.%lu.%lu is newer than the releases known here; devices are shown as "
                "in libvirt %lu.%lu.%lu."),
              version / 1000000, version / 1000 % 1000, version % 1000, newest / 1000000,
              newest / 1000 % 1000, newest % 1000);
}

static gboolean
serve(const Options *options, GError **error)
{
    gboolean is_private =
        options->socket == NULL && options->front == NULL && is_started_by_client();
    Daemon daemon = { .options = options };
    guint terminate;
    gboolean good;

    if ((!is_private && !check_root(options, error)) ||
        !load_config(options, &daemon.config, error))
        return FALSE;
    daemon_log_set_up(&daemon.config, options->verbose);
    tell_of_unknown_libvirt(is_private);
    signal(SIGPIPE, SIG_IGN);
    terminate = g_unix_signal_add(SIGTERM, on_terminate, &daemon.is_over);
    daemon.service = daemon_service_new(&daemon.config, is_private);
    daemon_service_set_root(daemon.service, options->root);
    daemon_service_set_behind(daemon.service, options->front);
    good = is_private ? serve_client(&daemon, error) : serve_sockets(&daemon, error);
    end_service(&daemon);
    daemon_config_clear(&daemon.config);
    g_source_remove(terminate);
    return good;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_auto(Options) options = { .timeout = NO_TIMEOUT_GIVEN };

    translation_start();

    if (!parse_options(&argc, &argv, &options, &error)) {
        g_printerr("virtzpcid: %s\n", error->message);
        return EXIT_USAGE;
    }
    if (options.version) {
        g_print("virtzpcid (libvirt-zpci) %s\n", PACKAGE_VERSION);
        return EXIT_GOOD;
    }
    if (!serve(&options, &error)) {
        g_printerr("virtzpcid: %s\n", error->message);
        return EXIT_FAILED;
    }
    return EXIT_GOOD;
}
