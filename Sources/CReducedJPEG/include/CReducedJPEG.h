#pragma once
#include <stddef.h>
#include <stdint.h>

/// Decodes a usual JPEG (baseline, 8 bits, one scan, grey or YCbCr) straight at a half, a quarter or an eighth.
///
/// The decoder of libjpeg-turbo reads every coefficient, also where it is asked for a reduced picture. This one decodes those
/// which such a picture shows and steps over the others, several with one look at a table.
///
/// bytes: [count], the whole file.
/// divisor: 2, 4 or 8.
/// width, height: those of the picture in whole; the frame's own must be these.
/// rgb: [ceil(height / divisor) x ceil(width / divisor) x 3], rows from the top.
/// Returns 1, or 0 for every other kind of file and for any damage; then rgb holds a part of the picture or nothing, and
/// libjpeg-turbo is the one to decode the file or to say what is wrong.
int reduced_jpeg_read(const uint8_t *bytes, size_t count, int divisor, uint32_t width, uint32_t height, uint8_t *rgb);
