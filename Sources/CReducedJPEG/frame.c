#include "frame.h"

#include <string.h>

static int word(const uint8_t *at) { return at[0] << 8 | at[1]; }

static int read_quantisers(struct frame *frame, const uint8_t *at, const uint8_t *end) {
    for (; at < end; at += 65) {
        if (end - at < 65 || at[0] > 3) return 0;
        frame->quantisers[at[0]] = at + 1;
    }
    return 1;
}

static int read_codes(struct frame *frame, const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        if (end - at < 17 || (at[0] & 15) > 1 || at[0] >> 4 > 1) return 0;
        int symbols = 0;
        for (int length = 1; length <= 16; length++) symbols += at[length];
        if (symbols > 256 || end - at < 17 + symbols) return 0;
        frame->codes[at[0] >> 4][at[0] & 15] = at + 1;
        at += 17 + symbols;
    }
    return 1;
}

static int read_size(struct frame *frame, const uint8_t *at, const uint8_t *end) {
    if (frame->components != 0 || end - at < 6 || at[0] != 8) return 0;
    frame->height = word(at + 1);
    frame->width = word(at + 3);
    frame->components = at[5];
    if ((frame->components != 1 && frame->components != 3) || end - at != 6 + 3 * frame->components) return 0;
    for (int index = 0; index < frame->components; index++) {
        const uint8_t *entry = at + 6 + 3 * index;
        // A lone component has one block an MCU whatever its factors are.
        int across = frame->components == 1 ? 1 : entry[1] >> 4, down = frame->components == 1 ? 1 : entry[1] & 15;
        if (across < 1 || across > 4 || down < 1 || down > 4 || entry[2] > 3) return 0;
        frame->component[index] = (struct component){.id = entry[0], .across = across, .down = down, .quantiser = entry[2]};
        if (across > frame->across) frame->across = across;
        if (down > frame->down) frame->down = down;
    }
    return frame->width > 0 && frame->height > 0;
}

static int read_scan(struct frame *frame, const uint8_t *at, const uint8_t *end) {
    static const uint8_t all_coefficients[] = {0, 63, 0};
    int components = frame->components;
    if (components == 0 || end - at != 4 + 2 * components || at[0] != components) return 0;
    int blocks = 0;
    for (int index = 0; index < components; index++) {
        struct component *component = &frame->component[index];
        const uint8_t *entry = at + 1 + 2 * index;
        if (entry[0] != component->id || entry[1] >> 4 > 1 || (entry[1] & 15) > 1) return 0;
        component->dc = entry[1] >> 4;
        component->ac = entry[1] & 15;
        if (!frame->codes[0][component->dc] || !frame->codes[1][component->ac]) return 0;
        if (!frame->quantisers[component->quantiser]) return 0;
        blocks += component->across * component->down;
    }
    return blocks <= 10 && memcmp(at + 1 + 2 * components, all_coefficients, 3) == 0;
}

int frame_read(struct frame *frame, const uint8_t *bytes, size_t count) {
    memset(frame, 0, sizeof *frame);
    for (size_t at = 2; count >= 4 && at <= count - 4;) {
        size_t length = (size_t)word(bytes + at + 2);
        if (bytes[at] != 0xFF || length < 2 || length > count - 2 - at) return 0;
        int marker = bytes[at + 1], known = 1;
        const uint8_t *body = bytes + at + 4;
        at += 2 + length;
        const uint8_t *end = bytes + at;
        if (marker == 0xDA) {
            frame->data = at;
            return read_scan(frame, body, end);
        } else if (marker == 0xDB) {
            known = read_quantisers(frame, body, end);
        } else if (marker == 0xC4) {
            known = read_codes(frame, body, end);
        } else if (marker == 0xC0) {
            known = read_size(frame, body, end);
        } else if (marker == 0xDD) {
            known = end - body == 2;
            if (known) frame->restart = word(body);
        } else {
            known = (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
        }
        if (!known) return 0;
    }
    return 0;
}
