/* Training: the whole of backpropagation without a call, an allocation or a lock.

   The package's docstring tells what this is to the rest, lanes.h what it computes with. */

#include "kernel.h"
#include "team.h"

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#define VARIANT(x) x
#define WIDTH 2
#include "precisions.h"

/* Once more for processors that take four or eight doubles in one instruction: the same operations,
   and so the same bits, in up to half or a quarter of the time. */
#if defined(__x86_64__) && defined(__clang__)
#include <cpuid.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define VARIANT(x) x##_avx2
#define WIDTH 4
#include "precisions.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl"))),                \
                             apply_to = function)
#define VARIANT(x) x##_avx512
#define WIDTH 8
#include "precisions.h"
#pragma clang attribute pop

/* How many of the two, in that order, processor and operating system let run. */
EXPORT int64_t bpgui_variants(void) {
    const unsigned saves = bit_OSXSAVE | bit_AVX;
    const unsigned wide = bit_AVX512F | bit_AVX512DQ | bit_AVX512VL;
    unsigned a, b, c, d, states, high;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & saves) != saves) return 0;
    __asm__("xgetbv" : "=a"(states), "=d"(high) : "c"(0));
    if ((states & 0x06) != 0x06 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    if (!(b & bit_AVX2)) return 0;
    return (states & 0xe6) == 0xe6 && (b & wide) == wide ? 2 : 1;
}
#else
EXPORT int64_t bpgui_variants(void) { return 0; }
#endif

#include "orders.h"

/* Take part in all that the thread that trains shares, until it has ended. */
EXPORT void bpgui_help(Team *team) {
    for (int64_t times = 0; !__atomic_load_n(&team->ended, __ATOMIC_ACQUIRE);) {
        uint64_t ticket = __atomic_load_n(&team->ticket, __ATOMIC_RELAXED);
        if (next_of(ticket) < blocks_of(ticket)) {
            take_blocks(team);
            times = 0;
        }
        times = rest(team, times);
    }
}

EXPORT int64_t bpgui_interface(void) { return INTERFACE; }

#ifndef SOURCES
#define SOURCES ""
#endif

/* A digest of the files that this was compiled from. */
EXPORT const char *bpgui_sources(void) { return SOURCES; }

#if defined(_WIN32)
/* What Windows calls where there is no C library. */
int DllMainCRTStartup(void *, unsigned, void *);
int DllMainCRTStartup(void *library, unsigned reason, void *reserved) {
    (void)library, (void)reason, (void)reserved;
    return 1;
}
#endif
