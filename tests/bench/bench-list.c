/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

/* The system calls of "virt-zpci --root DIR list", and nothing else: what a list cannot cost less
 * than. Usage: bench-list DIR */

#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEVICES "bus/pci/devices"

/* What the links in it begin with: the way up to the root. */
#define UP_LENGTH ((gssize)strlen("../../../"))

static const char *const attributes[] = {
    "function_id", "uid", "pfgid", "pchid", "vfn", "pft", "port", "function_handle",
};

static char **
list_names(int sysfs)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    DIR *stream = fdopendir(openat(sysfs, DEVICES, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const struct dirent *entry;

    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        if (entry->d_name[0] != '.')
            g_ptr_array_add(names, g_strdup(entry->d_name));
    }
    if (stream != NULL)
        closedir(stream);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

static gssize
find(int sysfs, const char *name, char path[PATH_MAX])
{
    char entry[PATH_MAX];

    g_snprintf(entry, sizeof entry, DEVICES "/%s", name);
    return readlinkat(sysfs, entry, path, PATH_MAX);
}

/* Leaves the function's directory below sysfs in @path. */
static gboolean
locate(int sysfs, const char *name, char path[PATH_MAX])
{
    gssize length = find(sysfs, name, path);

    if (length <= UP_LENGTH || length == PATH_MAX)
        return FALSE;
    memmove(path, path + UP_LENGTH, (gsize)length - UP_LENGTH);
    path[length - UP_LENGTH] = '\0';
    return TRUE;
}

static gboolean
is_zpci(int sysfs, const char *name)
{
    char path[PATH_MAX];

    if (!locate(sysfs, name, path))
        return FALSE;
    g_strlcat(path, "/function_id", sizeof path);
    return faccessat(sysfs, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int
open_function(int sysfs, const char *name, char path[PATH_MAX])
{
    if (!locate(sysfs, name, path))
        g_error("%s has gone.", name);
    return openat(sysfs, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
read_facts(int sysfs, const char *root, const char *name)
{
    char path[PATH_MAX];
    char text[4097];
    int directory;

    find(sysfs, name, path);
    directory = open_function(sysfs, name, path);
    for (guint i = 0; i < G_N_ELEMENTS(attributes); i++) {
        int fd = openat(directory, attributes[i], O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

        if (pread(fd, text, sizeof text, 0) < 0)
            g_error("%s of %s cannot be read.", attributes[i], name);
        close(fd);
    }
    g_snprintf(path, sizeof path, "%s/chain/%s", root, name);
    faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW);
    g_snprintf(path, sizeof path, "%s/clp/function-%s", root, name);
    faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW);
    close(directory);
    find(sysfs, name, path);
}

static void
read_driver(int sysfs, const char *name)
{
    char path[PATH_MAX];
    int directory = open_function(sysfs, name, path);

    if (readlinkat(directory, "driver", path, sizeof path) < 0 ||
        readlinkat(directory, "iommu_group", path, sizeof path) < 0)
        g_error("%s has no driver or group.", name);
    faccessat(directory, "vfio-dev", F_OK, AT_SYMLINK_NOFOLLOW);
    close(directory);
    find(sysfs, name, path);
}

int
main(int argc, char **argv)
{
    g_autofree char *path = argc == 2 ? g_build_filename(argv[1], "sys", NULL) : NULL;
    g_auto(GStrv) names = NULL;
    guint count = 0;
    int sysfs;

    if (path == NULL)
        g_error("The directory of a captured host is missing.");
    sysfs = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    names = list_names(sysfs);
    for (char **name = names; *name != NULL; name++)
        count += is_zpci(sysfs, *name) ? 1 : 0;
    for (char **name = names; *name != NULL; name++) {
        read_facts(sysfs, argv[1], *name);
        read_driver(sysfs, *name);
    }
    printf("%u functions\n", count);
    close(sysfs);
    return 0;
}
