/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-host.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"
#include "sysfs.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

struct _ZpciHost {
    int sysfs;
    Capture *capture;
};

ZpciHost *
zpci_host_open(const char *root, GError **error)
{
    g_autoptr(Capture) capture = NULL;
    g_autofree char *path = g_build_filename(root != NULL ? root : "/", NAME_SYS, NULL);
    ZpciHost *host;
    int sysfs;

    if (root != NULL && (capture = capture_open(root, error)) == NULL)
        return NULL;
    sysfs = sysfs_open_directory(AT_FDCWD, path, error);
    if (sysfs < 0)
        return NULL;

    host = g_new0(ZpciHost, 1);
    host->sysfs = sysfs;
    host->capture = g_steal_pointer(&capture);
    return host;
}

void
zpci_host_free(ZpciHost *host)
{
    if (host == NULL)
        return;
    close(host->sysfs);
    capture_free(host->capture);
    g_free(host);
}

int
zpci_host_get_sysfs(const ZpciHost *host)
{
    return host->sysfs;
}

const Capture *
zpci_host_get_capture(const ZpciHost *host)
{
    return host->capture;
}

gboolean
zpci_host_is_privileged(const ZpciHost *host)
{
    return host->capture != NULL || geteuid() == 0;
}

GArray *
zpci_host_list(const ZpciHost *host, GError **error)
{
    g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(PciAddress));
    g_autoptr(GError) problem = NULL;
    g_autoptr(GPtrArray) names = sysfs_list(host->sysfs, NAME_PCI_DEVICES, &problem);

    if (names == NULL && !g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
    }
    for (guint i = 0; names != NULL && i < names->len; i++) {
        PciAddress address;

        if (pci_address_parse(g_ptr_array_index(names, i), &address, NULL))
            g_array_append_val(addresses, address);
    }
    g_array_sort(addresses, pci_address_compare);
    return g_steal_pointer(&addresses);
}

static char *
zpci_host_resolve(const char *link)
{
    g_autofree char *path = NULL;

    if (link == NULL)
        return NULL;
    path = g_canonicalize_filename(link, "/" NAME_PCI_DEVICES);
    return g_str_has_prefix(path, "/devices/") ? g_strdup(path + 1) : NULL;
}

char *
zpci_host_find(const ZpciHost *host, const PciAddress *address, GError **error)
{
    char name[PCI_ADDRESS_TEXT_SIZE];
    char entry[sizeof NAME_PCI_DEVICES + PCI_ADDRESS_TEXT_SIZE];
    g_autofree char *link = NULL;
    char *path;

    pci_address_format(address, name);
    g_snprintf(entry, sizeof entry, "%s/%s", NAME_PCI_DEVICES, name);
    link = sysfs_read_link(host->sysfs, entry);
    path = zpci_host_resolve(link);
    if (path == NULL)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("There is no PCI function %s on this host."), name);
    return path;
}

gboolean
zpci_host_has_zpci(const ZpciHost *host, const PciAddress *address)
{
    g_autofree char *path = zpci_host_find(host, address, NULL);
    g_autofree char *attribute = NULL;

    if (path == NULL)
        return FALSE;
    attribute = g_build_filename(path, NAME_FUNCTION_ID, NULL);
    return faccessat(host->sysfs, attribute, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
