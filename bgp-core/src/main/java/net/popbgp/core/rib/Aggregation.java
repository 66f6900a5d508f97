package net.popbgp.core.rib;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.popbgp.core.attribute.Aggregator;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of a speaker: who contributes to each, and what it is worth. A contributor is a selected route of a more specific prefix that
 * is no aggregate itself, and whose path the aggregate takes; so aggregates cannot hold each other up. Of the contributors only the distinct attribute sets are kept, counted: a
 * route that comes or goes with a known set costs a look-up, and only a set that is new or gone makes an aggregate be formed again, once per
 * turn.
 *
 * <p>Confined to the RIB thread.
 */
final class Aggregation {

    /** Takes what is to be announced and withdrawn. */
    interface Origination {
        void announce(Prefix prefix, PathAttributes attributes);

        void withdraw(Prefix prefix);
    }

    private static final class Count {
        int routes;
    }

    private static final class Entry {
        final Aggregate aggregate;
        final long highMask;
        final long lowMask;
        final Map<PathAttributes, Count> contributors = new HashMap<>();
        boolean dirty = true;
        String hindrance = "";

        Entry(Aggregate aggregate) {
            this.aggregate = aggregate;
            int length = aggregate.prefix().length();
            int width = aggregate.prefix().isIpv4() ? 32 : 128;
            highMask = width == 32 || length == 0 ? 0 : -1L << 64 - Math.min(64, length);
            int inLow = width == 32 ? 32 - length : Math.min(64, 128 - length);
            lowMask = inLow == 64 ? 0 : -1L << inLow;
        }

        /** Returns whether a prefix of the same family is a more specific one. */
        boolean covers(PrefixTable prefixes, int id) {
            Prefix prefix = aggregate.prefix();
            return prefixes.length(id) > prefix.length()
                    && (prefixes.low(id) & lowMask) == prefix.low()
                    && (prefixes.high(id) & highMask) == prefix.high();
        }

        void add(PathAttributes attributes) {
            Count count = contributors.get(attributes);
            if (count == null) {
                count = new Count();
                contributors.put(attributes, count);
                dirty = true;
            }
            count.routes++;
        }

        void remove(PathAttributes attributes) {
            Count count = contributors.get(attributes);
            if (count != null && --count.routes == 0) {
                contributors.remove(attributes);
                dirty = true;
            }
        }

        int routes() {
            return contributors.entrySet().stream()
                    .filter(each -> aggregate.takes(each.getKey()))
                    .mapToInt(each -> each.getValue().routes)
                    .sum();
        }
    }

    private final Aggregator self;
    private final Map<Prefix, PathAttributes> originated = new HashMap<>();
    private List<Aggregate> aggregates = List.of();
    private Entry[][] entries = {{}, {}};

    Aggregation(Aggregator self) {
        this.self = self;
    }

    boolean isUsed() {
        return !aggregates.isEmpty() || !originated.isEmpty();
    }

    List<Aggregate> aggregates() {
        return aggregates;
    }

    boolean hides() {
        return aggregates.stream().anyMatch(Aggregate::summaryOnly);
    }

    /** Takes other aggregates; the contributors are to be named to {@link #add} again. */
    void replace(List<Aggregate> values) {
        Set<Prefix> prefixes = new HashSet<>();
        for (Aggregate each : values) {
            if (!prefixes.add(each.prefix())) {
                throw new IllegalArgumentException(each.prefix() + " is aggregated twice");
            }
        }
        if (values.size() > Aggregate.MAX_AGGREGATES) {
            throw new IllegalArgumentException("more than " + Aggregate.MAX_AGGREGATES + " aggregates");
        }
        aggregates = List.copyOf(values);
        entries = new Entry[][] {entries(true), entries(false)};
    }

    /** The longest first: what an aggregate displaces can contribute to shorter ones only. */
    private Entry[] entries(boolean ipv4) {
        return aggregates.stream()
                .filter(each -> each.prefix().isIpv4() == ipv4)
                .sorted(Comparator.comparingInt(
                                (Aggregate each) -> each.prefix().length())
                        .reversed())
                .map(Entry::new)
                .toArray(Entry[]::new);
    }

    /** A route that is no aggregate is selected. */
    void add(FamilyRib rib, int id, PathAttributes attributes) {
        for (Entry entry : entries[rib.index]) {
            if (entry.covers(rib.prefixes, id)) {
                entry.add(attributes);
            }
        }
    }

    /** A route that is no aggregate is not selected any more. */
    void remove(FamilyRib rib, int id, PathAttributes attributes) {
        for (Entry entry : entries[rib.index]) {
            if (entry.covers(rib.prefixes, id)) {
                entry.remove(attributes);
            }
        }
    }

    /** Returns whether an aggregate stands for the prefix towards peers that want no more. */
    boolean isHidden(FamilyRib rib, int id) {
        for (Entry entry : entries[rib.index]) {
            if (entry.aggregate.summaryOnly() && entry.hindrance.isEmpty() && entry.covers(rib.prefixes, id)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Forms the aggregates again whose contributors have changed.
     *
     * @return whether what is hidden has changed beyond the routes that have
     */
    boolean settle(Origination origination) {
        boolean hidingChanged = false;
        for (Prefix prefix : List.copyOf(originated.keySet())) {
            if (aggregates.stream().noneMatch(each -> each.prefix().equals(prefix))) {
                originate(prefix, null, origination);
            }
        }
        for (Entry[] family : entries) {
            for (Entry entry : family) {
                if (entry.dirty) {
                    hidingChanged |= form(entry, origination);
                }
            }
        }
        return hidingChanged;
    }

    private boolean form(Entry entry, Origination origination) {
        entry.dirty = false;
        Set<PathAttributes> routes = entry.contributors.keySet().stream()
                .filter(entry.aggregate::takes)
                .collect(Collectors.toSet());
        String before = entry.hindrance;
        entry.hindrance = AggregateAttributes.hindrance(routes, entry.aggregate.ignoreMed());
        PathAttributes attributes = routes.isEmpty() || !entry.hindrance.isEmpty()
                ? null
                : entry.aggregate.set().apply(AggregateAttributes.of(routes, self));
        originate(entry.aggregate.prefix(), attributes, origination);
        return entry.aggregate.summaryOnly() && before.isEmpty() != entry.hindrance.isEmpty();
    }

    private void originate(Prefix prefix, @Nullable PathAttributes attributes, Origination origination) {
        if (attributes == null) {
            if (originated.remove(prefix) != null) {
                origination.withdraw(prefix);
            }
        } else if (!attributes.equals(originated.put(prefix, attributes))) {
            origination.announce(prefix, attributes);
        }
    }

    List<AggregateStatus> status() {
        List<AggregateStatus> all = new ArrayList<>();
        for (Entry[] family : entries) {
            for (Entry entry : family) {
                all.add(new AggregateStatus(
                        entry.aggregate,
                        entry.routes(),
                        Optional.ofNullable(originated.get(entry.aggregate.prefix())),
                        entry.hindrance));
            }
        }
        all.sort(Comparator.comparing(each -> each.aggregate().prefix()));
        return all;
    }
}
