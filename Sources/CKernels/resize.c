#include "CKernels.h"
#include <string.h>

// Pictures are RGB bytes. Sums are whole numbers, so every vector width gives the same bytes. No weight is negative and
// the weights of a window add up to 1, so no sum leaves a byte's range.

#define PRECISION 22
#define ROUNDING (1 << (PRECISION - 1))
#define BLOCK 64
#define TOGETHER 4

typedef int32_t Lanes __attribute__((vector_size(32)));
typedef uint8_t Bytes __attribute__((vector_size(8)));
typedef int32_t Quad __attribute__((vector_size(16)));
typedef uint8_t Pixel __attribute__((vector_size(4)));

/// Two neighbouring pixels, four lanes each, the last of four without use. Eight bytes are read.
static inline __attribute__((always_inline)) void add_two_pixels(const uint8_t *p, const Lanes *weights,
                                                                         Lanes *sum) {
    Bytes b;
    memcpy(&b, p, sizeof b);
    *sum += __builtin_convertvector(__builtin_shufflevector(b, b, 0, 1, 2, 2, 3, 4, 5, 5), Lanes) * *weights;
}

/// `rows` rows side by side, so that each pair of weights is spread over the lanes once.
/// end: the whole picture's, where reading eight bytes may pass it; else NULL.
static inline __attribute__((always_inline)) void resize_rows_together(const uint8_t *source, int rows, int64_t width,
                                                                       const AssayResizing *r, int32_t mirrored,
                                                                       const uint8_t *end, uint8_t *result) {
    for (int64_t out = 0; out < r->size; out++) {
        Lanes sums[TOGETHER];
        for (int row = 0; row < rows; row++) sums[row] = (Lanes){ROUNDING, ROUNDING, ROUNDING};
        const uint8_t *from = source + (int64_t)r->first[out] * 3;
        const int32_t *weight = r->weights + out * r->window;
        for (int32_t k = 0; k < r->count[out]; k += 2, from += 6, weight += 2) {
            const int32_t a = weight[0], b = weight[1];
            const Lanes weights = {a, a, a, a, b, b, b, b};
            for (int row = 0; row < rows; row++) {
                const uint8_t *pixels = from + row * width * 3;
                uint8_t last[8] = {0};
                if (end && pixels + 8 > end) pixels = memcpy(last, pixels, end - pixels);
                add_two_pixels(pixels, &weights, &sums[row]);
            }
        }
        uint8_t *to = result + (mirrored ? r->size - 1 - out : out) * 3;
        for (int row = 0; row < rows; row++) {
            const Quad both = __builtin_shufflevector(sums[row], sums[row], 0, 1, 2, 3) +
                __builtin_shufflevector(sums[row], sums[row], 4, 5, 6, 7);
            const Pixel pixel = __builtin_convertvector(both >> PRECISION, Pixel);
            memcpy(to + row * r->size * 3, &pixel, 3);
        }
    }
}

ASSAY_DISPATCH
void assay_resize_rows(const uint8_t *source, int64_t rows, int64_t width, AssayResizing r, int32_t mirrored,
                       uint8_t *result) {
    const uint8_t *const end = source + rows * width * 3;
    int64_t row = 0;
    // Eight bytes from a row's last pixel on reach five into the next row.
    for (; width > 1 && row + TOGETHER < rows; row += TOGETHER)
        resize_rows_together(source + row * width * 3, TOGETHER, width, &r, mirrored, NULL, result + row * r.size * 3);
    for (; row < rows; row++)
        resize_rows_together(source + row * width * 3, 1, width, &r, mirrored, end, result + row * r.size * 3);
}

ASSAY_DISPATCH
void assay_resize_columns(const uint8_t *source, int64_t stride, AssayResizing r, uint8_t *result) {
    for (int64_t out = 0; out < r.size; out++) {
        const uint8_t *const top = source + (int64_t)r.first[out] * stride;
        const int32_t *weight = r.weights + out * r.window;
        int64_t x = 0;
        // The last block overlaps the one before.
        for (; stride >= BLOCK && x < stride; x += BLOCK) {
            const int64_t at = x + BLOCK <= stride ? x : stride - BLOCK;
            int32_t sums[BLOCK];
            for (int i = 0; i < BLOCK; i++) sums[i] = ROUNDING;
            for (int32_t k = 0; k < r.count[out]; k++) {
                const uint8_t *const from = top + k * stride + at;
                for (int i = 0; i < BLOCK; i++) sums[i] += from[i] * weight[k];
            }
            for (int i = 0; i < BLOCK; i++) result[out * stride + at + i] = (uint8_t)(sums[i] >> PRECISION);
        }
        for (; x < stride; x++) {
            int32_t sum = ROUNDING;
            for (int32_t k = 0; k < r.count[out]; k++) sum += top[k * stride + x] * weight[k];
            result[out * stride + x] = (uint8_t)(sum >> PRECISION);
        }
    }
}

ASSAY_DISPATCH
void assay_normalise(const uint8_t *pixels, int64_t count, const float *scale, const float *shift, float *y) {
    // The same bits whether or not the CPU fuses.
    #pragma clang fp contract(off)
    enum { PERIOD = 24 };
    float scales[PERIOD], shifts[PERIOD];
    for (int i = 0; i < PERIOD; i++) scales[i] = scale[i % 3], shifts[i] = shift[i % 3];
    int64_t i = 0;
    for (; i + PERIOD <= count * 3; i += PERIOD)
        for (int k = 0; k < PERIOD; k++) y[i + k] = (float)pixels[i + k] * scales[k] + shifts[k];
    for (; i < count * 3; i++) y[i] = (float)pixels[i] * scale[i % 3] + shift[i % 3];
}
