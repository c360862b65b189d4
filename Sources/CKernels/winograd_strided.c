#include "winograd.h"

// A 3x3 convolution with stride 2 as a Winograd of its own. Along one axis
//
//   y[j] = w0 x[2j] + w2 x[2j + 2]  +  w1 x[2j + 1]
//
// is a convolution of the even inputs with two taps, F(4, 2), five products for four outputs, and four plain products of
// the odd ones: nine for twelve. Nested over both axes 81 for 144. The products at odd inputs share their weight, so that
// there are 36 transformed weights, as with stride 1.
//
// F(4, 2) is interpolated at +-1/2, +-3/2 and infinity (7.5e-7 of relative error at 128 channels; 0, +-1, 2: 1.4e-6).
//
// The data gradient has the same form: dx at odd inputs is a convolution of dy with (w2, w0), at even ones w1 dy.

/// y = B^T x of F(4, 2), five values, `step` apart.
INLINE void pair_input(const Lanes *x, const int step, Lanes y[5]) {
    const Lanes p = 0.5625f * x[0] - 0.25f * x[2 * step], q = 1.125f * x[step] - 0.5f * x[3 * step];
    const Lanes r = x[2 * step] - 0.25f * x[0], s = (2 / 3.0f) * x[3 * step] - (1 / 6.0f) * x[step];
    y[0] = p + q;
    y[1] = p - q;
    y[2] = r + s;
    y[3] = r - s;
    y[4] = 0.5625f * x[0] - 2.5f * x[2 * step] + x[4 * step];
}

/// y = A^T x of F(4, 2): five values to four.
INLINE void pair_output(const Lanes x[5], Lanes y[4]) {
    const Lanes p = x[0] + x[1], q = x[0] - x[1], r = x[2] + x[3], s = x[2] - x[3];
    y[0] = p + r;
    y[1] = 0.5f * q + 1.5f * s;
    y[2] = 0.25f * p + 2.25f * r;
    y[3] = 0.125f * q + 3.375f * s + x[4];
}

/// Nine inputs to nine values.
INLINE void input_line(const Lanes x[9], Lanes y[9]) {
    pair_input(x, 2, y);
    for (int i = 0; i < 4; i++) y[5 + i] = x[2 * i + 1];
}

/// Nine values to four outputs.
INLINE void output_line(const Lanes x[9], Lanes y[4]) {
    pair_output(x, y);
    for (int i = 0; i < 4; i++) y[i] += x[5 + i];
}

/// Four gradients to nine values: the transpose of `output_line`.
INLINE void gradient_line(const Lanes x[4], Lanes y[9]) {
    const Lanes p = x[0] + 0.25f * x[2], q = 0.5f * x[1] + 0.125f * x[3];
    const Lanes r = x[0] + 2.25f * x[2], s = 1.5f * x[1] + 3.375f * x[3];
    y[0] = p + q;
    y[1] = p - q;
    y[2] = r + s;
    y[3] = r - s;
    y[4] = x[3];
    for (int i = 0; i < 4; i++) y[5 + i] = x[i];
}

/// Of the data gradient: five gradients to nine values.
INLINE void back_input_line(const Lanes x[5], Lanes y[9]) {
    pair_input(x, 1, y);
    for (int i = 0; i < 4; i++) y[5 + i] = x[i];
}

/// Of the data gradient: nine values to eight inputs.
INLINE void back_output_line(const Lanes x[9], Lanes y[8]) {
    Lanes odd[4];
    pair_output(x, odd);
    for (int i = 0; i < 4; i++) { y[2 * i] = x[5 + i]; y[2 * i + 1] = odd[i]; }
}

typedef struct { int32_t height, width; int64_t channels; } Map;

/// v [9][9], positionStride apart = the transform of `size` x `size` values of a map from (top, left) on, at up to 16
/// channels from c on: outside the map is zero, the rest goes through `f`.
INLINE void input_tile(const float *map, AssayAffine f, Map shape, int32_t top, int32_t left, int64_t c,
                       const int64_t count, const int size, const int isInside, const int isAffine, float *v,
                       int64_t positionStride) {
    Lanes scale = {0}, shift = {0}, t[9][9];
    if (isAffine) { load(f.scale + c, count, &scale); load(f.shift + c, count, &shift); }
    const float *line = map + ((int64_t)top * shape.width + left) * shape.channels + c;
    for (int32_t i = 0; i < size; i++, line += (int64_t)shape.width * shape.channels) {
        const int isRow = isInside || (top + i >= 0 && top + i < shape.height);
        Lanes x[9];
        for (int32_t j = 0; j < size; j++) {
            x[j] = (Lanes){0};
            if (!isInside && (!isRow || left + j < 0 || left + j >= shape.width)) continue;
            load(line + j * shape.channels, count, &x[j]);
            if (isAffine) {
                x[j] = x[j] * scale + shift;
                if (f.relu) rectify(&x[j]);
            }
        }
        if (size == 9) input_line(x, t[i]);
        else back_input_line(x, t[i]);
    }
    for (int i = 0; i < 81; i++) __builtin_prefetch(v + i * positionStride + 16, 1);
    for (int j = 0; j < 9; j++) {
        Lanes column[9], y[9];
        for (int i = 0; i < size; i++) column[i] = t[i][j];
        if (size == 9) input_line(column, y);
        else back_input_line(column, y);
        for (int i = 0; i < 9; i++) store(v + (i * 9 + j) * positionStride, &y[i], count);
    }
}

INLINE void input_tiles(const float *input, AssayAffine f, Map shape, const int size, AssayWindow w, int64_t firstTile,
                        int64_t tileCount, float *v, int64_t stride, int64_t positionStride) {
    Corner at, next = strided_corner(w, firstTile);
    for (int64_t tile = 0; tile < tileCount; tile++) {
        at = next;
        next = strided_corner(w, firstTile + tile + 1);
        // One column is this tile's, as a rule.
        const int64_t line = next.image * shape.height + (size == 9 ? 2 * next.y - 1 : next.y);
        const float *after = input + (line * shape.width + (size == 9 ? 2 * next.x : next.x + 1)) * shape.channels;
        const float *map = input + at.image * shape.height * shape.width * shape.channels;
        const int32_t top = size == 9 ? 2 * at.y - 1 : at.y, left = size == 9 ? 2 * at.x - 1 : at.x;
        const int isInside = top >= 0 && left >= 0 && top + size <= shape.height && left + size <= shape.width;
        float *to = v + tile * stride;
#define TILE(COUNT, INSIDE, AFFINE) \
    input_tile(map, f, shape, top, left, c, COUNT, size, INSIDE, AFFINE, to + c, positionStride)
        for (int64_t c = 0; c < shape.channels; c += 16) {
            const int64_t count = shape.channels - c;
            fetch_tile(after + c, (int64_t)shape.width * shape.channels, shape.channels, size, size - 1);
            if (count < 16) TILE(count, 0, f.scale != 0);
            else if (isInside && f.scale) TILE(16, 1, 1);
            else if (isInside) TILE(16, 1, 0);
            else if (f.scale) TILE(16, 0, 1);
            else TILE(16, 0, 0);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_input(const float *input, AssayAffine f, AssayWindow w, int64_t firstTile,
                                  int64_t tileCount, float *v, int64_t stride, int64_t positionStride) {
    const Map shape = {w.height, w.width, w.channels};
    input_tiles(input, f, shape, 9, w, firstTile, tileCount, v, stride, positionStride);
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_back_input(const float *gradient, AssayWindow w, int64_t channels, int64_t firstTile,
                                       int64_t tileCount, float *v, int64_t stride, int64_t positionStride) {
    const Map shape = {w.outHeight, w.outWidth, channels};
    const AssayAffine asItIs = {0};
    input_tiles(gradient, asItIs, shape, 5, w, firstTile, tileCount, v, stride, positionStride);
}

/// `size` x `size` results (fewer at an edge) of one tile at up to 16 channels (+ bias) (+ residual), then ReLU.
INLINE void output_tile(const float *m, int64_t positionStride, Map shape, int32_t rows, int32_t columns, const int size,
                        const int64_t count, float *output, const float *bias, const float *residual, int32_t relu) {
    Lanes t[8][9], b = {0};
    for (int j = 0; j < 9; j++) {
        Lanes x[9], y[8];
        for (int i = 0; i < 9; i++) load(m + (i * 9 + j) * positionStride, count, &x[i]);
        if (size == 4) output_line(x, y);
        else back_output_line(x, y);
        for (int i = 0; i < size; i++) t[i][j] = y[i];
    }
    if (bias) load(bias, count, &b);
    for (int32_t i = 0; i < rows; i++) {
        Lanes y[8];
        if (size == 4) output_line(t[i], y);
        else back_output_line(t[i], y);
        const int64_t line = i * (int64_t)shape.width * shape.channels;
        for (int32_t j = 0; j < columns; j++) {
            Lanes value = y[j] + b;
            if (residual) {
                Lanes r;
                load(residual + line + j * shape.channels, count, &r);
                value += r;
            }
            if (relu) rectify(&value);
            store(output + line + j * shape.channels, &value, count);
        }
    }
}

/// `shape.channels` is how far positions of the result are apart; `channels` of them are computed.
INLINE void output_tiles(const float *m, int64_t stride, int64_t positionStride, Map shape, const int size,
                         AssayWindow w, int64_t channels, int64_t firstTile, int64_t tileCount, float *output,
                         AssayEpilogue e) {
    Corner at, next = strided_corner(w, firstTile);
    const int64_t lineStride = (int64_t)shape.width * shape.channels;
    for (int64_t tile = 0; tile < tileCount; tile++) {
        at = next;
        next = strided_corner(w, firstTile + tile + 1);
        const int64_t line = next.image * shape.height + (size == 4 ? next.y : 2 * next.y);
        const int64_t after = (line * shape.width + (size == 4 ? next.x : 2 * next.x)) * shape.channels;
        const int32_t top = size == 4 ? at.y : 2 * at.y, left = size == 4 ? at.x : 2 * at.x;
        const int32_t rows = shape.height - top < size ? shape.height - top : size;
        const int32_t columns = shape.width - left < size ? shape.width - left : size;
        const int64_t first = ((at.image * shape.height + top) * shape.width + left) * shape.channels;
        for (int64_t c = 0; c < channels; c += 16) {
            const float *from = m + tile * stride + c, *b = e.bias ? e.bias + c : 0;
            const float *r = e.residual ? e.residual + first + c : 0;
            float *to = output + first + c;
            const int64_t count = channels - c;
            fetch_tile(output + after + c, lineStride, shape.channels, size, size);
            if (r && e.residual != output) fetch_tile(e.residual + after + c, lineStride, shape.channels, size, size);
            if (count < 16) output_tile(from, positionStride, shape, rows, columns, size, count, to, b, r, e.relu);
            else if (rows < size || columns < size)
                output_tile(from, positionStride, shape, rows, columns, size, 16, to, b, r, e.relu);
            else output_tile(from, positionStride, shape, size, size, size, 16, to, b, r, e.relu);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_output(const float *m, int64_t stride, int64_t positionStride, AssayWindow w,
                                   int64_t channels, int64_t firstTile, int64_t tileCount, float *output,
                                   int64_t outputStride, AssayEpilogue e) {
    const Map shape = {w.outHeight, w.outWidth, outputStride};
    output_tiles(m, stride, positionStride, shape, 4, w, channels, firstTile, tileCount, output, e);
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_back_output(const float *m, int64_t stride, int64_t positionStride, AssayWindow w,
                                        int64_t channels, int64_t firstTile, int64_t tileCount, float *inputGradient,
                                        int64_t gradientStride, AssayEpilogue e) {
    const Map shape = {w.height, w.width, gradientStride};
    output_tiles(m, stride, positionStride, shape, 8, w, channels, firstTile, tileCount, inputGradient, e);
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_output_gradient(const float *gradient, AssayWindow w, int64_t channels, int64_t firstTile,
                                            int64_t tileCount, float *panels, int64_t panelStride,
                                            int64_t positionStride) {
    gradient_tiles(strided_corner, gradient_line, 9, gradient, w, channels, firstTile, tileCount, panels, panelStride, positionStride);
}
