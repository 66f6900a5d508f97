package net.popbgp.daemon.analytics;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.speaker.BgpListener;
import net.popbgp.speaker.Failover;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up for how long each circuit and site was in which state, and makes samples of it every minute. Changes come from the speaker, to the
 * millisecond; counts are read every {@link #READ} seconds. Samples are written on a thread of its own; at most {@link #WAITING} minutes wait
 * for the disk, further ones are unknown.
 *
 * <p>Thread-safe.
 */
public final class SiteRecorder implements BgpListener, AutoCloseable {

    /** A circuit's peer at one moment. Immutable. */
    public record Reading(boolean established, boolean enabled, int received, int advertised, int withheld) {}

    /** The most minutes that wait to be written. */
    static final int WAITING = 60;

    /** Seconds between two looks at the counts. */
    static final int READ = 10;

    /** What is not accounted for within this time was not watched: the machine slept, or its clock was set. */
    private static final Duration MAX_STRETCH = Duration.ofSeconds(3 * READ);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    private static final class Circuit {
        final String subject;
        final String peer;
        final CircuitRole role;
        final boolean enabled;
        boolean established;
        boolean stopped;
        boolean active;
        Sample sample;

        Circuit(String subject, String peer, CircuitRole role, boolean enabled) {
            this.subject = subject;
            this.peer = peer;
            this.role = role;
            this.enabled = enabled;
            this.stopped = !enabled;
            this.sample = Sample.none(subject, 0);
        }
    }

    private static final class Site {
        final String name;
        final List<Circuit> circuits;
        Sample sample;

        Site(String name, List<Circuit> circuits) {
            this.name = name;
            this.circuits = circuits;
            this.sample = Sample.none(Subject.site(name), 0);
        }
    }

    private final InstantSource clock;
    private final SampleTable table;
    private final Function<String, Optional<Reading>> peers;
    private final ThreadPoolExecutor writer;
    private final Map<String, Site> sites = new HashMap<>();
    private final Map<String, Circuit> circuits = new HashMap<>();
    private long accountedTo;
    private long minute;
    private long readAt;
    private boolean running;
    private boolean stopping;
    private boolean failing;

    /** @param peers what the speaker says of a peer now */
    SiteRecorder(InstantSource clock, SampleTable table, Function<String, Optional<Reading>> peers) {
        this.clock = clock;
        this.table = table;
        this.peers = peers;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                work -> {
                    Thread thread = new Thread(work, "popbgp-analytics");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Goes over to these sites; what is known of those that stay goes on. */
    public synchronized void follow(List<SiteConfig> next) {
        account();
        flush();
        Map<String, Circuit> before = new HashMap<>(circuits);
        sites.clear();
        circuits.clear();
        for (SiteConfig site : next) {
            List<Circuit> own = new ArrayList<>();
            for (CircuitConfig each : site.circuits()) {
                String peer = site.peerName(each.role());
                Circuit circuit =
                        new Circuit(Subject.circuit(site.name(), each.role()), peer, each.role(), each.enabled());
                Circuit known = before.get(peer);
                if (known != null) {
                    circuit.established = known.established;
                    circuit.active = known.active;
                }
                own.add(circuit);
                circuits.put(peer, circuit);
            }
            sites.put(site.name(), new Site(site.name(), own));
        }
    }

    /** Begins to account: the speaker runs. */
    public synchronized void begin() {
        running = true;
        accountedTo = clock.millis();
        minute = Step.MINUTE.floor(accountedTo / 1000);
        readAt = accountedTo + 1000; // when peers have been started
    }

    /** To be called every second. */
    public synchronized void tick() {
        long now = clock.millis();
        boolean over = Step.MINUTE.floor(now / 1000) != minute;
        if (running && (over || now >= readAt || now < accountedTo)) {
            account();
            read();
            readAt = now + READ * 1000L;
        }
    }

    /** Adds the time since the last call to the states that it was spent in, minute by minute. */
    private void account() {
        if (!running) {
            return;
        }
        long now = clock.millis();
        if (now < accountedTo || now - accountedTo > MAX_STRETCH.toMillis()) {
            accountedTo = now; // unknown
        }
        while (Step.MINUTE.floor(now / 1000) != minute) {
            long end = (minute + Step.MINUTE.seconds()) * 1000;
            if (end > accountedTo && end <= now) {
                add(end - accountedTo);
                accountedTo = end;
            }
            flush();
            minute = end <= now && end >= accountedTo ? minute + Step.MINUTE.seconds() : Step.MINUTE.floor(now / 1000);
        }
        add(now - accountedTo);
        accountedTo = now;
    }

    private void add(long millis) {
        for (Site site : sites.values()) {
            for (Circuit circuit : site.circuits) {
                circuit.sample = circuit.sample.plus(
                        spent(
                                circuit.subject,
                                circuit.established ? millis : 0,
                                0,
                                circuit.established || circuit.stopped ? 0 : millis,
                                circuit.established || !circuit.stopped ? 0 : millis,
                                circuit.active ? millis : 0),
                        minute);
            }
            SiteStanding.Kind state = state(site).kind();
            site.sample = site.sample.plus(
                    spent(
                            site.name,
                            state == SiteStanding.Kind.CONNECTED ? millis : 0,
                            state == SiteStanding.Kind.DEGRADED ? millis : 0,
                            state == SiteStanding.Kind.DISCONNECTED ? millis : 0,
                            state == SiteStanding.Kind.STOPPED ? millis : 0,
                            0),
                    minute);
        }
    }

    private static Sample spent(String subject, long up, long degraded, long down, long stopped, long active) {
        return new Sample(subject, 0, up, degraded, down, stopped, active, 0, 0, 0, 0, 0);
    }

    private static SiteStanding state(Site site) {
        return new SiteStanding(
                (int) site.circuits.stream().filter(each -> each.enabled).count(),
                (int) site.circuits.stream().filter(each -> each.established).count(),
                (int) site.circuits.stream()
                        .filter(each -> each.established || !each.stopped)
                        .count(),
                site.circuits.stream()
                        .filter(each -> each.active)
                        .map(each -> each.role)
                        .findFirst());
    }

    /** {@return how a site stands now; empty if there is none of this name} */
    public synchronized Optional<SiteStanding> state(String site) {
        return Optional.ofNullable(sites.get(site)).map(SiteRecorder::state);
    }

    /** {@return what is known of a subject since the last minute was handed over} */
    synchronized Optional<Sample> unwritten(String subject) {
        account();
        return Stream.concat(
                        sites.values().stream().map(site -> site.sample),
                        circuits.values().stream().map(circuit -> circuit.sample))
                .filter(sample -> sample.subject().equals(subject))
                .findFirst();
    }

    /** {@return what the speaker says of a circuit's peer now} */
    Optional<Reading> reading(String peer) {
        return peers.apply(peer);
    }

    private void read() {
        for (Circuit circuit : circuits.values()) {
            Optional<Reading> reading = peers.apply(circuit.peer);
            circuit.established = reading.map(Reading::established).orElse(false);
            circuit.stopped = !reading.map(Reading::enabled).orElse(circuit.enabled);
            circuit.active &= circuit.established;
            reading.ifPresent(each -> circuit.sample = circuit.sample.plus(
                    new Sample(
                            circuit.subject,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            each.received(),
                            each.advertised(),
                            each.withheld()),
                    minute));
        }
    }

    /** Hands over what is known of the minute. */
    private void flush() {
        List<Sample> samples = new ArrayList<>();
        for (Site site : sites.values()) {
            samples.add(site.sample);
            site.sample = Sample.none(Subject.site(site.name), 0);
            for (Circuit circuit : site.circuits) {
                samples.add(circuit.sample);
                circuit.sample = Sample.none(circuit.subject, 0);
            }
        }
        samples.removeIf(sample -> sample.known() == 0);
        if (!samples.isEmpty()) {
            long now = clock.millis() / 1000;
            writer.execute(() -> write(samples, now));
        }
    }

    private void write(List<Sample> samples, long now) {
        try {
            table.add(samples, now);
            failing = false;
        } catch (SQLException | IllegalStateException e) {
            if (!failing) {
                LOG.warn("event=samples-failed reason=\"{}\" action=\"this time stays unknown\"", e.getMessage());
            }
            failing = true;
        }
    }

    // ---- what the speaker tells

    @Override
    public boolean followsRoutes() {
        return false;
    }

    @Override
    public synchronized void onStateChange(String peer, FsmState from, FsmState to, DownReason reason) {
        Circuit circuit = circuits.get(peer);
        if (circuit == null || from != FsmState.ESTABLISHED && to != FsmState.ESTABLISHED) {
            return;
        }
        account();
        circuit.established = to == FsmState.ESTABLISHED;
        if (!circuit.established) {
            circuit.active = false;
            circuit.stopped = !peers.apply(peer).map(Reading::enabled).orElse(circuit.enabled);
            if (reason.kind() != DownReason.Kind.LOCAL_STOP) {
                circuit.sample = circuit.sample.plus(flap(circuit.subject, 1, 0), minute);
            }
        }
        sites.values().stream()
                .filter(site -> site.circuits.contains(circuit))
                .filter(site -> !circuit.established && site.circuits.stream().noneMatch(each -> each.established))
                .forEach(site -> site.sample = site.sample.plus(flap(site.name, 1, 0), minute));
    }

    private static Sample flap(String subject, int flaps, int failovers) {
        return new Sample(subject, 0, 0, 0, 0, 0, 0, flaps, failovers, 0, 0, 0);
    }

    /** The daemon is about to end its sessions: that traffic leaves its circuits is no failover. */
    public synchronized void stopping() {
        stopping = true;
    }

    @Override
    public synchronized void onFailover(Failover failover) {
        Site site = sites.get(failover.group());
        if (site != null) {
            account();
            site.circuits.forEach(circuit -> circuit.active = circuit.peer.equals(failover.to()));
            if (!stopping && !failover.from().isEmpty() && !failover.to().isEmpty()) {
                site.sample = site.sample.plus(flap(site.name, 0, 1), minute);
            }
        }
    }

    @Override
    public synchronized void onLagged(long missed) {
        account();
        read();
    }

    /** Writes what is known of the minute, as far as the disk answers. */
    @Override
    public void close() {
        synchronized (this) {
            account();
            flush();
            running = false;
        }
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=samples-failed reason=\"the disk does not answer\"");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
