/* One sample at a time: here lanes are units, which loop.h has one after another.

   Each layer's matrix lies transposed, its columns filled up with zeros to a multiple of 4: the
   weight of unit j for source k is at weights + k * lanes + j, and the biases come last. So do the
   gradient, the slots and all else that is there for each parameter. The sums are those of loop.h,
   in the same order, and so are the bits, but that a gradient of 0 is never -0. */

INLINE int64_t NAME(lanes_of)(int64_t units) { return (units + 3) / 4 * 4; }

/* The first `count` values, and 0 in the lanes after them. */
INLINE V NAME(only)(int64_t count, V values) {
    INT n = (INT)count;
    return choose((M){0, 1, 2, 3} < (M){n, n, n, n}, values, fill(0));
}

/* --- softmax ---------------------------------------------------------------------------------- */

/* e[j] = exp(z[j] - most) with the largest z, which is returned; e may be z. */
static REAL NAME(exponentials)(int64_t units, const REAL *z, REAL *e) {
    REAL most = z[0];
    for (int64_t j = 1; j < units; j++) most = z[j] > most || z[j] != z[j] ? z[j] : most;
    for (int64_t j = 0; j < units; j += 4)
        STORE(e + j, NAME(only)(units - j, BY_DOUBLES(exp_negative, LOAD(z + j) - most)));
    return most;
}

static REAL NAME(total_of)(int64_t units, const REAL *values) {
    REAL total = 0;
    for (int64_t j = 0; j < units; j++) total += values[j];
    return total;
}

static void NAME(softmax_one)(int64_t units, REAL *z) {
    NAME(exponentials)(units, z, z);
    REAL total = NAME(total_of)(units, z);
    for (int64_t j = 0; j < units; j += 4) STORE(z + j, LOAD(z + j) / total);
}

static void NAME(through_softmax_one)(int64_t units, const REAL *a, REAL *delta) {
    REAL total = 0;
    for (int64_t j = 0; j < units; j++) total += a[j] * delta[j];
    for (int64_t j = 0; j < units; j += 4)
        STORE(delta + j, (LOAD(delta + j) - total) * LOAD(a + j));
}

/* The loss of softmax and cross entropy, its derivative by z in `delta`, the output in `z`. */
static REAL NAME(softmax_share_one)(int64_t units, REAL *z, const REAL *t, REAL *delta) {
    REAL most = NAME(exponentials)(units, z, delta), value = 0;
    REAL total = NAME(total_of)(units, delta), weight = NAME(total_of)(units, t);
    REAL log_total = BY_DOUBLES(log_, fill(total))[0];
    for (int64_t j = 0; j < units; j++) value += t[j] * (log_total - (z[j] - most));
    for (int64_t j = 0; j < units; j += 4) {
        V a = LOAD(delta + j) / total;
        STORE(z + j, a);
        STORE(delta + j, a * weight - LOAD(t + j));
    }
    return value;
}

/* --- products --------------------------------------------------------------------------------- */

/* z[j] = sum_k w[j, k] x[k] (+ bias[j]) and a[j] = f(z[j]) for `strips` vectors of units. */
INLINE void NAME(unit_sums)(const Layer *layer, int64_t activation, const REAL *w, const REAL *x,
                            REAL *a, int strips) {
    int64_t lanes = NAME(lanes_of)(layer->units);
    V total[4];
    for (int s = 0; s < strips; s++) total[s] = LOAD(w + 4 * s) * x[0];
    for (int64_t k = 1; k < layer->inputs; k++) {
        w += lanes;
        for (int s = 0; s < strips; s++) total[s] += LOAD(w + 4 * s) * x[k];
    }
    for (int s = 0; s < strips; s++) {
        if (layer->bias) total[s] += LOAD(w + lanes + 4 * s);
        STORE(a + 4 * s, active(activation, total[s]));
    }
}

/* The layer's activations, or its pre-activations where the loss is that of a pair. */
static void NAME(forward_one)(const Layer *layer, int paired, const REAL *w, const REAL *x,
                              REAL *a) {
    int64_t activation = paired ? IDENTITY : layer->activation, j = 0;
    for (; j + 16 <= layer->units; j += 16)
        NAME(unit_sums)(layer, activation, w + j, x, a + j, 4);
    for (; j < layer->units; j += 4) NAME(unit_sums)(layer, activation, w + j, x, a + j, 1);
    if (activation == SOFTMAX) NAME(softmax_one)(layer->units, a);
}

/* delta of the layer before, where dL/da[k] = sum_j w[j, k] delta[j]. */
static void NAME(back_one)(const Layer *layer, const REAL *w, const REAL *delta, const REAL *a,
                           REAL *out) {
    int64_t activation = (layer - 1)->activation;
    int64_t lanes = NAME(lanes_of)(layer->units), inputs = layer->inputs;
    for (int64_t k = 0; k < inputs; k += 4) {
        const REAL *column[4];
        for (int i = 0; i < 4; i++) column[i] = w + (k + i < inputs ? k + i : k) * lanes;
        V total = fill(0);
        for (int64_t j = 0; j < layer->units; j++) {
            V weights = {column[0][j], column[1][j], column[2][j], column[3][j]};
            total = j ? total + weights * delta[j] : weights * delta[j];
        }
        STORE(out + k, through(activation, LOAD(a + k), NAME(only)(inputs - k, total)));
    }
    if (activation == SOFTMAX) NAME(through_softmax_one)(inputs, a, out);
}

/* G = delta x^T, and delta for the biases; adding 0 makes 0 of -0. With a rate, W -= rate G. */
INLINE void NAME(outer_one)(const Layer *layer, const REAL *delta, const REAL *x, REAL *gradient,
                            REAL *w, const REAL *rate) {
    int64_t lanes = NAME(lanes_of)(layer->units), columns = layer->inputs + layer->bias;
    for (int64_t k = 0; k < columns; k++, gradient += lanes, w += lanes) {
        V source = fill(k < layer->inputs ? x[k] : 1);
        for (int64_t j = 0; j < lanes; j += 4) {
            V g = LOAD(delta + j) * source + fill(0);
            STORE(gradient + j, g);
            if (rate) STORE(w + j, LOAD(w + j) - g * *rate);
        }
    }
}

/* --- one iteration ---------------------------------------------------------------------------- */

/* As `loss` of functions.h, and on to delta = dL/dz. */
static REAL NAME(loss_one)(int64_t loss, const Layer *layer, REAL *a, const REAL *t, REAL *delta) {
    int64_t units = layer->units;
    int64_t activation = loss < SIGMOID_BINARY_CROSS_ENTROPY ? layer->activation : IDENTITY;
    NAME(Scales) scales = NAME(scales_of)(loss, units, 1);
    REAL total = 0;
    if (loss == SOFTMAX_CROSS_ENTROPY) total = NAME(softmax_share_one)(units, a, t, delta);
    for (int64_t j = 0; j < units; j += 4) {
        V signal = LOAD(delta + j), output = LOAD(a + j);
        if (loss != SOFTMAX_CROSS_ENTROPY) {
            V value = NAME(share)(loss, &output, LOAD(t + j), &signal);
            STORE(a + j, output);
            for (int i = 0; i < 4 && j + i < units; i++) total += value[i];
        }
        signal = NAME(only)(units - j, signal * scales.slope);
        STORE(delta + j, through(activation, output, signal));
    }
    if (activation == SOFTMAX) NAME(through_softmax_one)(units, a, delta);
    return scales.loss * total;
}

/* Forward to the loss of a sample; the error signals of its outputs are left for `backward_one`. */
static REAL NAME(objective_one)(const Plan *plan, const REAL *x, const REAL *t) {
    REAL *workspace = plan->workspace;
    const REAL *theta = plan->memory;
    const Layer *layer = plan->layers, *last = layer + plan->depth - 1;
    for (; layer < last; layer++) {
        REAL *a = workspace + layer->activations;
        NAME(forward_one)(layer, 0, theta + layer->weights, x, a);
        x = a;
    }
    REAL *a = workspace + last->activations;
    int paired = plan->loss >= SIGMOID_BINARY_CROSS_ENTROPY;
    NAME(forward_one)(last, paired, theta + last->weights, x, a);
    return NAME(loss_one)(plan->loss, last, a, t, workspace + last->deltas);
}

/* The gradient of that loss; with a rate, also the update of plain gradient descent. */
INLINE void NAME(backward_one)(const Plan *plan, const REAL *x, const REAL *rate) {
    REAL *workspace = plan->workspace, *gradient = plan->gradient, *theta = plan->memory;
    const Layer *layer = plan->layers + plan->depth - 1;
    for (; layer > plan->layers; layer--) {
        int64_t w = layer->weights;
        REAL *delta = workspace + layer->deltas, *before = workspace + (layer - 1)->deltas;
        const REAL *a = workspace + (layer - 1)->activations;
        NAME(back_one)(layer, theta + w, delta, a, before);
        NAME(outer_one)(layer, delta, a, gradient + w, theta + w, rate);
    }
    NAME(outer_one)(layer, workspace + layer->deltas, x, gradient, theta, rate);
}
