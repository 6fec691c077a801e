/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

/* Gives a function of the host to a guest: prints the domain document with it. What the guest gets
 * as UID and FID is what the function has on the host, if that is free in the guest.
 *
 *     cc add-function.c $(pkg-config --cflags --libs libvirt-zpci) -o add-function
 *     add-function DOMAIN.XML fid=0x1234 [CAPTURED-HOST]
 */

#include <stdio.h>

#include <libvirt-zpci.h>

/* libvirt names the function pci_0005_00_00_0; its address is 0005:00:00.0. */
static char *
get_address(const char *name)
{
    char *address = g_strdup(name + strlen("pci_"));

    g_strdelimit(address, "_", ':');
    *strrchr(address, ':') = '.';
    return address;
}

/* Which function is meant, and what the host says of it. */
static gboolean
find_function(const char *text, const char *root, char **address, ZpciFunction **function,
              GError **error)
{
    ZpciHost *host = zpci_host_open(root, error);
    g_autoptr(ZpciInventory) inventory = NULL;
    g_autofree char *name = NULL;

    if (host == NULL)
        return FALSE;
    inventory = zpci_inventory_new(host);
    name = zpci_inventory_resolve(inventory, text, error);
    if (name == NULL || !zpci_inventory_get_function(inventory, name, function, error))
        return FALSE;
    if (*function == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND, "%s is no zPCI function.", name);
        return FALSE;
    }
    *address = get_address(name);
    return TRUE;
}

static char *
add_function(const char *path, const char *address, ZpciFunction *function, GError **error)
{
    g_autoptr(GPtrArray) hostdevs =
        g_ptr_array_new_with_free_func((GDestroyNotify)zpci_hostdev_unref);
    ZpciHostdev *hostdev = zpci_hostdev_new(address);
    ZpciAddressRequest *request = zpci_hostdev_get_request(hostdev);
    g_autoptr(ZpciDomainDocument) document = NULL;
    g_autofree char *text = NULL;
    gsize size;

    g_ptr_array_add(hostdevs, hostdev);
    zpci_address_request_set_host(request, function);
    if (!g_file_get_contents(path, &text, &size, error))
        return NULL;
    document = zpci_domain_document_new(text, size, error);
    if (document == NULL ||
        !zpci_domain_document_add(document, hostdevs, ZPCI_ADDRESS_POLICY_MIRROR, error))
        return NULL;
    if (zpci_address_request_get_note(request) != NULL)
        fprintf(stderr, "%s\n", zpci_address_request_get_note(request));
    return zpci_domain_document_format(document, error);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciFunction) function = NULL;
    g_autofree char *address = NULL;
    g_autofree char *result = NULL;

    if (argc < 3) {
        fprintf(stderr, "Usage: %s DOMAIN.XML NAME [CAPTURED-HOST]\n", argv[0]);
        return 2;
    }
    if (find_function(argv[2], argc > 3 ? argv[3] : NULL, &address, &function, &error))
        result = add_function(argv[1], address, function, &error);
    if (result == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    fputs(result, stdout);
    return 0;
}
