package net.popbgp.daemon.event;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.rib.RibChange;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.Route;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.speaker.BgpListener;
import net.popbgp.speaker.Drain;
import net.popbgp.speaker.Failover;
import net.popbgp.speaker.PeerConfig;

/**
 * Turns what the speaker tells into events. Changes of routes become events only where they are of circuits of sites, and are listed by the
 * speaker only if there were sites when it was made. Attempts to connect that fail are told once, again after {@link #REPEAT}, or when they
 * fail for another reason, but no more often than every {@link #PAUSE}.
 *
 * <p>Thread-safe: it is called by the speaker and by a clock.
 */
public final class EventRecorder implements BgpListener {

    /** After which time the same failure to connect is told again. */
    static final Duration REPEAT = Duration.ofHours(1);

    /** The least time between two failures to connect that are told of a peer. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    /** The most peers whose failures to connect are remembered. */
    private static final int MAX_FAILING = 4096;

    /** What the speaker gives a circuit that comes back while the other one carries the traffic, until it has told all its routes. */
    private static final int WAITING_METRIC = 0xFFFF;

    private record Failure(DownText reason, Instant told, int since) {}

    private final EventSink sink;
    private final InstantSource clock;
    private final boolean followsRoutes;
    private final RouteBursts bursts;
    private final Map<String, Failure> failing = new HashMap<>();
    private Subjects subjects;
    private Subjects before;
    private boolean started;
    private boolean stopping;

    public EventRecorder(
            EventSink sink,
            InstantSource clock,
            Asn localAs,
            List<SiteConfig> sites,
            Collection<PeerConfig> peers,
            Map<String, String> descriptions) {
        this.sink = sink;
        this.clock = clock;
        this.followsRoutes = !sites.isEmpty();
        this.bursts = new RouteBursts(sink);
        this.subjects = new Subjects(localAs, sites, peers, descriptions);
        this.before = subjects;
    }

    /** Goes over to another configuration, before the speaker does; what peers of the one before still tell is understood. */
    public synchronized void follow(
            Asn localAs, List<SiteConfig> sites, Collection<PeerConfig> peers, Map<String, String> descriptions) {
        before = subjects;
        subjects = new Subjects(localAs, sites, peers, descriptions);
    }

    /** Tells what waits for its second to be over; to be called every second. */
    public synchronized void tick() {
        bursts.turn(clock.instant());
    }

    /** The daemon has started. */
    public synchronized void started(String version, int peers) {
        started = true;
        system("Started", "PopBGP " + version + " has started with " + peers + " peers", Map.of());
    }

    /** The daemon is about to end its sessions: that traffic leaves its circuits is no failover. */
    public synchronized void stopping() {
        stopping = true;
    }

    /** The daemon has stopped, if it had started; the last event. */
    public synchronized void stopped() {
        bursts.flush(clock.instant());
        if (started) {
            system("Stopped", "PopBGP has stopped", Map.of());
        }
    }

    private void system(String action, String message, Map<EventField, String> fields) {
        sink.accept(new Event(clock.instant(), EventSubType.SYSTEM, action, message, fields));
    }

    private Subjects.Subject subject(String peer) {
        return subjects.peer(peer)
                .or(() -> before.peer(peer))
                .orElseGet(() ->
                        new Subjects.Subject(peer, Optional.empty(), "peer " + peer, Map.of(EventField.PEER, peer)));
    }

    // ---- sessions

    @Override
    public boolean followsRoutes() {
        return followsRoutes;
    }

    @Override
    public synchronized void onStateChange(String peer, FsmState from, FsmState to, DownReason reason) {
        if (to == FsmState.ESTABLISHED) {
            failing.remove(peer);
            Subjects.Subject subject = subject(peer);
            session("Connected", "the session with the " + subject.text() + " is up", states(subject, from, to));
        } else if (DownText.isCollision(reason)) {
            return;
        } else if (from == FsmState.ESTABLISHED) {
            DownText why = DownText.of(reason);
            Subjects.Subject subject = subject(peer);
            session(
                    "Disconnected",
                    "the session with the " + subject.text() + " is down: " + why.text(),
                    withReason(states(subject, from, to), why));
        } else if (reason.kind() != DownReason.Kind.NONE && reason.kind() != DownReason.Kind.LOCAL_STOP) {
            failed(peer, from, to, DownText.of(reason));
        }
    }

    private void failed(String peer, FsmState from, FsmState to, DownText why) {
        Instant now = clock.instant();
        Failure last = failing.get(peer);
        if (last != null) {
            Duration passed = Duration.between(last.told(), now);
            boolean another = !last.reason().equals(why) && passed.compareTo(PAUSE) >= 0;
            if (!another && passed.compareTo(REPEAT) < 0) {
                failing.put(peer, new Failure(last.reason(), last.told(), last.since() + 1));
                return;
            }
        }
        int attempts = last == null ? 1 : last.since() + 1;
        if (last != null || failing.size() < MAX_FAILING) {
            failing.put(peer, new Failure(why, now, 0));
        }
        Subjects.Subject subject = subject(peer);
        Map<EventField, String> fields = withReason(states(subject, from, to), why);
        fields.put(EventField.EVENT_COUNT, Integer.toString(attempts));
        session("Connect failed", "no session with the " + subject.text() + ": " + why.text(), fields);
    }

    private void session(String action, String message, Map<EventField, String> fields) {
        sink.accept(new Event(clock.instant(), EventSubType.BGP_SESSION, action, message, fields));
    }

    private static Map<EventField, String> states(Subjects.Subject subject, FsmState from, FsmState to) {
        Map<EventField, String> fields = subject.with(EventField.OLD_STATE, from);
        fields.put(EventField.NEW_STATE, to.toString());
        return fields;
    }

    private static Map<EventField, String> withReason(Map<EventField, String> fields, DownText why) {
        fields.put(EventField.BGP_ERROR_CODE, why.code());
        fields.put(EventField.BGP_SUBERROR_CODE, why.subcode());
        return fields;
    }

    // ---- routes

    @Override
    public synchronized void onLocRibChange(List<RibChange> changes) {
        Instant now = clock.instant();
        bursts.turn(now);
        for (RibChange change : changes) {
            Optional<Subjects.Subject> circuit = change.current()
                    .flatMap(this::circuitOf)
                    .or(() -> change.previous().flatMap(this::circuitOf));
            if (circuit.isPresent() && !change.previous().equals(change.current()) && !onlyCountsNow(change)) {
                route(now, circuit.get(), change);
            }
        }
    }

    private Optional<Subjects.Subject> circuitOf(Route route) {
        return subjects.circuit(route.source().peer())
                .or(() -> before.circuit(route.source().peer()));
    }

    /** {@return whether a route is the same, but that its circuit has told all of its own by now} */
    private boolean onlyCountsNow(RibChange change) {
        return change.previous()
                .flatMap(before -> change.current()
                        .filter(now -> now.attributes().equals(before.attributes())
                                && now.source().peer().equals(before.source().peer())
                                && (isWaiting(now) || isWaiting(before))))
                .isPresent();
    }

    private boolean isWaiting(Route route) {
        return route.source().metric() == WAITING_METRIC
                && metric(route)
                        .filter(configured -> configured != WAITING_METRIC)
                        .isPresent();
    }

    private Optional<Integer> metric(Route route) {
        return subjects.circuit(route.source().peer())
                .flatMap(circuit -> subjects.config(circuit.peer()))
                .map(PeerConfig::metric);
    }

    private void route(Instant now, Subjects.Subject subject, RibChange change) {
        String action = change.previous().isEmpty()
                ? "Route added"
                : change.current().isEmpty() ? "Route removed" : "Route changed";
        if (bursts.isSingle(subject, action, change.prefix())) {
            String message = change.prefix()
                    + change.current()
                            .map(route -> " over the " + subject.text() + via(route))
                            .orElse(" is not reachable any more over the " + subject.text())
                    + change.previous()
                            .filter(route -> change.current().isPresent())
                            .map(route -> ", before" + via(route))
                            .orElse("");
            sink.accept(new Event(
                    now,
                    EventSubType.BGP_ROUTING,
                    action,
                    message,
                    subject.with(EventField.BGP_ROUTE_CIDR, change.prefix())));
        }
    }

    private String via(Route route) {
        int metric =
                isWaiting(route) ? metric(route).orElseThrow() : route.source().metric();
        return route.attributes().nextHop().map(hop -> " via " + hop).orElse("") + ", AS path "
                + route.attributes().asPath() + ", metric " + metric
                + (isWaiting(route) ? " (counts when the circuit has told all its routes)" : "");
    }

    // ---- circuits

    @Override
    public synchronized void onFailover(Failover failover) {
        if (stopping) {
            return;
        }
        String from = role(failover.from());
        String to = role(failover.to());
        String action = failover.to().isEmpty()
                ? "No active circuit"
                : failover.from().isEmpty() ? "Circuit active" : to.equals("primary") ? "Failback" : "Failover";
        String message = switch (action) {
            case "No active circuit" -> failover.group() + ": no circuit carries traffic any more, it was the " + from;
            case "Circuit active" -> failover.group() + ": the " + to + " circuit carries the traffic";
            default -> failover.group() + ": traffic moves from the " + from + " to the " + to + " circuit";
        };
        circuit(failover, action, message + " (" + failover.trigger() + ", " + failover.prefixes() + " prefixes)");
    }

    @Override
    public synchronized void onFailoverCompleted(Failover failover) {
        if (!stopping && !failover.from().isEmpty() && !failover.to().isEmpty()) {
            circuit(
                    failover,
                    role(failover.to()).equals("primary") ? "Failback completed" : "Failover completed",
                    failover.group() + ": all " + failover.prefixes() + " prefixes go over the "
                            + role(failover.to()) + " circuit"
                            + failover.detectionToSwitch()
                                    .map(time -> ", " + micros(time) / 1000.0 + " ms after the cause was noticed")
                                    .orElse(""));
        }
    }

    private void circuit(Failover failover, String action, String message) {
        String peer = failover.to().isEmpty() ? failover.from() : failover.to();
        Subjects.Subject subject = subject(peer);
        Map<EventField, String> fields = new EnumMap<>(EventField.class);
        fields.putAll(subject.fields());
        if (subject.site().isEmpty()) {
            fields.put(EventField.CIRCUIT, failover.group());
        }
        fields.put(EventField.OLD_STATE, failover.from().isEmpty() ? "none" : role(failover.from()));
        fields.put(EventField.NEW_STATE, failover.to().isEmpty() ? "none" : role(failover.to()));
        fields.put(EventField.TRIGGER, failover.trigger());
        fields.put(EventField.PREFIX_COUNT, Integer.toString(failover.prefixes()));
        fields.put(EventField.DETECTION_TO_EVENT_US, Long.toString(micros(failover.detectionToEvent())));
        failover.detectionToSwitch()
                .ifPresent(time -> fields.put(EventField.DETECTION_TO_SWITCH_US, Long.toString(micros(time))));
        sink.accept(new Event(clock.instant(), EventSubType.CIRCUIT, action, message, fields));
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }

    /** The role of a peer in its site; of another group its name. */
    private String role(String peer) {
        return peer.isEmpty() ? "" : subject(peer).fields().getOrDefault(EventField.CIRCUIT, peer);
    }

    @Override
    public synchronized void onDrain(String peer, Drain drain) {
        Subjects.Subject subject = subject(peer);
        boolean ended = drain == Drain.NONE;
        sink.accept(new Event(
                clock.instant(),
                EventSubType.CIRCUIT,
                ended ? "Drain ended" : "Drain",
                "the " + subject.text() + (ended ? " is not drained any more" : " is being drained: " + why(drain)),
                subject.with(EventField.TRIGGER, ended ? "" : why(drain))));
    }

    private static String why(Drain drain) {
        return switch (drain) {
            case NONE -> "";
            case COMMANDED -> "commanded";
            case SPEAKER -> "the whole speaker is drained";
            case CONFIGURED -> "configured";
        };
    }

    @Override
    public synchronized void onPrefixLimit(
            String peer, AddressFamily family, Direction direction, LimitState state, int count) {
        Subjects.Subject subject = subject(peer);
        String action = switch (state) {
            case OK -> "Limit cleared";
            case WARNING -> "Limit warning";
            case EXCEEDED -> "Limit hit";
        };
        boolean in = direction == Direction.RECEIVED;
        Optional<Integer> limit = subjects.config(peer).flatMap(config -> limit(config, family, in));
        Map<EventField, String> fields = subject.with(EventField.DIRECTION, in ? "in" : "out");
        fields.put(EventField.PREFIX_COUNT, Integer.toString(count));
        limit.ifPresent(value -> fields.put(EventField.PREFIX_LIMIT, value.toString()));
        sink.accept(new Event(
                clock.instant(),
                EventSubType.CIRCUIT,
                action,
                count + (limit.isPresent() ? " of " + limit.get() : "") + " " + family + " prefixes "
                        + (in ? "from" : "to") + " the " + subject.text()
                        + switch (state) {
                            case OK -> ", below the warning again";
                            case WARNING -> ", the warning is reached";
                            case EXCEEDED -> in ? ", the limit is exceeded" : ", what exceeds the limit is withheld";
                        },
                fields));
    }

    private static Optional<Integer> limit(PeerConfig peer, AddressFamily family, boolean in) {
        return in
                ? Optional.ofNullable(peer.prefixLimits().get(family)).map(PrefixLimit::limit)
                : Optional.ofNullable(peer.outboundGuards().get(family)).map(OutboundGuard::limit);
    }

    @Override
    public void onLagged(long missed) {
        system(
                "Lagged",
                "the recorder of events was too slow for the speaker: " + missed + " events were lost",
                Map.of(EventField.EVENT_COUNT, Long.toString(missed)));
    }
}
