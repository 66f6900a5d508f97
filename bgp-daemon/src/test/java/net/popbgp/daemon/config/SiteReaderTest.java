package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.daemon.site.Advertise;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.Neighbor;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.Sku;
import net.popbgp.daemon.site.SummaryRoute;
import net.popbgp.daemon.site.Track;
import net.popbgp.daemon.site.Vlan;
import net.popbgp.sim.SimConfig;
import net.popbgp.speaker.Md5Key;
import net.popbgp.speaker.PeerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteReaderTest {

    private static final String HEAD = """
            local-as: 65001
            router-id: 192.0.2.1
            listen: ["0.0.0.0:179"]
            """;

    private static final String SITE = HEAD + """
            sites:
              - name: azure-site-1
                md5-key: {env: KEY}
                advertise: {default-route: true}
                circuits:
                  - {pop: New York, subnet: 169.254.10.0/30}
                  - {pop: Ashburn, subnet: 169.254.20.0/30}
            """;

    private static DaemonConfig parse(String text) throws ConfigException {
        Map<String, String> environment = Map.of(
                "KEY", "Secret123",
                "LONG", "abcdefghijklmnopqrstuvwxyz",
                "SPECIAL", "no!good");
        return ConfigReader.parse(text, Path.of("/"), environment::get);
    }

    private static List<String> problems(String text) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse(text));
        assertThat(refused).as("refused").isNotNull();
        return refused.problems().stream()
                .filter(Problem::isError)
                .map(Problem::toString)
                .toList();
    }

    private static List<String> warnings(String text) throws ConfigException {
        return parse(text).warnings().stream().map(Problem::toString).toList();
    }

    @Test
    void two_subnets_and_a_key_are_enough_and_raise_no_warning() throws ConfigException {
        DaemonConfig config = parse(SITE);

        assertThat(config.warnings()).isEmpty();
        SiteConfig site = config.sites().get(0);
        assertThat(site.provider()).isEqualTo("azure");
        assertThat(site.type()).isEqualTo(SiteConfig.Type.BRANCH);
        assertThat(site.sku()).isEqualTo(Sku.STANDARD);
        CircuitConfig primary = site.circuits().get(0);
        assertThat(primary.role()).isEqualTo(CircuitRole.PRIMARY);
        assertThat(primary.popAddress()).isEqualTo(IpAddresses.parse("169.254.10.1"));
        assertThat(primary.cloudAddress()).isEqualTo(IpAddresses.parse("169.254.10.2"));
        Neighbor neighbor = primary.neighbor();
        assertThat(neighbor.peerAs()).isEqualTo(Asn.of(12076));
        assertThat(neighbor.metric()).isEqualTo(90);
        assertThat(neighbor.holdTime()).isEqualTo(Duration.ofSeconds(60));
        assertThat(neighbor.keepaliveTime()).isEqualTo(Duration.ofSeconds(20));
        assertThat(neighbor.prepend()).isZero();
        Neighbor secondary = site.circuits().get(1).neighbor();
        assertThat(secondary.metric()).isEqualTo(100);
        assertThat(secondary.prepend()).isEqualTo(1);
    }

    @Test
    void a_circuit_becomes_a_peer_and_two_a_group() throws ConfigException {
        DaemonConfig config = parse(SITE);

        PeerConfig primary = config.peers().get(0);
        assertThat(primary.name()).isEqualTo("azure-site-1-primary");
        assertThat(primary.remoteAddress()).isEqualTo(IpAddresses.parse("169.254.10.2"));
        assertThat(primary.localAddress()).contains(IpAddresses.parse("169.254.10.1"));
        assertThat(primary.md5Key()).isPresent();
        assertThat(primary.outboundGuards()).isEqualTo(Map.of(AddressFamily.IPV4_UNICAST, new OutboundGuard(4000, 80)));
        PrefixLimit limit = Objects.requireNonNull(primary.prefixLimits().get(AddressFamily.IPV4_UNICAST));
        assertThat(limit.limit()).isEqualTo(1024);
        assertThat(limit.action()).isEqualTo(PrefixLimit.Action.DISCARD);
        assertThat(primary.routing().defaultOriginate()).isTrue();
        assertThat(config.circuitGroups())
                .containsExactly(
                        new DaemonConfig.Group("azure-site-1", "azure-site-1-primary", "azure-site-1-secondary"));
        assertThat(config.descriptions())
                .containsEntry("azure-site-1-primary", "site azure-site-1, primary circuit at New York");
        assertThat(config.peers().toString()).doesNotContain("Secret123");
    }

    @Test
    void every_key_reaches_its_configuration_and_a_circuit_s_own_counts_more() throws ConfigException {
        DaemonConfig config = parse(HEAD + """
                alerts:
                  mail: {host: mail.example.net, from: popbgp@example.net}
                  mailing-lists: {net: [noc@example.net]}
                  webhooks: {chat: {url: "https://chat.example.net/in"}}
                sites:
                  - name: s
                    description: Madrid
                    provider: azure
                    type: cloud-dc
                    sku: premium
                    md5-key: {env: KEY}
                    bandwidth: 1Gbps
                    hold-time: 30s
                    port: 1790
                    accept:
                      dynamic-routes: false
                      default-route: true
                      exclusions: [10.64.0.0/10 ge 16, {prefix: 10.1.0.0/16, community: "12076:20001"}, {not-community: "12076:50004"}]
                    track: {frequency: daily, mailing-lists: [net], webhooks: [chat]}
                    circuits:
                      - pop: New York
                        subnet: 169.254.10.0/30
                        pop-as: 65001
                        peer-as: 12076
                        vlan: 100
                        service-key: 0c9e0ef4-a2c4-4bd2-a6f6-d5f4b2f2f5a1
                        metric: 10
                        prepend: 1
                        prefix-limit: 500
                        advertise:
                          default-route: false
                          all-routes: true
                          summary-routes: [10.0.0.0/8, {subnet: 172.16.0.0/12, communities: ["65001:1"]}]
                          summary-only: true
                      - pop: Ashburn
                        subnet: 169.254.20.0/30
                        s-vlan: 8
                        c-vlan: 200
                        upstream: 500Mbps
                        prepend: 3
                        keepalive-time: 7s
                        enabled: false
                        advertise: {default-route: true, default-route-communities: ["65001:9"]}
                """);

        SiteConfig site = config.sites().get(0);
        assertThat(site.description()).isEqualTo("Madrid");
        assertThat(site.type()).isEqualTo(SiteConfig.Type.CLOUD_DC);
        CircuitConfig primary = site.circuits().get(0);
        CircuitConfig secondary = site.circuits().get(1);
        assertThat(primary.vlan()).contains(new Vlan(100, OptionalInt.empty()));
        assertThat(secondary.vlan()).contains(new Vlan(200, OptionalInt.of(8)));
        assertThat(primary.serviceKey()).contains(UUID.fromString("0c9e0ef4-a2c4-4bd2-a6f6-d5f4b2f2f5a1"));
        assertThat(primary.upstreamMbps()).hasValue(1000);
        assertThat(secondary.upstreamMbps()).hasValue(500);
        assertThat(secondary.downstreamMbps()).hasValue(1000);
        assertThat(secondary.enabled()).isFalse();
        assertThat(primary.neighbor().keepaliveTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(secondary.neighbor().keepaliveTime()).isEqualTo(Duration.ofSeconds(7));
        assertThat(primary.neighbor().port()).isEqualTo(1790);
        assertThat(primary.neighbor().prefixLimit()).isEqualTo(500);
        assertThat(primary.neighbor().advertise())
                .isEqualTo(new Advertise(
                        false,
                        List.of(),
                        true,
                        List.of(
                                new SummaryRoute(Prefix.of("10.0.0.0/8"), List.of()),
                                new SummaryRoute(Prefix.of("172.16.0.0/12"), List.of(Community.of("65001:1")))),
                        true,
                        Optional.empty()));
        assertThat(secondary.neighbor().advertise().defaultRouteCommunities()).containsExactly(Community.of("65001:9"));
        assertThat(primary.neighbor().accept().dynamicRoutes()).isFalse();
        assertThat(primary.neighbor().accept().exclusions()).hasSize(3);
        assertThat(primary.neighbor().accept().exclusions().get(2).communityAbsent())
                .isTrue();
        assertThat(primary.neighbor().track())
                .isEqualTo(new Track(Track.Frequency.DAILY, List.of("net"), List.of("chat")));
        assertThat(config.routing().aggregates())
                .extracting(each -> each.prefix().toString())
                .containsExactly("10.0.0.0/8", "172.16.0.0/12");
        assertThat(config.peers().get(0).outboundGuards())
                .isEqualTo(Map.of(AddressFamily.IPV4_UNICAST, new OutboundGuard(10_000, 80)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/29|is a /30",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.1/30|host bits are set",
                "subnet: 169.254.10.0/30|subnet: 169.254.20.0/30|overlaps 169.254.20.0/30 of sites[0].circuits[0]",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, pop-address: 169.254.10.2|cannot be set,"
                        + " the addresses follow from the subnet: the PoP is 169.254.10.1, the cloud 169.254.10.2",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, peer-as: 65010|Azure ExpressRoute is AS 12076",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, pop-as: 65010|pop-as must be our local-as 65001",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, vlan: 5000|out of range 1..4094",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, s-vlan: 5|QinQ needs both",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, service-key: abc|a service key is a GUID",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, bandwidth: 100|with its unit",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, hold-time: 2s|a hold time is 0 or 3s",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, keepalive-time: 30s|at most a third",
                "subnet: 169.254.10.0/30|subnet: 169.254.10.0/30, colour: red|unknown key 'colour'",
                "{env: KEY}|{env: LONG}|takes MD5 keys of 1..25 letters and digits only; this one has 26 octets",
                "{env: KEY}|{env: SPECIAL}|other characters",
                "md5-key: {env: KEY}|description: x|is missing: every session with Azure ExpressRoute needs one",
                "local-as: 65001|local-as: 65515|does not take AS 65515 of a neighbour",
                "local-as: 65001|local-as: 12076|does not take AS 12076 of a neighbour",
                "advertise: {default-route: true}|advertise: {summary-routes: [0.0.0.0/0]}|other than the default",
                "advertise: {default-route: true}|advertise: {defaultroute: true}|did you mean 'default-route'",
            })
    void what_the_cloud_would_refuse_is_an_error(String part, String instead, String message) {
        String text = SITE.replace(part, instead);
        assertThat(text).isNotEqualTo(SITE);
        assertThat(problems(text)).anySatisfy(problem -> assertThat(problem).contains(message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "advertise: {default-route: true}|type: branch|the default route is advertised: Azure honours it",
                "subnet: 169.254.20.0/30|subnet: 169.254.20.0/30, metric: 90|both circuits have metric 90",
                "subnet: 169.254.20.0/30|subnet: 169.254.20.0/30, metric: 80|the secondary will be active",
                "subnet: 169.254.20.0/30|subnet: 169.254.20.0/30, prepend: 0|spreads its traffic over both",
                "subnet: 169.254.20.0/30|subnet: 169.254.20.0/30, advertise: {default-route: false}|advertise differently",
                "subnet: 169.254.20.0/30|subnet: 169.254.20.0/30, accept: {dynamic-routes: false}|accept differently",
                "subnet: 169.254.20.0/30|subnet: 169.254.20.0/30, hold-time: 5s|10 s as its shortest hold time",
                "subnet: 169.254.20.0/30|subnet: 169.254.20.0/30, bandwidth: 123Mbps|offers no circuit of 123 Mbit/s",
                "local-as: 65001|local-as: 64000|is no private AS number",
                "local-as: 65001|local-as: 4200000001|takes four octets",
                "0.0.0.0:179|169.254.10.1:179|nothing listens on the PoP's address 169.254.20.1",
                "{default-route: true}|{default-route: true, default-route-communities: [\"65001:1\"]}|ignores communities",
            })
    void what_is_doubtful_is_a_warning_with_its_place(String part, String instead, String message)
            throws ConfigException {
        String text = SITE.replace(part, instead);
        assertThat(text).isNotEqualTo(SITE);
        assertThat(warnings(text))
                .anySatisfy(warning -> assertThat(warning).contains(message).startsWith("line "));
    }

    @Test
    void a_site_needs_a_known_cloud_and_one_or_two_circuits() {
        assertThat(problems(SITE.replace("md5-key", "provider: moon\n    md5-key")))
                .containsExactly("line 6: sites[0].provider: no profile of a cloud is named 'moon'");
        assertThat(problems(HEAD + "sites: [{name: a, circuits: []}]\n"))
                .containsExactly("line 4: sites[0].circuits: a site has one or two circuits, the primary first, not 0");
        assertThat(problems(HEAD + "sites: [{name: a}]\n"))
                .containsExactly("line 4: sites[0]: a site has one or two circuits, the primary first, not 0");
    }

    @Test
    void subnets_may_not_overlap_across_sites() {
        assertThat(problems(SITE + """
                  - name: other
                    md5-key: {env: KEY}
                    circuits: [{pop: x, subnet: 169.254.10.0/30}]
                """))
                .containsExactly(
                        "line 13: sites[1].circuits[0].subnet: 169.254.10.0/30 overlaps 169.254.10.0/30 of sites[0].circuits[0]");
    }

    @Test
    void links_of_one_service_key_have_one_vlan() throws ConfigException {
        String key = ", service-key: 0c9e0ef4-a2c4-4bd2-a6f6-d5f4b2f2f5a1, vlan: ";
        String other = SITE.replace("169.254.10.0/30", "169.254.10.0/30" + key + 100);

        assertThat(problems(other.replace("169.254.20.0/30", "169.254.20.0/30" + key + 101)))
                .singleElement()
                .asString()
                .contains("the links of one service key have the same VLAN: here 101, sites[0].circuits[0] has 100");
        assertThat(warnings(other.replace("169.254.20.0/30", "169.254.20.0/30" + key + 100)))
                .anySatisfy(text -> assertThat(text).contains("the same service key"));
        assertThat(warnings(SITE.replace("169.254.10.0/30", "169.254.10.0/30, vlan: 100")
                        .replace("169.254.20.0/30", "169.254.20.0/30, vlan: 101")))
                .as("two circuits of the cloud have VLANs of their own")
                .isEmpty();
    }

    @Test
    void more_announcements_than_the_tier_takes_are_refused() throws ConfigException {
        StringBuilder announce = new StringBuilder("announce:\n  - prefixes: [");
        for (int i = 0; i < 4000; i++) {
            announce.append("10.").append(i / 256).append('.').append(i % 256).append(".0/24, ");
        }
        String many = announce.append("192.168.0.0/24]\n").toString();
        String all = SITE.replace("default-route: true", "default-route: false, all-routes: true");

        assertThat(problems(all + many))
                .anySatisfy(text -> assertThat(text)
                        .contains("4001 prefixes would be advertised")
                        .contains("takes 4000"));
        assertThat(warnings(all.replace("md5-key", "sku: premium\n    md5-key") + many))
                .isEmpty();
        assertThat(warnings(SITE + many)).as("not advertised at all").isEmpty();
    }

    @Test
    void other_peers_do_not_see_the_summaries_of_sites() throws ConfigException {
        String with = SITE.replace("default-route: true", "default-route: false, summary-routes: [10.0.0.0/8]")
                + "peers: [{name: inside, address: 10.0.0.2, remote-as: 65001}]\n";

        assertThat(parse(with).peers().get(0).exportPolicy()).isPresent();
        assertThat(parse(with + "aggregates: [{prefix: 10.0.0.0/8}]\n")
                        .peers()
                        .get(0)
                        .exportPolicy())
                .as("who aggregates it for everybody wants everybody to have it")
                .isEqualTo(Optional.empty());
        assertThat(parse(with + "aggregates: [{prefix: 10.0.0.0/8}]\n")
                        .routing()
                        .aggregates())
                .hasSize(1);
        assertThat(warnings(with)).isEmpty();
        assertThat(warnings(with + "aggregates: [{prefix: 10.0.0.0/8}]\n"))
                .singleElement()
                .asString()
                .startsWith("line 12: aggregates: 10.0.0.0/8 is a summary route of a site as well");
    }

    @Test
    void a_peer_at_the_address_of_a_circuit_is_refused() {
        assertThat(problems(SITE + "peers: [{name: inside, address: 169.254.10.2, remote-as: 65001}]\n"))
                .singleElement()
                .asString()
                .contains("a circuit is its site's alone");
    }

    @Test
    void the_example_is_fine_and_its_simulator_has_the_same_links() throws Exception {
        DaemonConfig config = ConfigReader.read(Path.of("..", "docs", "examples", "site.yaml"));
        SimConfig azure = SimConfig.load(Path.of("..", "docs", "examples", "site-sim.yaml"));

        assertThat(config.warnings()).isEmpty();
        List<CircuitConfig> circuits = config.sites().get(0).circuits();
        for (int i = 0; i < 2; i++) {
            assertThat(azure.circuits().get(i).peering())
                    .isEqualTo(circuits.get(i).subnet());
            assertThat(azure.circuits().get(i).sharedKey().map(Md5Key::of))
                    .isEqualTo(circuits.get(i).neighbor().md5Key());
            assertThat(azure.circuits().get(i).port())
                    .isEqualTo(circuits.get(i).neighbor().port());
        }
    }

    @Test
    void another_cloud_is_another_profile() throws Exception {
        String oracle = SITE.replace("md5-key: {env: KEY}", "provider: oracle");

        DaemonConfig config = parse(oracle);

        assertThat(config.warnings()).isEmpty();
        PeerConfig primary = config.peers().get(0);
        assertThat(primary.remoteAs()).isEqualTo(Asn.of(31898));
        assertThat(primary.md5Key()).isEmpty();
        assertThat(primary.outboundGuards()).isEqualTo(Map.of(AddressFamily.IPV4_UNICAST, new OutboundGuard(2000, 80)));
        assertThat(problems(oracle.replace("provider: oracle", "provider: oracle\n    sku: premium")))
                .singleElement()
                .asString()
                .contains("Oracle FastConnect has no tier premium");
        assertThat(problems(oracle.replace("169.254.10.0/30", "169.254.10.0/30, peer-as: 12076")))
                .singleElement()
                .asString()
                .contains("Oracle FastConnect is AS 31898");
        List<String> both = parse(oracle + """
                  - name: azure
                    md5-key: {env: KEY}
                    advertise: {default-route: true}
                    circuits: [{pop: x, subnet: 169.254.30.0/30}]
                """).peers().stream()
                .map(peer -> peer.exportPolicy().orElseThrow().toString())
                .toList();
        assertThat(both)
                .hasSize(3)
                .allSatisfy(policy -> assertThat(policy)
                        .as("nothing goes from one cloud to another")
                        .contains("never-back-to-a-cloud-12076", "never-back-to-a-cloud-31898"));
    }
}
