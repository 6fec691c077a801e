/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <stdio.h>

#include "fuzz-target.h"

static int
replay_file(const char *path)
{
    g_autofree char *bytes = NULL;
    g_autofree guint8 *exact = NULL;
    g_autoptr(GError) error = NULL;
    gsize size;

    if (!g_file_get_contents(path, &bytes, &size, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    /* Without the terminator that GLib adds, so that a read behind the end is seen. */
    exact = g_memdup2(bytes, size);
    return LLVMFuzzerTestOneInput(exact, size);
}

static int
replay_directory(const char *path, guint *count)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) directory = g_dir_open(path, 0, &error);
    const char *name;
    int failures = 0;

    if (directory == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    while ((name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);

        failures += replay_file(file);
        (*count)++;
    }
    return failures;
}

int
main(int argc, char **argv)
{
    guint count = 0;
    int failures = 0;

    for (int i = 1; i < argc; i++)
        failures += replay_directory(argv[i], &count);
    printf("%u inputs, %d failures\n", count, failures);
    return failures > 0 || count == 0;
}
