#include <math.h>
#include <string.h>

#include "blocks.h"

// Rows x 8 + columns of the coefficients in zigzag order.
static const uint8_t zigzag[64] = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
                                   41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
                                   30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

// waves: [8][size], what a frequency of A.3.3 of T.81 adds to the mean of 8 / size neighbours. The lowest four are enough
// for up to four pixels: the others are finer than those, and would come back as waves that are not in the picture. All of
// the four, because without the one after the second a slope has steps.
static void make_waves(int size, float waves[8][8]) {
    int each = 8 / size;
    memset(waves, 0, 64 * sizeof(float));
    for (int frequency = 0; frequency < (size > 4 ? size : 4); frequency++)
        for (int pixel = 0; pixel < size; pixel++) {
            double mean = 0;
            for (int i = pixel * each; i < (pixel + 1) * each; i++)
                mean += cos((2 * i + 1) * frequency * (M_PI / 16)) / each;
            // A whole number of half waves is nothing.
            if (fabs(mean) < 1e-9) mean = 0;
            waves[frequency][pixel] = (float)(mean / (frequency == 0 ? sqrt(8) : 2));
        }
}

void basis_make(struct basis *basis, int columns, int rows, const uint8_t *quantiser) {
    // More than 13 bits behind the point would leave a sum of theirs and a number's eight too few before it.
    enum { LARGEST = 32767, MOST_FRACTION = 13 };
    float across[8][8], down[8][8], waves[64][64] = {{0}}, largest = 0;
    make_waves(columns, across);
    make_waves(rows, down);
    const int vectors = (columns * rows + 15) / 16;
    *basis = (struct basis){columns, rows, vectors, 0, quantiser[0], 0, {{0}}};
    for (int k = 1; k < 64; k++) {
        int v = zigzag[k] >> 3, u = zigzag[k] & 7;
        for (int y = 0; y < rows; y++)
            for (int x = 0; x < columns; x++) {
                float wave = quantiser[k] * down[v][y] * across[u][x];
                waves[k][y * columns + x] = wave;
                if (wave != 0) basis->last = k;
                largest = fmaxf(largest, fabsf(wave));
            }
    }
    while (basis->fraction < MOST_FRACTION && largest * (float)(2 << basis->fraction) <= LARGEST) basis->fraction++;
    for (int k = 1; k < 64; k++)
        for (int pixel = 0; pixel < columns * rows; pixel++)
            basis->pixels[k * basis->vectors + pixel / 16][pixel % 16] =
                (int16_t)lrintf(waves[k][pixel] * (float)(1 << basis->fraction));
}
