/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "libvirt-library.h"

#include <dlfcn.h>
#include <glib/gi18n-lib.h>

#include "zpci-error.h"

/* Their interfaces have never changed otherwise than by additions. */
#define FILE_NAME "libvirt.so.0"
#define GLIB_FILE_NAME "libvirt-glib-1.0.so.0"

typedef struct {
    const char *name;
    gsize offset;
} Symbol;

#define ROW(name) { #name, G_STRUCT_OFFSET(LibvirtLibrary, name) },

/* clang-format off */
static const Symbol symbols[] = {
    LIBVIRT_LIBRARY_SYMBOLS(ROW)
};

static const Symbol glib_symbols[] = {
    LIBVIRT_LIBRARY_GLIB_SYMBOLS(ROW)
};
/* clang-format on */

LibvirtLibrary libvirt_library;

/* The file stays loaded: libvirt has threads of its own, and data of each thread. */
static gboolean
libvirt_library_read(const char *file, const Symbol *wanted, gsize count, LibvirtLibrary *library,
                     GError **error)
{
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

    if (handle == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                    _("libvirt's client library cannot be loaded; install it. %s"), dlerror());
        return FALSE;
    }
    for (gsize i = 0; i < count; i++) {
        void *address = dlsym(handle, wanted[i].name);

        if (address == NULL) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                        _("%s has no %s; install the release of libvirt with which this was "
                          "built, or a newer one."),
                        file, wanted[i].name);
            dlclose(handle);
            return FALSE;
        }
        G_STRUCT_MEMBER(void *, library, wanted[i].offset) = address;
    }
    return TRUE;
}

gboolean
libvirt_library_load(GError **error)
{
    static GMutex lock;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);
    LibvirtLibrary library;

    if (libvirt_library.virInitialize != NULL)
        return TRUE;
    if (!libvirt_library_read(FILE_NAME, symbols, G_N_ELEMENTS(symbols), &library, error) ||
        !libvirt_library_read(GLIB_FILE_NAME, glib_symbols, G_N_ELEMENTS(glib_symbols), &library,
                              error))
        return FALSE;
    libvirt_library = library;
    return TRUE;
}
