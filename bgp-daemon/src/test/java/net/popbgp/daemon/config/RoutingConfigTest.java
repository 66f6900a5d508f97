package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.Aggregate;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.RouteActions;
import net.popbgp.speaker.ReconfigureImpact;
import org.junit.jupiter.api.Test;

/** The keys that say how routes go to and come from peers. */
class RoutingConfigTest {

    private static final String SPEAKER = "local-as: 65001\nrouter-id: 192.0.2.1\n";

    private static DaemonConfig parse(String text) throws ConfigException {
        return ConfigReader.parse(text, Path.of("/"), name -> null);
    }

    private static List<String> problems(String text) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(text));
        assertThat(refused).as("refused").isNotNull();
        return refused.problems().stream().map(Problem::message).toList();
    }

    private static String peer(int as, String... lines) {
        StringBuilder text = new StringBuilder(SPEAKER)
                .append("peers:\n  - {name: a, address: 10.0.0.2, remote-as: ")
                .append(as)
                .append(", import-policy: accept-all, export-policy: accept-all");
        Arrays.asList(lines).forEach(line -> text.append(", ").append(line));
        return text.append("}\n").toString();
    }

    private static PeerRouting routing(String text) throws ConfigException {
        return parse(text).peers().get(0).routing();
    }

    private static Map<String, ReconfigureImpact> impacts(String from, String to) throws ConfigException {
        ConfigDiff diff = ConfigDiff.between(parse(from), parse(to));
        assertThat(diff.needsRestart()).isEmpty();
        return diff.changed().entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(each -> each.getKey().name(), Map.Entry::getValue));
    }

    @Test
    void an_internal_peer_becomes_a_client_without_losing_its_session() throws ConfigException {
        assertThat(routing(peer(65001, "reflector-client: true")))
                .isEqualTo(PeerRouting.DEFAULT.withReflectorClient(true));
        assertThat(impacts(peer(65001), peer(65001, "reflector-client: true")))
                .isEqualTo(Map.of("a", ReconfigureImpact.SOFT));
    }

    @Test
    void a_drain_is_configured_without_losing_the_session() throws ConfigException {
        String drained = peer(65002, "graceful-shutdown: true", "drain-prepend: 3");
        assertThat(routing(drained))
                .isEqualTo(PeerRouting.DEFAULT.withGracefulShutdown(true).withDrainPrepend(3));
        assertThat(impacts(peer(65002), drained)).isEqualTo(Map.of("a", ReconfigureImpact.SOFT));
        assertThat(problems(peer(65002, "drain-prepend: 51"))).hasSize(1);
    }

    @Test
    void an_external_peer_cannot_be_a_client() {
        assertThat(problems(peer(65002, "reflector-client: true")))
                .containsExactly("only an internal peer can be a client (RFC 4456)");
    }

    @Test
    void next_hops_are_given_with_a_cost_or_as_unreachable() throws ConfigException {
        String text = SPEAKER
                + "next-hops: [{prefix: 192.0.2.0/24, cost: 10}, {prefix: \"2001:db8::/32\", unreachable: true}]\n";
        assertThat(parse(text).routing().nextHops())
                .isEqualTo(NextHopTable.EMPTY
                        .with(Prefix.of("192.0.2.0/24"), 10)
                        .with(Prefix.of("2001:db8::/32"), NextHopTable.UNREACHABLE));
    }

    @Test
    void a_next_hop_needs_a_prefix_and_one_of_cost_and_unreachable_and_is_given_once() {
        assertThat(problems(SPEAKER + "next-hops: [{cost: 1}, {prefix: 192.0.2.0/24},"
                        + " {prefix: 192.0.2.0/24, cost: 1, unreachable: true},"
                        + " {prefix: 10.0.0.0/8, cost: -1}, {prefix: 10.0.0.0/8, cost: 1},"
                        + " {prefix: 10.0.0.0/8, cost: 2}]\n"))
                .anyMatch(message -> message.contains("'prefix' is missing"))
                .anyMatch(message -> message.contains("one of 'cost' and 'unreachable: true' is needed"))
                .anyMatch(message -> message.contains("-1"))
                .anyMatch(message -> message.contains("10.0.0.0/8 is given twice"))
                .hasSize(5);
    }

    @Test
    void aggregates_are_given_once_with_what_is_set_on_them() throws ConfigException {
        DaemonConfig config = parse(SPEAKER
                + "aggregates: [{prefix: 10.0.0.0/8}, {prefix: \"2001:db8::/32\", summary-only: true, ignore-med: true,"
                + " set: {add-communities: [no-export]}}]\n");
        assertThat(config.routing().aggregates())
                .containsExactly(
                        Aggregate.of(Prefix.of("10.0.0.0/8")),
                        Aggregate.of(Prefix.of("2001:db8::/32"))
                                .withSummaryOnly(true)
                                .withIgnoreMed(true)
                                .withSet(RouteActions.builder()
                                        .addCommunities(List.of(Community.NO_EXPORT))
                                        .build()));
        assertThat(
                        problems(
                                SPEAKER
                                        + "aggregates: [{summary-only: x}, {prefix: 10.0.0.0/8}, {prefix: 10.0.0.0/8, sumary-only: true}]\n"))
                .anyMatch(message -> message.contains("'prefix' is missing"))
                .anyMatch(message -> message.contains("not true or false"))
                .anyMatch(message -> message.contains("10.0.0.0/8 is aggregated twice"))
                .anyMatch(message -> message.contains("did you mean 'summary-only'?"));
        assertThat(routing(peer(65002, "more-specifics: true")).moreSpecifics()).isTrue();
        assertThat(routing(peer(65002, "export-blackholes: true")).exportBlackholes())
                .isTrue();
    }

    @Test
    void multipath_is_off_unless_paths_are_given_and_changes_live() throws ConfigException {
        assertThat(parse(SPEAKER).routing().multipath()).isEqualTo(Multipath.OFF);
        DaemonConfig four = parse(SPEAKER + "multipath: {paths: 4}\n");
        assertThat(four.routing().multipath()).isEqualTo(new Multipath(4, Multipath.AsPathMatch.SAME));
        assertThat(parse(SPEAKER + "multipath: {paths: 8, as-path: length}\n")
                        .routing()
                        .multipath())
                .isEqualTo(new Multipath(8, Multipath.AsPathMatch.LENGTH));
        assertThat(ConfigDiff.between(parse(SPEAKER), four).needsRestart()).isEmpty();
        assertThat(problems(SPEAKER + "multipath: {paths: 9, as-path: any, ecmp: true}\n"))
                .anyMatch(message -> message.contains("out of range 1..8: 9"))
                .anyMatch(message -> message.contains("not one of same, length: 'any'"))
                .anyMatch(message -> message.contains("ecmp"))
                .hasSize(3);
        assertThat(problems(SPEAKER + "multipath: {as-path: length}\n"))
                .anyMatch(message -> message.contains("'paths' is missing"));
    }

    @Test
    void the_cluster_id_is_the_router_id_unless_it_is_given_and_needs_a_restart() throws ConfigException {
        assertThat(parse(SPEAKER).speaker().clusterId()).isEqualTo(RouterId.of("192.0.2.1"));
        DaemonConfig other = parse(SPEAKER + "cluster-id: 10.9.9.9\n");
        assertThat(other.speaker().clusterId()).isEqualTo(RouterId.of("10.9.9.9"));
        assertThat(ConfigDiff.between(parse(SPEAKER), other).needsRestart())
                .extracting(Problem::path)
                .containsExactly("cluster-id");
    }
}
