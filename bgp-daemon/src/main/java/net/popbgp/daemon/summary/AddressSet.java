package net.popbgp.daemon.summary;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import net.popbgp.core.net.Prefix;

/** The addresses of prefixes, as the fewest prefixes that have exactly them. Pure functions. */
final class AddressSet {

    private AddressSet() {}

    /** {@return the fewest prefixes with the same addresses, in order; of one family or of both} */
    static List<Prefix> of(Collection<Prefix> prefixes) {
        List<Prefix> sorted = new ArrayList<>(prefixes);
        sorted.sort(null);
        List<Prefix> kept = new ArrayList<>();
        for (Prefix prefix : sorted) {
            if (!kept.isEmpty() && kept.get(kept.size() - 1).covers(prefix)) {
                continue;
            }
            Prefix last = prefix;
            while (!kept.isEmpty() && areSiblings(kept.get(kept.size() - 1), last)) {
                kept.remove(kept.size() - 1);
                last = shortened(last, last.length() - 1);
            }
            kept.add(last);
        }
        return kept;
    }

    private static boolean areSiblings(Prefix left, Prefix right) {
        return left.length() == right.length()
                && left.length() > 0
                && !left.equals(right)
                && shortened(left, left.length() - 1).covers(right);
    }

    static Prefix shortened(Prefix prefix, int length) {
        return Prefix.masked(prefix.family(), prefix.high(), prefix.low(), length);
    }

    /** {@return how many bits two prefixes of a family have in common, at most the length of the shorter one} */
    static int commonLength(Prefix a, Prefix b) {
        int most = Math.min(a.length(), b.length());
        if (a.isIpv4()) {
            return Math.min(most, Long.numberOfLeadingZeros((a.low() ^ b.low()) << 32 | 1));
        }
        int high = Long.numberOfLeadingZeros(a.high() ^ b.high());
        return Math.min(most, high < 64 ? high : 64 + Long.numberOfLeadingZeros(a.low() ^ b.low()));
    }

    /**
     * {@return the place of the one of these prefixes, disjoint and in order, that covers another; -1 if none does}
     */
    static int covering(List<Prefix> disjoint, Prefix prefix) {
        int at = floor(disjoint, prefix);
        return at >= 0 && disjoint.get(at).covers(prefix) ? at : -1;
    }

    /** {@return whether one of these prefixes, disjoint and in order, has an address in common with another} */
    static boolean intersects(List<Prefix> disjoint, Prefix prefix) {
        int at = floor(disjoint, prefix);
        return at >= 0 && disjoint.get(at).covers(prefix)
                || at + 1 < disjoint.size() && prefix.covers(disjoint.get(at + 1));
    }

    /** Returns the place of the last one that does not come after the prefix, -1 for none. */
    private static int floor(List<Prefix> disjoint, Prefix prefix) {
        int low = 0;
        int high = disjoint.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (disjoint.get(middle).compareTo(prefix) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
