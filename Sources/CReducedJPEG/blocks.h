#pragma once
#include <stddef.h>
#include <stdint.h>

#include "huffman.h"

typedef int16_t words __attribute__((vector_size(32)));

/// What each coefficient adds to each pixel of a block that is reduced to `columns` x `rows`.
struct basis {
    int columns, rows;
    /// Sixteens of pixels, row by row; a lone one may have fewer.
    int vectors;
    /// The last coefficient in zigzag order that adds anything.
    int last;
    /// The quantiser of the DC, of which a pixel is an eighth.
    int quantiser;
    /// How many bits of `pixels` are behind the point.
    int fraction;
    /// [64][vectors]; none of the DC.
    words pixels[64 * 4];
};

/// columns, rows: 1, 2, 4 or 8. quantiser: [64] in zigzag order.
void basis_make(struct basis *basis, int columns, int rows, const uint8_t *quantiser);

/// Entropy-coded data without their stuffing; BITS_PADDING zeros follow them.
struct bits {
    const uint8_t *at, *end;
    /// The next ones, left-aligned, of which `count` are dropped from `at` on.
    uint64_t next;
    int count;
};

/// More than a block takes, whatever it is made of.
enum { BITS_PADDING = 512 };

/// What decoding the blocks of a component takes.
struct plane {
    const struct huffman *dc, *ac;
    const struct basis *basis;
    /// Blocks of an MCU.
    int across, down;
    /// The last block's DC.
    int32_t prediction;
    /// A row of MCUs, `stride` bytes a row.
    uint8_t *pixels;
    size_t stride;
};

/// Decodes `count` MCUs, from the one in column `column` of their row. Returns 0 at anything that is no whole block.
int mcus_read(struct bits *bits, struct plane *planes, int components, int column, int count);
