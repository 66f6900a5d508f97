package net.popbgp.core.route;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.popbgp.core.net.Prefix;

/**
 * Prefixes with length ranges; the first entry that matches decides, what none matches is denied.
 *
 * <p>Entries are found through their prefix, so that an answer costs one look per prefix length in the list, however many entries it has.
 *
 * <p>Immutable.
 */
public final class PrefixList {

    /** The most entries of one list. */
    public static final int MAX_ENTRIES = 10_000;

    private static final int[] NONE = {};

    /**
     * One entry: the prefix itself, or all it covers with lengths {@code ge} to {@code le}.
     *
     * @param ge shortest length, not less than the prefix's
     * @param le longest length, not less than {@code ge}
     */
    public record Entry(boolean permit, Prefix prefix, int ge, int le) {

        public Entry {
            int max = prefix.family().maxPrefixLength();
            if (ge < prefix.length() || le < ge || le > max) {
                throw new IllegalArgumentException("for " + prefix + " it must be that " + prefix.length()
                        + " <= ge <= le <= " + max + ": ge " + ge + ", le " + le);
            }
        }

        /** {@return an entry that permits exactly the prefix} */
        public static Entry exactly(Prefix prefix) {
            return new Entry(true, prefix, prefix.length(), prefix.length());
        }

        /**
         * Reads {@code [deny ]address/length[ ge N][ le N]}. With {@code ge} alone the longest is the family's, with {@code le} alone the
         * shortest is the prefix's.
         *
         * @throws IllegalArgumentException naming the text
         */
        public static Entry of(String text) {
            String[] words = text.trim().split("\\s+");
            int next = 0;
            boolean permit = true;
            if (words[0].equals("deny") || words[0].equals("permit")) {
                permit = words[0].equals("permit");
                next = 1;
            }
            if (next >= words.length) {
                throw new IllegalArgumentException("a prefix is missing in '" + text + "'");
            }
            Prefix prefix = Prefix.of(words[next++]);
            int ge = -1;
            int le = -1;
            while (next + 1 < words.length) {
                int value = number(words[next + 1], text);
                switch (words[next]) {
                    case "ge" -> ge = value;
                    case "le" -> le = value;
                    default -> throw malformed(text);
                }
                next += 2;
            }
            if (next != words.length) {
                throw malformed(text);
            }
            boolean exact = ge < 0 && le < 0;
            int longest = exact ? prefix.length() : prefix.family().maxPrefixLength();
            return new Entry(permit, prefix, ge < 0 ? prefix.length() : ge, le < 0 ? longest : le);
        }

        private static int number(String word, String text) {
            try {
                return Integer.parseInt(word);
            } catch (NumberFormatException e) {
                throw malformed(text);
            }
        }

        private static IllegalArgumentException malformed(String text) {
            return new IllegalArgumentException(
                    "not a prefix-list entry ([deny] prefix [ge N] [le N]): '" + text + "'");
        }

        boolean matches(Prefix candidate) {
            return candidate.length() >= ge && candidate.length() <= le && prefix.covers(candidate);
        }
    }

    private final String name;
    private final List<Entry> entries;
    private final Map<Prefix, int[]> places = new HashMap<>();
    private final int[] lengths;

    /** @param entries at most {@link #MAX_ENTRIES} */
    public PrefixList(String name, List<Entry> entries) {
        if (entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "prefix list " + name + " has more than " + MAX_ENTRIES + " entries: " + entries.size());
        }
        this.name = name;
        this.entries = List.copyOf(entries);
        for (int i = 0; i < this.entries.size(); i++) {
            int[] before = places.getOrDefault(this.entries.get(i).prefix, NONE);
            int[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = i;
            places.put(this.entries.get(i).prefix, after);
        }
        this.lengths = this.entries.stream()
                .mapToInt(entry -> entry.prefix.length())
                .distinct()
                .toArray();
    }

    public String name() {
        return name;
    }

    public List<Entry> entries() {
        return entries;
    }

    /** {@return whether the first matching entry permits the prefix} */
    public boolean permits(Prefix prefix) {
        int first = Integer.MAX_VALUE;
        for (int length : lengths) {
            if (length <= prefix.length()) {
                Prefix covering = Prefix.masked(prefix.family(), prefix.high(), prefix.low(), length);
                first = Math.min(first, firstMatch(covering, prefix));
            }
        }
        return first < Integer.MAX_VALUE && entries.get(first).permit;
    }

    private int firstMatch(Prefix covering, Prefix candidate) {
        for (int place : places.getOrDefault(covering, NONE)) {
            if (entries.get(place).matches(candidate)) {
                return place;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrefixList that && name.equals(that.name) && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return name + entries;
    }
}
