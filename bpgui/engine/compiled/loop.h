/* The training loop in one precision; included with REAL, INT and NAME(x) defined.

   Samples are columns, padded to a multiple of 4 by repeating the last one, whose error signals are
   set to 0. So a padding lane is finite where its sample's is, and adds nothing. A sum over samples
   is four sums, of every fourth, and then (0 + 1) + (2 + 3); a sum over units begins with the
   first, and the bias comes last. */

typedef REAL NAME(V) __attribute__((vector_size(4 * sizeof(REAL))));
typedef INT NAME(M) __attribute__((vector_size(4 * sizeof(REAL))));
/* The same at any address of a REAL. */
typedef REAL NAME(U) __attribute__((vector_size(4 * sizeof(REAL)), aligned(sizeof(REAL))));

#define V NAME(V)
#define M NAME(M)
#define U NAME(U)
#define LOAD(p) (*(const V *)(p))
#define STORE(p, v) (*(V *)(p) = (v))

INLINE V NAME(fill)(REAL x) { return (V){x, x, x, x}; }

INLINE V NAME(choose)(M mask, V a, V b) { return (V)(((M)a & mask) | ((M)b & ~mask)); }

INLINE REAL NAME(sum)(V v) { return (v[0] + v[1]) + (v[2] + v[3]); }

#define fill NAME(fill)
#define choose NAME(choose)
#define sum NAME(sum)
#define LANES(f, x) __builtin_convertvector(f(__builtin_convertvector(x, D4)), V)

/* The sums of four vectors. */
INLINE V NAME(sums)(V a, V b, V c, V d) {
    V ab = __builtin_shufflevector(a, b, 0, 4, 2, 6) + __builtin_shufflevector(a, b, 1, 5, 3, 7);
    V cd = __builtin_shufflevector(c, d, 0, 4, 2, 6) + __builtin_shufflevector(c, d, 1, 5, 3, 7);
    return __builtin_shufflevector(ab, cd, 0, 1, 4, 5)
           + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/* --- products --------------------------------------------------------------------------------- */

/* Each is done in blocks that fit the registers: of up to 4 units, and STRIPS vectors of samples. */

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

#include "functions.h"
#include "updates.h"

/* --- one iteration ---------------------------------------------------------------------------- */

/* Copy the samples `order` (or `start` and those after it) as columns. */
static void NAME(gather)(const REAL *rows, int64_t width, const int64_t *order, int64_t start,
                         int64_t batch, REAL *out, int64_t padded) {
    for (int64_t p = 0; p < padded; p += 4) {
        const REAL *row[4];
        for (int i = 0; i < 4; i++) {
            int64_t place = p + i < batch ? p + i : batch - 1;
            row[i] = rows + (order ? order[place] : start + place) * width;
        }
        for (int64_t k = 0; k < width; k++)
            STORE(out + k * padded + p, ((V){row[0][k], row[1][k], row[2][k], row[3][k]}));
    }
}

/* Forward to the loss of the batch; its error signals are left for `backward`. */
static REAL NAME(objective)(const Plan *plan, int64_t batch, int64_t padded) {
    REAL *workspace = plan->workspace;
    const REAL *theta = plan->memory, *a = workspace + plan->first_input;
    const Layer *layer = plan->layers, *end = layer + plan->depth;
    REAL *z = 0;
    for (; layer < end; layer++) {
        z = workspace + layer->activations;
        NAME(forward)(layer, theta + layer->weights, a, z, padded);
        if (layer + 1 < end || plan->loss < SIGMOID_BINARY_CROSS_ENTROPY)
            NAME(activate)(layer, z, padded);
        a = z;
    }
    layer = end - 1;
    REAL factor = (REAL)(plan->mean ? 1.0 / (double)batch : 1.0);
    REAL *delta = workspace + layer->deltas;
    return NAME(loss)(plan->loss, layer->units, batch, padded, z,
                      workspace + plan->first_target, delta, factor);
}

/* The gradient of that loss. */
static void NAME(backward)(const Plan *plan, int64_t padded) {
    REAL *workspace = plan->workspace, *gradient = plan->gradient;
    const REAL *theta = plan->memory;
    const Layer *layer = plan->layers + plan->depth - 1;
    if (plan->loss < SIGMOID_BINARY_CROSS_ENTROPY)
        NAME(through)(layer, workspace + layer->activations, workspace + layer->deltas, padded);
    for (; layer > plan->layers; layer--) {
        const Layer *before = layer - 1;
        const REAL *delta = workspace + layer->deltas, *a = workspace + before->activations;
        NAME(outer)(layer, delta, a, gradient + layer->weights, padded);
        NAME(back)(layer, theta + layer->weights, delta, workspace + before->deltas, padded);
        NAME(through)(before, a, workspace + before->deltas, padded);
    }
    NAME(outer)(layer, workspace + layer->deltas, workspace + plan->first_input, gradient, padded);
}

/* The iterations that `call` asks for; see Call and the Python side. */
static void NAME(train)(const Plan *plan, Call *call) {
    const REAL *gradient = plan->gradient;
    REAL *losses = call->losses, *workspace = plan->workspace;
    REAL *rows = (REAL *)call->rows + call->recorded * plan->size;
    const Layer *output = plan->layers + plan->depth - 1;
    int64_t per_epoch = (plan->samples + plan->batch - 1) / plan->batch;
    int64_t epoch = call->first / per_epoch, number = call->first % per_epoch;
    int64_t batch = 0, padded = 0;
    NAME(Rule) rule = NAME(rule_of)(plan, call);

    for (int64_t iteration = call->first; iteration < call->last; iteration++) {
        if (per_epoch > 1 || !batch) {
            int64_t start = number * plan->batch;
            const int64_t *order = call->orders;
            if (order) order += (epoch - call->orders_epoch) * plan->samples + start;
            batch = plan->samples - start < plan->batch ? plan->samples - start : plan->batch;
            padded = (batch + 3) / 4 * 4;
            NAME(gather)(plan->inputs, plan->layers->inputs, order, start, batch,
                         workspace + plan->first_input, padded);
            NAME(gather)(plan->targets, output->units, order, start, batch,
                         workspace + plan->first_target, padded);
        }
        REAL loss = NAME(objective)(plan, batch, padded);
        if (call->l1) loss += NAME(penalty)(plan, call);
        if ((double)loss < call->threshold) {
            call->ending = LOSS_BELOW;
            return;
        }
        if (loss - loss != 0) {
            call->ending = FAILED;
            return;
        }
        NAME(backward)(plan, padded);
        if (call->l1) NAME(add_penalty)(plan, call);
        NAME(update)(plan, call, &rule, iteration);
        if (!NAME(all_finite)(plan->memory, (1 + plan->slots) * plan->size)) {
            call->ending = FAILED;
            return;
        }
        losses[call->done++] = loss;
        if (iteration == call->next_row) {
            for (int64_t i = 0; i < plan->size; i++) *rows++ = gradient[i];
            call->next_row += call->record_every;
            call->recorded++;
        }
        if (++number == per_epoch) {
            number = 0;
            epoch++;
        }
    }
}

#undef V
#undef M
#undef U
#undef LOAD
#undef STORE
#undef LANES
#undef fill
#undef choose
#undef sum
