/* Penalties and optimizers on the flat vectors, as penalties.py and optimizers.py; see loop.h. */

/* --- penalties -------------------------------------------------------------------------------- */

/* l2 / 2 sum(w^2) + l1 sum|w|, each as four sums of every fourth parameter. */
static REAL NAME(penalty)(const Plan *plan, const Call *call) {
    const REAL *theta = plan->memory, *l1 = call->l1, *l2 = call->l2;
    V square = fill(0), size = fill(0);
    int64_t i = 0;
    for (; !plan->places && i + 4 <= plan->parameters; i += 4) {
        V w = *(const U *)(theta + i);
        square += w * *(const U *)(l2 + i) * w;
        size += choose(w < 0, -w, w) * *(const U *)(l1 + i);
    }
    for (; i < plan->parameters; i++) {
        int64_t at = plan->places ? plan->places[i] : i;
        square[i % 4] += theta[at] * l2[at] * theta[at];
        size[i % 4] += (theta[at] < 0 ? -theta[at] : theta[at]) * l1[at];
    }
    return (REAL)0.5 * sum(square) + sum(size);
}

static void NAME(add_penalty)(const Plan *plan, const Call *call, int64_t first, int64_t count) {
    const REAL *restrict theta = plan->memory, *restrict l1 = call->l1, *restrict l2 = call->l2;
    REAL *restrict gradient = plan->gradient;
    for (int64_t i = first; i < first + count; i++) {
        REAL sign = (REAL)((theta[i] > 0) - (theta[i] < 0));
        gradient[i] = gradient[i] + theta[i] * l2[i] + sign * l1[i];
    }
}

/* --- optimizers ------------------------------------------------------------------------------- */

/* What an optimizer's rule needs of its hyperparameters, for the iterations of one call. */
typedef struct {
    REAL rate, momentum, keep, take, eps; /* keep + take = 1: how a mean of squares is made */
    REAL take_mean;
    double learning_rate;
    D log_betas;
} NAME(Rule);

/* hyperparameters: learning_rate; momentum, alpha or beta1; beta2; eps. */
static NAME(Rule) NAME(rule_of)(const Plan *plan, const Call *call) {
    const double *h = call->hyperparameters;
    double decay = plan->optimizer == ADAM ? h[2] : h[1];
    return (NAME(Rule)){
        .rate = (REAL)h[0],
        .momentum = (REAL)h[1],
        .keep = (REAL)decay,
        .take = (REAL)(1.0 - decay),
        .eps = (REAL)h[3],
        .take_mean = (REAL)(1.0 - h[1]),
        .learning_rate = h[0],
        .log_betas = log_((D){h[1], h[2], 1.0, 1.0}),
    };
}

/* theta -= rate * direction / (size + eps), with the `size` of each parameter as an expression. */
#define DESCEND(rate, direction, size)                                                           \
    theta[i] = theta[i] - direction * (rate) / ((size) + eps)

static void NAME(adagrad)(REAL *restrict theta, const REAL *restrict g, REAL *restrict squares,
                          int64_t count, const NAME(Rule) *rule) {
    REAL rate = rule->rate, eps = rule->eps;
    for (int64_t i = 0; i < count; i++) {
        squares[i] = squares[i] + g[i] * g[i];
        DESCEND(rate, g[i], ROOT(squares[i]));
    }
}

static void NAME(rmsprop)(REAL *restrict theta, const REAL *restrict g, REAL *restrict squares,
                          int64_t count, const NAME(Rule) *rule) {
    REAL rate = rule->rate, keep = rule->keep, take = rule->take, eps = rule->eps;
    for (int64_t i = 0; i < count; i++) {
        squares[i] = squares[i] * keep + g[i] * take * g[i];
        DESCEND(rate, g[i], ROOT(squares[i]));
    }
}

/* 1 - beta^t is -expm1(t log beta): as exact for t of a million as for t = 1. */
static void NAME(adam)(REAL *restrict theta, const REAL *restrict g, REAL *restrict means,
                       REAL *restrict squares, int64_t count, const NAME(Rule) *rule,
                       int64_t iteration) {
    D corrections = -expm1_negative((double)(iteration + 1) * rule->log_betas);
    REAL rate = (REAL)(rule->learning_rate / corrections[0]);
    REAL root = (REAL)__builtin_sqrt(corrections[1]);
    REAL keep = rule->keep, take = rule->take, eps = rule->eps, take_mean = rule->take_mean;
    for (int64_t i = 0; i < count; i++) {
        means[i] = means[i] + (g[i] - means[i]) * take_mean;
        squares[i] = squares[i] * keep + g[i] * take * g[i];
        DESCEND(rate, means[i], ROOT(squares[i]) / root);
    }
}

static void NAME(momentum)(REAL *restrict theta, const REAL *restrict g, REAL *restrict velocity,
                           int64_t count, const NAME(Rule) *rule) {
    REAL rate = rule->rate, momentum = rule->momentum;
    for (int64_t i = 0; i < count; i++) {
        velocity[i] = velocity[i] * momentum + g[i];
        theta[i] = theta[i] - velocity[i] * rate;
    }
}

static void NAME(nesterov)(REAL *restrict theta, const REAL *restrict g, REAL *restrict velocity,
                           int64_t count, const NAME(Rule) *rule) {
    REAL rate = rule->rate, momentum = rule->momentum;
    for (int64_t i = 0; i < count; i++) {
        velocity[i] = velocity[i] * momentum + g[i];
        theta[i] = theta[i] - (velocity[i] * momentum + g[i]) * rate;
    }
}

static void NAME(sgd)(REAL *restrict theta, const REAL *restrict g, int64_t count, REAL rate) {
    for (int64_t i = 0; i < count; i++) theta[i] = theta[i] - g[i] * rate;
}

#undef DESCEND

/* The rule on the `count` numbers of memory and gradient that begin at `first`. Held parameters
   feel no gradient and, as slots carry what was before, are put back; infinity or NaN, times 0, is
   NaN in a slot or theta and so is noticed. */
static void NAME(update)(const Plan *plan, const Call *call, const NAME(Rule) *rule,
                         int64_t iteration, int64_t first, int64_t count) {
    REAL *theta = (REAL *)plan->memory + first;
    REAL *slot = theta + plan->size, *second = slot + plan->size;
    const REAL *g = (const REAL *)plan->gradient + first;
    if (call->free) {
        const REAL *free = (const REAL *)call->free + first;
        REAL *masked = (REAL *)plan->workspace + plan->masked + first;
        for (int64_t i = 0; i < count; i++) masked[i] = g[i] * free[i];
        g = masked;
    }
    switch (plan->optimizer) {
    case MOMENTUM: NAME(momentum)(theta, g, slot, count, rule); break;
    case NESTEROV: NAME(nesterov)(theta, g, slot, count, rule); break;
    case ADAGRAD: NAME(adagrad)(theta, g, slot, count, rule); break;
    case RMSPROP: NAME(rmsprop)(theta, g, slot, count, rule); break;
    case ADAM: NAME(adam)(theta, g, slot, second, count, rule, iteration); break;
    default: NAME(sgd)(theta, g, count, rule->rate); break;
    }
    if (call->free && plan->slots) {
        const REAL *free = (const REAL *)call->free + first;
        const REAL *before = (const REAL *)call->before + first;
        for (int64_t i = 0; i < count; i++) theta[i] = free[i] == 0 ? before[i] : theta[i];
    }
}

/* Whether no entry is infinite or NaN: those, and they alone, have an exponent of ones, to which
   one more is added so that it reaches the sign. */
static int NAME(all_finite)(const REAL *values, int64_t count) {
    UINT found = 0;
    for (int64_t i = 0; i < count; i++) {
        UINT bits;
        __builtin_memcpy(&bits, values + i, sizeof bits);
        found |= (bits & EXPONENT) + LEAST_EXPONENT;
    }
    return !(found & SIGN);
}

/* Whether theta and the slots are; what lies between the parameters does not count. */
static int NAME(memory_is_finite)(const Plan *plan) {
    const REAL *memory = plan->memory;
    if (NAME(all_finite)(memory, (1 + plan->slots) * plan->size)) return 1;
    for (int64_t slot = 0; slot <= plan->slots; slot++, memory += plan->size)
        for (int64_t i = 0; i < plan->parameters; i++)
            if (!NAME(all_finite)(memory + plan->places[i], 1)) return 0;
    return 1;
}

/* Whether the `count` parameters from `first` on and their slots are. */
static int NAME(are_finite)(const Plan *plan, int64_t first, int64_t count) {
    const REAL *memory = (const REAL *)plan->memory + first;
    for (int64_t slot = 0; slot <= plan->slots; slot++, memory += plan->size)
        if (!NAME(all_finite)(memory, count)) return 0;
    return 1;
}
