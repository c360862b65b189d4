#include "CKernels.h"

ASSAY_DISPATCH
void assay_move_towards(float *restrict y, const float *restrict x, float share, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] += share * (x[i] - y[i]);
}

ASSAY_DISPATCH
void assay_scale(const float *x, float scale, float *y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] = scale * x[i];
}

ASSAY_DISPATCH
double assay_square_sum(const float *x, int64_t count) {
#pragma clang fp reassociate(on)
    double sum = 0;
    for (int64_t i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
    return sum;
}
