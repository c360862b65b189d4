#include "CKernels.h"
#include <string.h>

// Pictures are RGB bytes. Sums are whole numbers, so every vector width gives the same bytes. A weight of 22 bits is two
// words of 11, since x86 multiplies and adds words in pairs: a third less time than products of 32 bits. No weight is
// negative and those of a window add up to 1, so no sum leaves its range.

#define ROUNDING (1 << (ASSAY_RESIZE_PRECISION - 1))
// Rows side by side, so that weights are spread over the lanes once.
#define TOGETHER 4
// Else they stay in memory.
#define EACH _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline))

typedef uint8_t Sixteen __attribute__((vector_size(16)));
typedef uint8_t Bytes __attribute__((vector_size(32)));
typedef int16_t Words __attribute__((vector_size(32)));
typedef int32_t Lanes __attribute__((vector_size(32)));

// Two rows' sums: red, green, blue and nothing of each.
typedef struct {
    Lanes upper, lower;
} Sums;

// Of two neighbours each.
INLINE void add_products(const Words *a, const Words *b, Lanes *sum) {
    typedef int32_t Products __attribute__((vector_size(64)));
    const Products all = __builtin_convertvector(*a, Products) * __builtin_convertvector(*b, Products);
    *sum += __builtin_shufflevector(all, all, 0, 2, 4, 6, 8, 10, 12, 14) +
        __builtin_shufflevector(all, all, 1, 3, 5, 7, 9, 11, 13, 15);
}

INLINE void spread(const int16_t *two, Words *words) {
    int32_t both;
    memcpy(&both, two, sizeof both);
    *words = (Words)((Lanes){0} + both);
}

// Two pixels of two rows, channel by channel, as words.
#define TWO(p) p, 32, p + 3, 32, p + 1, 32, p + 4, 32, p + 2, 32, p + 5, 32, 32, 32, 32, 32

// Sixteen bytes, of which those behind `end` are not read; NULL if all are there.
INLINE void load(const uint8_t *from, const uint8_t *end, Sixteen *bytes) {
    if (!end || from + sizeof *bytes <= end) {
        memcpy(bytes, from, sizeof *bytes);
    } else {
        *bytes = (Sixteen){0};
        if (from < end) memcpy(bytes, from, (size_t)(end - from));
    }
}

// Adds two or four pixels of two rows, at byte `at` of each. halves: [2][4].
INLINE void add(const uint8_t *const *rows, int64_t at, const uint8_t *end, const int16_t *halves, int pixels, Sums *sums) {
    Sixteen a, b;
    load(rows[0] + at, end, &a);
    load(rows[1] + at, end, &b);
    const Bytes zero = {0}, bytes = __builtin_shufflevector(
                                a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
                                26, 27, 28, 29, 30, 31);
    Words weights;
    const Words first = (Words)__builtin_shufflevector(bytes, zero, TWO(0), TWO(16));
    spread(halves, &weights);
    add_products(&first, &weights, &sums->upper);
    spread(halves + 4, &weights);
    add_products(&first, &weights, &sums->lower);
    if (pixels < 4) return;
    const Words second = (Words)__builtin_shufflevector(bytes, zero, TWO(6), TWO(22));
    spread(halves + 2, &weights);
    add_products(&second, &weights, &sums->upper);
    spread(halves + 6, &weights);
    add_products(&second, &weights, &sums->lower);
}

// TOGETHER rows of input and output. taps: the most that an output pixel has.
INLINE void resize_together(const uint8_t *const *source, const AssayResizing *r, const int16_t *halves, int32_t taps,
                            int32_t mirrored, const uint8_t *end, uint8_t *const *result) {
    for (int64_t at = 0; at < r->size; at++) {
        const int64_t out = mirrored ? r->size - 1 - at : at;
        const int64_t first = (int64_t)r->first[out] * 3;
        const int16_t *half = halves + 2 * out * r->window;
        Sums sums[TOGETHER / 2] = {0};
        int32_t k = 0;
        for (; k + 2 < taps; k += 4, half += 8)
            EACH for (int i = 0; i < TOGETHER / 2; i++) add(source + 2 * i, first + 3 * k, end, half, 4, &sums[i]);
        if (k < taps)
            EACH for (int i = 0; i < TOGETHER / 2; i++) add(source + 2 * i, first + 3 * k, end, half, 2, &sums[i]);
        EACH for (int i = 0; i < TOGETHER / 2; i++) {
            const Lanes sum = (sums[i].upper << ASSAY_RESIZE_LOWER) + sums[i].lower + ROUNDING;
            const Bytes levels = (Bytes)(sum >> ASSAY_RESIZE_PRECISION);
            const Sixteen pixels = __builtin_shufflevector(levels, levels, 0, 4, 8, 8, 16, 20, 24, 24, 0, 0, 0, 0, 0, 0, 0, 0);
            if (at + 1 < r->size) {
                // The byte too many is the next pixel's.
                memcpy(result[2 * i] + 3 * at, &pixels, 4);
                memcpy(result[2 * i + 1] + 3 * at, (const uint8_t *)&pixels + 4, 4);
            } else {
                memcpy(result[2 * i] + 3 * at, &pixels, 3);
                memcpy(result[2 * i + 1] + 3 * at, (const uint8_t *)&pixels + 4, 3);
            }
        }
    }
}

ASSAY_DISPATCH
void assay_resize_rows(const uint8_t *source, int64_t rows, int64_t width, AssayResizing r, const int16_t *halves,
                       int32_t mirrored, uint8_t *result) {
    const uint8_t *const end = source + rows * width * 3;
    int32_t taps = 0, last = 0;
    for (int64_t out = 0; out < r.size; out++) {
        if (r.count[out] > taps) taps = r.count[out];
        if (r.first[out] > last) last = r.first[out];
    }
    // How far a row's last look reaches.
    const int64_t reach = 3 * ((int64_t)last + (taps + 3) / 4 * 4) + 4;
    for (int64_t row = 0; row < rows; row += TOGETHER) {
        const uint8_t *from[TOGETHER];
        uint8_t *to[TOGETHER];
        for (int i = 0; i < TOGETHER; i++) {
            // Of the last rows some are done twice.
            const int64_t at = row + i < rows ? row + i : rows - 1;
            from[i] = source + at * width * 3;
            to[i] = result + at * r.size * 3;
        }
        if (end - from[TOGETHER - 1] >= reach)
            resize_together(from, &r, halves, taps, mirrored, NULL, to);
        else
            resize_together(from, &r, halves, taps, mirrored, end, to);
    }
}
