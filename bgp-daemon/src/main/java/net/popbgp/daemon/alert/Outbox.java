package net.popbgp.daemon.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages until they are delivered or given up. One is under way on each channel at a time. One that fails is tried again after 10 s, and then
 * after twice the time before, at most 5 minutes; if its server cannot be talked to at all, the others for that server wait with it. What is
 * too old or has failed {@link #MAX_ATTEMPTS} times is given up, and so is what finds {@link #MAX_QUEUED} before it: the caller is told.
 * Used by one thread; attempts run on the executor and come back by a queue.
 */
final class Outbox {

    /** The most messages that wait. */
    static final int MAX_QUEUED = 10_000;

    /** The most attempts at one message. */
    static final int MAX_ATTEMPTS = 300;

    static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger("popbgp.alert");

    /** A message that nobody has got or will get. Immutable. */
    record Lost(Message message, String reason, Instant at) {}

    /** An attempt that has ended. Immutable. */
    private record Attempt(Message message, Outcome outcome) {}

    /** A server that did not answer. Immutable. */
    private record Silence(int failures, Instant until) {}

    private final Executor executor;
    private final Function<Message, Outcome> delivery;
    private final Runnable wake;
    private final AlertCounters counters;
    private final Map<String, Message> waiting = new LinkedHashMap<>();
    private final Map<String, Silence> silent = new HashMap<>();
    private final Set<Message.Channel> busy = EnumSet.noneOf(Message.Channel.class);
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final Set<String> changed = new HashSet<>();
    private final List<Lost> lost = new ArrayList<>();

    /**
     * @param executor runs attempts, at most one for each channel at a time
     * @param delivery makes one attempt; may take long
     * @param wake called when an attempt has ended, so that {@link #settle} is called again
     */
    Outbox(Executor executor, Function<Message, Outcome> delivery, Runnable wake, AlertCounters counters) {
        this.executor = executor;
        this.delivery = delivery;
        this.wake = wake;
        this.counters = counters;
    }

    void restore(Collection<Message> messages) {
        messages.forEach(message -> waiting.put(message.id(), message));
    }

    void add(Message message) {
        counters.queued(message.channel());
        if (waiting.size() >= MAX_QUEUED) {
            lose(message, MAX_QUEUED + " messages wait already", message.created());
            return;
        }
        waiting.put(message.id(), message);
        changed.add(message.id());
    }

    List<Message> waiting() {
        return List.copyOf(waiting.values());
    }

    /** {@return the ids of messages that have changed since {@link #saved}; those that do not wait any more are done} */
    Set<String> changed() {
        return Set.copyOf(changed);
    }

    /** All of it is to be saved. */
    void touch() {
        changed.addAll(waiting.keySet());
    }

    void saved() {
        changed.clear();
    }

    Optional<Message> message(String id) {
        return Optional.ofNullable(waiting.get(id));
    }

    /** Hands over what was given up since it was last called. */
    void drainLost(Consumer<Lost> consumer) {
        lost.forEach(consumer);
        lost.clear();
    }

    /** Takes in the attempts that have ended, and gives up what is too old. */
    void settle(Instant now, Duration giveUpAfter) {
        for (Attempt attempt = attempts.poll(); attempt != null; attempt = attempts.poll()) {
            busy.remove(attempt.message.channel());
            settle(attempt.message, attempt.outcome, now);
        }
        for (Message message : waiting()) {
            if (!message.created().plus(giveUpAfter).isAfter(now)) {
                lose(
                        message,
                        "not delivered in time, " + message.attempts() + " attempts"
                                + (message.error().isEmpty() ? "" : ", the last: " + message.error()),
                        now);
            }
        }
    }

    private void settle(Message message, Outcome outcome, Instant now) {
        counters.attempted(message.channel(), outcome.kind());
        if (outcome.kind() == Outcome.Kind.DELIVERED) {
            silent.remove(message.route());
            done(message);
            LOG.info(
                    "event=alert-sent to=\"{}\" id={} answer=\"{}\"",
                    message.recipient(),
                    message.id(),
                    outcome.detail());
            return;
        }
        LOG.warn(
                "event=alert-not-sent to=\"{}\" id={} reason=\"{}\"",
                message.recipient(),
                message.id(),
                outcome.detail());
        if (outcome.kind() == Outcome.Kind.REFUSED) {
            lose(message, outcome.detail(), now);
            return;
        }
        if (outcome.kind() == Outcome.Kind.UNREACHABLE) {
            Silence before = silent.getOrDefault(message.route(), new Silence(0, now));
            silent.put(message.route(), new Silence(before.failures + 1, now.plus(wait(before.failures))));
        } else {
            silent.remove(message.route());
        }
        Message again = message.failed(outcome.detail(), now.plus(wait(message.attempts())));
        if (again.attempts() >= MAX_ATTEMPTS) {
            lose(again, again.attempts() + " attempts, the last: " + outcome.detail(), now);
        } else if (waiting.containsKey(message.id())) {
            waiting.put(again.id(), again);
            changed.add(again.id());
        }
    }

    private static Duration wait(int failures) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures, 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private void lose(Message message, String reason, Instant now) {
        done(message);
        lost.add(new Lost(message, reason, now));
        counters.lost(message.channel());
    }

    private void done(Message message) {
        waiting.remove(message.id());
        changed.add(message.id());
    }

    /** Starts attempts that are due. */
    void deliver(Instant now) {
        for (Message.Channel channel : Message.Channel.values()) {
            if (!busy.contains(channel)) {
                waiting.values().stream()
                        .filter(message ->
                                message.channel() == channel && !due(message).isAfter(now))
                        .findFirst()
                        .ifPresent(this::start);
            }
        }
    }

    private void start(Message message) {
        busy.add(message.channel());
        executor.execute(() -> {
            Outcome outcome;
            try {
                outcome = delivery.apply(message);
            } catch (RuntimeException e) {
                LOG.error("event=alert-failed id={}", message.id(), e);
                outcome = Outcome.failed(e.toString());
            }
            attempts.add(new Attempt(message, outcome));
            wake.run();
        });
    }

    private Instant due(Message message) {
        Silence silence = silent.get(message.route());
        return silence != null && silence.until.isAfter(message.nextAttempt()) ? silence.until : message.nextAttempt();
    }

    boolean hasEndedAttempts() {
        return !attempts.isEmpty();
    }

    /** {@return when the next message is due or too old; empty while an attempt is under way or nothing waits} */
    Optional<Instant> nextDue(Duration giveUpAfter) {
        return waiting.values().stream()
                .map(message -> {
                    Instant tooOld = message.created().plus(giveUpAfter);
                    return busy.contains(message.channel()) || tooOld.isBefore(due(message)) ? tooOld : due(message);
                })
                .min(Instant::compareTo);
    }
}
