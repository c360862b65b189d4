#include "CPNGRows.h"

#include <png.h>
#include <stdio.h>
#include <string.h>

struct source {
    const uint8_t *bytes;
    size_t count;
    size_t at;
    char *message;
    size_t capacity;
};

static void copy_bytes(png_structp png, png_bytep target, size_t length) {
    struct source *source = png_get_io_ptr(png);
    if (length > source->count - source->at) png_error(png, "the data end early");
    memcpy(target, source->bytes + source->at, length);
    source->at += length;
}

static void fail(png_structp png, png_const_charp reason) {
    struct source *source = png_get_error_ptr(png);
    snprintf(source->message, source->capacity, "%s", reason);
    png_longjmp(png, 1);
}

// What is odd in other chunks does not change a pixel; in the pixels' own, part of them may be lost.
static void warn(png_structp png, png_const_charp reason) {
    if (strncmp(reason, "IDAT", 4) == 0) fail(png, reason);
}

// No variable that changes after setjmp is read after the jump.
static int read_rows(png_structp png, png_infop info, uint32_t width, uint32_t height, uint8_t *rgba) {
    if (setjmp(png_jmpbuf(png))) return 0;
    // Ancillary chunks, but for tRNS, are neither kept nor inflated.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_user_limits(png, width, height);
    png_read_info(png, info);
    if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height)
        png_error(png, "the size is not the header's");
    png_set_expand(png);
    png_set_strip_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != (size_t)width * 4) png_error(png, "the rows are not RGBA");
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t row = 0; row < height; row++) png_read_row(png, rgba + (size_t)row * width * 4, NULL);
    png_read_end(png, NULL);
    return 1;
}

int png_rows_read(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgba, char *message,
                  size_t capacity) {
    struct source source = {bytes, count, 0, message, capacity};
    snprintf(message, capacity, "no memory for a decoder");
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, fail, warn);
    if (!png) return 0;
    png_infop info = png_create_info_struct(png);
    int done = 0;
    if (info) {
        png_set_read_fn(png, &source, copy_bytes);
        done = read_rows(png, info, width, height, rgba);
    }
    png_destroy_read_struct(&png, &info, NULL);
    return done;
}
