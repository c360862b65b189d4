#include "winograd.h"

// A ResNet's first convolution, 7x7 with stride 2 over up to four channels, as a Winograd of its own.
//
// Two by two pixels are one cell of at most sixteen values, over which it is a convolution of 4x4 taps with stride 1 (the
// first of eight along each axis being zero): F(4x4, 4x4), 49 products of the cells' values for 16 outputs of 49 taps, a
// quarter of the multiplications. Cells begin two before the map.
//
// Interpolated at +-p, +-q, +-r and infinity: 1e-6 of relative error, as F(4x4, 3x3). The divisors of p and -p differ in
// their sign, which the inputs' values at -p take instead. 112 x 112 outputs, 16 images: 16.4 to 10.3 ms, and their weight's
// gradient 17.3 to 10.9 (two Zen 4 cores).

#define P 0.25f
#define Q 0.875f
#define R 1.75f
#define PP (P * P)
#define QQ (Q * Q)
#define RR (R * R)
// What the weight is divided by at p, inverted: the product of its differences from the other points.
#define DIVISOR(p, q, r) (1 / (2 * (p) * ((p) * (p) - (q) * (q)) * ((p) * (p) - (r) * (r))))
#define FP DIVISOR(P, Q, R)
#define FQ DIVISOR(Q, P, R)
#define FR DIVISOR(R, P, Q)

enum { SIZE = 7 };

/// y[0], y[1] = the sum and the difference of an even and an odd half: the values at p and, but for its sign, at -p.
INLINE void both(const Lanes *even, const Lanes *odd, Lanes *y) {
    y[0] = *even + *odd;
    y[1] = *even - *odd;
}

/// At +-p; qq and rr are the squares of the other points.
INLINE void input_pair(const float p, const float qq, const float rr, const Lanes *x, Lanes *y) {
    const Lanes even = p * (x[4] - (qq + rr) * x[2] + (qq * rr) * x[0]), odd = x[5] - (qq + rr) * x[3] + (qq * rr) * x[1];
    both(&even, &odd, y);
}

/// y = B^T x over seven values.
INLINE void input_line(const Lanes *x, Lanes *y) {
    input_pair(P, QQ, RR, x, y);
    input_pair(Q, PP, RR, x, y + 2);
    input_pair(R, PP, QQ, x, y + 4);
    y[6] = x[6] - (PP + QQ + RR) * x[4] + (PP * QQ + PP * RR + QQ * RR) * x[2] - (PP * QQ * RR) * x[0];
}

/// y = A^T x: seven values to four.
INLINE void output_line(const Lanes *x, Lanes *y) {
    const Lanes p = x[0] + x[1], q = x[0] - x[1], r = x[2] + x[3], s = x[2] - x[3], t = x[4] + x[5], u = x[4] - x[5];
    y[0] = p + r + t;
    y[1] = P * q + Q * s + R * u;
    y[2] = PP * p + QQ * r + RR * t;
    y[3] = (PP * P) * q + (QQ * Q) * s + (RR * R) * u + x[6];
}

INLINE void gradient_pair(const float p, const Lanes *x, Lanes *y) {
    const Lanes even = x[0] + (p * p) * x[2], odd = p * x[1] + (p * p * p) * x[3];
    both(&even, &odd, y);
}

/// y = A x: four values to seven, the transpose of `output_line`.
INLINE void gradient_line(const Lanes *x, Lanes *y) {
    gradient_pair(P, x, y);
    gradient_pair(Q, x, y + 2);
    gradient_pair(R, x, y + 4);
    y[6] = x[3];
}

INLINE void weight_pair(const float p, const float divisor, const Lanes *x, Lanes *y) {
    const Lanes even = divisor * (x[0] + (p * p) * x[2]), odd = (divisor * p) * (x[1] + (p * p) * x[3]);
    both(&even, &odd, y);
}

/// y = G x: four taps to seven values.
INLINE void weight_line(const Lanes *x, Lanes *y) {
    weight_pair(P, FP, x, y);
    weight_pair(Q, FQ, x, y + 2);
    weight_pair(R, FR, x, y + 4);
    y[6] = x[3];
}

/// y = G^T x: seven values to four taps.
INLINE void weight_gradient_line(const Lanes *x, Lanes *y) {
    const Lanes p = FP * (x[0] + x[1]), q = (FP * P) * (x[0] - x[1]), r = FQ * (x[2] + x[3]),
                s = (FQ * Q) * (x[2] - x[3]), t = FR * (x[4] + x[5]), u = (FR * R) * (x[4] - x[5]);
    y[0] = p + r + t;
    y[1] = q + s + u;
    y[2] = PP * p + QQ * r + RR * t;
    y[3] = PP * q + QQ * s + RR * u + x[6];
}

typedef void (*Points)(const Lanes *x, Lanes *y);

/// Position (i, j) at to [49], positionStride apart = `points` of column j of t, which has so many rows.
INLINE void put_columns(Points points, Lanes t[][SIZE], const int rows, float *to, int64_t positionStride) {
    for (int j = 0; j < SIZE; j++) {
        Lanes column[SIZE], y[SIZE];
        for (int i = 0; i < rows; i++) column[i] = t[i][j];
        points(column, y);
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
    for (int64_t tile = 0; tile < tiles; tile++, cells += 4 * 16, v += 16) {
        Lanes t[SIZE][SIZE];
        for (int i = 0; i < SIZE; i++) input_line((const Lanes *)(cells + i * columns * 16), t[i]);
        for (int i = 0; i < SIZE * SIZE; i++) __builtin_prefetch(v + i * positionStride + 16, 1);
        put_columns(input_line, t, SIZE, v, positionStride);
    }
}

INLINE void output_tile(const float *m, int64_t positionStride, int64_t lineStride, int64_t channels, const int rows,
                        const int columns, const int64_t count, float *output, const AssayEpilogue *e) {
    Lanes t[4][SIZE];
    Ending ending;
    begin(e, count, &ending);
    for (int j = 0; j < SIZE; j++) {
        Lanes x[SIZE], y[4];
        for (int i = 0; i < SIZE; i++) load(m + (i * SIZE + j) * positionStride, count, &x[i]);
        output_line(x, y);
        for (int i = 0; i < 4; i++) t[i][j] = y[i];
    }
    for (int i = 0; i < rows; i++) {
        Lanes y[4];
        output_line(t[i], y);
        for (int j = 0; j < columns; j++) put_output(e, &ending, &y[j], i * lineStride + j * channels, count, output);
    }
    end(e, &ending, count);
}

ASSAY_DISPATCH_WIDE
void assay_stem_output(const float *m, int64_t positionStride, AssayWindow w, int64_t channels, int64_t firstLine,
                       float *output, AssayEpilogue e) {
    const int64_t lineStride = w.outWidth * channels;
    const int rows = w.outHeight - firstLine < 4 ? (int)(w.outHeight - firstLine) : 4;
    e.isStreamed = e.isStreamed && can_stream(output, channels);
    for (int32_t x = 0; x < w.outWidth; x += 4, m += channels) {
        const int columns = w.outWidth - x < 4 ? w.outWidth - x : 4;
        for (int64_t c = 0; c < channels; c += 16) {
            float *to = output + x * channels + c;
            const AssayEpilogue own = assay_epilogue_at(e, 0, 0, c), here = assay_epilogue_at(own, x, channels, 0);
            const int64_t count = channels - c;
            if (!e.isStreamed) fetch_tile(to + 4 * channels, lineStride, channels, rows, 4);
            if (rows == 4 && columns == 4 && count >= 16)
                output_tile(m + c, positionStride, lineStride, channels, 4, 4, 16, to, &here);
            else output_tile(m + c, positionStride, lineStride, channels, rows, columns, count, to, &here);
        }
    }
}

/// Up to sixteen channels of a tile that has rows x columns outputs; a whole one needs no zeros.
INLINE void gradient_of_tile(const float *from, int64_t lineStride, int64_t channels, const int rows, const int columns,
                          const int64_t count, float *to, int64_t positionStride) {
    Lanes t[4][SIZE];
    for (int i = 0; i < 4; i++) {
        Lanes line[4];
        for (int j = 0; j < 4; j++) {
            if (i < rows && j < columns && count > 0) load(from + i * lineStride + j * channels, count, &line[j]);
            else line[j] = (Lanes){0};
        }
        gradient_line(line, t[i]);
    }
    put_columns(gradient_line, t, 4, to, positionStride);
}

ASSAY_DISPATCH_WIDE
void assay_stem_output_gradient(const float *gradient, AssayWindow w, int64_t channels, int64_t firstLine, float *panels,
                                int64_t panelStride, int64_t positionStride) {
    const int64_t width = assay_panel_width(), lineStride = w.outWidth * channels;
    const int rows = w.outHeight - firstLine < 4 ? (int)(w.outHeight - firstLine) : 4;
    for (int32_t x = 0; x < w.outWidth; x += 4, gradient += 4 * channels) {
        const int columns = w.outWidth - x < 4 ? w.outWidth - x : 4;
        // Panels are whole: the channels past the last are zeros.
        for (int64_t c = 0; c < (channels + width - 1) / width * width; c += 16) {
            const float *from = gradient + c;
            float *to = panels + c / width * panelStride + x / 4 * width + c % width;
            const int64_t count = channels - c;
            fetch_tile(from + 4 * channels, lineStride, channels, rows, 4);
            if (rows == 4 && columns == 4 && count >= 16)
                gradient_of_tile(from, lineStride, channels, 4, 4, 16, to, positionStride);
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
