#include "huffman.h"

#include <string.h>

// Of a DC table the advance means nothing. 0 for what no baseline JPEG has.
static symbol make_symbol(int code, int length, int is_ac) {
    int size = code & 15, run = code >> 4, advance = code == 0 ? BLOCK_END : run + 1;
    if (is_ac ? size == 0 && run != 0 && run != 15 : run != 0) return 0;
    return (symbol)((length + size) | size << 5 | advance << 9);
}

static symbol make_many(const struct huffman *table, int index) {
    int length = 0, advance = 0;
    while (length < LOOK && advance < BLOCK_END) {
        symbol found = table->one[index << length & (LOOKS - 1)];
        int code = symbol_length(found) - symbol_size(found), next = symbol_advance(found);
        // The bits of a number may lie outside; those of a code are what tells it.
        if (found == 0 || length + code > LOOK || (next < BLOCK_END && advance + next >= BLOCK_END)) break;
        length += symbol_length(found);
        advance += next;
    }
    return (symbol)(length | advance << 9);
}

static pair make_pair(const struct huffman *table, int index, int is_ac) {
    uint32_t pair = 0;
    int length = 0, ends = 0;
    // After two numbers there may be the block's end.
    for (int place = 0; place <= 2 * is_ac && !ends; place++) {
        int bits = index << length & (LOOKS - 1);
        symbol found = table->one[bits];
        int size = symbol_size(found), step = is_ac ? symbol_advance(found) : 0;
        if (found == 0 || length + symbol_length(found) > LOOK) break;
        ends = step == BLOCK_END;
        if (!ends) {
            if (place == 2 || step > PAIR_LARGEST_STEP || size > 7) break;
            int number_at = 64 - LOOK + symbol_length(found) - size;
            int number = size == 0 ? 0 : huffman_number((uint64_t)bits << number_at, size);
            pair |= (uint32_t)(uint8_t)number << 8 * place | (uint32_t)step << (16 + 4 * place);
        }
        length += symbol_length(found);
    }
    if (ends) pair |= (uint32_t)PAIR_END << 20;
    return length == 0 ? 0 : pair | (uint32_t)length << 28;
}

int huffman_make(struct huffman *table, const uint8_t *counts, const uint8_t *symbols, int is_ac) {
    memset(table->one, 0, sizeof table->one);
    table->symbols = symbols;
    int code = 0, at = 0;
    for (int length = 1; length <= 16; length++, code <<= 1) {
        table->place[length] = at - code;
        for (int end = at + counts[length - 1]; at < end; at++, code++) {
            if (code >= 1 << length) return 0;
            symbol found = make_symbol(symbols[at], length, is_ac);
            if (found == 0) return 0;
            for (int i = 0; length <= LOOK && i < 1 << (LOOK - length); i++)
                table->one[(code << (LOOK - length)) + i] = found;
        }
        table->limit[length] = code << (16 - length);
    }
    for (int index = 0; index < LOOKS; index++) {
        table->many[index] = is_ac ? make_many(table, index) : 0;
        table->pairs[index] = make_pair(table, index, is_ac);
    }
    return 1;
}

symbol huffman_long_code(const struct huffman *table, uint64_t bits, int is_ac) {
    int32_t next = (int32_t)(bits >> 48);
    for (int length = LOOK + 1; length <= 16; length++)
        if (next < table->limit[length])
            return make_symbol(table->symbols[(next >> (16 - length)) + table->place[length]], length, is_ac);
    return 0;
}
