/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-activation.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "system-error.h"
#include "text-quote.h"
#include "zpci-error.h"

/* In place of virtnodedevd, and in front of libvirtd, systemd passes us the sockets of their units.
 */
static const struct {
    const char *unit;
    gboolean is_read_only;
} units[] = {
    { "virtzpcid.socket", FALSE },    { "virtzpcid-ro.socket", TRUE },
    { "virtnodedevd.socket", FALSE }, { "virtnodedevd-ro.socket", TRUE },
    { "libvirtd.socket", FALSE },     { "libvirtd-ro.socket", TRUE },
};

static DaemonSocket *
daemon_activation_adopt(int fd, const char *unit, GError **error)
{
    g_autofree char *quoted = text_quote(unit);

    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        if (g_str_equal(unit, units[i].unit))
            return daemon_socket_adopt(fd, units[i].is_read_only, error);
    }
    g_set_error(
        error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
        _("systemd has passed the socket of the unit %s, which is not one to serve. Its name "
          "must be virtzpcid.socket or virtzpcid-ro.socket."),
        quoted);
    return NULL;
}

static gboolean
daemon_activation_adopt_all(char **names, guint count, GPtrArray *sockets, GError **error)
{
    if (count > DAEMON_ACTIVATION_MAX) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("systemd has passed %u sockets; at most %u can be served."), count,
                    DAEMON_ACTIVATION_MAX);
        return FALSE;
    }
    for (guint i = 0; i < count; i++) {
        DaemonSocket *adopted =
            daemon_activation_adopt(SD_LISTEN_FDS_START + (int)i, names[i], error);

        if (adopted == NULL)
            return FALSE;
        g_ptr_array_add(sockets, adopted);
    }
    return TRUE;
}

gboolean
daemon_activation_take(GPtrArray *sockets, GError **error)
{
    char **names = NULL;
    int count = sd_listen_fds_with_names(1, &names);
    gboolean good;

    if (count < 0) {
        system_error_set(error, -count, _("Taking the sockets that systemd has passed failed"));
        return FALSE;
    }
    good = daemon_activation_adopt_all(names, (guint)count, sockets, error);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return good;
}

void
daemon_activation_notify(const char *state)
{
    sd_notify(0, state);
}
