package net.popbgp.daemon.alert;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts messages. Thread-safe. */
final class AlertCounters {

    private final Map<Message.Channel, AtomicLong> queued = zeros();
    private final Map<Message.Channel, AtomicLong> sent = zeros();
    private final Map<Message.Channel, AtomicLong> failed = zeros();
    private final Map<Message.Channel, AtomicLong> lost = zeros();

    private static Map<Message.Channel, AtomicLong> zeros() {
        Map<Message.Channel, AtomicLong> counts = new EnumMap<>(Message.Channel.class);
        for (Message.Channel channel : Message.Channel.values()) {
            counts.put(channel, new AtomicLong());
        }
        return counts;
    }

    private static void count(Map<Message.Channel, AtomicLong> counts, Message.Channel channel) {
        counts.computeIfAbsent(channel, each -> new AtomicLong()).incrementAndGet();
    }

    void queued(Message.Channel channel) {
        count(queued, channel);
    }

    void attempted(Message.Channel channel, Outcome.Kind kind) {
        count(kind == Outcome.Kind.DELIVERED ? sent : failed, channel);
    }

    void lost(Message.Channel channel) {
        count(lost, channel);
    }

    long sent() {
        return sum(sent);
    }

    long failed() {
        return sum(failed);
    }

    long lost() {
        return sum(lost);
    }

    private static long sum(Map<Message.Channel, AtomicLong> counts) {
        return counts.values().stream().mapToLong(AtomicLong::get).sum();
    }

    void bindTo(MeterRegistry registry) {
        bind(registry, "popbgp.alerts.queued", "messages that were to be sent", queued);
        bind(registry, "popbgp.alerts.sent", "messages that were delivered", sent);
        bind(registry, "popbgp.alerts.failed.attempts", "attempts that failed", failed);
        bind(registry, "popbgp.alerts.lost", "messages that were given up", lost);
    }

    private static void bind(
            MeterRegistry registry, String name, String description, Map<Message.Channel, AtomicLong> counts) {
        counts.forEach((channel, count) -> FunctionCounter.builder(name, count, AtomicLong::doubleValue)
                .description(description)
                .tag("channel", channel.name().toLowerCase(Locale.ROOT))
                .register(registry));
    }
}
