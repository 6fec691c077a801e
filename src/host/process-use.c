/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "process-use.h"

#include <dirent.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"
#include "number.h"
#include "sysfs.h"
#include "text-quote.h"
#include "zpci-error.h"

/* What the kernel writes behind the path of a node that is no more, as in the private /dev that
 * libvirt makes for a guest. */
#define DELETED " (deleted)"

/* How QEMU is told the name of its guest. */
#define OPTION_NAME "-name"
#define OPTION_GUEST "guest="

/* udev looks into a block device whenever somebody has written to it, and lets it go at once. */
static const char *const passing[] = { "(udev-worker)", "systemd-udevd", NULL };

/* @proc: descriptor; @devices: node to its number (dev_t), both of them (transfer full) */
typedef struct {
    int proc;
    GHashTable *devices;
} ProcessSearch;

static gboolean
process_use_is_device(const struct stat *status)
{
    return S_ISCHR(status->st_mode) || S_ISBLK(status->st_mode);
}

/* Returns (transfer full): the nodes that are there, by their path below @dev. */
static GHashTable *
process_use_find_devices(const char *dev, const GPtrArray *nodes)
{
    GHashTable *devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (guint i = 0; i < nodes->len; i++) {
        const char *node = g_ptr_array_index(nodes, i);
        g_autofree char *path = g_build_filename(dev, node, NULL);
        struct stat status;

        if (stat(path, &status) == 0 && process_use_is_device(&status))
            g_hash_table_insert(devices, g_strdup(node),
                                g_memdup2(&status.st_rdev, sizeof status.st_rdev));
    }
    return devices;
}

/* The path comes first, so that no file of another kind is asked for anything: one on a dead
 * network file system would keep us waiting. The number is what counts: anybody can call a file of
 * their own /dev/vfio/1 in a container. Returns (nullable): the node that descriptor @file is of.
 */
static const char *
process_use_find_node(const ProcessSearch *search, int files, const char *file)
{
    char path[PATH_MAX];
    gssize length = readlinkat(files, file, path, sizeof path - 1);
    const char *below;
    gpointer node, number;
    struct stat status;

    if (length < 0)
        return NULL;
    path[length] = '\0';
    if (g_str_has_suffix(path, DELETED))
        path[(gsize)length - strlen(DELETED)] = '\0';
    below = g_strrstr(path, NAME_DEV "/");
    if (below == NULL || !g_hash_table_lookup_extended(
                             search->devices, below + strlen(NAME_DEV "/"), &node, &number))
        return NULL;
    return fstatat(files, file, &status, 0) == 0 && process_use_is_device(&status) &&
                   status.st_rdev == *(const dev_t *)number
               ? node
               : NULL;
}

/* @files: (transfer full): a descriptor. Returns (nullable): the first node among them. */
static const char *
process_use_search_files(const ProcessSearch *search, int files)
{
    DIR *stream = fdopendir(files);
    const struct dirent *entry;
    const char *node = NULL;

    if (stream == NULL) {
        close(files);
        return NULL;
    }
    for (guint i = 0; node == NULL && i < PROCESS_USE_MAX_FILES; i++) {
        entry = readdir(stream);
        if (entry == NULL)
            break;
        node = process_use_find_node(search, dirfd(stream), entry->d_name);
    }
    closedir(stream);
    return node;
}

/* Returns (transfer full) (nullable): the guest that "guest=NAME,..." or "NAME,..." names; a comma
 * in a name is doubled. */
static char *
process_use_parse_name(const char *option)
{
    GString *name = g_string_new(NULL);

    if (g_str_has_prefix(option, OPTION_GUEST))
        option += strlen(OPTION_GUEST);
    for (const char *p = option; *p != '\0'; p++) {
        if (*p == ',' && *++p != ',')
            break;
        g_string_append_c(name, *p);
    }
    return g_string_free(name, name->len == 0);
}

static char *
process_use_read_guest(const ProcessSearch *search, const char *process)
{
    g_autofree char *path = g_build_filename(process, NAME_PROC_CMDLINE, NULL);
    g_autofree char *command = g_malloc0(PROCESS_USE_MAX_COMMAND + 1);
    gboolean named = FALSE;
    gsize length;

    if (sysfs_read_bytes(search->proc, path, (guint8 *)command, PROCESS_USE_MAX_COMMAND, &length,
                         NULL) != SYSFS_READ)
        return NULL;
    for (gsize i = 0; i < length; i += strlen(command + i) + 1) {
        if (named)
            return process_use_parse_name(command + i);
        named = strcmp(command + i, OPTION_NAME) == 0;
    }
    return NULL;
}

/* @comm: (out): the name of its program; "" if it has ended */
static void
process_use_read_comm(const ProcessSearch *search, const char *process,
                      char comm[SYSFS_ATTRIBUTE_MAX + 1])
{
    g_autofree char *path = g_build_filename(process, NAME_PROC_COMM, NULL);

    if (sysfs_read_text(search->proc, path, comm, NULL) != SYSFS_READ)
        comm[0] = '\0';
}

/* Returns: FALSE, as what calls it does. */
static gboolean
process_use_tell(const ProcessSearch *search, const char *process, const char *comm,
                 const char *node, const char *function, GError **error)
{
    g_autofree char *program = text_quote(comm);
    g_autofree char *guest = process_use_read_guest(search, process);
    g_autofree char *quoted = NULL;

    if (guest == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The PCI function %s is in use: process %s (%s) has /dev/%s open."), function,
                    process, program, node);
        return FALSE;
    }
    quoted = text_quote(guest);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                _("The PCI function %s is in use by the guest %s: process %s (%s) has /dev/%s "
                  "open. Detach the function from the guest, or shut it down, first."),
                function, quoted, process, program, node);
    return FALSE;
}

/* Returns: FALSE with @error set if one of the processes has one of the nodes. A process that ends
 * meanwhile, or that this user may not look into, has none. */
static gboolean
process_use_search(const ProcessSearch *search, const char *function, GError **error)
{
    g_autoptr(GPtrArray) names = sysfs_list(search->proc, ".", error);

    if (names == NULL)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        const char *process = g_ptr_array_index(names, i);
        g_autofree char *path = g_build_filename(process, NAME_PROC_FD, NULL);
        char comm[SYSFS_ATTRIBUTE_MAX + 1];
        const char *node;
        guint64 number;
        int files;

        if (!number_parse(process, G_MAXINT32, &number, NULL))
            continue;
        files = sysfs_open_directory(search->proc, path, NULL);
        node = files >= 0 ? process_use_search_files(search, files) : NULL;
        if (node == NULL)
            continue;
        process_use_read_comm(search, process, comm);
        if (!g_strv_contains(passing, comm))
            return process_use_tell(search, process, comm, node, function, error);
    }
    return TRUE;
}

gboolean
process_use_check(const char *proc, const char *dev, const GPtrArray *nodes, const char *function,
                  GError **error)
{
    g_autoptr(GHashTable) devices = process_use_find_devices(dev, nodes);
    ProcessSearch search = { .devices = devices };
    gboolean is_free;

    if (g_hash_table_size(devices) == 0)
        return TRUE;
    search.proc = sysfs_open_directory(AT_FDCWD, proc, error);
    if (search.proc < 0)
        return FALSE;
    is_free = process_use_search(&search, function, error);
    close(search.proc);
    return is_free;
}
