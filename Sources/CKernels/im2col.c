#include "CKernels.h"
#include <string.h>

// Output position -> (image, oy, ox). Rows of a window are contiguous in NHWC, so each is one memcpy.

static inline void window_origin(AssayWindow w, int64_t row, int64_t *image, int32_t *y0, int32_t *x0) {
    int64_t area = (int64_t)w.outHeight * w.outWidth;
    *image = row / area;
    int32_t rest = (int32_t)(row % area);
    *y0 = rest / w.outWidth * w.stride - w.padding;
    *x0 = rest % w.outWidth * w.stride - w.padding;
}

void assay_im2col(const float *input, float *columns, AssayWindow w, int64_t firstRow, int64_t rowCount) {
    const int64_t c = w.channels, rowLength = (int64_t)w.kernel * c;
    for (int64_t i = 0; i < rowCount; i++) {
        int64_t image; int32_t y0, x0;
        window_origin(w, firstRow + i, &image, &y0, &x0);
        const float *source = input + image * w.height * w.width * c;
        int32_t left = x0 < 0 ? -x0 : 0;
        int32_t right = x0 + w.kernel > w.width ? x0 + w.kernel - w.width : 0;
        int32_t inside = w.kernel - left - right;
        for (int32_t ky = 0; ky < w.kernel; ky++, columns += rowLength) {
            int32_t y = y0 + ky;
            if (y < 0 || y >= w.height || inside <= 0) {
                memset(columns, 0, rowLength * sizeof(float));
                continue;
            }
            if (left) memset(columns, 0, left * c * sizeof(float));
            memcpy(columns + left * c, source + ((int64_t)y * w.width + x0 + left) * c, inside * c * sizeof(float));
            if (right) memset(columns + (left + inside) * c, 0, right * c * sizeof(float));
        }
    }
}

void assay_im2col_tap(const float *input, float *columns, AssayWindow w, int32_t ky, int32_t kx,
                      int32_t channelFirst, int32_t channelCount, int64_t firstRow, int64_t rowCount) {
    const int64_t c = w.channels;
    for (int64_t i = 0; i < rowCount; i++, columns += channelCount) {
        int64_t image; int32_t y0, x0;
        window_origin(w, firstRow + i, &image, &y0, &x0);
        int32_t y = y0 + ky, x = x0 + kx;
        if (y < 0 || y >= w.height || x < 0 || x >= w.width) {
            memset(columns, 0, channelCount * sizeof(float));
        } else {
            const float *source = input + ((image * w.height + y) * w.width + x) * c + channelFirst;
            memcpy(columns, source, channelCount * sizeof(float));
        }
    }
}

ASSAY_DISPATCH
void assay_col2im_add(const float *columns, float *input, AssayWindow w, int64_t firstRow, int64_t rowCount) {
    const int64_t c = w.channels, rowLength = (int64_t)w.kernel * c;
    for (int64_t i = 0; i < rowCount; i++) {
        int64_t image; int32_t y0, x0;
        window_origin(w, firstRow + i, &image, &y0, &x0);
        float *target = input + image * w.height * w.width * c;
        int32_t left = x0 < 0 ? -x0 : 0;
        int32_t right = x0 + w.kernel > w.width ? x0 + w.kernel - w.width : 0;
        int64_t inside = (int64_t)(w.kernel - left - right) * c;
        for (int32_t ky = 0; ky < w.kernel; ky++, columns += rowLength) {
            int32_t y = y0 + ky;
            if (y < 0 || y >= w.height || inside <= 0) continue;
            float *restrict to = target + ((int64_t)y * w.width + x0 + left) * c;
            const float *restrict from = columns + left * c;
            for (int64_t k = 0; k < inside; k++) to[k] += from[k];
        }
    }
}
