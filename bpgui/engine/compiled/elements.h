/* What is done lane by lane, in vectors of LANES numbers of one precision: activations, with the
   formulas of activations.py. Included for each number of lanes. */

#ifndef BPGUI_ELEMENTS_H
#define BPGUI_ELEMENTS_H

/* As SIZED, once for each precision. */
#define ELEMENT(x) VARIED(WITH(x, WITH(LANES, REAL)))

#define V ELEMENT(V)
#define M ELEMENT(M)
#define fill ELEMENT(fill)
#define choose ELEMENT(choose)
#define active ELEMENT(active)
#define through ELEMENT(through)

/* A function of lanes.h. */
#define BY_DOUBLES(f, x) __builtin_convertvector(f(__builtin_convertvector(x, D)), V)

#endif

/* Loads and stores are at multiples of four numbers. */
typedef REAL V __attribute__((vector_size(LANES * sizeof(REAL)), aligned(4 * sizeof(REAL))));
typedef INT M __attribute__((vector_size(LANES * sizeof(REAL))));

INLINE V fill(REAL x) { return x - (V){0}; }

INLINE V choose(M mask, V a, V b) { return (V)(((M)a & mask) | ((M)b & ~mask)); }

INLINE V ELEMENT(elu)(V z) {
    V low = BY_DOUBLES(expm1_negative, choose(z > 0, fill(0), z));
    return choose(z > 0, z, low);
}

/* log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)) */
INLINE V ELEMENT(softplus)(V z) {
    V size = choose(z < 0, z, -z);
    V low = BY_DOUBLES(log1p_, BY_DOUBLES(exp_negative, size));
    return choose(z <= 0, fill(0), z) + low;
}

/* a = f(z), of all but softmax. */
INLINE V active(int64_t activation, V z) {
    switch (activation) {
    case SIGMOID: return BY_DOUBLES(sigmoid, z);
    case TANH: return BY_DOUBLES(tanh_, z);
    case RELU: return choose(z <= 0, fill(0), z);
    case LEAKY_RELU: return choose(z <= 0, (REAL)0.01 * z, z);
    case ELU: return ELEMENT(elu)(z);
    case SOFTPLUS: return ELEMENT(softplus)(z);
    default: return z;
    }
}

/* dL/dz of delta = dL/da; derivatives are written in a alone. */
INLINE V through(int64_t activation, V a, V delta) {
    switch (activation) {
    case SIGMOID: return delta * ((1 - a) * a);
    case TANH: return delta * (1 - a * a);
    case RELU: return delta * choose(a > 0, fill(1), a);
    case LEAKY_RELU:
        return delta * choose(a > 0, fill(1), choose(a == a, fill((REAL)0.01), a));
    case ELU: return delta * (choose(a > 0, fill(0), a) + 1);
    case SOFTPLUS: return delta * -BY_DOUBLES(expm1_negative, -a);
    default: return delta;
    }
}
