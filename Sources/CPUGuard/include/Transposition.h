#ifndef TRANSPOSITION_H
#define TRANSPOSITION_H

// Square blocks of a matrix, written transposed: row r of the source becomes column r of the target; strides count values. Swift's vectors
// have no shuffles.
//
// A piece of 128 bits has `width` values, 4 of float and 2 of double, and a vector 2 or 4 pieces. For so many columns of the source at a
// time, vector j is loaded piece by piece from rows j, j + width, j + 2 width and so on; exchanging values between the vectors, within
// pieces, then leaves a row of the target in each. Loading pieces costs no shuffle, which are what a processor does one a cycle.

#define BNEXP_VECTOR(type, lanes) type __attribute__((ext_vector_type(lanes), aligned(sizeof(type))))
typedef BNEXP_VECTOR(float, 4) bnexp_float_4;
typedef BNEXP_VECTOR(float, 8) bnexp_float_8;
typedef BNEXP_VECTOR(float, 16) bnexp_float_16;
typedef BNEXP_VECTOR(double, 2) bnexp_double_2;
typedef BNEXP_VECTOR(double, 4) bnexp_double_4;
typedef BNEXP_VECTOR(double, 8) bnexp_double_8;

#define BNEXP_UNROLL _Pragma("clang loop unroll(full)")
#define BNEXP_JOIN __builtin_shufflevector
#define BNEXP_TWO_FLOAT_PIECES(a, b) BNEXP_JOIN(a, b, 0, 1, 2, 3, 4, 5, 6, 7)
#define BNEXP_FOUR_FLOAT_PIECES(a, b, c, d) \
    BNEXP_JOIN(BNEXP_TWO_FLOAT_PIECES(a, b), BNEXP_TWO_FLOAT_PIECES(c, d), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define BNEXP_TWO_DOUBLE_PIECES(a, b) BNEXP_JOIN(a, b, 0, 1, 2, 3)
#define BNEXP_FOUR_DOUBLE_PIECES(a, b, c, d) \
    BNEXP_JOIN(BNEXP_TWO_DOUBLE_PIECES(a, b), BNEXP_TWO_DOUBLE_PIECES(c, d), 0, 1, 2, 3, 4, 5, 6, 7)

#define BNEXP_LOAD_float_8(row) BNEXP_TWO_FLOAT_PIECES(BNEXP_PIECE(bnexp_float_4, row), BNEXP_PIECE(bnexp_float_4, row + 4))
#define BNEXP_LOAD_float_16(row) \
    BNEXP_FOUR_FLOAT_PIECES(BNEXP_PIECE(bnexp_float_4, row), BNEXP_PIECE(bnexp_float_4, row + 4), \
                            BNEXP_PIECE(bnexp_float_4, row + 8), BNEXP_PIECE(bnexp_float_4, row + 12))
#define BNEXP_LOAD_double_4(row) BNEXP_TWO_DOUBLE_PIECES(BNEXP_PIECE(bnexp_double_2, row), BNEXP_PIECE(bnexp_double_2, row + 2))
#define BNEXP_LOAD_double_8(row) \
    BNEXP_FOUR_DOUBLE_PIECES(BNEXP_PIECE(bnexp_double_2, row), BNEXP_PIECE(bnexp_double_2, row + 2), \
                             BNEXP_PIECE(bnexp_double_2, row + 4), BNEXP_PIECE(bnexp_double_2, row + 6))
#define BNEXP_PIECE(piece, row) (*(const piece *)(source + (row) * stride + k))

// The first or second half of each piece of a beside that of b: single values, and pairs of float.
#define BNEXP_LOW_float_8(a, b) BNEXP_JOIN(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define BNEXP_HIGH_float_8(a, b) BNEXP_JOIN(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define BNEXP_LOW_PAIRS_float_8(a, b) BNEXP_JOIN(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define BNEXP_HIGH_PAIRS_float_8(a, b) BNEXP_JOIN(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define BNEXP_LOW_float_16(a, b) BNEXP_JOIN(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define BNEXP_HIGH_float_16(a, b) BNEXP_JOIN(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define BNEXP_LOW_PAIRS_float_16(a, b) BNEXP_JOIN(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define BNEXP_HIGH_PAIRS_float_16(a, b) BNEXP_JOIN(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define BNEXP_LOW_double_4(a, b) BNEXP_JOIN(a, b, 0, 4, 2, 6)
#define BNEXP_HIGH_double_4(a, b) BNEXP_JOIN(a, b, 1, 5, 3, 7)
#define BNEXP_LOW_double_8(a, b) BNEXP_JOIN(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define BNEXP_HIGH_double_8(a, b) BNEXP_JOIN(a, b, 1, 9, 3, 11, 5, 13, 7, 15)

#define BNEXP_TRANSPOSE_FLOAT(lanes) \
    __attribute__((always_inline)) static inline void bnexp_transpose_float_##lanes( \
        const float *source, long stride, float *target, long target_stride) { \
        BNEXP_UNROLL for (long k = 0; k < lanes; k += 4) { \
            bnexp_float_##lanes a = BNEXP_LOAD_float_##lanes(0), b = BNEXP_LOAD_float_##lanes(1); \
            bnexp_float_##lanes c = BNEXP_LOAD_float_##lanes(2), d = BNEXP_LOAD_float_##lanes(3); \
            bnexp_float_##lanes low_ab = BNEXP_LOW_float_##lanes(a, b), high_ab = BNEXP_HIGH_float_##lanes(a, b); \
            bnexp_float_##lanes low_cd = BNEXP_LOW_float_##lanes(c, d), high_cd = BNEXP_HIGH_float_##lanes(c, d); \
            float *row = target + k * target_stride; \
            *(bnexp_float_##lanes *)row = BNEXP_LOW_PAIRS_float_##lanes(low_ab, low_cd); \
            *(bnexp_float_##lanes *)(row + target_stride) = BNEXP_HIGH_PAIRS_float_##lanes(low_ab, low_cd); \
            *(bnexp_float_##lanes *)(row + 2 * target_stride) = BNEXP_LOW_PAIRS_float_##lanes(high_ab, high_cd); \
            *(bnexp_float_##lanes *)(row + 3 * target_stride) = BNEXP_HIGH_PAIRS_float_##lanes(high_ab, high_cd); \
        } \
    }
#define BNEXP_TRANSPOSE_DOUBLE(lanes) \
    __attribute__((always_inline)) static inline void bnexp_transpose_double_##lanes( \
        const double *source, long stride, double *target, long target_stride) { \
        BNEXP_UNROLL for (long k = 0; k < lanes; k += 2) { \
            bnexp_double_##lanes a = BNEXP_LOAD_double_##lanes(0), b = BNEXP_LOAD_double_##lanes(1); \
            *(bnexp_double_##lanes *)(target + k * target_stride) = BNEXP_LOW_double_##lanes(a, b); \
            *(bnexp_double_##lanes *)(target + (k + 1) * target_stride) = BNEXP_HIGH_double_##lanes(a, b); \
        } \
    }
BNEXP_TRANSPOSE_FLOAT(8)
BNEXP_TRANSPOSE_FLOAT(16)
BNEXP_TRANSPOSE_DOUBLE(4)
BNEXP_TRANSPOSE_DOUBLE(8)

#endif
