package net.popbgp.daemon.probe;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.LanRule;
import net.popbgp.daemon.site.SiteConfig;
import org.jspecify.annotations.Nullable;

/**
 * What is probed, when, and what follows (A17, A18): a host is unreachable with exactly the N-th probe in a row that is lost, and reachable
 * with the first that is answered. While no session of a site is Established, and outside of a schedule, nothing is probed, and what was
 * lost before does not count.
 *
 * <p>Used by one thread, which calls {@link #run} again at the time that it returns. Probes run on the executor and come back by a queue.
 */
final class LanTargets {

    /** How long a reply may take. */
    static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** When there is nothing to probe. */
    private static final Duration IDLE = Duration.ofMinutes(1);

    /** A probe that has ended. */
    private record Probed(Target target, EchoResult result) {}

    /** A target and what is known of it. */
    private static final class Target {
        private final SiteConfig site;
        private final LanRule rule;
        private Instant due;
        private boolean underWay;
        private int misses;
        private Instant since;
        private long answered;
        private long lost;
        private long skipped;
        private LanStatus.State state = LanStatus.State.UNKNOWN;
        private LanStatus.Pause pause = LanStatus.Pause.NONE;
        private String detail = "";
        private @Nullable Instant lastReply;
        private @Nullable Duration roundTrip;

        Target(SiteConfig site, LanRule rule, Instant due) {
            this.site = site;
            this.rule = rule;
            this.due = due;
            this.since = due;
        }

        boolean isSame(SiteConfig otherSite, LanRule otherRule) {
            return rule.address().equals(otherRule.address())
                    && rule.interval().equals(otherRule.interval())
                    && rule.faultThreshold() == otherRule.faultThreshold()
                    && rule.schedule().equals(otherRule.schedule())
                    && site.circuits().equals(otherSite.circuits());
        }
    }

    private final Executor executor;
    private final Echo echo;
    private final Function<SiteConfig, Optional<CircuitRole>> active;
    private final EventSink sink;
    private final ProbeCounters counters;
    private final Runnable wake;
    private final Queue<Probed> probed = new ConcurrentLinkedQueue<>();
    private Map<String, Target> targets = new LinkedHashMap<>();
    private boolean impossible;
    private volatile List<LanStatus> status = List.of();

    /**
     * @param active the circuit of a site that carries its traffic; empty if none is Established
     * @param wake called when a probe has ended, so that {@link #run} is called again
     */
    LanTargets(
            Executor executor,
            Echo echo,
            Function<SiteConfig, Optional<CircuitRole>> active,
            EventSink sink,
            ProbeCounters counters,
            Runnable wake) {
        this.executor = executor;
        this.echo = echo;
        this.active = active;
        this.sink = sink;
        this.counters = counters;
        this.wake = wake;
    }

    /** Goes over to other targets; what stays as it was keeps what is known of it. The first probes are spread over their intervals. */
    void follow(List<SiteConfig> sites, Instant now) {
        Map<String, Target> next = new LinkedHashMap<>();
        int count = sites.stream()
                .mapToInt(site -> site.lanMonitoring().rules().size())
                .sum();
        int index = 0;
        for (SiteConfig site : sites) {
            for (LanRule rule : site.lanMonitoring().rules()) {
                String key = site.name() + " " + rule.name();
                Target old = targets.get(key);
                Instant due = now.plus(rule.interval().multipliedBy(index++).dividedBy(count));
                next.put(key, old != null && old.isSame(site, rule) ? old : new Target(site, rule, due));
            }
        }
        targets = next;
        publish();
    }

    /** Does all that is due. {@return when the next probe is} */
    Instant run(Instant now) {
        Map<String, Optional<CircuitRole>> roles = new LinkedHashMap<>();
        Function<SiteConfig, Optional<CircuitRole>> role =
                site -> roles.computeIfAbsent(site.name(), name -> active.apply(site));
        for (Probed each = probed.poll(); each != null; each = probed.poll()) {
            each.target.underWay = false;
            if (targets.containsValue(each.target)) {
                settle(each.target, each.result, role.apply(each.target.site), now);
            }
        }
        for (Target target : targets.values()) {
            if (!target.due.isAfter(now)) {
                Instant regular = target.due.plus(target.rule.interval());
                target.due = regular.isAfter(now) ? regular : now.plus(target.rule.interval());
                begin(target, role.apply(target.site), now);
            }
        }
        publish();
        return targets.values().stream()
                .map(target -> target.due)
                .min(Instant::compareTo)
                .orElse(now.plus(IDLE));
    }

    private void begin(Target target, Optional<CircuitRole> role, Instant now) {
        boolean scheduled =
                target.rule.schedule().map(each -> each.contains(now)).orElse(true);
        target.pause = role.isEmpty()
                ? LanStatus.Pause.DISCONNECTED
                : scheduled ? LanStatus.Pause.NONE : LanStatus.Pause.SCHEDULE;
        if (target.pause != LanStatus.Pause.NONE) {
            target.misses = 0;
            return;
        }
        if (target.underWay) {
            skipped(target);
            return;
        }
        InetAddress source = circuit(target, role.orElse(CircuitRole.PRIMARY)).popAddress();
        target.underWay = true;
        try {
            executor.execute(() -> {
                EchoResult result;
                try {
                    result = echo.probe(source, target.rule.address(), TIMEOUT);
                } catch (RuntimeException e) {
                    result = EchoResult.impossible(e.toString());
                }
                probed.add(new Probed(target, result));
                wake.run();
            });
        } catch (RejectedExecutionException e) {
            target.underWay = false;
            skipped(target);
        }
    }

    private void skipped(Target target) {
        target.skipped++;
        counters.skipped();
    }

    /** The primary circuit's remote address is asked over the primary, also when that is not active (A18). */
    private static CircuitConfig circuit(Target target, CircuitRole role) {
        return target.site
                .circuit(target.rule.isPrimary() ? CircuitRole.PRIMARY : role)
                .orElse(target.site.circuits().get(0));
    }

    private void settle(Target target, EchoResult result, Optional<CircuitRole> role, Instant now) {
        counters.probed(result.kind());
        if (role.isEmpty()) { // it may have been lost with the session
            target.misses = 0;
            return;
        }
        target.detail = result.detail();
        switch (result.kind()) {
            case REPLY -> {
                target.answered++;
                target.misses = 0;
                target.lastReply = now;
                target.roundTrip = result.roundTrip().orElse(null);
                impossible = false;
                change(target, LanStatus.State.REACHABLE, role.get(), now);
            }
            case SILENCE, UNSENT -> {
                target.lost++;
                target.misses++;
                if (target.misses == target.rule.faultThreshold()) {
                    change(target, LanStatus.State.UNREACHABLE, role.get(), now);
                }
            }
            case IMPOSSIBLE -> impossible(target, result.detail(), now);
        }
    }

    /** Told once, until a probe is answered again. */
    private void impossible(Target target, String detail, Instant now) {
        if (!impossible) {
            impossible = true;
            sink.accept(new Event(
                    now,
                    EventSubType.SYSTEM,
                    "LAN Monitoring impossible",
                    "hosts cannot be probed: " + detail,
                    Map.of(EventField.SRC_SITE_NAME, target.site.name())));
        }
    }

    private void change(Target target, LanStatus.State state, CircuitRole role, Instant now) {
        LanStatus.State before = target.state;
        if (before == state) {
            return;
        }
        Instant since = target.since;
        target.state = state;
        target.since = now;
        if (before == LanStatus.State.UNKNOWN && state == LanStatus.State.REACHABLE) {
            return; // nothing has happened, it is only known now
        }
        boolean reachable = state == LanStatus.State.REACHABLE;
        String host =
                target.rule.name() + " (" + target.rule.address().getHostAddress() + ") of site " + target.site.name();
        CircuitConfig circuit = circuit(target, role);
        Map<EventField, String> fields = new EnumMap<>(EventField.class);
        fields.put(EventField.SRC_SITE_ID, target.site.name());
        fields.put(EventField.SRC_SITE_NAME, target.site.name());
        fields.put(EventField.POP_NAME, circuit.pop());
        fields.put(EventField.CIRCUIT, circuit.role().toString());
        fields.put(EventField.HOST_IP, target.rule.address().getHostAddress());
        fields.put(EventField.RULE_NAME, target.rule.name());
        fields.put(EventField.OLD_STATE, before.toString());
        fields.put(EventField.NEW_STATE, state.toString());
        sink.accept(new Event(
                now,
                EventSubType.LAN_MONITORING,
                reachable ? LanRule.REACHABLE : LanRule.UNREACHABLE,
                reachable
                        ? host + " answers again, after "
                                + Duration.between(since, now).toSeconds() + " s"
                        : host + " does not answer: " + target.misses
                                + (target.misses == 1 ? " probe was lost" : " probes in a row were lost")
                                + (target.detail.isEmpty() ? "" : " (" + target.detail + ")"),
                fields));
    }

    private void publish() {
        List<LanStatus> all = new ArrayList<>();
        for (Target target : targets.values()) {
            all.add(new LanStatus(
                    target.site.name(),
                    target.rule,
                    target.state,
                    target.pause,
                    target.since,
                    target.misses,
                    target.answered,
                    target.lost,
                    target.skipped,
                    Optional.ofNullable(target.lastReply),
                    Optional.ofNullable(target.roundTrip),
                    target.detail));
        }
        status = List.copyOf(all);
    }

    /** {@return all targets, as they stood after the last turn} Thread-safe. */
    List<LanStatus> status() {
        return status;
    }
}
