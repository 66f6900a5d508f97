package net.popbgp.daemon.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.site.ActiveTimes;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.LanRule;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.TestSites;
import net.popbgp.daemon.site.Track;
import org.junit.jupiter.api.Test;

/** Thresholds, pauses and schedules on a clock that the test moves; hosts answer or not as it says. */
class LanTargetsTest {

    private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");
    private static final String PRIMARY = "169.254.10.2";
    private static final String DNS = "10.20.0.4";

    private final Set<String> dead = new HashSet<>();
    private final List<String> probes = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final ProbeCounters counters = new ProbeCounters();
    private Optional<CircuitRole> active = Optional.of(CircuitRole.PRIMARY);
    private Optional<String> hindrance = Optional.empty();
    private Executor executor = Runnable::run;
    private Instant now = MONDAY;
    private LanTargets targets = targets();

    private LanTargets targets() {
        return new LanTargets(
                task -> executor.execute(task), this::probe, site -> active, events::add, counters, () -> {});
    }

    private EchoResult probe(InetAddress source, InetAddress target, Duration timeout) {
        probes.add(source.getHostAddress() + ">" + target.getHostAddress());
        if (hindrance.isPresent()) {
            return EchoResult.impossible(hindrance.get());
        }
        return dead.contains(target.getHostAddress()) ? EchoResult.silence() : EchoResult.reply(Duration.ofMillis(7));
    }

    private static LanRule rule(String name, String address, ActiveTimes... schedule) {
        return new LanRule(
                name,
                IpAddresses.parse(address),
                Duration.ofSeconds(5),
                3,
                List.of(schedule).stream().findFirst(),
                Track.OFF);
    }

    private void follow(LanRule... rules) {
        SiteConfig site = TestSites.watched("nyc", Track.OFF, rules);
        targets.follow(List.of(site), now);
    }

    /** Moves the clock; every turn is taken at its time, and twice, as a probe that ends wakes the thread. */
    private void pass(Duration time) {
        Instant end = now.plus(time);
        for (Instant next = turn(); !next.isAfter(end); next = turn()) {
            now = next;
        }
        now = end;
    }

    private Instant turn() {
        targets.run(now);
        return targets.run(now);
    }

    private List<String> actions() {
        return events.stream().map(Event::action).toList();
    }

    @Test
    void an_outage_of_nine_seconds_is_not_told_and_one_of_sixteen_is_at_the_third_miss() { // S43
        follow(rule(LanRule.PRIMARY, PRIMARY));
        pass(Duration.ofSeconds(31));

        dead.add(PRIMARY);
        pass(Duration.ofSeconds(9));
        dead.clear();
        pass(Duration.ofSeconds(20));
        assertThat(events).isEmpty();

        dead.add(PRIMARY);
        pass(Duration.ofSeconds(14)); // probes at 60 + 5, 10; the third comes at 75
        assertThat(targets.status().get(0).misses()).isEqualTo(2);
        assertThat(events).isEmpty();
        pass(Duration.ofSeconds(2));
        assertThat(actions()).containsExactly(LanRule.UNREACHABLE);
        assertThat(events.get(0).time()).isEqualTo(MONDAY.plusSeconds(75));
        pass(Duration.ofMinutes(1));
        assertThat(events).as("told once").hasSize(1);

        dead.clear();
        pass(Duration.ofSeconds(5));
        assertThat(actions()).containsExactly(LanRule.UNREACHABLE, LanRule.REACHABLE);
        assertThat(events.get(1).message())
                .isEqualTo("primary-circuit (169.254.10.2) of site nyc answers again, after 65 s");
        assertThat(probes).doesNotContain("169.254.20.1>169.254.20.2");
    }

    @Test
    void the_event_says_which_host_and_rule_it_is_about() {
        follow(rule("dns", DNS));
        dead.add(DNS);
        pass(Duration.ofSeconds(12));

        Event event = events.get(0);
        assertThat(event.subType()).isEqualTo(EventSubType.LAN_MONITORING);
        assertThat(event.message())
                .isEqualTo("dns (10.20.0.4) of site nyc does not answer: 3 probes in a row were lost");
        assertThat(event.fields())
                .containsEntry(EventField.HOST_IP, DNS)
                .containsEntry(EventField.RULE_NAME, "dns")
                .containsEntry(EventField.SRC_SITE_NAME, "nyc")
                .containsEntry(EventField.POP_NAME, "New York");
    }

    @Test
    void nothing_is_probed_or_told_while_the_site_is_disconnected() { // S13, 3.5
        follow(rule(LanRule.PRIMARY, PRIMARY), rule("dns", DNS));
        pass(Duration.ofSeconds(20));
        dead.add(PRIMARY);
        dead.add(DNS);
        pass(Duration.ofSeconds(8));
        active = Optional.empty();
        probes.clear();
        pass(Duration.ofMinutes(10));

        assertThat(probes).isEmpty();
        assertThat(events).isEmpty();
        assertThat(targets.status()).allSatisfy(status -> {
            assertThat(status.pause()).isEqualTo(LanStatus.Pause.DISCONNECTED);
            assertThat(status.misses()).isZero();
        });

        active = Optional.of(CircuitRole.SECONDARY);
        pass(Duration.ofSeconds(10));
        assertThat(events).as("what was lost before does not count").isEmpty();
        pass(Duration.ofSeconds(10));
        assertThat(actions()).containsExactly(LanRule.UNREACHABLE, LanRule.UNREACHABLE);
    }

    @Test
    void with_the_primary_down_its_remote_address_is_still_asked_over_it_and_hosts_over_the_secondary() { // A18
        follow(rule(LanRule.PRIMARY, PRIMARY), rule("dns", DNS));
        pass(Duration.ofSeconds(10));
        assertThat(probes).contains("169.254.10.1>169.254.10.2", "169.254.10.1>10.20.0.4");

        active = Optional.of(CircuitRole.SECONDARY);
        dead.add(PRIMARY);
        probes.clear();
        pass(Duration.ofSeconds(20));

        assertThat(new HashSet<>(probes))
                .containsExactlyInAnyOrder("169.254.10.1>169.254.10.2", "169.254.20.1>10.20.0.4");
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.fields())
                        .containsEntry(EventField.RULE_NAME, LanRule.PRIMARY)
                        .containsEntry(EventField.CIRCUIT, "primary"));
    }

    @Test
    void outside_of_its_schedule_a_host_is_not_probed() {
        ActiveTimes hours = new ActiveTimes(
                Set.of(DayOfWeek.MONDAY), LocalTime.of(8, 0), LocalTime.of(11, 30), ZoneId.of("Europe/Berlin"));
        follow(rule("dns", DNS, hours));
        pass(Duration.ofMinutes(29)); // 11:29 in Berlin
        assertThat(probes).isNotEmpty();

        pass(Duration.ofMinutes(2));
        probes.clear();
        dead.add(DNS);
        pass(Duration.ofHours(24));
        assertThat(probes).isEmpty();
        assertThat(targets.status().get(0).pause()).isEqualTo(LanStatus.Pause.SCHEDULE);
        assertThat(events).isEmpty();
        pass(Duration.ofDays(6));
        assertThat(probes).isNotEmpty();
        assertThat(actions()).containsExactly(LanRule.UNREACHABLE);
    }

    @Test
    void hours_may_go_over_midnight() {
        ActiveTimes night =
                new ActiveTimes(Set.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("UTC"));

        assertThat(night.contains(Instant.parse("2026-03-06T21:59:59Z"))).isFalse();
        assertThat(night.contains(Instant.parse("2026-03-06T22:00:00Z"))).isTrue();
        assertThat(night.contains(Instant.parse("2026-03-07T05:59:59Z"))).isTrue();
        assertThat(night.contains(Instant.parse("2026-03-07T06:00:00Z"))).isFalse();
        assertThat(night.contains(Instant.parse("2026-03-07T22:00:00Z"))).isFalse();
    }

    @Test
    void probes_that_cannot_be_made_are_told_once_and_count_as_nothing() {
        follow(rule("dns", DNS));
        hindrance = Optional.of("the program ping of iputils is not installed");
        pass(Duration.ofMinutes(5));

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.subType()).isEqualTo(EventSubType.SYSTEM);
            assertThat(event.message()).contains("not installed");
        });
        assertThat(targets.status().get(0).state()).isEqualTo(LanStatus.State.UNKNOWN);
        assertThat(targets.status().get(0).detail()).contains("not installed");
    }

    @Test
    void a_probe_that_has_not_ended_when_the_next_is_due_costs_that_one_its_turn() {
        Deque<Runnable> stuck = new ArrayDeque<>();
        executor = stuck::add;
        follow(rule("dns", DNS));
        pass(Duration.ofSeconds(21));

        assertThat(stuck).hasSize(1);
        assertThat(targets.status().get(0).skipped()).isEqualTo(4);

        executor = Runnable::run;
        stuck.remove().run();
        pass(Duration.ofSeconds(5));
        assertThat(targets.status().get(0).answered()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void many_hosts_are_spread_over_the_interval_and_a_reload_keeps_what_is_known() {
        LanRule[] rules = new LanRule[50];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = rule("host-" + i, "10.20.1." + i);
        }
        follow(rules);
        targets.run(now);
        assertThat(probes).hasSize(1);
        pass(Duration.ofMillis(1001));
        assertThat(probes).hasSize(11);
        pass(Duration.ofSeconds(4));

        follow(rules[0], rules[1], rule("new", "10.20.2.1"));
        assertThat(targets.status())
                .extracting(LanStatus::state)
                .containsExactly(LanStatus.State.REACHABLE, LanStatus.State.REACHABLE, LanStatus.State.UNKNOWN);
    }
}
