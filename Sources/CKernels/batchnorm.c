#include "CKernels.h"

// Sums run in float over short runs of rows and in double between runs: as fast as float, and exact enough for variances of
// no less than a millionth of the mean's square.
//
// A run of rows is read whole before the next, while the one after it is fetched: channel by channel over all rows, each
// line of memory would come in pieces (50,176 rows of 256 channels: 11.6 ms so, 1.5 ms now).
enum { RUN = 32, LANES = 64, LINE = 16 };
#define INLINE static inline __attribute__((always_inline))

/// Fetches the lanes of a row one run further on. Only rows that are summed: those after them may be another's to write.
INLINE void fetch_next(const float *row, int64_t stride, int64_t lanes) {
    for (int64_t c = 0; c < lanes; c += LINE) __builtin_prefetch(row + RUN * stride + c);
}

INLINE void run_sums(int wantsSquares, const float *x, int64_t rows, int64_t after, int64_t stride,
                     const int64_t lanes, double *restrict sum, double *restrict squares) {
    float s[LANES] = {0}, q[LANES] = {0};
    for (int64_t r = 0; r < rows; r++, x += stride) {
        if (r < after) fetch_next(x, stride, lanes);
        for (int64_t c = 0; c < lanes; c++) {
            s[c] += x[c];
            if (wantsSquares) q[c] += x[c] * x[c];
        }
    }
    for (int64_t c = 0; c < lanes; c++) sum[c] += s[c];
    if (wantsSquares) for (int64_t c = 0; c < lanes; c++) squares[c] += q[c];
}

INLINE void sums(int wantsSquares, const float *x, int64_t stride, int64_t rows, int64_t channels, double *sum,
                 double *squares) {
    for (int64_t r = 0; r < rows; r += RUN) {
        const int64_t count = rows - r < RUN ? rows - r : RUN, after = rows - r - count;
        for (int64_t c = 0; c < channels; c += LANES) {
            const float *run = x + r * stride + c;
            // Whole lanes are a constant: their sums stay in registers.
            if (channels - c >= LANES) run_sums(wantsSquares, run, count, after, stride, LANES, sum + c, squares + c);
            else run_sums(wantsSquares, run, count, after, stride, channels - c, sum + c, squares + c);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_batchnorm_sums(const float *x, int64_t stride, int64_t rows, int64_t channels, double *sum,
                          double *squares) {
    sums(1, x, stride, rows, channels, sum, squares);
}

ASSAY_DISPATCH_WIDE
void assay_column_sums(const float *x, int64_t rows, int64_t channels, double *sum) {
    for (int64_t c = 0; c < channels; c++) sum[c] = 0;
    sums(0, x, channels, rows, channels, sum, 0);
}

ASSAY_DISPATCH_WIDE
void assay_batchnorm_apply(const float *x, const float *residual, AssayAffine f, const float *restrict scale,
                           const float *restrict shift, float *y, int64_t rows, int64_t channels, int32_t relu) {
    for (int64_t r = 0; r < rows; r++) {
        const float *a = x + r * channels;
        const float *b = residual ? residual + r * channels : 0;
        float *restrict out = y + r * channels;
        if (b && f.scale) {
            const float *restrict s = f.scale, *restrict t = f.shift;
            for (int64_t c = 0; c < channels; c++) out[c] = a[c] * scale[c] + shift[c] + (b[c] * s[c] + t[c]);
        } else if (b) for (int64_t c = 0; c < channels; c++) out[c] = a[c] * scale[c] + shift[c] + b[c];
        else for (int64_t c = 0; c < channels; c++) out[c] = a[c] * scale[c] + shift[c];
        // Written so that a NaN stays a NaN: a broken model must not look like a silent one.
        if (relu) for (int64_t c = 0; c < channels; c++) out[c] = out[c] < 0 ? 0 : out[c];
    }
}

// Which part of dy came through the ReLU after the norm: all, where the stored output is positive, or where the output,
// computed again from x, is. A constant at every call, so that each loop is compiled for its own.
enum { OPEN, STORED, AGAIN };

INLINE float gated(int gate, float dy, float output, float x, float scale, float shift) {
    if (gate == STORED) return output > 0 ? dy : 0;
    if (gate == AGAIN) return x * scale + shift > 0 ? dy : 0;
    return dy;
}

INLINE void run_gradient_sums(int gate, const float *x, const float *dy, const float *output, const float *scale,
                              const float *shift, const float *mean, int64_t rows, int64_t after, int64_t stride,
                              const int64_t lanes, double *restrict sumG, double *restrict sumGX) {
    float s[LANES] = {0}, q[LANES] = {0};
    for (int64_t at = 0; at < rows * stride; at += stride) {
        if (at < after * stride) {
            fetch_next(x + at, stride, lanes);
            fetch_next(dy + at, stride, lanes);
            if (gate == STORED) fetch_next(output + at, stride, lanes);
        }
        for (int64_t c = 0; c < lanes; c++) {
            const float o = gate == STORED ? output[at + c] : 0;
            const float a = gate == AGAIN ? scale[c] : 0, b = gate == AGAIN ? shift[c] : 0;
            const float g = gated(gate, dy[at + c], o, x[at + c], a, b);
            s[c] += g;
            q[c] += g * (x[at + c] - mean[c]);
        }
    }
    for (int64_t c = 0; c < lanes; c++) { sumG[c] += s[c]; sumGX[c] += q[c]; }
}

INLINE void gradient_sums(int gate, const float *x, const float *dy, const float *output, int64_t stride,
                          AssayAffine f, const float *mean, int64_t rows, int64_t channels, double *sumG, double *sumGX) {
    for (int64_t r = 0; r < rows; r += RUN) {
        const int64_t count = rows - r < RUN ? rows - r : RUN, after = rows - r - count;
        for (int64_t c = 0; c < channels; c += LANES) {
            const int64_t at = r * stride + c, lanes = channels - c;
            const float *o = gate == STORED ? output + at : 0;
            const float *a = gate == AGAIN ? f.scale + c : 0, *b = gate == AGAIN ? f.shift + c : 0;
#define LANES_SUMS(COUNT)                                                                                             \
    run_gradient_sums(gate, x + at, dy + at, o, a, b, mean + c, count, after, stride, COUNT, sumG + c, sumGX + c)
            if (lanes >= LANES) LANES_SUMS(LANES);
            else LANES_SUMS(lanes);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_batchnorm_gradient_sums(const float *x, const float *dy, const float *output, int64_t stride, AssayAffine f,
                                   const float *mean, int64_t rows, int64_t channels, double *sumG, double *sumGX) {
    if (f.relu) gradient_sums(AGAIN, x, dy, output, stride, f, mean, rows, channels, sumG, sumGX);
    else if (output) gradient_sums(STORED, x, dy, output, stride, f, mean, rows, channels, sumG, sumGX);
    else gradient_sums(OPEN, x, dy, output, stride, f, mean, rows, channels, sumG, sumGX);
}

INLINE void backward(int gate, int residual, const float *x, const float *dy, const float *output, AssayAffine f,
                     const float *mean, const float *a, const float *b, const float *d, float *dx, int64_t dxStride,
                     float *dResidual, int64_t rows, int64_t channels) {
    for (int64_t r = 0; r < rows; r++) {
        const int64_t at = r * channels;
        float *to = dx + r * dxStride;
        // Safe: dx may be dy itself, in which case no element is read after its own is written.
#pragma clang loop vectorize(assume_safety)
        for (int64_t c = 0; c < channels; c++) {
            const float o = gate == STORED ? output[at + c] : 0;
            const float scale = gate == AGAIN ? f.scale[c] : 0, shift = gate == AGAIN ? f.shift[c] : 0;
            const float g = gated(gate, dy[at + c], o, x[at + c], scale, shift);
            to[c] = a[c] * g + b[c] * (x[at + c] - mean[c]) + d[c];
            if (residual == 1) dResidual[at + c] = g;
            if (residual == 2) dResidual[at + c] += g;
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_batchnorm_backward(const float *x, const float *dy, const float *output, AssayAffine f, const float *mean,
                              const float *a, const float *b, const float *d, float *dx, int64_t dxStride,
                              float *dResidual, int32_t accumulate, int64_t rows, int64_t channels) {
    const int residual = !dResidual ? 0 : accumulate ? 2 : 1;
#define BACKWARD(GATE, RESIDUAL)                                                                                     \
    backward(GATE, RESIDUAL, x, dy, output, f, mean, a, b, d, dx, dxStride, dResidual, rows, channels)
#define GATED(GATE)                                                                                                  \
    if (residual == 0) BACKWARD(GATE, 0);                                                                            \
    else if (residual == 1) BACKWARD(GATE, 1);                                                                       \
    else BACKWARD(GATE, 2);
    if (f.relu) { GATED(AGAIN) } else if (output) { GATED(STORED) } else { GATED(OPEN) }
}
