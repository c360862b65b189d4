#include "colour.h"

#include "CKernels.h"

static uint8_t byte(int32_t value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value); }

// libjpeg's constants: 1.402, 0.34414, 0.71414 and 1.772 in 16 bits.
ASSAY_DISPATCH
void colour_convert(const uint8_t *restrict luma, const uint8_t *restrict blue, const uint8_t *restrict red, size_t count,
                    uint8_t *restrict rgb) {
    for (size_t i = 0; i < count; i++) {
        int32_t y = luma[i] << 16 | 0x8000, b = blue[i] - 128, r = red[i] - 128;
        rgb[3 * i] = byte((y + 91881 * r) >> 16);
        rgb[3 * i + 1] = byte((y - 22554 * b - 46802 * r) >> 16);
        rgb[3 * i + 2] = byte((y + 116130 * b) >> 16);
    }
}
