package net.popbgp.daemon.access;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventSubType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of refused requests: each is counted; the first of a reason becomes an event and a line of the log at once, those of the next
 * {@link #PAUSE} one more at its end, with their number. So guessing is seen, and cannot flood what it is seen in. Thread-safe.
 */
public final class Denials implements MeterBinder {

    /** The shortest time between two events of a reason. */
    public static final Duration PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger("popbgp.http");

    /** Why a request was refused. */
    public enum Reason {
        /** Counted only: every browser begins so. */
        NO_TOKEN("request without a token"),
        WRONG_TOKEN("wrong token"),
        TOO_MANY("too many wrong tokens"),
        ROLE("token that does not suffice"),
        HOST("request for another host"),
        ORIGIN("request from another web site"),
        NO_TLS("request without TLS");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What was refused last, and how many since the last event. */
    private static final class Told {
        Instant at = Instant.EPOCH;
        int waiting;
        String address = "";
        String what = "";
        String who = "";
    }

    private final EventSink events;
    private final InstantSource clock;
    private final Map<Reason, AtomicLong> counts = new EnumMap<>(Reason.class);
    private final Map<Reason, Told> told = new EnumMap<>(Reason.class);

    public Denials(EventSink events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
        for (Reason reason : Reason.values()) {
            counts.put(reason, new AtomicLong());
            told.put(reason, new Told());
        }
    }

    /**
     * A request was refused.
     *
     * @param what the method and the path; no secrets
     * @param who the name of a token that was right; empty if there was none
     */
    void denied(Reason reason, InetAddress address, String what, String who) {
        Objects.requireNonNull(counts.get(reason)).incrementAndGet();
        if (reason == Reason.NO_TOKEN) {
            return;
        }
        synchronized (told) {
            Told state = Objects.requireNonNull(told.get(reason));
            state.waiting++;
            state.address = IpAddresses.text(address);
            state.what = what;
            state.who = who;
            tellIfDue(reason, state, clock.instant());
        }
    }

    /** Tells what has waited long enough; to be called every second or so. */
    public void tick() {
        Instant now = clock.instant();
        synchronized (told) {
            told.forEach((reason, state) -> {
                if (state.waiting > 0) {
                    tellIfDue(reason, state, now);
                }
            });
        }
    }

    private void tellIfDue(Reason reason, Told state, Instant now) {
        if (now.isBefore(state.at.plus(PAUSE))) {
            return;
        }
        String times = state.waiting == 1 ? "" : state.waiting + " times, the last one ";
        String whose = state.who.isEmpty() ? "" : " of " + state.who;
        LOG.warn(
                "event=access-denied reason={} count={} address={} who={} request=\"{}\"",
                reason.label(),
                state.waiting,
                state.address,
                state.who.isEmpty() ? "-" : state.who,
                state.what);
        Map<EventField, String> fields = new HashMap<>();
        fields.put(EventField.HOST_IP, state.address);
        fields.put(EventField.USER_NAME, state.who);
        fields.put(EventField.EVENT_COUNT, Integer.toString(state.waiting));
        events.accept(new Event(
                now,
                EventSubType.SYSTEM,
                "Access Denied",
                reason.text + whose + ": " + times + "from " + state.address + " for " + state.what,
                fields));
        state.at = now;
        state.waiting = 0;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counts.forEach((reason, count) -> FunctionCounter.builder("popbgp.api.denied", count, AtomicLong::doubleValue)
                .description("requests that were refused")
                .tag("reason", reason.label())
                .register(registry));
    }
}
