#include "winograd.h"

// The weights' side of both Winograd convolutions: three taps to six values along each axis, and gradients back. With
// stride 2 (winograd_strided.c) five of the six are those of the outer taps, and the last is the middle tap itself.

/// y = G x: three values to six.
INLINE void weight_line_1(const Lanes x[3], Lanes y[6]) {
    const Lanes p = FA * (x[0] + A2 * x[2]), q = (FA * A1) * x[1];
    const Lanes r = FB * (x[0] + B2 * x[2]), s = (FB * B1) * x[1];
    y[0] = (1 / AB) * x[0];
    y[1] = p + q;
    y[2] = p - q;
    y[3] = r + s;
    y[4] = r - s;
    y[5] = x[2];
}

/// y = G^T x: six values to three, the transpose of `weight_line_1`.
INLINE void weight_gradient_line_1(const Lanes x[6], Lanes y[3]) {
    const Lanes p = x[1] + x[2], q = x[1] - x[2], r = x[3] + x[4], s = x[3] - x[4];
    y[0] = (1 / AB) * x[0] + FA * p + FB * r;
    y[1] = (FA * A1) * q + (FB * B1) * s;
    y[2] = (FA * A2) * p + (FB * B2) * r + x[5];
}

/// y = G x for stride 2.
INLINE void weight_line_2(const Lanes x[3], Lanes y[6]) {
    const Lanes p = 0.5f * x[2], q = 0.25f * x[0], r = 0.375f * x[2];
    y[0] = x[0] + p;
    y[1] = x[0] - p;
    y[2] = q + r;
    y[3] = q - r;
    y[4] = x[2];
    y[5] = x[1];
}

/// y = G^T x for stride 2.
INLINE void weight_gradient_line_2(const Lanes x[6], Lanes y[3]) {
    y[0] = (x[0] + x[1]) + 0.25f * (x[2] + x[3]);
    y[1] = x[5];
    y[2] = 0.5f * (x[0] - x[1]) + 0.375f * (x[2] - x[3]) + x[4];
}

INLINE void weight_line(const int stride, const Lanes x[3], Lanes y[6]) {
    if (stride == 2) weight_line_2(x, y);
    else weight_line_1(x, y);
}

INLINE void weight_gradient_line(const int stride, const Lanes x[6], Lanes y[3]) {
    if (stride == 2) weight_gradient_line_2(x, y);
    else weight_gradient_line_1(x, y);
}

// The stride is a constant of each loop: a test within costs as much as the transform.

INLINE void weights(const float *weight, int64_t tapStride, int64_t rowStride, const int stride, int32_t rotated,
                    int64_t firstRow, int64_t rowCount, int64_t n, float *panels, int64_t panelStride,
                    int64_t positionStride) {
    const int64_t width = assay_panel_width();
    // Results beyond the second cache are fetched a row ahead (0.73 to 0.50 ms for 256 x 256).
    const int isFar = 36 * positionStride >= 1 << 18;
    for (int64_t row = firstRow; row < firstRow + rowCount; row++) {
        for (int64_t c = 0; c < (n + width - 1) / width * width; c += 16) {
            const int64_t count = n - c;
            Lanes t[3][6];
            // Nine short runs at once: memory does not come by itself.
            for (int tap = 0; tap < 9; tap++) __builtin_prefetch(weight + tap * tapStride + (row + 2) * rowStride + c);
            for (int i = 0; i < 3; i++) {
                Lanes x[3] = {{0}};
                for (int j = 0; j < 3 && count > 0; j++) {
                    const int tap = rotated ? 8 - (i * 3 + j) : i * 3 + j;
                    load(weight + tap * tapStride + row * rowStride + c, count, &x[j]);
                }
                weight_line(stride, x, t[i]);
            }
            float *to = panels + c / width * panelStride + row * width + c % width;
            if (isFar) for (int i = 0; i < 36; i++) __builtin_prefetch(to + i * positionStride + width, 1);
            for (int j = 0; j < 6; j++) {
                const Lanes column[3] = {t[0][j], t[1][j], t[2][j]};
                Lanes y[6];
                weight_line(stride, column, y);
                for (int i = 0; i < 6; i++) *(Lanes *)(to + (i * 6 + j) * positionStride) = y[i];
            }
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_winograd_weight(const float *weight, int64_t tapStride, int64_t rowStride, int32_t stride, int32_t rotated,
                           int64_t firstRow, int64_t rowCount, int64_t n, float *panels, int64_t panelStride,
                           int64_t positionStride) {
#define WEIGHTS(STRIDE)                                                                                               \
    weights(weight, tapStride, rowStride, STRIDE, rotated, firstRow, rowCount, n, panels, panelStride, positionStride)
    if (stride == 2) WEIGHTS(2);
    else WEIGHTS(1);
}

INLINE void weight_gradients(const float *u, int64_t positionStride, const int stride, int64_t first, int64_t count,
                             float *gradient, int64_t tapStride) {
    for (int64_t c = first; c < first + count; c += 16) {
        const int64_t lanes = first + count - c;
        for (int tap = 0; tap < 9; tap++) __builtin_prefetch(gradient + tap * tapStride + c + 64, 1);
        Lanes t[3][6];
        for (int j = 0; j < 6; j++) {
            Lanes x[6], y[3];
            for (int i = 0; i < 6; i++) load(u + (i * 6 + j) * positionStride + c, lanes, &x[i]);
            weight_gradient_line(stride, x, y);
            for (int i = 0; i < 3; i++) t[i][j] = y[i];
        }
        for (int i = 0; i < 3; i++) {
            Lanes y[3];
            weight_gradient_line(stride, t[i], y);
            for (int j = 0; j < 3; j++) store(gradient + (i * 3 + j) * tapStride + c, &y[j], lanes);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_winograd_weight_gradient(const float *u, int64_t positionStride, int32_t stride, int64_t first, int64_t count,
                                    float *gradient, int64_t tapStride) {
    if (stride == 2) weight_gradients(u, positionStride, 2, first, count, gradient, tapStride);
    else weight_gradients(u, positionStride, 1, first, count, gradient, tapStride);
}
