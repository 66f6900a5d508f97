package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9234: roles, and ONLY_TO_CUSTOMER by the roles of both sides. */
@Execution(ExecutionMode.CONCURRENT)
class RolesTest {

    private static final int ROLE = 9;
    private static final int ONLY_TO_CUSTOMER = 35;
    private static final Map<String, Integer> OTHER_SIDE =
            Map.of("provider", 3, "customer", 0, "rs", 2, "rs-client", 1, "peer", 4);

    private static TesterPeer up(Site site, Who who, String ourRole) throws IOException, InterruptedException {
        int theirs = Objects.requireNonNull(OTHER_SIDE.get(ourRole), ourRole);
        return site.up(who, site.open(who).capability(ROLE, new byte[] {(byte) theirs}));
    }

    @ParameterizedTest
    @CsvSource({"provider, 0", "customer, 3", "customer, 1", "rs, 1", "rs-client, 0", "peer, 3"})
    @Row("ADV-29")
    void roles_that_do_not_match_are_refused(String ours, int theirs) throws Exception {
        try (Site site =
                DaemonUnderTest.shared().site().peer(Who.E, "role: " + ours).start()) {
            TesterPeer e = site.connect(Who.E);
            e.send(site.open(Who.E).capability(ROLE, new byte[] {(byte) theirs}).toArray());
            e.expectNotification(2, 11);
        }
    }

    @Test
    @Row("ADV-29")
    void in_strict_mode_a_peer_without_a_role_is_refused() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "role: provider", "strict-role: true")
                .start()) {
            TesterPeer e = site.connect(Who.E);
            e.send(site.open(Who.E).toArray());
            e.expectNotification(2, 11);
        }
    }

    @ParameterizedTest(name = "we are {0} to E, who sends OTC {1}, and {2} to O: {3}")
    @CsvSource({
        "provider,  none,  provider,  65000",
        "provider,  none,  rs,        65000",
        "provider,  none,  peer,      65000",
        "provider,  none,  customer,  absent",
        "provider,  65001, provider,  leak",
        "customer,  none,  provider,  65001",
        "customer,  64999, provider,  64999",
        "customer,  none,  customer,  not sent",
        "customer,  none,  peer,      not sent",
        "customer,  none,  rs-client, not sent",
        "peer,      none,  provider,  65001",
        "peer,      none,  peer,      not sent",
        "peer,      65001, provider,  65001",
        "peer,      64999, provider,  leak",
        "rs,        none,  rs,        65000",
        "rs,        65001, rs,        leak",
        "rs-client, none,  provider,  65001",
        "rs-client, none,  rs-client, not sent"
    })
    @Row("ADV-29")
    void only_to_customer_is_set_and_obeyed(String toE, String received, String toO, String seen) throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "role: " + toE)
                .peer(Who.E2)
                .peer(Who.O, "role: " + toO)
                .start()) {
            TesterPeer o = up(site, Who.O, toO);
            TesterPeer e = up(site, Who.E, toE);
            TesterPeer sentinel = site.up(Who.E2); // without a role, so that its routes may go to any
            Attributes attributes = site.attributes(Who.E);
            if (!received.equals("none")) {
                attributes.add(
                        Attributes.OPTIONAL_TRANSITIVE,
                        ONLY_TO_CUSTOMER,
                        Octets.empty().u32(Long.parseLong(received)).toArray());
            }
            e.send(attributes.announce(site.prefix(1)));
            site.untilStatus(
                    Who.E,
                    "route",
                    status -> status.at("/prefixes/ipv4-unicast/received").asInt() == 1);
            site.proveUp(sentinel, Who.E2, o);

            assertThat(o.route(site.prefix(1)).map(RolesTest::marked).orElse("none"))
                    .isEqualTo(seen.equals("not sent") || seen.equals("leak") ? "none" : seen);
            assertThat(site.status(Who.E).at("/counters/route-leaks").asInt())
                    .as("%s", site.status(Who.E))
                    .isEqualTo(seen.equals("leak") ? 1 : 0);
        }
    }

    private static String marked(Update update) {
        String hex = update.hex(ONLY_TO_CUSTOMER);
        return hex.equals("absent") ? hex : Long.toString(Long.parseLong(hex, 16));
    }
}
