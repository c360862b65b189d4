#pragma once
#include "CKernels.h"

// One tile of a product, m x 2*LANES with m <= ROWS, held in registers over the whole of k.
//
// Every element of c is one chain of multiply-adds in the order of k, so the tile's size and the vector's width do
// not change a bit of it (where multiply and add are fused, that is: AVX2, AVX-512 and arm64 agree).
//
//   a [m, k]: element (i, p) at a[i * aRow + p * aColumn]      b [k, 2*LANES], contiguous      c [m, 2*LANES], stride ldc

typedef void (*AssayTile)(const float *a, int64_t aRow, int64_t aColumn, const float *b, int64_t k, float *c,
                          int64_t ldc, int32_t accumulate);

#define ASSAY_TILE(NAME, TARGET, LANES, M)                                                                            \
    TARGET static void NAME##_##M(const float *a, int64_t aRow, int64_t aColumn, const float *b, int64_t k, float *c, \
                                  int64_t ldc, int32_t accumulate) {                                                  \
        if (aColumn == 1) NAME##_body(M, a, aRow, 1, b, k, c, ldc, accumulate);                                       \
        else NAME##_body(M, a, 1, aColumn, b, k, c, ldc, accumulate);                                                 \
    }

#define ASSAY_TILE_BODY(NAME, TARGET, LANES, ROWS)                                                                    \
    typedef float NAME##_vector __attribute__((vector_size(LANES * 4), aligned(4), may_alias));                       \
    TARGET static inline __attribute__((always_inline)) void NAME##_body(                                             \
        const int m, const float *a, const int64_t aRow, const int64_t aColumn, const float *b, int64_t k, float *c,  \
        int64_t ldc, int32_t accumulate) {                                                                            \
        NAME##_vector low[ROWS], high[ROWS];                                                                          \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                              \
            low[i] = accumulate ? *(const NAME##_vector *)(c + i * ldc) : (NAME##_vector){0};                         \
            high[i] = accumulate ? *(const NAME##_vector *)(c + i * ldc + LANES) : (NAME##_vector){0};                \
        }                                                                                                             \
        for (int64_t p = 0; p < k; p++) {                                                                             \
            const NAME##_vector b0 = *(const NAME##_vector *)b, b1 = *(const NAME##_vector *)(b + LANES);             \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                          \
                const NAME##_vector x = a[i * aRow] - (NAME##_vector){0};                                             \
                low[i] += x * b0;                                                                                     \
                high[i] += x * b1;                                                                                    \
            }                                                                                                         \
            a += aColumn;                                                                                             \
            b += 2 * LANES;                                                                                           \
        }                                                                                                             \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                              \
            *(NAME##_vector *)(c + i * ldc) = low[i];                                                                 \
            *(NAME##_vector *)(c + i * ldc + LANES) = high[i];                                                        \
        }                                                                                                             \
    }
