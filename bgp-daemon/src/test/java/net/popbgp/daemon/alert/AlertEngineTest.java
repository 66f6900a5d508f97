package net.popbgp.daemon.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.site.Track;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When what is told, on a moved clock, with a server that takes or refuses as the test says. */
class AlertEngineTest {

    private static final String NOC = "noc@example.net";
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final List<Message> sent = new ArrayList<>();
    private final List<Message> tried = new ArrayList<>();
    private Function<Message, Outcome> server = message -> Outcome.delivered("250 OK");

    private Outcome deliver(Message message) {
        tried.add(message);
        Outcome outcome = server.apply(message);
        if (outcome.kind() == Outcome.Kind.DELIVERED) {
            sent.add(message);
        }
        return outcome;
    }

    private static AlertsConfig config(boolean dailyUnconditional) {
        return new AlertsConfig(
                Optional.empty(),
                AlertsConfig.NONE.timeZone(),
                Map.of("noc", List.of(NOC)),
                Map.of(),
                dailyUnconditional,
                Duration.ofHours(24));
    }

    private static Track track(Track.Frequency frequency) {
        return new Track(frequency, List.of("noc"), List.of());
    }

    private AlertBench bench(Track.Frequency frequency) {
        return new AlertBench(config(false), track(frequency), this::deliver, Optional.empty());
    }

    private AlertBench durable(Track.Frequency frequency) {
        return new AlertBench(config(false), track(frequency), this::deliver, Optional.of(this::open));
    }

    private AlertStore open() throws SQLException {
        Connection connection = DriverManager.getConnection(
                "jdbc:sqlite:" + directory.resolve("events.db") + "?synchronous=OFF"); // only the process restarts
        return new AlertStore(connection, () -> false);
    }

    private List<String> subjects() {
        return sent.stream().map(Message::subject).toList();
    }

    /** Ten times down and up again in five minutes. */
    private static void flap(AlertBench bench) {
        for (int i = 0; i < 10; i++) {
            bench.down("hold timer expired");
            bench.pass(Duration.ofSeconds(15));
            bench.up();
            bench.pass(Duration.ofSeconds(15));
        }
    }

    @Test
    void immediate_tells_each_of_the_20_changes_of_10_flaps() { // S37
        AlertBench bench = bench(Track.Frequency.IMMEDIATE);

        flap(bench);
        assertThat(sent).hasSize(20);
        assertThat(subjects().get(0)).isEqualTo("[popbgp] nyc: primary session down (4/0 hold timer expired)");
        assertThat(subjects().get(1)).isEqualTo("[popbgp] nyc: primary session up");
        bench.pass(Duration.ofDays(8));
        assertThat(sent).hasSize(20);
    }

    @ParameterizedTest
    @CsvSource({"HOURLY,1", "DAILY,24", "WEEKLY,168"})
    void others_tell_the_first_at_once_and_19_in_one_digest_when_the_window_ends(
            Track.Frequency frequency, long hours) { // S37
        AlertBench bench = bench(frequency);
        Duration window = Duration.ofHours(hours);

        flap(bench);
        assertThat(subjects()).containsExactly("[popbgp] nyc: primary session down (4/0 hold timer expired)");

        bench.pass(window.minusMinutes(5).minusMillis(1));
        assertThat(sent).hasSize(1);
        bench.pass(Duration.ofMillis(1));
        assertThat(subjects()).hasSize(2).last().isEqualTo("[popbgp] nyc: primary session, 19 changes, now up");
        assertThat(sent.get(1).created()).isEqualTo(AlertBench.START.plus(window));
    }

    @Test
    void a_digest_opens_a_window_and_a_quiet_window_closes_it() { // S37
        AlertBench bench = bench(Track.Frequency.HOURLY);

        flap(bench);
        bench.pass(Duration.ofMinutes(55));
        assertThat(sent).hasSize(2);
        bench.pass(Duration.ofMinutes(30));
        bench.down("cease"); // in the window that the digest has opened
        assertThat(sent).hasSize(2);
        bench.pass(Duration.ofMinutes(30));
        assertThat(subjects()).last().isEqualTo("[popbgp] nyc: primary session, 1 change, now down");

        bench.pass(HOUR);
        assertThat(bench.status().windows()).isEmpty();
        assertThat(sent).hasSize(3);
        bench.up();
        assertThat(subjects()).hasSize(4).last().isEqualTo("[popbgp] nyc: primary session up");
    }

    @Test
    void a_quiet_day_is_told_only_if_that_was_asked_for() { // A14
        AlertBench quiet = bench(Track.Frequency.DAILY);
        quiet.down("cease");
        quiet.pass(Duration.ofDays(3));
        assertThat(sent).hasSize(1);

        sent.clear();
        AlertBench told = new AlertBench(config(true), track(Track.Frequency.DAILY), this::deliver, Optional.empty());
        told.down("cease");
        told.pass(Duration.ofDays(3));
        assertThat(subjects())
                .containsExactly(
                        "[popbgp] nyc: primary session down (4/0 cease)",
                        "[popbgp] nyc: primary session, nothing further");
    }

    @Test
    void attempts_that_fail_before_established_are_not_told() {
        AlertBench bench = bench(Track.Frequency.IMMEDIATE);

        bench.happen(AlertBench.session(bench.now(), "OpenSent", "Idle", "bad peer AS"));
        bench.happen(AlertBench.session(bench.now(), "Idle", "Connect", ""));

        assertThat(tried).isEmpty();
    }

    @Test
    void hosts_are_told_with_a_window_of_their_own() {
        AlertBench bench = bench(Track.Frequency.HOURLY);

        bench.down("cease");
        bench.happen(AlertBench.host(bench.now(), false));
        bench.happen(AlertBench.host(bench.now(), true));

        assertThat(subjects())
                .containsExactly(
                        "[popbgp] nyc: primary session down (4/0 cease)", "[popbgp] nyc: host dns unreachable");
        assertThat(bench.status().windows())
                .extracting(AlertsStatus.Window::subject, AlertsStatus.Window::count)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("host dns", 1),
                        org.assertj.core.groups.Tuple.tuple("primary", 0));
    }

    @Test
    void a_restart_in_the_middle_of_a_window_changes_nothing() {
        AlertBench bench = durable(Track.Frequency.HOURLY);

        flap(bench);
        bench.restart();
        assertThat(sent).hasSize(1);
        bench.pass(Duration.ofMinutes(30));
        bench.restart();
        bench.pass(Duration.ofMinutes(25));

        assertThat(subjects())
                .containsExactly(
                        "[popbgp] nyc: primary session down (4/0 hold timer expired)",
                        "[popbgp] nyc: primary session, 19 changes, now up");
    }

    @Test
    void a_window_that_ended_while_the_daemon_was_down_is_told_at_the_start() {
        AlertBench bench = durable(Track.Frequency.HOURLY);

        flap(bench);
        bench.restart();
        sent.clear();
        Instant before = bench.now();
        bench.pass(Duration.ofHours(50));
        bench.restart();

        assertThat(subjects()).containsExactly("[popbgp] nyc: primary session, 19 changes, now up");
        assertThat(sent.get(0).created()).isAfter(before);
    }

    @Test
    void events_that_nobody_has_looked_at_before_a_crash_are_told_after_it() {
        AlertBench bench = durable(Track.Frequency.IMMEDIATE);

        bench.events.add(AlertBench.session(bench.now(), "Established", "Idle", "cease"));
        bench.restart();

        assertThat(sent).hasSize(1);
        bench.restart();
        assertThat(sent).hasSize(1);
    }

    @Test
    void events_from_before_the_first_start_are_not_told() {
        AlertBench bench = bench(Track.Frequency.IMMEDIATE);
        bench.events.add(AlertBench.session(bench.now(), "Established", "Idle", "cease"));

        bench.restart();

        assertThat(sent).isEmpty();
    }

    @Test
    void a_server_that_is_down_for_an_hour_gets_all_messages_afterwards_in_order_with_the_ids_they_had() {
        AlertBench bench = durable(Track.Frequency.IMMEDIATE);
        server = message -> Outcome.unreachable("mail.example.net port 587 does not answer");

        flap(bench);
        bench.pass(Duration.ofMinutes(20));
        bench.restart();
        bench.pass(Duration.ofMinutes(35));
        assertThat(bench.status().queued()).isEqualTo(20);
        assertThat(tried.size()).as("one message tries for all").isBetween(8, 30);
        List<String> ids =
                bench.status().waiting().stream().map(AlertsStatus.Waiting::id).toList();

        server = message -> Outcome.delivered("250 OK");
        bench.pass(Outbox.LONGEST_WAIT);
        assertThat(sent).extracting(Message::id).containsExactlyElementsOf(ids);
        assertThat(new HashSet<>(ids)).hasSize(20);
        assertThat(bench.status().queued()).isZero();
        assertThat(bench.alarms).isEmpty();
    }

    @Test
    void one_address_that_fails_does_not_hold_up_the_others() {
        AlertsConfig two = new AlertsConfig(
                Optional.empty(),
                AlertsConfig.NONE.timeZone(),
                Map.of("noc", List.of("full@example.net", NOC)),
                Map.of(),
                false,
                Duration.ofHours(24));
        server = message -> message.recipient().startsWith("full")
                ? Outcome.failed("452 mailbox full")
                : Outcome.delivered("250 OK");
        AlertBench bench = new AlertBench(two, track(Track.Frequency.IMMEDIATE), this::deliver, Optional.empty());

        bench.down("cease");

        assertThat(sent).extracting(Message::recipient).containsExactly(NOC);
        assertThat(bench.status().waiting())
                .singleElement()
                .satisfies(waiting -> assertThat(waiting.error()).isEqualTo("452 mailbox full"));
    }

    @Test
    void what_cannot_be_delivered_in_a_day_is_given_up_with_an_alarm() {
        AlertBench bench = bench(Track.Frequency.IMMEDIATE);
        server = message -> Outcome.unreachable("no answer");

        bench.down("cease");
        bench.up();
        bench.pass(Duration.ofHours(24).minusSeconds(1));
        assertThat(bench.alarms).isEmpty();
        bench.pass(Duration.ofSeconds(1));

        assertThat(bench.status().queued()).isZero();
        assertThat(bench.status().lost()).hasSize(2);
        assertThat(bench.alarms).singleElement().satisfies(alarm -> {
            assertThat(alarm.action()).isEqualTo("Alert lost");
            assertThat(alarm.message())
                    .contains(NOC, "primary session down", "not delivered in time", "no answer", "and 1 more");
            assertThat(alarm.fields()).containsEntry(EventField.EVENT_COUNT, "2");
        });
        assertThat(bench.counters.lost()).isEqualTo(2);
        bench.pass(Duration.ofHours(1));
        assertThat(tried.size()).isBetween(280, 310);
    }

    @Test
    void an_address_that_the_server_refuses_for_good_is_an_alarm_at_once() {
        AlertBench bench = bench(Track.Frequency.IMMEDIATE);
        server = message -> Outcome.refused("550 no such user");

        bench.down("cease");

        assertThat(tried).hasSize(1);
        assertThat(bench.alarms)
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.message()).contains(NOC, "550 no such user"));
    }

    @Test
    void at_a_full_queue_further_messages_are_given_up_with_an_alarm() {
        AlertBench bench = bench(Track.Frequency.IMMEDIATE);
        server = message -> Outcome.unreachable("no answer");

        for (int i = 0; i < Outbox.MAX_QUEUED + 5; i++) {
            bench.events.add(AlertBench.session(bench.now(), "Established", "Idle", "cease"));
        }
        bench.pass(Duration.ofSeconds(1));

        assertThat(bench.status().queued()).isEqualTo(Outbox.MAX_QUEUED);
        assertThat(bench.alarms)
                .isNotEmpty()
                .allSatisfy(alarm -> assertThat(alarm.message()).contains("10000 messages wait already"));
    }

    @Test
    void a_database_that_fails_is_an_alarm_and_stops_no_mail() {
        boolean[] broken = {true};
        AlertBench bench =
                new AlertBench(config(false), track(Track.Frequency.HOURLY), this::deliver, Optional.of(() -> {
                    if (broken[0]) {
                        throw new SQLException("disk full");
                    }
                    return open();
                }));
        bench.down("cease");
        bench.up();
        assertThat(sent).hasSize(1);
        assertThat(bench.status().trouble()).contains("disk full");
        assertThat(bench.alarms).extracting(alarm -> alarm.action()).containsExactly("Alerts not kept");

        broken[0] = false;
        bench.pass(Duration.ofSeconds(30));
        assertThat(bench.status().trouble()).isEmpty();
        bench.restart();
        bench.pass(HOUR);
        assertThat(subjects()).last().isEqualTo("[popbgp] nyc: primary session, 1 change, now up");
    }

    @Test
    void a_track_that_is_removed_ends_its_window_and_another_frequency_tells_what_was_gathered() {
        AlertBench bench = bench(Track.Frequency.WEEKLY);
        bench.down("cease");
        bench.up();

        bench.follow(config(false), track(Track.Frequency.IMMEDIATE));
        assertThat(subjects()).last().isEqualTo("[popbgp] nyc: primary session, 1 change, now up");
        assertThat(bench.status().windows()).isEmpty();

        bench.follow(config(false), Track.OFF);
        bench.down("cease");
        assertThat(sent).hasSize(2);
    }

    @Test
    void a_digest_lists_the_latest_hundred_and_counts_all() {
        AlertBench bench = bench(Track.Frequency.DAILY);
        for (int i = 0; i < 76; i++) {
            bench.down("cease");
            bench.up();
        }
        bench.pass(Duration.ofDays(1));

        String body = sent.get(1).body();
        assertThat(body).contains("151 changes since the last mail; now up.", "51 earlier ones are not listed");
        assertThat(body.lines().filter(line -> line.startsWith("  2026-03-02 10:00:00 +00:00  ")))
                .hasSize(100);
    }
}
