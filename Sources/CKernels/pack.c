#include "CKernels.h"
#include <string.h>

void assay_pack_panels(const float *b, int64_t stride, int64_t k, int64_t n, float *panels, int64_t panelStride) {
    const int64_t width = assay_panel_width();
    for (int64_t column = 0; column < n; column += width, panels += panelStride) {
        const int64_t columns = n - column < width ? n - column : width;
        for (int64_t p = 0; p < k; p++) {
            float *to = panels + p * width;
            memcpy(to, b + p * stride + column, columns * sizeof(float));
            if (columns < width) memset(to + columns, 0, (width - columns) * sizeof(float));
        }
    }
}

ASSAY_DISPATCH
void assay_transpose(const float *x, int64_t stride, int64_t rows, int64_t columns, float *restrict y,
                     int64_t yStride) {
    // Squares of 16 x 16 stay in the first cache both ways.
    for (int64_t r0 = 0; r0 < rows; r0 += 16) {
        const int64_t r1 = r0 + 16 < rows ? r0 + 16 : rows;
        for (int64_t c0 = 0; c0 < columns; c0 += 16) {
            const int64_t c1 = c0 + 16 < columns ? c0 + 16 : columns;
            for (int64_t c = c0; c < c1; c++)
                for (int64_t r = r0; r < r1; r++) y[c * yStride + r] = x[r * stride + c];
        }
    }
}
