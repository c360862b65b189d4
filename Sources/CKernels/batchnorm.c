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
void assay_batchnorm_apply(const float *x, const float *residual, const float *restrict scale,
                           const float *restrict shift, float *y, int64_t rows, int64_t channels, int32_t relu) {
    for (int64_t r = 0; r < rows; r++) {
        const float *a = x + r * channels;
        const float *b = residual ? residual + r * channels : 0;
        float *restrict out = y + r * channels;
        if (b) for (int64_t c = 0; c < channels; c++) out[c] = a[c] * scale[c] + shift[c] + b[c];
        else for (int64_t c = 0; c < channels; c++) out[c] = a[c] * scale[c] + shift[c];
        // Written so that a NaN stays a NaN: a broken model must not look like a silent one.
        if (relu) for (int64_t c = 0; c < channels; c++) out[c] = out[c] < 0 ? 0 : out[c];
    }
}

ASSAY_DISPATCH
void assay_batchnorm_gradient_sums(const float *x, const float *dy, const float *output, const float *mean,
                                   int64_t rows, int64_t channels, double *sumG, double *sumGX) {
    for (int64_t c = 0; c < channels; c++) sumG[c] = sumGX[c] = 0;
    for (int64_t c0 = 0; c0 < channels; c0 += LANES) {
        int64_t lanes = channels - c0 < LANES ? channels - c0 : LANES;
        const float *restrict m = mean + c0;
        for (int64_t r0 = 0; r0 < rows; r0 += RUN) {
            int64_t end = r0 + RUN < rows ? r0 + RUN : rows;
            float s[LANES] = {0}, q[LANES] = {0};
            for (int64_t r = r0; r < end; r++) {
                const float *restrict a = x + r * channels + c0;
                const float *restrict g = dy + r * channels + c0;
                if (output) {
                    const float *restrict o = output + r * channels + c0;
                    for (int64_t c = 0; c < lanes; c++) {
                        float gate = o[c] > 0 ? g[c] : 0;
                        s[c] += gate; q[c] += gate * (a[c] - m[c]);
                    }
                } else {
                    for (int64_t c = 0; c < lanes; c++) { s[c] += g[c]; q[c] += g[c] * (a[c] - m[c]); }
                }
            }
            for (int64_t c = 0; c < lanes; c++) { sumG[c0 + c] += s[c]; sumGX[c0 + c] += q[c]; }
        }
    }
}

ASSAY_DISPATCH
void assay_batchnorm_backward(const float *x, const float *dy, const float *output, const float *restrict mean,
                              const float *restrict a, const float *restrict b, const float *restrict d,
                              float *dx, float *dResidual, int32_t accumulate, int64_t rows, int64_t channels) {
    for (int64_t r = 0; r < rows; r++) {
        const float *restrict in = x + r * channels;
        const float *restrict g = dy + r * channels;
        float *restrict to = dx + r * channels;
        if (output) {
            const float *restrict o = output + r * channels;
            for (int64_t c = 0; c < channels; c++) {
                float gate = o[c] > 0 ? g[c] : 0;
                to[c] = a[c] * gate + b[c] * (in[c] - mean[c]) + d[c];
            }
            if (dResidual) {
                float *restrict res = dResidual + r * channels;
                if (accumulate) for (int64_t c = 0; c < channels; c++) res[c] += o[c] > 0 ? g[c] : 0;
                else for (int64_t c = 0; c < channels; c++) res[c] = o[c] > 0 ? g[c] : 0;
            }
        } else {
            for (int64_t c = 0; c < channels; c++) to[c] = a[c] * g[c] + b[c] * (in[c] - mean[c]) + d[c];
            if (dResidual) {
                float *restrict res = dResidual + r * channels;
                if (accumulate) for (int64_t c = 0; c < channels; c++) res[c] += g[c];
                else for (int64_t c = 0; c < channels; c++) res[c] = g[c];
            }
        }
    }
}
