/* The loop in both precisions, and its entry points; included with VARIANT(x) and WIDTH defined.

   WIDTH is how many doubles a register of the processor holds. Bits do not depend on it. */

#define LANES 8
#include "lanes.h"
#undef LANES
#define LANES 4
#include "lanes.h"

#define REAL double
#define STRIPS (WIDTH / 2)
#define INT int64_t
#define UINT uint64_t
#define ROOT __builtin_sqrt
#define EXPONENT 0x7ff0000000000000u
#define LEAST_EXPONENT 0x0010000000000000u
#define SIGN 0x8000000000000000u
#define NAME(x) VARIANT(x##_double)
#include "loop.h"

#define REAL float
#define STRIPS WIDTH
#define INT int32_t
#define UINT uint32_t
#define ROOT __builtin_sqrtf
#define EXPONENT 0x7f800000u
#define LEAST_EXPONENT 0x00800000u
#define SIGN 0x80000000u
#define NAME(x) VARIANT(x##_float)
#include "loop.h"

EXPORT void VARIANT(bpgui_train_double)(const Plan *plan, Call *call) {
    VARIANT(train_double)(plan, call);
}

EXPORT void VARIANT(bpgui_train_float)(const Plan *plan, Call *call) {
    VARIANT(train_float)(plan, call);
}

/* For `count` rows of numbers, each `stride` after the one before: of each bin, which begins at its
   edge, the member of largest size. */
#define FOLD(name, REAL)                                                                         \
    EXPORT void VARIANT(bpgui_fold_##name)(const REAL *rows, int64_t stride, int64_t count,      \
                                           const int64_t *edges, int64_t bins, REAL *out) {      \
        for (int64_t i = 0; i < count; i++, rows += stride, out += bins)                         \
            for (int64_t j = 0; j < bins; j++)                                                   \
                out[j] = VARIANT(largest_##name)(rows + edges[j], edges[j + 1] - edges[j]);      \
    }
FOLD(double, double)
FOLD(float, float)
#undef FOLD

/* And of the first `length` numbers of each the sum of the squares. */
#define SQUARES(name, REAL)                                                                      \
    EXPORT void VARIANT(bpgui_squares_##name)(const REAL *rows, int64_t stride, int64_t count,   \
                                              int64_t length, double *out) {                     \
        for (int64_t i = 0; i < count; i++, rows += stride)                                      \
            out[i] = VARIANT(squares_##name)(rows, length);                                      \
    }
SQUARES(double, double)
SQUARES(float, float)
#undef SQUARES

/* One of the functions of lanes.h on `count` numbers, a multiple of 4, in place. */
EXPORT void VARIANT(bpgui_apply)(int64_t function, double *values, int64_t count) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        VARIANT(D_8) x;
        __builtin_memcpy(&x, values + i, sizeof x);
        x = VARIANT(applied_8)(function, x);
        __builtin_memcpy(values + i, &x, sizeof x);
    }
    for (; i < count; i += 4) {
        D x;
        __builtin_memcpy(&x, values + i, sizeof x);
        x = applied(function, x);
        __builtin_memcpy(values + i, &x, sizeof x);
    }
}

#undef VARIANT
#undef LANES
#undef WIDTH
