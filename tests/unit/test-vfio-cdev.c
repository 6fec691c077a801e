/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-cdev.h"

#include <errno.h>

#include "call-script.h"
#include "expect.h"
#include "vfio-uapi.h"

#define ADDRESS "0005:00:00.0"
#define NODE "/dev/vfio/devices/vfio3"

enum {
    DEVICE = 30,
    IOMMUFD
};

static const guint32 bind_asked[] = { 16, 0, IOMMUFD, 0 };
static const guint32 bind_answered[] = { 16, 0, IOMMUFD, 1 };
static const guint32 info_asked[] = { 20, 0, 0, 0, 0 };
static const guint32 info_answered[] = { 28, 0x83, 9, 5, 0 };
static const guint32 more_asked[7] = { 28 };
static const guint32 more_answered[] = { 28, 0x83, 9, 5, 20, 0x00040001, 0 };

/* Numbers of the steps below. */
enum {
    OPEN_DEVICE,
    OPEN_IOMMU,
    BIND,
    GET_INFO,
    GET_MORE,
    N_STEPS
};

static const CallStep whole_way[N_STEPS] = {
    [OPEN_DEVICE] = { .opens = "vfio/devices/vfio3", .result = DEVICE },
    [OPEN_IOMMU] = { .opens = "iommu", .result = IOMMUFD },
    [BIND] = { .fd = DEVICE,
               .request = VFIO_UAPI_DEVICE_BIND_IOMMUFD,
               .expects = bind_asked,
               .expects_size = sizeof bind_asked,
               .writes = bind_answered,
               .writes_size = sizeof bind_answered },
    [GET_INFO] = { .fd = DEVICE,
                   .request = VFIO_UAPI_DEVICE_GET_INFO,
                   .expects = info_asked,
                   .expects_size = sizeof info_asked,
                   .writes = info_answered,
                   .writes_size = sizeof info_answered },
    [GET_MORE] = { .fd = DEVICE,
                   .request = VFIO_UAPI_DEVICE_GET_INFO,
                   .expects = more_asked,
                   .expects_size = sizeof more_asked,
                   .writes = more_answered,
                   .writes_size = sizeof more_answered },
};

static GByteArray *
read_device(GError **error)
{
    GByteArray *reply = vfio_cdev_read(NODE, ADDRESS, "/dev", &call_script_kernel, error);

    call_script_end();
    return reply;
}

static void
begin(void)
{
    call_script_begin("/dev");
    call_script_add(whole_way, N_STEPS);
}

static void
test_the_way_through_iommufd(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply = NULL;

    begin();
    reply = read_device(&error);
    g_assert_no_error(error);
    g_assert_cmpmem(reply->data, reply->len, more_answered, sizeof more_answered);
}

/* A node of the function's own can be opened by two; the second one learns it when it binds. */
static void
test_device_that_a_guest_has(void)
{
    static const int numbers[] = { EINVAL, EBUSY };

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autoptr(GError) error = NULL;

        begin();
        call_script_fail(BIND, numbers[i]);
        g_assert_null(read_device(&error));
        expect_has(error->message, g_strerror(EBUSY));
        expect_error(&error, ZPCI_ERROR_IN_USE, "Binding " NODE " to an iommufd failed");
    }
}

static void
test_each_step_can_fail(void)
{
    static const struct {
        guint step;
        int number;
        ZpciError code;
        const char *says;
    } cases[] = {
        { OPEN_DEVICE, EBUSY, ZPCI_ERROR_IN_USE, "Opening " NODE " failed" },
        { OPEN_DEVICE, EACCES, ZPCI_ERROR_NO_PERMISSION, "Opening " NODE " failed" },
        { OPEN_DEVICE, EPERM, ZPCI_ERROR_NO_PERMISSION, "Opening " NODE " failed" },
        { OPEN_DEVICE, ENOENT, ZPCI_ERROR_NOT_FOUND, "Opening " NODE " failed" },
        { OPEN_DEVICE, ENODEV, ZPCI_ERROR_NOT_FOUND, "Opening " NODE " failed" },
        { OPEN_DEVICE, EINVAL, ZPCI_ERROR_UNREADABLE, "Opening " NODE " failed" },
        { OPEN_IOMMU, ENOENT, ZPCI_ERROR_NOT_FOUND, "Opening /dev/iommu failed" },
        { OPEN_IOMMU, EACCES, ZPCI_ERROR_NO_PERMISSION, "Opening /dev/iommu failed" },
        { OPEN_IOMMU, EINVAL, ZPCI_ERROR_UNREADABLE, "Opening /dev/iommu failed" },
        { BIND, EPERM, ZPCI_ERROR_NO_PERMISSION, "Binding " NODE " to an iommufd failed" },
        { BIND, ENOTTY, ZPCI_ERROR_UNSUPPORTED, "Binding " NODE " to an iommufd failed" },
        { BIND, ENODEV, ZPCI_ERROR_NOT_FOUND, "Binding " NODE " to an iommufd failed" },
        { BIND, EIO, ZPCI_ERROR_UNREADABLE, "Binding " NODE " to an iommufd failed" },
        { GET_INFO, EINVAL, ZPCI_ERROR_UNREADABLE, "VFIO_DEVICE_GET_INFO of " ADDRESS },
        { GET_INFO, ENODEV, ZPCI_ERROR_NOT_FOUND, "VFIO_DEVICE_GET_INFO of " ADDRESS },
        { GET_MORE, ENODEV, ZPCI_ERROR_NOT_FOUND, "VFIO_DEVICE_GET_INFO of " ADDRESS },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        begin();
        call_script_fail(cases[i].step, cases[i].number);
        g_assert_null(read_device(&error));
        expect_has(error->message, g_strerror(cases[i].number));
        expect_error(&error, cases[i].code, cases[i].says);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vfio-cdev/the-way-through-iommufd", test_the_way_through_iommufd);
    g_test_add_func("/vfio-cdev/device-that-a-guest-has", test_device_that_a_guest_has);
    g_test_add_func("/vfio-cdev/each-step-can-fail", test_each_step_can_fail);
    return g_test_run();
}
