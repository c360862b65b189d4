#pragma once
#include <stdint.h>

enum { LOOK = 10, LOOKS = 1 << LOOK, BLOCK_END = 64 };

/// One symbol, as the next LOOK bits tell it. Bits 0-4: length of its code and the number after that; bits 5-8: length of
/// the number; bits 9-15: by how much the zigzag index moves on, BLOCK_END for the block's end. 0: a longer code, or none.
typedef uint16_t symbol;

static inline int symbol_length(symbol found) { return found & 31; }
static inline int symbol_size(symbol found) { return found >> 5 & 15; }
static inline int symbol_advance(symbol found) { return found >> 9; }

/// One or two numbers, as the next LOOK bits tell them whole, and the block's end if that comes then; of a DC table one.
/// Bits 0-7: the first number; 8-15: the second, 0 if there is none; 16-19: by how much the zigzag index moves on to the
/// first; 20-26: from there to the second; 27: whether the block ends; 28-31: length of all of it. 0 if this is a matter of
/// one symbol at a time.
typedef uint32_t pair;

/// A step of the index, and what a block's end adds to the second.
enum { PAIR_LARGEST_STEP = 15, PAIR_END = 128 };

static inline int32_t pair_number(pair found) { return (int8_t)found; }
static inline uint32_t pair_step(pair found) { return found >> 16 & 15; }
static inline uint32_t pair_second_step(pair found) { return found >> 20 & 255; }
static inline int pair_length(pair found) { return (int)(found >> 28); }

struct huffman {
    symbol one[LOOKS];
    /// Of an AC table: as many whole symbols as LOOK bits tell, up to a block's end: bits 0-4 and 9-15 as those of one.
    symbol many[LOOKS];
    pair pairs[LOOKS];
    /// By length of code: the first code that is longer, left-aligned to 16 bits.
    int32_t limit[17];
    /// By length of code: what to add to one for the place of its symbol.
    int32_t place[17];
    const uint8_t *symbols;
};

/// counts: [16], how many codes have each length. symbols: [sum of counts], referred to.
/// Returns 0 if they make no DC or AC table of a baseline JPEG.
int huffman_make(struct huffman *table, const uint8_t *counts, const uint8_t *symbols, int is_ac);

/// The symbol of a code longer than LOOK. bits: the next ones, left-aligned. Returns 0 if there is none.
symbol huffman_long_code(const struct huffman *table, uint64_t bits, int is_ac);

/// The number that `bits`, left-aligned, begin with; F.2.2.1 of T.81: its first bit is 0 if it is negative. size: 0...16.
static inline int32_t huffman_number(uint64_t bits, int size) {
    int32_t number = (int32_t)(bits >> 1 >> (63 - size));
    return bits >> 63 ? number : number - (1 << size) + 1;
}
