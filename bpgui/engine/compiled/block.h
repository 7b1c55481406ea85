/* One block of the products of products.h; included for each number of lanes, which are samples. */

#define W ELEMENT(W)

typedef REAL W __attribute__((vector_size(LANES * sizeof(REAL)), aligned(4 * sizeof(REAL))));

/* out[j] = sum_k w[j, k] x[k] (+ bias[j]) for `count` rows j, each of `columns` entries. */
INLINE void ELEMENT(rows_times)(const REAL *w, const Layer *layer, const REAL *x, REAL *out,
                                int64_t padded, int count) {
    int64_t inputs = layer->inputs, columns = inputs + layer->bias;
    W total[UNITS];
    for (int j = 0; j < count; j++) total[j] = w[j * columns] * *(const W *)x;
    for (int64_t k = 1; k < inputs; k++) {
        x += padded;
        for (int j = 0; j < count; j++) total[j] += w[j * columns + k] * *(const W *)x;
    }
    for (int j = 0; j < count; j++) {
        if (layer->bias) total[j] += w[j * columns + inputs];
        *(W *)(out + j * padded) = total[j];
    }
}

/* The rows from `first` to `last` - 1. */
INLINE void ELEMENT(forward)(const REAL *w, const Layer *layer, const REAL *x, REAL *out,
                             int64_t padded, int64_t first, int64_t last) {
    int64_t j = first, columns = layer->inputs + layer->bias;
    for (; j + UNITS <= last; j += UNITS)
        ELEMENT(rows_times)(w + j * columns, layer, x, out + j * padded, padded, UNITS);
    for (; UNITS > 4 && j + 4 <= last; j += 4)
        ELEMENT(rows_times)(w + j * columns, layer, x, out + j * padded, padded, 4);
    for (; j < last; j++)
        ELEMENT(rows_times)(w + j * columns, layer, x, out + j * padded, padded, 1);
}

/* out[k] = sum_j w[j, k] delta[j] for `count` columns k. */
INLINE void ELEMENT(columns_times)(const REAL *w, const Layer *layer, const REAL *delta, REAL *out,
                                   int64_t padded, int count) {
    int64_t columns = layer->inputs + layer->bias;
    W total[UNITS];
    for (int k = 0; k < count; k++) total[k] = w[k] * *(const W *)delta;
    for (int64_t j = 1; j < layer->units; j++) {
        delta += padded;
        w += columns;
        for (int k = 0; k < count; k++) total[k] += w[k] * *(const W *)delta;
    }
    for (int k = 0; k < count; k++) *(W *)(out + k * padded) = total[k];
}

/* The columns from `first` to `last` - 1. */
INLINE void ELEMENT(back)(const REAL *w, const Layer *layer, const REAL *delta, REAL *out,
                          int64_t padded, int64_t first, int64_t last) {
    int64_t k = first;
    for (; k + UNITS <= last; k += UNITS)
        ELEMENT(columns_times)(w + k, layer, delta, out + k * padded, padded, UNITS);
    for (; UNITS > 4 && k + 4 <= last; k += 4)
        ELEMENT(columns_times)(w + k, layer, delta, out + k * padded, padded, 4);
    for (; k < last; k++)
        ELEMENT(columns_times)(w + k, layer, delta, out + k * padded, padded, 1);
}

#undef W
