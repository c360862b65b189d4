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
//
// Tiles of two and three outputs, where a side leaves so many over, do with fewer points, as with stride 1.

/// y = B^T x of F(outputs, 2): five values, `step` apart, to five, or of three or two outputs fewer.
INLINE void pair_input(const int outputs, const Lanes *x, const int step, Lanes y[5]) {
    if (outputs == 2) {
        const Lanes p = 0.5f * x[0];
        y[0] = p + x[step];
        y[1] = p - x[step];
        y[4] = x[2 * step] - 0.25f * x[0];
        return;
    }
    if (outputs == 3) {
        y[0] = 0.75f * x[0] + x[step] - x[2 * step];
        y[1] = 0.375f * x[0] - x[step] + 0.5f * x[2 * step];
        y[2] = 2 * x[2 * step] - 0.5f * x[0];
        y[4] = 0.375f * x[0] - 0.25f * x[step] - 1.5f * x[2 * step] + x[3 * step];
        return;
    }
    const Lanes p = 0.5625f * x[0] - 0.25f * x[2 * step], q = 1.125f * x[step] - 0.5f * x[3 * step];
    const Lanes r = x[2 * step] - 0.25f * x[0], s = (2 / 3.0f) * x[3 * step] - (1 / 6.0f) * x[step];
    y[0] = p + q;
    y[1] = p - q;
    y[2] = r + s;
    y[3] = r - s;
    y[4] = 0.5625f * x[0] - 2.5f * x[2 * step] + x[4 * step];
}

/// y = A^T x of F(outputs, 2): five values to four, or fewer.
INLINE void pair_output(const int outputs, const Lanes x[5], Lanes y[4]) {
    const Lanes p = x[0] + x[1], q = x[0] - x[1];
    if (outputs < 4) {
        y[0] = p;
        y[1] = 0.5f * q;
        if (outputs == 2) {
            y[1] += x[4];
            return;
        }
        y[0] += x[2];
        y[1] += 1.5f * x[2];
        y[2] = 0.25f * p + 2.25f * x[2] + x[4];
        return;
    }
    const Lanes r = x[2] + x[3], s = x[2] - x[3];
    y[0] = p + r;
    y[1] = 0.5f * q + 1.5f * s;
    y[2] = 0.25f * p + 2.25f * r;
    y[3] = 0.125f * q + 3.375f * s + x[4];
}

/// Nine inputs to nine values, as all of these lines of four outputs.
INLINE void input_line(const int outputs, const Lanes x[9], Lanes y[9]) {
    pair_input(outputs, x, 2, y);
    for (int i = 0; i < outputs; i++) y[5 + i] = x[2 * i + 1];
}

/// Nine values to four outputs.
INLINE void output_line(const int outputs, const Lanes x[9], Lanes y[4]) {
    pair_output(outputs, x, y);
    for (int i = 0; i < outputs; i++) y[i] += x[5 + i];
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
INLINE void back_input_line(const int outputs, const Lanes x[5], Lanes y[9]) {
    pair_input(outputs, x, 1, y);
    for (int i = 0; i < outputs; i++) y[5 + i] = x[i];
}

/// Of the data gradient: nine values to eight inputs.
INLINE void back_output_line(const int outputs, const Lanes x[9], Lanes y[8]) {
    Lanes odd[4];
    pair_output(outputs, x, odd);
    for (int i = 0; i < outputs; i++) { y[2 * i] = x[5 + i]; y[2 * i + 1] = odd[i]; }
}

typedef struct { int32_t height, width; int64_t channels; } Map;

/// Values that a tile of so many outputs reads along an axis: of the inputs, or of the gradients.
#define READ(isBack, outputs) ((isBack) ? (outputs) + 1 : 2 * (outputs) + 1)
/// Results that it makes: outputs, or gradients of inputs.
#define MADE(isBack, outputs) ((isBack) ? 2 * (outputs) : (outputs))

/// v [9][9], positionStride apart = the transform of what a tile of down x across outputs reads of a map from (top, left)
/// on, at up to 16 channels from c on: outside the map is zero, the rest goes through `f`.
INLINE void input_tile(const float *map, AssayAffine f, Map shape, int32_t top, int32_t left, int64_t c,
                       const int64_t count, const int isBack, const int down, const int across, const int isInside,
                       const int isAffine, float *v, int64_t positionStride) {
    Lanes scale = {0}, shift = {0}, t[9][9];
    if (isAffine) { load(f.scale + c, count, &scale); load(f.shift + c, count, &shift); }
    const float *line = map + ((int64_t)top * shape.width + left) * shape.channels + c;
    for (int32_t i = 0; i < READ(isBack, down); i++, line += (int64_t)shape.width * shape.channels) {
        const int isRow = isInside || (top + i >= 0 && top + i < shape.height);
        Lanes x[9];
        for (int32_t j = 0; j < READ(isBack, across); j++) {
            x[j] = (Lanes){0};
            if (!isInside && (!isRow || left + j < 0 || left + j >= shape.width)) continue;
            load(line + j * shape.channels, count, &x[j]);
            if (isAffine) {
                x[j] = x[j] * scale + shift;
                if (f.relu) rectify(&x[j]);
            }
        }
        if (isBack) back_input_line(across, x, t[i]);
        else input_line(across, x, t[i]);
    }
    for (int i = 0; i < 81; i++) __builtin_prefetch(v + i * positionStride + 16, 1);
    for (int j = 0; j < 9; j++) {
        if (!assay_winograd_has_position(9, across, j)) continue;
        Lanes column[9], y[9];
        for (int i = 0; i < READ(isBack, down); i++) column[i] = t[i][j];
        if (isBack) back_input_line(down, column, y);
        else input_line(down, column, y);
        for (int i = 0; i < 9; i++)
            if (assay_winograd_has_position(9, down, i)) store(v + (i * 9 + j) * positionStride, &y[i], count);
    }
}

INLINE void input_tiles(const float *input, AssayAffine f, Map shape, const int isBack, AssayWindow w, int64_t firstTile,
                        int64_t tileCount, float *v, int64_t stride, int64_t positionStride) {
    const int size = READ(isBack, 4);
    Corner at, next = corner(w, firstTile);
    for (int64_t tile = 0; tile < tileCount; tile++) {
        at = next;
        next = corner(w, firstTile + tile + 1);
        // One column is this tile's, as a rule.
        const int64_t line = next.image * shape.height + (isBack ? next.y : 2 * next.y - 1);
        const float *after = input + (line * shape.width + (isBack ? next.x + 1 : 2 * next.x)) * shape.channels;
        const float *map = input + at.image * shape.height * shape.width * shape.channels;
        const int32_t top = isBack ? at.y : 2 * at.y - 1, left = isBack ? at.x : 2 * at.x - 1;
        const int isInside = top >= 0 && left >= 0 && top + size <= shape.height && left + size <= shape.width;
        float *to = v + tile * stride;
#define INPUT(COUNT, DOWN, ACROSS, INSIDE, AFFINE)                                                                    \
    input_tile(map, f, shape, top, left, c, COUNT, isBack, DOWN, ACROSS, INSIDE, AFFINE, to + c, positionStride)
#define EDGE(DOWN, ACROSS) INPUT(count, DOWN, ACROSS, 0, f.scale != 0)
        for (int64_t c = 0; c < shape.channels; c += 16) {
            const int64_t count = shape.channels - c;
            fetch_tile(after + c, (int64_t)shape.width * shape.channels, shape.channels, size, size - 1);
            if (at.down < 4 || at.across < 4) EDGES(at, EDGE)
            else if (count < 16) INPUT(count, 4, 4, 0, f.scale != 0);
            else if (isInside && f.scale) INPUT(16, 4, 4, 1, 1);
            else if (isInside) INPUT(16, 4, 4, 1, 0);
            else if (f.scale) INPUT(16, 4, 4, 0, 1);
            else INPUT(16, 4, 4, 0, 0);
        }
    }
#undef EDGE
#undef INPUT
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_input(const float *input, AssayAffine f, AssayWindow w, int64_t firstTile,
                                  int64_t tileCount, float *v, int64_t stride, int64_t positionStride) {
    const Map shape = {w.height, w.width, w.channels};
    input_tiles(input, f, shape, 0, w, firstTile, tileCount, v, stride, positionStride);
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_back_input(const float *gradient, AssayWindow w, int64_t channels, int64_t firstTile,
                                       int64_t tileCount, float *v, int64_t stride, int64_t positionStride) {
    const Map shape = {w.outHeight, w.outWidth, channels};
    const AssayAffine asItIs = {0};
    input_tiles(gradient, asItIs, shape, 1, w, firstTile, tileCount, v, stride, positionStride);
}

/// What a tile of down x across outputs makes, as far as there are `rows` and `columns`, at up to 16 channels, then the
/// epilogue.
INLINE void output_tile(const float *m, int64_t positionStride, Map shape, int32_t rows, int32_t columns,
                        const int isBack, const int down, const int across, const int64_t count, float *output,
                        const AssayEpilogue *e) {
    Lanes t[8][9];
    Ending ending;
    begin(e, count, &ending);
    for (int j = 0; j < 9; j++) {
        if (!assay_winograd_has_position(9, across, j)) continue;
        Lanes x[9], y[8];
        for (int i = 0; i < 9; i++)
            if (assay_winograd_has_position(9, down, i)) load(m + (i * 9 + j) * positionStride, count, &x[i]);
        if (isBack) back_output_line(down, x, y);
        else output_line(down, x, y);
        for (int i = 0; i < MADE(isBack, down); i++) t[i][j] = y[i];
    }
    for (int32_t i = 0; i < rows; i++) {
        Lanes y[8];
        if (isBack) back_output_line(across, t[i], y);
        else output_line(across, t[i], y);
        for (int32_t j = 0; j < columns; j++)
            put_output(e, &ending, &y[j], (i * (int64_t)shape.width + j) * shape.channels, count, output);
    }
    end(e, &ending, count);
}

/// `shape.channels` is how far positions of the result are apart; `channels` of them are computed.
INLINE void output_tiles(const float *m, int64_t stride, int64_t positionStride, Map shape, const int isBack,
                         AssayWindow w, int64_t channels, int64_t firstTile, int64_t tileCount, float *output,
                         AssayEpilogue e) {
    Corner at, next = corner(w, firstTile);
    const int64_t lineStride = (int64_t)shape.width * shape.channels;
    const int size = MADE(isBack, 4);
    e.isStreamed = e.isStreamed && can_stream(output, shape.channels);
    for (int64_t tile = 0; tile < tileCount; tile++) {
        at = next;
        next = corner(w, firstTile + tile + 1);
        const int64_t line = next.image * shape.height + (isBack ? 2 * next.y : next.y);
        const int64_t after = (line * shape.width + (isBack ? 2 * next.x : next.x)) * shape.channels;
        const int32_t top = isBack ? 2 * at.y : at.y, left = isBack ? 2 * at.x : at.x;
        const int32_t down = MADE(isBack, at.down), across = MADE(isBack, at.across);
        const int32_t rows = shape.height - top < down ? shape.height - top : down;
        const int32_t columns = shape.width - left < across ? shape.width - left : across;
        const int64_t first = ((at.image * shape.height + top) * shape.width + left) * shape.channels;
        for (int64_t c = 0; c < channels; c += 16) {
            const float *from = m + tile * stride + c;
            const AssayEpilogue own = assay_epilogue_at(e, 0, 0, c), here = assay_epilogue_at(own, 1, first, 0);
            float *to = output + first + c;
            const int64_t count = channels - c;
            if (!e.isStreamed) fetch_tile(output + after + c, lineStride, shape.channels, size, size);
            if (e.residual && e.residual != output) fetch_tile(own.residual + after, lineStride, shape.channels, size, size);
#define OUTPUT(DOWN, ACROSS, ROWS, COLUMNS, COUNT)                                                                    \
    output_tile(from, positionStride, shape, ROWS, COLUMNS, isBack, DOWN, ACROSS, COUNT, to, &here)
#define EDGE(DOWN, ACROSS) OUTPUT(DOWN, ACROSS, rows, columns, count)
            if (at.down < 4 || at.across < 4) EDGES(at, EDGE)
            else if (count < 16) OUTPUT(4, 4, rows, columns, count);
            else if (rows < size || columns < size) OUTPUT(4, 4, rows, columns, 16);
            else OUTPUT(4, 4, size, size, 16);
        }
    }
#undef EDGE
#undef OUTPUT
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_output(const float *m, int64_t stride, int64_t positionStride, AssayWindow w,
                                   int64_t channels, int64_t firstTile, int64_t tileCount, float *output,
                                   int64_t outputStride, AssayEpilogue e) {
    const Map shape = {w.outHeight, w.outWidth, outputStride};
    output_tiles(m, stride, positionStride, shape, 0, w, channels, firstTile, tileCount, output, e);
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_back_output(const float *m, int64_t stride, int64_t positionStride, AssayWindow w,
                                        int64_t channels, int64_t firstTile, int64_t tileCount, float *inputGradient,
                                        int64_t gradientStride, AssayEpilogue e) {
    const Map shape = {w.height, w.width, gradientStride};
    output_tiles(m, stride, positionStride, shape, 1, w, channels, firstTile, tileCount, inputGradient, e);
}

ASSAY_DISPATCH_WIDE
void assay_winograd_strided_output_gradient(const float *gradient, AssayWindow w, int64_t channels, int64_t firstTile,
                                            int64_t tileCount, float *panels, int64_t panelStride,
                                            int64_t positionStride) {
    gradient_tiles(gradient_line, 9, gradient, w, channels, firstTile, tileCount, panels, panelStride, positionStride);
}
