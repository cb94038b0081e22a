/* Aligns two lists of word numbers: the inner loop of label.py, which compiles it when it runs.
 *
 * Finds an alignment with the most matched words, with a bonus for each match that directly follows
 * another, so that runs are preferred to scattered hits. Integers only.
 */
#include <stdlib.h>
#include <string.h>

enum { SKIP_FIRST = 0, SKIP_SECOND = 1, MATCH = 2, FOLLOWS = 4, STEP = 3 };
enum { BONUS = 4, NEVER = -1000000 };

/* Sets first_hit[i] and second_hit[j] to 1 for matched words. Returns -1 when memory runs out. */
int align(int first_count, const int *first, int second_count, const int *second,
          unsigned char *first_hit, unsigned char *second_hit) {
    size_t width = (size_t)second_count + 1;
    memset(first_hit, 0, (size_t)first_count);
    memset(second_hit, 0, (size_t)second_count);
    if (first_count == 0 || second_count == 0) return 0;
    unsigned char *trace = malloc(((size_t)first_count + 1) * width);
    /* For each prefix of the second list: the best value, and the best that ends in a match. */
    int *best = calloc(width, sizeof *best);
    int *match = malloc(width * sizeof *match);
    if (!trace || !best || !match) {
        free(trace);
        free(best);
        free(match);
        return -1;
    }
    for (size_t j = 0; j < width; j++) match[j] = NEVER;
    memset(trace, 0, width);
    for (int i = 1; i <= first_count; i++) {
        unsigned char *row = trace + (size_t)i * width;
        int best_left_above = best[0], match_left_above = match[0];
        row[0] = SKIP_FIRST;
        for (int j = 1; j <= second_count; j++) {
            int best_above = best[j], match_above = match[j];
            int value = best_above, matched = NEVER;
            unsigned char step = SKIP_FIRST;
            if (best[j - 1] > value) {
                value = best[j - 1];
                step = SKIP_SECOND;
            }
            if (first[i - 1] == second[j - 1]) {
                unsigned char follows = 0;
                matched = best_left_above + 1;
                if (match_left_above + BONUS >= matched) {
                    matched = match_left_above + BONUS;
                    follows = FOLLOWS;
                }
                step |= follows;
                if (matched >= value) {
                    value = matched;
                    step = follows | MATCH;
                }
            }
            row[j] = step;
            best[j] = value;
            match[j] = matched;
            best_left_above = best_above;
            match_left_above = match_above;
        }
    }
    int i = first_count, j = second_count;
    while (i > 0 && j > 0) {
        unsigned char step = trace[(size_t)i * width + j] & STEP;
        if (step == SKIP_FIRST) {
            i--;
        } else if (step == SKIP_SECOND) {
            j--;
        } else {
            unsigned char here;
            do {
                here = trace[(size_t)i * width + j];
                first_hit[--i] = 1;
                second_hit[--j] = 1;
            } while ((here & FOLLOWS) && i > 0 && j > 0);
        }
    }
    free(trace);
    free(best);
    free(match);
    return 0;
}
