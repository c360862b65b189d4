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

typedef struct { int64_t rows, width; const AssayTile *ofRows; } Tiles;

/// The tiles of this CPU: `ofRows[m - 1]` computes m rows.
static Tiles tiles_here(void) {
#if defined(__x86_64__)
    const int32_t level = assay_vector_level();
    if (level == 2) return (Tiles){12, 32, wideTiles};
    if (level == 1) return (Tiles){6, 16, middleTiles};
#endif
    return (Tiles){4, 16, portableTiles};
}

enum { MOST_ROWS = 12, MOST_WIDTH = 32 };

/// What tiles read ahead: the first half of a panel's the next panel, the others in turn the caller's rows, each tile its
/// share of steps; where there are none, their own panel once more, which does no harm.
typedef struct {
    AssayStream streams[2];
    int64_t pace[2];                           // bytes a step; 0: no stream
    int64_t tile;                              // tiles until now that read rows
} Ahead;

static int64_t tile_count(Tiles tiles, int64_t m) { return (m + tiles.rows - 1) / tiles.rows; }

/// Tiles of a panel's that read the next panel: read within a single one, it came faster than the caches answer (1 to 4 %).
static int64_t panel_tiles(int64_t count) { return count < 2 ? 1 : count / 2; }

static const int64_t LINE = 64;

/// The streams' paces, for `tiles` tiles of k steps: what they hold over the steps that are theirs, at most two lines.
static Ahead ahead_of(AssayStreams next, int64_t tiles, int64_t k) {
    Ahead ahead = {{next.first, next.second}, {0, 0}, 0};
    const int64_t steps = (next.second.rows > 0 ? tiles / 2 : tiles) * k;
    for (int i = 0; i < 2 && steps > 0; i++) {
        const int64_t bytes = ahead.streams[i].rows * ahead.streams[i].length * sizeof(float);
        const int64_t pace = (bytes + steps - 1) / steps;
        ahead.pace[i] = pace < 2 * LINE ? pace : 2 * LINE;
    }
    return ahead;
}

/// Share `tile` of `tiles` of a panel, k steps long.
static AssayAhead ahead_of_panel(const float *panel, int64_t width, int64_t k, int64_t tile, int64_t tiles) {
    const int64_t pace = (width * (int64_t)sizeof(float) + tiles - 1) / tiles;
    return (AssayAhead){(const char *)panel + tile * k * pace, pace, INT64_MAX, INT64_MAX, 0, 0};
}

/// Where the next tile of k steps reads ahead.
static AssayAhead ahead_next(Ahead *ahead, int64_t k, const float *panel, int64_t width) {
    const int both = ahead->pace[1] > 0, i = both ? ahead->tile % 2 : 0;
    const int64_t first = (both ? ahead->tile / 2 : ahead->tile) * k, pace = ahead->pace[i];
    ahead->tile++;
    if (pace == 0) return ahead_of_panel(panel, width, k, 0, 1);
    const AssayStream s = ahead->streams[i];
    const int64_t length = s.length * sizeof(float), steps = (length + pace - 1) / pace, row = first / steps;
    if (row >= s.rows) return ahead_of_panel(panel, width, k, 0, 1);
    return (AssayAhead){(const char *)(s.at + row * s.stride) + first % steps * pace, pace, steps - first % steps, steps,
                        (int64_t)(s.stride * sizeof(float)) - steps * pace, 0};
}

/// One panel's columns of m rows, in as few tiles as they need, all about as high: a last tile of two rows would wait for
/// its own results. c, a and the epilogue stand at the first of them.
static void multiply_panel(Tiles tiles, const float *a, int64_t aRow, int64_t aColumn, const float *panel, int64_t k,
                           AssaySegments segments, int64_t m, int64_t columns, float *c, int64_t ldc,
                           int32_t accumulate, AssayEpilogue e, const float *nextPanel, Ahead *ahead) {
    const int64_t count = tile_count(tiles, m), early = panel_tiles(count);
    for (int64_t tile = 0, row = 0; tile < count; tile++) {
        const int64_t rows = (m - row + count - tile - 1) / (count - tile), at = row * ldc;
        const AssayEpilogue here = assay_epilogue_at(e, row, ldc, 0);
        AssayAhead fetched = tile < early ? ahead_of_panel(nextPanel, tiles.width, k, tile, early)
                                          : ahead_next(ahead, k, panel, tiles.width);
        fetched.c = tile + 1 < count ? c + at + rows * ldc : c + tiles.width;
        const AssayTile run = tiles.ofRows[rows - 1];
        if (columns == tiles.width) {
            run(a + row * aRow, aRow, aColumn, panel, k, c + at, ldc, accumulate, here, fetched, segments);
        } else {
            // The last panel is padded with zeros: compute it whole, keep its columns.
            const AssayEpilogue nothing = {0};
            AssayEpilogue last = here;
            float edge[MOST_ROWS * MOST_WIDTH], added[MOST_ROWS * MOST_WIDTH];
            const int64_t width = tiles.width, size = columns * sizeof(float);
            if (accumulate) for (int64_t i = 0; i < rows; i++) memcpy(edge + i * width, c + at + i * ldc, size);
            run(a + row * aRow, aRow, aColumn, panel, k, edge, width, accumulate, nothing, fetched, segments);
            if (here.residual) {
                for (int64_t i = 0; i < rows; i++) memcpy(added + i * width, here.residual + i * ldc, size);
                last.residual = added;
            }
            assay_epilogue(edge, last, rows, columns, width);
            for (int64_t i = 0; i < rows; i++) memcpy(c + at + i * ldc, edge + i * width, size);
        }
        row += rows;
    }
}

void assay_multiply(const float *a, int64_t aRow, int64_t aColumn, const float *panels, int64_t panelStride, int64_t m,
                    int64_t n, int64_t k, float *c, int64_t ldc, int32_t accumulate, AssayEpilogue e,
                    AssayStreams next) {
    const Tiles tiles = tiles_here();
    const AssaySegments whole = {1, 0};
    const int64_t count = tile_count(tiles, m);
    Ahead ahead = ahead_of(next, (n + tiles.width - 1) / tiles.width * (count - panel_tiles(count)), k);
    for (int64_t column = 0; column < n; column += tiles.width, panels += panelStride) {
        const int64_t columns = n - column < tiles.width ? n - column : tiles.width;
        const AssayEpilogue here = assay_epilogue_at(e, 0, ldc, column);
        multiply_panel(tiles, a, aRow, aColumn, panels, k, whole, m, columns, c + column, ldc, accumulate, here,
                       panels + panelStride, &ahead);
    }
}

void assay_multiply_windows(const float *strip, int64_t lineStride, AssayWindow w, int64_t lines, const float *panels,
                            int64_t panelStride, int64_t n, float *c, int64_t ldc, AssayEpilogue e) {
    const Tiles tiles = tiles_here();
    const AssaySegments segments = {w.kernel, lineStride};
    for (int64_t column = 0; column < n; column += tiles.width, panels += panelStride) {
        const int64_t columns = n - column < tiles.width ? n - column : tiles.width;
        for (int64_t line = 0; line < lines; line++) {
            const int64_t at = line * w.outWidth * ldc + column;
            const AssayEpilogue here = assay_epilogue_at(e, line * w.outWidth, ldc, column);
            Ahead none = {0};
            multiply_panel(tiles, strip + line * w.stride * lineStride, w.stride * w.channels, 1, panels,
                           (int64_t)w.kernel * w.channels, segments, w.outWidth, columns, c + at, ldc, 0, here,
                           line == 0 ? panels + panelStride : panels, &none);
        }
    }
}

void assay_multiply_windows_gradient(const float *strip, int64_t lineStride, AssayWindow w, int64_t lines,
                                     const float *panels, int64_t panelStride, int64_t n, float *c, int32_t accumulate) {
    const Tiles tiles = tiles_here();
    const AssayEpilogue nothing = {0};
    // A window's line of taps stands at every position of the outputs' lines: the products' k.
    const AssaySegments segments = {lines, w.stride * lineStride};
    const int64_t taps = (int64_t)w.kernel * w.channels;
    for (int64_t column = 0; column < n; column += tiles.width, panels += panelStride) {
        const int64_t columns = n - column < tiles.width ? n - column : tiles.width;
        for (int32_t line = 0; line < w.kernel; line++) {
            Ahead none = {0};
            multiply_panel(tiles, strip + line * lineStride, 1, w.stride * w.channels, panels, w.outWidth, segments, taps,
                           columns, c + line * taps * n + column, n, accumulate, nothing,
                           line == 0 ? panels + panelStride : panels, &none);
        }
    }
}
