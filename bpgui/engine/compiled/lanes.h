/* Four doubles at a time, and the functions that activations and losses need, without a libm.

   Every operation is one of IEEE 754, in an order that is written down here, so the bits are the
   same whatever the processor and the compiler (which must not contract a*b + c, nor reorder).
   Errors stay below 2.5 units in the last place for sigmoid, as with NumPy, and 1.5 for the others;
   what is not a number stays so.

   Sources: exp and log as in fdlibm (Sun Microsystems, e_exp.c and e_log.c), tanh near 0 as in
   Cephes (S. Moshier, tanh.c). With x = n ln 2 + r, |r| <= ln 2 / 2, and c(r) near r,

       exp(r) - 1 = r + r c / (2 - c) = 2 r / (2 - c) */

#ifndef BPGUI_LANES_H
#define BPGUI_LANES_H

#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

typedef double D4 __attribute__((vector_size(32)));
typedef int64_t I4 __attribute__((vector_size(32)));
typedef uint64_t U4 __attribute__((vector_size(32)));

/* x = n ln 2 + r: r, c(r), and n + ROUNDER. */
typedef struct {
    D4 r, c, n;
} Reduced;

/* Adding this rounds |x| < 2^51 to an integer and leaves it in the low bits. */
#define ROUNDER 0x1.8p52

/* The functions are there once for each VARIANT. */
#define all VARIANT(all)
#define pick VARIANT(pick)
#define at_least VARIANT(at_least)
#define at_most VARIANT(at_most)
#define magnitude VARIANT(magnitude)
#define reduce VARIANT(reduce)
#define power_of_two VARIANT(power_of_two)
#define rest_of VARIANT(rest_of)
#define exp_negative VARIANT(exp_negative)
#define expm1_negative VARIANT(expm1_negative)
#define sigmoid VARIANT(sigmoid)
#define tanh_ VARIANT(tanh_)
#define log_of VARIANT(log_of)
#define log_ VARIANT(log_)
#define log1p_ VARIANT(log1p_)

#endif

INLINE D4 all(double x) { return (D4){x, x, x, x}; }

/* a where the mask is set, b elsewhere. */
INLINE D4 pick(I4 mask, D4 a, D4 b) { return (D4)(((I4)a & mask) | ((I4)b & ~mask)); }

INLINE D4 at_least(D4 x, double least) { return pick(x < least, all(least), x); }

INLINE D4 at_most(D4 x, double most) { return pick(x > most, all(most), x); }

INLINE D4 magnitude(D4 x) { return (D4)((I4)x & INT64_MAX); }

INLINE Reduced reduce(D4 x) {
    D4 n = x * 0x1.71547652b82fep0 + ROUNDER;
    D4 whole = n - ROUNDER;
    D4 r = (x - whole * 6.93147180369123816490e-1) - whole * 1.90821492927058770002e-10;
    D4 z = r * r;
    D4 p = (((4.13813679705723846039e-8 * z - 1.65339022054652515390e-6) * z
             + 6.61375632143793436117e-5) * z - 2.77777777770155933842e-3) * z
           + 1.66666666666666019037e-1;
    return (Reduced){r, r - z * p, n};
}

/* 2^(n + shift), which must be a normal number. */
INLINE D4 power_of_two(D4 n, int64_t shift) {
    return (D4)(((U4)n + (uint64_t)(1023 + shift)) << 52);
}

/* exp(r) - 1 */
INLINE D4 rest_of(Reduced e) { return e.r + e.r * e.c / (2.0 - e.c); }

/* exp(x) for x <= 0. */
INLINE D4 exp_negative(D4 x) {
    Reduced e = reduce(at_least(x, -750.0));
    /* The last product rounds once where the result is subnormal. */
    return (1.0 + rest_of(e)) * power_of_two(e.n, 64) * 0x1p-64;
}

/* exp(x) - 1 for x <= 0, as 2^n (exp(r) - 1) + (2^n - 1). */
INLINE D4 expm1_negative(D4 x) {
    Reduced e = reduce(at_least(x, -40.0));
    D4 scale = power_of_two(e.n, 0);
    return scale * rest_of(e) + (scale - 1.0);
}

/* 1 / (1 + exp(-x)) in one division; 0 where exp(-x) overflows. */
INLINE D4 sigmoid(D4 x) {
    Reduced e = reduce(at_most(at_least(-x, -707.0), 709.8));
    D4 below = 1.0 - 0.5 * e.c;
    D4 half = (below + e.r) * power_of_two(e.n, -1);
    return below / (below + (half + half));
}

/* tanh|x|, with the sign of x: |x| + |x|^3 P / Q near 0, else 1 - 2 exp(-2|x|) / (1 + exp(-2|x|)),
   in one division. */
INLINE D4 tanh_(D4 x) {
    D4 size = at_most(magnitude(x), 20.0), z = size * size;
    I4 near = size < 0.625;
    D4 p = (-9.64399179425052238628e-1 * z - 9.92877231001918586564e1) * z
           - 1.61468768441708447952e3;
    D4 q = ((z + 1.12811678491632931402e2) * z + 2.23548839060100448583e3) * z
           + 4.84406305325125486048e3;
    Reduced e = reduce(-2.0 * size);
    D4 below = 2.0 - e.c;
    D4 above = (below + 2.0 * e.r) * power_of_two(e.n, 0);
    D4 ratio = pick(near, size * z * p, -2.0 * above) / pick(near, q, below + above);
    D4 value = pick(near, size, all(1.0)) + ratio;
    return (D4)((I4)value | ((I4)x & INT64_MIN));
}

/* k ln 2 + log(1 + f) for 1/sqrt(2) <= 1 + f <= sqrt(2). */
INLINE D4 log_of(D4 k, D4 f) {
    D4 s = f / (2.0 + f), z = s * s, w = z * z;
    D4 even = w * ((1.531383769920937332e-1 * w + 2.222219843214978396e-1) * w
                   + 3.999999999940941908e-1);
    D4 odd = z * (((1.479819860511658591e-1 * w + 1.818357216161805012e-1) * w
                   + 2.857142874366239149e-1) * w + 6.666666666666735130e-1);
    D4 half = 0.5 * f * f;
    D4 rest = s * (half + (even + odd)) + k * 1.90821492927058770002e-10;
    return k * 6.93147180369123816490e-1 - ((half - rest) - f);
}

/* log(x); -infinity at 0, not a number below. */
INLINE D4 log_(D4 x) {
    const uint64_t root = 0x3fe6a09e667f3bcd; /* the bits of 1 / sqrt(2) */
    const uint64_t one = 0x3ff0000000000000;
    I4 tiny = x < 0x1p-1022;
    U4 bits = (U4)pick(tiny, x * 0x1p54, x) + (one - root);
    D4 k = (D4)((bits >> 52 & 0x7ff) | 0x4330000000000000) - 0x1.00000000003ffp52;
    D4 m = (D4)((bits & 0xfffffffffffff) + root);
    D4 value = log_of(k - pick(tiny, all(54.0), all(0.0)), m - 1.0);
    value = pick(x == 0.0, all(-__builtin_inf()), value);
    value = pick(x < 0.0, all(__builtin_nan("")), value);
    return pick((x != x) | (x == __builtin_inf()), x, value);
}

/* log(1 + x) for 0 <= x <= 1. */
INLINE D4 log1p_(D4 x) {
    I4 large = x > 0x1.a827999fcef32p-2; /* sqrt(2) - 1 */
    return log_of(pick(large, all(1.0), all(0.0)), pick(large, 0.5 * (x - 1.0), x));
}
