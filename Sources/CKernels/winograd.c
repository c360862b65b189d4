#include "winograd.h"

// F(4x4, 3x3) (Lavin & Gray, 2015): 36 products for 16 outputs of 9 taps each, a quarter of the multiplications. Sixteen
// channels at a time, one a lane. A tile is 4 x 4 outputs and the 6 x 6 inputs under them.
//
// Where a side leaves 2 or 3 outputs over, the last tiles are that large: interpolated at fewer of the same points, they
// take fewer products of the same weights (maps of 14 x 14 and 7 x 7: 484 and 121 a channel instead of 576 and 144). Values
// of a point p are multiplied by the product of p - q over the points q that are left out, by which the weight is divided.

/// y = B^T x over the inputs of a tile of so many outputs, a constant of each caller.
INLINE void input_points(const int outputs, const Lanes x[6], Lanes y[6]) {
    if (outputs == 4) {
        six_inputs(x, y);
    } else if (outputs == 3) {
        const Lanes u = x[3] - A2 * x[1], v = x[2] - B1 * x[1];
        y[0] = B1 * (u - B1 * (x[2] - A2 * x[0]));
        y[1] = (A1 + B1) * (x[3] - B1 * x[2] + A1 * v);
        y[2] = (B1 - A1) * (x[3] - B1 * x[2] - A1 * v);
        y[3] = (2 * B1) * u;
        y[5] = x[4] - A2 * x[2] - B1 * u;
    } else {
        const Lanes p = (A2 - B2) * x[2], q = ((A2 - B2) * A1) * x[1];
        y[0] = AB * x[0] - B2 * x[2];
        y[1] = p + q;
        y[2] = p - q;
        y[5] = x[3] - A2 * x[1];
    }
}

/// y = A^T x: six values to the outputs of a tile that has so many, a constant of each caller.
INLINE void output_points(const int outputs, const Lanes x[6], Lanes y[4]) {
    if (outputs == 4) {
        six_to(4, x, y);
        return;
    }
    const Lanes p = x[1] + x[2], q = x[1] - x[2];
    y[0] = x[0] + p;
    y[1] = A1 * q;
    if (outputs == 2) {
        y[1] += x[5];
    } else {
        y[0] += x[3];
        y[1] += B1 * x[3];
        y[2] = A2 * p + B2 * x[3] + x[5];
    }
}

INLINE void gradient_line(const Lanes *x, Lanes *y) { six_from(4, x, y); }

/// v [6][6], positionStride apart = B^T x B of the inputs of one tile of down x across outputs at up to 16 channels from c
/// on: padding is zero, the rest goes through `f`. The compiler makes a variant for each set of constants: a tile in the
/// inside of its image with whole lanes needs no test at all (75 ns for 16 channels with the tests, 28 without).
INLINE void input_tile(const float *image, AssayAffine f, AssayWindow w, Corner at, int64_t c, const int64_t count,
                       const int down, const int across, const int isInside, const int isAffine, float *v,
                       int64_t positionStride) {
    Lanes scale = {0}, shift = {0}, t[6][6];
    if (isAffine) { load(f.scale + c, count, &scale); load(f.shift + c, count, &shift); }
    const int32_t top = at.y - w.padding, left = at.x - w.padding;
    const float *line = image + ((int64_t)top * w.width + left) * w.channels + c;
    for (int32_t i = 0; i < down + 2; i++, line += (int64_t)w.width * w.channels) {
        const int isRow = isInside || (top + i >= 0 && top + i < w.height);
        Lanes x[6];
        for (int32_t j = 0; j < across + 2; j++) {
            x[j] = (Lanes){0};
            if (!isInside && (!isRow || left + j < 0 || left + j >= w.width)) continue;
            load(line + j * w.channels, count, &x[j]);
            if (isAffine) {
                x[j] = x[j] * scale + shift;
                if (f.relu) rectify(&x[j]);
            }
        }
        input_points(across, x, t[i]);
    }
    // Stores that miss wait for one another; prefetched, they do not (160 ns against 85, with `positionStride` apart
    // from the sets of the first cache).
    for (int i = 0; i < 36; i++) __builtin_prefetch(v + i * positionStride + 16, 1);
    for (int j = 0; j < 6; j++) {
        if (!assay_winograd_has_position(6, across, j)) continue;
        Lanes column[6], y[6];
        for (int i = 0; i < down + 2; i++) column[i] = t[i][j];
        input_points(down, column, y);
        for (int i = 0; i < 6; i++)
            if (assay_winograd_has_position(6, down, i)) store(v + (i * 6 + j) * positionStride, &y[i], count);
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
#define INPUT(COUNT, DOWN, ACROSS, INSIDE, AFFINE)                                                                    \
    input_tile(image, f, w, at, c, COUNT, DOWN, ACROSS, INSIDE, AFFINE, to + c, positionStride)
#define EDGE(DOWN, ACROSS) INPUT(count, DOWN, ACROSS, 0, f.scale != 0)
            if (at.down < 4 || at.across < 4) EDGES(at, EDGE)
            else if (count < 16) INPUT(count, 4, 4, 0, f.scale != 0);
            else if (!isInside) {
                if (f.scale) INPUT(16, 4, 4, 0, 1);
                else INPUT(16, 4, 4, 0, 0);
            } else if (f.scale) INPUT(16, 4, 4, 1, 1);
            else INPUT(16, 4, 4, 1, 0);
#undef EDGE
#undef INPUT
        }
    }
}

/// The down x across outputs, as far as there are `rows` and `columns`, of one tile at up to 16 channels: A^T m A, then the
/// epilogue.
INLINE void output_tile(const float *m, int64_t positionStride, int64_t width, int64_t channels, const int down,
                        const int across, int32_t rows, int32_t columns, const int64_t count, float *output,
                        const AssayEpilogue *e) {
    Lanes t[4][6];
    Ending ending;
    begin(e, count, &ending);
    for (int j = 0; j < 6; j++) {
        if (!assay_winograd_has_position(6, across, j)) continue;
        Lanes x[6], y[4];
        for (int i = 0; i < 6; i++)
            if (assay_winograd_has_position(6, down, i)) load(m + (i * 6 + j) * positionStride, count, &x[i]);
        output_points(down, x, y);
        for (int i = 0; i < down; i++) t[i][j] = y[i];
    }
    for (int32_t i = 0; i < rows; i++) {
        Lanes y[4];
        output_points(across, t[i], y);
        for (int32_t j = 0; j < columns; j++)
            put_output(e, &ending, &y[j], i * width * channels + j * channels, count, output);
    }
    end(e, &ending, count);
}

ASSAY_DISPATCH_WIDE
void assay_winograd_output(const float *m, int64_t stride, int64_t positionStride, AssayWindow w, int64_t channels,
                           int64_t firstTile, int64_t tileCount, float *output, int64_t outputStride, AssayEpilogue e) {
    Corner at, next = corner(w, firstTile);
    e.isStreamed = e.isStreamed && can_stream(output, outputStride);
    for (int64_t tile = 0; tile < tileCount; tile++) {
        at = next;
        next = corner(w, firstTile + tile + 1);
        const int64_t after = ((next.image * w.outHeight + next.y) * w.outWidth + next.x) * outputStride;
        const int64_t lineStride = w.outWidth * outputStride;
        const int32_t rows = w.outHeight - at.y < at.down ? w.outHeight - at.y : at.down;
        const int32_t columns = w.outWidth - at.x < at.across ? w.outWidth - at.x : at.across;
        const int64_t first = ((at.image * w.outHeight + at.y) * w.outWidth + at.x) * outputStride;
        for (int64_t c = 0; c < channels; c += 16) {
            const float *from = m + tile * stride + c;
            const AssayEpilogue own = assay_epilogue_at(e, 0, 0, c), here = assay_epilogue_at(own, 1, first, 0);
            float *to = output + first + c;
            const int64_t count = channels - c;
            if (!e.isStreamed) fetch_tile(output + after + c, lineStride, outputStride, 4, 4);
            if (e.residual && e.residual != output) fetch_tile(own.residual + after, lineStride, outputStride, 4, 4);
#define OUTPUT(DOWN, ACROSS, ROWS, COLUMNS, COUNT)                                                                    \
    output_tile(from, positionStride, w.outWidth, outputStride, DOWN, ACROSS, ROWS, COLUMNS, COUNT, to, &here)
#define EDGE(DOWN, ACROSS) OUTPUT(DOWN, ACROSS, rows, columns, count)
            if (at.down < 4 || at.across < 4) EDGES(at, EDGE)
            else if (count < 16) OUTPUT(4, 4, 4, 4, count);
            else OUTPUT(4, 4, 4, 4, 16);
#undef EDGE
#undef OUTPUT
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_winograd_output_gradient(const float *gradient, AssayWindow w, int64_t channels, int64_t firstTile,
                                    int64_t tileCount, float *panels, int64_t panelStride, int64_t positionStride) {
    gradient_tiles(gradient_line, 6, gradient, w, channels, firstTile, tileCount, panels, panelStride, positionStride);
}
