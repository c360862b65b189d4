#pragma once
#include <stdint.h>

// Loops that Swift cannot vectorise (it may not reassociate float sums) or dispatch by CPU. Stateless; no allocation.
// Feature maps are NHWC: `rows` is N*H*W, `channels` is C, row r channel c at [r * channels + c].

#if defined(__x86_64__) && defined(__linux__)
// By what a CPU can do: a name such as arch=haswell is taken by that CPU alone, and every other gets the default.
#define ASSAY_DISPATCH __attribute__((target_clones("arch=x86-64-v3", "default")))
#define ASSAY_DISPATCH_WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ASSAY_DISPATCH
#define ASSAY_DISPATCH_WIDE
#endif

/// The geometry of one square convolution or pooling. Zero padding on all sides.
typedef struct {
    int32_t height, width, channels;           // of one input image
    int32_t outHeight, outWidth;               // of one output image
    int32_t kernel, stride, padding;
    int32_t images;                            // of a batch
} AssayWindow;

/// What is done to a value as it is read: x * scale[c] + shift[c], then max(0, .) if relu. No scale: nothing.
typedef struct {
    const float *scale, *shift;                // [channels], or both NULL
    int32_t relu;
} AssayAffine;

/// What is done to results [rows, channels] before they are stored: + bias[c] (if not NULL), + residual of the results'
/// shape and row stride (if not NULL; the results' own place allowed), then max(0, .) if relu. Then they and their squares
/// are added to sum[c] and squares[c] (if not NULL). Streamed: where they are whole lines of memory, they are stored past the
/// caches, which need not first read what was there.
typedef struct {
    const float *bias, *residual;
    int32_t relu, isStreamed;
    double *sum, *squares;
} AssayEpilogue;

/// Rows that are wanted next, `length` floats each, `stride` apart: read into the second cache meanwhile. No rows: nothing.
typedef struct {
    const float *at;
    int64_t rows, length, stride;
} AssayStream;

/// Up to two of them, fetched in turn.
typedef struct { AssayStream first, second; } AssayStreams;

/// The epilogue of a part of the results, `row` rows of `stride` values and `column` columns further on.
static inline AssayEpilogue assay_epilogue_at(AssayEpilogue e, int64_t row, int64_t stride, int64_t column) {
    if (e.bias) e.bias += column;
    if (e.residual) e.residual += row * stride + column;
    if (e.sum) { e.sum += column; e.squares += column; }
    return e;
}

// MARK: Products (multiply.c, pack.c)

/// What the products use: 2: AVX-512, 1: AVX2 with fused multiply-add, 0: neither. The environment's ASSAY_VECTOR_LEVEL
/// can lower it, so that one machine tests all; read once.
int32_t assay_vector_level(void);
/// Columns of a panel at this level: 16 or 32.
int64_t assay_panel_width(void);

/// b [k, n], row p at b + p*stride -> panels [ceil(n / width)][k][width], panelStride apart, padded with zeros.
void assay_pack_panels(const float *b, int64_t stride, int64_t k, int64_t n, float *panels, int64_t panelStride);
/// y [columns, rows] = transpose of x [rows, columns]; row strides given.
void assay_transpose(const float *x, int64_t stride, int64_t rows, int64_t columns, float *y, int64_t yStride);

/// c [m, n] (+)= a [m, k] * panels, then the epilogue. Element (i, p) of a at a[i*aRow + p*aColumn], one of the two
/// strides being 1. A panel's rows are panelRow apart: its width, or more where the panels are columns of a matrix that
/// lies as it is, n being a multiple of the width then. Of k = 0 the sums are 0, and nothing is read of a and panels.
void assay_multiply(const float *a, int64_t aRow, int64_t aColumn, const float *panels, int64_t panelStride,
                    int64_t panelRow, int64_t m, int64_t n, int64_t k, float *c, int64_t ldc, int32_t accumulate,
                    AssayEpilogue epilogue, AssayStreams next);

/// c [lines * outWidth, n] = the windows of `lines` lines of outputs * panels, then the epilogue without sums: as
/// assay_gather and assay_multiply, but the windows are read where they lie. strip: the input lines under them, as
/// assay_gather_strip leaves them.
void assay_multiply_windows(const float *strip, int64_t lineStride, AssayWindow w, int64_t lines, const float *panels,
                            int64_t panelStride, int64_t n, float *c, int64_t ldc, AssayEpilogue epilogue);

/// c [kernel*kernel*channels, n] (+)= those windows^T * panels [lines * outWidth, n]: the gradient of the weight.
void assay_multiply_windows_gradient(const float *strip, int64_t lineStride, AssayWindow w, int64_t lines,
                                     const float *panels, int64_t panelStride, int64_t n, float *c, int32_t accumulate);

/// Multiply-adds on registers alone, `rounds` times assay_multiply_add_loop_operations floating-point operations.
float assay_multiply_add_loop(int64_t rounds);
int64_t assay_multiply_add_loop_operations(void);

/// rows: [rowCount, kernel*kernel*channels], `stride` apart; input: [N, height, width, channels], read through f.
/// Row i is the window of output position firstRow + i (counted over N, outHeight, outWidth); padding is zero.
void assay_gather(const float *input, AssayAffine f, AssayWindow w, int64_t firstRow, int64_t rowCount, float *rows,
                  int64_t stride);

/// y [rows, channels], rows `yStride` apart = x, its rows `stride` apart, read through f.
void assay_read_rows(const float *x, int64_t stride, AssayAffine f, int64_t rows, int64_t channels, float *y,
                     int64_t yStride);

/// strip [(lines - 1) * stride + kernel][width + 2 * padding][channels], its lines `lineStride` apart: the input lines
/// under `lines` lines of outputs from `firstLine` on, of the image at `input`, read through f; padding is zero.
void assay_gather_strip(const float *input, AssayAffine f, AssayWindow w, int64_t firstLine, int64_t lines,
                        float *strip, int64_t lineStride);

// MARK: Winograd F(4x4, 3x3) (winograd.c). Positions are the 36 of a transformed tile, positionStride apart.

/// Outputs of the last tile along a side where no four are left, else 0. One that is left over is in a tile of two.
static inline int32_t assay_winograd_edge(int32_t side) { return side % 4 == 3 ? 3 : side % 4 ? 2 : 0; }

/// Whether a tile of so many outputs along an axis has this one of `size` positions. With stride 1, of 6: two outputs are
/// interpolated at 0, +-a and infinity, the first three and the last, three also at b. With stride 2, of 9: two at the first
/// two points and infinity, the fifth, three also at the third; and each output has a product of its own.
static inline int32_t assay_winograd_has_position(int32_t size, int32_t outputs, int32_t position) {
    if (size == 9) {
        if (position > 4) return position - 5 < outputs;
        return position < 2 || position == 4 || outputs == 4 || (outputs == 3 && position == 2);
    }
    return position < 3 || position == 5 || outputs == 4 || (outputs == 3 && position == 3);
}

/// v [36][tileCount, channels], rows `stride` apart = B^T x B of each tile of input [N, height, width, channels].
void assay_winograd_input(const float *input, AssayAffine f, AssayWindow w, int64_t firstTile, int64_t tileCount,
                          float *v, int64_t stride, int64_t positionStride);
/// output [N, outHeight, outWidth, channels] = A^T m A, then the epilogue; m [36][tileCount, channels], rows `stride` apart,
/// a position of the output `outputStride` apart from the next.
void assay_winograd_output(const float *m, int64_t stride, int64_t positionStride, AssayWindow w, int64_t channels,
                           int64_t firstTile, int64_t tileCount, float *output, int64_t outputStride,
                           AssayEpilogue epilogue);
/// panels [36][panel][tileCount][width] = A g A^T of each tile of gradient [N, outHeight, outWidth, channels].
void assay_winograd_output_gradient(const float *gradient, AssayWindow w, int64_t channels, int64_t firstTile,
                                    int64_t tileCount, float *panels, int64_t panelStride, int64_t positionStride);
/// panels [36][panel][rows][width] = G w G^T for rows firstRow... of weight [9][rows, n]; rotated: the taps reversed. For a
/// convolution of this stride, 1 or 2.
void assay_winograd_weight(const float *weight, int64_t tapStride, int64_t rowStride, int32_t stride, int32_t rotated,
                           int64_t firstRow, int64_t rowCount, int64_t n, float *panels, int64_t panelStride,
                           int64_t positionStride);
/// gradient [9][...] at elements first ..< first + count = G^T u G of u [36][...].
void assay_winograd_weight_gradient(const float *u, int64_t positionStride, int32_t stride, int64_t first, int64_t count,
                                    float *gradient, int64_t tapStride);

// MARK: Winograd F(3x3, 4x4) of a 7x7 convolution with stride 2 over up to four channels (winograd_stem.c). Positions are
// the 36 of a transformed tile, positionStride apart; a row of tiles is three lines of outputs of an image.

/// cells [rows][columns][16] of an image: two by two pixels, read through f, then zeros. Cell (0, 0) has the pixels of rows
/// and columns -4 and -3, which are zero.
void assay_stem_cells(const float *image, AssayAffine f, AssayWindow w, int64_t firstRow, int64_t rows, int64_t columns,
                      float *cells);
/// v [36][tiles, 16] = B^T x B of each tile's 6 x 6 cells, of six rows of `columns` cells.
void assay_stem_input(const float *cells, int64_t columns, int64_t tiles, float *v, int64_t positionStride);
/// The outputs of the tiles from `firstLine` of an image on, at `output`: A^T m A of m [36][tiles, channels], then the
/// epilogue, which stands there, too.
void assay_stem_output(const float *m, int64_t positionStride, AssayWindow w, int64_t channels, int64_t firstLine,
                       float *output, AssayEpilogue epilogue);
/// panels [36][panel][tiles][width] = A g A^T of those outputs' gradients, at `gradient`.
void assay_stem_output_gradient(const float *gradient, AssayWindow w, int64_t channels, int64_t firstLine, float *panels,
                                int64_t panelStride, int64_t positionStride);
/// panels [36][panel][4 * channels][width] = G w G^T of weight [7, 7, channels, n].
void assay_stem_weight(const float *weight, int64_t channels, int64_t n, float *panels, int64_t panelStride,
                       int64_t positionStride);
/// gradient [7, 7, channels, n] = G^T u G of u [36][4 * channels, n].
void assay_stem_weight_gradient(const float *u, int64_t positionStride, int64_t channels, int64_t n, float *gradient);

// MARK: A 3x3 convolution with stride 2 (winograd_strided.c). Positions are 81, the one at (i, j) of 9 x 9 being multiplied
// with the weight (min(i, 5), min(j, 5)) of 6 x 6. A tile is 4 x 4 outputs, and 8 x 8 inputs of the data gradient.

void assay_winograd_strided_input(const float *input, AssayAffine f, AssayWindow w, int64_t firstTile,
                                  int64_t tileCount, float *v, int64_t stride, int64_t positionStride);
void assay_winograd_strided_output(const float *m, int64_t stride, int64_t positionStride, AssayWindow w,
                                   int64_t channels, int64_t firstTile, int64_t tileCount, float *output,
                                   int64_t outputStride, AssayEpilogue epilogue);
void assay_winograd_strided_output_gradient(const float *gradient, AssayWindow w, int64_t channels, int64_t firstTile,
                                            int64_t tileCount, float *panels, int64_t panelStride,
                                            int64_t positionStride);
/// v [81][tileCount, channels] of the tiles of gradient [N, outHeight, outWidth, channels], for the data gradient.
void assay_winograd_strided_back_input(const float *gradient, AssayWindow w, int64_t channels, int64_t firstTile,
                                       int64_t tileCount, float *v, int64_t stride, int64_t positionStride);
/// inputGradient [N, height, width, channels], positions `gradientStride` apart, from the products, then the epilogue.
void assay_winograd_strided_back_output(const float *m, int64_t stride, int64_t positionStride, AssayWindow w,
                                        int64_t channels, int64_t firstTile, int64_t tileCount, float *inputGradient,
                                        int64_t gradientStride, AssayEpilogue epilogue);

// MARK: The rest

/// Tells the CPU that the caller waits in a loop.
static inline void assay_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Adds columns [rowCount, kernel*kernel*channels] back into input [N, height, width, channels].
void assay_col2im_add(const float *columns, float *input, AssayWindow w, int64_t firstRow, int64_t rowCount);

/// output [rows, channels] = max over each window of input, read through f; position [rows, channels] (or NULL) = its
/// index in the window (row-major).
void assay_maxpool_forward(const float *input, AssayAffine f, float *output, uint8_t *position, AssayWindow w,
                           int64_t images);
/// inputGradient [lines, width, channels], the lines of one image from firstLine on, (+)= the gradients of the windows whose
/// maximum stood there.
void assay_maxpool_backward(const float *outputGradient, const uint8_t *position, float *inputGradient,
                            int32_t accumulate, AssayWindow w, int64_t firstLine, int64_t lines);

/// sum[c] and squares[c] (double) += those over x [rows, channels], rows `stride` apart.
void assay_batchnorm_sums(const float *x, int64_t stride, int64_t rows, int64_t channels, double *sum, double *squares);
/// y = x * scale[c] + shift[c] (+ residual if not NULL, read through f without its ReLU), then max(0, .) if relu. All
/// [rows, channels].
void assay_batchnorm_apply(const float *x, const float *residual, AssayAffine f, const float *scale, const float *shift, float *y,
                           int64_t rows, int64_t channels, int32_t relu);
/// g = dy where the ReLU after the norm let it through, else 0: where x * scale[c] + shift[c] > 0 if f.relu; else where
/// output > 0 if not NULL; else everywhere. sumG[c] += sum g; sumGX[c] += sum g * (x - mean[c]). All
/// maps [rows, channels], rows `stride` apart.
void assay_batchnorm_gradient_sums(const float *x, const float *dy, const float *output, int64_t stride, AssayAffine f,
                                   const float *mean, int64_t rows, int64_t channels, double *sumG, double *sumGX);
/// dx = a[c] * g + b[c] * (x - mean[c]) + d[c]; dResidual (+)= g if not NULL (added when accumulate). All
/// [rows, channels], dx's rows `dxStride` apart; where that is the channels' number, dx may be dy.
void assay_batchnorm_backward(const float *x, const float *dy, const float *output, AssayAffine f, const float *mean,
                              const float *a, const float *b, const float *d, float *dx, int64_t dxStride,
                              float *dResidual, int32_t accumulate, int64_t rows, int64_t channels);

// With a residual, a ReLU, and its gates as bits (batchnorm_gated.c): gates [rows, channels / 16], bit i of a word being
// whether channel i of its sixteen came through; channels are a multiple of 16. Streamed: results go past the caches.

/// y = max(0, x * scale[c] + shift[c] + residual, read through f without its ReLU), and its gates.
void assay_batchnorm_gated_apply(const float *x, const float *residual, AssayAffine f, const float *scale,
                                 const float *shift, float *y, uint16_t *gates, int64_t rows, int64_t channels,
                                 int32_t isStreamed);
/// As assay_batchnorm_gradient_sums, g being dy where the gates are open.
void assay_batchnorm_gated_sums(const float *x, const float *dy, const uint16_t *gates, int64_t stride,
                                const float *mean, int64_t rows, int64_t channels, double *sumG, double *sumGX);
/// As assay_batchnorm_backward.
void assay_batchnorm_gated_backward(const float *x, const float *dy, const uint16_t *gates, const float *mean,
                                    const float *a, const float *b, const float *d, float *dx, int64_t dxStride,
                                    float *dResidual, int32_t accumulate, int64_t rows, int64_t channels,
                                    int32_t isStreamed);

/// The epilogue, but for its sums, over y [rows, channels], rows `stride` apart.
void assay_epilogue(float *y, AssayEpilogue epilogue, int64_t rows, int64_t channels, int64_t stride);

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

// MARK: Gradients and averages (gradient.c), over count values

/// y += share * (x - y).
void assay_move_towards(float *y, const float *x, float share, int64_t count);
/// y = scale * x; y may be x.
void assay_scale(const float *x, float scale, float *y, int64_t count);
/// The sum of squares, in double, in the order of the vector unit: give it pieces whose ends do not depend on threads.
double assay_square_sum(const float *x, int64_t count);

// MARK: Pictures (resize.c, resize_rows.c)

/// Bits of a weight, and how many of them are the lower half of one.
enum { ASSAY_RESIZE_PRECISION = 22, ASSAY_RESIZE_LOWER = 11 };

/// For each of `size` output pixels along an axis: its first input pixel, how many there are, and their weights of
/// ASSAY_RESIZE_PRECISION bits after the point, [size, window], `window` a multiple of four and the weights beyond the count 0.
typedef struct {
    const int32_t *first, *count, *weights;
    int64_t window, size;
} AssayResizing;

/// source [rows, width, 3] -> result [rows, size, 3], from right to left if mirrored.
/// halves: [size, window / 4, 2, 4], the upper and then the lower halves of four weights.
void assay_resize_rows(const uint8_t *source, int64_t rows, int64_t width, AssayResizing r, const int16_t *halves,
                       int32_t mirrored, uint8_t *result);
/// source [height, stride] -> result [size, stride].
void assay_resize_columns(const uint8_t *source, int64_t stride, AssayResizing r, uint8_t *result);
/// pixels [count, 3] -> y [count, 3] = pixel * scale[c] + shift[c].
void assay_normalise(const uint8_t *pixels, int64_t count, const float *scale, const float *shift, float *y);
