package net.popbgp.daemon.restart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.fsm.NegotiatedSession;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.speaker.BgpListener;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.SpeakerRestart;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the state file true while the daemon runs. It follows the sessions as a listener of the speaker and writes on a thread of its own:
 * a change at once, the latest state only, so at most one write waits; and every {@link #ALIVE} a sign that the run is alive. What cannot be
 * written is a warning in the log, and tried again then; meanwhile the file ages, so that nobody takes it for true for long.
 *
 * <p>Thread-safe.
 */
public final class StateRecorder implements BgpListener {

    /** Between two signs of life: so much too early a run may be taken for ended. */
    static final Duration ALIVE = Duration.ofSeconds(5);

    /** The longest wait for the disk at the end. */
    static final Duration END_TIMEOUT = Duration.ofSeconds(2);

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    /** How a run ends. */
    public enum Ending {
        /** For good: nothing is left. */
        SHUTDOWN,
        /** To be started again: peers that can wait do. */
        RESTART,
        /** By a bug: what has become of each session is known from its end. */
        FAILURE
    }

    /** A peer that would wait, with the session that says so; none if that was in a run before. */
    private record Followed(RunState.Peer peer, Optional<NegotiatedSession> session) {}

    private final StateFile file;
    private final DaemonConfig config;
    private final String bootId;
    private final Map<String, Followed> peers = new TreeMap<>();
    private final AtomicBoolean saveDue = new AtomicBoolean();
    private @Nullable BgpSpeaker speaker;
    private @Nullable ScheduledExecutorService writer;
    private boolean ended;

    // confined to the writer's thread
    private @Nullable RunState written;
    private boolean failing;

    /** @param path the state file */
    public StateRecorder(Path path, DaemonConfig config) {
        this(path, config, bootId());
    }

    StateRecorder(Path path, DaemonConfig config, String bootId) {
        this.file = new StateFile(path);
        this.config = config;
        this.bootId = bootId;
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Reads what the last run has left, and follows the sessions of a speaker that is to start.
     *
     * @return what that speaker has to know
     */
    public synchronized SpeakerRestart prepare(BgpSpeaker next) {
        speaker = next;
        Optional<RunState> last = lastRun();
        Map<String, Set<AddressFamily>> waiting =
                last.map(state -> state.waiting(config, Instant.now())).orElse(Map.of());
        last.ifPresent(state -> state.peers().stream()
                .filter(peer -> waiting.containsKey(peer.name()))
                .forEach(peer -> peers.put(peer.name(), new Followed(peer, Optional.empty()))));
        return new SpeakerRestart(
                waiting,
                last.filter(state -> state.bootId().equals(bootId)).isPresent(),
                config.restart().selectionDeferral());
    }

    private Optional<RunState> lastRun() {
        try {
            Optional<RunState> state = file.read();
            if (state.isPresent()
                    && !(state.get().localAs().equals(config.speaker().localAs())
                            && state.get().routerId().equals(config.speaker().routerId()))) {
                throw new IOException("of another speaker, AS " + state.get().localAs() + " with router id "
                        + state.get().routerId());
            }
            return state;
        } catch (IOException e) {
            LOG.warn("event=state-file-unusable file={} reason=\"{}\" action=started-anew", file, reason(e));
            return Optional.empty();
        }
    }

    /** Begins to write: the speaker has started. */
    public synchronized void begin() {
        writer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "popbgp-state");
            thread.setDaemon(true);
            return thread;
        });
        writer.scheduleWithFixedDelay(this::save, 0, ALIVE.toMillis(), TimeUnit.MILLISECONDS);
    }

    // ---- sessions, on the listener's thread

    @Override
    public boolean followsRoutes() {
        return false;
    }

    @Override
    public void onStateChange(String peer, FsmState from, FsmState to, DownReason reason) {
        if (to == FsmState.ESTABLISHED) {
            change(() -> up(peer));
        } else if (from == FsmState.ESTABLISHED) {
            change(() -> down(peer, reason));
        }
    }

    @Override
    public void onLagged(long missed) {
        change(() -> {
            peers.values().removeIf(each -> each.peer().lostAt().isEmpty()); // how they were lost was missed
            if (speaker != null) {
                speaker.peers().stream()
                        .filter(PeerStatus::isEstablished)
                        .forEach(status -> up(status.config().name()));
            }
        });
    }

    private synchronized void change(Runnable change) {
        if (!ended) {
            change.run();
            if (writer != null && saveDue.compareAndSet(false, true)) {
                writer.execute(this::save);
            }
        }
    }

    private void up(String name) {
        Optional<Followed> followed =
                Optional.ofNullable(speaker).flatMap(each -> each.peer(name)).flatMap(StateRecorder::followed);
        if (followed.isPresent()) {
            peers.put(name, followed.get());
        } else {
            peers.remove(name);
        }
    }

    private static Optional<Followed> followed(PeerHandle peer) {
        Optional<NegotiatedSession> session = peer.status().negotiated();
        return session.flatMap(StateRecorder::keeps)
                .map(keeps -> new RunState.Peer(peer.name(), peer.remoteAddress(), keeps, Optional.empty()))
                .map(each -> new Followed(each, session));
    }

    /** How long a peer keeps our routes: not at all if graceful restart was not offered both ways. */
    static Optional<Duration> keeps(NegotiatedSession session) {
        return session.gracefulRestart()
                .flatMap(theirs -> ours(session, Capability.GracefulRestart.class))
                .map(ours -> Duration.ofSeconds(ours.restartTime() + longLivedStaleTime(session)));
    }

    /** The longest of all families; 0 if it is not offered both ways. */
    private static int longLivedStaleTime(NegotiatedSession session) {
        return session.longLivedGracefulRestart()
                .flatMap(theirs -> ours(session, Capability.LongLivedGracefulRestart.class))
                .map(ours -> ours.families().stream()
                        .mapToInt(Capability.LongLivedGracefulRestart.Family::staleTime)
                        .max()
                        .orElse(0))
                .orElse(0);
    }

    private static <C extends Capability> Optional<C> ours(NegotiatedSession session, Class<C> type) {
        return session.localCapabilities().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    private void down(String name, DownReason reason) {
        Followed lost = peers.remove(name);
        if (lost != null && lost.session().filter(reason::isGraceful).isPresent()) {
            peers.put(name, new Followed(lost.peer().lost(Instant.now()), lost.session()));
        }
    }

    private synchronized RunState state() {
        return new RunState(
                bootId,
                config.speaker().localAs(),
                config.speaker().routerId(),
                peers.values().stream().map(Followed::peer).toList());
    }

    // ---- the file, on the writer's thread

    private void save() {
        saveDue.set(false);
        save(state());
    }

    private void save(RunState state) {
        attempt(() -> {
            if (!state.equals(written) || !touched()) {
                file.write(state);
            }
            written = state;
        });
    }

    /** Returns whether the file is still there. */
    private boolean touched() throws IOException {
        try {
            file.touch(Instant.now());
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void attempt(Work work) {
        try {
            work.run();
            if (failing) {
                failing = false;
                LOG.info("event=state-file-written file={}", file);
            }
        } catch (IOException e) {
            written = null;
            if (!failing) {
                failing = true;
                LOG.warn("event=state-file-failed file={} reason=\"{}\"", file, reason(e));
            }
        } catch (RuntimeException bug) { // which the executor would keep to itself
            written = null;
            LOG.error("event=state-file-failed file={}", file, bug);
        }
    }

    private static String reason(IOException e) {
        return e.getClass() == IOException.class
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    // ---- the end

    /** Ends the run; before its sessions do, unless they have ended by a failure. Does nothing if it never began. */
    public void end(Ending ending) {
        ScheduledExecutorService last = stop(ending);
        if (last == null) {
            return;
        }
        last.shutdown();
        try {
            if (!last.awaitTermination(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=state-file-failed file={} reason=\"the disk does not answer\"", file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable ScheduledExecutorService stop(Ending ending) {
        ScheduledExecutorService last = writer;
        writer = null;
        ended = true;
        if (last != null) {
            RunState state = state();
            last.execute(() -> {
                switch (ending) {
                    case SHUTDOWN -> attempt(file::delete);
                    case RESTART -> save(state.ended(Instant.now()));
                    case FAILURE -> save(state);
                }
            });
        }
        return last;
    }
}
