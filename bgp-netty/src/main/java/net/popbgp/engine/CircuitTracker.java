package net.popbgp.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which circuit of each group carries the traffic: the one whose routes are selected for most prefixes; with equal counts the one that was
 * active, then the first of the group. A peer without a selected route is never active.
 *
 * <p>Confined to the RIB thread.
 */
final class CircuitTracker {

    private static final class Group {
        final String name;
        final List<String> members;

        @Nullable
        String active;

        String trigger = "";
        long causeNanos;
        int moved;

        Group(String name, List<String> members) {
            this.name = name;
            this.members = List.copyOf(members);
        }
    }

    private final List<Group> groups = new ArrayList<>();

    void add(String name, List<String> members) {
        groups.add(new Group(name, members));
    }

    void remove(String name) {
        groups.removeIf(group -> group.name.equals(name));
    }

    Optional<String> active(String group) {
        return groups.stream().filter(g -> g.name.equals(group)).findFirst().map(g -> g.active);
    }

    boolean hasGroups() {
        return !groups.isEmpty();
    }

    /** Remembers why the next change of a group will have happened; the first cause since the last change counts. */
    void cause(String member, long nanos, String trigger) {
        for (Group group : groups) {
            if (group.members.contains(member) && group.trigger.isEmpty()) {
                group.trigger = trigger;
                group.causeNanos = nanos;
                group.moved = 0;
            }
        }
    }

    /**
     * Looks at the groups after the tables have changed.
     *
     * @param selected how many selected routes a member has
     * @param moved how many prefixes got another best route since the last look
     */
    List<RibEvents.CircuitChange> review(ToIntFunction<String> selected, int moved, long nowNanos) {
        List<RibEvents.CircuitChange> changes = List.of();
        for (Group group : groups) {
            group.moved += moved;
            String active = choose(group, selected);
            if (!Objects.equals(active, group.active)) {
                long cause = group.trigger.isEmpty() ? nowNanos : group.causeNanos;
                changes = changes.isEmpty() ? new ArrayList<>() : changes;
                changes.add(new RibEvents.CircuitChange(
                        group.name,
                        Optional.ofNullable(group.active),
                        Optional.ofNullable(active),
                        group.trigger.isEmpty() ? "routes changed" : group.trigger,
                        group.moved,
                        cause,
                        Duration.ofNanos(nowNanos - cause)));
                group.active = active;
            }
            group.trigger = "";
            group.moved = 0;
        }
        return changes;
    }

    private static @Nullable String choose(Group group, ToIntFunction<String> selected) {
        return group.members.stream()
                .filter(m -> selected.applyAsInt(m) > 0)
                .max(Comparator.<String>comparingInt(selected)
                        .thenComparing(m -> m.equals(group.active))
                        .thenComparing(m -> -group.members.indexOf(m)))
                .orElse(null);
    }
}
