package net.popbgp.daemon;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.daemon.alert.Alerts;
import net.popbgp.daemon.analytics.SiteAnalytics;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.event.EventRecorder;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.probe.Echo;
import net.popbgp.daemon.probe.LanMonitor;
import net.popbgp.daemon.site.AutoSummarized;
import net.popbgp.daemon.site.AutoSummarizer;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.SiteWatch;
import net.popbgp.speaker.BgpListener;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.CircuitGroup;
import net.popbgp.speaker.PeerHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that watches what the speaker does and tells of it: events, sites and how they have done, alerts, probes, metrics. They are there
 * before the speaker, which tells them, and after it, so that its end is told too.
 *
 * <p>Thread-safe.
 */
final class Watchers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    private final EventStore events;
    private final EventSink told;
    private final SiteWatch siteWatch;
    private final EventRecorder eventRecorder;
    private final SpeakerReadings readings = new SpeakerReadings();
    private final SiteAnalytics analytics;
    private final Alerts alerts;
    private final LanMonitor lanMonitor;
    private final List<MeterBinder> binders = new ArrayList<>();
    private final List<Runnable> ticking = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService ticker = ticker();
    private final Object bindingMetrics = new Object();
    private final AtomicReference<DaemonConfig> inForce;
    private final Object changing = new Object();
    private volatile Optional<BgpSpeaker> speaker = Optional.empty();
    private volatile Optional<AutoSummarizer> summarizer = Optional.empty();
    private @Nullable DaemonMetrics metrics;

    /**
     * Opens the store of events; the rest only waits.
     *
     * @param witness is told of changes of sites and of the configuration as well as the store
     * @param echo probes hosts
     * @throws IllegalStateException as {@link EventStore#open}
     */
    Watchers(AtomicReference<DaemonConfig> inForce, EventSink witness, Echo echo) {
        this.inForce = inForce;
        DaemonConfig config = config();
        events = EventStore.open(config.events(), InstantSource.system());
        told = event -> {
            events.accept(event);
            witness.accept(event);
        };
        siteWatch = new SiteWatch(() -> Objects.requireNonNull(inForce.get()).sites(), told, InstantSource.system());
        eventRecorder = new EventRecorder(
                events,
                InstantSource.system(),
                config.speaker().localAs(),
                config.sites(),
                config.peers(),
                config.descriptions());
        analytics = new SiteAnalytics(events, InstantSource.system(), readings);
        analytics.recorder().follow(config.sites());
        alerts = Alerts.over(events, Clock.systemUTC());
        lanMonitor = new LanMonitor(echo, events, this::activeCircuit, Clock.systemUTC());
        binders.add(alerts);
        binders.add(lanMonitor);
        ticking.add(eventRecorder::tick);
        ticking.add(analytics.recorder()::tick);
    }

    private DaemonConfig config() {
        return Objects.requireNonNull(inForce.get());
    }

    private static ScheduledExecutorService ticker() {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "popbgp-clock");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** {@return those that the speaker is to tell} */
    List<BgpListener> listeners() {
        return List.of(siteWatch, eventRecorder, analytics.recorder());
    }

    /** The speaker is there now. */
    void of(BgpSpeaker made) {
        readings.of(made);
        speaker = Optional.of(made);
        summarizer = Optional.of(new AutoSummarizer(
                made,
                () -> config().sites(),
                () -> config().routing().aggregates(),
                config().speaker().localAs(),
                told,
                InstantSource.system(),
                changing));
    }

    /** {@return what is held by whoever changes the configuration in force} */
    Object changing() {
        return changing;
    }

    /** {@return a configuration to come with what has been summarized automatically} */
    DaemonConfig withSummaries(DaemonConfig next) {
        return summarizer
                .map(each -> next.with(
                        each.decoratePeers(next.peers(), next.sites()),
                        each.decorateAggregates(next.routing().aggregates())))
                .orElse(next);
    }

    /** {@return what is summarized automatically at a site} */
    AutoSummarized summarized(String site) {
        return summarizer.map(each -> each.status(site)).orElseGet(() -> AutoSummarized.NOTHING);
    }

    /** Before there is something to tell. */
    void prepare(DaemonConfig config) {
        alerts.follow(config.alerts(), config.sites());
    }

    /** The speaker runs. */
    void begin(DaemonConfig config) {
        lanMonitor.follow(config.sites());
        summarizer.ifPresent(AutoSummarizer::begin);
        analytics.recorder().begin();
        ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
        eventRecorder.started(Version.text(), config.peers().size());
    }

    /** What is to be done every second. */
    private void tick() {
        for (Runnable each : ticking) {
            try {
                each.run();
            } catch (RuntimeException bug) { // which would end the clock
                LOG.error("event=tick-failed", bug);
            }
        }
    }

    /** As {@link Daemon#everySecond}. */
    void everySecond(Runnable work) {
        ticking.add(work);
    }

    /** Before the speaker goes over to another configuration: what it then tells must be understood. */
    void expect(DaemonConfig next, DaemonConfig before) {
        eventRecorder.follow(next.speaker().localAs(), next.sites(), next.peers(), next.descriptions());
        if (!next.sites().equals(before.sites())) {
            analytics.recorder().follow(next.sites());
            synchronized (bindingMetrics) {
                if (metrics != null) {
                    metrics.follow(next.sites());
                }
            }
        }
    }

    /** After the speaker has gone over to another configuration. {@return the steps that this took} */
    List<Reload.Step> follow(DaemonConfig next, DaemonConfig before) {
        List<Reload.Step> steps = new ArrayList<>();
        if (!next.events().equals(before.events())) {
            events.retain(next.events().keep(), next.events().maxSize());
            steps.add(new Reload.Step("events", "live", ""));
        }
        if (!next.sites().isEmpty() && !eventRecorder.followsRoutes()) {
            steps.add(new Reload.Step("events", "those about routes begin with the daemon's next start", ""));
        }
        steps.addAll(changedSites(next, before));
        if (!next.alerts().equals(before.alerts())) {
            steps.add(new Reload.Step("alerts", "live", ""));
        }
        if (!next.azure().equals(before.azure())) {
            steps.add(new Reload.Step("azure", "live", ""));
        }
        siteWatch.reconfigured();
        alerts.follow(next.alerts(), next.sites());
        lanMonitor.follow(next.sites());
        summarizer.ifPresent(AutoSummarizer::reconfigured);
        return steps;
    }

    /** Also what changes no peer is a change that somebody has made. */
    private static List<Reload.Step> changedSites(DaemonConfig next, DaemonConfig before) {
        Map<String, SiteConfig> old = new HashMap<>();
        before.sites().forEach(site -> old.put(site.name(), site));
        List<Reload.Step> steps = new ArrayList<>();
        for (SiteConfig site : next.sites()) {
            SiteConfig same = old.remove(site.name());
            if (!site.equals(same)) {
                steps.add(new Reload.Step("site " + site.name(), same == null ? "added" : "changed", ""));
            }
        }
        old.keySet().forEach(name -> steps.add(new Reload.Step("site " + name, "removed", "")));
        return steps;
    }

    EventStore events() {
        return events;
    }

    /** {@return the store and the witness} */
    EventSink told() {
        return told;
    }

    SiteAnalytics analytics() {
        return analytics;
    }

    Alerts alerts() {
        return alerts;
    }

    LanMonitor lanMonitor() {
        return lanMonitor;
    }

    /** {@return the circuit that carries a site's traffic; empty if no session of it is Established} */
    private Optional<CircuitRole> activeCircuit(SiteConfig site) {
        List<CircuitRole> up = site.circuits().stream()
                .map(CircuitConfig::role)
                .filter(role -> speaker.flatMap(each -> each.peer(site.peerName(role)))
                        .filter(peer -> peer.status().state() == FsmState.ESTABLISHED)
                        .isPresent())
                .toList();
        Optional<String> active = speaker.flatMap(each -> each.circuitGroup(site.name()))
                .flatMap(CircuitGroup::active)
                .map(PeerHandle::name);
        return up.stream()
                .filter(role -> active.filter(site.peerName(role)::equals).isPresent())
                .findFirst()
                .or(() -> up.stream().findFirst());
    }

    /** As {@link Daemon#bind}. */
    void bind(MeterBinder part) {
        synchronized (bindingMetrics) {
            binders.add(part);
            if (metrics != null) {
                metrics.bind(part);
            }
        }
    }

    /** {@return the metrics, made with the first call} Those of the JVM begin with it. */
    DaemonMetrics metrics(DaemonConfig config) {
        synchronized (bindingMetrics) {
            if (metrics == null) {
                metrics = new DaemonMetrics(speaker.orElseThrow(), events, analytics.recorder());
                metrics.follow(config.sites());
                binders.forEach(metrics::bind);
                summarizer.ifPresent(metrics::bind);
            }
            return metrics;
        }
    }

    /** Before the speaker ends. */
    void stopping() {
        eventRecorder.stopping();
        analytics.recorder().stopping();
    }

    /** After the speaker has ended. */
    @Override
    public void close() {
        ticker.shutdownNow();
        summarizer.ifPresent(AutoSummarizer::close);
        analytics.close();
        eventRecorder.stopped(); // after what the end of the sessions has told
        lanMonitor.close();
        alerts.close();
        events.close();
        synchronized (bindingMetrics) {
            if (metrics != null) {
                metrics.close();
            }
        }
    }
}
