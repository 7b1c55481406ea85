/* The steps of one iteration of loop.h, each cut into blocks that a team can share. */

/* The samples of an iteration, or a panel of them: those of `order`, or from `start` on; and where
   their inputs and targets are. */
typedef struct {
    const int64_t *order;
    int64_t start, size, padded;
    const REAL *x, *t;
} NAME(Batch);

/* What a step works on. */
typedef struct {
    const Plan *plan;
    const Call *call;
    const NAME(Rule) *rule;
    NAME(Batch) batch;
    const Layer *layer;
    NAME(Kept) kept;
    int64_t iteration, outer_blocks, failed;
} NAME(Step);

/* How many blocks of `size` things: enough that no thread waits long for the other's last. */
static int64_t NAME(blocks_for)(const Plan *plan, int64_t size, int64_t grain) {
    const int64_t most = 12;
    if (!plan->team || size < grain) return 1;
    return size < most * grain ? size / grain : most;
}

/* --- the batch -------------------------------------------------------------------------------- */

/* The numbers k to k + 3 of four samples as rows of `out`. */
INLINE void NAME(transpose)(const REAL *const *sample, int64_t k, REAL *out, int64_t padded) {
    V a = *(const U *)(sample[0] + k), b = *(const U *)(sample[1] + k);
    V c = *(const U *)(sample[2] + k), d = *(const U *)(sample[3] + k);
    V ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    V cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    STORE(out, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
    STORE(out + padded, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
    ab = __builtin_shufflevector(a, b, 2, 6, 3, 7), cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    STORE(out + 2 * padded, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
    STORE(out + 3 * padded, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
}

/* Copy the numbers `first` to `last` - 1 of each sample of a batch to rows of `out`. */
static void NAME(gather)(const REAL *samples, int64_t width, const NAME(Batch) *batch, REAL *out,
                         int64_t first, int64_t last) {
    int64_t padded = batch->padded;
    for (int64_t near = first, end; near < last; near = end) {
        end = near + 16 < last ? near + 16 : last;
        for (int64_t p = 0; p < padded; p += 4) {
            const REAL *sample[4];
            for (int i = 0; i < 4; i++) {
                int64_t place = p + i < batch->size ? p + i : batch->size - 1;
                place = batch->order ? batch->order[place] : batch->start + place;
                sample[i] = samples + place * width;
            }
            int64_t k = near;
            for (; k + 4 <= end; k += 4) NAME(transpose)(sample, k, out + k * padded + p, padded);
            for (; k < end; k++)
                STORE(out + k * padded + p,
                      ((V){sample[0][k], sample[1][k], sample[2][k], sample[3][k]}));
        }
    }
}

/* Some of the inputs. */
static void NAME(gather_block)(void *work, int64_t block, int64_t blocks) {
    const NAME(Step) *step = work;
    int64_t inputs = step->plan->layers->inputs;
    NAME(gather)(step->plan->inputs, inputs, &step->batch,
                 (REAL *)step->plan->workspace + step->plan->first_input,
                 start_of(block, blocks, inputs, 16), start_of(block + 1, blocks, inputs, 16));
}

/* Have x and t of `size` samples ready: one where it lies, more of them gathered. */
static void NAME(take_batch)(NAME(Step) *step, const int64_t *order, int64_t start, int64_t size) {
    const Plan *plan = step->plan;
    int64_t inputs = plan->layers->inputs, outputs = plan->layers[plan->depth - 1].units;
    if (plan->places) {
        int64_t sample = order ? order[0] : start, lanes = NAME(lanes_of)(outputs);
        const REAL *x = plan->inputs, *t = plan->targets;
        step->batch = (NAME(Batch)){order, start, 1, 1, x + sample * inputs, t + sample * lanes};
        return;
    }
    REAL *workspace = plan->workspace, *t = workspace + plan->first_target;
    const REAL *x = workspace + plan->first_input;
    step->batch = (NAME(Batch)){order, start, size, (size + 3) / 4 * 4, x, t};
    share(plan->team, NAME(gather_block), step, NAME(blocks_for)(plan, inputs, 16));
    NAME(gather)(plan->targets, outputs, &step->batch, t, 0, outputs);
}

/* --- forward ---------------------------------------------------------------------------------- */

static const REAL *NAME(sources_of)(const NAME(Step) *step) {
    const Plan *plan = step->plan;
    if (step->layer == plan->layers) return step->batch.x;
    return (const REAL *)plan->workspace + (step->layer - 1)->activations;
}

/* Some units of a layer; softmax, which needs all of them, is left. */
static void NAME(forward_block)(void *work, int64_t block, int64_t blocks) {
    const NAME(Step) *step = work;
    const Plan *plan = step->plan;
    const Layer *layer = step->layer;
    REAL *z = (REAL *)plan->workspace + layer->activations;
    int64_t padded = step->batch.padded;
    int64_t first = start_of(block, blocks, layer->units, 4);
    int64_t last = start_of(block + 1, blocks, layer->units, 4);
    NAME(forward)(layer, (const REAL *)plan->memory + layer->weights, NAME(sources_of)(step), z,
                  padded, first, last);
    if (layer + 1 < plan->layers + plan->depth || plan->loss < SIGMOID_BINARY_CROSS_ENTROPY)
        NAME(activate)(layer, z + first * padded, (last - first) * padded);
}

/* Forward to the outputs, whose shares in the loss are added to `total`; the error signals are left
   for `backward`. */
static void NAME(forward_all)(NAME(Step) *step, NAME(Scales) scales, V *total) {
    const Plan *plan = step->plan;
    int64_t padded = step->batch.padded;
    REAL *workspace = plan->workspace;
    const Layer *layer = plan->layers, *last = layer + plan->depth - 1;
    for (; layer <= last; layer++) {
        step->layer = layer;
        share(plan->team, NAME(forward_block), step, NAME(blocks_for)(plan, layer->units, 4));
        if (layer->activation == SOFTMAX && (layer < last || plan->loss != SOFTMAX_CROSS_ENTROPY))
            NAME(softmax)(layer->units, workspace + layer->activations, padded);
    }
    NAME(add_shares)(plan->loss, last->units, step->batch.size, padded,
                     workspace + last->activations, step->batch.t, workspace + last->deltas,
                     scales.slope, total);
}

/* --- backward --------------------------------------------------------------------------------- */

/* Some rows of a layer's gradient, or, after them, the error signals of some units before it; those
   through softmax, which need all, are left. */
static void NAME(backward_block)(void *work, int64_t block, int64_t blocks) {
    const NAME(Step) *step = work;
    const Plan *plan = step->plan;
    const Layer *layer = step->layer, *before = layer - 1;
    REAL *workspace = plan->workspace;
    int64_t padded = step->batch.padded, outer = step->outer_blocks;
    const REAL *delta = workspace + layer->deltas, *a = NAME(sources_of)(step);
    if (block < outer) {
        NAME(outer)(layer, delta, a, plan->gradient, step->kept, padded,
                    start_of(block, outer, layer->units, STRIPS),
                    start_of(block + 1, outer, layer->units, STRIPS));
        return;
    }
    int64_t first = start_of(block - outer, blocks - outer, layer->inputs, 4);
    int64_t last = start_of(block - outer + 1, blocks - outer, layer->inputs, 4);
    REAL *out = workspace + before->deltas;
    NAME(back)(layer, (const REAL *)plan->memory + layer->weights, delta, out, padded, first, last);
    NAME(activate_back)(before, a + first * padded, out + first * padded, (last - first) * padded);
}

/* The gradient of the loss, or what the samples add to its sums. */
static void NAME(backward)(NAME(Step) *step) {
    const Plan *plan = step->plan;
    const Layer *layer = plan->layers + plan->depth - 1;
    REAL *workspace = plan->workspace;
    int64_t padded = step->batch.padded;
    if (plan->loss < SIGMOID_BINARY_CROSS_ENTROPY) {
        const REAL *a = workspace + layer->activations;
        REAL *delta = workspace + layer->deltas;
        if (layer->activation == SOFTMAX) NAME(through_softmax)(layer->units, a, delta, padded);
        NAME(activate_back)(layer, a, delta, layer->units * padded);
    }
    for (; layer >= plan->layers; layer--) {
        const Layer *before = layer - 1;
        int64_t back = layer > plan->layers ? NAME(blocks_for)(plan, layer->inputs, 4) : 0;
        step->layer = layer;
        step->outer_blocks = NAME(blocks_for)(plan, layer->units, STRIPS);
        share(plan->team, NAME(backward_block), step, step->outer_blocks + back);
        if (back && before->activation == SOFTMAX)
            NAME(through_softmax)(before->units, workspace + before->activations,
                                  workspace + before->deltas, padded);
    }
}

/* --- one iteration ---------------------------------------------------------------------------- */

/* Some parameters. */
static void NAME(add_up_block)(void *work, int64_t block, int64_t blocks) {
    const NAME(Step) *step = work;
    const Plan *plan = step->plan;
    NAME(add_up)(step->kept.sums, plan->gradient, start_of(block, blocks, plan->size, 64),
                 start_of(block + 1, blocks, plan->size, 64));
}

/* The loss of the `size` samples of a batch; `gradient` may follow. In panels the way back is gone
   as well, as their activations do not stay. */
static REAL NAME(objective)(NAME(Step) *step, const int64_t *order, int64_t start, int64_t size,
                            int is_new) {
    const Plan *plan = step->plan;
    REAL factor = (REAL)(plan->mean ? 1.0 / (double)size : 1.0);
    NAME(Scales) scales = NAME(scales_of)(plan->loss, plan->layers[plan->depth - 1].units, factor);
    V total = fill(0);
    step->kept = (NAME(Kept)){0, 1};
    if (size <= plan->panel) {
        if (is_new) NAME(take_batch)(step, order, start, size);
        NAME(forward_all)(step, scales, &total);
        return scales.loss * sum(total);
    }
    step->kept.sums = (REAL *)plan->workspace + plan->sums;
    for (int64_t done = 0; done < size; done += plan->panel) {
        int64_t left = size - done, count = left < plan->panel ? left : plan->panel;
        NAME(take_batch)(step, order ? order + done : 0, start + done, count);
        NAME(forward_all)(step, scales, &total);
        NAME(backward)(step);
        step->kept.begins = 0;
    }
    return scales.loss * sum(total);
}

/* The gradient of that loss. */
static void NAME(gradient)(NAME(Step) *step) {
    const Plan *plan = step->plan;
    if (step->kept.sums)
        share(plan->team, NAME(add_up_block), step, NAME(blocks_for)(plan, plan->size, 4096));
    else NAME(backward)(step);
}

/* --- update ----------------------------------------------------------------------------------- */

/* Some parameters, with the penalties' gradient where there are any. */
static void NAME(update_block)(void *work, int64_t block, int64_t blocks) {
    NAME(Step) *step = work;
    const Plan *plan = step->plan;
    int64_t first = start_of(block, blocks, plan->size, 64);
    int64_t count = start_of(block + 1, blocks, plan->size, 64) - first;
    if (step->call->l1) NAME(add_penalty)(plan, step->call, first, count);
    NAME(update)(plan, step->call, step->rule, step->iteration, first, count);
    if (!NAME(are_finite)(plan, first, count)) __atomic_store_n(&step->failed, 1, __ATOMIC_RELAXED);
}

/* All parameters; whether they and the slots are finite after it. */
static int NAME(update_all)(NAME(Step) *step) {
    const Plan *plan = step->plan;
    share(plan->team, NAME(update_block), step, NAME(blocks_for)(plan, plan->size, 4096));
    return !__atomic_load_n(&step->failed, __ATOMIC_RELAXED);
}
