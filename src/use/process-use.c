/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "process-use.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"
#include "number.h"
#include "sysfs.h"
#include "system-error.h"
#include "text-quote.h"
#include "zpci-error.h"

/* What the kernel writes behind the path of a node that is no more, as in the private /dev that
 * libvirt makes for a guest. */
#define DELETED " (deleted)"

/* How QEMU is told the name of its guest. */
#define OPTION_NAME "-name"
#define OPTION_GUEST "guest="

#define FIRST_PROCESS "1"

/* udev looks into a block device whenever somebody has written to it, and lets it go at once. It
 * has no business with VFIO: anybody can take its name. */
static const char *const passing[] = { "(udev-worker)", "systemd-udevd", NULL };

/* @proc: descriptor; @devices: node to its number (dev_t), both of them (transfer full); @holders:
 * (nullable): node to ProcessHolder: where all that are found go, else the first one ends the
 * search; @unseen: (nullable): the first thing that could not be looked at */
typedef struct {
    int proc;
    GHashTable *devices;
    GHashTable *holders;
    GError *unseen;
} ProcessSearch;

static void
process_use_clear(ProcessSearch *search)
{
    g_clear_pointer(&search->devices, g_hash_table_unref);
    g_clear_error(&search->unseen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProcessSearch, process_use_clear)

/* What has ended or was closed meanwhile is no matter. A zombie and a thread of the kernel show an
 * empty directory to root. */
static void
process_use_miss(ProcessSearch *search, const char *process, int number)
{
    if (number != ENOENT && number != ESRCH && search->unseen == NULL)
        system_error_set(&search->unseen, number,
                         _("Looking at the open files of process %s failed"), process);
}

static gboolean
process_use_is_device(const struct stat *status)
{
    return S_ISCHR(status->st_mode) || S_ISBLK(status->st_mode);
}

/* Finds the nodes that are there, by their path below @dev. */
static gboolean
process_use_find_devices(ProcessSearch *search, const char *dev, const GPtrArray *nodes,
                         GError **error)
{
    search->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < nodes->len; i++) {
        const char *node = g_ptr_array_index(nodes, i);
        g_autofree char *path = g_build_filename(dev, node, NULL);
        struct stat status;

        if (stat(path, &status) == 0) {
            if (process_use_is_device(&status))
                g_hash_table_insert(search->devices, g_strdup(node),
                                    g_memdup2(&status.st_rdev, sizeof status.st_rdev));
        } else if (errno != ENOENT && errno != ENOTDIR) {
            system_error_set(error, errno, _("Looking at the node %s failed"), path);
            return FALSE;
        }
    }
    return TRUE;
}

/* The path comes first, so that no file of another kind is asked for anything: one on a dead
 * network file system would keep us waiting. The number is what counts: anybody can call a file of
 * their own /dev/vfio/1 in a container. Returns (nullable): the node that descriptor @file is of.
 */
static const char *
process_use_find_node(ProcessSearch *search, const char *process, int files, const char *file)
{
    char path[PATH_MAX];
    gssize length = readlinkat(files, file, path, sizeof path - 1);
    const char *below;
    gpointer node, number;
    struct stat status;

    if (length < 0) {
        /* The kernel names no file whose path is longer than a page; that is no node. */
        if (errno != ENAMETOOLONG)
            process_use_miss(search, process, errno);
        return NULL;
    }
    path[length] = '\0';
    if (g_str_has_suffix(path, DELETED))
        path[(gsize)length - strlen(DELETED)] = '\0';
    below = g_strrstr(path, NAME_DEV "/");
    if (below == NULL || !g_hash_table_lookup_extended(
                             search->devices, below + strlen(NAME_DEV "/"), &node, &number))
        return NULL;
    if (fstatat(files, file, &status, 0) != 0) {
        process_use_miss(search, process, errno);
        return NULL;
    }
    return process_use_is_device(&status) && status.st_rdev == *(const dev_t *)number ? node : NULL;
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

/* Whether it runs the program that we are, for the same user. Who reads the chain of a function has
 * the node of its IOMMU group for a moment, which is that of its neighbours, too. Of a stranger who
 * runs our program we know nothing. */
static gboolean
process_use_is_ours(const ProcessSearch *search, const char *process)
{
    g_autofree char *program = g_build_filename(process, NAME_PROC_EXE, NULL);
    struct stat owner, theirs, ours;

    return fstatat(search->proc, process, &owner, 0) == 0 && owner.st_uid == geteuid() &&
           fstatat(search->proc, program, &theirs, 0) == 0 &&
           stat(NAME_PROC "/self/" NAME_PROC_EXE, &ours) == 0 && theirs.st_dev == ours.st_dev &&
           theirs.st_ino == ours.st_ino;
}

static gboolean
process_use_is_passing(const char *comm, const char *node)
{
    return g_strv_contains(passing, comm) && !g_str_has_prefix(node, NAME_DEV_VFIO "/");
}

static void
process_use_free_holder(gpointer data)
{
    ProcessHolder *holder = data;

    g_free(holder->program);
    g_free(holder->guest);
    g_free(holder);
}

/* Returns: whether the search goes on. */
static gboolean
process_use_add_holder(ProcessSearch *search, const char *process, const char *node)
{
    char comm[SYSFS_ATTRIBUTE_MAX + 1];
    ProcessHolder *holder;
    guint64 number = 0;

    if (search->holders == NULL)
        return FALSE;
    if (g_hash_table_contains(search->holders, node))
        return TRUE;
    process_use_read_comm(search, process, comm);
    if (process_use_is_passing(comm, node) || process_use_is_ours(search, process))
        return TRUE;
    number_parse(process, G_MAXINT32, &number, NULL);
    holder = g_new0(ProcessHolder, 1);
    holder->process = (guint)number;
    holder->program = g_strdup(comm);
    holder->guest = process_use_read_guest(search, process);
    g_hash_table_insert(search->holders, g_strdup(node), holder);
    return TRUE;
}

/* Returns (nullable): the first node among the files in the directory. @empty: (out): it has none
 * at all */
static const char *
process_use_search_stream(ProcessSearch *search, const char *process, DIR *stream, gboolean *empty)
{
    for (guint i = 0; i <= PROCESS_USE_MAX_FILES;) {
        const struct dirent *entry;
        const char *node;

        errno = 0;
        entry = readdir(stream);
        if (entry == NULL) {
            if (errno != 0)
                process_use_miss(search, process, errno);
            return NULL;
        }
        if (entry->d_name[0] == '.')
            continue;
        *empty = FALSE;
        node = process_use_find_node(search, process, dirfd(stream), entry->d_name);
        if (node != NULL && !process_use_add_holder(search, process, node))
            return node;
        i++;
    }
    process_use_miss(search, process, EOVERFLOW);
    return NULL;
}

/* @task: the process or a thread of it. Returns (nullable): the first node that it has. */
static const char *
process_use_search_files(ProcessSearch *search, const char *process, const char *task,
                         gboolean *empty)
{
    g_autofree char *path = g_build_filename(task, NAME_PROC_FD, NULL);
    int files = openat(search->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = files >= 0 ? fdopendir(files) : NULL;
    const char *node;

    *empty = FALSE;
    if (stream == NULL) {
        process_use_miss(search, process, errno);
        if (files >= 0)
            close(files);
        return NULL;
    }
    *empty = TRUE;
    node = process_use_search_stream(search, process, stream, empty);
    closedir(stream);
    return node;
}

/* The threads of a process share its files, but its first thread gives its share up when it ends,
 * and the others may go on. Returns (nullable): the first node that one of them has. */
static const char *
process_use_search_threads(ProcessSearch *search, const char *process)
{
    g_autofree char *tasks = g_build_filename(process, NAME_PROC_TASK, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) threads = sysfs_list_if_there(search->proc, tasks, &error);

    if (threads == NULL) {
        if (search->unseen == NULL)
            search->unseen = g_steal_pointer(&error);
        return NULL;
    }
    for (guint i = 0; i < threads->len; i++) {
        g_autofree char *task = g_build_filename(tasks, g_ptr_array_index(threads, i), NULL);
        gboolean empty;
        const char *node = process_use_search_files(search, process, task, &empty);

        if (node != NULL)
            return node;
    }
    return NULL;
}

/* Returns (nullable): the first node that the process has. */
static const char *
process_use_search_process(ProcessSearch *search, const char *process)
{
    gboolean empty;
    const char *node = process_use_search_files(search, process, process, &empty);

    return empty ? process_use_search_threads(search, process) : node;
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

/* Each /proc has the first process of its PID namespace, unless it is mounted with hidepid=2, which
 * leaves out what its user may not look into. */
static gboolean
process_use_check_all_seen(ProcessSearch *search, gboolean has_first, GError **error)
{
    if (search->unseen != NULL) {
        g_propagate_error(error, g_steal_pointer(&search->unseen));
        return FALSE;
    }
    if (has_first)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NO_PERMISSION,
                _("/proc does not show all processes: it lacks process %s."), FIRST_PROCESS);
    return FALSE;
}

/* Whoever has a node is told, also if others could not be looked at. */
static gboolean
process_use_search(ProcessSearch *search, const char *function, GError **error)
{
    g_autoptr(GPtrArray) names = sysfs_list(search->proc, ".", error);
    gboolean has_first = FALSE;

    if (names == NULL)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        const char *process = g_ptr_array_index(names, i);
        char comm[SYSFS_ATTRIBUTE_MAX + 1];
        const char *node;
        guint64 number;

        if (!number_parse(process, G_MAXINT32, &number, NULL))
            continue;
        has_first = has_first || strcmp(process, FIRST_PROCESS) == 0;
        node = process_use_search_process(search, process);
        if (node == NULL || process_use_is_ours(search, process))
            continue;
        process_use_read_comm(search, process, comm);
        if (!process_use_is_passing(comm, node))
            return process_use_tell(search, process, comm, node, function, error);
    }
    return process_use_check_all_seen(search, has_first, error);
}

gboolean
process_use_check(const char *proc, const char *dev, const GPtrArray *nodes, const char *function,
                  GError **error)
{
    g_auto(ProcessSearch) search = { 0 };
    gboolean is_free;

    if (!process_use_find_devices(&search, dev, nodes, error))
        return FALSE;
    if (g_hash_table_size(search.devices) == 0)
        return TRUE;
    search.proc = sysfs_open_directory(AT_FDCWD, proc, error);
    if (search.proc < 0)
        return FALSE;
    is_free = process_use_search(&search, function, error);
    close(search.proc);
    return is_free;
}

GHashTable *
process_use_index(const char *proc, const char *dev, const GPtrArray *nodes, GError **unseen,
                  GError **error)
{
    g_autoptr(GHashTable) holders =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, process_use_free_holder);
    g_auto(ProcessSearch) search = { .holders = holders };

    *unseen = NULL;
    if (!process_use_find_devices(&search, dev, nodes, error))
        return NULL;
    if (g_hash_table_size(search.devices) == 0)
        return g_steal_pointer(&holders);
    search.proc = sysfs_open_directory(AT_FDCWD, proc, error);
    if (search.proc < 0)
        return NULL;
    process_use_search(&search, "", unseen);
    close(search.proc);
    return g_steal_pointer(&holders);
}
