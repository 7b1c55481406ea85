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

#include "functions.h"
#include "products.h"
#include "one.h"
#include "updates.h"

#include "steps.h"
#include "summaries.h"

/* --- the loop --------------------------------------------------------------------------------- */

/* Copy the gradient to a row of numbers in the order of theta. */
static void NAME(record)(const Plan *plan, REAL *row) {
    const REAL *gradient = plan->gradient;
    for (int64_t i = 0; i < plan->parameters; i++)
        row[i] = gradient[plan->places ? plan->places[i] : i];
}

/* Gradient and update; whether theta and the slots are finite after it. What is plain enough is
   done in one go. */
static int NAME(descend)(NAME(Step) *step) {
    const Plan *plan = step->plan;
    const Call *call = step->call;
    if (!plan->places) {
        NAME(gradient)(step);
        return NAME(update_all)(step);
    }
    if (plan->optimizer == SGD && !call->l1 && !call->free) {
        NAME(backward_one)(plan, step->batch.x, &step->rule->rate);
        return NAME(memory_is_finite)(plan);
    }
    NAME(backward_one)(plan, step->batch.x, 0);
    if (call->l1) NAME(add_penalty)(plan, call, 0, plan->size);
    NAME(update)(plan, call, step->rule, step->iteration, 0, plan->size);
    return NAME(memory_is_finite)(plan);
}

/* The iterations that `call` asks for; see Call and the Python side. */
static void NAME(train)(const Plan *plan, Call *call) {
    REAL *losses = call->losses, *rows = call->rows;
    int64_t per_epoch = (plan->samples + plan->batch - 1) / plan->batch;
    int64_t epoch = call->first / per_epoch, number = call->first % per_epoch;
    NAME(Rule) rule = NAME(rule_of)(plan, call);
    NAME(Step) step = {.plan = plan, .call = call, .rule = &rule};

    for (int64_t iteration = call->first; iteration < call->last; iteration++) {
        step.iteration = iteration;
        int64_t start = number * plan->batch, left = plan->samples - start;
        int64_t size = left < plan->batch ? left : plan->batch;
        int is_new = per_epoch > 1 || iteration == call->first;
        const int64_t *order = call->orders;
        if (order) order += (epoch - call->orders_epoch) * plan->samples + start;
        REAL loss;
        if (plan->places) {
            if (is_new) NAME(take_batch)(&step, order, start, 1);
            loss = NAME(objective_one)(plan, step.batch.x, step.batch.t);
        } else {
            loss = NAME(objective)(&step, order, start, size, is_new);
        }
        if (call->l1) loss += NAME(penalty)(plan, call);
        if ((double)loss < call->threshold) {
            call->ending = LOSS_BELOW;
            return;
        }
        if (loss - loss != 0 || !NAME(descend)(&step)) {
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
