#pragma once
#include <stddef.h>
#include <stdint.h>

/// Decodes a PNG in memory to 8-bit RGBA. libpng reports errors by longjmp, which Swift cannot host; it stays in here.
///
/// Of 16-bit samples the high byte is kept; grey is repeated, palettes and tRNS are expanded, and colours are not
/// converted whatever gAMA, sRGB or iCCP say.
///
/// bytes: [count]. rgba: [height x width x 4], rows from the top, alpha not premultiplied.
/// width, height: as in the header; the image's own must be these.
/// message: [capacity], ended by 0; the reason of a failure.
/// Returns 1, or 0 after a failure; then rgba holds a part of the image or nothing.
int png_rows_read(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgba, char *message,
                  size_t capacity);
