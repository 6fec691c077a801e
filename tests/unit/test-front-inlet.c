/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "front-inlet.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Frames of this program are held. */
#define HELD 7

/* What the inlet says, in the order in which it says it. */
typedef struct {
    FrontInlet *inlet;
    GByteArray *passed;
    GByteArray *held;
    guint judged;
    guint descriptors;
    gboolean is_whole;
    gboolean pauses; /* after each frame that is held */
} Story;

static gboolean
judge(const RpcFrame *frame, guint32 length, gpointer user_data)
{
    Story *story = user_data;

    g_assert_cmpuint(length, >=, RPC_FRAME_MIN_SIZE);
    story->judged++;
    return frame->program == HELD;
}

static void
held(const RpcFrame *frame, const GByteArray *packet, gpointer user_data)
{
    Story *story = user_data;

    g_assert_cmpuint(frame->program, ==, HELD);
    /* All that came before has been passed. */
    g_assert_true(story->is_whole);
    g_byte_array_append(story->held, packet->data, packet->len);
    front_inlet_set_paused(story->inlet, story->pauses);
}

static void
pass(const guint8 *data, gsize size, gboolean is_whole, gpointer user_data)
{
    Story *story = user_data;

    g_assert_cmpuint(size, >, 0);
    g_byte_array_append(story->passed, data, (guint)size);
    story->is_whole = is_whole;
}

static void
pass_descriptor(int fd, gboolean is_whole, gpointer user_data)
{
    Story *story = user_data;

    g_assert_cmpint(close(fd), ==, 0);
    story->descriptors++;
    g_byte_array_append(story->passed, (const guint8[]){ 0 }, 1);
    story->is_whole = is_whole;
}

static const FrontInletHandlers handlers = { judge, held, pass, pass_descriptor };

static Story
story_begin(void)
{
    Story story = { .passed = g_byte_array_new(), .held = g_byte_array_new(), .is_whole = TRUE };

    return story;
}

static void
story_clear(Story *story)
{
    g_byte_array_unref(story->passed);
    g_byte_array_unref(story->held);
    front_inlet_free(story->inlet);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Story, story_clear)

/* Appends a frame; its bytes tell it from others. */
static void
add_frame(GByteArray *stream, guint32 program, gint32 type, guint size)
{
    static guint8 fill = 0;
    const RpcFrame frame = { .program = program, .version = 1, .procedure = 5, .type = type };
    g_autoptr(GByteArray) packet = rpc_frame_begin(&frame);
    guint head = packet->len;

    fill++;
    g_byte_array_set_size(packet, head + size);
    memset(packet->data + head, fill, size);
    g_assert_true(rpc_frame_end(packet, NULL));
    g_byte_array_append(stream, packet->data, packet->len);
}

/* A call that carries @count descriptors, without their bytes. */
static void
add_call_with(GByteArray *stream, guint32 count, guint size)
{
    guint from = stream->len;
    guint32 word = GUINT32_TO_BE(count);

    add_frame(stream, 1, RPC_FRAME_CALL_WITH_DESCRIPTORS, 4 + size);
    memcpy(stream->data + from + RPC_FRAME_MIN_SIZE, &word, sizeof(word));
}

static void
feed_all(Story *story, const GByteArray *stream, gsize piece)
{
    gsize done = 0;

    while (done < stream->len) {
        gsize taken =
            front_inlet_feed(story->inlet, stream->data + done, MIN(piece, stream->len - done));

        if (taken == 0)
            front_inlet_set_paused(story->inlet, FALSE);
        done += taken;
    }
}

/* However the stream is cut, the same frames pass and are held. */
static void
check_pieces(gboolean pauses)
{
    g_autoptr(GByteArray) stream = g_byte_array_new();
    g_autoptr(GByteArray) passing = g_byte_array_new();
    g_autoptr(GByteArray) holding = g_byte_array_new();
    const struct {
        guint32 program;
        guint size;
    } frames[] = {
        { 1, 0 }, { 2, 9 }, { HELD, 0 }, { 1, 50 }, { HELD, 33 }, { HELD, 1 }, { 3, 4 }
    };

    for (guint i = 0; i < G_N_ELEMENTS(frames); i++) {
        guint from = stream->len;

        add_frame(stream, frames[i].program, RPC_FRAME_CALL, frames[i].size);
        g_byte_array_append(frames[i].program == HELD ? holding : passing, stream->data + from,
                            stream->len - from);
    }
    for (gsize piece = 1; piece <= stream->len; piece++) {
        g_auto(Story) story = story_begin();

        story.inlet = front_inlet_new(&handlers, &story);
        story.pauses = pauses;
        feed_all(&story, stream, piece);
        g_assert_cmpmem(story.passed->data, story.passed->len, passing->data, passing->len);
        g_assert_cmpmem(story.held->data, story.held->len, holding->data, holding->len);
        g_assert_cmpuint(story.judged, ==, G_N_ELEMENTS(frames));
        g_assert_true(story.is_whole);
    }
}

static void
test_pieces(void)
{
    check_pieces(FALSE);
    check_pieces(TRUE);
}

/* A frame of which a piece is still to come is no place for another. */
static void
test_within(void)
{
    g_autoptr(GByteArray) stream = g_byte_array_new();
    g_auto(Story) story = story_begin();

    story.inlet = front_inlet_new(&handlers, &story);
    add_frame(stream, 1, RPC_FRAME_CALL, 0);
    add_frame(stream, 1, RPC_FRAME_CALL, 100);
    front_inlet_feed(story.inlet, stream->data, stream->len - 1);
    g_assert_false(story.is_whole);
    front_inlet_feed(story.inlet, stream->data + stream->len - 1, 1);
    g_assert_true(story.is_whole);
}

static int
make_descriptor(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    g_assert_cmpint(fd, >=, 0);
    return fd;
}

static gboolean
is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0 || errno != EBADF;
}

/* They pass with their frame, each with its byte. */
static void
test_descriptors(void)
{
    g_autoptr(GByteArray) stream = g_byte_array_new();
    g_auto(Story) story = story_begin();

    story.inlet = front_inlet_new(&handlers, &story);
    add_call_with(stream, 2, 8);
    front_inlet_add_descriptor(story.inlet, make_descriptor());
    g_byte_array_append(stream, (const guint8[]){ 0 }, 1);
    g_assert_cmpuint(front_inlet_feed(story.inlet, stream->data, stream->len), ==, stream->len);
    g_assert_cmpuint(story.descriptors, ==, 1);
    g_assert_false(story.is_whole);

    front_inlet_add_descriptor(story.inlet, make_descriptor());
    g_assert_cmpuint(front_inlet_feed(story.inlet, (const guint8[]){ 0 }, 1), ==, 1);
    g_assert_cmpuint(story.descriptors, ==, 2);
    g_assert_true(story.is_whole);
    g_assert_cmpuint(story.passed->len, ==, stream->len + 1);
    g_assert_false(front_inlet_is_broken(story.inlet));
}

/* As by a daemon that asks for none: the kernel closes them. */
static void
test_stray_descriptor(void)
{
    g_autoptr(GByteArray) stream = g_byte_array_new();
    g_auto(Story) story = story_begin();
    int fd = make_descriptor();

    story.inlet = front_inlet_new(&handlers, &story);
    add_frame(stream, 1, RPC_FRAME_CALL, 0);
    front_inlet_add_descriptor(story.inlet, fd);
    front_inlet_feed(story.inlet, stream->data, stream->len);
    g_assert_false(is_open(fd));
    g_assert_false(front_inlet_is_broken(story.inlet));
}

/* A good frame, and then bytes that break the stream: the former passes. */
static void
expect_break(const guint8 *bad, gsize size)
{
    g_autoptr(GByteArray) stream = g_byte_array_new();
    g_auto(Story) story = story_begin();

    story.inlet = front_inlet_new(&handlers, &story);
    front_inlet_set_max_packet(story.inlet, 65536);
    add_frame(stream, 1, RPC_FRAME_CALL, 12);
    g_byte_array_append(stream, bad, (guint)size);
    front_inlet_feed(story.inlet, stream->data, stream->len);
    g_assert_true(front_inlet_is_broken(story.inlet));
    g_assert_cmpmem(story.passed->data, story.passed->len, stream->data, 40);
}

static void
test_breaks(void)
{
    static const guint32 lengths[] = { 0, 4, 27, 65537, RPC_FRAME_MAX_SIZE + 1, G_MAXUINT32 };

    for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
        guint8 bad[RPC_FRAME_LENGTH_SIZE];
        guint32 word = GUINT32_TO_BE(lengths[i]);

        memcpy(bad, &word, sizeof(word));
        expect_break(bad, sizeof(bad));
    }
}

static void
test_too_many_descriptors(void)
{
    g_autoptr(GByteArray) many = g_byte_array_new();
    g_autoptr(GByteArray) uncounted = g_byte_array_new();
    g_autoptr(GByteArray) held_with = g_byte_array_new();
    g_auto(Story) story = story_begin();

    add_call_with(many, RPC_FRAME_MAX_DESCRIPTORS + 1, 0);
    expect_break(many->data, many->len);
    add_call_with(held_with, 0, 0);
    held_with->data[7] = HELD;
    expect_break(held_with->data, held_with->len);
    add_frame(uncounted, 1, RPC_FRAME_CALL_WITH_DESCRIPTORS, 0);
    add_frame(uncounted, 1, RPC_FRAME_CALL, 0);
    expect_break(uncounted->data, uncounted->len);

    story.inlet = front_inlet_new(&handlers, &story);
    for (guint i = 0; i <= RPC_FRAME_MAX_DESCRIPTORS; i++) {
        g_assert_false(front_inlet_is_broken(story.inlet));
        front_inlet_add_descriptor(story.inlet, make_descriptor());
    }
    g_assert_true(front_inlet_is_broken(story.inlet));
}

/* The byte of a descriptor without one. */
static void
test_missing_descriptor(void)
{
    g_autoptr(GByteArray) stream = g_byte_array_new();
    g_auto(Story) story = story_begin();

    story.inlet = front_inlet_new(&handlers, &story);
    add_call_with(stream, 1, 0);
    g_byte_array_append(stream, (const guint8[]){ 0 }, 1);
    front_inlet_feed(story.inlet, stream->data, stream->len);
    g_assert_true(front_inlet_is_broken(story.inlet));
    g_assert_cmpuint(story.passed->len, ==, stream->len - 1);
}

/* What is held is bounded. */
static void
test_too_long(void)
{
    g_autoptr(GByteArray) stream = g_byte_array_new();
    g_auto(Story) story = story_begin();

    story.inlet = front_inlet_new(&handlers, &story);
    add_frame(stream, HELD, RPC_FRAME_REPLY, FRONT_INLET_MAX_HELD - RPC_FRAME_MIN_SIZE);
    front_inlet_feed(story.inlet, stream->data, stream->len);
    g_assert_cmpuint(story.held->len, ==, FRONT_INLET_MAX_HELD);
    g_byte_array_set_size(stream, 0);
    add_frame(stream, HELD, RPC_FRAME_REPLY, FRONT_INLET_MAX_HELD);
    front_inlet_feed(story.inlet, stream->data, stream->len);
    g_assert_true(front_inlet_is_broken(story.inlet));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/front-inlet/pieces", test_pieces);
    g_test_add_func("/front-inlet/within", test_within);
    g_test_add_func("/front-inlet/descriptors", test_descriptors);
    g_test_add_func("/front-inlet/stray-descriptor", test_stray_descriptor);
    g_test_add_func("/front-inlet/breaks", test_breaks);
    g_test_add_func("/front-inlet/too-many-descriptors", test_too_many_descriptors);
    g_test_add_func("/front-inlet/missing-descriptor", test_missing_descriptor);
    g_test_add_func("/front-inlet/too-long", test_too_long);
    return g_test_run();
}
