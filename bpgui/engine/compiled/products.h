/* The matrix products of loop.h. Each is done in blocks that fit the registers: of up to UNITS
   units, and STRIPS vectors of 4 samples. */

#define UNITS (WIDTH == 8 ? 8 : 4)

#undef LANES
#define LANES 32
#include "block.h"
#undef LANES
#define LANES 16
#include "block.h"
#undef LANES
#define LANES 8
#include "block.h"
#undef LANES
#define LANES 4
#include "block.h"

/* product(w, layer, in, out, padded, first, last) of all samples, in strips of as many as fit. */
#define STRIP(product, samples)                                                                  \
    for (; samples <= 4 * STRIPS && p + samples <= padded; p += samples)                         \
        NAME(product##_##samples)(w, layer, in + p, out + p, padded, first, last);

#define ALL_STRIPS(product)                                                                      \
    int64_t p = 0;                                                                               \
    STRIP(product, 32)                                                                           \
    STRIP(product, 16)                                                                           \
    STRIP(product, 8)                                                                            \
    STRIP(product, 4)

/* Rows `first` to `last` - 1 of z = W a. */
static void NAME(forward)(const Layer *layer, const REAL *w, const REAL *in, REAL *out,
                          int64_t padded, int64_t first, int64_t last) {
    ALL_STRIPS(forward)
}

/* The same of dL/da of the layer before, W^T delta without the biases. */
static void NAME(back)(const Layer *layer, const REAL *w, const REAL *in, REAL *out,
                       int64_t padded, int64_t first, int64_t last) {
    ALL_STRIPS(back)
}

#undef ALL_STRIPS
#undef STRIP

/* Samples of four sources, or four times those of one. */
typedef REAL NAME(Q) __attribute__((vector_size(16 * sizeof(REAL)), aligned(4 * sizeof(REAL))));

#define Q NAME(Q)

INLINE Q NAME(four)(const REAL *a, int64_t padded) {
    typedef REAL H __attribute__((vector_size(8 * sizeof(REAL))));
    V v[4] = {LOAD(a), LOAD(a + padded), LOAD(a + 2 * padded), LOAD(a + 3 * padded)};
    H low = __builtin_shufflevector(v[0], v[1], 0, 1, 2, 3, 4, 5, 6, 7);
    H high = __builtin_shufflevector(v[2], v[3], 0, 1, 2, 3, 4, 5, 6, 7);
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

INLINE Q NAME(repeated)(V v) {
    return __builtin_shufflevector(v, v, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
}

/* The sums of each four lanes of two, (0 + 1) + (2 + 3). */
INLINE void NAME(sums_of_two)(Q a, Q b, REAL *to_a, REAL *to_b) {
    typedef REAL H __attribute__((vector_size(8 * sizeof(REAL))));
    Q even = __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14,
                                     30);
    Q odd = __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15,
                                    31);
    Q pairs = even + odd;
    H sums = __builtin_shufflevector(pairs, pairs, 0, 1, 8, 9, 4, 5, 12, 13)
             + __builtin_shufflevector(pairs, pairs, 2, 3, 10, 11, 6, 7, 14, 15);
    *(U *)to_a = __builtin_shufflevector(sums, sums, 0, 4, 2, 6);
    *(U *)to_b = __builtin_shufflevector(sums, sums, 1, 5, 3, 7);
}

/* What becomes of the sums over samples that make a gradient, each four, of every fourth sample.
   Where a batch is looked at in panels they stay in `sums` (size, 4) from one to the next, which
   begins with the first; else that is NULL, and they are added up at once. */
typedef struct {
    REAL *sums;
    int begins;
} NAME(Kept);

/* The sums of each four lanes of the samples of four sources or units: (0 + 1) + (2 + 3). */
INLINE V NAME(sums_of_four)(Q q) {
    typedef REAL H __attribute__((vector_size(8 * sizeof(REAL))));
    H pairs = __builtin_shufflevector(q, q, 0, 2, 4, 6, 8, 10, 12, 14)
              + __builtin_shufflevector(q, q, 1, 3, 5, 7, 9, 11, 13, 15);
    return __builtin_shufflevector(pairs, pairs, 0, 2, 4, 6)
           + __builtin_shufflevector(pairs, pairs, 1, 3, 5, 7);
}

/* `count` rows and 4 `quads` columns of G = delta a^T, the first at `place`; count is even or 1. */
INLINE void NAME(outer_block)(const REAL *delta, const REAL *a, REAL *gradient, NAME(Kept) kept,
                              int64_t place, int64_t columns, int64_t padded, int count,
                              int quads) {
    Q total[8][2], sources[2];
    int64_t p = 0;
    if (kept.sums && !kept.begins) {
        for (int j = 0; j < count; j++)
            for (int i = 0; i < quads; i++)
                total[j][i] = *(const Q *)(kept.sums + 4 * (place + j * columns + 4 * i));
    } else {
        for (int i = 0; i < quads; i++) sources[i] = NAME(four)(a + 4 * i * padded, padded);
        for (int j = 0; j < count; j++)
            for (int i = 0; i < quads; i++)
                total[j][i] = NAME(repeated)(LOAD(delta + j * padded)) * sources[i];
        p = 4;
    }
    for (; p < padded; p += 4) {
        for (int i = 0; i < quads; i++) sources[i] = NAME(four)(a + 4 * i * padded + p, padded);
        for (int j = 0; j < count; j++)
            for (int i = 0; i < quads; i++)
                total[j][i] += NAME(repeated)(LOAD(delta + j * padded + p)) * sources[i];
    }
    if (kept.sums) {
        for (int j = 0; j < count; j++)
            for (int i = 0; i < quads; i++)
                *(Q *)(kept.sums + 4 * (place + j * columns + 4 * i)) = total[j][i];
        return;
    }
    gradient += place;
    for (int i = 0; i < quads; i++, gradient += 4) {
        if (count == 1) *(U *)gradient = NAME(sums_of_four)(total[0][i]);
        for (int j = 0; j + 2 <= count; j += 2)
            NAME(sums_of_two)(total[j][i], total[j + 1][i], gradient + j * columns,
                              gradient + (j + 1) * columns);
    }
}

/* One entry of G, or of the sums for the biases where there is no `a`. */
INLINE void NAME(outer_entry)(const REAL *delta, const REAL *a, REAL *gradient, NAME(Kept) kept,
                              int64_t place, int64_t padded) {
    V total;
    int64_t p = 0;
    if (kept.sums && !kept.begins) total = LOAD(kept.sums + 4 * place);
    else total = a ? LOAD(delta) * LOAD(a) : LOAD(delta), p = 4;
    for (; p < padded; p += 4) total += a ? LOAD(delta + p) * LOAD(a + p) : LOAD(delta + p);
    if (kept.sums) STORE(kept.sums + 4 * place, total);
    else gradient[place] = sum(total);
}

/* `count` rows of G, the first at `place`, without the biases. */
INLINE void NAME(outer_rows)(const Layer *layer, const REAL *delta, const REAL *a, REAL *gradient,
                             NAME(Kept) kept, int64_t place, int64_t padded, int count) {
    int64_t inputs = layer->inputs, columns = inputs + layer->bias, k = 0;
    for (; WIDTH == 8 && k + 8 <= inputs; k += 8)
        NAME(outer_block)(delta, a + k * padded, gradient, kept, place + k, columns, padded, count,
                          2);
    for (; k + 4 <= inputs; k += 4)
        NAME(outer_block)(delta, a + k * padded, gradient, kept, place + k, columns, padded, count,
                          1);
    for (int j = 0; j < count; j++)
        for (int64_t i = k; i < inputs; i++)
            NAME(outer_entry)(delta + j * padded, a + i * padded, gradient, kept,
                              place + j * columns + i, padded);
}

/* The sums of delta for the biases of units `j` to `last` - 1. */
INLINE void NAME(bias_sums)(const Layer *layer, const REAL *delta, REAL *gradient, NAME(Kept) kept,
                            int64_t padded, int64_t j, int64_t last) {
    int64_t columns = layer->inputs + 1, place = layer->weights + layer->inputs;
    for (; !kept.sums && j + 4 <= last; j += 4) {
        Q total = NAME(four)(delta + j * padded, padded);
        for (int64_t p = 4; p < padded; p += 4) total += NAME(four)(delta + j * padded + p, padded);
        V sums = NAME(sums_of_four)(total);
        for (int i = 0; i < 4; i++) gradient[place + (j + i) * columns] = sums[i];
    }
    for (; j < last; j++)
        NAME(outer_entry)(delta + j * padded, 0, gradient, kept, place + j * columns, padded);
}

/* Rows `first` to `last` - 1 of G = delta a^T. */
INLINE void NAME(outer_kept)(const Layer *layer, const REAL *delta, const REAL *a, REAL *gradient,
                             NAME(Kept) kept, int64_t padded, int64_t first, int64_t last) {
    int64_t columns = layer->inputs + layer->bias, j = first;
#define ROWS(count)                                                                              \
    for (; j + (count) <= last; j += (count))                                                    \
        NAME(outer_rows)(layer, delta + j * padded, a, gradient, kept,                           \
                         layer->weights + j * columns, padded, count);
    ROWS(STRIPS)
    if (STRIPS > 2) ROWS(2)
    ROWS(1)
#undef ROWS
    if (layer->bias) NAME(bias_sums)(layer, delta, gradient, kept, padded, first, last);
}

static void NAME(outer)(const Layer *layer, const REAL *delta, const REAL *a, REAL *gradient,
                        NAME(Kept) kept, int64_t padded, int64_t first, int64_t last) {
    const NAME(Kept) none = {0, 0};
    if (kept.sums) NAME(outer_kept)(layer, delta, a, gradient, kept, padded, first, last);
    else NAME(outer_kept)(layer, delta, a, gradient, none, padded, first, last);
}

/* The gradient of what was kept, of parameters `first` to `last` - 1. */
static void NAME(add_up)(const REAL *sums, REAL *gradient, int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++) gradient[i] = sum(LOAD(sums + 4 * i));
}

#undef Q
#undef UNITS
