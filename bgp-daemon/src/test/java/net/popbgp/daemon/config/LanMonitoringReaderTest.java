package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.net.InetAddress;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.site.ActiveTimes;
import net.popbgp.daemon.site.LanMonitoring;
import net.popbgp.daemon.site.LanRule;
import net.popbgp.daemon.site.TestSites;
import net.popbgp.daemon.site.Track;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

class LanMonitoringReaderTest {

    private static final InetAddress PRIMARY = IpAddresses.parse("169.254.10.2");
    private static final Track TOLD = new Track(Track.Frequency.DAILY, List.of("noc"), List.of());

    private final Problems problems = new Problems();

    private LanMonitoring read(String text) {
        ConfigNode node = new ConfigNode(new Yaml(new LoaderOptions()).compose(new StringReader(text)), "", problems);
        return LanMonitoringReader.read(
                node.section().orElseThrow(), PRIMARY, section -> section.isPresent() ? TOLD : Track.OFF);
    }

    private List<String> problems(String text) {
        read(text);
        return problems.inOrder().stream().map(Problem::toString).toList();
    }

    @Test
    void without_the_section_nothing_is_probed_and_with_it_the_primary_circuit() {
        assertThat(read("name: x\n")).isEqualTo(LanMonitoring.OFF);
        assertThat(read("lan-monitoring: {}\n").rules())
                .containsExactly(
                        new LanRule(LanRule.PRIMARY, PRIMARY, Duration.ofSeconds(10), 3, Optional.empty(), Track.OFF));
        assertThat(problems.inOrder()).isEmpty();
    }

    @Test
    void hosts_have_what_the_section_says_unless_they_say_otherwise() {
        LanMonitoring monitoring = read("""
                lan-monitoring:
                  interval: 5s
                  fault-threshold: 4
                  track: {frequency: daily, mailing-lists: [noc]}
                  primary-circuit: {interval: 1s}
                  hosts:
                    - {name: dns, address: 10.20.0.4}
                    - name: backup
                      address: 10.20.7.9
                      interval: 1m
                      fault-threshold: 10
                      schedule: {days: [fri-mon, wed], hours: 22:00-06:00, time-zone: Europe/Berlin}
                """);

        assertThat(problems.inOrder()).isEmpty();
        ActiveTimes nights = new ActiveTimes(
                EnumSet.of(
                        DayOfWeek.FRIDAY, DayOfWeek.SATURDAY, DayOfWeek.SUNDAY, DayOfWeek.MONDAY, DayOfWeek.WEDNESDAY),
                LocalTime.of(22, 0),
                LocalTime.of(6, 0),
                ZoneId.of("Europe/Berlin"));
        assertThat(monitoring.rules())
                .containsExactly(
                        new LanRule(LanRule.PRIMARY, PRIMARY, Duration.ofSeconds(1), 4, Optional.empty(), TOLD),
                        new LanRule(
                                "dns",
                                IpAddresses.parse("10.20.0.4"),
                                Duration.ofSeconds(5),
                                4,
                                Optional.empty(),
                                TOLD),
                        new LanRule(
                                "backup",
                                IpAddresses.parse("10.20.7.9"),
                                Duration.ofMinutes(1),
                                10,
                                Optional.of(nights),
                                TOLD));
        assertThat(monitoring.rate()).isCloseTo(1 + 0.2 + 1 / 60.0, within(1e-9));
    }

    @Test
    void the_primary_circuit_can_be_left_out() {
        assertThat(read("lan-monitoring: {primary-circuit: false, hosts: [{name: a, address: 10.0.0.1}]}\n")
                        .rules())
                .extracting(LanRule::name)
                .containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "interval: 500ms | an interval is 1s..1h: '500ms'",
                "fault-threshold: 0 | out of range 1..100: 0",
                "hosts: [{name: a}] | 'address' is missing",
                "hosts: [{name: a, address: 224.0.0.1}] | not the address of a host: '224.0.0.1'",
                "hosts: [{name: primary-circuit, address: 10.0.0.1}] | another target of this site is named 'primary-circuit'",
                "schedule: {days: [monday]} | not a day as mon, or days as mon-fri: 'monday'",
                "schedule: {days: []} | a schedule has at least one of the days",
                "schedule: {hours: 8-18} | not hours as 08:00-18:30: '8-18'",
                "schedule: {time-zone: Mars} | not a time zone as Europe/Berlin",
                "primary-circuit: false | nothing is probed",
                "intervall: 5s | did you mean 'interval'?"
            })
    void what_is_wrong_is_told_with_its_place(String text, String problem) {
        assertThat(problems("lan-monitoring: {" + text + "}\n"))
                .singleElement()
                .asString()
                .startsWith("line 1: lan-monitoring")
                .contains(problem);
    }

    @Test
    void more_than_fifty_hosts_are_refused() {
        String hosts = IntStream.range(0, 51)
                .mapToObj(i -> "{name: h" + i + ", address: 10.0.0." + i + "}")
                .collect(Collectors.joining(", "));

        assertThat(problems("lan-monitoring: {hosts: [" + hosts + "]}\n"))
                .containsExactly("line 1: lan-monitoring.hosts: a site has at most 50 monitored hosts, not 51");
    }

    @Test
    void more_probes_than_a_machine_can_start_are_refused() {
        LanRule rule = new LanRule("a", PRIMARY, Duration.ofSeconds(1), 3, Optional.empty(), Track.OFF);
        ConfigNode node =
                new ConfigNode(new Yaml(new LoaderOptions()).compose(new StringReader("sites: []")), "", problems);
        Section root = node.section().orElseThrow();
        LanMonitoringReader.checkRate(root, Collections.nCopies(50, TestSites.watched("x", Track.OFF, rule)));
        assertThat(problems.inOrder()).isEmpty();

        LanMonitoringReader.checkRate(root, Collections.nCopies(51, TestSites.watched("x", Track.OFF, rule)));
        assertThat(problems.inOrder())
                .extracting(Problem::toString)
                .containsExactly(
                        "line 1: sites: the monitored hosts of all sites take 51 probes a second, at most 50 are"
                                + " possible: probe fewer hosts, or at longer intervals");
    }
}
