#include "multiply.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// Measured on one Zen 4 core, k = 64...2048: 114 GFLOPS of the 116 that its multiply-add units give, with AVX-512 and
// with AVX2 alike; OpenBLAS 0.3.21 gets 57-82 there, as it packs both sides on every call.

#define ANY_ORDER(value)
#if defined(__x86_64__)
/// Keeps each multiply-add where it is written. Otherwise the compiler does all loads of a group first, and they need more
/// registers than there are.
#define KEEP_ORDER(value) __asm__ volatile("" : "+v"(value) :: "memory")
#define AVX512 __attribute__((target("avx512f,avx2,fma")))
#define AVX2 __attribute__((target("avx2,fma")))
ASSAY_TILE_BODY(wide, AVX512, 16, 12, KEEP_ORDER)
ASSAY_TILE(wide, AVX512, 16, 1) ASSAY_TILE(wide, AVX512, 16, 2) ASSAY_TILE(wide, AVX512, 16, 3)
ASSAY_TILE(wide, AVX512, 16, 4) ASSAY_TILE(wide, AVX512, 16, 5) ASSAY_TILE(wide, AVX512, 16, 6)
ASSAY_TILE(wide, AVX512, 16, 7) ASSAY_TILE(wide, AVX512, 16, 8) ASSAY_TILE(wide, AVX512, 16, 9)
ASSAY_TILE(wide, AVX512, 16, 10) ASSAY_TILE(wide, AVX512, 16, 11) ASSAY_TILE(wide, AVX512, 16, 12)
static const AssayTile wideTiles[] = {wide_1, wide_2, wide_3, wide_4,  wide_5,  wide_6,
                                      wide_7, wide_8, wide_9, wide_10, wide_11, wide_12};
ASSAY_TILE_BODY(middle, AVX2, 8, 6, KEEP_ORDER)
ASSAY_TILE(middle, AVX2, 8, 1) ASSAY_TILE(middle, AVX2, 8, 2) ASSAY_TILE(middle, AVX2, 8, 3)
ASSAY_TILE(middle, AVX2, 8, 4) ASSAY_TILE(middle, AVX2, 8, 5) ASSAY_TILE(middle, AVX2, 8, 6)
static const AssayTile middleTiles[] = {middle_1, middle_2, middle_3, middle_4, middle_5, middle_6};
#endif
// Any CPU: the compiler splits the eight lanes.
ASSAY_TILE_BODY(portable, , 8, 4, ANY_ORDER)
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

/// A product's rows in as few tiles as they need, all about as high: a last tile of two rows would wait for its own results.
/// The first half of a panel's tiles read the next panel ahead (within a single one it came faster than the caches answer),
/// the others in turn the caller's rows; where there are none left, the first line of their own panel once more.
typedef struct {
    int64_t k;
    int64_t count, low, taller;                // tiles of a panel: rows of one, and how many first ones have one more
    int64_t early;                             // those that read the next panel
    AssayAhead panel, rows[2], idle;
    int64_t reading[2];                        // tiles that are still to read rows of a stream
    int64_t both, turn;                        // whether tiles take turns at two streams; tiles until now that read rows
} Plan;

static Plan plan_of(const Tiles *tiles, int64_t m, int64_t n, int64_t k, const AssayStreams *next) {
    Plan p = {.k = k, .count = (m + tiles->rows - 1) / tiles->rows};
    if (p.count == 0) return p;
    p.low = m / p.count;
    p.taller = m % p.count;
    p.early = p.count < 2 ? 1 : p.count / 2;
    // Bytes of a panel that a group of steps multiplies.
    const int64_t panelPart = ASSAY_GROUP * tiles->width * (int64_t)sizeof(float);
    p.panel.pace = (panelPart + p.early - 1) / p.early;
    p.panel.left = p.idle.left = INT64_MAX;
    if (!next || (next->first.rows <= 0 && next->second.rows <= 0)) return p;
    // What the streams hold over the groups of steps that are theirs, at most what a group fetches.
    p.both = next->second.rows > 0;
    const int64_t all = (n + tiles->width - 1) / tiles->width * (p.count - p.early);
    const int64_t ofTile = k / ASSAY_GROUP, groups = (p.both ? all / 2 : all) * ofTile;
    for (int i = 0; i < 2 && groups > 0; i++) {
        AssayStream stream = i ? next->second : next->first;
        if (stream.rows <= 0 || stream.length <= 0) continue;
        // A group reads within one row: of rows of 64 values half came too late. Those that follow one another are one.
        if (stream.stride == stream.length) {
            stream.length *= stream.rows;
            stream.rows = 1;
        }
        const int64_t length = stream.length * sizeof(float), wanted = (stream.rows * length + groups - 1) / groups;
        const int64_t pace = wanted < panelPart ? wanted : panelPart, ofRow = (length + pace - 1) / pace;
        p.rows[i] = (AssayAhead){(const char *)stream.at, pace, ofRow, ofRow,
                                 stream.stride * (int64_t)sizeof(float) - ofRow * pace};
        p.reading[i] = (stream.rows * ofRow + ofTile - 1) / ofTile;
    }
    return p;
}

/// What the next tile reads ahead that leaves the next panel to others.
static inline AssayAhead *next_rows(Plan *p) {
    const int64_t i = p->turn++ & p->both;
    if (p->reading[i] == 0) return &p->idle;
    p->reading[i]--;
    return &p->rows[i];
}

/// A tile of fewer columns than a panel has, which is padded with zeros: computed whole, and its columns kept.
static void multiply_edge(const Tiles *tiles, AssayTile run, const float *a, int64_t aRow, int64_t aColumn,
                          const float *panel, int64_t k, int64_t rows, int64_t columns, float *c, int64_t ldc,
                          const AssayTileTask *task) {
    float edge[MOST_ROWS * MOST_WIDTH], added[MOST_ROWS * MOST_WIDTH];
    const int64_t width = tiles->width, size = columns * sizeof(float);
    AssayTileTask whole = *task;
    whole.bias = whole.residual = 0;
    whole.relu = whole.isStreamed = 0;
    whole.sum = whole.squares = 0;
    if (task->accumulate) for (int64_t i = 0; i < rows; i++) memcpy(edge + i * width, c + i * ldc, size);
    run(a, aRow, aColumn, panel, k, edge, width, &whole);
    AssayEpilogue last = {.bias = task->bias, .residual = task->residual, .relu = (int32_t)task->relu};
    if (last.residual) {
        for (int64_t i = 0; i < rows; i++) memcpy(added + i * width, task->residual + i * ldc, size);
        last.residual = added;
    }
    assay_epilogue(edge, last, rows, columns, width);
    for (int64_t i = 0; i < rows; i++) memcpy(c + i * ldc, edge + i * width, size);
    for (int64_t j = 0; task->sum && j < columns; j++) {
        float sum = 0, squares = 0;
        for (int64_t i = 0; i < rows; i++) {
            sum += edge[i * width + j];
            squares += edge[i * width + j] * edge[i * width + j];
        }
        task->sum[j] += sum;
        task->squares[j] += squares;
    }
}

/// One panel's columns of all rows. c, a and the task's epilogue stand at the first of them.
static void multiply_panel(const Tiles *tiles, Plan *p, const float *a, int64_t aRow, int64_t aColumn, const float *panel,
                           int64_t columns, float *c, int64_t ldc, AssayTileTask *task, const float *residual,
                           const float *nextPanel) {
    const float *nextColumns = c + tiles->width;
    p->panel.at = (const char *)nextPanel;
    p->idle.at = (const char *)panel;
    for (int64_t tile = 0; tile < p->count; tile++) {
        const int64_t rows = p->low + (tile < p->taller);
        task->ahead = tile < p->early ? &p->panel : next_rows(p);
        task->nextC = tile + 1 < p->count ? c + rows * ldc : nextColumns;
        task->residual = residual;
        const AssayTile run = tiles->ofRows[rows - 1];
        if (columns == tiles->width) run(a, aRow, aColumn, panel, p->k, c, ldc, task);
        else multiply_edge(tiles, run, a, aRow, aColumn, panel, p->k, rows, columns, c, ldc, task);
        a += rows * aRow;
        c += rows * ldc;
        if (residual) residual += rows * ldc;
    }
}

/// What a product's tiles are told, all but its place.
static AssayTileTask task_of(AssaySegments segments, int64_t bRow, int32_t accumulate, int32_t relu) {
    return (AssayTileTask){.segments = segments, .bRow = bRow, .accumulate = accumulate, .relu = relu};
}

void assay_multiply(const float *a, int64_t aRow, int64_t aColumn, const float *panels, int64_t panelStride,
                    int64_t panelRow, int64_t m, int64_t n, int64_t k, float *c, int64_t ldc, int32_t accumulate,
                    AssayEpilogue e, AssayStreams next) {
    const Tiles tiles = tiles_here();
    Plan plan = plan_of(&tiles, m, n, k, &next);
    AssayTileTask task = task_of((AssaySegments){1, 0}, panelRow, accumulate, e.relu);
    task.isStreamed = e.isStreamed && (uintptr_t)c % ASSAY_LINE == 0 && ldc * sizeof(float) % ASSAY_LINE == 0;
    for (int64_t column = 0; column < n; column += tiles.width, panels += panelStride) {
        const int64_t columns = n - column < tiles.width ? n - column : tiles.width;
        task.bias = e.bias ? e.bias + column : 0;
        task.sum = e.sum ? e.sum + column : 0;
        task.squares = e.sum ? e.squares + column : 0;
        multiply_panel(&tiles, &plan, a, aRow, aColumn, panels, columns, c + column, ldc, &task,
                       e.residual ? e.residual + column : 0, panels + panelStride);
    }
}

void assay_multiply_windows(const float *strip, int64_t lineStride, AssayWindow w, int64_t lines, const float *panels,
                            int64_t panelStride, int64_t n, float *c, int64_t ldc, AssayEpilogue e) {
    const Tiles tiles = tiles_here();
    Plan plan = plan_of(&tiles, w.outWidth, n, (int64_t)w.kernel * w.channels, 0);
    AssayTileTask task = task_of((AssaySegments){w.kernel, lineStride}, tiles.width, 0, e.relu);
    for (int64_t column = 0; column < n; column += tiles.width, panels += panelStride) {
        const int64_t columns = n - column < tiles.width ? n - column : tiles.width;
        task.bias = e.bias ? e.bias + column : 0;
        for (int64_t line = 0; line < lines; line++) {
            const int64_t at = line * w.outWidth * ldc + column;
            multiply_panel(&tiles, &plan, strip + line * w.stride * lineStride, w.stride * w.channels, 1, panels, columns,
                           c + at, ldc, &task, e.residual ? e.residual + at : 0,
                           line == 0 ? panels + panelStride : panels);
        }
    }
}

void assay_multiply_windows_gradient(const float *strip, int64_t lineStride, AssayWindow w, int64_t lines,
                                     const float *panels, int64_t panelStride, int64_t n, float *c, int32_t accumulate) {
    const Tiles tiles = tiles_here();
    // A window's line of taps stands at every position of the outputs' lines: the products' k.
    const int64_t taps = (int64_t)w.kernel * w.channels;
    Plan plan = plan_of(&tiles, taps, n, w.outWidth, 0);
    AssayTileTask task = task_of((AssaySegments){lines, w.stride * lineStride}, tiles.width, accumulate, 0);
    for (int64_t column = 0; column < n; column += tiles.width, panels += panelStride) {
        const int64_t columns = n - column < tiles.width ? n - column : tiles.width;
        for (int32_t line = 0; line < w.kernel; line++)
            multiply_panel(&tiles, &plan, strip + line * lineStride, 1, w.stride * w.channels, panels, columns,
                           c + line * taps * n + column, n, &task, 0, line == 0 ? panels + panelStride : panels);
    }
}
