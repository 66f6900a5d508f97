package net.popbgp.daemon.event;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.popbgp.core.net.Prefix;

/**
 * Which events are asked for: those that match every part. An empty part matches all. Immutable.
 *
 * @param actions in any case
 * @param since from this time on
 * @param until before this time
 * @param prefix events about this prefix or a more specific one
 * @param text in the action, the message or a field, in any case
 */
public record EventFilter(
        Set<EventSubType> subTypes,
        Set<String> actions,
        Set<String> sites,
        Set<String> circuits,
        Set<String> peers,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<Prefix> prefix,
        String text) {

    /** Every event. */
    public static final EventFilter ALL = new EventFilter(
            Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), "");

    /** The most names in a part. */
    public static final int MAX_NAMES = 100;

    public EventFilter {
        subTypes = Set.copyOf(subTypes);
        actions = actions.stream().map(EventFilter::fold).collect(Collectors.toUnmodifiableSet());
        sites = limited(sites);
        circuits = limited(circuits);
        peers = limited(peers);
        text = fold(text);
        if (text.length() > Event.MAX_TEXT || actions.size() > MAX_NAMES) {
            throw new IllegalArgumentException("a filter has at most " + MAX_NAMES + " names of a kind and "
                    + Event.MAX_TEXT + " characters of text");
        }
    }

    private static Set<String> limited(Set<String> names) {
        if (names.size() > MAX_NAMES) {
            throw new IllegalArgumentException("a filter has at most " + MAX_NAMES + " names of a kind");
        }
        return Set.copyOf(names);
    }

    private static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** {@return a filter for these kinds only} */
    public static EventFilter of(EventSubType... subTypes) {
        return new EventFilter(
                Set.of(subTypes),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "");
    }

    public boolean matches(Event event) {
        return (subTypes.isEmpty() || subTypes.contains(event.subType()))
                && (actions.isEmpty() || actions.contains(fold(event.action())))
                && isAmong(sites, event, EventField.SRC_SITE_NAME)
                && isAmong(circuits, event, EventField.CIRCUIT)
                && isAmong(peers, event, EventField.PEER)
                && since.filter(from -> event.time().isBefore(from)).isEmpty()
                && until.filter(to -> !event.time().isBefore(to)).isEmpty()
                && (prefix.isEmpty() || isAbout(prefix.get(), event))
                && (text.isEmpty() || contains(event));
    }

    private static boolean isAmong(Set<String> names, Event event, EventField field) {
        return names.isEmpty() || event.field(field).filter(names::contains).isPresent();
    }

    private static boolean isAbout(Prefix prefix, Event event) {
        Optional<String> cidr = event.field(EventField.BGP_ROUTE_CIDR);
        try {
            return cidr.isPresent() && prefix.covers(Prefix.of(cidr.get()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean contains(Event event) {
        return fold(event.action()).contains(text)
                || fold(event.message()).contains(text)
                || event.fields().values().stream()
                        .anyMatch(value -> fold(value).contains(text));
    }
}
