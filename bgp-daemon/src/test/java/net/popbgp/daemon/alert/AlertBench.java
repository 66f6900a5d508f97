package net.popbgp.daemon.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.site.LanRule;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.TestSites;
import net.popbgp.daemon.site.Track;

/** The alerts of one site on a clock that the test moves; attempts to deliver are made on the spot. */
final class AlertBench {

    static final Instant START = Instant.parse("2026-03-02T10:00:00Z");

    final List<Event> events = new ArrayList<>();
    final List<Event> alarms = new ArrayList<>();
    final AlertCounters counters = new AlertCounters();
    private final Function<Message, Outcome> delivery;
    private final Optional<AlertEngine.Opener> opener;
    private AlertsConfig config;
    private List<SiteConfig> sites;
    private AlertEngine engine;
    private Instant now = START;

    AlertBench(
            AlertsConfig config,
            Track track,
            Function<Message, Outcome> delivery,
            Optional<AlertEngine.Opener> opener) {
        this.config = config;
        this.delivery = delivery;
        this.opener = opener;
        sites = List.of(site(track));
        engine = engine();
        run();
    }

    private static SiteConfig site(Track track) {
        LanRule host = new LanRule(
                "dns",
                net.popbgp.core.net.IpAddresses.parse("10.20.0.4"),
                Duration.ofSeconds(5),
                3,
                Optional.empty(),
                track);
        return TestSites.watched("nyc", track, host);
    }

    private AlertEngine engine() {
        Feed feed = new Feed() {
            @Override
            public Batch after(long cursor) {
                int from = (int) cursor;
                int to = Math.min(events.size(), from + 100);
                return new Batch(events.subList(from, to), to, to < events.size(), false);
            }

            @Override
            public long latest() {
                return events.size();
            }
        };
        AlertEngine made = new AlertEngine(
                feed, opener, new Outbox(Runnable::run, delivery, () -> {}, counters), counters, alarms::add);
        made.begin();
        made.follow(config, sites);
        return made;
    }

    /** The process ends without notice and starts again. */
    void restart() {
        engine.closeStore();
        engine = engine();
        run();
    }

    void follow(AlertsConfig next, Track track) {
        config = next;
        sites = List.of(site(track));
        engine.follow(config, sites);
        run();
    }

    Instant now() {
        return now;
    }

    AlertsStatus status() {
        return engine.status();
    }

    /** Moves the clock; everything that is due meanwhile is done at its time. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        Optional<Instant> next = run();
        while (next.isPresent() && !next.get().isAfter(end)) {
            now = next.get().isAfter(now) ? next.get() : now;
            next = run();
        }
        now = end;
        run();
    }

    private Optional<Instant> run() {
        Optional<Instant> next = engine.run(now);
        for (int i = 0; i < 100_000 && next.isPresent() && !next.get().isAfter(now); i++) {
            next = engine.run(now);
        }
        return next;
    }

    /** Something happens now. */
    void happen(Event event) {
        events.add(event);
        run();
    }

    void down(String reason) {
        happen(session(now, "Established", "Idle", reason));
    }

    void up() {
        happen(session(now, "OpenConfirm", "Established", ""));
    }

    static Event session(Instant at, String from, String to, String reason) {
        Map<EventField, String> fields = new EnumMap<>(EventField.class);
        fields.put(EventField.SRC_SITE_NAME, "nyc");
        fields.put(EventField.POP_NAME, "New York");
        fields.put(EventField.CIRCUIT, "primary");
        fields.put(EventField.PEER, "nyc-primary");
        fields.put(EventField.BGP_CATO_ASN, "65001");
        fields.put(EventField.BGP_CATO_IP, "169.254.10.1");
        fields.put(EventField.BGP_PEER_ASN, "12076");
        fields.put(EventField.BGP_PEER_IP, "169.254.10.2");
        fields.put(EventField.OLD_STATE, from);
        fields.put(EventField.NEW_STATE, to);
        boolean isUp = to.equals("Established");
        if (!isUp) {
            fields.put(EventField.BGP_ERROR_CODE, "4");
            fields.put(EventField.BGP_SUBERROR_CODE, "0 " + reason);
        }
        return new Event(
                at,
                EventSubType.BGP_SESSION,
                isUp ? "Connected" : "Disconnected",
                "session of nyc-primary is " + (isUp ? "up" : "down: " + reason),
                fields);
    }

    static Event host(Instant at, boolean reachable) {
        return new Event(
                at,
                EventSubType.LAN_MONITORING,
                reachable ? LanRule.REACHABLE : LanRule.UNREACHABLE,
                "host dns (10.20.0.4) of site nyc " + (reachable ? "answers again" : "does not answer"),
                Map.of(EventField.SRC_SITE_NAME, "nyc", EventField.RULE_NAME, "dns", EventField.HOST_IP, "10.20.0.4"));
    }
}
