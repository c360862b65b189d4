#include "CKernels.h"

// Sums run in float over short runs of rows and in double between runs: as exact as double, as fast as float.
enum { RUN = 32, LANES = 64 };

ASSAY_DISPATCH
void assay_batchnorm_sums(const float *x, int64_t rows, int64_t channels, double *sum, double *squares) {
    for (int64_t c = 0; c < channels; c++) sum[c] = squares[c] = 0;
    for (int64_t c0 = 0; c0 < channels; c0 += LANES) {
        int64_t lanes = channels - c0 < LANES ? channels - c0 : LANES;
        for (int64_t r0 = 0; r0 < rows; r0 += RUN) {
            int64_t end = r0 + RUN < rows ? r0 + RUN : rows;
            float s[LANES] = {0}, q[LANES] = {0};
            for (int64_t r = r0; r < end; r++) {
                const float *restrict row = x + r * channels + c0;
                for (int64_t c = 0; c < lanes; c++) { s[c] += row[c]; q[c] += row[c] * row[c]; }
            }
            for (int64_t c = 0; c < lanes; c++) { sum[c0 + c] += s[c]; squares[c0 + c] += q[c]; }
        }
    }
}

ASSAY_DISPATCH
void assay_column_sums(const float *x, int64_t rows, int64_t channels, double *sum) {
    for (int64_t c = 0; c < channels; c++) sum[c] = 0;
    for (int64_t c0 = 0; c0 < channels; c0 += LANES) {
        int64_t lanes = channels - c0 < LANES ? channels - c0 : LANES;
        for (int64_t r0 = 0; r0 < rows; r0 += RUN) {
            int64_t end = r0 + RUN < rows ? r0 + RUN : rows;
            float s[LANES] = {0};
            for (int64_t r = r0; r < end; r++) {
                const float *restrict row = x + r * channels + c0;
                for (int64_t c = 0; c < lanes; c++) s[c] += row[c];
            }
            for (int64_t c = 0; c < lanes; c++) sum[c0 + c] += s[c];
        }
    }
}

ASSAY_DISPATCH
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
#define INLINE static inline __attribute__((always_inline))

INLINE float gated(int gate, float dy, float output, float x, float scale, float shift) {
    if (gate == STORED) return output > 0 ? dy : 0;
    if (gate == AGAIN) return x * scale + shift > 0 ? dy : 0;
    return dy;
}

INLINE void gradient_sums(int gate, const float *x, const float *dy, const float *output, AssayAffine f,
                          const float *mean, int64_t rows, int64_t channels, double *sumG, double *sumGX) {
    for (int64_t c = 0; c < channels; c++) sumG[c] = sumGX[c] = 0;
    for (int64_t c0 = 0; c0 < channels; c0 += LANES) {
        const int64_t lanes = channels - c0 < LANES ? channels - c0 : LANES;
        float m[LANES] = {0}, scale[LANES] = {0}, shift[LANES] = {0};
        for (int64_t c = 0; c < lanes; c++) {
            m[c] = mean[c0 + c];
            if (gate == AGAIN) { scale[c] = f.scale[c0 + c]; shift[c] = f.shift[c0 + c]; }
        }
        for (int64_t r0 = 0; r0 < rows; r0 += RUN) {
            const int64_t end = r0 + RUN < rows ? r0 + RUN : rows;
            float s[LANES] = {0}, q[LANES] = {0};
            for (int64_t r = r0; r < end; r++) {
                const int64_t at = r * channels + c0;
                for (int64_t c = 0; c < lanes; c++) {
                    const float o = gate == STORED ? output[at + c] : 0;
                    const float g = gated(gate, dy[at + c], o, x[at + c], scale[c], shift[c]);
                    s[c] += g;
                    q[c] += g * (x[at + c] - m[c]);
                }
            }
            for (int64_t c = 0; c < lanes; c++) { sumG[c0 + c] += s[c]; sumGX[c0 + c] += q[c]; }
        }
    }
}

ASSAY_DISPATCH
void assay_batchnorm_gradient_sums(const float *x, const float *dy, const float *output, AssayAffine f,
                                   const float *mean, int64_t rows, int64_t channels, double *sumG, double *sumGX) {
    if (f.relu) gradient_sums(AGAIN, x, dy, output, f, mean, rows, channels, sumG, sumGX);
    else if (output) gradient_sums(STORED, x, dy, output, f, mean, rows, channels, sumG, sumGX);
    else gradient_sums(OPEN, x, dy, output, f, mean, rows, channels, sumG, sumGX);
}

INLINE void backward(int gate, int residual, const float *x, const float *dy, const float *output, AssayAffine f,
                     const float *mean, const float *a, const float *b, const float *d, float *dx, float *dResidual,
                     int64_t rows, int64_t channels) {
    for (int64_t r = 0; r < rows; r++) {
        const int64_t at = r * channels;
        // Safe: dx may be dy itself, but no element is read after its own is written.
#pragma clang loop vectorize(assume_safety)
        for (int64_t c = 0; c < channels; c++) {
            const float o = gate == STORED ? output[at + c] : 0;
            const float scale = gate == AGAIN ? f.scale[c] : 0, shift = gate == AGAIN ? f.shift[c] : 0;
            const float g = gated(gate, dy[at + c], o, x[at + c], scale, shift);
            dx[at + c] = a[c] * g + b[c] * (x[at + c] - mean[c]) + d[c];
            if (residual == 1) dResidual[at + c] = g;
            if (residual == 2) dResidual[at + c] += g;
        }
    }
}

ASSAY_DISPATCH
void assay_batchnorm_backward(const float *x, const float *dy, const float *output, AssayAffine f, const float *mean,
                              const float *a, const float *b, const float *d, float *dx, float *dResidual,
                              int32_t accumulate, int64_t rows, int64_t channels) {
    const int residual = !dResidual ? 0 : accumulate ? 2 : 1;
#define GATED(GATE)                                                                                                  \
    if (residual == 0) backward(GATE, 0, x, dy, output, f, mean, a, b, d, dx, dResidual, rows, channels);            \
    else if (residual == 1) backward(GATE, 1, x, dy, output, f, mean, a, b, d, dx, dResidual, rows, channels);       \
    else backward(GATE, 2, x, dy, output, f, mean, a, b, d, dx, dResidual, rows, channels);
    if (f.relu) { GATED(AGAIN) } else if (output) { GATED(STORED) } else { GATED(OPEN) }
}
