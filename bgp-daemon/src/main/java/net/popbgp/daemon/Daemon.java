package net.popbgp.daemon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.alert.Alerts;
import net.popbgp.daemon.analytics.SiteAnalytics;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.config.RestartConfig;
import net.popbgp.daemon.config.Values;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.probe.Echo;
import net.popbgp.daemon.probe.LanMonitor;
import net.popbgp.daemon.restart.StateRecorder;
import net.popbgp.daemon.site.Answers;
import net.popbgp.daemon.site.RoutingTable;
import net.popbgp.daemon.site.Sites;
import net.popbgp.speaker.BgpListener;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.SpeakerRestart;
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
    public static final Duration TIMEOUT = Answers.TIMEOUT;

    /** By how much what is not urgent gives way. */
    private static final int NICE = 10;

    private static final Duration REHEARSAL = Duration.ofMillis(300);

    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    /** A part of the daemon that goes with its configuration. */
    @FunctionalInterface
    public interface Follower {

        /** Goes over to another configuration. Called by one thread at a time. {@return the steps that this took} */
        List<Reload.Step> follow(DaemonConfig next, DaemonConfig before);
    }

    private final BgpSpeaker speaker;
    private final Optional<StateRecorder> recorder;
    private final SpeakerSteps steps;
    private final Watchers watchers;
    private final ChangeLog changeLog;
    private final Reloads reloads;
    private final Sites sites;
    private final RoutingTable routingTable;
    private final Instant startedAt = Instant.now();
    private final AtomicReference<DaemonConfig> inForce;

    private Daemon(
            AtomicReference<DaemonConfig> inForce,
            Optional<Path> file,
            BgpSpeaker speaker,
            Optional<StateRecorder> recorder,
            Watchers watchers) {
        this.inForce = inForce;
        this.speaker = speaker;
        this.recorder = recorder;
        this.watchers = watchers;
        this.steps = new SpeakerSteps(speaker);
        this.changeLog = new ChangeLog(watchers.told(), InstantSource.system());
        this.reloads = new Reloads(inForce, file, steps, watchers, changeLog);
        this.sites = new Sites(speaker, () -> config().sites(), watchers::summarized);
        this.routingTable = new RoutingTable(speaker, sites);
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
        return create(config, file, Echo.ping(), witness, listeners);
    }

    /** Makes the same with another way to probe hosts than the ping program. */
    public static Daemon create(
            DaemonConfig config, Optional<Path> file, Echo echo, EventSink witness, BgpListener... listeners) {
        Optional<StateRecorder> recorder =
                config.restart().stateFile().map(stateFile -> new StateRecorder(stateFile, config));
        AtomicReference<DaemonConfig> inForce = new AtomicReference<>(config);
        Watchers watchers = new Watchers(inForce, witness, echo);
        List<BgpListener> all = new ArrayList<>(List.of(listeners));
        all.add(new EventLog());
        recorder.ifPresent(all::add);
        all.addAll(watchers.listeners());
        BgpSpeaker speaker;
        try {
            speaker = BgpSpeaker.create(config.speaker(), all.toArray(BgpListener[]::new));
        } catch (IllegalStateException | IllegalArgumentException e) {
            watchers.close();
            throw e;
        }
        watchers.of(speaker);
        Daemon daemon = new Daemon(inForce, file, speaker, recorder, watchers);
        try {
            daemon.steps.add(config);
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
            watchers.prepare(config());
            steps.prepare(config());
            if (!config().warmUp().isZero()) {
                BgpSpeaker.rehearse(REHEARSAL);
            }
            await(recorder.isPresent() ? speaker.start(lastRun(recorder.get())) : speaker.start());
            recorder.ifPresent(StateRecorder::begin);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        watchers.begin(config());
    }

    /** Writes into the log that all of it is there: for whoever runs it, once it can be asked too. */
    public void logStarted() {
        LOG.info(LogLine.of(
                "event", "started",
                "local-as", config().speaker().localAs(),
                "router-id", config().speaker().routerId(),
                "listen", listenText(),
                "peers", config().peers().size()));
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
        return watchers.events();
    }

    /** {@return how sites have done} */
    public SiteAnalytics analytics() {
        return watchers.analytics();
    }

    public DaemonConfig config() {
        return Objects.requireNonNull(inForce.get());
    }

    /** {@return the Cloud Interconnect sites as they are} */
    public Sites sites() {
        return sites;
    }

    /** {@return takes what is not the speaker's to tell: the store of events, and the witness if there is one} */
    public EventSink told() {
        return watchers.told();
    }

    /** Has a part of the daemon follow its configuration, after the speaker does. */
    public void addFollower(Follower follower) {
        reloads.add(follower);
    }

    /** Has something done every second while the daemon runs, on a thread that must not be kept waiting. */
    public void everySecond(Runnable work) {
        watchers.everySecond(work);
    }

    /** Adds the figures of a part of the daemon to the metrics. */
    public void bind(MeterBinder part) {
        watchers.bind(part);
    }

    public Alerts alerts() {
        return watchers.alerts();
    }

    public LanMonitor lanMonitor() {
        return watchers.lanMonitor();
    }

    public Instant startedAt() {
        return startedAt;
    }

    /** Makes the metrics, as the first {@link #scrape} would: those of the JVM begin with it. Takes a while that sessions need not wait for. */
    public void bindMetrics() {
        watchers.metrics(config());
    }

    /** {@return all metrics in the text format of Prometheus} */
    public String scrape() {
        return watchers.metrics(config()).scrape();
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
        return reloads.reload(who);
    }

    /**
     * Changes the sites of the configuration in force, as if they stood in the file; the file stays as it is.
     *
     * @param change makes the new list of sites, as in the file, of the present one
     * @param who as in {@link #reload}
     * @throws ConfigException with all problems; then nothing has changed
     */
    public Reload changeSites(UnaryOperator<ArrayNode> change, String who) throws ConfigException {
        return reloads.changeSites(change, who);
    }

    /**
     * Goes over to another configuration; the file stays as it is.
     *
     * @param document as the file, YAML or JSON; relative paths in it start where those of the file do
     * @param who as in {@link #reload}
     * @throws ConfigException with all problems, and what only a restart could change; then nothing has changed
     */
    public Reload replace(String document, String who) throws ConfigException {
        return reloads.replace(document, who);
    }

    /** {@return who tells of changes} */
    public ChangeLog changeLog() {
        return changeLog;
    }

    /**
     * {@return what the speaker answers}
     *
     * @throws IllegalStateException if it fails or takes longer than {@link #TIMEOUT}
     */
    public static <T> T await(CompletionStage<T> stage) {
        return Answers.await(stage);
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
        watchers.stopping();
        if (restart) {
            speaker.closeForRestart();
        } else {
            speaker.close();
        }
        watchers.close();
    }
}
