package net.popbgp.daemon.site;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;

/**
 * Summaries that are made automatically for the circuits of a site. Immutable.
 *
 * @param announced those that are originated
 * @param hiding those whose more specific routes are held back
 * @param only if it is there, nothing else is advertised besides the announced ones: while summaries are being brought in, what waits must
 *     not take their room
 */
record AutoSummaries(Set<Prefix> announced, Set<Prefix> hiding, Optional<Set<Prefix>> only) {

    static final AutoSummaries NONE = new AutoSummaries(Set.of(), Set.of(), Optional.empty());

    AutoSummaries {
        announced = Set.copyOf(announced);
        hiding = Set.copyOf(hiding);
        only = only.map(Set::copyOf);
    }

    boolean isEmpty() {
        return announced.isEmpty() && hiding.isEmpty() && only.isEmpty();
    }

    /** {@return whether a summary stands for the prefix} */
    boolean hides(Prefix prefix) {
        if (hiding.isEmpty()) {
            return false;
        }
        AddressFamily family = prefix.family();
        for (int length = prefix.length() - 1; length > 0; length--) {
            if (hiding.contains(Prefix.masked(family, prefix.high(), prefix.low(), length))) {
                return true;
            }
        }
        return false;
    }

    AutoSummaries and(Set<Prefix> moreAnnounced, Set<Prefix> moreHiding) {
        return new AutoSummaries(union(announced, moreAnnounced), union(hiding, moreHiding), only);
    }

    AutoSummaries only(Set<Prefix> prefixes) {
        return new AutoSummaries(announced, hiding, Optional.of(prefixes));
    }

    AutoSummaries withoutOnly() {
        return new AutoSummaries(announced, hiding, Optional.empty());
    }

    static Set<Prefix> union(Set<Prefix> one, Set<Prefix> other) {
        Set<Prefix> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }

    static Set<Prefix> difference(Set<Prefix> one, Set<Prefix> other) {
        return one.stream().filter(each -> !other.contains(each)).collect(Collectors.toSet());
    }
}
