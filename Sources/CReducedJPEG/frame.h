#pragma once
#include <stddef.h>
#include <stdint.h>

#include "huffman.h"

struct component {
    int id;
    /// Sampling factors: blocks of an MCU.
    int across, down;
    int quantiser, dc, ac;
};

/// What stands before the entropy-coded data.
struct frame {
    int width, height;
    int components;
    struct component component[3];
    /// Largest sampling factors.
    int across, down;
    /// MCUs between restart markers; 0 for all.
    int restart;
    /// In zigzag order; NULL where the file has none.
    const uint8_t *quantisers[4];
    /// DC and AC tables: 16 counts, then the symbols.
    const uint8_t *codes[2][2];
    /// Where the entropy-coded data begin.
    size_t data;
};

/// Returns 0 for a file of another kind than CReducedJPEG.h names, or a damaged one.
int frame_read(struct frame *frame, const uint8_t *bytes, size_t count);
