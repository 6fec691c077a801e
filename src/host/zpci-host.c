/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-host.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "boxed-type.h"
#include "function-lock.h"
#include "names.h"
#include "sysfs.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

struct _ZpciHost {
    gatomicrefcount references;
    int sysfs;
    gboolean is_kernel;
    int events; /* the file in which the kernel counts them; -1 unless it is the kernel's */
    gboolean is_local;
    gint64 (*clock)(void);
    PciSnapshotTable *snapshots;
    TextStore *documents;
    TextStore *overlays;
    Capture *capture;
    HostAccess access;
    gboolean shows_standby;
};

/* File systems of this machine alone; all others may have to ask somebody, who has another clock.
 */
static gboolean
zpci_host_is_local_type(guint64 type)
{
    switch (type) {
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
    case EXT4_SUPER_MAGIC:
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case OVERLAYFS_SUPER_MAGIC:
        return TRUE;
    default:
        return FALSE;
    }
}

static gint64
zpci_host_read_clock(void)
{
    return g_get_real_time() * 1000;
}

/* The file is kept open, as it is looked at for each document. */
static void
zpci_host_set_kernel(ZpciHost *host)
{
    host->is_kernel = TRUE;
    host->events = openat(host->sysfs, NAME_UEVENT_SEQNUM, O_RDONLY | O_CLOEXEC);
}

static ZpciHost *
zpci_host_new(int parent, const char *sysfs, GError **error)
{
    int fd = sysfs_open_directory(parent, sysfs, error);
    struct statfs status;
    ZpciHost *host;

    if (fd < 0)
        return NULL;
    host = g_new0(ZpciHost, 1);
    g_atomic_ref_count_init(&host->references);
    host->sysfs = fd;
    host->events = -1;
    if (fstatfs(fd, &status) == 0) {
        host->is_local = zpci_host_is_local_type((guint64)status.f_type);
        if (status.f_type == SYSFS_MAGIC)
            zpci_host_set_kernel(host);
    }
    host->clock = zpci_host_read_clock;
    host->snapshots = pci_snapshot_table_new();
    host->documents = text_store_new();
    host->overlays = text_store_new();
    host->shows_standby = TRUE;
    return host;
}

static void
zpci_host_set_access(ZpciHost *host, const char *dev, const SystemCalls *calls, const char *run)
{
    g_autofree char *chains = g_build_filename(run, NAME_RUN_CHAINS, NULL);

    host->access.calls = calls;
    host->access.dev = g_strdup(dev);
    host->access.proc = g_strdup(NAME_PROC);
    host->access.chains = chain_cache_new(chains);
    host->access.locks = g_build_filename(run, NAME_RUN_LOCKS, NULL);
    host->access.lock_seconds = FUNCTION_LOCK_WAIT_SECONDS;
    zpci_host_set_vfio_read(host, ZPCI_VFIO_READ_LAZY, ZPCI_HOST_DEFAULT_SETTLE_SECONDS);
}

char *
zpci_host_get_default_run(void)
{
    return g_build_filename(geteuid() == 0 ? NAME_RUN : g_get_user_runtime_dir(), NAME_RUN_OURS,
                            NULL);
}

/* Guests that get functions are those of the whole system, whoever asks; libvirt's own default is
 * another for users than for root. */
static char *
zpci_host_get_default_guests(void)
{
    const char *uri = g_getenv(NAME_ENV_LIBVIRT_DEFAULT_URI);

    return g_strdup(uri != NULL && uri[0] != '\0' ? uri : NAME_URI_GUESTS);
}

ZpciHost *
zpci_host_open(const char *root, GError **error)
{
    g_autoptr(Capture) capture = NULL;
    g_autofree char *sysfs = g_build_filename(root != NULL ? root : "/", NAME_SYS, NULL);
    g_autofree char *run = NULL;
    ZpciHost *host;

    if (root != NULL && (capture = capture_open(root, error)) == NULL)
        return NULL;
    host = zpci_host_new(AT_FDCWD, sysfs, error);
    if (host == NULL)
        return NULL;
    if (capture != NULL) {
        host->capture = g_steal_pointer(&capture);
    } else {
        run = zpci_host_get_default_run();
        zpci_host_set_access(host, NAME_DEV, &system_calls_kernel, run);
        host->access.guests = zpci_host_get_default_guests();
    }
    return host;
}

ZpciHost *
zpci_host_open_test(const char *sysfs, const char *dev, const SystemCalls *calls, const char *run,
                    GError **error)
{
    ZpciHost *host = zpci_host_new(AT_FDCWD, sysfs, error);

    if (host != NULL)
        zpci_host_set_access(host, dev, calls, run);
    return host;
}

ZpciHost *
zpci_host_open_as_capture(const ZpciHost *origin, const char *root, GError **error)
{
    ZpciHost *host = zpci_host_new(origin->sysfs, ".", error);

    if (host == NULL)
        return NULL;
    host->is_kernel = FALSE;
    host->capture = g_new0(Capture, 1);
    host->capture->root = g_strdup(root);
    host->capture->byte_order =
        origin->capture != NULL ? origin->capture->byte_order : G_BYTE_ORDER;
    return host;
}

void
zpci_host_set_test_kernel(ZpciHost *host, const char *proc, const HostActions *actions)
{
    g_free(host->access.proc);
    host->access.proc = g_strdup(proc);
    host->access.actions = actions;
}

void
zpci_host_set_test_sysfs(ZpciHost *host)
{
    zpci_host_set_kernel(host);
}

void
zpci_host_set_test_files(ZpciHost *host, gint64 (*clock)(void))
{
    host->is_local = TRUE;
    host->clock = clock;
}

void
zpci_host_set_test_wait(ZpciHost *host, guint seconds)
{
    host->access.lock_seconds = seconds;
    chain_cache_set_wait(host->access.chains, seconds);
}

void
zpci_host_set_test_guests(ZpciHost *host, const char *uri)
{
    g_free(host->access.guests);
    host->access.guests = g_strdup(uri);
}

void
zpci_host_free(ZpciHost *host)
{
    if (host == NULL || !g_atomic_ref_count_dec(&host->references))
        return;
    close(host->sysfs);
    if (host->events >= 0)
        close(host->events);
    pci_snapshot_table_free(host->snapshots);
    text_store_free(host->documents);
    text_store_free(host->overlays);
    capture_free(host->capture);
    g_free(host->access.dev);
    g_free(host->access.proc);
    chain_cache_free(host->access.chains);
    g_free(host->access.locks);
    g_free(host->access.guests);
    g_free(host);
}

void
zpci_host_set_vfio_read(ZpciHost *host, ZpciVfioRead when, guint settle_seconds)
{
    host->access.vfio_read = when;
    host->access.settle_seconds = settle_seconds;
}

void
zpci_host_set_standby(ZpciHost *host, gboolean shown)
{
    host->shows_standby = shown;
}

gboolean
zpci_host_shows_standby(const ZpciHost *host)
{
    return host->shows_standby;
}

const HostAccess *
zpci_host_get_access(const ZpciHost *host)
{
    return host->capture == NULL ? &host->access : NULL;
}

int
zpci_host_get_sysfs(const ZpciHost *host)
{
    return host->sysfs;
}

gboolean
zpci_host_is_kernel(const ZpciHost *host)
{
    return host->is_kernel;
}

gboolean
zpci_host_read_events(const ZpciHost *host, char events[ZPCI_HOST_EVENTS_SIZE])
{
    gssize got = pread(host->events, events, ZPCI_HOST_EVENTS_SIZE - 1, 0);

    if (got <= 0)
        return FALSE;
    events[got] = '\0';
    g_strchomp(events);
    return TRUE;
}

gboolean
zpci_host_is_local(const ZpciHost *host)
{
    return host->is_local && host->capture == NULL;
}

gboolean
zpci_host_is_at_hand(const ZpciHost *host)
{
    return host->is_kernel || zpci_host_is_local(host);
}

gint64
zpci_host_get_time(const ZpciHost *host)
{
    return host->clock();
}

PciSnapshotTable *
zpci_host_get_snapshots(const ZpciHost *host)
{
    return host->snapshots;
}

TextStore *
zpci_host_get_documents(const ZpciHost *host)
{
    return host->documents;
}

TextStore *
zpci_host_get_overlays(const ZpciHost *host)
{
    return host->overlays;
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
    g_autoptr(GPtrArray) names = sysfs_list_if_there(host->sysfs, NAME_PCI_DEVICES, error);

    if (names == NULL)
        return NULL;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        char canonical[PCI_ADDRESS_TEXT_SIZE];
        PciAddress address;

        /* A function is found by the kernel's spelling; another would be listed and never found. */
        if (pci_address_parse(name, &address, NULL) &&
            strcmp(pci_address_format(&address, canonical), name) == 0)
            g_array_append_val(addresses, address);
    }
    g_array_sort(addresses, pci_address_compare);
    return g_steal_pointer(&addresses);
}

/* From the directory of PCI's devices to the root of sysfs. */
#define ZPCI_HOST_UP "../../../"

/* Whether it is as the kernel writes it: up to the root, and down without any way back. */
static gboolean
zpci_host_is_plain(const char *link)
{
    return g_str_has_prefix(link, ZPCI_HOST_UP "devices/") && !g_str_has_suffix(link, "/") &&
           strstr(link + strlen(ZPCI_HOST_UP), "/.") == NULL && strstr(link, "//") == NULL;
}

static char *
zpci_host_resolve(const char *link)
{
    g_autofree char *path = NULL;

    if (link == NULL)
        return NULL;
    if (zpci_host_is_plain(link))
        return g_strdup(link + strlen(ZPCI_HOST_UP));
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
    attribute = g_strconcat(path, "/" NAME_FUNCTION_ID, NULL);
    return faccessat(host->sysfs, attribute, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static ZpciHost *
zpci_host_ref(ZpciHost *host)
{
    g_atomic_ref_count_inc(&host->references);
    return host;
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciHost, zpci_host, zpci_host_ref, zpci_host_free)
