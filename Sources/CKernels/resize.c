#include "CKernels.h"
#include <string.h>

// Pictures are RGB bytes. Sums are whole numbers, so every vector width gives the same bytes. No weight is negative and
// the weights of a window add up to 1, so no sum leaves a byte's range.

#define ROUNDING (1 << (ASSAY_RESIZE_PRECISION - 1))
#define BLOCK 64

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
            for (int i = 0; i < BLOCK; i++) result[out * stride + at + i] = (uint8_t)(sums[i] >> ASSAY_RESIZE_PRECISION);
        }
        for (; x < stride; x++) {
            int32_t sum = ROUNDING;
            for (int32_t k = 0; k < r.count[out]; k++) sum += top[k * stride + x] * weight[k];
            result[out * stride + x] = (uint8_t)(sum >> ASSAY_RESIZE_PRECISION);
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
