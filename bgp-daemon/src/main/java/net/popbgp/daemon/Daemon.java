package net.popbgp.daemon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.alert.Alerts;
import net.popbgp.daemon.analytics.SiteAnalytics;
import net.popbgp.daemon.config.ConfigDiff;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.config.Problem;
import net.popbgp.daemon.config.RestartConfig;
import net.popbgp.daemon.config.RoutingConfig;
import net.popbgp.daemon.config.Values;
import net.popbgp.daemon.event.EventRecorder;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.probe.LanMonitor;
import net.popbgp.daemon.restart.StateRecorder;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.RoutingTable;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.SiteWatch;
import net.popbgp.daemon.site.Sites;
import net.popbgp.speaker.BgpListener;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.CircuitGroup;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.DynamicPeersStatus;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.ReconfigureImpact;
import net.popbgp.speaker.SpeakerRestart;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A speaker that follows a configuration. A reload is checked as a whole before anything of it is applied; every step waits at most
 * {@link #TIMEOUT}.
 *
 * <p>Thread-safe: reloads exclude each other.
 */
public final class Daemon implements AutoCloseable {

    /** The longest wait for the speaker to do one thing. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** By how much what is not urgent gives way. */
    private static final int NICE = 10;

    private static final Duration REHEARSAL = Duration.ofMillis(300);

    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    private final Optional<Path> file;
    private final BgpSpeaker speaker;
    private final Optional<StateRecorder> recorder;
    private final EventStore events;
    private final EventRecorder eventRecorder;
    private final SiteAnalytics analytics;
    private final Sites sites;
    private final RoutingTable routingTable;
    private final SiteWatch siteWatch;
    private final ChangeLog changeLog;
    private final ScheduledExecutorService ticker = ticker();
    private final Alerts alerts;
    private final LanMonitor lanMonitor;
    private final Instant startedAt = Instant.now();
    private final Object reloading = new Object();
    private final Object bindingMetrics = new Object();
    private final AtomicReference<DaemonConfig> inForce;
    private @Nullable DaemonMetrics metrics;

    private Daemon(
            AtomicReference<DaemonConfig> inForce,
            Optional<Path> file,
            BgpSpeaker speaker,
            Optional<StateRecorder> recorder,
            EventStore events,
            EventRecorder eventRecorder,
            SiteAnalytics analytics,
            SiteWatch siteWatch,
            ChangeLog changeLog) {
        this.inForce = inForce;
        this.events = events;
        this.eventRecorder = eventRecorder;
        this.analytics = analytics;
        this.siteWatch = siteWatch;
        this.changeLog = changeLog;
        this.file = file;
        this.speaker = speaker;
        this.recorder = recorder;
        this.sites = new Sites(speaker, () -> config().sites());
        this.routingTable = new RoutingTable(speaker, sites);
        this.alerts = Alerts.over(events, Clock.systemUTC());
        this.lanMonitor = new LanMonitor(events, this::activeCircuit, Clock.systemUTC());
    }

    /**
     * Makes the speaker with its peers; nothing is opened yet.
     *
     * @param file what a reload reads; empty if there is none
     * @throws IllegalStateException if this machine cannot do what is configured, as MD5 without epoll, or the database of the events cannot be
     *     used, as {@link EventStore#open} says
     */
    public static Daemon create(DaemonConfig config, Optional<Path> file, BgpListener... listeners) {
        return create(config, file, EventSink.NONE, listeners);
    }

    /** Makes the same; a witness is told of changes of sites and of the configuration as well as the store of events. */
    public static Daemon create(DaemonConfig config, Optional<Path> file, EventSink witness, BgpListener... listeners) {
        Optional<StateRecorder> recorder =
                config.restart().stateFile().map(stateFile -> new StateRecorder(stateFile, config));
        List<BgpListener> all = new ArrayList<>(List.of(listeners));
        all.add(new EventLog());
        recorder.ifPresent(all::add);
        EventStore events = EventStore.open(config.events(), InstantSource.system());
        EventSink told = event -> {
            events.accept(event);
            witness.accept(event);
        };
        AtomicReference<DaemonConfig> inForce = new AtomicReference<>(config);
        SiteWatch siteWatch =
                new SiteWatch(() -> Objects.requireNonNull(inForce.get()).sites(), told, InstantSource.system());
        all.add(siteWatch);
        EventRecorder eventRecorder = new EventRecorder(
                events,
                InstantSource.system(),
                config.speaker().localAs(),
                config.sites(),
                config.peers(),
                config.descriptions());
        all.add(eventRecorder);
        SpeakerReadings readings = new SpeakerReadings();
        SiteAnalytics analytics = new SiteAnalytics(events, InstantSource.system(), readings);
        analytics.recorder().follow(config.sites());
        all.add(analytics.recorder());
        BgpSpeaker speaker;
        try {
            speaker = BgpSpeaker.create(config.speaker(), all.toArray(BgpListener[]::new));
            readings.of(speaker);
        } catch (IllegalStateException | IllegalArgumentException e) {
            analytics.close();
            events.close();
            throw e;
        }
        ChangeLog changeLog = new ChangeLog(told, InstantSource.system());
        Daemon daemon =
                new Daemon(inForce, file, speaker, recorder, events, eventRecorder, analytics, siteWatch, changeLog);
        try {
            config.peers().forEach(speaker::addPeer);
            config.dynamicPeers().forEach(speaker::addDynamicPeers);
            config.circuitGroups().forEach(daemon::addGroup);
            return daemon;
        } catch (IllegalStateException | IllegalArgumentException e) {
            daemon.close();
            throw e;
        }
    }

    /**
     * Announces what is configured, listens, and starts the peers.
     *
     * @throws IOException if an address cannot be listened on
     */
    public void start() throws IOException {
        try {
            alerts.follow(config().alerts(), config().sites()); // before there is something to tell
            follow(config().routing(), RoutingConfig.DEFAULT);
            for (var entry : byAttributes(config().announcements()).entrySet()) {
                await(speaker.announce(entry.getValue(), entry.getKey()));
            }
            if (!config().warmUp().isZero()) {
                BgpSpeaker.rehearse(REHEARSAL);
            }
            await(recorder.isPresent() ? speaker.start(lastRun(recorder.get())) : speaker.start());
            recorder.ifPresent(StateRecorder::begin);
            lanMonitor.follow(config().sites());
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        analytics.recorder().begin();
        ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
        eventRecorder.started(Version.text(), config().peers().size());
        LOG.info(LogLine.of(
                "event", "started",
                "local-as", config().speaker().localAs(),
                "router-id", config().speaker().routerId(),
                "listen", listenText(),
                "peers", config().peers().size()));
    }

    private static ScheduledExecutorService ticker() {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "popbgp-clock");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What is to be done every second. */
    private void tick() {
        try {
            eventRecorder.tick();
            analytics.recorder().tick();
        } catch (RuntimeException bug) { // which would end the clock
            LOG.error("event=tick-failed", bug);
        }
    }

    /**
     * Exercises what a full table and a failover run through, in the background, after which the compiler gives way to all else; once in the life of
     * a process is enough.
     *
     * @return as {@link BgpSpeaker#warmUp}; 0 at once if the configuration leaves no time for it
     */
    public CompletionStage<Long> warmUp() {
        Duration limit = config().warmUp();
        if (limit.isZero()) {
            return CompletableFuture.completedFuture(0L);
        }
        CompletionStage<Long> warm = speaker.warmUp(limit);
        Niceness.set(Niceness.WARM_UP, NICE);
        Niceness.set(Niceness.COMPILER, NICE / 2); // it is to have done when the exercise has
        return warm.whenComplete((routes, failure) -> Niceness.set(Niceness.COMPILER, NICE));
    }

    private SpeakerRestart lastRun(StateRecorder stateRecorder) {
        SpeakerRestart restart = stateRecorder.prepare(speaker);
        if (!restart.peers().isEmpty()) {
            LOG.info(LogLine.of(
                    "event", "restarted",
                    "peers", restart.peers().keySet().stream().sorted().collect(Collectors.joining(",")),
                    "forwarding-preserved", restart.forwardingPreserved(),
                    "selection-deferral", Values.text(restart.selectionDeferralTime())));
        }
        return restart;
    }

    private String listenText() {
        return speaker.listenAddresses().stream()
                .map(each -> IpAddresses.text(each.getAddress(), each.getPort()))
                .collect(Collectors.joining(","));
    }

    public BgpSpeaker speaker() {
        return speaker;
    }

    /** {@return what has happened, and where the rest of the daemon tells it} */
    public EventStore events() {
        return events;
    }

    /** {@return how sites have done} */
    public SiteAnalytics analytics() {
        return analytics;
    }

    public DaemonConfig config() {
        return Objects.requireNonNull(inForce.get());
    }

    /** {@return the Cloud Interconnect sites as they are} */
    public Sites sites() {
        return sites;
    }

    public Alerts alerts() {
        return alerts;
    }

    public LanMonitor lanMonitor() {
        return lanMonitor;
    }

    /** {@return the circuit that carries a site's traffic; empty if no session of it is Established} */
    private Optional<CircuitRole> activeCircuit(SiteConfig site) {
        List<CircuitRole> up = site.circuits().stream()
                .map(CircuitConfig::role)
                .filter(role -> speaker.peer(site.peerName(role))
                        .filter(peer -> peer.status().state() == FsmState.ESTABLISHED)
                        .isPresent())
                .toList();
        Optional<String> active =
                speaker.circuitGroup(site.name()).flatMap(CircuitGroup::active).map(PeerHandle::name);
        return up.stream()
                .filter(role -> active.filter(site.peerName(role)::equals).isPresent())
                .findFirst()
                .or(() -> up.stream().findFirst());
    }

    public Instant startedAt() {
        return startedAt;
    }

    /** Makes the metrics, as the first {@link #scrape} would: those of the JVM begin with it. Takes a while that sessions need not wait for. */
    public void bindMetrics() {
        metrics();
    }

    /** {@return all metrics in the text format of Prometheus} */
    public String scrape() {
        return metrics().scrape();
    }

    private DaemonMetrics metrics() {
        synchronized (bindingMetrics) {
            if (metrics == null) {
                metrics = new DaemonMetrics(speaker, events, analytics.recorder());
                metrics.follow(config().sites());
                metrics.bind(alerts);
                metrics.bind(lanMonitor);
            }
            return metrics;
        }
    }

    /** {@return the routing table with the sites' own routes} */
    public RoutingTable routingTable() {
        return routingTable;
    }

    /**
     * Reads the file again and applies it. Sites that were made over REST go, unless they are in the file by now.
     *
     * @param who asks for it: the name of an access token, {@code file}, {@code signal}, {@code local}
     * @throws ConfigException with all problems; then nothing has changed
     */
    public Reload reload(String who) throws ConfigException {
        try {
            if (file.isEmpty()) {
                throw new ConfigException(
                        List.of(new Problem(Problem.Severity.ERROR, "", 0, "this daemon was started without a file")));
            }
            return apply(ConfigReader.read(file.get()), who);
        } catch (ConfigException e) {
            changeLog.refused(who, e.problems());
            throw e;
        }
    }

    /**
     * Changes the sites of the configuration in force, as if they stood in the file; the file stays as it is.
     *
     * @param change makes the new list of sites, as in the file, of the present one
     * @param who as in {@link #reload}
     * @throws ConfigException with all problems; then nothing has changed
     */
    public Reload changeSites(UnaryOperator<ArrayNode> change, String who) throws ConfigException {
        synchronized (reloading) {
            ObjectNode document = config().document().deepCopy();
            document.set("sites", change.apply(document.withArray("sites").deepCopy()));
            try {
                return apply(ConfigReader.parse(document.toString(), directory(), System::getenv), who);
            } catch (ConfigException e) {
                // The lines are those of a document that nobody has seen.
                List<Problem> problems = e.problems().stream()
                        .map(each -> new Problem(each.severity(), each.path(), 0, each.message()))
                        .toList();
                changeLog.refused(who, problems);
                throw new ConfigException(problems);
            }
        }
    }

    /** {@return who tells of changes} */
    public ChangeLog changeLog() {
        return changeLog;
    }

    /** {@return the directory that relative paths of a configuration start from} */
    public Path directory() {
        return file.map(ConfigReader::directoryOf).orElse(Path.of("/"));
    }

    /**
     * Goes over to another configuration.
     *
     * @param who as in {@link #reload}
     * @throws ConfigException with all that only a restart could change; then nothing has changed
     */
    public Reload apply(DaemonConfig next, String who) throws ConfigException {
        synchronized (reloading) {
            ConfigDiff diff = ConfigDiff.between(config(), next);
            if (!diff.needsRestart().isEmpty()) {
                throw new ConfigException(diff.needsRestart());
            }
            eventRecorder.follow(next.speaker().localAs(), next.sites(), next.peers(), next.descriptions());
            if (!next.sites().equals(config().sites())) {
                analytics.recorder().follow(next.sites());
                synchronized (bindingMetrics) {
                    if (metrics != null) {
                        metrics.follow(next.sites());
                    }
                }
            }
            List<Reload.Step> steps = new ArrayList<>();
            diff.removedGroups()
                    .forEach(group -> steps.add(step("circuit-group " + group.name(), () -> {
                        speaker.removeCircuitGroup(group.name());
                        return "removed";
                    })));
            diff.removed().forEach(peer -> steps.add(step("peer " + peer.name(), () -> remove(peer))));
            diff.changed()
                    .forEach((peer, impact) -> steps.add(step("peer " + peer.name(), () -> change(peer, impact))));
            diff.removedRanges()
                    .forEach(name -> steps.add(step("dynamic-peers " + name, () -> {
                        await(speaker.removeDynamicPeers(name));
                        return "removed";
                    })));
            diff.changedRanges()
                    .forEach(range -> steps.add(step("dynamic-peers " + range.name(), () -> {
                        await(speaker.changeDynamicPeers(range));
                        return "changed";
                    })));
            diff.addedRanges()
                    .forEach(range -> steps.add(step("dynamic-peers " + range.name(), () -> {
                        speaker.addDynamicPeers(range);
                        return "added";
                    })));
            diff.added().forEach(peer -> steps.add(step("peer " + peer.name(), () -> add(peer))));
            diff.addedGroups()
                    .forEach(group -> steps.add(step("circuit-group " + group.name(), () -> {
                        addGroup(group);
                        return "added";
                    })));
            if (!next.routing().equals(config().routing())) {
                steps.add(step("routing", () -> follow(next.routing(), config().routing())));
            }
            if (!diff.withdrawn().isEmpty()) {
                steps.add(step("announce", () -> withdraw(diff.withdrawn())));
            }
            diff.announced()
                    .forEach((attributes, prefixes) ->
                            steps.add(step("announce", () -> announce(prefixes, attributes))));
            if (!next.events().equals(config().events())) {
                steps.add(step("events", () -> {
                    events.retain(next.events().keep(), next.events().maxSize());
                    return "live";
                }));
            }
            if (!next.sites().isEmpty() && !eventRecorder.followsRoutes()) {
                steps.add(step("events", () -> "those about routes begin with the daemon's next start"));
            }
            inForce.set(reached(next));
            siteWatch.reconfigured();
            alerts.follow(config().alerts(), config().sites());
            lanMonitor.follow(config().sites());
            steps.forEach(each -> LOG.info(LogLine.of(
                    "event", "reload", "subject", each.subject(), "action", each.action(), "detail", each.detail())));
            LOG.info(LogLine.of("event", "reloaded", "steps", steps.size()));
            Reload reload = new Reload(steps);
            changeLog.reloaded(who, reload);
            return reload;
        }
    }

    /** {@return the configuration without what failed, so that the next reload tries that again} */
    private DaemonConfig reached(DaemonConfig next) {
        List<PeerConfig> peers = next.peers().stream()
                .flatMap(peer -> speaker.peer(peer.name()).stream())
                .map(PeerHandle::config)
                .toList();
        List<DaemonConfig.Group> groups = next.circuitGroups().stream()
                .filter(group -> speaker.circuitGroup(group.name()).isPresent())
                .toList();
        List<DynamicPeersConfig> ranges =
                speaker.dynamicPeers().stream().map(DynamicPeersStatus::config).toList();
        return next.with(peers, groups, ranges);
    }

    /** One step of a reload, which says what it did. */
    @FunctionalInterface
    private interface Work {
        String run();
    }

    private static Reload.Step step(String subject, Work work) {
        try {
            return new Reload.Step(subject, work.run(), "");
        } catch (IllegalArgumentException | IllegalStateException e) {
            return new Reload.Step(subject, "failed", String.valueOf(e.getMessage()));
        }
    }

    private String remove(PeerConfig peer) {
        speaker.peer(peer.name()).ifPresent(handle -> await(handle.remove()));
        return "removed";
    }

    private String add(PeerConfig peer) {
        speaker.addPeer(peer);
        return "added";
    }

    private String change(PeerConfig peer, ReconfigureImpact expected) {
        Optional<PeerHandle> handle = speaker.peer(peer.name());
        return Values.kebab(handle.map(each -> await(each.reconfigure(peer))).orElse(expected));
    }

    private String withdraw(List<Prefix> prefixes) {
        await(speaker.withdraw(prefixes));
        return "withdrawn " + prefixes.size();
    }

    private String announce(List<Prefix> prefixes, PathAttributes attributes) {
        await(speaker.announce(prefixes, attributes));
        return "announced " + prefixes.size();
    }

    /** Takes over what is said about routing of the speaker as a whole. */
    private String follow(RoutingConfig next, RoutingConfig before) {
        if (!next.nextHops().equals(before.nextHops())) {
            await(speaker.changeNextHops(table -> next.applyTo(table, before)));
        }
        if (!next.aggregates().equals(before.aggregates())) {
            await(speaker.replaceAggregates(next.aggregates()));
        }
        if (!next.multipath().equals(before.multipath())) {
            await(speaker.changeMultipath(next.multipath()));
        }
        return "live";
    }

    private void addGroup(DaemonConfig.Group group) {
        PeerHandle primary = speaker.peer(group.primary())
                .orElseThrow(() -> new IllegalStateException("peer " + group.primary() + " does not exist"));
        PeerHandle secondary = speaker.peer(group.secondary())
                .orElseThrow(() -> new IllegalStateException("peer " + group.secondary() + " does not exist"));
        speaker.addCircuitGroup(group.name(), primary, secondary);
    }

    private static Map<PathAttributes, List<Prefix>> byAttributes(Map<Prefix, PathAttributes> announcements) {
        return announcements.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    }

    /**
     * {@return what the speaker answers}
     *
     * @throws IllegalStateException if it fails or takes longer than {@link #TIMEOUT}
     */
    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof IllegalArgumentException mistake) {
                throw mistake;
            }
            throw new IllegalStateException(
                    Optional.ofNullable(cause.getMessage()).orElse(cause.toString()), cause);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer within " + TIMEOUT.toSeconds() + " s", e);
        }
    }

    /** Ends all sessions, as configured for good or for a restart, and frees everything. */
    @Override
    public void close() {
        boolean failed = speaker.terminated().toCompletableFuture().isCompletedExceptionally();
        boolean restart = config().restart().onStop() == RestartConfig.OnStop.RESTART;
        recorder.ifPresent(each -> each.end(
                failed
                        ? StateRecorder.Ending.FAILURE
                        : restart ? StateRecorder.Ending.RESTART : StateRecorder.Ending.SHUTDOWN));
        if (restart) {
            speaker.closeForRestart();
        } else {
            speaker.close();
        }
        ticker.shutdownNow();
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
