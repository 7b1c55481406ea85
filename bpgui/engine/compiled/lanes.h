/* LANES doubles at a time, and the functions that activations and losses need, without a libm.
   Included for each number of lanes.

   Every operation is one of IEEE 754, in an order that is written down here, so the bits are the
   same whatever the processor and the compiler (which must not contract a*b + c, nor reorder).
   Errors stay below 2.5 units in the last place for sigmoid, as with NumPy, and 1.5 for the others;
   what is not a number stays so.

   Sources: exp and log as in fdlibm (Sun Microsystems, e_exp.c and e_log.c), tanh near 0 as in
   Cephes (S. Moshier, tanh.c). With x = n ln 2 + r, |r| <= ln 2 / 2, and c(r) near r,

       exp(r) - 1 = r + r c / (2 - c) = 2 r / (2 - c) */

#ifndef BPGUI_LANES_H
#define BPGUI_LANES_H

#include "team.h"

/* Names of what is there once for each VARIANT, and once for each number of lanes in it. */
#define VARIED(x) VARIANT(x)
#define PASTED(x, lanes) x##_##lanes
#define WITH(x, lanes) PASTED(x, lanes)
#define SIZED(x) VARIED(WITH(x, LANES))

/* Adding this rounds |x| < 2^51 to an integer and leaves it in the low bits. */
#define ROUNDER 0x1.8p52

#define D SIZED(D)
#define I SIZED(I)
#define N SIZED(N)
#define Reduced SIZED(Reduced)
#define all SIZED(all)
#define pick SIZED(pick)
#define at_least SIZED(at_least)
#define at_most SIZED(at_most)
#define magnitude SIZED(magnitude)
#define reduce SIZED(reduce)
#define power_of_two SIZED(power_of_two)
#define rest_of SIZED(rest_of)
#define exp_negative SIZED(exp_negative)
#define expm1_negative SIZED(expm1_negative)
#define sigmoid SIZED(sigmoid)
#define tanh_ SIZED(tanh_)
#define log_of SIZED(log_of)
#define log_ SIZED(log_)
#define log1p_ SIZED(log1p_)
#define applied SIZED(applied)

#endif

typedef double D __attribute__((vector_size(8 * LANES)));
typedef int64_t I __attribute__((vector_size(8 * LANES)));
typedef uint64_t N __attribute__((vector_size(8 * LANES)));

/* x = n ln 2 + r: r, c(r), and n + ROUNDER. */
typedef struct {
    D r, c, n;
} Reduced;

INLINE D all(double x) { return x - (D){0}; }

/* a where the mask is set, b elsewhere. */
INLINE D pick(I mask, D a, D b) { return (D)(((I)a & mask) | ((I)b & ~mask)); }

INLINE D at_least(D x, double least) { return pick(x < least, all(least), x); }

INLINE D at_most(D x, double most) { return pick(x > most, all(most), x); }

INLINE D magnitude(D x) { return (D)((I)x & INT64_MAX); }

INLINE Reduced reduce(D x) {
    D n = x * 0x1.71547652b82fep0 + ROUNDER;
    D whole = n - ROUNDER;
    D r = (x - whole * 6.93147180369123816490e-1) - whole * 1.90821492927058770002e-10;
    D z = r * r;
    D p = (((4.13813679705723846039e-8 * z - 1.65339022054652515390e-6) * z
            + 6.61375632143793436117e-5) * z - 2.77777777770155933842e-3) * z
          + 1.66666666666666019037e-1;
    return (Reduced){r, r - z * p, n};
}

/* 2^(n + shift), which must be a normal number. */
INLINE D power_of_two(D n, int64_t shift) {
    return (D)(((N)n + (uint64_t)(1023 + shift)) << 52);
}

/* exp(r) - 1 */
INLINE D rest_of(Reduced e) { return e.r + e.r * e.c / (2.0 - e.c); }

/* exp(x) for x <= 0. */
INLINE D exp_negative(D x) {
    Reduced e = reduce(at_least(x, -750.0));
    /* The last product rounds once where the result is subnormal. */
    return (1.0 + rest_of(e)) * power_of_two(e.n, 64) * 0x1p-64;
}

/* exp(x) - 1 for x <= 0, as 2^n (exp(r) - 1) + (2^n - 1). */
INLINE D expm1_negative(D x) {
    Reduced e = reduce(at_least(x, -40.0));
    D scale = power_of_two(e.n, 0);
    return scale * rest_of(e) + (scale - 1.0);
}

/* 1 / (1 + exp(-x)) in one division; 0 where exp(-x) overflows. */
INLINE D sigmoid(D x) {
    Reduced e = reduce(at_most(at_least(-x, -707.0), 709.8));
    D below = 1.0 - 0.5 * e.c;
    D half = (below + e.r) * power_of_two(e.n, -1);
    return below / (below + (half + half));
}

/* tanh|x|, with the sign of x: |x| + |x|^3 P / Q near 0, else 1 - 2 exp(-2|x|) / (1 + exp(-2|x|)),
   in one division. */
INLINE D tanh_(D x) {
    D size = at_most(magnitude(x), 20.0), z = size * size;
    I near = size < 0.625;
    D p = (-9.64399179425052238628e-1 * z - 9.92877231001918586564e1) * z
          - 1.61468768441708447952e3;
    D q = ((z + 1.12811678491632931402e2) * z + 2.23548839060100448583e3) * z
          + 4.84406305325125486048e3;
    Reduced e = reduce(-2.0 * size);
    D below = 2.0 - e.c;
    D above = (below + 2.0 * e.r) * power_of_two(e.n, 0);
    D ratio = pick(near, size * z * p, -2.0 * above) / pick(near, q, below + above);
    D value = pick(near, size, all(1.0)) + ratio;
    return (D)((I)value | ((I)x & INT64_MIN));
}

/* k ln 2 + log(1 + f) for 1/sqrt(2) <= 1 + f <= sqrt(2). */
INLINE D log_of(D k, D f) {
    D s = f / (2.0 + f), z = s * s, w = z * z;
    D even = w * ((1.531383769920937332e-1 * w + 2.222219843214978396e-1) * w
                  + 3.999999999940941908e-1);
    D odd = z * (((1.479819860511658591e-1 * w + 1.818357216161805012e-1) * w
                  + 2.857142874366239149e-1) * w + 6.666666666666735130e-1);
    D half = 0.5 * f * f;
    D rest = s * (half + (even + odd)) + k * 1.90821492927058770002e-10;
    return k * 6.93147180369123816490e-1 - ((half - rest) - f);
}

/* log(x); -infinity at 0, not a number below. */
INLINE D log_(D x) {
    const uint64_t root = 0x3fe6a09e667f3bcd; /* the bits of 1 / sqrt(2) */
    const uint64_t one = 0x3ff0000000000000;
    I tiny = x < 0x1p-1022;
    N bits = (N)pick(tiny, x * 0x1p54, x) + (one - root);
    D k = (D)((bits >> 52 & 0x7ff) | 0x4330000000000000) - 0x1.00000000003ffp52;
    D m = (D)((bits & 0xfffffffffffff) + root);
    D value = log_of(k - pick(tiny, all(54.0), all(0.0)), m - 1.0);
    value = pick(x == 0.0, all(-__builtin_inf()), value);
    value = pick(x < 0.0, all(__builtin_nan("")), value);
    return pick((x != x) | (x == __builtin_inf()), x, value);
}

/* log(1 + x) for 0 <= x <= 1. */
INLINE D log1p_(D x) {
    I large = x > 0x1.a827999fcef32p-2; /* sqrt(2) - 1 */
    return log_of(pick(large, all(1.0), all(0.0)), pick(large, 0.5 * (x - 1.0), x));
}

/* The functions by their numbers in bpgui_apply. */
INLINE D applied(int64_t function, D x) {
    switch (function) {
    case 0: return exp_negative(x);
    case 1: return expm1_negative(x);
    case 2: return sigmoid(x);
    case 3: return tanh_(x);
    case 4: return log_(x);
    default: return log1p_(x);
    }
}
