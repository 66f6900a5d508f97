package net.popbgp.daemon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class Suggestion {

    private static final int MAX_LENGTH = 64;

    private Suggestion() {}

    static Optional<String> nearest(String word, Collection<String> candidates) {
        if (word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String normal = word.replace('_', '-');
        return candidates.stream()
                .filter(candidate -> distance(normal, candidate) <= Math.max(1, candidate.length() / 3)
                        || normal.length() > 3 && candidate.contains(normal))
                .min(Comparator.<String>comparingInt(candidate -> distance(normal, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** How many letters must be put in, taken out or replaced. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
