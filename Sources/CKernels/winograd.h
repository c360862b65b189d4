#pragma once
#include "CKernels.h"
#include <string.h>

// What the kernels of both strides share, and the first convolution's in part: sixteen channels at a time, one a lane; tiles
// of 4 x 4 outputs, or of what is left over at the end of a side.

// F(4x4, 3x3), and F(3x3, 4x4) with it, is interpolated at 0, +-3/4, +-3/2 and infinity: half the rounding error of the
// usual 0, +-1, +-2 (9e-7 against 1.9e-6, 128 channels), for as many operations.
#define A1 0.75f            // a, a^2, a^3
#define A2 0.5625f
#define A3 0.421875f
#define B1 1.5f             // b, b^2, b^3
#define B2 2.25f
#define B3 3.375f
#define AB 1.265625f        // a^2 b^2, which is also the product of 0's differences from the other points
#define SUM 2.8125f         // a^2 + b^2
#define FA (-1 / 1.8984375f)  // 1 / (2 a^2 (a^2 - b^2))
#define FB (1 / 7.59375f)     // 1 / (2 b^2 (b^2 - a^2))

typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
#define INLINE static inline __attribute__((always_inline))

// Vectors go by pointer: their passing by value depends on the CPU that a function is compiled for.

INLINE void load(const float *from, int64_t count, Lanes *v) {
    if (count >= 16) { *v = *(const Lanes *)from; return; }
    *v = (Lanes){0};
    memcpy(v, from, count * sizeof(float));
}

INLINE void store(float *to, const Lanes *v, int64_t count) {
    if (count >= 16) *(Lanes *)to = *v;
    else memcpy(to, v, count * sizeof(float));
}

typedef int32_t Mask __attribute__((vector_size(64), aligned(4), may_alias));

/// max(0, v), a NaN staying one.
INLINE void rectify(Lanes *v) { *v = (Lanes)((Mask)*v & ~(Mask)(*v < (Lanes){0})); }

typedef float AlignedLanes __attribute__((vector_size(64), aligned(64), may_alias));
typedef double Doubles __attribute__((vector_size(128), aligned(8), may_alias));

/// The epilogue of up to sixteen channels of a tile; its pointers stand at the first of them, that of the residual at the
/// tile's first output. Sums are in float over the tile, in double beyond it.
typedef struct { Lanes bias, sum, squares; } Ending;

INLINE void begin(const AssayEpilogue *e, int64_t count, Ending *ending) {
    *ending = (Ending){{0}, {0}, {0}};
    if (e->bias) load(e->bias, count, &ending->bias);
}

/// Stores one output, `at` after the tile's first.
INLINE void put_output(const AssayEpilogue *e, Ending *ending, const Lanes *v, int64_t at, const int64_t count,
                       float *output) {
    Lanes value = *v + ending->bias;
    if (e->residual) {
        Lanes residual;
        load(e->residual + at, count, &residual);
        value += residual;
    }
    if (e->relu) rectify(&value);
    if (e->sum) {
        ending->sum += value;
        ending->squares += value * value;
    }
    if (e->isStreamed && count >= 16) __builtin_nontemporal_store(value, (AlignedLanes *)(output + at));
    else store(output + at, &value, count);
}

INLINE void end(const AssayEpilogue *e, const Ending *ending, int64_t count) {
    if (!e->sum) return;
    if (count >= 16) {
        *(Doubles *)e->sum += __builtin_convertvector(ending->sum, Doubles);
        *(Doubles *)e->squares += __builtin_convertvector(ending->squares, Doubles);
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        e->sum[i] += ending->sum[i];
        e->squares[i] += ending->squares[i];
    }
}

/// Of results that lie so.
INLINE int can_stream(const float *output, int64_t stride) { return (uintptr_t)output % 64 == 0 && stride % 16 == 0; }

/// The first output of a tile, and how many it has `down` and `across`.
typedef struct { int64_t image; int32_t y, x, down, across; } Corner;

/// Low tiles first, then whole ones, narrow ones, and those that are both, each over images, rows, columns. So those that
/// have a position are neighbours, whichever it is.
INLINE Corner corner(AssayWindow w, int64_t tile) {
    const int32_t rows = w.outHeight / 4, columns = w.outWidth / 4, low = assay_winograd_edge(w.outHeight),
                  narrow = assay_winograd_edge(w.outWidth);
    const int64_t lowOnes = low ? (int64_t)w.images * columns : 0, wholeOnes = (int64_t)w.images * rows * columns;
    const int64_t narrowOnes = narrow ? (int64_t)w.images * rows : 0;
    if (tile < lowOnes) return (Corner){tile / columns, rows * 4, (int32_t)(tile % columns) * 4, low, 4};
    tile -= lowOnes;
    if (tile < wholeOnes)
        return (Corner){tile / (rows * columns), (int32_t)(tile / columns % rows) * 4, (int32_t)(tile % columns) * 4, 4, 4};
    tile -= wholeOnes;
    if (tile < narrowOnes) return (Corner){tile / rows, (int32_t)(tile % rows) * 4, columns * 4, 4, narrow};
    return (Corner){tile - narrowOnes, rows * 4, columns * 4, low, narrow};
}

/// `each` with what a tile has down and across as constants, but for a whole one.
#define EDGES(at, each)                                                                                               \
    switch (at.down * 8 + at.across) {                                                                                \
    case 2 * 8 + 2: each(2, 2); break;                                                                                \
    case 2 * 8 + 3: each(2, 3); break;                                                                                \
    case 2 * 8 + 4: each(2, 4); break;                                                                                \
    case 3 * 8 + 2: each(3, 2); break;                                                                                \
    case 3 * 8 + 3: each(3, 3); break;                                                                                \
    case 3 * 8 + 4: each(3, 4); break;                                                                                \
    case 4 * 8 + 2: each(4, 2); break;                                                                                \
    default: each(4, 3);                                                                                              \
    }

/// Fetches a square of `rows` x `columns` positions at up to 16 channels: of the tile after the one in hand, as memory
/// answers later than a tile takes (input transforms: 150 ns for 16 channels without, 45 with).
INLINE void fetch_tile(const float *first, int64_t lineStride, int64_t channels, const int rows, const int columns) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) __builtin_prefetch(first + i * lineStride + j * channels);
}

// Six values along an axis, of F(4, 3) and of F(3, 4), which have the same points.

/// y = B^T x: six inputs to six values.
INLINE void six_inputs(const Lanes x[6], Lanes y[6]) {
    const Lanes p = x[4] - B2 * x[2], q = A1 * (x[3] - B2 * x[1]);
    const Lanes r = x[4] - A2 * x[2], s = B1 * (x[3] - A2 * x[1]);
    y[0] = AB * x[0] - SUM * x[2] + x[4];
    y[1] = p + q;
    y[2] = p - q;
    y[3] = r + s;
    y[4] = r - s;
    y[5] = AB * x[1] - SUM * x[3] + x[5];
}

/// y = A^T x: six values to three or four, a constant of each caller.
INLINE void six_to(const int count, const Lanes x[6], Lanes *y) {
    const Lanes p = x[1] + x[2], q = x[1] - x[2], r = x[3] + x[4], s = x[3] - x[4];
    y[0] = x[0] + p + r;
    y[1] = A1 * q + B1 * s;
    y[2] = A2 * p + B2 * r;
    if (count == 4) y[3] = A3 * q + B3 * s + x[5];
    else y[2] += x[5];
}

/// y = A x: three or four values to six, the transpose of `six_to`.
INLINE void six_from(const int count, const Lanes *x, Lanes y[6]) {
    Lanes q = A1 * x[1], s = B1 * x[1];
    if (count == 4) {
        q += A3 * x[3];
        s += B3 * x[3];
    }
    const Lanes p = x[0] + A2 * x[2], r = x[0] + B2 * x[2];
    y[0] = x[0];
    y[1] = p + q;
    y[2] = p - q;
    y[3] = r + s;
    y[4] = r - s;
    y[5] = x[count - 1];
}

typedef void (*Line)(const Lanes *x, Lanes *y);

/// One tile of `gradient_tiles` at up to 16 channels. A whole one, 4 x 4 and all of the channels, needs no test and, above
/// all, no zeros: setting them took as long as the transform. A tile of fewer outputs has at infinity the last of these.
INLINE void gradient_tile(Line line, const int size, const float *from, int64_t lineStride, int64_t channels, int64_t count,
                          Corner at, int32_t rows, int32_t columns, const int isWhole, float *to,
                          int64_t positionStride) {
    const int infinity = size == 9 ? 4 : 5;
    Lanes t[4][9];
    for (int32_t i = 0; i < 4; i++, from += lineStride) {
        Lanes x[4];
        for (int32_t j = 0; j < 4; j++) {
            if (!isWhole) x[j] = (Lanes){0};
            if (isWhole) load(from + j * channels, 16, &x[j]);
            else if (i < rows && j < columns && count > 0) load(from + j * channels, count, &x[j]);
        }
        line(x, t[i]);
        if (!isWhole && at.across < 4) t[i][infinity] = x[at.across - 1];
    }
    for (int j = 0; j < size; j++) {
        if (!isWhole && !assay_winograd_has_position(size, at.across, j)) continue;
        const Lanes column[4] = {t[0][j], t[1][j], t[2][j], t[3][j]};
        Lanes y[9];
        line(column, y);
        if (!isWhole && at.down < 4) y[infinity] = column[at.down - 1];
        for (int i = 0; i < size; i++) *(Lanes *)(to + (i * size + j) * positionStride) = y[i];
    }
}

/// panels [size * size][panel][tileCount][width] = A g A^T of each tile of gradient [N, outHeight, outWidth, channels];
/// `line` takes four gradients to `size` values, at most nine, and is a constant of each caller.
INLINE void gradient_tiles(Line line, const int size, const float *gradient, AssayWindow w, int64_t channels,
                           int64_t firstTile, int64_t tileCount, float *panels, int64_t panelStride,
                           int64_t positionStride) {
    const int64_t width = assay_panel_width(), lineStride = w.outWidth * channels;
    Corner at, next = corner(w, firstTile);
    for (int64_t tile = 0; tile < tileCount; tile++) {
        at = next;
        next = corner(w, firstTile + tile + 1);
        const float *after = gradient + ((next.image * w.outHeight + next.y) * w.outWidth + next.x) * channels;
        const float *from = gradient + ((at.image * w.outHeight + at.y) * w.outWidth + at.x) * channels;
        const int32_t rows = w.outHeight - at.y < 4 ? w.outHeight - at.y : 4;
        const int32_t columns = w.outWidth - at.x < 4 ? w.outWidth - at.x : 4;
        // Panels are whole: the channels past the last are zeros.
        for (int64_t c = 0; c < (channels + width - 1) / width * width; c += 16) {
            const int64_t count = channels - c;
            fetch_tile(after + c, lineStride, channels, 4, 4);
            float *to = panels + c / width * panelStride + tile * width + c % width;
            if (rows == 4 && columns == 4 && count >= 16)
                gradient_tile(line, size, from + c, lineStride, channels, 16, at, 4, 4, 1, to, positionStride);
            else
                gradient_tile(line, size, from + c, lineStride, channels, count, at, rows, columns, 0, to, positionStride);
        }
    }
}
