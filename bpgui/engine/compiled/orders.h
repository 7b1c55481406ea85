/* The order of samples in an epoch, numpy.random.default_rng([seed, epoch]).permutation(count), for
   seeds, epochs and counts of 32 bits.

   Sources: NumPy's SeedSequence, after M. E. O'Neill's seed_seq_fe; PCG64 is XSL-RR 128/64 of
   O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random
   Number Generation", 2014; the shuffle is that of Fisher and Yates. */

typedef unsigned __int128 Wide;

typedef struct {
    Wide state, step;
    uint32_t half; /* the upper bits of the last number, if they are to be used next */
    int halved;
} Random;

INLINE uint32_t scrambled(uint32_t value, uint32_t *constant, uint32_t factor) {
    value ^= *constant;
    *constant *= factor;
    value *= *constant;
    return value ^ value >> 16;
}

static void advance(Random *random) {
    const Wide factor = (Wide)0x2360ed051fc65da4 << 64 | 0x4385df649fccf645;
    random->state = random->state * factor + random->step;
}

static Random random_of(uint32_t seed, uint32_t epoch) {
    uint32_t pool[4] = {seed, epoch, 0, 0}, constant = 0x43b0d7e5, words[8];
    for (int i = 0; i < 4; i++) pool[i] = scrambled(pool[i], &constant, 0x931e8875);
    for (int from = 0; from < 4; from++) {
        for (int to = 0; to < 4; to++) {
            if (from == to) continue;
            uint32_t other = scrambled(pool[from], &constant, 0x931e8875);
            uint32_t mixed = 0xca01f9dd * pool[to] - 0x4973f715 * other;
            pool[to] = mixed ^ mixed >> 16;
        }
    }
    constant = 0x8b51f9dd;
    for (int i = 0; i < 8; i++) words[i] = scrambled(pool[i % 4], &constant, 0x58f38ded);
    Wide start = (Wide)words[1] << 96 | (Wide)words[0] << 64 | (Wide)words[3] << 32 | words[2];
    Wide step = (Wide)words[5] << 96 | (Wide)words[4] << 64 | (Wide)words[7] << 32 | words[6];
    Random random = {0, step << 1 | 1, 0, 0};
    advance(&random);
    random.state += start;
    advance(&random);
    return random;
}

static uint32_t next_bits(Random *random) {
    random->halved = !random->halved;
    if (!random->halved) return random->half;
    advance(random);
    uint64_t high = (uint64_t)(random->state >> 64), mixed = high ^ (uint64_t)random->state;
    unsigned turn = (unsigned)(high >> 58);
    uint64_t bits = mixed >> turn | mixed << (-turn & 63);
    random->half = (uint32_t)(bits >> 32);
    return (uint32_t)bits;
}

/* From 0 to `most`, each as likely: as many bits as it has, until they are not above it. */
static uint32_t up_to(Random *random, uint32_t most) {
    uint32_t mask = UINT32_MAX >> __builtin_clz(most), value;
    do value = next_bits(random) & mask;
    while (value > most);
    return value;
}

/* The orders of the epochs first to first + epochs - 1, each `count` numbers. */
EXPORT void bpgui_orders(int64_t seed, int64_t first, int64_t epochs, int64_t count,
                         int64_t *order) {
    for (int64_t epoch = first; epoch < first + epochs; epoch++, order += count) {
        Random random = random_of((uint32_t)seed, (uint32_t)epoch);
        for (int64_t i = 0; i < count; i++) order[i] = i;
        for (int64_t i = count - 1; i > 0; i--) {
            uint32_t j = up_to(&random, (uint32_t)i);
            int64_t kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
