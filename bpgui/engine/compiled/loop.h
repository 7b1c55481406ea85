/* The training loop in one precision; included with REAL, INT and what else precisions.h defines,
   and undefines it.

   Samples are columns, padded to a multiple of 4 by repeating the last one, whose error signals are
   set to 0. So a padding lane is finite where its sample's is, and adds nothing. A sum over samples
   is four sums, of every fourth, and then (0 + 1) + (2 + 3); a sum over units begins with the
   first, and the bias comes last. */

#undef LANES
#define LANES 8
#include "elements.h"
#undef LANES
#define LANES 4
#include "elements.h"

/* Four numbers at any address of a REAL. */
typedef REAL NAME(U) __attribute__((vector_size(4 * sizeof(REAL)), aligned(sizeof(REAL))));

#define U NAME(U)
#define LOAD(p) (*(const V *)(p))
#define STORE(p, v) (*(V *)(p) = (v))
#define LOAD_8(p) (*(const NAME(V_8) *)(p))
#define STORE_8(p, v) (*(NAME(V_8) *)(p) = (v))

INLINE REAL NAME(sum)(V v) { return (v[0] + v[1]) + (v[2] + v[3]); }

#define sum NAME(sum)

/* The sums of four vectors. */
INLINE V NAME(sums)(V a, V b, V c, V d) {
    V ab = __builtin_shufflevector(a, b, 0, 4, 2, 6) + __builtin_shufflevector(a, b, 1, 5, 3, 7);
    V cd = __builtin_shufflevector(c, d, 0, 4, 2, 6) + __builtin_shufflevector(c, d, 1, 5, 3, 7);
    return __builtin_shufflevector(ab, cd, 0, 1, 4, 5)
           + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

#include "functions.h"
#include "products.h"
#include "one.h"
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

/* The samples of an iteration, and where their inputs and targets are. */
typedef struct {
    int64_t size, padded;
    const REAL *x, *t;
} NAME(Batch);

/* Those of `order`, or from `start` on: one where it lies, more of them gathered. */
static NAME(Batch) NAME(batch_at)(const Plan *plan, const int64_t *order, int64_t start) {
    int64_t inputs = plan->layers->inputs, outputs = plan->layers[plan->depth - 1].units;
    if (plan->places) {
        int64_t sample = order ? order[0] : start, lanes = NAME(lanes_of)(outputs);
        return (NAME(Batch)){1, 1, (const REAL *)plan->inputs + sample * inputs,
                             (const REAL *)plan->targets + sample * lanes};
    }
    int64_t left = plan->samples - start, size = left < plan->batch ? left : plan->batch;
    int64_t padded = (size + 3) / 4 * 4;
    REAL *x = (REAL *)plan->workspace + plan->first_input;
    REAL *t = (REAL *)plan->workspace + plan->first_target;
    NAME(gather)(plan->inputs, inputs, order, start, size, x, padded);
    NAME(gather)(plan->targets, outputs, order, start, size, t, padded);
    return (NAME(Batch)){size, padded, x, t};
}

/* Forward to the loss of the batch; its error signals are left for `backward`. */
static REAL NAME(objective)(const Plan *plan, const NAME(Batch) *batch) {
    REAL *workspace = plan->workspace;
    const REAL *theta = plan->memory, *a = batch->x;
    int64_t padded = batch->padded;
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
    REAL factor = (REAL)(plan->mean ? 1.0 / (double)batch->size : 1.0);
    REAL *delta = workspace + layer->deltas;
    return NAME(loss)(plan->loss, layer->units, batch->size, padded, z, batch->t, delta, factor);
}

/* The gradient of that loss. */
static void NAME(backward)(const Plan *plan, const NAME(Batch) *batch) {
    REAL *workspace = plan->workspace, *gradient = plan->gradient;
    const REAL *theta = plan->memory;
    const Layer *layer = plan->layers + plan->depth - 1;
    int64_t padded = batch->padded;
    if (plan->loss < SIGMOID_BINARY_CROSS_ENTROPY)
        NAME(activate_back)(layer, workspace + layer->activations, workspace + layer->deltas,
                            padded);
    for (; layer > plan->layers; layer--) {
        const Layer *before = layer - 1;
        const REAL *delta = workspace + layer->deltas, *a = workspace + before->activations;
        NAME(outer)(layer, delta, a, gradient + layer->weights, padded);
        NAME(back)(layer, theta + layer->weights, delta, workspace + before->deltas, padded);
        NAME(activate_back)(before, a, workspace + before->deltas, padded);
    }
    NAME(outer)(layer, workspace + layer->deltas, batch->x, gradient, padded);
}

/* Copy the gradient to a row of numbers in the order of theta. */
static void NAME(record)(const Plan *plan, REAL *row) {
    const REAL *gradient = plan->gradient;
    for (int64_t i = 0; i < plan->parameters; i++)
        row[i] = gradient[plan->places ? plan->places[i] : i];
}

/* Gradient and update. What is plain enough is done in one go. */
static void NAME(descend)(const Plan *plan, const Call *call, const NAME(Batch) *batch,
                          const NAME(Rule) *rule, int64_t iteration) {
    if (plan->places && plan->optimizer == SGD && !call->l1 && !call->free) {
        NAME(backward_one)(plan, batch->x, &rule->rate);
        return;
    }
    if (plan->places) NAME(backward_one)(plan, batch->x, 0);
    else NAME(backward)(plan, batch);
    if (call->l1) NAME(add_penalty)(plan, call);
    NAME(update)(plan, call, rule, iteration, 0, plan->size);
}

/* The iterations that `call` asks for; see Call and the Python side. */
static void NAME(train)(const Plan *plan, Call *call) {
    REAL *losses = call->losses, *rows = call->rows;
    int64_t per_epoch = (plan->samples + plan->batch - 1) / plan->batch;
    int64_t epoch = call->first / per_epoch, number = call->first % per_epoch;
    NAME(Batch) batch = {0, 0, 0, 0};
    NAME(Rule) rule = NAME(rule_of)(plan, call);

    for (int64_t iteration = call->first; iteration < call->last; iteration++) {
        if (per_epoch > 1 || !batch.size) {
            int64_t start = number * plan->batch;
            const int64_t *order = call->orders;
            if (order) order += (epoch - call->orders_epoch) * plan->samples + start;
            batch = NAME(batch_at)(plan, order, start);
        }
        REAL loss = plan->places ? NAME(objective_one)(plan, batch.x, batch.t)
                                 : NAME(objective)(plan, &batch);
        if (call->l1) loss += NAME(penalty)(plan, call);
        if ((double)loss < call->threshold) {
            call->ending = LOSS_BELOW;
            return;
        }
        if (loss - loss != 0) {
            call->ending = FAILED;
            return;
        }
        NAME(descend)(plan, call, &batch, &rule, iteration);
        if (!NAME(memory_is_finite)(plan)) {
            call->ending = FAILED;
            return;
        }
        losses[call->done++] = loss;
        if (iteration == call->next_row) {
            NAME(record)(plan, rows + call->recorded++ * plan->parameters);
            call->next_row += call->record_every;
        }
        if (++number == per_epoch) {
            number = 0;
            epoch++;
        }
    }
}

#undef U
#undef LOAD
#undef STORE
#undef LOAD_8
#undef STORE_8
#undef sum

#undef REAL
#undef STRIPS
#undef INT
#undef UINT
#undef ROOT
#undef EXPONENT
#undef LEAST_EXPONENT
#undef SIGN
#undef NAME
