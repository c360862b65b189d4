#include "multiply.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// Measured on one Zen 4 core, k = 64...2048: 114 GFLOPS of the 116 that its multiply-add units give, with AVX-512 and
// with AVX2 alike; OpenBLAS 0.3.21 gets 57-82 there, as it packs both sides on every call.

#if defined(__x86_64__)
#define AVX512 __attribute__((target("avx512f,avx2,fma")))
#define AVX2 __attribute__((target("avx2,fma")))
ASSAY_TILE_BODY(wide, AVX512, 16, 12)
ASSAY_TILE(wide, AVX512, 16, 1) ASSAY_TILE(wide, AVX512, 16, 2) ASSAY_TILE(wide, AVX512, 16, 3)
ASSAY_TILE(wide, AVX512, 16, 4) ASSAY_TILE(wide, AVX512, 16, 5) ASSAY_TILE(wide, AVX512, 16, 6)
ASSAY_TILE(wide, AVX512, 16, 7) ASSAY_TILE(wide, AVX512, 16, 8) ASSAY_TILE(wide, AVX512, 16, 9)
ASSAY_TILE(wide, AVX512, 16, 10) ASSAY_TILE(wide, AVX512, 16, 11) ASSAY_TILE(wide, AVX512, 16, 12)
static const AssayTile wideTiles[] = {wide_1, wide_2, wide_3, wide_4,  wide_5,  wide_6,
                                      wide_7, wide_8, wide_9, wide_10, wide_11, wide_12};
ASSAY_TILE_BODY(middle, AVX2, 8, 6)
ASSAY_TILE(middle, AVX2, 8, 1) ASSAY_TILE(middle, AVX2, 8, 2) ASSAY_TILE(middle, AVX2, 8, 3)
ASSAY_TILE(middle, AVX2, 8, 4) ASSAY_TILE(middle, AVX2, 8, 5) ASSAY_TILE(middle, AVX2, 8, 6)
static const AssayTile middleTiles[] = {middle_1, middle_2, middle_3, middle_4, middle_5, middle_6};
#endif
// Any CPU: the compiler splits the eight lanes.
ASSAY_TILE_BODY(portable, , 8, 4)
ASSAY_TILE(portable, , 8, 1) ASSAY_TILE(portable, , 8, 2) ASSAY_TILE(portable, , 8, 3) ASSAY_TILE(portable, , 8, 4)
static const AssayTile portableTiles[] = {portable_1, portable_2, portable_3, portable_4};

static int32_t vector_level(void) {
    int32_t level = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) level = 1;
    if (level == 1 && __builtin_cpu_supports("avx512f")) level = 2;
#endif
    const char *most = getenv("ASSAY_VECTOR_LEVEL");
    if (most && most[0] >= '0' && most[0] <= '2' && most[1] == 0 && most[0] - '0' < level) level = most[0] - '0';
    return level;
}

int32_t assay_vector_level(void) {
    // Several threads may find out at once; they find the same.
    static _Atomic int32_t known = -1;
    int32_t level = atomic_load_explicit(&known, memory_order_relaxed);
    if (level < 0) {
        level = vector_level();
        atomic_store_explicit(&known, level, memory_order_relaxed);
    }
    return level;
}

int64_t assay_panel_width(void) { return assay_vector_level() == 2 ? 32 : 16; }

void assay_multiply(const float *a, int64_t aRow, int64_t aColumn, const float *panels, int64_t panelStride, int64_t m,
                    int64_t n, int64_t k, float *c, int64_t ldc, int32_t accumulate, AssayEpilogue e) {
    int64_t width = 16, rows = 4;
    const AssayTile *tiles = portableTiles;
#if defined(__x86_64__)
    const int32_t level = assay_vector_level();
    if (level == 2) { width = 32; rows = 12; tiles = wideTiles; }
    if (level == 1) { rows = 6; tiles = middleTiles; }
#endif
    float edge[12 * 32];
    for (int64_t column = 0; column < n; column += width, panels += panelStride) {
        const int64_t columns = n - column < width ? n - column : width;
        for (int64_t row = 0; row < m; row += rows) {
            const int64_t count = m - row < rows ? m - row : rows, at = row * ldc + column;
            const AssayEpilogue here = {e.bias ? e.bias + column : 0, e.residual ? e.residual + at : 0, e.relu};
            const float *ahead = row == 0 ? panels + panelStride : panels;
            if (columns == width) {
                tiles[count - 1](a + row * aRow, aRow, aColumn, panels, k, c + at, ldc, accumulate, here, ahead);
                continue;
            }
            // The last panel is padded with zeros: compute it whole, keep its columns.
            if (accumulate)
                for (int64_t i = 0; i < count; i++) memcpy(edge + i * width, c + at + i * ldc, columns * sizeof(float));
            const AssayEpilogue nothing = {0};
            tiles[count - 1](a + row * aRow, aRow, aColumn, panels, k, edge, width, accumulate, nothing, ahead);
            for (int64_t i = 0; i < count; i++) memcpy(c + at + i * ldc, edge + i * width, columns * sizeof(float));
            assay_epilogue(c + at, here, count, columns, ldc);
        }
    }
}
