/* The loop in both precisions, and its entry points; included with VARIANT(x) and STRIPS defined. */

#include "lanes.h"

#define REAL double
#define INT int64_t
#define UINT uint64_t
#define ROOT __builtin_sqrt
#define EXPONENT 0x7ff0000000000000u
#define LEAST_EXPONENT 0x0010000000000000u
#define SIGN 0x8000000000000000u
#define NAME(x) VARIANT(x##_double)
#include "loop.h"

#define REAL float
#define INT int32_t
#define UINT uint32_t
#define ROOT __builtin_sqrtf
#define EXPONENT 0x7f800000u
#define LEAST_EXPONENT 0x00800000u
#define SIGN 0x80000000u
#define NAME(x) VARIANT(x##_float)
#include "loop.h"

EXPORT void VARIANT(bpgui_train_double)(const Plan *plan, Call *call) {
    VARIANT(train_double)(plan, call);
}

EXPORT void VARIANT(bpgui_train_float)(const Plan *plan, Call *call) {
    VARIANT(train_float)(plan, call);
}

/* The update after an iteration that NumPy does, of the `count` parameters that begin at `first`,
   with the gradient that is in the plan; whether they and their slots are finite after it. */
EXPORT int64_t VARIANT(bpgui_update_double)(const Plan *plan, const Call *call, int64_t iteration,
                                            int64_t first, int64_t count) {
    return VARIANT(step_double)(plan, call, iteration, first, count);
}

EXPORT int64_t VARIANT(bpgui_update_float)(const Plan *plan, const Call *call, int64_t iteration,
                                           int64_t first, int64_t count) {
    return VARIANT(step_float)(plan, call, iteration, first, count);
}

/* One of the functions of lanes.h on `count` numbers, a multiple of 4, in place. */
EXPORT void VARIANT(bpgui_apply)(int64_t function, double *values, int64_t count) {
    for (int64_t i = 0; i < count; i += 4) {
        D4 x;
        __builtin_memcpy(&x, values + i, sizeof x);
        switch (function) {
        case 0: x = exp_negative(x); break;
        case 1: x = expm1_negative(x); break;
        case 2: x = sigmoid(x); break;
        case 3: x = tanh_(x); break;
        case 4: x = log_(x); break;
        default: x = log1p_(x); break;
        }
        __builtin_memcpy(values + i, &x, sizeof x);
    }
}

#undef VARIANT
#undef STRIPS
