package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 7911: several paths of a prefix towards a peer. */
@Execution(ExecutionMode.CONCURRENT)
class AddPathTest {

    private static final byte[] RECEIVES = Octets.empty().u16(1).u8(1).u8(1).toArray();

    private static Site site() throws Exception {
        return DaemonUnderTest.shared()
                .site()
                .peer(Who.E)
                .peer(Who.E2)
                .peer(Who.E3)
                .peer(Who.O, "add-path: {send: 2}")
                .start();
    }

    private static String path(TesterPeer peer, String prefixAndId) {
        return peer.route(prefixAndId).map(update -> update.path(4)).orElse("none");
    }

    private static void await(TesterPeer o, String prefix, String first, String second) {
        o.await(
                () -> path(o, prefix + "#1").equals(first)
                        && path(o, prefix + "#2").equals(second),
                first + " and " + second,
                TesterPeer.SOON);
    }

    @Test
    void the_two_best_paths_of_three_are_sent_and_replaced_in_their_places() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O, site.open(Who.O).capability(69, RECEIVES), true);
            TesterPeer e = site.up(Who.E);
            TesterPeer e2 = site.up(Who.E2);
            TesterPeer e3 = site.up(Who.E3);
            String prefix = site.prefix(1);

            e3.send(site.attributes(Who.E3, 65050, 65051).announce(prefix));
            await(o, prefix, "65000 65003 65050 65051", "none");
            e2.send(site.attributes(Who.E2, 65050).announce(prefix));
            await(o, prefix, "65000 65002 65050", "65000 65003 65050 65051");
            e.send(site.attributes(Who.E).announce(prefix));
            await(o, prefix, "65000 65001", "65000 65002 65050");

            o.send(Messages.routeRefresh(1, 0, 1)); // both again
            o.await(() -> o.history(prefix + "#2").equals("+++"), "the second path again", TesterPeer.SOON);
            await(o, prefix, "65000 65001", "65000 65002 65050");

            e2.send(Messages.withdraw(prefix));
            await(o, prefix, "65000 65001", "65000 65003 65050 65051");
            e.reset();
            await(o, prefix, "65000 65003 65050 65051", "none");
            e3.send(Messages.withdraw(prefix));
            await(o, prefix, "none", "none");
            assertThat(o.history(prefix + "#1")).endsWith("+-").doesNotContain("-+");
        }
    }

    @Test
    void what_is_sent_is_shown_with_its_path_identifiers() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O, site.open(Who.O).capability(69, RECEIVES), true);
            site.up(Who.E).send(site.attributes(Who.E).announce(site.prefix(1)));
            site.up(Who.E2).send(site.attributes(Who.E2, 65050).announce(site.prefix(1)));
            await(o, site.prefix(1), "65000 65001", "65000 65002 65050");

            List<Long> identifiers = new ArrayList<>();
            for (JsonNode route : site.daemon()
                    .get("/routes?table=adj-rib-out&peer=" + site.name(Who.O))
                    .path("routes")) {
                identifiers.add(route.path("path-id").asLong());
            }
            assertThat(identifiers).containsExactly(1L, 2L);
            site.untilStatus(
                    Who.O,
                    "two routes",
                    status -> status.at("/prefixes/ipv4-unicast/advertised").asInt() == 2);
        }
    }

    @Test
    void a_peer_that_does_not_take_identifiers_is_sent_the_best_path_without() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            site.up(Who.E).send(site.attributes(Who.E).announce(site.prefix(1)));
            TesterPeer e2 = site.up(Who.E2);
            e2.send(site.attributes(Who.E2, 65050).announce(site.prefix(1)));
            site.proveUp(e2, Who.E2, o);
            assertThat(path(o, site.prefix(1))).isEqualTo("65000 65001");
            assertThat(o.history(site.prefix(1))).isEqualTo("+");
        }
    }
}
