#include "CKernels.h"

ASSAY_DISPATCH
void assay_epilogue(float *y, AssayEpilogue e, int64_t rows, int64_t channels, int64_t stride) {
    for (int64_t r = 0; r < rows; r++) {
        float *restrict out = y + r * stride;
        if (e.bias) for (int64_t c = 0; c < channels; c++) out[c] += e.bias[c];
        if (e.residual) {
            const float *restrict from = e.residual + r * stride;
            for (int64_t c = 0; c < channels; c++) out[c] += from[c];
        }
        if (e.relu) for (int64_t c = 0; c < channels; c++) out[c] = out[c] < 0 ? 0 : out[c];
    }
}

ASSAY_DISPATCH
void assay_relu(const float *x, float *y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] = x[i] < 0 ? 0 : x[i];
}

ASSAY_DISPATCH
void assay_relu_backward(const float *y, const float *dy, float *restrict dx, int32_t accumulate, int64_t count) {
    if (accumulate) for (int64_t i = 0; i < count; i++) dx[i] += y[i] > 0 ? dy[i] : 0;
    else for (int64_t i = 0; i < count; i++) dx[i] = y[i] > 0 ? dy[i] : 0;
}

ASSAY_DISPATCH
void assay_sum(const float *a, const float *b, float *restrict y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] = a[i] + b[i];
}

ASSAY_DISPATCH
void assay_accumulate(const float *x, float *restrict y, int32_t accumulate, int64_t count) {
    if (accumulate) for (int64_t i = 0; i < count; i++) y[i] += x[i];
    else for (int64_t i = 0; i < count; i++) y[i] = x[i];
}

ASSAY_DISPATCH
void assay_adam(float *restrict p, const float *restrict g, float *restrict average, float *restrict squares,
                int64_t count, float decay, float momentum, float squareMomentum, float step, float squareCorrection,
                float epsilon) {
    for (int64_t i = 0; i < count; i++) {
        float m = momentum * average[i] + (1 - momentum) * g[i];
        float s = squareMomentum * squares[i] + (1 - squareMomentum) * g[i] * g[i];
        average[i] = m;
        squares[i] = s;
        // sqrtf would set errno, which keeps the loop from vectors.
        p[i] = p[i] * decay - step * m / (__builtin_elementwise_sqrt(s * squareCorrection) + epsilon);
    }
}
