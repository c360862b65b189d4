#include "CKernels.h"

// As many independent chains as hide the latency of a fused multiply-add and still leave two registers free, in vectors as
// wide as registers are (twelve chains of twice that width were stored and read back: half of the peak).
#if defined(__aarch64__)
enum { CHAINS = 24 };
#else
enum { CHAINS = 12 };
#endif

#define PEAK_LOOP(NAME, TARGET, LANES)                                                                                \
    TARGET static float NAME(int64_t rounds) {                                                                        \
        typedef float Lanes __attribute__((vector_size(LANES * 4)));                                                  \
        Lanes sums[CHAINS], x = {0}, y = {0};                                                                         \
        for (int l = 0; l < LANES; l++) { x[l] = 0.999f; y[l] = 1e-4f; }                                              \
        for (int i = 0; i < CHAINS; i++) sums[i] = y * (float)i;                                                      \
        for (int64_t round = 0; round < rounds; round++)                                                              \
            for (int i = 0; i < CHAINS; i++) sums[i] = sums[i] * x + y;                                               \
        for (int i = 1; i < CHAINS; i++) sums[0] += sums[i];                                                          \
        return sums[0][0];                                                                                            \
    }

#if defined(__x86_64__)
PEAK_LOOP(wide, __attribute__((target("avx512f,avx2,fma"))), 16)
PEAK_LOOP(middle, __attribute__((target("avx2,fma"))), 8)
#endif
PEAK_LOOP(portable, , 4)

float assay_multiply_add_loop(int64_t rounds) {
#if defined(__x86_64__)
    if (assay_vector_level() == 2) return wide(rounds);
    if (assay_vector_level() == 1) return middle(rounds);
#endif
    return portable(rounds);
}

int64_t assay_multiply_add_loop_operations(void) {
    static const int64_t lanes[] = {4, 8, 16};
    return CHAINS * 2 * lanes[assay_vector_level()];
}
