package net.popbgp.daemon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class Suggestion {

    private static final int MAX_LENGTH = 64;

    private Suggestion() {}

    static Optional<String> nearest(String word, Collection<String> candidates) {
        if (word.length() > MAX_LENGTH || word.isEmpty()) {
            return Optional.empty();
        }
        String normal = word.replace('_', '-');
        return candidates.stream()
                .filter(candidate ->
                        distance(normal, candidate) <= Math.min(normal.length() - 1, 1 + candidate.length() / 5)
                                || normal.length() > 3 && candidate.contains(normal))
                .min(Comparator.<String>comparingInt(candidate -> distance(normal, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** How many letters must be put in, taken out, replaced or swapped with their neighbour. */
    private static int distance(String from, String to) {
        int[][] steps = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : least(steps, from, to, i, j);
            }
        }
        return steps[from.length()][to.length()];
    }

    private static int least(int[][] steps, String from, String to, int i, int j) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int least = Math.min(steps[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}
