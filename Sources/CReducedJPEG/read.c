#include "CReducedJPEG.h"

#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "colour.h"
#include "frame.h"

struct decoder {
    struct frame frame;
    struct huffman tables[2][2];
    struct basis bases[3];
    struct plane planes[3];
    /// Of a row of MCUs.
    int mcus, width, height;
    /// That row of each component.
    uint8_t *pixels;
    /// The data between two markers.
    uint8_t *plain;
};

static int is_power_of_two(int number) { return (number & (number - 1)) == 0; }

static int have_one_basis(const struct component *a, const struct component *b) {
    return a->quantiser == b->quantiser && a->across == b->across && a->down == b->down;
}

static int prepare(struct decoder *decoder, int divisor) {
    struct frame *frame = &decoder->frame;
    int used[2][2] = {{0}};
    for (int i = 0; i < frame->components; i++) {
        const struct component *component = &frame->component[i];
        int columns = 8 / divisor * frame->across / component->across, rows = 8 / divisor * frame->down / component->down;
        // Every component comes at the picture's size.
        if (frame->across % component->across || frame->down % component->down || columns > 8 || rows > 8 ||
            !is_power_of_two(columns) || !is_power_of_two(rows))
            return 0;
        struct basis *basis = &decoder->bases[i];
        // Mostly the same for both of chroma, and one is half as much to keep near.
        if (i == 2 && have_one_basis(component - 1, component))
            basis = &decoder->bases[1];
        else
            basis_make(basis, columns, rows, frame->quantisers[component->quantiser]);
        decoder->planes[i] = (struct plane){.dc = &decoder->tables[0][component->dc],
                                            .ac = &decoder->tables[1][component->ac],
                                            .basis = basis,
                                            .across = component->across,
                                            .down = component->down};
        used[0][component->dc] = used[1][component->ac] = 1;
    }
    for (int ac = 0; ac < 2; ac++)
        for (int i = 0; i < 2; i++)
            if (used[ac][i] && !huffman_make(&decoder->tables[ac][i], frame->codes[ac][i], frame->codes[ac][i] + 16, ac))
                return 0;
    decoder->mcus = (frame->width + 8 * frame->across - 1) / (8 * frame->across);
    decoder->width = decoder->mcus * frame->across * 8 / divisor;
    decoder->height = frame->down * 8 / divisor;
    return 1;
}

// Up to the next marker, without the zero after each 0xFF. Returns the marker's place or NULL.
static const uint8_t *unstuff(const uint8_t *at, const uint8_t *end, uint8_t *plain, struct bits *bits) {
    uint8_t *to = plain;
    for (const uint8_t *full; (full = memchr(at, 0xFF, (size_t)(end - at))) && end - full >= 2; at = full + 2) {
        memcpy(to, at, (size_t)(full - at));
        to += full - at;
        if (full[1] != 0) {
            memset(to, 0, BITS_PADDING);
            *bits = (struct bits){plain, to, 0, 0};
            return full;
        }
        *to++ = 0xFF;
    }
    return NULL;
}

static void write_rows(const struct decoder *decoder, int width, int rows, uint8_t *rgb) {
    size_t plane = (size_t)decoder->width * (size_t)decoder->height;
    for (int row = 0; row < rows; row++, rgb += (size_t)width * 3) {
        const uint8_t *luma = decoder->pixels + (size_t)row * (size_t)decoder->width;
        if (decoder->frame.components == 3)
            colour_convert(luma, luma + plane, luma + 2 * plane, (size_t)width, rgb);
        else
            for (int x = 0; x < width; x++) memset(rgb + 3 * x, luma[x], 3);
    }
}

static int read_scan(struct decoder *decoder, const uint8_t *at, const uint8_t *end, int width, int height, uint8_t *rgb) {
    const struct frame *frame = &decoder->frame;
    int total = decoder->mcus * ((frame->height + 8 * frame->down - 1) / (8 * frame->down));
    int done = 0, row = 0, restarts = 0;
    while (done < total) {
        struct bits bits;
        at = unstuff(at, end, decoder->plain, &bits);
        if (!at) return 0;
        int stop = frame->restart && frame->restart < total - done ? done + frame->restart : total;
        for (int i = 0; i < frame->components; i++) decoder->planes[i].prediction = 0;
        while (done < stop) {
            int column = done % decoder->mcus, rest = decoder->mcus - column;
            int count = rest < stop - done ? rest : stop - done;
            if (!mcus_read(&bits, decoder->planes, frame->components, column, count)) return 0;
            done += count;
            if (count < rest) continue;
            int rows = height - row < decoder->height ? height - row : decoder->height;
            write_rows(decoder, width, rows, rgb + (size_t)row * (size_t)width * 3);
            row += rows;
        }
        // The last byte is filled up.
        ptrdiff_t left = (bits.end - bits.at) * 8 + bits.count;
        if (left < 0 || left > 7 || at[1] != (done < total ? 0xD0 + (restarts++ & 7) : 0xD9)) return 0;
        at += 2;
    }
    return 1;
}

int reduced_jpeg_read(const uint8_t *bytes, size_t count, int divisor, uint32_t width, uint32_t height, uint8_t *rgb) {
    struct decoder *decoder = aligned_alloc(64, (sizeof *decoder + 63) / 64 * 64);
    if (!decoder) return 0;
    struct frame *frame = &decoder->frame;
    decoder->pixels = decoder->plain = NULL;
    int done = frame_read(frame, bytes, count) && (uint32_t)frame->width == width && (uint32_t)frame->height == height &&
        prepare(decoder, divisor);
    if (done) {
        size_t plane = (size_t)decoder->width * (size_t)decoder->height;
        decoder->pixels = malloc(plane * 3);
        decoder->plain = malloc(count - frame->data + BITS_PADDING);
        for (int i = 0; i < frame->components; i++) {
            decoder->planes[i].pixels = decoder->pixels + plane * (size_t)i;
            decoder->planes[i].stride = (size_t)decoder->width;
        }
        done = decoder->pixels && decoder->plain &&
            read_scan(decoder, bytes + frame->data, bytes + count, (frame->width + divisor - 1) / divisor,
                      (frame->height + divisor - 1) / divisor, rgb);
    }
    free(decoder->pixels);
    free(decoder->plain);
    free(decoder);
    return done;
}
