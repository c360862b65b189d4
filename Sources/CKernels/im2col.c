#include "CKernels.h"
#include <string.h>

// Rows of a window are contiguous in NHWC, so each is one memcpy.

/// Output position -> image and the first input row and column of its window.
static inline void window_origin(AssayWindow w, int64_t row, int64_t *image, int32_t *y0, int32_t *x0) {
    int64_t area = (int64_t)w.outHeight * w.outWidth;
    *image = row / area;
    int32_t rest = (int32_t)(row % area);
    *y0 = rest / w.outWidth * w.stride - w.padding;
    *x0 = rest % w.outWidth * w.stride - w.padding;
}

static inline __attribute__((always_inline)) void affine(const float *restrict x, AssayAffine f, int64_t count,
                                                         float *restrict y) {
    if (f.relu) for (int64_t c = 0; c < count; c++) { float v = x[c] * f.scale[c] + f.shift[c]; y[c] = v < 0 ? 0 : v; }
    else for (int64_t c = 0; c < count; c++) y[c] = x[c] * f.scale[c] + f.shift[c];
}

/// Short runs: the last vector overlaps the one before. A stem's 21 floats a row cost half of what memcpy asks.
static inline __attribute__((always_inline)) void copy(float *to, const float *from, int64_t count) {
    typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
    if (count < 16) { memcpy(to, from, count * sizeof(float)); return; }
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) *(Lanes *)(to + i) = *(const Lanes *)(from + i);
    if (i < count) *(Lanes *)(to + count - 16) = *(const Lanes *)(from + count - 16);
}

ASSAY_DISPATCH_WIDE
void assay_read_rows(const float *x, int64_t stride, AssayAffine f, int64_t rows, int64_t channels, float *y,
                     int64_t yStride) {
    for (int64_t r = 0; r < rows; r++, x += stride, y += yStride) {
        if (f.scale) {
            affine(x, f, channels, y);
            continue;
        }
        // Short rows that lie far apart do not come by themselves (128 bytes of 2 KB: 8 to 5 ms for a 3x3 weight of 512 x
        // 512, its transform included).
        for (int64_t c = 0; c < channels; c += 16) __builtin_prefetch(x + 12 * stride + c);
        copy(y, x, channels);
    }
}

ASSAY_DISPATCH_WIDE
void assay_gather(const float *input, AssayAffine f, AssayWindow w, int64_t firstRow, int64_t rowCount, float *rows,
                  int64_t stride) {
    const int64_t c = w.channels;
    for (int64_t i = 0; i < rowCount; i++) {
        int64_t image; int32_t y0, x0;
        window_origin(w, firstRow + i, &image, &y0, &x0);
        const float *source = input + image * w.height * w.width * c;
        const int32_t left = x0 < 0 ? (-x0 < w.kernel ? -x0 : w.kernel) : 0;
        const int32_t over = x0 + w.kernel - w.width;
        const int32_t right = over > 0 ? (over < w.kernel ? over : w.kernel) : 0;
        const int32_t inside = w.kernel - left - right;
        float *to = rows + i * stride;
        for (int32_t ky = 0; ky < w.kernel; ky++, to += w.kernel * c) {
            const int32_t y = y0 + ky;
            if (y < 0 || y >= w.height || inside <= 0) {
                memset(to, 0, w.kernel * c * sizeof(float));
                continue;
            }
            if (left) memset(to, 0, left * c * sizeof(float));
            const float *from = source + ((int64_t)y * w.width + x0 + left) * c;
            if (f.scale) for (int32_t t = 0; t < inside; t++) affine(from + t * c, f, c, to + (left + t) * c);
            else copy(to + left * c, from, inside * c);
            if (right) memset(to + (left + inside) * c, 0, right * c * sizeof(float));
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_gather_strip(const float *input, AssayAffine f, AssayWindow w, int64_t firstLine, int64_t lines,
                        float *strip, int64_t lineStride) {
    const int64_t c = w.channels, edge = (int64_t)w.padding * c, size = (int64_t)w.width * c;
    for (int64_t i = 0; i < (lines - 1) * w.stride + w.kernel; i++, strip += lineStride) {
        const int64_t y = firstLine * w.stride - w.padding + i;
        if (y < 0 || y >= w.height) {
            memset(strip, 0, (size + 2 * edge) * sizeof(float));
            continue;
        }
        memset(strip, 0, edge * sizeof(float));
        if (f.scale) for (int64_t x = 0; x < w.width; x++) affine(input + y * size + x * c, f, c, strip + edge + x * c);
        else memcpy(strip + edge, input + y * size, size * sizeof(float));
        memset(strip + edge + size, 0, edge * sizeof(float));
    }
}

ASSAY_DISPATCH
void assay_col2im_add(const float *columns, float *input, AssayWindow w, int64_t firstRow, int64_t rowCount) {
    const int64_t c = w.channels, rowLength = (int64_t)w.kernel * c;
    for (int64_t i = 0; i < rowCount; i++) {
        int64_t image; int32_t y0, x0;
        window_origin(w, firstRow + i, &image, &y0, &x0);
        float *target = input + image * w.height * w.width * c;
        int32_t left = x0 < 0 ? -x0 : 0;
        int32_t right = x0 + w.kernel > w.width ? x0 + w.kernel - w.width : 0;
        int64_t inside = (int64_t)(w.kernel - left - right) * c;
        for (int32_t ky = 0; ky < w.kernel; ky++, columns += rowLength) {
            int32_t y = y0 + ky;
            if (y < 0 || y >= w.height || inside <= 0) continue;
            float *restrict to = target + ((int64_t)y * w.width + x0 + left) * c;
            const float *restrict from = columns + left * c;
            for (int64_t k = 0; k < inside; k++) to[k] += from[k];
        }
    }
}
