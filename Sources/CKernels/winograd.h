#pragma once
#include "CKernels.h"
#include <string.h>

// What the kernels of both strides share: sixteen channels at a time, one a lane; tiles of 4 x 4 outputs.

// F(4x4, 3x3) is interpolated at 0, +-3/4, +-3/2 and infinity: half the rounding error of the usual 0, +-1, +-2 (9e-7
// against 1.9e-6, 128 channels), for as many operations.
#define A1 0.75f            // a, a^2, a^3
#define A2 0.5625f
#define A3 0.421875f
#define B1 1.5f             // b, b^2, b^3
#define B2 2.25f
#define B3 3.375f
#define AB 1.265625f        // a^2 b^2, which is also the product of 0's differences from the other points
#define SUM 2.8125f         // a^2 + b^2
#define FA (-1 / 1.8984375f)  // 1 / (2 a^2 (a^2 - b^2))
#define FB (1 / 7.59375f)     // 1 / (2 b^2 (b^2 - a^2))

typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
#define INLINE static inline __attribute__((always_inline))

// Vectors go by pointer: their passing by value depends on the CPU that a function is compiled for.

INLINE void load(const float *from, int64_t count, Lanes *v) {
    if (count >= 16) { *v = *(const Lanes *)from; return; }
    *v = (Lanes){0};
    memcpy(v, from, count * sizeof(float));
}

INLINE void store(float *to, const Lanes *v, int64_t count) {
    if (count >= 16) *(Lanes *)to = *v;
    else memcpy(to, v, count * sizeof(float));
}

typedef int32_t Mask __attribute__((vector_size(64), aligned(4), may_alias));

/// max(0, v), a NaN staying one.
INLINE void rectify(Lanes *v) { *v = (Lanes)((Mask)*v & ~(Mask)(*v < (Lanes){0})); }

typedef struct { int64_t image; int32_t y, x; } Corner;

/// The first output of a tile.
INLINE Corner corner(AssayWindow w, int64_t tile) {
    const int64_t across = (w.outWidth + 3) / 4, down = (w.outHeight + 3) / 4;
    return (Corner){tile / (across * down), (int32_t)(tile / across % down) * 4, (int32_t)(tile % across) * 4};
}
