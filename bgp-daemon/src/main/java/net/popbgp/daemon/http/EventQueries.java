package net.popbgp.daemon.http;

import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.config.Values;
import net.popbgp.daemon.event.EventFilter;
import net.popbgp.daemon.event.EventSubType;

/** What a request asks of events, from its parameters. A parameter may be given several times, or with commas. Pure functions. */
final class EventQueries {

    /** A filter that has a name. */
    record Preset(String name, String title, Set<EventSubType> subTypes, Set<String> actions) {}

    static final List<Preset> PRESETS = List.of(
            new Preset(
                    "bgp-peers-disconnected",
                    "BGP peers disconnected",
                    Set.of(EventSubType.BGP_SESSION),
                    Set.of("Disconnected", "Connect failed")),
            new Preset(
                    "lan-hosts-unreachable",
                    "LAN hosts unreachable",
                    Set.of(EventSubType.LAN_MONITORING),
                    Set.of("Host Unreachable")),
            new Preset(
                    "failovers",
                    "Failovers and failbacks",
                    Set.of(EventSubType.CIRCUIT),
                    Set.of("Failover", "Failback", "No active circuit", "Circuit active")),
            new Preset(
                    "limits",
                    "Prefix limits",
                    Set.of(EventSubType.CIRCUIT),
                    Set.of("Limit warning", "Limit hit", "Limit cleared")));

    private static final Set<String> FILTERS =
            Set.of("preset", "sub-type", "action", "site", "circuit", "peer", "since", "until", "prefix", "text");

    private EventQueries() {}

    /** Refuses parameters that are neither of a filter nor among these. */
    static void allow(Context context, String... others) {
        Set<String> known = new HashSet<>(FILTERS);
        known.addAll(Arrays.asList(others));
        context.queryParamMap().keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("unknown parameter '" + name + "'; there are "
                            + known.stream().sorted().collect(Collectors.joining(", ")));
                });
    }

    static EventFilter filter(Context context, Instant now) {
        return filter(context.queryParamMap(), now);
    }

    static EventFilter filter(Map<String, List<String>> parameters, Instant now) {
        Optional<Preset> preset = one(parameters, "preset").map(EventQueries::preset);
        Set<EventSubType> subTypes = all(parameters, "sub-type", EventSubType::of);
        Set<String> actions = all(parameters, "action", Function.identity());
        return new EventFilter(
                subTypes.isEmpty() ? preset.map(Preset::subTypes).orElse(Set.of()) : subTypes,
                actions.isEmpty() ? preset.map(Preset::actions).orElse(Set.of()) : actions,
                all(parameters, "site", Function.identity()),
                all(parameters, "circuit", Function.identity()),
                all(parameters, "peer", Function.identity()),
                one(parameters, "since").map(text -> time("since", text, now)),
                one(parameters, "until").map(text -> time("until", text, now)),
                one(parameters, "prefix").map(Prefix::of),
                one(parameters, "text").orElse(""));
    }

    private static Preset preset(String name) {
        return PRESETS.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such preset: '" + name + "'; there are "
                        + PRESETS.stream().map(Preset::name).collect(Collectors.joining(", "))));
    }

    private static Optional<String> one(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new IllegalArgumentException("'" + name + "' is given twice");
        }
        return values.stream().filter(text -> !text.isEmpty()).findFirst();
    }

    private static <T> Set<T> all(Map<String, List<String>> parameters, String name, Function<String, T> parser) {
        return parameters.getOrDefault(name, List.of()).stream()
                .flatMap(text -> Stream.of(text.split(",")))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .map(parser)
                .collect(Collectors.toSet());
    }

    /** {@return the time of {@code 2026-11-30T12:00:00Z} or {@code 2h}, which is so long ago} */
    static Instant time(String name, String text, Instant now) {
        try {
            if (text.matches("\\d+(ms|s|m|h|d)")) {
                return now.minus(Values.duration(text));
            }
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'" + name + "' is a time (2026-11-30T12:00:00Z) or how long ago (2h), not '" + text + "'", e);
        }
    }

    /** {@return a window of time as {@code 24h} or {@code 7d}} */
    static Duration window(String text, Duration least, Duration most) {
        Duration window = Values.duration(text);
        if (window.compareTo(least) < 0 || window.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "a window is " + Values.text(least) + ".." + Values.text(most) + ": '" + text + "'");
        }
        return window;
    }

    static long cursor(String name, String text) {
        if (!text.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("'" + name + "' is the id of an event: '" + text + "'");
        }
        return Long.parseLong(text);
    }
}
