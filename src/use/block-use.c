/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "block-use.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"
#include "proc-file.h"
#include "sysfs.h"
#include "system-error.h"
#include "text-quote.h"
#include "zpci-error.h"

/* The fields of a line of mountinfo, as far as they are always there; the type and the source of
 * the file system come after the mark. */
#define MOUNT_NUMBER 2
#define MOUNT_POINT 4
#define MOUNT_LEAST_FIELDS 6
#define MOUNT_MARK "-"

/* How the kernel writes a device of no block device, and how btrfs is mounted. */
#define NO_DEVICE "0:"

/* @numbers: BlockDevice by number; @nodes: BlockDevice by what is its node below /dev; @uses: what
 * was found, borrowed */
typedef struct {
    GHashTable *numbers;
    GHashTable *nodes;
    GPtrArray *uses;
} BlockIndex;

static void
block_use_clear_index(BlockIndex *index)
{
    g_hash_table_unref(index->numbers);
    g_hash_table_unref(index->nodes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BlockIndex, block_use_clear_index)

static void
block_use_fill_index(BlockIndex *index, const GPtrArray *devices)
{
    index->numbers = g_hash_table_new(g_str_hash, g_str_equal);
    index->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < devices->len; i++) {
        BlockDevice *device = g_ptr_array_index(devices, i);

        if (device->number != NULL)
            g_hash_table_insert(index->numbers, device->number, device);
        g_hash_table_insert(index->nodes, block_device_get_node(device), device);
        if (device->mapped != NULL)
            g_hash_table_insert(index->nodes, g_build_filename("mapper", device->mapped, NULL),
                                device);
    }
}

/* The kernel writes blanks, backslashes and the like as "\\040". Returns (transfer full). */
static char *
block_use_unescape(const char *text)
{
    GString *plain = g_string_new(NULL);

    while (*text != '\0') {
        if (text[0] == '\\' && strspn(text + 1, "01234567") >= 3) {
            g_string_append_c(
                plain, (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0')));
            text += 4;
        } else {
            g_string_append_c(plain, *text++);
        }
    }
    return g_string_free(plain, FALSE);
}

/* @path: as /proc writes it. Returns (nullable). */
static const BlockDevice *
block_use_find_node(const BlockIndex *index, const char *path)
{
    g_autofree char *plain = block_use_unescape(path);

    return g_str_has_prefix(plain, NAME_DEV "/")
               ? g_hash_table_lookup(index->nodes, plain + strlen(NAME_DEV "/"))
               : NULL;
}

/* Returns (nullable): the device of ours that a line of mountinfo is about. */
static const BlockDevice *
block_use_find_mounted(const BlockIndex *index, char **fields)
{
    const BlockDevice *device = g_hash_table_lookup(index->numbers, fields[MOUNT_NUMBER]);
    guint mark = MOUNT_LEAST_FIELDS;

    if (device != NULL || !g_str_has_prefix(fields[MOUNT_NUMBER], NO_DEVICE))
        return device;
    while (fields[mark] != NULL && strcmp(fields[mark], MOUNT_MARK) != 0)
        mark++;
    return g_strv_length(fields) > mark + 2 ? block_use_find_node(index, fields[mark + 2]) : NULL;
}

static void
block_use_free(gpointer data)
{
    BlockUse *use = data;

    g_free(use->place);
    g_free(use);
}

/* @place: (transfer full) (nullable) */
static void
block_use_add(GPtrArray *uses, BlockUseKind kind, const BlockDevice *device, char *place)
{
    BlockUse *use = g_new0(BlockUse, 1);

    use->kind = kind;
    use->device = device;
    use->place = place;
    g_ptr_array_add(uses, use);
}

static void
block_use_read_mount(const BlockIndex *index, const char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, " ", -1);
    const BlockDevice *device;

    if (g_strv_length(fields) < MOUNT_LEAST_FIELDS)
        return;
    device = block_use_find_mounted(index, fields);
    if (device != NULL)
        block_use_add(index->uses, BLOCK_USE_MOUNT, device,
                      block_use_unescape(fields[MOUNT_POINT]));
}

static void
block_use_read_swap(const BlockIndex *index, const char *line)
{
    g_autofree char *path = g_strndup(line, strcspn(line, " \t"));
    const BlockDevice *device = block_use_find_node(index, path);

    if (device != NULL)
        block_use_add(index->uses, BLOCK_USE_SWAP, device, NULL);
}

static void
block_use_read_lines(const BlockIndex *index, const char *text,
                     void (*read)(const BlockIndex *, const char *))
{
    const char *end;

    for (const char *line = text; *line != '\0'; line = *end != '\0' ? end + 1 : end) {
        g_autofree char *one = NULL;

        end = strchrnul(line, '\n');
        one = g_strndup(line, (gsize)(end - line));
        read(index, one);
    }
}

static gboolean
block_use_read_proc(int proc, const BlockIndex *index, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *swaps = NULL;
    g_autofree char *mounts = proc_file_read(proc, NAME_PROC_MOUNTS, error);

    if (mounts == NULL)
        return FALSE;
    block_use_read_lines(index, mounts, block_use_read_mount);
    swaps = proc_file_read(proc, NAME_PROC_SWAPS, &problem);
    /* A kernel that cannot swap has no list of it. */
    if (swaps == NULL && !g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (swaps != NULL)
        block_use_read_lines(index, swaps, block_use_read_swap);
    return TRUE;
}

/* /proc names only one device of a btrfs that has several; sysfs has all while it is mounted. */
static gboolean
block_use_is_btrfs(int sysfs, const BlockDevice *device, const GPtrArray *systems)
{
    for (guint i = 0; i < systems->len; i++) {
        g_autofree char *path = g_build_filename(NAME_BTRFS, g_ptr_array_index(systems, i),
                                                 "devices", device->name, NULL);

        if (faccessat(sysfs, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
            return TRUE;
    }
    return FALSE;
}

GPtrArray *
block_use_list(int sysfs, const char *proc, const GPtrArray *devices, GError **error)
{
    g_autoptr(GPtrArray) uses = g_ptr_array_new_with_free_func(block_use_free);
    g_auto(BlockIndex) index = { .uses = uses };
    g_autoptr(GPtrArray) systems = NULL;
    gboolean is_read;
    int fd;

    block_use_fill_index(&index, devices);
    if (devices->len == 0)
        return g_steal_pointer(&uses);
    systems = sysfs_list_if_there(sysfs, NAME_BTRFS, error);
    if (systems == NULL)
        return NULL;
    fd = sysfs_open_directory(AT_FDCWD, proc, error);
    if (fd < 0)
        return NULL;
    is_read = block_use_read_proc(fd, &index, error);
    close(fd);
    for (guint i = 0; is_read && i < devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(devices, i);

        if (block_use_is_btrfs(sysfs, device, systems))
            block_use_add(uses, BLOCK_USE_BTRFS, device, NULL);
        if (device->lower != NULL)
            block_use_add(uses, BLOCK_USE_UPPER, device, NULL);
    }
    return is_read ? g_steal_pointer(&uses) : NULL;
}

/* Returns: FALSE, as what calls it does. */
static gboolean
block_use_tell(const BlockUse *use, const char *function, GError **error)
{
    g_autofree char *name = block_device_format(use->device);
    g_autofree char *place = use->place != NULL ? text_quote(use->place) : NULL;

    switch (use->kind) {
    case BLOCK_USE_MOUNT:
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The PCI function %s is in use: the file system on its block device %s is "
                      "mounted on %s. Unmount it first."),
                    function, name, place);
        break;
    case BLOCK_USE_SWAP:
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The PCI function %s is in use: its block device %s is a swap area. Use "
                      "swapoff first."),
                    function, name);
        break;
    case BLOCK_USE_BTRFS:
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The PCI function %s is in use: its block device %s belongs to a mounted "
                      "btrfs file system. Unmount it first."),
                    function, use->device->name);
        break;
    case BLOCK_USE_UPPER:
    default:
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The PCI function %s is in use: its block device %s is a part of %s. "
                      "Deactivate that first."),
                    function, use->device->lower, name);
        break;
    }
    return FALSE;
}

gboolean
block_use_check(int sysfs, const char *proc, const GPtrArray *devices, const char *function,
                GError **error)
{
    g_autoptr(GPtrArray) uses = block_use_list(sysfs, proc, devices, error);

    if (uses == NULL || uses->len == 0)
        return uses != NULL;
    return block_use_tell(g_ptr_array_index(uses, 0), function, error);
}

/* A device that has gone meanwhile, and a path of a multipath disk, which has no number, have no
 * node. One that lacks it otherwise, as in a container, cannot be asked. */
static gboolean
block_use_may_lack_node(int sysfs, const BlockDevice *device)
{
    g_autofree char *path = g_build_filename(NAME_CLASS_BLOCK, device->name, NULL);

    return device->number == NULL || faccessat(sysfs, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
}

/* The kernel looks for a claim before it opens the device: what has no medium or is about to go
 * is claimed by nobody. */
static gboolean
block_use_is_gone(int sysfs, const BlockDevice *device, int number)
{
    return number == ENXIO || number == ENODEV || number == ENOMEDIUM ||
           (number == ENOENT && block_use_may_lack_node(sysfs, device));
}

static gboolean
block_use_check_claim(const SystemCalls *calls, int sysfs, const char *node,
                      const BlockDevice *device, const char *function, GError **error)
{
    int number = calls->claim(node) == 0 ? 0 : errno;

    if (number == 0 || block_use_is_gone(sysfs, device, number))
        return TRUE;
    if (number != EBUSY) {
        system_error_set(error, number, _("Asking the kernel who has the block device %s failed"),
                         node);
        return FALSE;
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                _("The PCI function %s is in use: the kernel holds its block device %s, "
                  "perhaps for a file system that is mounted in a container."),
                function, device->name);
    return FALSE;
}

gboolean
block_use_check_claims(const SystemCalls *calls, int sysfs, const char *dev,
                       const GPtrArray *devices, const char *function, GError **error)
{
    for (guint i = 0; i < devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(devices, i);
        g_autofree char *name = block_device_get_node(device);
        g_autofree char *node = g_build_filename(dev, name, NULL);

        if (!block_use_check_claim(calls, sysfs, node, device, function, error))
            return FALSE;
    }
    return TRUE;
}
