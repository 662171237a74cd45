// ICU's data without items, in place of the 34 MB that Foundation brings: texts, calendars and collations of all languages, none of which bnexp asks for.
// The layout is that of a "CmnD" file: the header, then a table of contents of length 0. https://unicode-org.github.io/icu/userguide/icu_data/
#include <stdint.h>

const struct {
    uint16_t header_size;
    uint8_t magic[2];
    uint16_t info_size, reserved_word;
    uint8_t is_big_endian, charset_family, size_of_char, reserved_byte;
    uint8_t data_format[4], format_version[4], data_version[4];
    uint8_t padding[8];
    uint32_t count;
} ICU_DATA __attribute__((aligned(16))) = {32, {0xda, 0x27}, 20, 0, 0, 0, 2, 0, {'C', 'm', 'n', 'D'}, {1, 0, 0, 0}, {0, 0, 0, 0}, {0}, 0};
