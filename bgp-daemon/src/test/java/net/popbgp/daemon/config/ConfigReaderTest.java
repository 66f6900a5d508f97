package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.AsnRange;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.BgpRole;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.TermPolicy;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.GracefulRestart;
import net.popbgp.speaker.Md5Key;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.PeerFeatures;
import net.popbgp.speaker.RouteRefreshOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {

    private static final String SMALLEST = "local-as: 65001\nrouter-id: 192.0.2.1\n";

    @TempDir
    Path directory;

    private DaemonConfig parse(String text) throws ConfigException {
        return ConfigReader.parse(text, directory, Map.of("KEY", "fromEnvironment1")::get);
    }

    /** {@return the messages of a document that is refused} */
    private List<String> problems(String text) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(text));
        assertThat(refused).as("refused").isNotNull();
        return refused.problems().stream().map(Problem::toString).toList();
    }

    private static String peer(String... lines) {
        return SMALLEST
                + "peers:\n  - name: a\n    address: 10.0.0.2\n    remote-as: 65001\n"
                + String.join(
                        "",
                        Arrays.stream(lines).map(line -> "    " + line + "\n").toList());
    }

    @Test
    void the_smallest_document_gets_the_defaults() throws ConfigException {
        DaemonConfig config = parse(SMALLEST);

        assertThat(config.speaker().localAs()).isEqualTo(Asn.of(65001));
        assertThat(config.speaker().listen()).isEmpty();
        assertThat(config.speaker().honourDrain()).isTrue();
        assertThat(config.api().listen()).isEqualTo(new InetSocketAddress("127.0.0.1", 8179));
        assertThat(config.peers()).isEmpty();
        assertThat(config.warmUp()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void every_key_of_a_peer_reaches_its_configuration() throws Exception {
        Files.writeString(directory.resolve("md5"), "secretFromFile\n");
        String text = """
                local-as: 65001
                router-id: 192.0.2.1
                listen: ["127.0.0.1:1179", "[::1]:0", 127.0.0.2]
                io-threads: 3
                honour-drain: false
                native-transport: false
                warm-up: 0s
                api: {listen: "127.0.0.1:0", allowed-hosts: [pop.example.net]}
                policies:
                  mine: [{name: all, then: accept}]
                peers:
                  - name: a
                    description: the first
                    address: 10.0.0.2
                    port: 1790
                    local-address: 10.0.0.1
                    remote-as: 12076
                    metric: 90
                    md5-key: {file: md5}
                    hold-time: 60s
                    keepalive-time: 20s
                    connect-retry-time: 500ms
                    idle-hold-time: 2s
                    max-idle-hold-time: 5m
                    stable-time: 1h
                    send-hold-time: 10m
                    delay-open-time: 1s
                    advertisement-interval: 5s
                    open-hold-time: 30s
                    extended-messages: true
                    extended-next-hop: true
                    add-path: {receive: true}
                    role: rs-client
                    strict-role: true
                    next-hops: {ipv4: 192.0.2.7, ipv6: "2001:db8::7", link-local: "fe80::7"}
                    required-families: [ipv4-unicast]
                    required-capabilities: [four-octet-as, route-refresh]
                    passive: true
                    enabled: false
                    families: [ipv4-unicast, ipv6-unicast]
                    import-policy: mine
                    export-policy: accept-all
                    prefix-limit:
                      ipv4-unicast: {limit: 1024, warn-percent: 70, action: discard, restart: 2m}
                      ipv6-unicast: {limit: 100}
                    outbound-guard:
                      ipv4-unicast: {limit: 4000}
                    allow-own-as: 1
                    enforce-first-as: false
                    next-hop-self: true
                    ttl-security: 1
                    route-refresh: {enhanced: false, stale-time: 5m}
                    graceful-restart: {restart-time: 60s, forwarding-preserved: true, notifications: false, stale-time: 4m, long-lived: {ipv4-unicast: 1d}}
                """;

        DaemonConfig config = parse(text);

        assertThat(config.speaker().listen())
                .extracting(InetSocketAddress::getPort)
                .containsExactly(1179, 0, 179);
        assertThat(config.speaker().ioThreads()).isEqualTo(3);
        assertThat(config.speaker().honourDrain()).isFalse();
        assertThat(config.speaker().nativeTransport()).isFalse();
        assertThat(config.warmUp()).isZero();
        assertThat(config.api().allowedHosts()).containsExactly("pop.example.net");
        assertThat(config.descriptions()).containsEntry("a", "the first");
        PeerConfig expected = PeerConfig.builder("10.0.0.2", 12076)
                .name("a")
                .remotePort(1790)
                .localAddress("10.0.0.1")
                .metric(90)
                .md5Key(Md5Key.of("secretFromFile"))
                .holdTime(Duration.ofSeconds(60))
                .keepaliveTime(Duration.ofSeconds(20))
                .connectRetryTime(Duration.ofMillis(500))
                .idleHoldTime(Duration.ofSeconds(2), Duration.ofMinutes(5))
                .stableTime(Duration.ofHours(1))
                .sendHoldTime(Duration.ofMinutes(10))
                .delayOpenTime(Duration.ofSeconds(1))
                .advertisementInterval(Duration.ofSeconds(5))
                .openHoldTime(Duration.ofSeconds(30))
                .features(PeerFeatures.DEFAULT
                        .withExtendedMessages(true)
                        .withRequired(new OpenRequirements(Set.of(AddressFamily.IPV4_UNICAST), Set.of(65, 2), false))
                        .withExtendedNextHop(true)
                        .withAddPath(true, 0)
                        .withRole(BgpRole.RS_CLIENT, true))
                .nextHops(new OwnNextHops(
                        Optional.of(IpAddresses.parse("192.0.2.7")),
                        Optional.of(IpAddresses.parse("2001:db8::7")),
                        Optional.of(IpAddresses.parse("fe80::7"))))
                .passive(true)
                .enabled(false)
                .families(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST)
                .importPolicy(((TermPolicy) config.peers().get(0).importPolicy().orElseThrow()))
                .exportPolicy(RoutePolicy.ACCEPT_ALL)
                .prefixLimit(
                        AddressFamily.IPV4_UNICAST,
                        new PrefixLimit(1024, 70, PrefixLimit.Action.DISCARD, Duration.ofMinutes(2)))
                .prefixLimit(AddressFamily.IPV6_UNICAST, PrefixLimit.tearDown(100))
                .outboundGuard(AddressFamily.IPV4_UNICAST, OutboundGuard.of(4000))
                .allowOwnAs(1)
                .enforceFirstAs(false)
                .nextHopSelf(true)
                .ttlSecurity(1)
                .routeRefresh(new RouteRefreshOptions(false, Duration.ofMinutes(5)))
                .gracefulRestart(new GracefulRestart(
                        true,
                        Duration.ofMinutes(1),
                        true,
                        false,
                        Duration.ofMinutes(4),
                        Map.of(AddressFamily.IPV4_UNICAST, Duration.ofDays(1))))
                .build();
        assertThat(config.peers()).containsExactly(expected);
    }

    @Test
    void all_problems_of_a_document_are_reported_with_path_and_line() {
        String text = """
                local-as: 23456
                router-id: 0.0.0.0
                listen: ["1.2.3.4:99999"]
                prefix-lists:
                  mine: [10.0.0.1/8, "10.0.0.0/8 ge 7"]
                policies:
                  accept-all: []
                  in:
                    - name: one
                      match: {prefix-list: mien, as-path: "(1"}
                      then: maybe
                    - match: {any-community: ["1:2:3:4"]}
                      set: {local-pref: -1}
                      then: reject
                peers:
                  - name: a
                    adress: 10.0.0.2
                    remote-as: 0
                    hold-time: 2s
                    keepalive-time: 20
                    metric: 65536
                    md5-key: opensesame
                    families: []
                    import-policy: inn
                  - name: b
                    address: 10.0.0.3
                    remote-as: 65001
                    md5-key: {env: NOT_SET}
                    prefix-limit: {ipv4-unicast: {warn-percent: 101, action: explode}}
                  - name: b
                    address: 10.0.0.4
                    remote-as: 65001
                    keepalive-time: 60s
                circuit-groups:
                  - {name: g, primary: c}
                announce:
                  - prefixes: [10.0.0.0/33]
                    communities: ["65000:*"]
                colour: blue
                """;

        assertThat(problems(text))
                .containsExactly(
                        "line 1: local-as: 23456 is reserved (RFC 6793)",
                        "line 2: router-id: 0.0.0.0 is no BGP Identifier",
                        "line 3: listen[0]: out of range 0..65535: 99999",
                        "line 5: prefix-lists.mine[0]: host bits are set in '10.0.0.1/8'; the prefix would be"
                                + " 10.0.0.0/8",
                        "line 5: prefix-lists.mine[1]: for 10.0.0.0/8 it must be that 8 <= ge <= le <= 32: ge 7, le"
                                + " 32",
                        "line 7: policies.accept-all: 'accept-all' is built in",
                        "line 10: policies.in[0].match.prefix-list: there is no prefix list named 'mien', did you"
                                + " mean 'mine'?",
                        "line 10: policies.in[0].match.as-path: not an AS_PATH expression: '(1': ')' is missing",
                        "line 11: policies.in[0].then: not one of accept, reject, next: 'maybe'",
                        "line 12: policies.in[1]: 'name' is missing",
                        "line 12: policies.in[1].match.any-community[0]: not a community (asn:value or a well-known"
                                + " name): '1:2:3:4'",
                        "line 13: policies.in[1].set.local-pref: out of range 0..4294967295: -1",
                        "line 13: policies.in[1].set: a term that rejects changes nothing",
                        "line 16: peers[0]: 'address' is missing",
                        "line 17: peers[0].adress: unknown key 'adress', did you mean 'address'?",
                        "line 18: peers[0].remote-as: out of range 1..4294967295: 0",
                        "line 19: peers[0].hold-time: a hold time is 0 or 3s..65535s (RFC 4271, 4.2): '2s'",
                        "line 20: peers[0].keepalive-time: not a time with a unit (500ms, 90s, 2m, 1h): '20', did"
                                + " you mean '20s'?",
                        "line 21: peers[0].metric: out of range 0..65535: 65536",
                        "line 22: peers[0].md5-key: a secret does not belong into this file: write {file: PATH} or"
                                + " {env: NAME}",
                        "line 23: peers[0].families: at least one address family is needed",
                        "line 24: peers[0].import-policy: there is no policy named 'inn', did you mean 'in'?",
                        "line 28: peers[1].md5-key: the environment variable is not set: NOT_SET",
                        "line 29: peers[1].prefix-limit.ipv4-unicast: 'limit' is missing",
                        "line 29: peers[1].prefix-limit.ipv4-unicast.warn-percent: out of range 1..100: 101",
                        "line 29: peers[1].prefix-limit.ipv4-unicast.action: not one of warn, discard, tear-down:"
                                + " 'explode'",
                        "line 30: peers[2]: keepalive time must be at most a third of the hold time of 90 s: PT1M",
                        "line 35: circuit-groups[0].primary: there is no (valid) peer named 'c'",
                        "line 35: circuit-groups[0]: 'secondary' is missing",
                        "line 37: announce[0].prefixes[0]: prefix length out of range 0..32: '10.0.0.0/33'",
                        "line 38: announce[0].communities: a pattern with * cannot be added: [65000:*]",
                        "line 39: colour: unknown key 'colour'");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "families: [ipv4-unicast, ipv6-unicast] | ipv6-unicast over IPv4 needs an IPv6 address of ours",
                "next-hops: {ipv6: 10.0.0.1}             | not a global IPv6 address: 10.0.0.1",
                "add-path: {send: 17}                    | send: out of range 0..16: 17",
                "strict-role: true                       | 'strict-role' needs a 'role'",
                "role: boss                              | not one of provider, rs, rs-client, customer, peer: 'boss'",
                "required-capabilities: [telepathy]      | not the name of a capability",
                "required-families: [ipv6-unicast]       | family ipv6-unicast is required of the peer but not offered"
            })
    void an_option_that_cannot_work_is_refused(String line, String message) {
        assertThat(problems(peer(line))).anyMatch(problem -> problem.contains(message));
    }

    @Test
    void the_best_paths_are_sent_and_a_guard_that_counts_prefixes_is_not_for_them() throws ConfigException {
        String sends = "add-path: {send: 4}";

        assertThat(parse(peer(sends)).peers().get(0).features().addPathSend()).isEqualTo(4);
        assertThat(parse(peer("add-path: {send: all}"))
                        .peers()
                        .get(0)
                        .features()
                        .addPathSend())
                .isEqualTo(16);
        assertThat(problems(peer(sends + "\n    outbound-guard: {ipv4-unicast: {limit: 10}}")))
                .anyMatch(problem -> problem.contains("cannot bound the 4 paths of each"));
    }

    private static String range(String lines) {
        return "local-as: 65000\nrouter-id: 10.0.0.1\ndynamic-peers:\n  - " + lines.replace("\n", "\n    ");
    }

    @Test
    void dynamic_peers_have_a_prefix_a_limit_and_everything_else_of_a_peer() throws ConfigException {
        DynamicPeersConfig range = parse(range("""
                        name: branches
                        prefix: 10.1.0.0/16
                        remote-as: [65001, 65010-65020]
                        limit: 100
                        remove-after: 1m
                        hold-time: 30s
                        import-policy: accept-all
                        """)).dynamicPeers().get(0);

        assertThat(range.range()).isEqualTo(Prefix.of("10.1.0.0/16"));
        assertThat(range.remoteAs()).extracting(AsnRange::toString).containsExactly("65001", "65010-65020");
        assertThat(range.limit()).isEqualTo(100);
        assertThat(range.removeAfter()).isEqualTo(Duration.ofMinutes(1));
        assertThat(range.template().holdTime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(range.template().passive()).isTrue();
    }

    @Test
    void what_dynamic_peers_lack_is_named() {
        assertThat(problems(range("name: branches\nremote-as: [65010-65001]\nlimit: 0")))
                .anyMatch(problem -> problem.contains("'prefix' is missing"))
                .anyMatch(problem -> problem.contains("the first AS number is greater than the last: 65010-65001"))
                .anyMatch(problem -> problem.contains("limit: out of range 1..4096: 0"));
    }

    @Test
    void a_configured_peer_without_a_key_in_a_range_with_one_is_warned_of() throws ConfigException {
        DaemonConfig config = parse(range("""
                        name: branches
                        prefix: 10.0.0.0/16
                        remote-as: [65001]
                        limit: 9
                        md5-key: {env: KEY}
                        import-policy: accept-all
                        export-policy: accept-all
                        """)
                + "\npeers:\n  - {name: a, address: 10.0.0.9, remote-as: 65001, import-policy: accept-all,"
                + " export-policy: accept-all}\n");

        assertThat(config.warnings())
                .anyMatch(each -> each.message().contains("peer 'a' (10.0.0.9) has no md5-key of its own"));
    }

    @Test
    void a_plain_key_is_never_repeated_in_a_message() {
        assertThat(problems(peer("md5-key: opensesame"))).noneMatch(message -> message.contains("opensesame"));
    }

    @Test
    void a_key_comes_from_the_environment() throws ConfigException {
        assertThat(parse(peer("md5-key: {env: KEY}")).peers().get(0).md5Key()).contains(Md5Key.of("fromEnvironment1"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{file: missing}          | the key file cannot be read",
                "{file: empty}            | an MD5 key has 1..80 octets",
                "{file: long}             | longer than 1024 octets",
                "{env: KEY, file: a}      | exactly one of",
                "{}                       | exactly one of",
                "{fiel: a}                | did you mean 'file'?",
                "[a]                      | does not belong into this file",
            })
    void a_wrong_key_reference_is_refused(String value, String message) throws IOException {
        Files.writeString(directory.resolve("empty"), "\n");
        Files.writeString(directory.resolve("long"), "x".repeat(1025));

        assertThat(problems(peer("md5-key: " + value))).anyMatch(problem -> problem.contains(message));
    }

    @ParameterizedTest(name = "[{0}]: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                    | the document is empty",
                "[1, 2]                  | keys and values are expected here, not a list",
                "word                    | keys and values are expected here, not a single value",
                "\"a: [\"                | not YAML",
                "\"a: &a [*a\"           | not YAML",
                "\"local-as:\"           | line 1: local-as: a value is missing",
                "local-as: [1]           | line 1: local-as: one value is expected here, not a list",
                "peers: {a: b}           | line 1: peers: a list is expected here, not keys",
            })
    void what_is_not_a_document_is_refused(String text, String message) {
        assertThat(problems(text)).anyMatch(problem -> problem.contains(message));
    }

    @Test
    void a_key_given_twice_is_refused() {
        assertThat(problems(SMALLEST + "local-as: 65002\n"))
                .containsExactly("line 3: local-as: this key is given twice");
    }

    @Test
    void merged_keys_are_overridden_by_those_given() throws ConfigException {
        String text = SMALLEST + """
                x-defaults: &defaults {remote-as: 65001, hold-time: 30s, metric: 10}
                peers:
                  - <<: *defaults
                    name: a
                    address: 10.0.0.2
                    metric: 20
                """;

        PeerConfig peer = parse(text).peers().get(0);

        assertThat(peer.holdTime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(peer.metric()).isEqualTo(20);
        assertThat(parse(text).document().at("/peers/0/metric").asInt()).isEqualTo(20);
        assertThat(parse(text).document().at("/peers/0/hold-time").asText()).isEqualTo("30s");
    }

    @Test
    void unquoted_communities_are_not_taken_for_numbers_to_the_base_of_60() throws ConfigException {
        DaemonConfig config =
                parse(SMALLEST + "announce: [{prefixes: [10.0.0.0/8], communities: [12076:50, 1:2:3]}]\n");

        var attributes = Objects.requireNonNull(config.announcements().get(Prefix.of("10.0.0.0/8")));
        assertThat(attributes.communities()).containsExactly(Community.of("12076:50"));
        assertThat(attributes.largeCommunities()).containsExactly(LargeCommunity.of("1:2:3"));
        assertThat(config.document().at("/announce/0/communities/0").asText()).isEqualTo("12076:50");
    }

    @Test
    void doubtful_peers_are_warned_about_but_taken() throws ConfigException {
        String text = SMALLEST + """
                peers:
                  - {name: a, address: 10.0.0.2, remote-as: 12076, metric: 100, hold-time: 9s, md5-key: {env: ODD}}
                  - {name: b, address: 10.0.0.3, remote-as: 12076, metric: 90, import-policy: accept-all, export-policy: accept-all}
                circuit-groups:
                  - {name: g, primary: a, secondary: b}
                """;

        DaemonConfig config = ConfigReader.parse(text, directory, name -> "not-alphanumeric");

        assertThat(config.warnings())
                .extracting(Problem::path, Problem::message)
                .containsExactly(
                        tuple("peers[0]", "no import-policy: every route of this external peer is rejected (RFC 8212)"),
                        tuple("peers[0]", "no export-policy: nothing is advertised to this external peer (RFC 8212)"),
                        tuple("peers[0].hold-time", "Azure documents 10 s as its shortest hold time, this is 9 s"),
                        tuple("peers[0].md5-key", "Azure takes keys of 1..25 letters and digits only"),
                        tuple(
                                "circuit-groups[0]",
                                "the primary's metric 100 is worse than the secondary's 90: lower wins, so the"
                                        + " secondary will be active"));
    }

    @Test
    void the_example_of_the_documentation_is_fine() throws ConfigException {
        DaemonConfig config = ConfigReader.read(Path.of("../docs/examples/popbgp.yaml"));

        assertThat(config.warnings()).isEmpty();
        assertThat(config.peers()).extracting(PeerConfig::metric).containsExactly(90, 100);
        assertThat(config.circuitGroups()).hasSize(1);
        assertThat(config.announcements()).hasSize(3);
    }

    @Test
    void a_file_that_cannot_be_read_is_a_problem_like_any_other() {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(directory.resolve("none.yaml")));

        assertThat(refused.problems()).hasSize(1);
        assertThat(refused).hasMessageContaining("cannot be read");
    }

    @Test
    void json_is_read_too() throws ConfigException {
        assertThat(parse("{\"local-as\": 65001, \"router-id\": \"192.0.2.1\"}")
                        .speaker()
                        .localAs())
                .isEqualTo(Asn.of(65001));
    }
}
