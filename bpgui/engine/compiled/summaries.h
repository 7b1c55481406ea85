/* What is kept of a gradient: see summaries.py. */

/* Eight numbers at any address of a REAL. */
typedef REAL NAME(U_8) __attribute__((vector_size(8 * sizeof(REAL)), aligned(sizeof(REAL))));

#define LARGER(v, than) ((v > than) | (v != v))

/* Of `count` numbers that of largest size, with its sign; one that is no number, if there is one. */
static REAL NAME(largest)(const REAL *values, int64_t count) {
    REAL low = values[0], high = values[0];
    int64_t i = 0;
    if (count >= 8) {
        NAME(V_8) lows = *(const NAME(U_8) *)values, highs = lows;
        for (i = 8; i + 8 <= count; i += 8) {
            NAME(V_8) v = *(const NAME(U_8) *)(values + i);
            highs = NAME(choose_8)(LARGER(v, highs), v, highs);
            lows = NAME(choose_8)(v < lows, v, lows);
        }
        for (int j = 0; j < 8; j++) {
            if (LARGER(highs[j], high)) high = highs[j];
            if (lows[j] < low) low = lows[j];
        }
    }
    for (; i < count; i++) {
        if (LARGER(values[i], high)) high = values[i];
        if (values[i] < low) low = values[i];
    }
    return -low > high ? low : high;
}

/* The sum of the squares of `count` numbers, as eight sums, of every eighth. */
static double NAME(squares)(const REAL *values, int64_t count) {
    VARIANT(D_8) total = {0};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        VARIANT(D_8) v = __builtin_convertvector(*(const NAME(U_8) *)(values + i), VARIANT(D_8));
        total += v * v;
    }
    for (int j = 0; i < count; i++, j++) total[j] += (double)values[i] * (double)values[i];
    return ((total[0] + total[1]) + (total[2] + total[3]))
           + ((total[4] + total[5]) + (total[6] + total[7]));
}

#undef LARGER
