#include "CKernels.h"
#include <string.h>

enum { GROUP = 4, AHEAD = 6 };

/// A line of memory at a time.
static inline __attribute__((always_inline)) void copy_columns(float *to, const float *from, const int64_t width,
                                                               int64_t columns) {
    typedef float Line __attribute__((vector_size(64), aligned(4), may_alias));
    if (columns >= width) {
        for (int64_t c = 0; c < width; c += 16) *(Line *)(to + c) = *(const Line *)(from + c);
        return;
    }
    memcpy(to, from, columns * sizeof(float));
    memset(to + columns, 0, (width - columns) * sizeof(float));
}

// A row is read for four panels at once: 512 bytes in a run, where one panel's 128 would leave the fetching of rows to
// come to chance; the rows are far apart, so they are fetched ahead (a tenth less).
static inline __attribute__((always_inline)) void pack(const float *b, int64_t stride, int64_t k, int64_t n,
                                                       float *panels, int64_t panelStride, const int64_t width) {
    for (int64_t first = 0; first < n; first += GROUP * width) {
        const int64_t last = first + GROUP * width < n ? first + GROUP * width : n;
        for (int64_t p = 0; p < k; p++) {
            for (int64_t line = 0; line < GROUP * width; line += 16)
                __builtin_prefetch(b + (p + AHEAD) * stride + first + line);
            for (int64_t c = first; c < last; c += width)
                copy_columns(panels + c / width * panelStride + p * width, b + p * stride + c, width, n - c);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_pack_panels(const float *b, int64_t stride, int64_t k, int64_t n, float *panels, int64_t panelStride) {
    if (assay_panel_width() == 32) pack(b, stride, k, n, panels, panelStride, 32);
    else pack(b, stride, k, n, panels, panelStride, 16);
}

typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));

// Lane j of `from` or, where j has the bit `s`, of `to`; and the other halves: what changes places between rows s apart.
#define J(s, j) ((j) & (s) ? 16 + (j) - (s) : (j))
#define K(s, j) ((j) & (s) ? 16 + (j) : (j) + (s))
#define EACH(F, s) F(s, 0), F(s, 1), F(s, 2), F(s, 3), F(s, 4), F(s, 5), F(s, 6), F(s, 7), F(s, 8), F(s, 9), F(s, 10),  \
                   F(s, 11), F(s, 12), F(s, 13), F(s, 14), F(s, 15)
#define EXCHANGE(s)                                                                                                   \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) {                                                 \
        if (i & (s)) continue;                                                                                        \
        const Lanes from = v[i], to = v[i + (s)];                                                                     \
        v[i] = __builtin_shufflevector(from, to, EACH(J, s));                                                         \
        v[i + (s)] = __builtin_shufflevector(from, to, EACH(K, s));                                                   \
    }

/// A square of 16 x 16 in registers: one value at a time cost four times as much, 8 % of a small map's data gradient.
static inline __attribute__((always_inline)) void transpose_square(const float *x, int64_t stride, float *y,
                                                                   int64_t yStride) {
    Lanes v[16];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) v[i] = *(const Lanes *)(x + i * stride);
    EXCHANGE(1) EXCHANGE(2) EXCHANGE(4) EXCHANGE(8)
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) *(Lanes *)(y + i * yStride) = v[i];
}

ASSAY_DISPATCH_WIDE
void assay_transpose(const float *x, int64_t stride, int64_t rows, int64_t columns, float *restrict y,
                     int64_t yStride) {
    for (int64_t r0 = 0; r0 < rows; r0 += 16) {
        const int64_t r1 = r0 + 16 < rows ? r0 + 16 : rows;
        for (int64_t c0 = 0; c0 < columns; c0 += 16) {
            const int64_t c1 = c0 + 16 < columns ? c0 + 16 : columns;
            if (r1 - r0 == 16 && c1 - c0 == 16) {
                transpose_square(x + r0 * stride + c0, stride, y + c0 * yStride + r0, yStride);
                continue;
            }
            for (int64_t c = c0; c < c1; c++)
                for (int64_t r = r0; r < r1; r++) y[c * yStride + r] = x[r * stride + c];
        }
    }
}
