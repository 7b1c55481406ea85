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

/* out[j] = sum_k w[j, k] x[k] (+ bias[j]) for `count` rows j; a row of w has `columns` entries. */
INLINE void NAME(rows_times)(const REAL *w, int64_t columns, int64_t inputs, int64_t bias,
                             const REAL *x, REAL *out, int64_t padded, int count) {
    for (int64_t p = 0; p < padded; p += 4) {
        V total[4], source = LOAD(x + p);
        for (int j = 0; j < count; j++) total[j] = w[j * columns] * source;
        for (int64_t k = 1; k < inputs; k++) {
            source = LOAD(x + k * padded + p);
            for (int j = 0; j < count; j++) total[j] += w[j * columns + k] * source;
        }
        for (int j = 0; j < count; j++) {
            if (bias) total[j] += w[j * columns + inputs];
            STORE(out + j * padded + p, total[j]);
        }
    }
}

/* z = W a */
static void NAME(forward)(const Layer *layer, const REAL *w, const REAL *a, REAL *z,
                          int64_t padded) {
    int64_t inputs = layer->inputs, bias = layer->bias, columns = inputs + bias, j = 0;
    for (; j + 4 <= layer->units; j += 4)
        NAME(rows_times)(w + j * columns, columns, inputs, bias, a, z + j * padded, padded, 4);
    for (; j < layer->units; j++)
        NAME(rows_times)(w + j * columns, columns, inputs, bias, a, z + j * padded, padded, 1);
}

/* out[k] = sum_j w[j, k] delta[j] for `count` columns k. */
INLINE void NAME(columns_times)(const REAL *w, int64_t columns, int64_t units, const REAL *delta,
                                REAL *out, int64_t padded, int count) {
    for (int64_t p = 0; p < padded; p += 4) {
        V total[4], signal = LOAD(delta + p);
        for (int k = 0; k < count; k++) total[k] = w[k] * signal;
        for (int64_t j = 1; j < units; j++) {
            signal = LOAD(delta + j * padded + p);
            for (int k = 0; k < count; k++) total[k] += w[j * columns + k] * signal;
        }
        for (int k = 0; k < count; k++) STORE(out + k * padded + p, total[k]);
    }
}

/* dL/da of the layer before, W^T delta without the biases. */
static void NAME(back)(const Layer *layer, const REAL *w, const REAL *delta, REAL *out,
                       int64_t padded) {
    int64_t columns = layer->inputs + layer->bias, k = 0;
    for (; k + 4 <= layer->inputs; k += 4)
        NAME(columns_times)(w + k, columns, layer->units, delta, out + k * padded, padded, 4);
    for (; k < layer->inputs; k++)
        NAME(columns_times)(w + k, columns, layer->units, delta, out + k * padded, padded, 1);
}

/* G = delta a^T, and the sums of delta for the biases. */
static void NAME(outer)(const Layer *layer, const REAL *delta, const REAL *a, REAL *gradient,
                        int64_t padded) {
    int64_t inputs = layer->inputs;
    for (int64_t j = 0; j < layer->units; j++, delta += padded) {
        int64_t k = 0;
        for (; k + 4 <= inputs; k += 4, gradient += 4) {
            V total[4], signal = LOAD(delta);
            for (int i = 0; i < 4; i++) total[i] = signal * LOAD(a + (k + i) * padded);
            for (int64_t p = 4; p < padded; p += 4) {
                signal = LOAD(delta + p);
                for (int i = 0; i < 4; i++) total[i] += signal * LOAD(a + (k + i) * padded + p);
            }
            *(U *)gradient = NAME(sums)(total[0], total[1], total[2], total[3]);
        }
        for (; k < inputs; k++) {
            V total = LOAD(delta) * LOAD(a + k * padded);
            for (int64_t p = 4; p < padded; p += 4)
                total += LOAD(delta + p) * LOAD(a + k * padded + p);
            *gradient++ = sum(total);
        }
        if (layer->bias) {
            V total = LOAD(delta);
            for (int64_t p = 4; p < padded; p += 4) total += LOAD(delta + p);
            *gradient++ = sum(total);
        }
    }
}

#include "functions.h"
#include "updates.h"

/* --- one iteration ---------------------------------------------------------------------------- */

/* Copy the samples `order` (or `start` and those after it) as columns. */
static void NAME(gather)(const REAL *restrict rows, int64_t width, const int64_t *order,
                         int64_t start, int64_t batch, REAL *restrict out, int64_t padded) {
    for (int64_t s = 0; s < padded; s++) {
        int64_t place = s < batch ? s : batch - 1;
        const REAL *row = rows + (order ? order[place] : start + place) * width;
        for (int64_t k = 0; k < width; k++) out[k * padded + s] = row[k];
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
