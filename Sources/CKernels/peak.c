#include "CKernels.h"

// As many independent chains as hide the latency of a fused multiply-add, in vectors as wide as the CPU has.
typedef float Lanes __attribute__((vector_size(64)));
enum { CHAINS = 12 };

ASSAY_DISPATCH_WIDE
float assay_multiply_add_loop(int64_t rounds) {
    Lanes sums[CHAINS], x = {0}, y = {0};
    for (int l = 0; l < 16; l++) { x[l] = 0.999f; y[l] = 1e-4f; }
    for (int i = 0; i < CHAINS; i++) sums[i] = y * (float)i;
    for (int64_t round = 0; round < rounds; round++)
        for (int i = 0; i < CHAINS; i++) sums[i] = sums[i] * x + y;
    for (int i = 1; i < CHAINS; i++) sums[0] += sums[i];
    return sums[0][0];
}

int64_t assay_multiply_add_loop_operations(void) { return CHAINS * 16 * 2; }
