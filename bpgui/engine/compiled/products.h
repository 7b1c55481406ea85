/* The matrix products of loop.h. Each is done in blocks that fit the registers: of up to 4 units,
   and STRIPS vectors of samples. */

/* out[j] = sum_k w[j, k] x[k] (+ bias[j]) for `count` rows j, each of `columns` entries, and
   `strips` vectors of samples. */
INLINE void NAME(rows_times)(const REAL *w, const Layer *layer, const REAL *x, REAL *out,
                             int64_t padded, int count, int strips) {
    int64_t inputs = layer->inputs, columns = inputs + layer->bias;
    V total[4][STRIPS];
    for (int j = 0; j < count; j++)
        for (int s = 0; s < strips; s++) total[j][s] = w[j * columns] * LOAD(x + 4 * s);
    for (int64_t k = 1; k < inputs; k++) {
        x += padded;
        for (int j = 0; j < count; j++)
            for (int s = 0; s < strips; s++)
                total[j][s] += w[j * columns + k] * LOAD(x + 4 * s);
    }
    for (int j = 0; j < count; j++) {
        for (int s = 0; s < strips; s++) {
            if (layer->bias) total[j][s] += w[j * columns + inputs];
            STORE(out + j * padded + 4 * s, total[j][s]);
        }
    }
}

/* out[k] = sum_j w[j, k] delta[j] for `count` columns k and `strips` vectors of samples. */
INLINE void NAME(columns_times)(const REAL *w, const Layer *layer, const REAL *delta, REAL *out,
                                int64_t padded, int count, int strips) {
    int64_t columns = layer->inputs + layer->bias;
    V total[4][STRIPS];
    for (int k = 0; k < count; k++)
        for (int s = 0; s < strips; s++) total[k][s] = w[k] * LOAD(delta + 4 * s);
    for (int64_t j = 1; j < layer->units; j++) {
        delta += padded;
        w += columns;
        for (int k = 0; k < count; k++)
            for (int s = 0; s < strips; s++) total[k][s] += w[k] * LOAD(delta + 4 * s);
    }
    for (int k = 0; k < count; k++)
        for (int s = 0; s < strips; s++) STORE(out + k * padded + 4 * s, total[k][s]);
}

/* product(w of the block, layer, in, out, padded, count, strips) for all blocks of `size` outputs,
   whose first weights are `stride` apart. */
#define BLOCKS(product, size, stride, in, out)                                                   \
    for (int64_t i = 0, p; i < (size);) {                                                        \
        int count = (size) - i < 4 ? 1 : 4;                                                      \
        const REAL *first = w + i * (stride);                                                    \
        REAL *to = (out) + i * padded;                                                           \
        for (p = 0; p + 4 * STRIPS <= padded; p += 4 * STRIPS) {                                 \
            if (count == 4) product(first, layer, (in) + p, to + p, padded, 4, STRIPS);          \
            else product(first, layer, (in) + p, to + p, padded, 1, STRIPS);                     \
        }                                                                                        \
        for (; p < padded; p += 4) {                                                             \
            if (count == 4) product(first, layer, (in) + p, to + p, padded, 4, 1);               \
            else product(first, layer, (in) + p, to + p, padded, 1, 1);                          \
        }                                                                                        \
        i += count;                                                                              \
    }

/* z = W a */
static void NAME(forward)(const Layer *layer, const REAL *w, const REAL *a, REAL *z,
                          int64_t padded) {
    BLOCKS(NAME(rows_times), layer->units, layer->inputs + layer->bias, a, z)
}

/* dL/da of the layer before, W^T delta without the biases. */
static void NAME(back)(const Layer *layer, const REAL *w, const REAL *delta, REAL *out,
                       int64_t padded) {
    BLOCKS(NAME(columns_times), layer->inputs, 1, delta, out)
}

#undef BLOCKS

/* Rows of G = delta a^T, `count` of them, and the sums of delta for their biases. */
INLINE void NAME(outer_rows)(const Layer *layer, const REAL *delta, const REAL *a, REAL *gradient,
                             int64_t padded, int count) {
    int64_t inputs = layer->inputs, columns = inputs + layer->bias, k = 0;
    for (; k + 4 <= inputs; k += 4, a += 4 * padded) {
        V total[STRIPS][4];
        for (int j = 0; j < count; j++)
            for (int i = 0; i < 4; i++)
                total[j][i] = LOAD(delta + j * padded) * LOAD(a + i * padded);
        for (int64_t p = 4; p < padded; p += 4)
            for (int j = 0; j < count; j++)
                for (int i = 0; i < 4; i++)
                    total[j][i] += LOAD(delta + j * padded + p) * LOAD(a + i * padded + p);
        for (int j = 0; j < count; j++)
            *(U *)(gradient + j * columns + k) =
                NAME(sums)(total[j][0], total[j][1], total[j][2], total[j][3]);
    }
    for (int j = 0; j < count; j++) {
        const REAL *source = a, *signal = delta + j * padded;
        for (int64_t i = k; i < inputs; i++, source += padded) {
            V total = LOAD(signal) * LOAD(source);
            for (int64_t p = 4; p < padded; p += 4) total += LOAD(signal + p) * LOAD(source + p);
            gradient[j * columns + i] = sum(total);
        }
        if (layer->bias) {
            V total = LOAD(signal);
            for (int64_t p = 4; p < padded; p += 4) total += LOAD(signal + p);
            gradient[j * columns + inputs] = sum(total);
        }
    }
}

static void NAME(outer)(const Layer *layer, const REAL *delta, const REAL *a, REAL *gradient,
                        int64_t padded) {
    int64_t columns = layer->inputs + layer->bias, j = 0;
    for (; j + STRIPS <= layer->units; j += STRIPS)
        NAME(outer_rows)(layer, delta + j * padded, a, gradient + j * columns, padded, STRIPS);
    for (; j < layer->units; j++)
        NAME(outer_rows)(layer, delta + j * padded, a, gradient + j * columns, padded, 1);
}
