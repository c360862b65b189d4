#include "CKernels.h"
#include <math.h>

enum { LANES = 64 };
#define INLINE static inline __attribute__((always_inline))

/// One output at `lanes` channels: the maximum over its window's taps, rows and columns of taps first ..< last. Whole
/// lanes are a constant at the call: their maxima stay in registers over all taps.
INLINE void maxpool_lanes(const float *corner, AssayAffine f, int affine, float *output, uint8_t *position,
                          int positions, AssayWindow w, int32_t firstRow, int32_t lastRow, int32_t firstColumn,
                          int32_t lastColumn, const int64_t lanes) {
    float most[LANES];
    uint8_t at[LANES];
    for (int64_t k = 0; k < lanes; k++) most[k] = -INFINITY;
    if (positions) for (int64_t k = 0; k < lanes; k++) at[k] = 0;
    for (int32_t ky = firstRow; ky < lastRow; ky++)
        for (int32_t kx = firstColumn; kx < lastColumn; kx++) {
            const float *restrict from = corner + ((int64_t)ky * w.width + kx) * w.channels;
            const uint8_t tap = (uint8_t)(ky * w.kernel + kx);
            for (int64_t k = 0; k < lanes; k++) {
                float v = affine ? from[k] * f.scale[k] + f.shift[k] : from[k];
                if (affine) v = v < 0 && f.relu ? 0 : v;
                const int more = !(v <= most[k]);  // a NaN wins, as in PyTorch
                if (positions) at[k] = more ? tap : at[k];
                most[k] = more ? v : most[k];
            }
        }
    for (int64_t k = 0; k < lanes; k++) output[k] = most[k];
    if (positions) for (int64_t k = 0; k < lanes; k++) position[k] = at[k];
}

INLINE void maxpool(const float *input, AssayAffine f, int affine, float *output, uint8_t *position, int positions,
                    AssayWindow w, int64_t images) {
    const int64_t c = w.channels;
    for (int64_t row = 0; row < images * w.outHeight * w.outWidth; row++) {
        const int64_t image = row / ((int64_t)w.outHeight * w.outWidth);
        const int32_t y0 = (int32_t)(row / w.outWidth % w.outHeight) * w.stride - w.padding;
        const int32_t x0 = (int32_t)(row % w.outWidth) * w.stride - w.padding;
        const int32_t top = y0 < 0 ? -y0 : 0, left = x0 < 0 ? -x0 : 0;
        const int32_t bottom = y0 + w.kernel > w.height ? w.height - y0 : w.kernel;
        const int32_t right = x0 + w.kernel > w.width ? w.width - x0 : w.kernel;
        const float *corner = input + ((image * w.height + y0) * w.width + x0) * c;
        for (int64_t k = 0; k < c; k += LANES) {
            const AssayAffine here = {affine ? f.scale + k : 0, affine ? f.shift + k : 0, f.relu};
            float *to = output + row * c + k;
            uint8_t *at = positions ? position + row * c + k : 0;
            if (c - k >= LANES)
                maxpool_lanes(corner + k, here, affine, to, at, positions, w, top, bottom, left, right, LANES);
            else maxpool_lanes(corner + k, here, affine, to, at, positions, w, top, bottom, left, right, c - k);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_maxpool_forward(const float *input, AssayAffine f, float *output, uint8_t *position, AssayWindow w,
                           int64_t images) {
    if (f.scale && position) maxpool(input, f, 1, output, position, 1, w, images);
    else if (f.scale) maxpool(input, f, 1, output, position, 0, w, images);
    else if (position) maxpool(input, f, 0, output, position, 1, w, images);
    else maxpool(input, f, 0, output, position, 0, w, images);
}

/// One input at `lanes` channels looks for the windows whose maximum it was: no two writes meet. Its sum stays in registers
/// over the taps firstRow, firstRow + stride ... of rows and columns.
INLINE void maxpool_backward_lanes(const float *gradient, const uint8_t *position, float *to, int accumulate,
                                   AssayWindow w, int32_t y, int32_t x, const int64_t lanes) {
    float sum[LANES];
    for (int64_t k = 0; k < lanes; k++) sum[k] = accumulate ? to[k] : 0;
    for (int32_t ky = y % w.stride; ky < w.kernel && ky <= y; ky += w.stride) {
        const int32_t oy = (y - ky) / w.stride;
        if (oy >= w.outHeight) continue;
        for (int32_t kx = x % w.stride; kx < w.kernel && kx <= x; kx += w.stride) {
            const int32_t ox = (x - kx) / w.stride;
            if (ox >= w.outWidth) continue;
            const int64_t from = ((int64_t)oy * w.outWidth + ox) * w.channels;
            const uint8_t tap = (uint8_t)(ky * w.kernel + kx);
            for (int64_t k = 0; k < lanes; k++) sum[k] += position[from + k] == tap ? gradient[from + k] : 0;
        }
    }
    for (int64_t k = 0; k < lanes; k++) to[k] = sum[k];
}

ASSAY_DISPATCH_WIDE
void assay_maxpool_backward(const float *outputGradient, const uint8_t *position, float *inputGradient,
                            int32_t accumulate, AssayWindow w, int64_t firstLine, int64_t lines) {
    const int64_t c = w.channels;
    for (int64_t line = firstLine; line < firstLine + lines; line++)
        for (int32_t x = 0; x < w.width; x++) {
            float *to = inputGradient + (line * w.width + x) * c;
            const int32_t top = (int32_t)line + w.padding, left = x + w.padding;
            for (int64_t k = 0; k < c; k += LANES) {
                if (c - k >= LANES)
                    maxpool_backward_lanes(outputGradient + k, position + k, to + k, accumulate, w, top, left, LANES);
                else maxpool_backward_lanes(outputGradient + k, position + k, to + k, accumulate, w, top, left, c - k);
            }
        }
}

ASSAY_DISPATCH
void assay_global_average(const float *x, float *average, int64_t rows, int64_t channels) {
    for (int64_t c = 0; c < channels; c++) average[c] = 0;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < channels; c++) average[c] += x[r * channels + c];
    for (int64_t c = 0; c < channels; c++) average[c] /= (float)rows;
}

ASSAY_DISPATCH
void assay_global_maximum(const float *x, float *maximum, int32_t *position, int64_t rows, int64_t channels) {
    for (int64_t c = 0; c < channels; c++) { maximum[c] = x[c]; position[c] = 0; }
    for (int64_t r = 1; r < rows; r++)
        for (int64_t c = 0; c < channels; c++) {
            int more = !(x[r * channels + c] <= maximum[c]);
            position[c] = more ? (int32_t)r : position[c];
            maximum[c] = more ? x[r * channels + c] : maximum[c];
        }
}
