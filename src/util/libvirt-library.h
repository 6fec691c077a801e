/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libvirt-glib/libvirt-glib-event.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#if LIBVIR_CHECK_VERSION(10, 1, 0)
#define LIBVIRT_LIBRARY_UPDATES(SYMBOL) SYMBOL(virNodeDeviceUpdate)
#else
#define LIBVIRT_LIBRARY_UPDATES(SYMBOL)
#endif

/* All that we call of libvirt. */
#define LIBVIRT_LIBRARY_SYMBOLS(SYMBOL)            \
    SYMBOL(virConnectAuthPtrDefault)               \
    SYMBOL(virConnectClose)                        \
    SYMBOL(virConnectGetLibVersion)                \
    SYMBOL(virConnectGetURI)                       \
    SYMBOL(virConnectIsAlive)                      \
    SYMBOL(virConnectListAllDomains)               \
    SYMBOL(virConnectListAllNodeDevices)           \
    SYMBOL(virConnectNodeDeviceEventDeregisterAny) \
    SYMBOL(virConnectNodeDeviceEventRegisterAny)   \
    SYMBOL(virConnectOpen)                         \
    SYMBOL(virConnectOpenAuth)                     \
    SYMBOL(virConnectOpenReadOnly)                 \
    SYMBOL(virConnectRef)                          \
    SYMBOL(virConnectRegisterCloseCallback)        \
    SYMBOL(virConnectSetIdentity)                  \
    SYMBOL(virConnectSetKeepAlive)                 \
    SYMBOL(virConnectUnregisterCloseCallback)      \
    SYMBOL(virDomainAttachDeviceFlags)             \
    SYMBOL(virDomainDetachDeviceFlags)             \
    SYMBOL(virDomainFree)                          \
    SYMBOL(virDomainGetName)                       \
    SYMBOL(virDomainGetXMLDesc)                    \
    SYMBOL(virDomainIsActive)                      \
    SYMBOL(virDomainLookupByName)                  \
    SYMBOL(virDomainLookupByUUIDString)            \
    SYMBOL(virGetLastError)                        \
    SYMBOL(virGetLastErrorCode)                    \
    SYMBOL(virGetLastErrorDomain)                  \
    SYMBOL(virGetLastErrorMessage)                 \
    SYMBOL(virInitialize)                          \
    SYMBOL(virNodeDeviceCreate)                    \
    SYMBOL(virNodeDeviceCreateXML)                 \
    SYMBOL(virNodeDeviceDefineXML)                 \
    SYMBOL(virNodeDeviceDestroy)                   \
    SYMBOL(virNodeDeviceFree)                      \
    SYMBOL(virNodeDeviceGetAutostart)              \
    SYMBOL(virNodeDeviceGetName)                   \
    SYMBOL(virNodeDeviceGetParent)                 \
    SYMBOL(virNodeDeviceGetXMLDesc)                \
    SYMBOL(virNodeDeviceIsActive)                  \
    SYMBOL(virNodeDeviceIsPersistent)              \
    SYMBOL(virNodeDeviceListCaps)                  \
    SYMBOL(virNodeDeviceLookupByName)              \
    SYMBOL(virNodeDeviceLookupSCSIHostByWWN)       \
    SYMBOL(virNodeDeviceNumOfCaps)                 \
    SYMBOL(virNodeDeviceSetAutostart)              \
    SYMBOL(virNodeDeviceUndefine)                  \
    SYMBOL(virNodeListDevices)                     \
    SYMBOL(virNodeNumOfDevices)                    \
    SYMBOL(virResetLastError)                      \
    SYMBOL(virSetErrorFunc)                        \
    SYMBOL(virTypedParamsAddLLong)                 \
    SYMBOL(virTypedParamsAddString)                \
    SYMBOL(virTypedParamsAddULLong)                \
    SYMBOL(virTypedParamsFree)                     \
    LIBVIRT_LIBRARY_UPDATES(SYMBOL)

/* The same of libvirt-glib. */
#define LIBVIRT_LIBRARY_GLIB_SYMBOLS(SYMBOL) SYMBOL(gvir_event_register)

#define LIBVIRT_LIBRARY_MEMBER(name) __typeof__(name) *name;

/**
 * LibvirtLibrary:
 *
 * libvirt's client library, each symbol under its own name. Nothing is linked to it: it brings some
 * forty other libraries with it, more than half of the time that it takes to show a function, and
 * most that we do needs no libvirt.
 */
/* clang-format off */
typedef struct {
    LIBVIRT_LIBRARY_SYMBOLS(LIBVIRT_LIBRARY_MEMBER)
    LIBVIRT_LIBRARY_GLIB_SYMBOLS(LIBVIRT_LIBRARY_MEMBER)
} LibvirtLibrary;
/* clang-format on */

/** libvirt_library: empty until libvirt_library_load() was good, and the same from then on. */
extern LibvirtLibrary libvirt_library;

/**
 * libvirt_library_load:
 *
 * Loads it, once; to be called before anything of it is used. From any thread.
 *
 * Returns: %FALSE with %ZPCI_ERROR_UNREACHABLE, in a sentence that says what is missing.
 */
gboolean libvirt_library_load(GError **error);
