#include "CKernels.h"
#include <math.h>

enum { LANES = 64 };
#define INLINE static inline __attribute__((always_inline))

/// One output at `lanes` channels, at most LANES: the maximum over its window's taps, rows and columns of taps
/// first ..< last.
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

typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t Mask __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint8_t Bytes __attribute__((vector_size(16), aligned(1), may_alias));
enum { WIDTH = 16, VECTORS = LANES / WIDTH, AHEAD = 6 };

/// The same at whole lanes, in vectors: a window of nine took 120 ns for 64 channels, 45 now.
INLINE void maxpool_vectors(const float *corner, AssayAffine f, int affine, int relu, float *output, uint8_t *position,
                            int positions, AssayWindow w, int32_t firstRow, int32_t lastRow, int32_t firstColumn,
                            int32_t lastColumn) {
    // The lines that this row of windows is the first to read, a few windows on.
    for (int32_t ky = lastRow - w.stride; ky < lastRow; ky++)
        for (int32_t kx = AHEAD * w.stride; kx < (AHEAD + 1) * w.stride; kx++)
            for (int i = 0; i < VECTORS; i++)
                __builtin_prefetch(corner + ((int64_t)ky * w.width + kx) * w.channels + i * WIDTH);
    Lanes most[VECTORS], scale[VECTORS], shift[VECTORS];
    Mask at[VECTORS];
    for (int i = 0; i < VECTORS; i++) {
        most[i] = (Lanes){0} - INFINITY;
        at[i] = (Mask){0};
        if (affine) { scale[i] = *(const Lanes *)(f.scale + i * WIDTH); shift[i] = *(const Lanes *)(f.shift + i * WIDTH); }
    }
    for (int32_t ky = firstRow; ky < lastRow; ky++)
        for (int32_t kx = firstColumn; kx < lastColumn; kx++) {
            const float *from = corner + ((int64_t)ky * w.width + kx) * w.channels;
            const Mask tap = (Mask){0} + (ky * w.kernel + kx);
            for (int i = 0; i < VECTORS; i++) {
                Lanes v = *(const Lanes *)(from + i * WIDTH);
                if (affine) v = v * scale[i] + shift[i];
                if (relu) v = (Lanes)((Mask)v & ~(Mask)(v < 0));
                const Mask more = ~(Mask)(v <= most[i]);  // a NaN wins, as in PyTorch
                at[i] = (tap & more) | (at[i] & ~more);
                most[i] = (Lanes)(((Mask)v & more) | ((Mask)most[i] & ~more));
            }
        }
    for (int i = 0; i < VECTORS; i++) {
        *(Lanes *)(output + i * WIDTH) = most[i];
        if (positions) *(Bytes *)(position + i * WIDTH) = __builtin_convertvector(at[i], Bytes);
    }
}

INLINE void maxpool(const float *input, AssayAffine f, int affine, float *output, uint8_t *position, int positions,
                    AssayWindow w, int64_t images) {
    const int64_t c = w.channels;
    for (int64_t line = 0; line < images * w.outHeight; line++) {
        const int64_t image = line / w.outHeight;
        const int32_t y0 = (int32_t)(line % w.outHeight) * w.stride - w.padding;
        const int32_t top = y0 < 0 ? -y0 : 0, bottom = y0 + w.kernel > w.height ? w.height - y0 : w.kernel;
        for (int32_t x = 0; x < w.outWidth; x++) {
            const int32_t x0 = x * w.stride - w.padding;
            const int32_t left = x0 < 0 ? -x0 : 0, right = x0 + w.kernel > w.width ? w.width - x0 : w.kernel;
            const float *corner = input + ((image * w.height + y0) * w.width + x0) * c;
            const int64_t row = line * w.outWidth + x;
            for (int64_t k = 0; k < c; k += LANES) {
                const AssayAffine here = {affine ? f.scale + k : 0, affine ? f.shift + k : 0, f.relu};
                float *to = output + row * c + k;
                uint8_t *at = positions ? position + row * c + k : 0;
                if (c - k >= LANES && affine && f.relu)
                    maxpool_vectors(corner + k, here, 1, 1, to, at, positions, w, top, bottom, left, right);
                else if (c - k >= LANES)
                    maxpool_vectors(corner + k, here, affine, 0, to, at, positions, w, top, bottom, left, right);
                else maxpool_lanes(corner + k, here, affine, to, at, positions, w, top, bottom, left, right, c - k);
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

/// Along one axis, the windows that an input lies in: at `tap` of window `out`, at `tap + stride` of `out - 1`, and so on.
typedef struct { int32_t tap, out; } Windows;

/// One input at `lanes` channels looks for the windows whose maximum it was: no two writes meet. Its sum stays in registers
/// over them.
INLINE void maxpool_backward_lanes(const float *gradient, const uint8_t *position, float *to, int accumulate,
                                   AssayWindow w, Windows rows, Windows columns, const int64_t lanes) {
    float sum[LANES];
    for (int64_t k = 0; k < lanes; k++) sum[k] = accumulate ? to[k] : 0;
    for (int32_t ky = rows.tap, y = rows.out; ky < w.kernel && y >= 0; ky += w.stride, y--) {
        if (y >= w.outHeight) continue;
        for (int32_t kx = columns.tap, x = columns.out; kx < w.kernel && x >= 0; kx += w.stride, x--) {
            if (x >= w.outWidth) continue;
            const int64_t from = ((int64_t)y * w.outWidth + x) * w.channels;
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
    for (int64_t line = firstLine; line < firstLine + lines; line++) {
        const int32_t y = (int32_t)line + w.padding;
        const Windows rows = {y % w.stride, y / w.stride};
        // Divisions for each position took as long as its sums.
        Windows columns = {w.padding % w.stride, w.padding / w.stride};
        for (int32_t x = 0; x < w.width; x++) {
            float *to = inputGradient + ((line - firstLine) * w.width + x) * c;
            // The next line of windows, once each: a map of 51 MB took 2.4 ms on one thread, 1.6 now.
            if (columns.tap == 0 && columns.out < w.outWidth && rows.out + 1 < w.outHeight) {
                const int64_t next = ((int64_t)(rows.out + 1) * w.outWidth + columns.out) * c;
                for (int64_t k = 0; k < c; k += WIDTH) __builtin_prefetch(outputGradient + next + k);
                for (int64_t k = 0; k < c; k += LANES) __builtin_prefetch(position + next + k);
            }
            for (int64_t k = 0; k < c; k += LANES) {
                if (c - k >= LANES)
                    maxpool_backward_lanes(outputGradient + k, position + k, to + k, accumulate, w, rows, columns, LANES);
                else maxpool_backward_lanes(outputGradient + k, position + k, to + k, accumulate, w, rows, columns, c - k);
            }
            if (++columns.tap == w.stride) columns = (Windows){0, columns.out + 1};
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
