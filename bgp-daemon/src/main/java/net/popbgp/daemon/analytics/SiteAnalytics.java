package net.popbgp.daemon.analytics;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import net.popbgp.daemon.event.EventFilter;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.event.StoredEvent;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteConfig;

/** Answers how sites have done, from samples and events. Thread-safe. */
public final class SiteAnalytics implements AutoCloseable {

    /** The shortest and the longest window that can be asked for. */
    public static final Duration MIN_WINDOW = Duration.ofMinutes(5);

    public static final Duration MAX_WINDOW = Step.HOUR.kept();

    /** The windows of a report if nothing else is asked for. */
    public static final List<Duration> WINDOWS = List.of(Duration.ofHours(24), Duration.ofDays(7), Duration.ofDays(30));

    /** The most failovers of a report. */
    static final int MAX_FAILOVERS = 20;

    private static final Duration GROWTH_WINDOW = Duration.ofDays(7);
    /** Not those where traffic begins or ends: whoever stops the last circuit moves nothing, and an outage is a state of its own. */
    private static final Set<String> FAILOVERS =
            Set.of("Failover", "Failback", "Failover completed", "Failback completed");

    private final InstantSource clock;
    private final EventStore events;
    private final SampleTable samples;
    private final SiteRecorder recorder;

    /** @param peers what the speaker says of a peer now */
    public SiteAnalytics(
            EventStore events, InstantSource clock, Function<String, Optional<SiteRecorder.Reading>> peers) {
        this.clock = clock;
        this.events = events;
        this.samples = events.database().<SampleTable>map(SqliteSamples::new).orElseGet(MemorySamples::new);
        this.recorder = new SiteRecorder(clock, samples, peers);
    }

    /** {@return what watches the speaker} */
    public SiteRecorder recorder() {
        return recorder;
    }

    /**
     * {@return how a site has done}
     *
     * @param limits of a circuit's peer
     * @throws IllegalStateException if what is known cannot be read, or the site is not watched yet
     */
    public SiteReport report(SiteConfig site, Function<CircuitConfig, Limits> limits, List<Duration> windows) {
        SiteStanding state = recorder.state(site.name())
                .orElseThrow(() -> new IllegalStateException("site " + site.name() + " is not watched yet"));
        Instant now = clock.instant();
        List<SiteReport.Window> reported = new ArrayList<>();
        for (Duration window : windows) {
            Map<CircuitRole, Availability> circuits = new EnumMap<>(CircuitRole.class);
            site.circuits()
                    .forEach(circuit -> circuits.put(
                            circuit.role(), availability(Subject.circuit(site.name(), circuit.role()), window, now)));
            reported.add(new SiteReport.Window(window, availability(Subject.site(site.name()), window, now), circuits));
        }
        List<SiteReport.Budget> budgets = new ArrayList<>();
        for (CircuitConfig circuit : site.circuits()) {
            budgets.addAll(budgets(site, circuit, limits.apply(circuit), now));
        }
        return new SiteReport(site.name(), now, state, reported, budgets, failovers(site, now));
    }

    private Availability availability(String subject, Duration window, Instant now) {
        Step step = Step.of(window);
        List<Sample> known = new ArrayList<>(read(subject, step, window, now));
        recorder.unwritten(subject).ifPresent(known::add);
        return Availability.of(known, now.toEpochMilli() - from(step, window, now) * 1000);
    }

    /** Where the stretch begins that the window begins in. */
    private static long from(Step step, Duration window, Instant now) {
        return step.floor(now.minus(window).getEpochSecond());
    }

    private List<Sample> read(String subject, Step step, Duration window, Instant now) {
        long from = from(step, window, now);
        try {
            return samples.read(subject, step, from, now.getEpochSecond() + 1);
        } catch (SQLException e) {
            throw new IllegalStateException("what is known of " + subject + " cannot be read: " + e.getMessage(), e);
        }
    }

    private List<SiteReport.Budget> budgets(SiteConfig site, CircuitConfig circuit, Limits limits, Instant now) {
        Optional<SiteRecorder.Reading> reading = recorder.reading(site.peerName(circuit.role()));
        List<Sample> known =
                read(Subject.circuit(site.name(), circuit.role()), Step.QUARTER, GROWTH_WINDOW, now).stream()
                        .filter(sample ->
                                sample.up() == sample.known()) // the count of a session that comes up is on its way
                        .toList();
        if (known.size() < Growth.MAX_POINTS / 4) {
            known = read(Subject.circuit(site.name(), circuit.role()), Step.MINUTE, GROWTH_WINDOW, now).stream()
                    .filter(sample -> sample.up() == sample.known())
                    .toList();
        }
        int in = reading.map(SiteRecorder.Reading::received).orElse(0);
        int out = reading.map(each -> each.advertised() + each.withheld()).orElse(0);
        Growth growthIn = Growth.estimate(
                known.stream()
                        .map(sample -> new Growth.Point(sample.time(), sample.received()))
                        .toList(),
                limits.in());
        Growth growthOut = Growth.estimate(
                known.stream()
                        .map(sample -> new Growth.Point(sample.time(), sample.advertised() + sample.withheld()))
                        .toList(),
                limits.out());
        return List.of(
                budget(circuit, "in", in, limits.in(), growthIn), budget(circuit, "out", out, limits.out(), growthOut));
    }

    private static SiteReport.Budget budget(
            CircuitConfig circuit, String direction, int count, int limit, Growth growth) {
        return new SiteReport.Budget(circuit.role(), direction, count, limit, growth.text(), growth.reachedIn());
    }

    private List<StoredEvent> failovers(SiteConfig site, Instant now) {
        EventFilter filter = new EventFilter(
                Set.of(EventSubType.CIRCUIT),
                FAILOVERS,
                Set.of(site.name()),
                Set.of(),
                Set.of(),
                Optional.of(now.minus(Duration.ofDays(30))),
                Optional.empty(),
                Optional.empty(),
                "");
        return events.before(Long.MAX_VALUE, filter, MAX_FAILOVERS).events();
    }

    /**
     * {@return points for a chart of a site, or of one circuit of it}
     *
     * @throws IllegalStateException if they cannot be read
     */
    public Series series(SiteConfig site, Optional<CircuitRole> circuit, Duration window) {
        Step step = Step.of(window);
        String subject = circuit.map(role -> Subject.circuit(site.name(), role)).orElse(Subject.site(site.name()));
        return new Series(
                Duration.ofSeconds(step.seconds()),
                read(subject, step, window, clock.instant()).stream()
                        .map(Series.Point::of)
                        .toList());
    }

    @Override
    public void close() {
        recorder.close();
    }
}
