#include "CKernels.h"
#include <math.h>

static inline __attribute__((always_inline)) void maxpool(const float *input, AssayAffine f, int affine, float *output,
                                                          uint8_t *position, int positions, AssayWindow w,
                                                          int64_t images) {
    const int64_t c = w.channels;
    for (int64_t row = 0; row < images * w.outHeight * w.outWidth; row++) {
        const int64_t image = row / ((int64_t)w.outHeight * w.outWidth);
        const int32_t y0 = (int32_t)(row / w.outWidth % w.outHeight) * w.stride - w.padding;
        const int32_t x0 = (int32_t)(row % w.outWidth) * w.stride - w.padding;
        float *restrict most = output + row * c;
        uint8_t *restrict at = position + (positions ? row * c : 0);
        for (int64_t k = 0; k < c; k++) most[k] = -INFINITY;
        if (positions) for (int64_t k = 0; k < c; k++) at[k] = 0;
        for (int32_t ky = 0; ky < w.kernel; ky++)
            for (int32_t kx = 0; kx < w.kernel; kx++) {
                const int32_t y = y0 + ky, x = x0 + kx;
                if (y < 0 || y >= w.height || x < 0 || x >= w.width) continue;
                const float *restrict from = input + ((image * w.height + y) * w.width + x) * c;
                const uint8_t tap = (uint8_t)(ky * w.kernel + kx);
                for (int64_t k = 0; k < c; k++) {
                    float v = affine ? from[k] * f.scale[k] + f.shift[k] : from[k];
                    if (affine) v = v < 0 && f.relu ? 0 : v;
                    const int more = !(v <= most[k]);  // a NaN wins, as in PyTorch
                    if (positions) at[k] = more ? tap : at[k];
                    most[k] = more ? v : most[k];
                }
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

// Each input looks for the windows whose maximum it was: no two writes meet, and the channels run in lanes.
ASSAY_DISPATCH_WIDE
void assay_maxpool_backward(const float *outputGradient, const uint8_t *position, float *inputGradient,
                            int32_t accumulate, AssayWindow w, int64_t images) {
    const int64_t c = w.channels;
    for (int64_t row = 0; row < images * w.height * w.width; row++) {
        const int64_t image = row / ((int64_t)w.height * w.width);
        const int32_t y = (int32_t)(row / w.width % w.height) + w.padding;
        const int32_t x = (int32_t)(row % w.width) + w.padding;
        float *restrict to = inputGradient + row * c;
        if (!accumulate) for (int64_t k = 0; k < c; k++) to[k] = 0;
        for (int32_t ky = y % w.stride; ky < w.kernel && ky <= y; ky += w.stride) {
            const int32_t oy = (y - ky) / w.stride;
            if (oy >= w.outHeight) continue;
            for (int32_t kx = x % w.stride; kx < w.kernel && kx <= x; kx += w.stride) {
                const int32_t ox = (x - kx) / w.stride;
                if (ox >= w.outWidth) continue;
                const int64_t from = ((image * w.outHeight + oy) * w.outWidth + ox) * c;
                const float *restrict g = outputGradient + from;
                const uint8_t *restrict at = position + from;
                const uint8_t tap = (uint8_t)(ky * w.kernel + kx);
                for (int64_t k = 0; k < c; k++) to[k] += at[k] == tap ? g[k] : 0;
            }
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
