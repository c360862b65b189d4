#pragma once
#include <string.h>

#include "blocks.h"

// Sums of what coefficients add to a block's pixels, inlined into each way to decode one. Sixteen pixels' lie as instructions
// that interleave leave them: 0-3 and 8-11, then 4-7 and 12-15. They are whole numbers, so every vector width gives the same
// bytes; what is no picture may make them wrap.

#define INLINE static inline __attribute__((always_inline))
// Else they stay in memory: 5 to 10 % of a first read.
#define EACH _Pragma("clang loop unroll(full)")

typedef uint32_t sums __attribute__((vector_size(32)));
typedef int32_t signed_sums __attribute__((vector_size(32)));

// Behind the point beside the basis's, as a pair's numbers come as upper bytes of words.
enum { NUMBER_FRACTION = 8 };

INLINE void interleave(const words *a, const words *b, words *low, words *high) {
    *low = __builtin_shufflevector(*a, *b, 0, 16, 1, 17, 2, 18, 3, 19, 8, 24, 9, 25, 10, 26, 11, 27);
    *high = __builtin_shufflevector(*a, *b, 4, 20, 5, 21, 6, 22, 7, 23, 12, 28, 13, 29, 14, 30, 15, 31);
}

// Of two neighbours each; one instruction of x86.
INLINE void add_products(const words *a, const words *b, sums *sum) {
    typedef int32_t products __attribute__((vector_size(64)));
    const products all = __builtin_convertvector(*a, products) * __builtin_convertvector(*b, products);
    *sum += (sums)__builtin_shufflevector(all, all, 0, 2, 4, 6, 8, 10, 12, 14) +
        (sums)__builtin_shufflevector(all, all, 1, 3, 5, 7, 9, 11, 13, 15);
}

// The mean is an eighth of the DC. Bytes have no sign, which is 128, and are rounded.
INLINE void begin(const struct basis *basis, int vectors, int32_t dc, sums *pixels) {
    const uint32_t mean = 2 * (uint32_t)(dc * basis->quantiser) + 16 * 128 + 8;
    EACH
    for (int i = 0; i < 2 * vectors; i++) pixels[i] = (sums){0} + (mean << (basis->fraction + NUMBER_FRACTION - 4));
}

// A pair's numbers at coefficients `first` and `second`.
INLINE void add_pair(const struct basis *basis, int vectors, uint32_t first, uint32_t second, pair found, sums *pixels) {
    typedef uint8_t bytes __attribute__((vector_size(32)));
    const bytes numbers = (bytes)((sums){0} + found), zero = {0};
    // The two by turns.
    const words values = (words)__builtin_shufflevector(
        zero, numbers, 0, 32, 0, 33, 0, 36, 0, 37, 0, 40, 0, 41, 0, 44, 0, 45, 0, 48, 0, 49, 0, 52, 0, 53, 0, 56, 0, 57, 0, 60, 0,
        61);
    EACH
    for (uint32_t i = 0; i < (uint32_t)vectors; i++) {
        words low, high;
        interleave(&basis->pixels[first * (uint32_t)vectors + i], &basis->pixels[second * (uint32_t)vectors + i], &low, &high);
        add_products(&low, &values, &pixels[2 * i]);
        add_products(&high, &values, &pixels[2 * i + 1]);
    }
}

// One of any size.
INLINE void add_number(const struct basis *basis, int vectors, int k, int32_t number, sums *pixels) {
    const uint32_t value = (uint32_t)number << NUMBER_FRACTION;
    EACH
    for (int i = 0; i < vectors; i++) {
        words low, high;
        interleave(&basis->pixels[k * vectors + i], &basis->pixels[k * vectors + i], &low, &high);
        pixels[2 * i] += (sums)((signed_sums)low >> 16) * value;
        pixels[2 * i + 1] += (sums)((signed_sums)high >> 16) * value;
    }
}

// Clamped.
INLINE void store(const struct basis *basis, int vectors, const sums *pixels, uint8_t *to, size_t stride) {
    typedef uint8_t bytes __attribute__((vector_size(16)));
    const int columns = basis->columns, rows = basis->rows, fraction = basis->fraction + NUMBER_FRACTION;
    EACH
    for (int i = 0; i < vectors; i++) {
        signed_sums halves[2];
        for (int half = 0; half < 2; half++) {
            halves[half] = (signed_sums)pixels[2 * i + half] >> fraction;
            halves[half] = __builtin_elementwise_max(halves[half], (signed_sums){0});
            halves[half] = __builtin_elementwise_min(halves[half], (signed_sums){0} + 255);
        }
        const bytes values = __builtin_convertvector(
            __builtin_shufflevector(halves[0], halves[1], 0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15), bytes);
        const uint8_t *from = (const uint8_t *)&values;
        if (columns == 8) {
            memcpy(to + (size_t)(2 * i) * stride, from, 8);
            if (rows > 1) memcpy(to + (size_t)(2 * i + 1) * stride, from + 8, 8);
        } else if (columns == 4) {
            for (int row = 0; row < 4; row++)
                if (4 * i + row < rows) memcpy(to + (size_t)(4 * i + row) * stride, from + 4 * row, 4);
        } else {
            for (int pixel = 0; pixel < columns * rows; pixel++)
                to[(size_t)(pixel / columns) * stride + (size_t)(pixel % columns)] = values[pixel];
        }
    }
}
