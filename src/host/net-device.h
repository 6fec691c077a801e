/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * NetFeature:
 *
 * What an interface offloads or can do besides, in libvirt's order.
 */
typedef enum {
    NET_FEATURE_RX,
    NET_FEATURE_TX,
    NET_FEATURE_SG,
    NET_FEATURE_TSO,
    NET_FEATURE_GSO,
    NET_FEATURE_GRO,
    NET_FEATURE_LRO,
    NET_FEATURE_RXVLAN,
    NET_FEATURE_TXVLAN,
    NET_FEATURE_NTUPLE,
    NET_FEATURE_RXHASH,
    NET_FEATURE_RDMA,
    NET_FEATURE_TXUDPTNL,
    NET_FEATURE_SWITCHDEV,
    NET_N_FEATURES,
} NetFeature;

/* A set of features. */
#define NET_FEATURE_BIT(feature) (1U << (feature))

/**
 * NetDevice:
 * @sysname: its name in sysfs
 * @path: its path in sysfs, "/sys/devices/..." also for a capture
 * @interface: the name that the kernel gives it; the same unless it is renamed at this moment
 * @address: (nullable): its link-layer address, "02:fc:00:00:00:01"; some have none
 * @is_wireless: whether it is one of 802.11
 * @state: (nullable): its operational state by RFC 2863, a static text: "up"
 * @speed: in Mbit/s, 0 if unknown; the largest number is the kernel's own "unknown"
 * @features: bits of #NetFeature
 *
 * One network interface, as the host shows it at one moment. Bytes of @sysname, @path and
 * @interface may be any but blanks and slashes.
 */
typedef struct {
    char *sysname;
    char *path;
    char *interface;
    char *address;
    gboolean is_wireless;
    const char *state;
    guint32 speed;
    guint features;
} NetDevice;

/** net_device_free: @device may be %NULL. */
void net_device_free(NetDevice *device);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetDevice, net_device_free)
