#include "CKernels.h"
#include <math.h>

ASSAY_DISPATCH
void assay_maxpool_forward(const float *input, float *output, uint8_t *position, AssayWindow w, int64_t images) {
    const int64_t c = w.channels;
    for (int64_t n = 0; n < images; n++)
        for (int32_t oy = 0; oy < w.outHeight; oy++)
            for (int32_t ox = 0; ox < w.outWidth; ox++, output += c, position += position ? c : 0) {
                for (int64_t k = 0; k < c; k++) output[k] = -INFINITY;
                if (position) for (int64_t k = 0; k < c; k++) position[k] = 0;
                for (int32_t ky = 0; ky < w.kernel; ky++)
                    for (int32_t kx = 0; kx < w.kernel; kx++) {
                        int32_t y = oy * w.stride - w.padding + ky, x = ox * w.stride - w.padding + kx;
                        if (y < 0 || y >= w.height || x < 0 || x >= w.width) continue;
                        const float *from = input + ((n * w.height + y) * w.width + x) * c;
                        uint8_t at = (uint8_t)(ky * w.kernel + kx);
                        if (position)
                            for (int64_t k = 0; k < c; k++) {
                                int more = !(from[k] <= output[k]);  // a NaN wins, as in PyTorch
                                position[k] = more ? at : position[k];
                                output[k] = more ? from[k] : output[k];
                            }
                        else
                            for (int64_t k = 0; k < c; k++) output[k] = !(from[k] <= output[k]) ? from[k] : output[k];
                    }
            }
}

void assay_maxpool_backward(const float *outputGradient, const uint8_t *position, float *inputGradient,
                            AssayWindow w, int64_t images) {
    const int64_t c = w.channels;
    for (int64_t n = 0; n < images; n++)
        for (int32_t oy = 0; oy < w.outHeight; oy++)
            for (int32_t ox = 0; ox < w.outWidth; ox++, outputGradient += c, position += c)
                for (int64_t k = 0; k < c; k++) {
                    int32_t y = oy * w.stride - w.padding + position[k] / w.kernel;
                    int32_t x = ox * w.stride - w.padding + position[k] % w.kernel;
                    inputGradient[((n * w.height + y) * w.width + x) * c + k] += outputGradient[k];
                }
}

ASSAY_DISPATCH
void assay_global_average(const float *x, float *average, int64_t rows, int64_t channels) {
    for (int64_t c = 0; c < channels; c++) average[c] = 0;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < channels; c++) average[c] += x[r * channels + c];
    for (int64_t c = 0; c < channels; c++) average[c] /= (float)rows;
}

ASSAY_DISPATCH
void assay_global_maximum(const float *x, float *maximum, int32_t *position, int64_t rows, int64_t channels) {
    for (int64_t c = 0; c < channels; c++) { maximum[c] = x[c]; position[c] = 0; }
    for (int64_t r = 1; r < rows; r++)
        for (int64_t c = 0; c < channels; c++) {
            int more = !(x[r * channels + c] <= maximum[c]);
            position[c] = more ? (int32_t)r : position[c];
            maximum[c] = more ? x[r * channels + c] : maximum[c];
        }
}
