/* Activations and losses, with the formulas of activations.py and losses.py; see loop.h. */

/* --- activations ------------------------------------------------------------------------------ */

/* a[j] = exp(z[j]) / sum_k exp(z[k]) over the units of each sample. */
static void NAME(softmax)(int64_t units, REAL *z, int64_t padded) {
    for (int64_t p = 0; p < padded; p += 4) {
        V most = LOAD(z + p), total = fill(0);
        for (int64_t j = 1; j < units; j++) {
            V value = LOAD(z + j * padded + p);
            most = choose((value > most) | (value != value), value, most);
        }
        for (int64_t j = 0; j < units; j++) {
            V e = BY_DOUBLES(exp_negative, LOAD(z + j * padded + p) - most);
            total += e;
            STORE(z + j * padded + p, e);
        }
        for (int64_t j = 0; j < units; j++)
            STORE(z + j * padded + p, LOAD(z + j * padded + p) / total);
    }
}

/* dL/dz[j] = a[j] (delta[j] - sum_k a[k] delta[k]) */
static void NAME(through_softmax)(int64_t units, const REAL *a, REAL *delta, int64_t padded) {
    for (int64_t p = 0; p < padded; p += 4) {
        V total = fill(0);
        for (int64_t j = 0; j < units; j++)
            total += LOAD(a + j * padded + p) * LOAD(delta + j * padded + p);
        for (int64_t j = 0; j < units; j++) {
            V signal = LOAD(delta + j * padded + p);
            STORE(delta + j * padded + p, (signal - total) * LOAD(a + j * padded + p));
        }
    }
}

/* Of `count` numbers. */
INLINE void NAME(activate_all)(int64_t activation, REAL *z, int64_t count) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        STORE_8(z + i, NAME(active_8)(activation, LOAD_8(z + i)));
    for (; i < count; i += 4) STORE(z + i, active(activation, LOAD(z + i)));
}

INLINE void NAME(through_all)(int64_t activation, const REAL *a, REAL *delta, int64_t count) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        STORE_8(delta + i, NAME(through_8)(activation, LOAD_8(a + i), LOAD_8(delta + i)));
    for (; i < count; i += 4)
        STORE(delta + i, through(activation, LOAD(a + i), LOAD(delta + i)));
}

/* The statement for the layer's activation, which is a constant in it. */
#define EACH_ACTIVATION(f)                                                                       \
    switch (layer->activation) {                                                                 \
    case SIGMOID: f(SIGMOID); break;                                                             \
    case TANH: f(TANH); break;                                                                   \
    case RELU: f(RELU); break;                                                                   \
    case LEAKY_RELU: f(LEAKY_RELU); break;                                                       \
    case ELU: f(ELU); break;                                                                     \
    case SOFTPLUS: f(SOFTPLUS); break;                                                           \
    default: break;                                                                              \
    }

/* z becomes a in `count` numbers of a layer, unless that takes all of a sample, as softmax does. */
static void NAME(activate)(const Layer *layer, REAL *z, int64_t count) {
#define LOOP(name) NAME(activate_all)(name, z, count)
    EACH_ACTIVATION(LOOP)
#undef LOOP
}

/* And their dL/da becomes dL/dz. */
static void NAME(activate_back)(const Layer *layer, const REAL *a, REAL *delta, int64_t count) {
#define LOOP(name) NAME(through_all)(name, a, delta, count)
    EACH_ACTIVATION(LOOP)
#undef LOOP
}

#undef EACH_ACTIVATION

/* --- losses ----------------------------------------------------------------------------------- */

/* coefficient * log(x), 0 where the coefficient is. */
INLINE V NAME(times_log)(V coefficient, V x) {
    return choose(coefficient == 0, fill(0), coefficient * BY_DOUBLES(log_, x));
}

/* numerator / denominator, 0 where the numerator is. */
INLINE V NAME(ratio)(V numerator, V denominator) {
    return choose(numerator == 0, fill(0), numerator / denominator);
}

/* One sample's and output's share of the loss and its derivative, before they are scaled. `a` is
   the output, or the pre-activation of a fused pair, which then becomes the output. */
INLINE V NAME(share)(int64_t loss, V *a, V t, V *delta) {
    V e = *a - t;
    switch (loss) {
    case ABSOLUTE_ERROR: {
        V size = choose(e < 0, -e, e);
        *delta = choose(e < 0, fill(-1), choose(e > 0, fill(1), e));
        return size;
    }
    case HUBER: {
        V c = choose(e > 1, fill(1), choose(e < -1, fill(-1), e));
        *delta = c;
        return c * e - (REAL)0.5 * (c * c);
    }
    case BINARY_CROSS_ENTROPY: {
        V no = 1 - t, not_a = 1 - *a;
        *delta = NAME(ratio)(no, not_a) - NAME(ratio)(t, *a);
        return -(NAME(times_log)(t, *a) + NAME(times_log)(no, not_a));
    }
    case CROSS_ENTROPY:
        *delta = -NAME(ratio)(t, *a);
        return -NAME(times_log)(t, *a);
    case SIGMOID_BINARY_CROSS_ENTROPY: {
        V z = *a, high = choose(z <= 0, fill(0), z), size = choose(z < 0, z, -z);
        *a = BY_DOUBLES(sigmoid, z);
        *delta = *a - t;
        return (high - t * z) + BY_DOUBLES(log1p_, BY_DOUBLES(exp_negative, size));
    }
    default: *delta = e; return e * e;
    }
}

/* As `share`, for all outputs of four samples and the pair of softmax and cross entropy. */
static V NAME(softmax_shares)(int64_t units, REAL *z, const REAL *t, REAL *delta, int64_t padded) {
    V most = LOAD(z), total = fill(0), weight = fill(0), value = fill(0);
    for (int64_t j = 1; j < units; j++) {
        V other = LOAD(z + j * padded);
        most = choose((other > most) | (other != other), other, most);
    }
    for (int64_t j = 0; j < units; j++) {
        V e = BY_DOUBLES(exp_negative, LOAD(z + j * padded) - most);
        STORE(delta + j * padded, e);
        total += e;
        weight += LOAD(t + j * padded);
    }
    V log_total = BY_DOUBLES(log_, total);
    for (int64_t j = 0; j < units; j++) {
        V target = LOAD(t + j * padded), a = LOAD(delta + j * padded) / total;
        value += target * (log_total - (LOAD(z + j * padded) - most));
        STORE(z + j * padded, a);
        STORE(delta + j * padded, a * weight - target);
    }
    return value;
}

/* What the sum of the shares of a batch is multiplied by, and their derivatives. */
typedef struct {
    REAL loss, slope;
} NAME(Scales);

INLINE NAME(Scales) NAME(scales_of)(int64_t loss, int64_t units, REAL factor) {
    REAL scale = factor;
    if (loss == MEAN_SQUARED_ERROR) scale = factor / (REAL)units;
    if (loss == HALF_SQUARED_ERROR) scale = (REAL)0.5 * factor;
    int squared = loss == SQUARED_ERROR || loss == MEAN_SQUARED_ERROR;
    return (NAME(Scales)){scale, squared ? 2 * scale : factor};
}

/* Adds the shares of some samples to four sums, of every fourth sample; leaves the derivative of
   the loss by the outputs (or, of a fused pair, by their pre-activations) in `delta`, 0 in padding
   lanes. */
static void NAME(add_shares)(int64_t loss, int64_t units, int64_t size, int64_t padded, REAL *a,
                             const REAL *t, REAL *delta, REAL slope, V *total) {
    for (int64_t p = 0; p < padded; p += 4) {
        INT left = (INT)(size - p);
        M real = (M){0, 1, 2, 3} < (M){left, left, left, left};
        if (loss == SOFTMAX_CROSS_ENTROPY)
            *total += choose(real, NAME(softmax_shares)(units, a + p, t + p, delta + p, padded),
                             fill(0));
        for (int64_t i = p; i < units * padded; i += padded) {
            V output = LOAD(a + i), signal = LOAD(delta + i);
            if (loss != SOFTMAX_CROSS_ENTROPY)
                *total += choose(real, NAME(share)(loss, &output, LOAD(t + i), &signal), fill(0));
            STORE(a + i, output);
            STORE(delta + i, choose(real, signal * slope, fill(0)));
        }
    }
}
