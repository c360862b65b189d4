#include "blocks.h"

#include <string.h>

#include "CKernels.h"
#include "pixels.h"

enum { FILL = 56 };

// Then there are at least FILL.
INLINE void fill(struct bits *bits) {
    uint64_t word;
    memcpy(&word, bits->at, sizeof word);
    bits->next |= __builtin_bswap64(word) >> bits->count;
    bits->at += (63 - bits->count) >> 3;
    bits->count |= FILL;
}

INLINE void drop(struct bits *bits, int length) {
    bits->next <<= length;
    bits->count -= length;
}

INLINE symbol next_symbol(const struct bits *bits, const struct huffman *table, int is_ac) {
    symbol found = table->one[bits->next >> (64 - LOOK)];
    return found ? found : huffman_long_code(table, bits->next, is_ac);
}

INLINE int32_t number(const struct bits *bits, symbol found) {
    int size = symbol_size(found);
    return huffman_number(bits->next << (symbol_length(found) - size), size);
}

// The symbol after index k and the number with it. Returns the index that it leads to, BLOCK_END for the block's end, and -1
// if there is none such.
INLINE int read_symbol(struct bits *bits, const struct huffman *ac, int k, int32_t *value) {
    fill(bits);
    symbol found = next_symbol(bits, ac, 1);
    *value = number(bits, found);
    drop(bits, symbol_length(found));
    if (symbol_advance(found) == BLOCK_END) return BLOCK_END;
    return found && k + symbol_advance(found) < BLOCK_END ? k + symbol_advance(found) : -1;
}

// Adds the coefficients up to the last that shows. Returns the index of the last read, BLOCK_END after the block's end, and
// -1 if it is not whole.
INLINE int read_coefficients(struct bits *bits, const struct huffman *ac, const struct basis *basis, int vectors,
                             sums *pixels) {
    // From there on two steps could lead out of the block.
    enum { LAST_PAIRS = 64 - 2 * PAIR_LARGEST_STEP };
    const uint32_t last = (uint32_t)basis->last, end = last < LAST_PAIRS ? last : LAST_PAIRS;
    uint32_t k = 0;
    while (k < end) {
        fill(bits);
        for (int look = 0; look < FILL / LOOK; look++) {
            const pair found = ac->pairs[bits->next >> (64 - LOOK)];
            if (__builtin_expect(found == 0, 0)) {
                int32_t value;
                const int at = read_symbol(bits, ac, (int)k, &value);
                if (at < 0 || at == BLOCK_END) return at;
                add_number(basis, vectors, at, value, pixels);
                k = (uint32_t)at;
                break;
            }
            drop(bits, pair_length(found));
            const uint32_t first = k + pair_step(found);
            k = first + pair_second_step(found);
            add_pair(basis, vectors, first, k & (PAIR_END - 1), found, pixels);
            if (k >= end) break;
        }
    }
    if (k >= PAIR_END) return BLOCK_END;
    int at = (int)k;
    while (at < basis->last) {
        int32_t value;
        at = read_symbol(bits, ac, at, &value);
        if (at < 0 || at == BLOCK_END) return at;
        add_number(basis, vectors, at, value, pixels);
    }
    return at;
}

// Steps over the coefficients after index k. Returns 0 if the block is not whole.
INLINE int skip_coefficients(struct bits *bits, const struct huffman *ac, int k) {
    while (k < 63) {
        fill(bits);
        // Each may take LOOK bits and a number's 15 more.
        for (int look = 0; look < FILL / (LOOK + 15) && k < 63; look++) {
            symbol found = ac->many[bits->next >> (64 - LOOK)];
            int end = k + symbol_advance(found);
            // Those of the next block may be among them.
            if (!found || (end >= BLOCK_END && (symbol_advance(found) < BLOCK_END || end >= BLOCK_END + 63))) {
                int32_t value;
                k = read_symbol(bits, ac, k, &value);
                if (k < 0) return 0;
                break;
            }
            drop(bits, symbol_length(found));
            k = end;
        }
    }
    return 1;
}

INLINE int read_dc(struct bits *bits, struct plane *plane) {
    fill(bits);
    const pair found = plane->dc->pairs[bits->next >> (64 - LOOK)];
    int32_t difference = pair_number(found);
    if (__builtin_expect(found != 0, 1)) {
        drop(bits, pair_length(found));
    } else {
        const symbol one = next_symbol(bits, plane->dc, 0);
        if (!one) return 0;
        difference = number(bits, one);
        drop(bits, symbol_length(one));
    }
    plane->prediction = (int16_t)(plane->prediction + difference);
    return 1;
}

INLINE int read_block(struct bits *bits, struct plane *plane, int vectors, uint8_t *to) {
    if (!read_dc(bits, plane)) return 0;
    sums pixels[8];
    begin(plane->basis, vectors, plane->prediction, pixels);
    int k = read_coefficients(bits, plane->ac, plane->basis, vectors, pixels);
    if (k < 0 || !skip_coefficients(bits, plane->ac, k)) return 0;
    store(plane->basis, vectors, pixels, to, plane->stride);
    return 1;
}

ASSAY_DISPATCH
int mcus_read(struct bits *stream, struct plane *planes, int components, int column, int count) {
    struct bits bits = *stream;
    for (int end = column + count; column < end; column++)
        for (struct plane *plane = planes; plane < planes + components; plane++) {
            const struct basis *basis = plane->basis;
            uint8_t *row = plane->pixels + (size_t)(column * plane->across * basis->columns);
            for (int v = 0; v < plane->down; v++, row += (size_t)basis->rows * plane->stride)
                for (int h = 0; h < plane->across; h++) {
                    uint8_t *to = row + h * basis->columns;
                    if (bits.at > bits.end + 8) return 0;
                    int done;
                    switch (basis->vectors) {
                        case 1: done = read_block(&bits, plane, 1, to); break;
                        case 2: done = read_block(&bits, plane, 2, to); break;
                        default: done = read_block(&bits, plane, 4, to);
                    }
                    if (!done) return 0;
                }
        }
    *stream = bits;
    return 1;
}
