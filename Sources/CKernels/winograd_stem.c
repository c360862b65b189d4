#include "winograd.h"

// A ResNet's first convolution, 7x7 with stride 2 over up to four channels, as a Winograd of its own.
//
// Two by two pixels are one cell of at most sixteen values, over which it is a convolution of 4x4 taps with stride 1 (the
// first of eight along each axis being zero): F(3x3, 4x4), 36 products of the cells' values for 9 outputs of 49 taps, a
// third of the multiplications. Cells begin two before the map.
//
// The rounding of a network's first layer is what all others carry on: here 4.7e-7, directly 2.5e-7. F(4x4, 4x4), 49
// products for 16 outputs, has 8.3e-7, and whole training steps take the same time (two Zen 3 cores).

/// Outputs of a tile along an axis, and values that it is transformed to.
enum { TILE = 3, SIZE = 6 };

INLINE void gradient_line(const Lanes *x, Lanes *y) { six_from(TILE, x, y); }

/// What a transformed weight is multiplied by at each point.
static const float SCALES[SIZE] = {1 / AB, FA, FA, FB, FB, 1};

/// y = G x: four taps to six values.
INLINE void weight_line(const Lanes *x, Lanes *y) {
    six_from(4, x, y);
    for (int i = 0; i < SIZE; i++) y[i] *= SCALES[i];
}

/// y = G^T x: six values to four taps.
INLINE void weight_gradient_line(const Lanes *x, Lanes *y) {
    Lanes scaled[SIZE];
    for (int i = 0; i < SIZE; i++) scaled[i] = SCALES[i] * x[i];
    six_to(4, scaled, y);
}

/// Position (i, j) at to [36], positionStride apart = `line` of column j of t, which has so many rows.
INLINE void put_columns(Line line, Lanes t[][SIZE], const int rows, float *to, int64_t positionStride) {
    for (int j = 0; j < SIZE; j++) {
        Lanes column[SIZE], y[SIZE];
        for (int i = 0; i < rows; i++) column[i] = t[i][j];
        line(column, y);
        for (int i = 0; i < SIZE; i++) *(Lanes *)(to + (i * SIZE + j) * positionStride) = y[i];
    }
}

/// The values of one pixel; zeros outside the map.
INLINE void read_pixel(const float *image, AssayAffine f, AssayWindow w, int64_t y, int64_t x, float *to) {
    const int isInside = y >= 0 && y < w.height && x >= 0 && x < w.width;
    const float *from = image + (y * w.width + x) * w.channels;
    for (int32_t c = 0; c < w.channels; c++) {
        float value = isInside ? from[c] : 0;
        if (isInside && f.scale) {
            value = value * f.scale[c] + f.shift[c];
            if (f.relu && value < 0) value = 0;
        }
        to[c] = value;
    }
}

ASSAY_DISPATCH_WIDE
void assay_stem_cells(const float *image, AssayAffine f, AssayWindow w, int64_t firstRow, int64_t rows, int64_t columns,
                      float *cells) {
    const int64_t channels = w.channels;
    for (int64_t r = firstRow; r < firstRow + rows; r++) {
        for (int64_t c = 0; c < columns; c++, cells += 16) {
            const int64_t y = 2 * (r - 2), x = 2 * (c - 2);
            *(Lanes *)cells = (Lanes){0};
            if (!f.scale && channels == 3 && y >= 0 && x >= 0 && y + 2 <= w.height && x + 2 <= w.width) {
                const float *from = image + (y * w.width + x) * 3;
                memcpy(cells, from, 6 * sizeof(float));
                memcpy(cells + 6, from + 3 * (int64_t)w.width, 6 * sizeof(float));
            } else {
                for (int i = 0; i < 4; i++) read_pixel(image, f, w, y + i / 2, x + i % 2, cells + i * channels);
            }
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_stem_input(const float *cells, int64_t columns, int64_t tiles, float *v, int64_t positionStride) {
    for (int64_t tile = 0; tile < tiles; tile++, cells += TILE * 16, v += 16) {
        Lanes t[SIZE][SIZE];
        for (int i = 0; i < SIZE; i++) six_inputs((const Lanes *)(cells + i * columns * 16), t[i]);
        for (int i = 0; i < SIZE * SIZE; i++) __builtin_prefetch(v + i * positionStride + 16, 1);
        put_columns(six_inputs, t, SIZE, v, positionStride);
    }
}

INLINE void output_tile(const float *m, int64_t positionStride, int64_t lineStride, int64_t channels, const int rows,
                        const int columns, const int64_t count, float *output, const AssayEpilogue *e) {
    Lanes t[TILE][SIZE];
    Ending ending;
    begin(e, count, &ending);
    for (int j = 0; j < SIZE; j++) {
        Lanes x[SIZE], y[TILE];
        for (int i = 0; i < SIZE; i++) load(m + (i * SIZE + j) * positionStride, count, &x[i]);
        six_to(TILE, x, y);
        for (int i = 0; i < TILE; i++) t[i][j] = y[i];
    }
    for (int i = 0; i < rows; i++) {
        Lanes y[TILE];
        six_to(TILE, t[i], y);
        for (int j = 0; j < columns; j++) put_output(e, &ending, &y[j], i * lineStride + j * channels, count, output);
    }
    end(e, &ending, count);
}

ASSAY_DISPATCH_WIDE
void assay_stem_output(const float *m, int64_t positionStride, AssayWindow w, int64_t channels, int64_t firstLine,
                       float *output, AssayEpilogue e) {
    const int64_t lineStride = w.outWidth * channels;
    const int rows = w.outHeight - firstLine < TILE ? (int)(w.outHeight - firstLine) : TILE;
    e.isStreamed = e.isStreamed && can_stream(output, channels);
    for (int32_t x = 0; x < w.outWidth; x += TILE, m += channels) {
        const int columns = w.outWidth - x < TILE ? w.outWidth - x : TILE;
        for (int64_t c = 0; c < channels; c += 16) {
            float *to = output + x * channels + c;
            const AssayEpilogue own = assay_epilogue_at(e, 0, 0, c), here = assay_epilogue_at(own, x, channels, 0);
            const int64_t count = channels - c;
            if (!e.isStreamed) fetch_tile(to + TILE * channels, lineStride, channels, rows, TILE);
            if (rows == TILE && columns == TILE && count >= 16)
                output_tile(m + c, positionStride, lineStride, channels, TILE, TILE, 16, to, &here);
            else output_tile(m + c, positionStride, lineStride, channels, rows, columns, count, to, &here);
        }
    }
}

/// Up to sixteen channels of a tile that has rows x columns outputs; a whole one needs no zeros.
INLINE void gradient_of_tile(const float *from, int64_t lineStride, int64_t channels, const int rows, const int columns,
                          const int64_t count, float *to, int64_t positionStride) {
    Lanes t[TILE][SIZE];
    for (int i = 0; i < TILE; i++) {
        Lanes line[TILE];
        for (int j = 0; j < TILE; j++) {
            if (i < rows && j < columns && count > 0) load(from + i * lineStride + j * channels, count, &line[j]);
            else line[j] = (Lanes){0};
        }
        gradient_line(line, t[i]);
    }
    put_columns(gradient_line, t, TILE, to, positionStride);
}

ASSAY_DISPATCH_WIDE
void assay_stem_output_gradient(const float *gradient, AssayWindow w, int64_t channels, int64_t firstLine, float *panels,
                                int64_t panelStride, int64_t positionStride) {
    const int64_t width = assay_panel_width(), lineStride = w.outWidth * channels;
    const int rows = w.outHeight - firstLine < TILE ? (int)(w.outHeight - firstLine) : TILE;
    for (int32_t x = 0; x < w.outWidth; x += TILE, gradient += TILE * channels) {
        const int columns = w.outWidth - x < TILE ? w.outWidth - x : TILE;
        // Panels are whole: the channels past the last are zeros.
        for (int64_t c = 0; c < (channels + width - 1) / width * width; c += 16) {
            const float *from = gradient + c;
            float *to = panels + c / width * panelStride + x / TILE * width + c % width;
            const int64_t count = channels - c;
            fetch_tile(from + TILE * channels, lineStride, channels, rows, TILE);
            if (rows == TILE && columns == TILE && count >= 16)
                gradient_of_tile(from, lineStride, channels, TILE, TILE, 16, to, positionStride);
            else gradient_of_tile(from, lineStride, channels, rows, columns, count, to, positionStride);
        }
    }
}

// Value k of a cell is channel k % channels of pixel k / channels; tap t of its row or column is tap 2 t + pixel - 1 of the
// weight's seven.

ASSAY_DISPATCH_WIDE
void assay_stem_weight(const float *weight, int64_t channels, int64_t n, float *panels, int64_t panelStride,
                       int64_t positionStride) {
    const int64_t width = assay_panel_width();
    for (int64_t k = 0; k < 4 * channels; k++) {
        const int64_t pixel = k / channels, channel = k % channels;
        for (int64_t c = 0; c < (n + width - 1) / width * width; c += 16) {
            Lanes t[4][SIZE];
            for (int i = 0; i < 4; i++) {
                Lanes taps[4];
                for (int j = 0; j < 4; j++) {
                    const int64_t y = 2 * i + pixel / 2 - 1, x = 2 * j + pixel % 2 - 1;
                    taps[j] = (Lanes){0};
                    if (y < 0 || x < 0 || c >= n) continue;
                    load(weight + ((y * 7 + x) * channels + channel) * n + c, n - c, &taps[j]);
                }
                weight_line(taps, t[i]);
            }
            put_columns(weight_line, t, 4, panels + c / width * panelStride + k * width + c % width, positionStride);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_stem_weight_gradient(const float *u, int64_t positionStride, int64_t channels, int64_t n, float *gradient) {
    for (int64_t k = 0; k < 4 * channels; k++, u += n) {
        const int64_t pixel = k / channels, channel = k % channels;
        for (int64_t c = 0; c < n; c += 16) {
            Lanes t[4][SIZE];
            for (int j = 0; j < SIZE; j++) {
                Lanes x[SIZE], y[4];
                for (int i = 0; i < SIZE; i++) load(u + (i * SIZE + j) * positionStride + c, n - c, &x[i]);
                weight_gradient_line(x, y);
                for (int i = 0; i < 4; i++) t[i][j] = y[i];
            }
            for (int i = 0; i < 4; i++) {
                Lanes taps[4];
                weight_gradient_line(t[i], taps);
                for (int j = 0; j < 4; j++) {
                    const int64_t y = 2 * i + pixel / 2 - 1, x = 2 * j + pixel % 2 - 1;
                    if (y >= 0 && x >= 0) store(gradient + ((y * 7 + x) * channels + channel) * n + c, &taps[j], n - c);
                }
            }
        }
    }
}
