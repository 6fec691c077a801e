/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-use.h"

#include <glib/gi18n-lib.h>
#include <net/if.h>

#include "class-device.h"
#include "names.h"
#include "number.h"
#include "sysfs.h"
#include "text-quote.h"
#include "zpci-error.h"

gboolean
net_use_read_up(int sysfs, const char *name, gboolean *up, GError **error)
{
    g_autofree char *path = g_build_filename(NAME_CLASS_NET, name, NAME_NET_FLAGS, NULL);
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    guint64 flags = 0;
    SysfsResult result = sysfs_read_text(sysfs, path, text, error);

    if (result == SYSFS_UNREADABLE ||
        (result == SYSFS_READ && !number_parse(text, G_MAXUINT32, &flags, error)))
        return FALSE;
    *up = (flags & IFF_UP) != 0;
    return TRUE;
}

static gboolean
net_use_check_interface(int sysfs, const char *name, const char *function, GError **error)
{
    g_autofree char *path = g_build_filename(NAME_CLASS_NET, name, NAME_NET_MASTER, NULL);
    g_autofree char *master = sysfs_read_link_name(sysfs, path);
    g_autofree char *quoted = text_quote(name);
    g_autofree char *above = NULL;
    gboolean up = FALSE;

    if (master != NULL) {
        above = text_quote(master);
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The PCI function %s is in use: its network interface %s belongs to %s. "
                      "Take it out of that first."),
                    function, quoted, above);
        return FALSE;
    }
    if (!net_use_read_up(sysfs, name, &up, error))
        return FALSE;
    if (!up)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                _("The PCI function %s is in use: its network interface %s is up. Set it down "
                  "first."),
                function, quoted);
    return FALSE;
}

gboolean
net_use_check(int sysfs, const char *path, const char *function, GError **error)
{
    g_autoptr(GPtrArray) names = class_device_list_below(sysfs, NAME_CLASS_NET, path, error);

    if (names == NULL)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        if (!net_use_check_interface(sysfs, g_ptr_array_index(names, i), function, error))
            return FALSE;
    }
    return TRUE;
}
