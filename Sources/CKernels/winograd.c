#include "winograd.h"

// F(4x4, 3x3) (Lavin & Gray, 2015): 36 products for 16 outputs of 9 taps each, a quarter of the multiplications. Sixteen
// channels at a time, one a lane. A tile is 4 x 4 outputs and the 6 x 6 inputs under them; tiles are counted over images,
// then rows, then columns.

/// y = B^T x over six values.
INLINE void input_line(const Lanes x[6], Lanes y[6]) {
    const Lanes p = x[4] - B2 * x[2], q = A1 * (x[3] - B2 * x[1]);
    const Lanes r = x[4] - A2 * x[2], s = B1 * (x[3] - A2 * x[1]);
    y[0] = AB * x[0] - SUM * x[2] + x[4];
    y[1] = p + q;
    y[2] = p - q;
    y[3] = r + s;
    y[4] = r - s;
    y[5] = AB * x[1] - SUM * x[3] + x[5];
}

/// y = A^T x: six values to four.
INLINE void output_line(const Lanes x[6], Lanes y[4]) {
    const Lanes p = x[1] + x[2], q = x[1] - x[2], r = x[3] + x[4], s = x[3] - x[4];
    y[0] = x[0] + p + r;
    y[1] = A1 * q + B1 * s;
    y[2] = A2 * p + B2 * r;
    y[3] = A3 * q + B3 * s + x[5];
}

/// y = A x: four values to six, the transpose of `output_line`.
INLINE void gradient_line(const Lanes x[4], Lanes y[6]) {
    const Lanes p = x[0] + A2 * x[2], q = A1 * x[1] + A3 * x[3], r = x[0] + B2 * x[2], s = B1 * x[1] + B3 * x[3];
    y[0] = x[0];
    y[1] = p + q;
    y[2] = p - q;
    y[3] = r + s;
    y[4] = r - s;
    y[5] = x[3];
}

/// v [6][6], positionStride apart = B^T x B of the 6 x 6 inputs of one tile at up to 16 channels from c on: padding is
/// zero, the rest goes through `f`. The compiler makes a variant for each set of constant flags: a tile in the inside
/// of its image with whole lanes needs no test at all (75 ns for 16 channels with the tests, 28 without).
INLINE void input_tile(const float *image, AssayAffine f, AssayWindow w, Corner at, int64_t c, const int64_t count,
                       const int isInside, const int isAffine, float *v, int64_t positionStride) {
    Lanes scale = {0}, shift = {0}, t[6][6];
    if (isAffine) { load(f.scale + c, count, &scale); load(f.shift + c, count, &shift); }
    const int32_t top = at.y - w.padding, left = at.x - w.padding;
    const float *line = image + ((int64_t)top * w.width + left) * w.channels + c;
    for (int32_t i = 0; i < 6; i++, line += (int64_t)w.width * w.channels) {
        const int isRow = isInside || (top + i >= 0 && top + i < w.height);
        Lanes x[6];
        for (int32_t j = 0; j < 6; j++) {
            x[j] = (Lanes){0};
            if (!isInside && (!isRow || left + j < 0 || left + j >= w.width)) continue;
            load(line + j * w.channels, count, &x[j]);
            if (isAffine) {
                x[j] = x[j] * scale + shift;
                if (f.relu) rectify(&x[j]);
            }
        }
        input_line(x, t[i]);
    }
    // Stores that miss wait for one another; prefetched, they do not (160 ns against 85, with `positionStride` apart
    // from the sets of the first cache).
    for (int i = 0; i < 36; i++) __builtin_prefetch(v + i * positionStride + 16, 1);
    for (int j = 0; j < 6; j++) {
        const Lanes column[6] = {t[0][j], t[1][j], t[2][j], t[3][j], t[4][j], t[5][j]};
        Lanes y[6];
        input_line(column, y);
        for (int i = 0; i < 6; i++) store(v + (i * 6 + j) * positionStride, &y[i], count);
    }
}

ASSAY_DISPATCH_WIDE
void assay_winograd_input(const float *input, AssayAffine f, AssayWindow w, int64_t firstTile, int64_t tileCount,
                          float *v, int64_t stride, int64_t positionStride) {
    Corner at, next = corner(w, firstTile);
    for (int64_t tile = 0; tile < tileCount; tile++) {
        at = next;
        next = corner(w, firstTile + tile + 1);
        // Two of its six columns are this tile's, as a rule.
        const int64_t line = next.image * w.height + next.y - w.padding;
        const float *after = input + (line * w.width + next.x - w.padding + 2) * w.channels;
        const float *image = input + at.image * w.height * w.width * w.channels;
        const int32_t top = at.y - w.padding, left = at.x - w.padding;
        const int isInside = top >= 0 && left >= 0 && top + 6 <= w.height && left + 6 <= w.width;
        float *to = v + tile * stride;
        for (int64_t c = 0; c < w.channels; c += 16) {
            const int64_t count = w.channels - c;
            fetch_tile(after + c, (int64_t)w.width * w.channels, w.channels, 6, 4);
            if (count < 16) input_tile(image, f, w, at, c, count, 0, f.scale != 0, to + c, positionStride);
            else if (!isInside) {
                if (f.scale) input_tile(image, f, w, at, c, 16, 0, 1, to + c, positionStride);
                else input_tile(image, f, w, at, c, 16, 0, 0, to + c, positionStride);
            } else if (f.scale) input_tile(image, f, w, at, c, 16, 1, 1, to + c, positionStride);
            else input_tile(image, f, w, at, c, 16, 1, 0, to + c, positionStride);
        }
    }
}

/// Four by four outputs (fewer at an edge) of one tile at up to 16 channels: A^T m A (+ bias) (+ residual), then ReLU.
INLINE void output_tile(const float *m, int64_t positionStride, int64_t width, int64_t channels, int32_t rows,
                        int32_t columns, const int64_t count, float *output, const float *bias, const float *residual,
                        int32_t relu) {
    Lanes t[4][6], b = {0};
    for (int j = 0; j < 6; j++) {
        Lanes x[6], y[4];
        for (int i = 0; i < 6; i++) load(m + (i * 6 + j) * positionStride, count, &x[i]);
        output_line(x, y);
        for (int i = 0; i < 4; i++) t[i][j] = y[i];
    }
    if (bias) load(bias, count, &b);
    for (int32_t i = 0; i < rows; i++) {
        Lanes y[4];
        output_line(t[i], y);
        const int64_t line = i * width * channels;
        for (int32_t j = 0; j < columns; j++) {
            Lanes value = y[j] + b;
            if (residual) {
                Lanes r;
                load(residual + line + j * channels, count, &r);
                value += r;
            }
            if (relu) rectify(&value);
            store(output + line + j * channels, &value, count);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_winograd_output(const float *m, int64_t stride, int64_t positionStride, AssayWindow w, int64_t channels,
                           int64_t firstTile, int64_t tileCount, float *output, int64_t outputStride, AssayEpilogue e) {
    Corner at, next = corner(w, firstTile);
    for (int64_t tile = 0; tile < tileCount; tile++) {
        at = next;
        next = corner(w, firstTile + tile + 1);
        const int64_t after = ((next.image * w.outHeight + next.y) * w.outWidth + next.x) * outputStride;
        const int64_t lineStride = w.outWidth * outputStride;
        const int32_t rows = w.outHeight - at.y < 4 ? w.outHeight - at.y : 4;
        const int32_t columns = w.outWidth - at.x < 4 ? w.outWidth - at.x : 4;
        const int64_t first = ((at.image * w.outHeight + at.y) * w.outWidth + at.x) * outputStride;
        for (int64_t c = 0; c < channels; c += 16) {
            const float *from = m + tile * stride + c, *b = e.bias ? e.bias + c : 0;
            const float *r = e.residual ? e.residual + first + c : 0;
            float *to = output + first + c;
            const int64_t count = channels - c;
            fetch_tile(output + after + c, lineStride, outputStride, 4, 4);
            if (r && e.residual != output) fetch_tile(e.residual + after + c, lineStride, outputStride, 4, 4);
            if (count < 16)
                output_tile(from, positionStride, w.outWidth, outputStride, rows, columns, count, to, b, r, e.relu);
            else if (rows < 4 || columns < 4)
                output_tile(from, positionStride, w.outWidth, outputStride, rows, columns, 16, to, b, r, e.relu);
            else output_tile(from, positionStride, w.outWidth, outputStride, 4, 4, 16, to, b, r, e.relu);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_winograd_output_gradient(const float *gradient, AssayWindow w, int64_t channels, int64_t firstTile,
                                    int64_t tileCount, float *panels, int64_t panelStride, int64_t positionStride) {
    gradient_tiles(gradient_line, 6, gradient, w, channels, firstTile, tileCount, panels, panelStride, positionStride);
}
