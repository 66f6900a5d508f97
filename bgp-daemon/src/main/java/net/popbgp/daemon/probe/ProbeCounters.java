package net.popbgp.daemon.probe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts probes of LAN Monitoring by what became of them. Thread-safe. */
final class ProbeCounters {

    private final Map<EchoResult.Kind, AtomicLong> byKind = new EnumMap<>(EchoResult.Kind.class);
    private final AtomicLong skipped = new AtomicLong();

    ProbeCounters() {
        for (EchoResult.Kind kind : EchoResult.Kind.values()) {
            byKind.put(kind, new AtomicLong());
        }
    }

    void probed(EchoResult.Kind kind) {
        byKind.computeIfAbsent(kind, each -> new AtomicLong()).incrementAndGet();
    }

    void skipped() {
        skipped.incrementAndGet();
    }

    void bindTo(MeterRegistry registry) {
        byKind.forEach((kind, count) -> bind(registry, kind.name().toLowerCase(Locale.ROOT), count));
        bind(registry, "skipped", skipped);
    }

    private static void bind(MeterRegistry registry, String result, AtomicLong count) {
        FunctionCounter.builder("popbgp.probes", count, AtomicLong::doubleValue)
                .description("probes of monitored hosts")
                .tag("result", result)
                .register(registry);
    }
}
