#pragma once
#include <stddef.h>
#include <stdint.h>

/// JFIF's YCbCr to RGB. luma, blue, red: [count]. rgb: [count x 3].
void colour_convert(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, size_t count, uint8_t *rgb);
