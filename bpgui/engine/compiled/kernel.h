/* What Python and the kernel tell each other. Python has checked every size and code before. */

#ifndef BPGUI_KERNEL_H
#define BPGUI_KERNEL_H

#include <stdint.h>

#define INTERFACE 9 /* one more whenever a structure or a function changes */

enum { IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SOFTPLUS, SOFTMAX };

enum {
    SQUARED_ERROR,
    HALF_SQUARED_ERROR,
    MEAN_SQUARED_ERROR,
    ABSOLUTE_ERROR,
    HUBER,
    BINARY_CROSS_ENTROPY,
    CROSS_ENTROPY,
    SIGMOID_BINARY_CROSS_ENTROPY, /* the last two are the fused pairs */
    SOFTMAX_CROSS_ENTROPY
};

enum { SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM };

enum { GOES_ON, LOSS_BELOW, FAILED };

/* Row j of a layer's matrix begins at weights + j * (inputs + bias) in theta; its activations and
   deltas begin at these places of the workspace. */
typedef struct {
    int64_t inputs, units, bias, activation;
    int64_t weights, activations, deltas;
} Layer;

/* What two threads share, see team.h, and a function of the system that lets another thread run. */
typedef struct {
    uint64_t ticket;
    int64_t finished, ended;
    void *task, *work;
    void (*yield)(void);
} Team;

/* A problem and its buffers while they live. `memory` is theta and the slots, each (size,), with a
   number for each of the `parameters`, and so is all else of that size. Where batches are of one
   sample, `places` tells where in it, and targets are filled up to a multiple of 4; see one.h. Else
   it is NULL, and the size is the number of parameters. `team` is NULL where one thread is
   enough. */
typedef struct {
    const Layer *layers;
    int64_t depth, size, slots, samples, batch, mean, loss, optimizer;
    const void *inputs, *targets; /* (samples, features), (samples, outputs) */
    void *memory, *gradient, *workspace;
    int64_t first_input, first_target, masked, sums; /* places in the workspace */
    int64_t panel; /* samples of a batch that are looked at together */
    const int64_t *places;
    int64_t parameters;
    Team *team;
} Plan;

/* One call: the iterations first to last - 1, and what came of them. `orders` holds the order of
   the samples in the epochs from `orders_epoch` on, or is NULL. `l1` and `l2` (size,) are the
   penalties' factors, `free` (size,) is 0 for held parameters, whose values are in `before`; they
   are NULL where they are not needed. `threshold` may be NaN. */
typedef struct {
    int64_t first, last;
    const int64_t *orders;
    int64_t orders_epoch;
    double hyperparameters[4];
    double threshold;
    const void *l1, *l2, *free, *before;
    int64_t record_every, next_row;
    void *losses, *rows;
    int64_t done, recorded, ending; /* done and recorded go on from call to call */
} Call;

#endif
