#pragma once
#include "CKernels.h"

// One tile of a product, m x 2*LANES with m <= ROWS, held in registers over the whole of k.
//
// Every element of c is one chain of multiply-adds in the order of k, to which what c held is added at the end, so the
// tile's size and the vector's width do not change a bit of it (where multiply and add are fused, that is: AVX2, AVX-512
// and arm64 agree).
//
//   a [m, k]: element (i, p) at a[i * aRow + p * aColumn]      b [k, 2*LANES], stride bRow     c [m, 2*LANES], stride ldc
//
// What the next tile stores to is fetched before the loop over k: a store that misses the first cache would hold up those
// behind it, and memory answers later than a short loop takes. Results that are streamed need no fetching (k = 64, 51 MB of
// them: a sixth less time). Sums over a tile's rows are taken in float while they are in registers, and added in double.
// `ahead` is read into the second cache meanwhile, so much a group of steps: the next panel, or rows that the caller wants
// next, so that what comes from memory does so in time.

/// k is `count` segments of equal length, in which a's columns are contiguous; `stride` from one's start to the next.
typedef struct { int64_t count, stride; } AssaySegments;

/// Steps of k between two looks at what is fetched ahead. The loads and multiply-adds of a step of six rows are 20
/// instructions of 256 bits. With a count, a fetch and addresses of its own a step had 31 to 37: as many as a core takes in
/// while its units multiply, and twice what is left to it where another program runs on the same core. Now it has 23 to 24.
/// One Zen 3 core, k = 64...1024: 3 to 14 % less time alone, 30 % beside such a neighbour (71 GFLOPS of 96, not 49).
enum { ASSAY_GROUP = 4 };
/// Bytes of a line of memory.
enum { ASSAY_LINE = 64 };

/// Memory that is fetched, from `at` on, which moves by `pace` bytes a group of steps; after `left` groups it jumps to the
/// next row, which takes `groups` of them. A group fetches one line if the pace is no more than that, else as many as a panel
/// has in four rows, which is the most that a pace can be. A tile leaves it where the next one goes on.
typedef struct {
    const char *at;
    int64_t pace, left, groups, jump;
} AssayAhead;

/// All else that a tile is told. It lies in memory, where fields are written and read one by one: structs handed over by
/// value were copied two words at a time just after they had been written one by one, and such a load waits until every
/// store before it has reached the cache, the last tile's results among them.
typedef struct {
    const float *bias, *residual;              // as in AssayEpilogue, from the tile's first element on
    int64_t relu, accumulate, isStreamed;
    double *sum, *squares;
    AssaySegments segments;
    int64_t bRow;                              // from a row of b to the next
    AssayAhead *ahead;
    const float *nextC;                        // where the next tile stores
} AssayTileTask;

typedef void (*AssayTile)(const float *a, int64_t aRow, int64_t aColumn, const float *b, int64_t k, float *c,
                          int64_t ldc, const AssayTileTask *task);

#define ASSAY_TILE(NAME, TARGET, LANES, M)                                                                            \
    TARGET static void NAME##_##M(const float *a, int64_t aRow, int64_t aColumn, const float *b, int64_t k, float *c, \
                                  int64_t ldc, const AssayTileTask *task) {                                           \
        if (aColumn == 1) NAME##_body(M, a, aRow, 1, b, k, c, ldc, task);                                             \
        else NAME##_body(M, a, 1, aColumn, b, k, c, ldc, task);                                                       \
    }

#define ASSAY_TILE_BODY(NAME, TARGET, LANES, ROWS, KEEP)                                                              \
    typedef float NAME##_vector __attribute__((vector_size(LANES * 4), aligned(4), may_alias));                       \
    typedef int32_t NAME##_mask __attribute__((vector_size(LANES * 4), aligned(4), may_alias));                       \
    typedef float NAME##_aligned __attribute__((vector_size(LANES * 4), aligned(LANES * 4), may_alias));              \
    typedef double NAME##_doubles __attribute__((vector_size(LANES * 8), aligned(8), may_alias));                     \
    TARGET static inline __attribute__((always_inline)) void NAME##_run(                                              \
        const int m, const int steps, const int lines, int64_t run, const float **a, const int64_t aRow,              \
        const int64_t aColumn, const float **bs, const int64_t bRow, const char **ats, const int64_t pace,            \
        NAME##_vector *low, NAME##_vector *high) {                                                                    \
        /* One row in three has its address in a register and the next two are indexed from it: else the compiler    */\
        /* adds its way from each row to the next.                                                                   */\
        const float *x[(ROWS + 2) / 3], *b = *bs;                                                                     \
        const char *at = *ats;                                                                                        \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i += 3) x[i / 3] = *a + i * aRow;                   \
        *a += run * steps * aColumn;                                                                                  \
        for (; run > 0; run--) {                                                                                      \
            if (aColumn == 1) _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i += 3)                       \
                __asm__ volatile("" : "+r"(x[i / 3]));                                                                \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < lines; i++)                                        \
                __builtin_prefetch(at + ASSAY_LINE * i, 0, 2);                                                        \
            at += pace;                                                                                               \
            _Pragma("clang loop unroll(full)") for (int p = 0; p < steps; p++, b += bRow) {                           \
                const NAME##_vector b0 = *(const NAME##_vector *)b, b1 = *(const NAME##_vector *)(b + LANES);         \
                _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                      \
                    const NAME##_vector v = x[i / 3][i % 3 * aRow] - (NAME##_vector){0};                              \
                    low[i] += v * b0;                                                                                 \
                    high[i] += v * b1;                                                                                \
                    KEEP(low[i]);                                                                                     \
                    KEEP(high[i]);                                                                                    \
                }                                                                                                     \
                _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i += 3) x[i / 3] += aColumn;                \
            }                                                                                                         \
        }                                                                                                             \
        *bs = b;                                                                                                      \
        *ats = at;                                                                                                    \
    }                                                                                                                 \
    TARGET static inline __attribute__((always_inline)) void NAME##_body(                                             \
        const int m, const float *a, const int64_t aRow, const int64_t aColumn, const float *b, int64_t k, float *c,  \
        int64_t ldc, const AssayTileTask *task) {                                                                     \
        AssayAhead *ahead = task->ahead;                                                                              \
        const char *at = ahead->at;                                                                                   \
        const int64_t pace = ahead->pace;                                                                             \
        int64_t left = ahead->left;                                                                                   \
        const int isSparse = pace <= ASSAY_LINE;                                                                      \
        enum { PANEL_LINES = ASSAY_GROUP * 2 * LANES * sizeof(float) / ASSAY_LINE };                                  \
        const int64_t bRow = task->bRow;                                                                              \
        const float *nextC = task->nextC, *residual = task->residual, *bias = task->bias;                             \
        NAME##_vector low[ROWS], high[ROWS];                                                                          \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) low[i] = high[i] = (NAME##_vector){0};         \
        if (!task->isStreamed) _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                       \
            __builtin_prefetch(nextC + i * ldc, 1);                                                                   \
            if (LANES == 16) __builtin_prefetch(nextC + i * ldc + LANES, 1);                                          \
        }                                                                                                             \
        if (residual) _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                \
            __builtin_prefetch(residual + (nextC - c) + i * ldc);                                                     \
            if (LANES == 16) __builtin_prefetch(residual + (nextC - c) + i * ldc + LANES);                            \
        }                                                                                                             \
        for (int64_t segment = 0; segment < task->segments.count; segment++) {                                        \
            const float *x = a + segment * task->segments.stride;                                                     \
            for (int64_t rest = k / ASSAY_GROUP; rest > 0;) {                                                         \
                const int64_t run = rest < left ? rest : left;                                                        \
                if (isSparse) NAME##_run(m, ASSAY_GROUP, 1, run, &x, aRow, aColumn, &b, bRow, &at, pace, low, high);  \
                else NAME##_run(m, ASSAY_GROUP, PANEL_LINES, run, &x, aRow, aColumn, &b, bRow, &at, pace, low, high); \
                rest -= run;                                                                                          \
                left -= run;                                                                                          \
                if (left == 0) {                                                                                      \
                    at += ahead->jump;                                                                                \
                    left = ahead->groups;                                                                             \
                }                                                                                                     \
            }                                                                                                         \
            NAME##_run(m, 1, 0, k % ASSAY_GROUP, &x, aRow, aColumn, &b, bRow, &at, 0, low, high);                     \
        }                                                                                                             \
        ahead->at = at;                                                                                               \
        ahead->left = left;                                                                                           \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                              \
            if (task->accumulate) {                                                                                   \
                low[i] += *(const NAME##_vector *)(c + i * ldc);                                                      \
                high[i] += *(const NAME##_vector *)(c + i * ldc + LANES);                                             \
            }                                                                                                         \
            if (bias) {                                                                                               \
                low[i] += *(const NAME##_vector *)bias;                                                               \
                high[i] += *(const NAME##_vector *)(bias + LANES);                                                    \
            }                                                                                                         \
            if (residual) {                                                                                           \
                low[i] += *(const NAME##_vector *)(residual + i * ldc);                                               \
                high[i] += *(const NAME##_vector *)(residual + i * ldc + LANES);                                      \
            }                                                                                                         \
            if (task->relu) {                                                                                             \
                low[i] = (NAME##_vector)((NAME##_mask)low[i] & ~(NAME##_mask)(low[i] < (NAME##_vector){0}));          \
                high[i] = (NAME##_vector)((NAME##_mask)high[i] & ~(NAME##_mask)(high[i] < (NAME##_vector){0}));       \
            }                                                                                                         \
        }                                                                                                             \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < m; i++) {                                              \
            if (task->isStreamed) {                                                                                   \
                __builtin_nontemporal_store(low[i], (NAME##_aligned *)(c + i * ldc));                                 \
                __builtin_nontemporal_store(high[i], (NAME##_aligned *)(c + i * ldc + LANES));                        \
            } else {                                                                                                  \
                *(NAME##_vector *)(c + i * ldc) = low[i];                                                             \
                *(NAME##_vector *)(c + i * ldc + LANES) = high[i];                                                    \
            }                                                                                                         \
        }                                                                                                             \
        if (task->sum) {                                                                                              \
            NAME##_vector sums[2] = {low[0], high[0]}, squares[2] = {low[0] * low[0], high[0] * high[0]};             \
            _Pragma("clang loop unroll(full)") for (int i = 1; i < m; i++) {                                          \
                sums[0] += low[i];                                                                                    \
                sums[1] += high[i];                                                                                   \
                squares[0] += low[i] * low[i];                                                                        \
                squares[1] += high[i] * high[i];                                                                      \
            }                                                                                                         \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < 2; i++) {                                          \
                NAME##_doubles *sum = (NAME##_doubles *)(task->sum + i * LANES);                                      \
                NAME##_doubles *square = (NAME##_doubles *)(task->squares + i * LANES);                               \
                *sum += __builtin_convertvector(sums[i], NAME##_doubles);                                             \
                *square += __builtin_convertvector(squares[i], NAME##_doubles);                                       \
            }                                                                                                         \
        }                                                                                                             \
    }
