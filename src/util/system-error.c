/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "system-error.h"

#include <errno.h>

#include "zpci-error.h"

static ZpciError
system_error_code(int number)
{
    switch (number) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case ENOTDIR:
        return ZPCI_ERROR_NOT_FOUND;
    case EACCES:
    case EPERM:
        return ZPCI_ERROR_NO_PERMISSION;
    case EBUSY:
        return ZPCI_ERROR_IN_USE;
    case ENOTTY:
    case ENOSYS:
    case EOPNOTSUPP:
        return ZPCI_ERROR_UNSUPPORTED;
    default:
        return ZPCI_ERROR_UNREADABLE;
    }
}

void
system_error_set(GError **error, int number, const char *format, ...)
{
    g_autofree char *attempt = NULL;
    va_list arguments;

    if (error == NULL)
        return;
    va_start(arguments, format);
    attempt = g_strdup_vprintf(format, arguments);
    va_end(arguments);

    g_set_error(error, ZPCI_ERROR, system_error_code(number), "%s: %s.", attempt,
                g_strerror(number));
}
