/* Two threads at one piece of work that is cut into blocks. What a block computes does not depend
   on who does it or when, so bits do not, either. Nobody waits for a thread that has not begun: the
   one that trains takes all blocks that the other does not.

   `ticket` is the number of the work, how many blocks it has, and which comes next. Who adds 1 to
   it has taken a block, if there was one left; all that belongs to the work was written before and
   stays until its last block is finished. */

#ifndef BPGUI_TEAM_H
#define BPGUI_TEAM_H

#include "kernel.h"

#define INLINE static inline __attribute__((always_inline))

enum { BLOCK_BITS = 16, PATIENCE = 2000 };

typedef void (*Task)(void *work, int64_t block, int64_t blocks);

INLINE int64_t blocks_of(uint64_t ticket) { return ticket >> BLOCK_BITS & ((1 << BLOCK_BITS) - 1); }

INLINE int64_t next_of(uint64_t ticket) { return ticket & ((1 << BLOCK_BITS) - 1); }

/* Let the processor rest a little, and others have it if that takes long; how often it was done. */
static int64_t rest(const Team *team, int64_t times) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    __asm__ volatile("yield");
#endif
    if (times >= PATIENCE) team->yield();
    return times + 1;
}

/* Do blocks as long as there are any. */
static void take_blocks(Team *team) {
    for (;;) {
        uint64_t ticket = __atomic_fetch_add(&team->ticket, 1, __ATOMIC_ACQ_REL);
        if (next_of(ticket) >= blocks_of(ticket)) return;
        ((Task)team->task)(team->work, next_of(ticket), blocks_of(ticket));
        __atomic_fetch_add(&team->finished, 1, __ATOMIC_RELEASE);
    }
}

/* Have all blocks done, by the calling thread alone where there is no team. */
INLINE void share(Team *team, Task task, void *work, int64_t blocks) {
    if (!team) {
        for (int64_t block = 0; block < blocks; block++) task(work, block, blocks);
        return;
    }
    uint64_t number = (__atomic_load_n(&team->ticket, __ATOMIC_RELAXED) >> 2 * BLOCK_BITS) + 1;
    team->task = (void *)task;
    team->work = work;
    __atomic_store_n(&team->finished, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&team->ticket, (number << BLOCK_BITS | (uint64_t)blocks) << BLOCK_BITS,
                     __ATOMIC_RELEASE);
    take_blocks(team);
    for (int64_t times = 0; __atomic_load_n(&team->finished, __ATOMIC_ACQUIRE) < blocks;)
        times = rest(team, times);
}

/* Where a block begins that is one of `blocks` of `size` things, in multiples of `grain`. */
INLINE int64_t start_of(int64_t block, int64_t blocks, int64_t size, int64_t grain) {
    if (block == 0 || block == blocks) return block ? size : 0;
    return size / grain * block / blocks * grain;
}

#endif
