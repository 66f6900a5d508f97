package net.popbgp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.event.EventsConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Events about routes into the database: {@code stored} gives 200,000 as fast as they are taken, without losing one, and waits until the last
 * is synced to the disk; {@code accepted}
 * prints for how long the thread that gives them is held up at 50,000 a second. Scores are per event.
 */
@State(Scope.Thread)
@Fork(
        value = 1,
        jvmArgs = {"-Xms512m", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventBenchmark {

    private static final int EVENTS = 200_000;
    private static final int PACED = 50_000;

    private Path directory;
    private EventStore store;
    private Event event;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("popbgp-events");
        store = EventStore.open(
                new EventsConfig(Optional.of(directory.resolve("events.db")), Duration.ofDays(90), 1L << 30),
                InstantSource.system());
        event = new Event(
                Instant.now(),
                EventSubType.BGP_ROUTING,
                "Route added",
                "10.1.0.0/16 over the primary circuit of azure-1 (10.0.0.2, AS 12076) via 10.0.0.2, AS path 12076, metric 90",
                Map.of(
                        EventField.SRC_SITE_ID, "azure-1",
                        EventField.SRC_SITE_NAME, "azure-1",
                        EventField.POP_NAME, "New York",
                        EventField.CIRCUIT, "primary",
                        EventField.PEER, "azure-1-primary",
                        EventField.BGP_CATO_ASN, "65010",
                        EventField.BGP_CATO_IP, "10.0.0.1",
                        EventField.BGP_PEER_ASN, "12076",
                        EventField.BGP_PEER_IP, "10.0.0.2",
                        EventField.BGP_ROUTE_CIDR, "10.1.0.0/16"));
    }

    @TearDown
    public void close() throws IOException {
        System.out.printf(
                "# %,d stored, %,d lost%n",
                store.status().stored(), store.status().lost());
        store.close();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    @OperationsPerInvocation(EVENTS)
    public void stored() {
        long until = store.status().stored() + EVENTS;
        for (int i = 0; i < EVENTS; i++) {
            while ((i & 0xFF) == 0 && store.status().waiting() > EventStore.QUEUE / 2) {
                LockSupport.parkNanos(100_000);
            }
            store.accept(event);
        }
        while (store.status().stored() < until) {
            LockSupport.parkNanos(100_000);
        }
    }

    /** A second's worth, in portions of a millisecond; the time in {@code accept} is in the line that it prints. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    @OperationsPerInvocation(PACED)
    public long accepted() {
        long start = System.nanoTime();
        long spent = 0;
        long longest = 0;
        for (int i = 0; i < PACED; i++) {
            if (i % 50 == 0) {
                LockSupport.parkNanos(start + i / 50 * 1_000_000L - System.nanoTime());
            }
            long before = System.nanoTime();
            store.accept(event);
            long time = System.nanoTime() - before;
            spent += time;
            longest = Math.max(longest, time);
        }
        System.out.printf(
                "# accept at 50,000 a second: %d ns on average, %d us at most%n", spent / PACED, longest / 1000);
        return spent;
    }
}
