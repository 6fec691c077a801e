/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

/* The part of linux/vfio.h that we use, restated, so that the build does not depend on the host's
 * kernel headers. Replies are foreign bytes that may have been written by another machine, so they
 * are given as offsets and never overlaid with a structure. */

/* _IO(';', 100 + N): VFIO_TYPE is ';', VFIO_BASE is 100. */
#define VFIO_UAPI_GET_API_VERSION 0x3b64
#define VFIO_UAPI_CHECK_EXTENSION 0x3b65
#define VFIO_UAPI_SET_IOMMU 0x3b66
#define VFIO_UAPI_GROUP_GET_STATUS 0x3b67
#define VFIO_UAPI_GROUP_SET_CONTAINER 0x3b68
#define VFIO_UAPI_GROUP_GET_DEVICE_FD 0x3b6a
#define VFIO_UAPI_DEVICE_GET_INFO 0x3b6b
#define VFIO_UAPI_DEVICE_BIND_IOMMUFD 0x3b76

/* VFIO_DEVICE_FEATURE is missing here for a reason: its VFIO_DEVICE_FEATURE_ZPCI_ERROR (since Linux
 * 7.3) takes records of errors away from the guest that needs them. */

/* VFIO_API_VERSION. */
#define VFIO_UAPI_API_VERSION 0

/* VFIO_TYPE1v2_IOMMU and the older VFIO_TYPE1_IOMMU. */
#define VFIO_UAPI_TYPE1V2_IOMMU 3
#define VFIO_UAPI_TYPE1_IOMMU 1

/* VFIO_GROUP_FLAGS_VIABLE: all functions of the group are bound to VFIO or to nothing. */
#define VFIO_UAPI_GROUP_VIABLE (1u << 0)

/* struct vfio_device_info. Linux 5.9 and older end after num_irqs; up to 6.5 cap_offset makes it 20
 * bytes, which leaves every 64-bit field of the chain misaligned; since 6.6 padding makes it 24. */
#define VFIO_UAPI_INFO_ARGSZ 0
#define VFIO_UAPI_INFO_FLAGS 4
#define VFIO_UAPI_INFO_NUM_REGIONS 8
#define VFIO_UAPI_INFO_NUM_IRQS 12
#define VFIO_UAPI_INFO_CAP_OFFSET 16
#define VFIO_UAPI_INFO_SIZE_WITHOUT_CAPS 16
#define VFIO_UAPI_INFO_SIZE 20

/* VFIO_DEVICE_FLAGS_CAPS: the reply carries a capability chain. */
#define VFIO_UAPI_FLAG_CAPS (1u << 7)

/* struct vfio_info_cap_header: id, version, and the next header's offset in the reply, 0 at the
 * end. */
#define VFIO_UAPI_CAP_ID 0
#define VFIO_UAPI_CAP_VERSION 2
#define VFIO_UAPI_CAP_NEXT 4
#define VFIO_UAPI_CAP_SIZE 8

/* The numbers are unique over all kinds of devices; what they mean is a matter of higher layers. */
typedef enum {
    VFIO_CAP_ZPCI_BASE = 1,
    VFIO_CAP_ZPCI_GROUP = 2,
    VFIO_CAP_ZPCI_UTIL = 3,
    VFIO_CAP_ZPCI_PFIP = 4,
    VFIO_CAP_PCI_ATOMIC_COMP = 5,
} VfioCapabilityId;
