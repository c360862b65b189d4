#include "blocks.h"

#include <emmintrin.h>
#include <string.h>

// The same bits whether or not the CPU fuses.
#pragma clang fp contract(off)

#define DISPATCH __attribute__((target_clones("arch=x86-64-v3", "default")))
#define INLINE static inline __attribute__((always_inline))

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

INLINE void add(floats *sums, const struct basis *basis, int vectors, int k, float value) {
    for (int i = 0; i < vectors; i++) sums[i] += value * basis->pixels[k * vectors + i];
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
                             floats *sums) {
    int k = 0;
    while (k < basis->last) {
        fill(bits);
        for (int look = 0; look < FILL / LOOK; look++) {
            struct pair pair = ac->pairs[bits->next >> (64 - LOOK)];
            int first = k + (pair.advance & 15), second = first + (pair.advance >> 4);
            if (__builtin_expect(pair.length == 0 || second + (pair.length >> 7) > 63, 0)) {
                int32_t value;
                k = read_symbol(bits, ac, k, &value);
                if (k < 0 || k == BLOCK_END) return k;
                add(sums, basis, vectors, k, (float)value);
                break;
            }
            drop(bits, pair.length & PAIR_LENGTH);
            add(sums, basis, vectors, first, pair.value[0]);
            add(sums, basis, vectors, second, pair.value[1]);
            if (pair.length & PAIR_END) return BLOCK_END;
            k = second;
            if (k >= basis->last) break;
        }
    }
    return k;
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

// Rounded and clamped; the sums hold the half that rounding takes.
INLINE void store(const floats *sums, const struct basis *basis, int vectors, uint8_t *pixels, size_t stride) {
    const int columns = basis->columns, count = basis->rows * columns;
    for (int i = 0; i < vectors; i++) {
        __m128 halves[2];
        memcpy(halves, &sums[i], sizeof halves);
        __m128i words = _mm_packs_epi32(_mm_cvttps_epi32(halves[0]), _mm_cvttps_epi32(halves[1]));
        uint64_t bytes = (uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16(words, words));
        if (columns == 8) {
            memcpy(pixels + (size_t)i * stride, &bytes, 8);
        } else if (columns == 4 && vectors > 1) {
            memcpy(pixels + (size_t)(2 * i) * stride, &bytes, 4);
            bytes >>= 32;
            memcpy(pixels + (size_t)(2 * i + 1) * stride, &bytes, 4);
        } else {
            for (int pixel = 8 * i; pixel < count && pixel < 8 * i + 8; pixel++, bytes >>= 8)
                pixels[(size_t)(pixel / columns) * stride + (size_t)(pixel % columns)] = (uint8_t)bytes;
        }
    }
}

INLINE int read_block(struct bits *bits, struct plane *plane, int vectors, uint8_t *pixels) {
    fill(bits);
    symbol found = next_symbol(bits, plane->dc, 0);
    if (!found) return 0;
    plane->prediction = (int16_t)(plane->prediction + number(bits, found));
    drop(bits, symbol_length(found));
    floats sums[8];
    for (int i = 0; i < vectors; i++) sums[i] = (floats){0} + 128.5f;
    add(sums, plane->basis, vectors, 0, (float)plane->prediction);
    int k = read_coefficients(bits, plane->ac, plane->basis, vectors, sums);
    if (k < 0 || !skip_coefficients(bits, plane->ac, k)) return 0;
    store(sums, plane->basis, vectors, pixels, plane->stride);
    return 1;
}

DISPATCH
int mcus_read(struct bits *stream, struct plane *planes, int components, int column, int count) {
    struct bits bits = *stream;
    for (int end = column + count; column < end; column++)
        for (struct plane *plane = planes; plane < planes + components; plane++) {
            const struct basis *basis = plane->basis;
            for (int v = 0; v < plane->down; v++)
                for (int h = 0; h < plane->across; h++) {
                    uint8_t *pixels = plane->pixels + (size_t)(v * basis->rows) * plane->stride +
                        (size_t)(column * plane->across + h) * (size_t)basis->columns;
                    if (bits.at > bits.end + 8) return 0;
                    int done;
                    switch (basis->vectors) {
                        case 1: done = read_block(&bits, plane, 1, pixels); break;
                        case 2: done = read_block(&bits, plane, 2, pixels); break;
                        case 4: done = read_block(&bits, plane, 4, pixels); break;
                        default: done = read_block(&bits, plane, 8, pixels);
                    }
                    if (!done) return 0;
                }
        }
    *stream = bits;
    return 1;
}
