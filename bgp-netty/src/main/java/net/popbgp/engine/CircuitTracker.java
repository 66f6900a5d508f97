package net.popbgp.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which circuit of each group carries the traffic: the one whose routes are selected for most prefixes; with equal counts the one that was
 * active, then the first of the group. A peer without a selected route is never active.
 *
 * <p>When the active one is lost, the change is told before its routes go: what the other will have selected is known from the counts of
 * backup routes. Until they have gone the lost one counts as if they had.
 *
 * <p>Confined to the RIB thread.
 */
final class CircuitTracker {

    private static final class Group {
        final String name;
        final List<String> members;

        @Nullable
        String active;

        /** Whose session is lost while its routes are still in the tables. */
        @Nullable
        String lost;

        /** Told, while routes still move. */
        RibEvents.@Nullable CircuitChange moving;

        String trigger = "";
        long causeNanos;
        int moved;

        Group(String name, List<String> members) {
            this.name = name;
            this.members = List.copyOf(members);
        }
    }

    private final List<Group> groups = new ArrayList<>();
    private final ToIntFunction<String> selected;
    private final ToIntBiFunction<String, String> backedUp;
    private final RibEvents events;

    /**
     * @param selected for how many prefixes a route of the peer is selected
     * @param backedUp how many of these have a route of the other peer, or another of its own, as backup
     */
    CircuitTracker(ToIntFunction<String> selected, ToIntBiFunction<String, String> backedUp, RibEvents events) {
        this.selected = selected;
        this.backedUp = backedUp;
        this.events = events;
    }

    void add(String name, List<String> members) {
        groups.add(new Group(name, members));
    }

    void remove(String name) {
        groups.removeIf(group -> group.name.equals(name));
    }

    Optional<String> active(String group) {
        return groups.stream().filter(g -> g.name.equals(group)).findFirst().map(g -> g.active);
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

    /** The session of a member has ended, and all its routes are about to go. */
    void lost(String member, long detectedNanos, String trigger) {
        for (Group group : groups) {
            if (group.members.contains(member) && group.lost == null && backedUp.applyAsInt(member, member) == 0) {
                group.lost = member;
                String active = choose(group);
                if (member.equals(group.active)) {
                    group.moving = change(group, active, trigger, selected.applyAsInt(member), detectedNanos);
                    group.active = active;
                    events.circuitChanged(group.moving);
                }
            }
        }
    }

    /** The routes of a member whose session has ended have gone. */
    void gone(String member) {
        for (Group group : groups) {
            if (member.equals(group.lost)) {
                group.lost = null;
            }
        }
    }

    /**
     * Looks at the groups after the tables have changed.
     *
     * @param moved how many prefixes got another best route since the last look
     */
    void review(int moved, long nowNanos) {
        for (Group group : groups) {
            RibEvents.CircuitChange told = group.moving;
            if (told != null && group.lost == null) {
                group.moving = null;
                events.circuitSwitched(told, nowNanos);
            }
            group.moved += moved;
            String active = choose(group);
            if (!Objects.equals(active, group.active)) {
                boolean known = !group.trigger.isEmpty();
                RibEvents.CircuitChange change = change(
                        group,
                        active,
                        known ? group.trigger : "routes changed",
                        group.moved,
                        known ? group.causeNanos : nowNanos);
                group.active = active;
                events.circuitChanged(change);
                events.circuitSwitched(change, nowNanos);
            }
            group.trigger = "";
            group.moved = 0;
        }
    }

    private static RibEvents.CircuitChange change(
            Group group, @Nullable String active, String trigger, int prefixes, long detectedNanos) {
        return new RibEvents.CircuitChange(
                group.name,
                Optional.ofNullable(group.active),
                Optional.ofNullable(active),
                trigger,
                prefixes,
                detectedNanos);
    }

    private @Nullable String choose(Group group) {
        String chosen = null;
        int most = 0;
        for (String member : group.members) {
            int selected = selected(group, member);
            if (selected > most || selected == most && selected > 0 && member.equals(group.active)) {
                chosen = member;
                most = selected;
            }
        }
        return chosen;
    }

    private int selected(Group group, String member) {
        String lost = group.lost;
        if (lost == null) {
            return selected.applyAsInt(member);
        }
        return member.equals(lost) ? 0 : selected.applyAsInt(member) + backedUp.applyAsInt(lost, member);
    }
}
