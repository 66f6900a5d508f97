package net.popbgp.daemon.conformance;

import static net.popbgp.daemon.conformance.Attributes.OPTIONAL;
import static net.popbgp.daemon.conformance.Attributes.OPTIONAL_TRANSITIVE;
import static net.popbgp.daemon.conformance.Attributes.WELL_KNOWN;
import static net.popbgp.daemon.conformance.Octets.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 4271, 5.1 and 9.2: what becomes of a route's attributes on its way through, and where it goes. */
@Execution(ExecutionMode.CONCURRENT)
class PropagationTest {

    private static Site site(Who... parts) throws Exception {
        Site site = DaemonUnderTest.shared().site();
        for (Who who : parts) {
            site.peer(who);
        }
        return site.start();
    }

    private static String value(Update update, int type) {
        return update.attributes().containsKey(type)
                ? update.attributes().get(type).hex()
                : "absent";
    }

    @Test
    @Row({"ADV-01", "ADV-02", "ADV-05", "ADV-07", "ADV-09", "ADV-10", "ADV-12"})
    void an_external_route_gets_our_as_towards_external_peers_and_stays_as_it_is_towards_internal_ones()
            throws Exception {
        try (Site site = site(Who.E, Who.O, Who.I)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer i = site.up(Who.I);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E).med(50).add(WELL_KNOWN, 6).announce(site.prefix(1)));

            Update external = o.expectRoute(site.prefix(1));
            assertThat(external.path(4)).isEqualTo("65000 65001");
            assertThat(hex(external.attributes().get(2).value()))
                    .as("one AS_SEQUENCE")
                    .startsWith("0202");
            assertThat(external.attributes()).doesNotContainKeys(4, 5).containsKey(6);
            assertThat(value(external, 3)).isEqualTo(hex(Octets.address(site.daemonAddress())));
            Update internal = i.expectRoute(site.prefix(1));
            assertThat(internal.path(4)).isEqualTo("65001");
            assertThat(value(internal, 4)).isEqualTo("00000032");
            assertThat(value(internal, 5)).isEqualTo("00000064");
            assertThat(value(internal, 6)).isEmpty();
            assertThat(value(internal, 3)).isEqualTo(hex(Octets.address(site.address(Who.E))));
        }
    }

    @Test
    @Row("ADV-03")
    void our_as_goes_into_a_new_segment_before_a_set_and_before_a_full_sequence() throws Exception {
        try (UpdateSession session = UpdateSession.external("enforce-first-as: false")) {
            byte[] set = Attributes.segment(1, 4, 1, 2);
            assertThat(session.accepts(session.goodButPath().add(WELL_KNOWN, 2, set))
                            .path(4))
                    .isEqualTo("65000 {1,2}");
            long[] full = LongStream.range(1, 256).toArray();
            byte[] value = session.accepts(session.goodButPath().path(full))
                    .attributes()
                    .get(2)
                    .value();
            assertThat(hex(value)).startsWith("0201" + "0000fde8" + "02ff" + "00000001");
        }
    }

    @Test
    @Row({"ADV-11", "ADV-13"})
    void an_internal_route_goes_to_external_peers_without_local_pref_and_not_to_other_internal_ones() throws Exception {
        try (Site site = site(Who.I, Who.I2, Who.O)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer i = site.up(Who.I);
            TesterPeer i2 = site.up(Who.I2);
            String prefix = site.prefix(1);
            i.send(site.attributes(Who.I, 65010).announce(prefix));
            assertThat(o.expectRoute(prefix).path(4)).isEqualTo("65000 65010");
            i2.send(Attributes.base(site.address(Who.I2), 65020, 65021)
                    .localPref(200)
                    .announce(prefix));
            Update preferred = o.expectRoute(
                    prefix, update -> update.path(4).equals("65000 65020 65021"), "the higher LOCAL_PREF");
            assertThat(preferred.attributes()).doesNotContainKey(5);
            assertThat(i.history(prefix)).isEmpty();
            assertThat(i2.history(prefix)).isEmpty();
        }
    }

    @Test
    @Row({"ADV-14", "ADV-16"})
    void a_route_that_comes_again_unchanged_is_not_sent_again_and_one_withdrawn_is() throws Exception {
        try (Site site = site(Who.E, Who.O)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            for (int n = 0; n < 101; n++) {
                e.send(site.attributes(Who.E).announce(site.prefix(1)));
            }
            site.proveUp(e, Who.E, o);
            assertThat(o.history(site.prefix(1))).isEqualTo("+");
            e.send(Messages.withdraw(site.prefix(1)));
            o.expectNoRoute(site.prefix(1));
            assertThat(o.history(site.prefix(1))).isEqualTo("+-");
        }
    }

    @Test
    @Row("ADV-15")
    void an_alternative_replaces_the_best_route_without_a_gap() throws Exception {
        try (Site site = site(Who.E, Who.E2, Who.O)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            TesterPeer e2 = site.up(Who.E2);
            String prefix = site.prefix(1);
            e.send(site.attributes(Who.E).announce(prefix));
            o.expectRoute(prefix);
            e2.send(site.attributes(Who.E2, 65010).announce(prefix));
            site.proveUp(e2, Who.E2, o);
            e.send(Messages.withdraw(prefix));
            o.expectRoute(prefix, update -> update.path(4).equals("65000 65002 65010"), "the alternative");
            assertThat(o.history(prefix)).isEqualTo("++");
        }
    }

    @Test
    @Row("ADV-18")
    void a_route_that_grows_too_large_is_withdrawn() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            Site site = session.site();
            String prefix = site.prefix(1);
            session.sender().send(session.good().announce(prefix));
            session.observer().expectRoute(prefix);
            byte[] filler = new byte[4096 - 23 - session.good().toArray().length - 4 - 4];
            byte[] full = session.good().add(OPTIONAL_TRANSITIVE, 253, filler).announce(prefix);
            assertThat(full).hasSize(4096);
            session.sender().send(full);
            session.observer().expectNoRoute(prefix);
            site.proveUp(session.sender(), Who.E, session.observer());
            assertThat(java.nio.file.Files.readString(site.daemon().log()).lines())
                    .anyMatch(line ->
                            line.contains("peer=" + site.name(Who.O) + " ") && line.contains("attributes_too_large"));
        }
    }

    @Test
    @Row("ADV-19")
    void a_path_with_our_as_is_not_used() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.withdraws(session.goodButPath().path(65001, 65000, 65010));
        }
    }

    @Test
    @Row({"ADV-21", "ADV-22", "ADV-23"})
    void well_known_communities_limit_where_a_route_goes() throws Exception {
        try (Site site = site(Who.E, Who.O, Who.I)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer i = site.up(Who.I);
            TesterPeer e = site.up(Who.E);
            e.send(
                    site.attributes(Who.E).communities("65535:65281").announce(site.prefix(1)),
                    site.attributes(Who.E).communities("65535:65282").announce(site.prefix(2)),
                    site.attributes(Who.E).communities("65535:65283").announce(site.prefix(3)));
            site.proveUp(e, Who.E, o);
            i.expectRoute(site.prefix(1));
            i.expectRoute(site.prefix(3));
            assertThat(i.history(site.prefix(2))).isEmpty();
            for (int n = 1; n <= 3; n++) {
                assertThat(o.history(site.prefix(n))).isEmpty();
            }
        }
    }

    @Test
    @Row("ADV-24")
    void communities_pass_unchanged_but_non_transitive_ones_stay_in_the_as() throws Exception {
        try (Site site = site(Who.E, Who.O, Who.I)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer i = site.up(Who.I);
            TesterPeer e = site.up(Who.E);
            String transitive = "0002fde900000001";
            String nonTransitive = "4300fde900000001";
            String large = "0000fde90000000100000002";
            e.send(site.attributes(Who.E)
                    .communities("65001:1", "65001:2")
                    .add(OPTIONAL_TRANSITIVE, 16, hex(transitive))
                    .add(OPTIONAL_TRANSITIVE, 32, hex(large))
                    .announce(site.prefix(1)));
            i.send(site.attributes(Who.I, 65010)
                    .add(OPTIONAL_TRANSITIVE, 16, hex(transitive + nonTransitive))
                    .announce(site.prefix(2)));
            for (TesterPeer each : new TesterPeer[] {o, i}) {
                Update seen = each.expectRoute(site.prefix(1));
                assertThat(value(seen, 8)).isEqualTo("fde90001fde90002");
                assertThat(value(seen, 16)).isEqualTo(transitive);
                assertThat(value(seen, 32)).isEqualTo(large);
            }
            assertThat(value(o.expectRoute(site.prefix(2)), 16)).isEqualTo(transitive);
        }
    }

    @Test
    @Row("ADV-26")
    void what_we_have_reflected_before_is_ignored() throws Exception {
        try (UpdateSession session = UpdateSession.of(Who.I)) {
            byte[] us = Octets.address(DaemonUnderTest.IDENTIFIER);
            session.withdraws(
                    session.good().add(OPTIONAL, 9, us),
                    session.good().add(OPTIONAL, 10, Octets.address("10.0.0.77"), us));
        }
    }

    @Test
    @Row({"ADV-04", "ADV-08"})
    void a_route_of_our_own_has_our_as_outside_and_an_empty_path_inside_and_points_back_at_nobody() throws Exception {
        try (Site site = site(Who.O, Who.I, Who.I2)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer i = site.up(Who.I);
            TesterPeer i2 = site.up(Who.I2);
            site.daemon().post("/announce", "{\"prefixes\": [\"" + site.prefix(1) + "\"]}");
            site.daemon()
                    .post(
                            "/announce",
                            "{\"prefixes\": [\"" + site.prefix(2) + "\"], \"next-hop\": \"" + site.address(Who.I)
                                    + "\"}");
            assertThat(o.expectRoute(site.prefix(1)).path(4)).isEqualTo("65000");
            assertThat(i.expectRoute(site.prefix(1)).path(4)).isEmpty();
            assertThat(value(i2.expectRoute(site.prefix(2)), 3)).isEqualTo(hex(Octets.address(site.address(Who.I))));
            site.proveUp(o, Who.O, i);
            assertThat(i.history(site.prefix(2))).isEmpty();
            for (TesterPeer each : new TesterPeer[] {o, i, i2}) {
                String own = hex(Octets.address(each.localAddress()));
                assertThat(each.updates()).noneMatch(update -> value(update, 3).equals(own));
            }
        }
    }

    @Test
    @Row("ADV-06")
    void external_peers_get_our_address_also_where_a_third_party_is_the_next_hop() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            Update seen = session.accepts(session.goodButNextHop().nextHop("192.0.2.77"));
            assertThat(value(seen, 3))
                    .isEqualTo(hex(Octets.address(session.site().daemonAddress())));
        }
    }

    @Test
    @Row("ADV-30")
    void an_external_session_without_policies_takes_and_gives_nothing() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E)
                .unset(Who.E, "import-policy", "export-policy")
                .peer(Who.E2)
                .peer(Who.O)
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e2 = site.up(Who.E2);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E).announce(site.prefix(1)));
            o.send(site.attributes(Who.O).announce(site.prefix(2)));
            e2.expectRoute(site.prefix(2));
            e.expectOpenFor(java.time.Duration.ofMillis(500));
            assertThat(e.routes()).isEmpty();
            assertThat(o.history(site.prefix(1))).isEmpty();
            assertThat(e2.history(site.prefix(1))).isEmpty();
        }
    }

    @Test
    @Row("ADV-28")
    void a_route_that_its_neighbour_drains_gives_way_and_is_the_last_choice_of_internal_peers() throws Exception {
        try (Site site = site(Who.E, Who.E2, Who.O, Who.I)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer i = site.up(Who.I);
            TesterPeer e = site.up(Who.E);
            TesterPeer e2 = site.up(Who.E2);
            String prefix = site.prefix(1);
            e2.send(site.attributes(Who.E2, 65050, 65051).announce(prefix));
            e.send(site.attributes(Who.E).announce(prefix));
            o.expectRoute(prefix, update -> update.path(4).equals("65000 65001"), "the shorter path");
            e.send(site.attributes(Who.E).communities("65535:0").announce(prefix));
            o.expectRoute(prefix, update -> update.path(4).equals("65000 65002 65050 65051"), "the other");
            i.expectRoute(prefix, update -> update.path(4).equals("65002 65050 65051"), "the other");
            e2.send(Messages.withdraw(prefix));
            o.expectRoute(prefix, update -> update.path(4).equals("65000 65001"), "what is left");
            Update internal = i.expectRoute(prefix, update -> update.path(4).equals("65001"), "what is left");
            assertThat(value(internal, 5)).isEqualTo("00000000");
            assertThat(value(internal, 8)).isEqualTo("ffff0000");
            assertThat(o.history(prefix)).doesNotContain("-");
        }
    }

    @Test
    @Row("ADV-32")
    void no_peer_can_be_given_another_as_of_ours() throws Exception {
        try (Site site = DaemonUnderTest.shared().site().peer(Who.E, "local-as: 65099")) {
            assertThatThrownBy(site::start).isInstanceOf(IOException.class).hasMessageContaining("local-as");
        }
    }
}
