#pragma once
#include <stdint.h>

// Float loops that Swift cannot vectorise (it may not reassociate sums) or dispatch by CPU. Stateless; no allocation.
// Feature maps are NHWC: `rows` is N*H*W, `channels` is C, row r channel c at [r * channels + c].

#if defined(__x86_64__) && defined(__linux__)
#define ASSAY_DISPATCH __attribute__((target_clones("arch=haswell", "default")))
#else
#define ASSAY_DISPATCH
#endif

/// The geometry of one square convolution or pooling. Zero padding on all sides.
typedef struct {
    int32_t height, width, channels;           // of one input image
    int32_t outHeight, outWidth;               // of one output image
    int32_t kernel, stride, padding;
} AssayWindow;

/// columns: [rowCount, kernel*kernel*channels]; input: [N, height, width, channels].
/// Row i is the window of output position firstRow + i (counted over N, outHeight, outWidth).
void assay_im2col(const float *input, float *columns, AssayWindow w, int64_t firstRow, int64_t rowCount);

/// As assay_im2col for one tap (ky, kx) and the channels channelFirst ..< +channelCount: columns [rowCount, channelCount].
void assay_im2col_tap(const float *input, float *columns, AssayWindow w, int32_t ky, int32_t kx,
                      int32_t channelFirst, int32_t channelCount, int64_t firstRow, int64_t rowCount);

/// Adds columns [rowCount, kernel*kernel*channels] back into input [N, height, width, channels].
void assay_col2im_add(const float *columns, float *input, AssayWindow w, int64_t firstRow, int64_t rowCount);

/// output [rows, channels] = max over each window; position [rows, channels] = its index in the window (row-major).
void assay_maxpool_forward(const float *input, float *output, uint8_t *position, AssayWindow w, int64_t images);
/// inputGradient [images, height, width, channels] must be zeroed; gradients are added where the maximum was.
void assay_maxpool_backward(const float *outputGradient, const uint8_t *position, float *inputGradient,
                            AssayWindow w, int64_t images);

/// sum[c] and squares[c] (double) over x [rows, channels]; overwritten.
void assay_batchnorm_sums(const float *x, int64_t rows, int64_t channels, double *sum, double *squares);
/// y = x * scale[c] + shift[c] (+ residual if not NULL), then max(0, .) if relu. All [rows, channels].
void assay_batchnorm_apply(const float *x, const float *residual, const float *scale, const float *shift, float *y,
                           int64_t rows, int64_t channels, int32_t relu);
/// g = dy where (output NULL or output > 0), else 0. sumG[c] = sum g; sumGX[c] = sum g * (x - mean[c]); overwritten.
void assay_batchnorm_gradient_sums(const float *x, const float *dy, const float *output, const float *mean,
                                   int64_t rows, int64_t channels, double *sumG, double *sumGX);
/// dx = a[c] * g + b[c] * (x - mean[c]) + d[c]; dResidual (+)= g if not NULL (added when accumulate). All [rows, channels].
void assay_batchnorm_backward(const float *x, const float *dy, const float *output, const float *mean,
                              const float *a, const float *b, const float *d, float *dx, float *dResidual,
                              int32_t accumulate, int64_t rows, int64_t channels);

/// y [rows, channels] += bias[c] (if not NULL) + residual (if not NULL); then max(0, .) if relu.
void assay_epilogue(float *y, const float *bias, const float *residual, int64_t rows, int64_t channels, int32_t relu);

/// y = max(0, x), count elements.
void assay_relu(const float *x, float *y, int64_t count);
/// dx (+)= dy where y > 0.
void assay_relu_backward(const float *y, const float *dy, float *dx, int32_t accumulate, int64_t count);
/// y = a + b.
void assay_sum(const float *a, const float *b, float *y, int64_t count);
/// y (+)= x.
void assay_accumulate(const float *x, float *y, int32_t accumulate, int64_t count);
/// sum[c] (double) over x [rows, channels]; overwritten.
void assay_column_sums(const float *x, int64_t rows, int64_t channels, double *sum);

/// average [channels] over x [rows, channels].
void assay_global_average(const float *x, float *average, int64_t rows, int64_t channels);
/// maximum [channels] over x [rows, channels] and the row where it is first met.
void assay_global_maximum(const float *x, float *maximum, int32_t *position, int64_t rows, int64_t channels);

/// Adam with decoupled weight decay as fastai has it, over count values:
/// p *= decay; avg = momentum*avg + (1-momentum)*g; sq = squareMomentum*sq + (1-squareMomentum)*g*g;
/// p -= step * avg / (sqrt(sq * squareCorrection) + epsilon).
void assay_adam(float *p, const float *g, float *average, float *squares, int64_t count, float decay, float momentum,
                float squareMomentum, float step, float squareCorrection, float epsilon);
