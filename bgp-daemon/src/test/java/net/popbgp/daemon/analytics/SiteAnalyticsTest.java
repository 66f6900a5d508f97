package net.popbgp.daemon.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.daemon.MovedClock;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.event.EventsConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.TestSites;
import net.popbgp.speaker.Failover;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteAnalyticsTest {

    private static final SiteConfig SITE = TestSites.pair("azure-1", 93);
    private static final String PRIMARY = "azure-1-primary";
    private static final String SECONDARY = "azure-1-secondary";
    private static final Instant START = Instant.parse("2026-11-30T12:00:30Z");
    private static final DownReason LOST = new DownReason(DownReason.Kind.CONNECTION_LOST, Optional.empty(), "reset");

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock(START);
    private final Map<String, SiteRecorder.Reading> readings = new HashMap<>(Map.of(
            PRIMARY, new SiteRecorder.Reading(false, true, 0, 0, 0),
            SECONDARY, new SiteRecorder.Reading(false, true, 0, 0, 0)));

    private EventStore events = EventStore.open(EventsConfig.DEFAULT, clock);
    private SiteAnalytics analytics = analytics();

    private SiteAnalytics analytics() {
        SiteAnalytics made = new SiteAnalytics(events, clock, peer -> Optional.ofNullable(readings.get(peer)));
        made.recorder().follow(List.of(SITE));
        return made;
    }

    private void inFile() {
        close();
        events = EventStore.open(
                new EventsConfig(Optional.of(directory.resolve("events.db")), Duration.ofDays(90), 1L << 30), clock);
        analytics = analytics();
    }

    @AfterEach
    void close() {
        analytics.close();
        events.close();
    }

    /** Goes on second by second. */
    private void pass(Duration time) {
        for (long i = 0; i < time.toSeconds(); i++) {
            clock.pass(Duration.ofSeconds(1));
            analytics.recorder().tick();
        }
    }

    private void up(String peer) {
        readings.put(peer, new SiteRecorder.Reading(true, true, 100, 10, 0));
        analytics.recorder().onStateChange(peer, FsmState.OPEN_CONFIRM, FsmState.ESTABLISHED, DownReason.NONE);
    }

    private void down(String peer, DownReason reason) {
        readings.put(peer, new SiteRecorder.Reading(false, reason.kind() != DownReason.Kind.LOCAL_STOP, 0, 0, 0));
        analytics.recorder().onStateChange(peer, FsmState.ESTABLISHED, FsmState.IDLE, reason);
    }

    private void active(String from, String to) {
        analytics
                .recorder()
                .onFailover(new Failover(
                        "azure-1", from, to, "a test", 1, clock.instant(), Duration.ZERO, Optional.of(Duration.ZERO)));
    }

    private SiteReport report(Duration window) {
        return analytics.report(SITE, circuit -> new Limits(1024, 4000), List.of(window));
    }

    private static Availability circuit(SiteReport.Window window, CircuitRole role) {
        return Optional.ofNullable(window.circuits().get(role)).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void time_in_each_state_adds_up_over_minutes_and_the_time_before_is_unknown(boolean inFile) {
        if (inFile) {
            inFile();
        }
        analytics.recorder().begin();
        pass(Duration.ofSeconds(100));
        up(PRIMARY);
        active("", PRIMARY);
        pass(Duration.ofSeconds(50));
        up(SECONDARY);
        pass(Duration.ofSeconds(200));
        active(PRIMARY, SECONDARY);
        down(PRIMARY, LOST);
        clock.pass(Duration.ofMillis(500));
        down(SECONDARY, LOST);
        active(SECONDARY, "");
        pass(Duration.ofSeconds(40));

        await().untilAsserted(() -> {
            SiteReport.Window window = report(Duration.ofHours(1)).windows().get(0);
            assertThat(window.site().down()).isEqualTo(140_000);
            assertThat(window.site().degraded()).isEqualTo(50_500);
            assertThat(window.site().up()).isEqualTo(200_000);
            assertThat(window.site().stopped()).isZero();
            assertThat(window.site().failovers()).isEqualTo(1);
            assertThat(window.site().flaps()).isEqualTo(1);
            assertThat(window.site().unknown()).isBetween(3600_000L - 390_500, 3660_000L - 390_500);
            assertThat(window.site().percent().orElseThrow()).isBetween(64.14, 64.15);
            Availability primary = circuit(window, CircuitRole.PRIMARY);
            assertThat(primary.up()).isEqualTo(250_000);
            assertThat(primary.active()).isEqualTo(250_000);
            assertThat(primary.flaps()).isEqualTo(1);
            Availability secondary = circuit(window, CircuitRole.SECONDARY);
            assertThat(secondary.up()).isEqualTo(200_500);
            assertThat(secondary.active()).isEqualTo(500);
        });
    }

    @Test
    void a_run_that_ended_is_known_to_the_next_one_and_the_time_between_is_unknown() {
        inFile();
        analytics.recorder().begin();
        up(PRIMARY);
        up(SECONDARY);
        pass(Duration.ofSeconds(95));
        analytics.close();
        clock.pass(Duration.ofMinutes(10));
        analytics = analytics();
        analytics.recorder().begin();
        up(PRIMARY);
        up(SECONDARY);
        pass(Duration.ofSeconds(5));

        SiteReport.Window window = report(Duration.ofHours(1)).windows().get(0);
        assertThat(window.site().up()).isEqualTo(100_000);
        assertThat(window.site().unknown()).isGreaterThanOrEqualTo(3_500_000);
        assertThat(window.site().percent()).hasValue(100.0);
    }

    @Test
    void a_clock_that_jumps_leaves_a_gap_and_no_false_time() {
        analytics.recorder().begin();
        up(PRIMARY);
        up(SECONDARY);
        pass(Duration.ofSeconds(70));
        clock.pass(Duration.ofHours(1).negated());
        pass(Duration.ofSeconds(60));
        clock.pass(Duration.ofHours(2));
        pass(Duration.ofSeconds(60));

        await().untilAsserted(() -> assertThat(
                        report(Duration.ofHours(24)).windows().get(0).site().up())
                .isBetween(150_000L, 190_000L));
    }

    @Test
    void a_circuit_that_an_operator_stopped_is_not_down_and_its_site_is_degraded() {
        analytics.recorder().begin();
        up(PRIMARY);
        up(SECONDARY);
        down(SECONDARY, new DownReason(DownReason.Kind.LOCAL_STOP, Optional.empty(), "works"));
        pass(Duration.ofSeconds(20));

        SiteReport report = report(Duration.ofHours(1));
        assertThat(report.state().kind()).isEqualTo(SiteStanding.Kind.DEGRADED);
        assertThat(report.state().text()).isEqualTo("one of two circuits up");
        Availability secondary = circuit(report.windows().get(0), CircuitRole.SECONDARY);
        assertThat(secondary.stopped()).isEqualTo(20_000);
        assertThat(secondary.flaps()).isZero();
        assertThat(secondary.percent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void counts_grow_towards_the_limit(boolean inFile) {
        if (inFile) {
            inFile();
        }
        analytics.recorder().begin();
        up(PRIMARY);
        for (int i = 0; i < 60; i++) {
            readings.put(PRIMARY, new SiteRecorder.Reading(true, true, 500, 1000 + 10 * i, 0));
            pass(Duration.ofMinutes(1));
        }

        await().untilAsserted(() -> {
            List<SiteReport.Budget> budgets = report(Duration.ofHours(1)).budgets();
            assertThat(budgets.get(0).estimate()).isEqualTo("no growth");
            assertThat(budgets.get(0).count()).isEqualTo(500);
            // 10 a minute, 2,410 to go
            assertThat(budgets.get(1).direction()).isEqualTo("out");
            assertThat(budgets.get(1).estimate()).isEqualTo("limit reached in about 4 hours");
            assertThat(analytics
                            .series(SITE, Optional.of(CircuitRole.PRIMARY), Duration.ofHours(1))
                            .points())
                    .hasSizeBetween(59, 61)
                    .last()
                    .satisfies(point -> assertThat(point.advertised()).isBetween(1570, 1590));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void samples_are_kept_by_the_minute_for_two_days_the_quarter_for_a_month_the_hour_for_a_year(boolean inFile)
            throws java.sql.SQLException {
        if (inFile) {
            inFile();
        }
        SampleTable table = inFile ? new SqliteSamples(events.database().orElseThrow()) : new MemorySamples();
        long end = 40L * 86_400;
        for (long time = 0; time < end; time += 7200) {
            table.add(
                    List.of(
                            new Sample("a", time, 60_000, 0, 0, 0, 0, 1, 0, (int) (time / 7200), 0, 0),
                            new Sample("a", time + 60, 0, 0, 60_000, 0, 0, 0, 0, 0, 0, 0)),
                    time + 120);
        }

        assertThat(table.read("a", Step.MINUTE, 0, end)).hasSizeBetween(48, 50);
        assertThat(table.read("a", Step.QUARTER, 0, end)).hasSizeBetween(360, 362);
        assertThat(table.read("a", Step.HOUR, 0, end))
                .hasSize(480)
                .allSatisfy(sample -> {
                    assertThat(sample.up()).isEqualTo(60_000);
                    assertThat(sample.down()).isEqualTo(60_000);
                    assertThat(sample.flaps()).isEqualTo(1);
                })
                .last()
                .satisfies(sample -> assertThat(sample.received()).isEqualTo(479));
        assertThat(table.read("b", Step.HOUR, 0, end)).isEmpty();
    }
}
