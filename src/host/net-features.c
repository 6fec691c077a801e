/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-features.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "devlink.h"
#include "names.h"
#include "sysfs.h"
#include "zpci-host-private.h"

/* libvirt's bit of ETHTOOL_GFEATURES for txudptnl. In kernels since 4.7 it stands for segmentation
 * of IP in IPv6, the tunnels of UDP have moved on to the next one, and libvirt has not followed. */
#define TXUDPTNL_BIT 25

/* How many words of 32 bits we ask for; the kernel says how many it has. */
#define FEATURE_WORDS 2

typedef struct {
    guint32 value;
    NetFeature feature;
} NetFeatureRow;

/* Requests that are answered by one number, which is not 0 if the feature is on. */
static const NetFeatureRow requests[] = {
    { ETHTOOL_GRXCSUM, NET_FEATURE_RX }, { ETHTOOL_GTXCSUM, NET_FEATURE_TX },
    { ETHTOOL_GSG, NET_FEATURE_SG },     { ETHTOOL_GTSO, NET_FEATURE_TSO },
    { ETHTOOL_GGSO, NET_FEATURE_GSO },   { ETHTOOL_GGRO, NET_FEATURE_GRO },
};

/* Bits of the answer to ETHTOOL_GFLAGS. */
static const NetFeatureRow flags[] = {
    { ETH_FLAG_LRO, NET_FEATURE_LRO },       { ETH_FLAG_RXVLAN, NET_FEATURE_RXVLAN },
    { ETH_FLAG_TXVLAN, NET_FEATURE_TXVLAN }, { ETH_FLAG_NTUPLE, NET_FEATURE_NTUPLE },
    { ETH_FLAG_RXHASH, NET_FEATURE_RXHASH },
};

/* An interface and the socket by which it is asked. */
typedef struct {
    const SystemCalls *calls;
    int fd;
    const char *interface;
} NetEthtool;

/* @argument begins with a command of ethtool. */
static gboolean
net_features_call(const NetEthtool *ethtool, void *argument)
{
    struct ifreq request = { .ifr_data = argument };

    memcpy(request.ifr_name, ethtool->interface, strlen(ethtool->interface));
    return ethtool->calls->ioctl(ethtool->fd, SIOCETHTOOL, &request) >= 0;
}

static guint32
net_features_get_number(const NetEthtool *ethtool, guint32 command)
{
    struct ethtool_value value = { .cmd = command };

    return net_features_call(ethtool, &value) ? value.data : 0;
}

static gboolean
net_features_get_txudptnl(const NetEthtool *ethtool)
{
    gsize size = sizeof(struct ethtool_gfeatures) +
                 FEATURE_WORDS * sizeof(struct ethtool_get_features_block);
    g_autofree struct ethtool_gfeatures *features = g_malloc0(size);

    features->cmd = ETHTOOL_GFEATURES;
    features->size = FEATURE_WORDS;
    return net_features_call(ethtool, features) &&
           (features->features[TXUDPTNL_BIT / 32].active & 1U << TXUDPTNL_BIT % 32) != 0;
}

static guint
net_features_ask(const NetEthtool *ethtool)
{
    guint32 answer = net_features_get_number(ethtool, ETHTOOL_GFLAGS);
    guint found = 0;

    for (guint i = 0; i < G_N_ELEMENTS(flags); i++) {
        if ((answer & flags[i].value) != 0)
            found |= NET_FEATURE_BIT(flags[i].feature);
    }
    for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
        if (net_features_get_number(ethtool, requests[i].value) != 0)
            found |= NET_FEATURE_BIT(requests[i].feature);
    }
    if (net_features_get_txudptnl(ethtool))
        found |= NET_FEATURE_BIT(NET_FEATURE_TXUDPTNL);
    return found;
}

static guint
net_features_read_ethtool(const SystemCalls *calls, const char *interface)
{
    NetEthtool ethtool = { calls, -1, interface };
    guint found;

    if (strlen(interface) >= IFNAMSIZ)
        return 0;
    ethtool.fd = calls->socket(AF_UNIX, 0);
    if (ethtool.fd < 0)
        return 0;
    found = net_features_ask(&ethtool);
    calls->close(ethtool.fd);
    return found;
}

/* Where a member of the class @class has its function's memory; two that agree are one function. */
static SysfsResult
net_features_read_resource(int sysfs, const char *class, const char *member,
                           char text[SYSFS_ATTRIBUTE_MAX + 1])
{
    g_autofree char *path = g_build_filename(class, member, NAME_NET_DEVICE, NAME_RESOURCE, NULL);

    return sysfs_read_text(sysfs, path, text, NULL);
}

static gboolean
net_features_has_rdma(int sysfs, const char *sysname)
{
    g_autoptr(GPtrArray) members = sysfs_list(sysfs, NAME_CLASS_INFINIBAND, NULL);
    char own[SYSFS_ATTRIBUTE_MAX + 1], other[SYSFS_ATTRIBUTE_MAX + 1];

    if (members == NULL ||
        net_features_read_resource(sysfs, NAME_CLASS_NET, sysname, own) != SYSFS_READ)
        return FALSE;
    for (guint i = 0; i < members->len; i++) {
        const char *member = g_ptr_array_index(members, i);

        if (net_features_read_resource(sysfs, NAME_CLASS_INFINIBAND, member, other) == SYSFS_READ &&
            strcmp(own, other) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The switch belongs to the physical function. */
static gboolean
net_features_has_switchdev(const SystemCalls *calls, int sysfs, const char *sysname)
{
    g_autofree char *link = g_build_filename(NAME_CLASS_NET, sysname, NAME_NET_DEVICE, NULL);
    g_autofree char *physical_link = g_build_filename(link, NAME_PHYSFN, NULL);
    g_autofree char *function = sysfs_read_link_name(sysfs, link);
    g_autofree char *physical = sysfs_read_link_name(sysfs, physical_link);
    PciAddress address;

    return function != NULL && pci_address_parse(function, &address, NULL) &&
           (physical == NULL || pci_address_parse(physical, &address, NULL)) &&
           devlink_is_switchdev(calls, &address);
}

guint
net_features_read(const ZpciHost *host, const char *sysname, const char *interface)
{
    const HostAccess *access = zpci_host_get_access(host);
    int sysfs = zpci_host_get_sysfs(host);
    guint found = 0;

    if (net_features_has_rdma(sysfs, sysname))
        found |= NET_FEATURE_BIT(NET_FEATURE_RDMA);
    if (access == NULL)
        return found;
    found |= net_features_read_ethtool(access->calls, interface);
    if (net_features_has_switchdev(access->calls, sysfs, sysname))
        found |= NET_FEATURE_BIT(NET_FEATURE_SWITCHDEV);
    return found;
}
