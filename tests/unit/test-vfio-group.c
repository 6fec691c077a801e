/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-group.h"

#include <errno.h>

#include "call-script.h"
#include "expect.h"
#include "vfio-uapi.h"

#define ADDRESS "0005:00:00.0"

enum {
    GROUP = 30,
    CONTAINER,
    DEVICE
};

static const guint32 status_asked[] = { 8, 0 };
static const guint32 status_viable[] = { 8, 1 };
static const guint32 status_not_viable[] = { 8, 2 };
static const guint32 container_given[] = { CONTAINER };
static const guint32 info_asked[] = { 20, 0, 0, 0, 0 };
static const guint32 info_answered[] = { 20, 3, 9, 5, 0 };

/* Numbers of the steps below. */
enum {
    OPEN_GROUP,
    OPEN_CONTAINER,
    GET_API_VERSION,
    GET_STATUS,
    SET_CONTAINER,
    CHECK_EXTENSION,
    SET_IOMMU,
    GET_DEVICE_FD,
    GET_INFO,
    N_STEPS,
};

static const CallStep whole_way[N_STEPS] = {
    [OPEN_GROUP] = { .opens = "vfio/7", .result = GROUP },
    [OPEN_CONTAINER] = { .opens = "vfio/vfio", .result = CONTAINER },
    [GET_API_VERSION] = { .fd = CONTAINER, .request = VFIO_UAPI_GET_API_VERSION },
    [GET_STATUS] = { .fd = GROUP,
                     .request = VFIO_UAPI_GROUP_GET_STATUS,
                     .expects = status_asked,
                     .expects_size = sizeof status_asked,
                     .writes = status_viable,
                     .writes_size = sizeof status_viable },
    [SET_CONTAINER] = { .fd = GROUP,
                        .request = VFIO_UAPI_GROUP_SET_CONTAINER,
                        .expects = container_given,
                        .expects_size = sizeof container_given },
    [CHECK_EXTENSION] = { .fd = CONTAINER,
                          .request = VFIO_UAPI_CHECK_EXTENSION,
                          .number = VFIO_UAPI_TYPE1V2_IOMMU,
                          .result = 1 },
    [SET_IOMMU] = { .fd = CONTAINER,
                    .request = VFIO_UAPI_SET_IOMMU,
                    .number = VFIO_UAPI_TYPE1V2_IOMMU },
    [GET_DEVICE_FD] = { .fd = GROUP,
                        .request = VFIO_UAPI_GROUP_GET_DEVICE_FD,
                        .text = ADDRESS,
                        .gives_fd = TRUE,
                        .result = DEVICE },
    [GET_INFO] = { .fd = DEVICE,
                   .request = VFIO_UAPI_DEVICE_GET_INFO,
                   .expects = info_asked,
                   .expects_size = sizeof info_asked,
                   .writes = info_answered,
                   .writes_size = sizeof info_answered },
};

static GByteArray *
read_group(GError **error)
{
    GByteArray *reply = vfio_group_read("/dev/vfio/7", ADDRESS, "/dev", &call_script_kernel, error);

    call_script_end();
    return reply;
}

/* The first @count steps of the whole way. */
static void
begin(guint count)
{
    call_script_begin("/dev");
    call_script_add(whole_way, count);
}

static void
expect_reply(const guint32 *words, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply = read_group(&error);

    g_assert_no_error(error);
    g_assert_cmpmem(reply->data, reply->len, words, size);
}

static void
test_the_way_through_the_group(void)
{
    begin(N_STEPS);
    expect_reply(info_answered, sizeof info_answered);
}

/* The kernel says how much it has, and has more when asked again. */
static void
test_reply_grows_twice(void)
{
    static const guint32 first[] = { 28, 0x83, 9, 5, 0 };
    static const guint32 second_asked[7] = { 28 };
    static const guint32 second[] = { 32, 0x83, 9, 5, 0, 0, 0 };
    static const guint32 third_asked[8] = { 32 };
    static const guint32 third[] = { 32, 0x83, 9, 5, 24, 0, 0x00040001, 0 };
    CallStep calls[3] = { whole_way[GET_INFO], whole_way[GET_INFO], whole_way[GET_INFO] };

    calls[0].writes = first;
    calls[1].expects = second_asked;
    calls[1].expects_size = sizeof second_asked;
    calls[1].writes = second;
    calls[1].writes_size = sizeof second;
    calls[2].expects = third_asked;
    calls[2].expects_size = sizeof third_asked;
    calls[2].writes = third;
    calls[2].writes_size = sizeof third;
    begin(GET_INFO);
    call_script_add(calls, G_N_ELEMENTS(calls));
    expect_reply(third, sizeof third);
}

static void
test_old_type_1_will_do(void)
{
    CallStep steps[] = {
        whole_way[CHECK_EXTENSION],
        whole_way[CHECK_EXTENSION],
        whole_way[SET_IOMMU],
    };

    steps[0].result = 0;
    steps[1].number = VFIO_UAPI_TYPE1_IOMMU;
    steps[2].number = VFIO_UAPI_TYPE1_IOMMU;
    begin(CHECK_EXTENSION);
    call_script_add(steps, G_N_ELEMENTS(steps));
    call_script_add(&whole_way[GET_DEVICE_FD], N_STEPS - GET_DEVICE_FD);
    expect_reply(info_answered, sizeof info_answered);
}

static void
test_kernel_without_type_1(void)
{
    CallStep steps[] = { whole_way[CHECK_EXTENSION], whole_way[CHECK_EXTENSION] };
    g_autoptr(GError) error = NULL;

    steps[0].result = 0;
    steps[1].result = 0;
    steps[1].number = VFIO_UAPI_TYPE1_IOMMU;
    begin(CHECK_EXTENSION);
    call_script_add(steps, G_N_ELEMENTS(steps));
    g_assert_null(read_group(&error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "/dev/vfio/7; load vfio_iommu_type1");
}

static void
test_other_version_of_vfio(void)
{
    CallStep step = whole_way[GET_API_VERSION];
    g_autoptr(GError) error = NULL;

    step.result = 1;
    begin(GET_API_VERSION);
    call_script_add(&step, 1);
    g_assert_null(read_group(&error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "another version of VFIO than 0");
}

/* Part of the group is still with a host driver. Flag 2 says that somebody has a container on it,
 * which does not make it viable. */
static void
test_group_that_is_not_viable(void)
{
    CallStep step = whole_way[GET_STATUS];
    g_autoptr(GError) error = NULL;

    step.writes = status_not_viable;
    begin(GET_STATUS);
    call_script_add(&step, 1);
    g_assert_null(read_group(&error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "The group /dev/vfio/7 has functions that host");
}

/* Whatever fails, nothing is done after it but to close what is open. */
static void
test_each_step_can_fail(void)
{
    static const struct {
        guint step;
        int number;
        ZpciError code;
        const char *says;
    } cases[] = {
        { OPEN_GROUP, EBUSY, ZPCI_ERROR_IN_USE, "Opening /dev/vfio/7 failed" },
        { OPEN_GROUP, EACCES, ZPCI_ERROR_NO_PERMISSION, "Opening /dev/vfio/7 failed" },
        { OPEN_GROUP, EPERM, ZPCI_ERROR_NO_PERMISSION, "Opening /dev/vfio/7 failed" },
        { OPEN_GROUP, ENOENT, ZPCI_ERROR_NOT_FOUND, "Opening /dev/vfio/7 failed" },
        { OPEN_GROUP, ENODEV, ZPCI_ERROR_NOT_FOUND, "Opening /dev/vfio/7 failed" },
        { OPEN_GROUP, EMFILE, ZPCI_ERROR_UNREADABLE, "Opening /dev/vfio/7 failed" },
        { OPEN_CONTAINER, EACCES, ZPCI_ERROR_NO_PERMISSION, "Opening /dev/vfio/vfio failed" },
        { OPEN_CONTAINER, ENOENT, ZPCI_ERROR_NOT_FOUND, "Opening /dev/vfio/vfio failed" },
        { OPEN_CONTAINER, ENOMEM, ZPCI_ERROR_UNREADABLE, "Opening /dev/vfio/vfio failed" },
        { GET_API_VERSION, ENOTTY, ZPCI_ERROR_UNSUPPORTED, "another version of VFIO" },
        { GET_STATUS, ENODEV, ZPCI_ERROR_NOT_FOUND, "Reading the state of /dev/vfio/7 failed" },
        { GET_STATUS, EFAULT, ZPCI_ERROR_UNREADABLE, "Reading the state of /dev/vfio/7 failed" },
        { SET_CONTAINER, EBUSY, ZPCI_ERROR_IN_USE, "Putting /dev/vfio/7 into a container" },
        { SET_CONTAINER, EPERM, ZPCI_ERROR_NO_PERMISSION, "Putting /dev/vfio/7 into a container" },
        { SET_CONTAINER, EINVAL, ZPCI_ERROR_UNREADABLE, "Putting /dev/vfio/7 into a container" },
        { SET_IOMMU, EBUSY, ZPCI_ERROR_IN_USE, "Setting the IOMMU of /dev/vfio/7 failed" },
        { SET_IOMMU, EPERM, ZPCI_ERROR_NO_PERMISSION, "Setting the IOMMU of /dev/vfio/7 failed" },
        { SET_IOMMU, ENOMEM, ZPCI_ERROR_UNREADABLE, "Setting the IOMMU of /dev/vfio/7 failed" },
        { GET_DEVICE_FD, EBUSY, ZPCI_ERROR_IN_USE, "Opening " ADDRESS " through /dev/vfio/7" },
        { GET_DEVICE_FD, ENODEV, ZPCI_ERROR_NOT_FOUND, "Opening " ADDRESS " through /dev/vfio/7" },
        { GET_DEVICE_FD, EPERM, ZPCI_ERROR_NO_PERMISSION, "Opening " ADDRESS " through" },
        { GET_DEVICE_FD, EIO, ZPCI_ERROR_UNREADABLE, "Opening " ADDRESS " through" },
        { GET_INFO, ENODEV, ZPCI_ERROR_NOT_FOUND, "VFIO_DEVICE_GET_INFO of " ADDRESS },
        { GET_INFO, EIO, ZPCI_ERROR_UNREADABLE, "VFIO_DEVICE_GET_INFO of " ADDRESS },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        begin(N_STEPS);
        call_script_fail(cases[i].step, cases[i].number);
        g_assert_null(read_group(&error));
        if (cases[i].step != GET_API_VERSION)
            expect_has(error->message, g_strerror(cases[i].number));
        expect_error(&error, cases[i].code, cases[i].says);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vfio-group/the-way-through-the-group", test_the_way_through_the_group);
    g_test_add_func("/vfio-group/reply-grows-twice", test_reply_grows_twice);
    g_test_add_func("/vfio-group/old-type-1-will-do", test_old_type_1_will_do);
    g_test_add_func("/vfio-group/kernel-without-type-1", test_kernel_without_type_1);
    g_test_add_func("/vfio-group/other-version-of-vfio", test_other_version_of_vfio);
    g_test_add_func("/vfio-group/group-that-is-not-viable", test_group_that_is_not_viable);
    g_test_add_func("/vfio-group/each-step-can-fail", test_each_step_can_fail);
    return g_test_run();
}
