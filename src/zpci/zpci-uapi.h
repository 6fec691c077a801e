/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

/* The capabilities of linux/vfio_zdev.h and of linux/vfio.h that we decode, restated as offsets
 * from the capability's header. All widths are in the decoders' tables. */

/* struct vfio_device_info_cap_zpci_base. Version 1 since Linux 5.11, 2 since 6.0, 3 since 7.3,
 * with ccdf_err_length where version 2 has padding; both are 40 bytes, so only the version tells
 * them apart. */
#define ZPCI_UAPI_BASE_START_DMA 8
#define ZPCI_UAPI_BASE_END_DMA 16
#define ZPCI_UAPI_BASE_PCHID 24
#define ZPCI_UAPI_BASE_VFN 26
#define ZPCI_UAPI_BASE_FMB_LENGTH 28
#define ZPCI_UAPI_BASE_PFT 30
#define ZPCI_UAPI_BASE_GID 31
#define ZPCI_UAPI_BASE_FH 32
#define ZPCI_UAPI_BASE_CCDF_ERR_LENGTH 36

/* struct vfio_device_info_cap_zpci_group. Byte 39 is reserved. */
#define ZPCI_UAPI_GROUP_DASM 8
#define ZPCI_UAPI_GROUP_MSI_ADDR 16
#define ZPCI_UAPI_GROUP_FLAGS 24
#define ZPCI_UAPI_GROUP_MUI 32
#define ZPCI_UAPI_GROUP_NOI 34
#define ZPCI_UAPI_GROUP_MAXSTBL 36
#define ZPCI_UAPI_GROUP_VERSION 38
#define ZPCI_UAPI_GROUP_IMAXSTBL 40

/* VFIO_DEVICE_INFO_ZPCI_FLAG_REFRESH. */
#define ZPCI_UAPI_GROUP_FLAG_REFRESH 1

/* struct vfio_device_info_cap_zpci_util and _pfip: a size, then that many bytes. */
#define ZPCI_UAPI_STRING_SIZE 8
#define ZPCI_UAPI_STRING_BYTES 12

/* struct vfio_device_info_cap_pci_atomic_comp. */
#define ZPCI_UAPI_ATOMIC_FLAGS 8
