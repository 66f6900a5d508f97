package net.popbgp.daemon.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Whatever one peer or a stranger does, the others' sessions stay up and their routes arrive in time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("it measures latencies, and other tests keep the processors busy")
class BystanderIT {

    private static final int UPDATES = 25;
    private static final Duration LATENCY = Duration.ofSeconds(1);
    /** Threads on a route's way, each of which a busy machine may keep waiting as long as the one that announces it. */
    private static final int THREADS = 5;

    private static final int LOG_LINES = 500;
    private static final int ROUTES = 20_000;

    private final AtomicLong logged = new AtomicLong();
    private final AppenderBase<ILoggingEvent> counter = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.incrementAndGet();
        }
    };
    private Daemon daemon;
    private Bystander bystander;

    @BeforeAll
    void start() throws IOException, ConfigException, InterruptedException {
        root().detachAndStopAllAppenders();
        counter.setContext(root().getLoggerContext());
        counter.start();
        root().addAppender(counter);
        root().setLevel(Level.INFO);
        daemon = Daemon.create(ConfigReader.parse(config(), Path.of("/nowhere"), System::getenv), Optional.empty());
        daemon.start();
        bystander = new Bystander(listensAt());
        await().until(() -> bystander.arrived() >= UPDATES); // all routes have been advertised, and the code is warm
    }

    @AfterAll
    void stop() throws IOException {
        bystander.close();
        daemon.close();
        root().detachAppender(counter);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private InetSocketAddress listensAt() {
        return daemon.speaker().listenAddresses().get(0);
    }

    private static String config() {
        StringBuilder text = new StringBuilder("""
                local-as: 65001
                router-id: 127.0.80.1
                listen: ["127.0.80.1:0"]
                peers:
                """);
        text.append(peer(Bystander.ADDRESS, Bystander.AS, "hold-time: 3s"));
        text.append(peer(Bystander.OBSERVER, Bystander.OBSERVER_AS, "hold-time: 90s"));
        for (Misbehaviour each : Misbehaviour.values()) {
            text.append(peer(each.address(), each.as(), "idle-hold-time: 10ms, max-idle-hold-time: 100ms"));
        }
        text.append("announce:\n  - prefixes:\n");
        for (int i = 0; i < ROUTES; i++) {
            text.append("      - 40.0.")
                    .append(i >>> 8)
                    .append('.')
                    .append(i & 0xFF)
                    .append("/32\n");
        }
        return text.toString();
    }

    private static String peer(String address, int as, String more) {
        return "  - {name: as" + as + ", address: " + address + ", remote-as: " + as + ", local-address: 127.0.80.1,"
                + " passive: true, import-policy: accept-all, export-policy: accept-all, " + more + "}\n";
    }

    @ParameterizedTest
    @EnumSource(Misbehaviour.class)
    void others_stay_up_and_hear_of_routes_within_a_second(Misbehaviour kind) {
        logged.set(0);
        bystander.reset();
        long begin = System.nanoTime();
        try (Misbehaviour.Attack attack = new Misbehaviour.Attack(kind, listensAt())) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> !bystander.isUp()
                            || bystander.arrived() >= UPDATES && attack.done() > 0
                            || kind == Misbehaviour.NONE && bystander.arrived() >= UPDATES);
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "%-58s %9d times, %9.0f /s | bystander: %s, worst latency %4d ms of %d (clock late %d ms), %7d messages, %4d log lines%n",
                    kind.title(),
                    attack.done(),
                    attack.done() / seconds,
                    bystander.isUp() ? "up" : "DOWN",
                    bystander.worstMillis(),
                    bystander.arrived(),
                    bystander.worstLateMillis(),
                    bystander.messages(),
                    logged.get());
            assertThat(bystander.isUp()).isTrue();
            assertThat(bystander.worstMillis()).isLessThan(LATENCY.toMillis() + THREADS * bystander.worstLateMillis());
            assertThat(logged.get()).isLessThan(LOG_LINES);
        }
    }
}
