#include "CKernels.h"
#include <stdbool.h>
#include <string.h>

// Batch norm with a residual and a ReLU whose gates are kept as bits: backward then reads a 32nd of the output, twice. And
// stores past the caches where a map is larger than they are: a line that is written whole need not be read first (a map
// of 51 MB, all passes: 12.4 ms without either). Sixteen channels at a time; channels are a multiple of that.

typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
typedef float AlignedLanes __attribute__((vector_size(64), aligned(64), may_alias));
typedef int32_t Mask __attribute__((vector_size(64), aligned(4), may_alias));
typedef double Doubles __attribute__((vector_size(128), aligned(8), may_alias));
typedef bool Gates __attribute__((ext_vector_type(16)));
#define INLINE static inline __attribute__((always_inline))
enum { RUN = 32, WIDTH = 16 };

INLINE void put(float *to, const Lanes *v, const int isStreamed) {
    if (isStreamed) __builtin_nontemporal_store(*(const AlignedLanes *)v, (AlignedLanes *)to);
    else *(Lanes *)to = *v;
}

/// dy where the gate is open, else 0.
INLINE void gate(const float *dy, uint16_t bits, Lanes *g) {
    Gates gates;
    memcpy(&gates, &bits, sizeof bits);
    *g = (Lanes)((Mask)*(const Lanes *)dy & -__builtin_convertvector(gates, Mask));
}

INLINE void apply(const float *x, const float *residual, AssayAffine f, const float *scale, const float *shift, float *y,
                  uint16_t *gates, int64_t rows, int64_t channels, const int isStreamed) {
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t c = 0; c < channels; c += WIDTH) {
            const int64_t at = r * channels + c;
            Lanes other = *(const Lanes *)(residual + at);
            if (f.scale) other = other * *(const Lanes *)(f.scale + c) + *(const Lanes *)(f.shift + c);
            const Lanes v = *(const Lanes *)(x + at) * *(const Lanes *)(scale + c) + *(const Lanes *)(shift + c) + other;
            const Gates open = __builtin_convertvector((Mask)(v > 0), Gates);
            memcpy(gates + at / WIDTH, &open, sizeof(uint16_t));
            // Written so that a NaN stays a NaN: a broken model must not look like a silent one.
            AlignedLanes kept = (Lanes)((Mask)v & ~(Mask)(v < 0));
            put(y + at, (const Lanes *)&kept, isStreamed);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_batchnorm_gated_apply(const float *x, const float *residual, AssayAffine f, const float *scale,
                                 const float *shift, float *y, uint16_t *gates, int64_t rows, int64_t channels,
                                 int32_t isStreamed) {
    if (isStreamed && (uintptr_t)y % 64 == 0) apply(x, residual, f, scale, shift, y, gates, rows, channels, 1);
    else apply(x, residual, f, scale, shift, y, gates, rows, channels, 0);
}

INLINE void lanes_sums(const float *x, const float *dy, const uint16_t *gates, int64_t stride, const float *mean,
                       int64_t rows, int64_t after, const int vectors, double *sumG, double *sumGX) {
    Lanes s[4] = {{0}}, q[4] = {{0}}, m[4];
    for (int v = 0; v < vectors; v++) m[v] = *(const Lanes *)(mean + v * WIDTH);
    for (int64_t r = 0; r < rows; r++) {
        const int64_t row = r * stride;
        for (int v = 0; v < vectors; v++) {
            const int64_t at = row + v * WIDTH;
            if (r < after) {
                __builtin_prefetch(x + at + RUN * stride);
                __builtin_prefetch(dy + at + RUN * stride);
            }
            Lanes g;
            gate(dy + at, gates[at / WIDTH], &g);
            s[v] += g;
            q[v] += g * (*(const Lanes *)(x + at) - m[v]);
        }
    }
    for (int v = 0; v < vectors; v++) {
        *(Doubles *)(sumG + v * WIDTH) += __builtin_convertvector(s[v], Doubles);
        *(Doubles *)(sumGX + v * WIDTH) += __builtin_convertvector(q[v], Doubles);
    }
}

ASSAY_DISPATCH_WIDE
void assay_batchnorm_gated_sums(const float *x, const float *dy, const uint16_t *gates, int64_t stride,
                                const float *mean, int64_t rows, int64_t channels, double *sumG, double *sumGX) {
    // As in batchnorm.c: in float over a run of rows, in double between runs, the next run being fetched meanwhile.
    for (int64_t first = 0; first < rows; first += RUN) {
        const int64_t count = rows - first < RUN ? rows - first : RUN, after = rows - first - count;
        for (int64_t c = 0; c < channels;) {
            const int64_t at = first * stride + c;
#define SUMS(VECTORS)                                                                                                \
    lanes_sums(x + at, dy + at, gates + at / WIDTH, stride, mean + c, count, after, VECTORS, sumG + c, sumGX + c);   \
    c += VECTORS * WIDTH
            if (channels - c >= 4 * WIDTH) { SUMS(4); }
            else { SUMS(1); }
        }
    }
}

INLINE void backward(const float *x, const float *dy, const uint16_t *gates, const float *mean, const float *a,
                     const float *b, const float *d, float *dx, int64_t dxStride, float *dResidual, const int residual,
                     int64_t rows, int64_t channels) {
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t c = 0; c < channels; c += WIDTH) {
            const int64_t at = r * channels + c;
            AlignedLanes g;
            gate(dy + at, gates[at / WIDTH], (Lanes *)&g);
            *(Lanes *)(dx + r * dxStride + c) = *(const Lanes *)(a + c) * g
                + *(const Lanes *)(b + c) * (*(const Lanes *)(x + at) - *(const Lanes *)(mean + c))
                + *(const Lanes *)(d + c);
            if (residual == 3) *(Lanes *)(dResidual + at) += g;
            else if (residual) put(dResidual + at, (const Lanes *)&g, residual == 2);
        }
    }
}

ASSAY_DISPATCH_WIDE
void assay_batchnorm_gated_backward(const float *x, const float *dy, const uint16_t *gates, const float *mean,
                                    const float *a, const float *b, const float *d, float *dx, int64_t dxStride,
                                    float *dResidual, int32_t accumulate, int64_t rows, int64_t channels,
                                    int32_t isStreamed) {
#define BACKWARD(RESIDUAL)                                                                                           \
    backward(x, dy, gates, mean, a, b, d, dx, dxStride, dResidual, RESIDUAL, rows, channels)
    if (!dResidual) BACKWARD(0);
    else if (accumulate) BACKWARD(3);
    else if (isStreamed && (uintptr_t)dResidual % 64 == 0) BACKWARD(2);
    else BACKWARD(1);
}
