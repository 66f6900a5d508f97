package net.popbgp.daemon.conformance;

import static net.popbgp.daemon.conformance.Attributes.OPTIONAL;
import static net.popbgp.daemon.conformance.Attributes.OPTIONAL_TRANSITIVE;
import static net.popbgp.daemon.conformance.Attributes.WELL_KNOWN;
import static net.popbgp.daemon.conformance.Octets.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 7606: errors that the session survives. */
@Execution(ExecutionMode.CONCURRENT)
class UpdateErrorsTest {

    private static byte[] octets(int length) {
        return new byte[length];
    }

    @Test
    @Row({"UPD-06", "UPD-07", "UPD-08", "UPD-58"})
    void attributes_that_overrun_their_field_withdraw_the_route() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.withdraws(
                    session.good().raw(hex("c0 08 10 0001")),
                    session.good().raw(hex("40")),
                    session.good().raw(hex("40 05")),
                    session.good().raw(hex("50 05 04")));
        }
    }

    @Test
    @Row("UPD-10")
    void a_missing_mandatory_attribute_withdraws_the_route() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.withdraws(session.goodButOrigin(), session.goodButPath(), session.goodButNextHop());
        }
    }

    @Test
    @Row({"UPD-11", "UPD-12"})
    void a_wrong_origin_withdraws_the_route() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.withdraws(
                    session.goodButOrigin().add(0xC0, 1, octets(1)),
                    session.goodButOrigin().add(0x00, 1, octets(1)),
                    session.goodButOrigin().add(0x80, 1, octets(1)),
                    session.goodButOrigin().add(WELL_KNOWN, 1),
                    session.goodButOrigin().add(WELL_KNOWN, 1, octets(2)),
                    session.goodButOrigin().origin(3),
                    session.goodButOrigin().origin(255));
        }
    }

    @Test
    @Row({"UPD-13", "UPD-15", "UPD-16"})
    void a_malformed_as_path_withdraws_the_route() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            byte[] good = Attributes.segment(2, 4, Who.E.as());
            session.withdraws(
                    session.goodButPath().add(WELL_KNOWN, 2, good, Attributes.segment(0, 4, 65010)),
                    session.goodButPath().add(WELL_KNOWN, 2, good, Attributes.segment(5, 4, 65010)),
                    session.goodButPath().add(WELL_KNOWN, 2, good, hex("0200")),
                    session.goodButPath().add(WELL_KNOWN, 2, hex("0202 0000fde9")),
                    session.goodButPath().add(WELL_KNOWN, 2, good, hex("02")),
                    session.goodButPath().add(OPTIONAL_TRANSITIVE, 2, good),
                    session.goodButPath().add(WELL_KNOWN, 2, good, Attributes.segment(3, 4, 65010)),
                    session.goodButPath().add(WELL_KNOWN, 2, Attributes.segment(3, 4, 65010), good));
        }
    }

    @Test
    @Row("UPD-14")
    void another_as_in_front_withdraws_the_route_unless_that_is_allowed() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.withdraws(session.goodButPath().path(65077, Who.E.as()));
        }
        try (UpdateSession session = UpdateSession.external("enforce-first-as: false")) {
            assertThat(session.accepts(session.goodButPath().path(65077)).path(4))
                    .isEqualTo("65000 65077");
            session.site().proveUp(session.sender(), Who.E, session.observer());
        }
    }

    @Test
    @Row({"UPD-17", "UPD-18", "UPD-19"})
    void a_next_hop_that_cannot_be_one_withdraws_the_route() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.withdraws(
                    session.goodButNextHop().add(WELL_KNOWN, 3),
                    session.goodButNextHop().add(WELL_KNOWN, 3, octets(3)),
                    session.goodButNextHop().add(WELL_KNOWN, 3, octets(5)),
                    session.goodButNextHop().add(WELL_KNOWN, 3, Octets.address("2001:db8::1")),
                    session.goodButNextHop()
                            .add(
                                    OPTIONAL_TRANSITIVE,
                                    3,
                                    Octets.address(session.site().address(Who.E))),
                    session.goodButNextHop().nextHop(session.site().daemonAddress()),
                    session.goodButNextHop().nextHop("0.0.0.0"),
                    session.goodButNextHop().nextHop("127.0.0.1"),
                    session.goodButNextHop().nextHop("224.0.0.1"),
                    session.goodButNextHop().nextHop("255.255.255.255"));
        }
    }

    @Test
    @Row({"UPD-20", "UPD-26", "UPD-30", "UPD-31", "UPD-55"})
    void a_malformed_med_or_community_or_only_to_customer_withdraws_the_route() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.withdraws(
                    session.good().add(OPTIONAL, 4),
                    session.good().add(OPTIONAL, 4, octets(3)),
                    session.good().add(OPTIONAL, 4, octets(5)),
                    session.good().add(OPTIONAL_TRANSITIVE, 4, octets(4)),
                    session.good().add(OPTIONAL_TRANSITIVE, 8),
                    session.good().add(OPTIONAL_TRANSITIVE, 8, octets(5)),
                    session.good().add(OPTIONAL, 8, octets(4)),
                    session.good().add(OPTIONAL_TRANSITIVE, 25),
                    session.good().add(OPTIONAL_TRANSITIVE, 25, octets(21)),
                    session.good().add(OPTIONAL_TRANSITIVE, 32),
                    session.good().add(OPTIONAL_TRANSITIVE, 32, octets(13)),
                    session.good().add(OPTIONAL_TRANSITIVE, 35, octets(3)),
                    session.good().add(OPTIONAL_TRANSITIVE, 35, octets(5)));
            String once = "0000fde9 00000001 00000002";
            String other = "0000fde9 00000001 00000003";
            assertThat(session.accepts(32, session.good().add(OPTIONAL_TRANSITIVE, 32, hex(once + other + once)))
                            .hex())
                    .as("without the duplicate")
                    .isEqualTo((once + other).replace(" ", ""));
        }
    }

    @Test
    @Row("UPD-29")
    void malformed_extended_communities_withdraw_the_route_and_unknown_ones_are_passed_on() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.withdraws(
                    session.good().add(OPTIONAL_TRANSITIVE, 16),
                    session.good().add(OPTIONAL_TRANSITIVE, 16, octets(9)),
                    session.good().add(OPTIONAL, 16, octets(8)));
            byte[] unknown = hex("3f77 010203040506");
            assertThat(session.accepts(16, session.good().add(OPTIONAL_TRANSITIVE, 16, unknown))
                            .value())
                    .isEqualTo(unknown);
        }
    }

    @Test
    @Row({"UPD-21", "UPD-27", "UPD-28"})
    void attributes_of_internal_peers_are_discarded_of_an_external_one() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            for (int length : new int[] {0, 3, 4, 5}) {
                session.discards(5, session.good().add(WELL_KNOWN, 5, octets(length)));
                session.discards(9, session.good().add(OPTIONAL, 9, octets(length)));
                session.discards(10, session.good().add(OPTIONAL, 10, octets(length)));
            }
        }
        try (Site site = DaemonUnderTest.shared().site().peer(Who.E).peer(Who.I).start()) {
            TesterPeer i = site.up(Who.I);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E).localPref(777).announce(site.prefix(1)));
            Update seen = i.expectRoute(site.prefix(1));
            assertThat(seen.attributes().get(5).hex()).as("default preference").isEqualTo("00000064");
        }
    }

    @Test
    @Row({"UPD-22", "UPD-27", "UPD-28"})
    void malformed_attributes_of_an_internal_peer_withdraw_the_route() throws Exception {
        try (UpdateSession session = UpdateSession.of(Who.I)) {
            Attributes[] faulty = new Attributes[7];
            int[] lengths = {0, 3, 5};
            for (int n = 0; n < 3; n++) {
                faulty[n] = Attributes.base(session.site().address(Who.I)).add(WELL_KNOWN, 5, octets(lengths[n]));
            }
            faulty[3] = session.good().add(OPTIONAL, 9, octets(3));
            faulty[4] = session.good().add(OPTIONAL, 9, octets(5));
            faulty[5] = session.good().add(OPTIONAL, 10);
            faulty[6] = session.good().add(OPTIONAL, 10, octets(5));
            session.withdraws(faulty);
        }
    }

    @Test
    @Row({"UPD-23", "UPD-24", "UPD-25"})
    void a_malformed_aggregator_or_atomic_aggregate_is_discarded() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.discards(6, session.good().add(WELL_KNOWN, 6, octets(1)));
            for (int length : new int[] {5, 6, 7, 9}) {
                byte[] value = octets(length);
                value[0] = 1;
                session.discards(7, session.good().add(OPTIONAL_TRANSITIVE, 7, value));
            }
            session.discards(7, session.good().add(OPTIONAL_TRANSITIVE, 7, hex("00000000 0a000002")));
            session.withdraws(session.goodButPath().path(Who.E.as(), 0, 65010));
        }
        try (UpdateSession session = UpdateSession.old()) {
            for (int length : new int[] {5, 7, 8, 9}) {
                byte[] value = octets(length);
                value[0] = 1;
                session.discards(7, session.old(Who.E.as()).add(OPTIONAL_TRANSITIVE, 7, value));
            }
            Update seen = session.accepts(session.old(Who.E.as(), 23456)
                    .add(OPTIONAL_TRANSITIVE, 17, Attributes.segment(2, 4, Who.E.as(), 0)));
            assertThat(seen.path(4)).isEqualTo("65000 65001 23456");
        }
    }

    @Test
    @Row({"UPD-32", "UPD-34"})
    void of_an_attribute_that_comes_twice_the_first_counts() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E)
                .peer(Who.O)
                .peer(Who.I)
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer i = site.up(Who.I);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E).med(10).med(20).announce(site.prefix(1)));
            assertThat(i.expectRoute(site.prefix(1)).attributes().get(4).hex()).isEqualTo("0000000a");
            e.send(site.attributes(Who.E)
                    .add(OPTIONAL_TRANSITIVE, 253, hex("01"))
                    .add(OPTIONAL_TRANSITIVE, 253, hex("02"))
                    .announce(site.prefix(2)));
            assertThat(o.expectRoute(site.prefix(2)).attributes().get(253).hex())
                    .isEqualTo("01");
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("UPD-35")
    void of_two_errors_the_graver_treatment_counts() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            session.withdraws(
                    session.good().add(OPTIONAL_TRANSITIVE, 7, octets(5)).add(OPTIONAL, 4, octets(3)),
                    session.good().add(OPTIONAL, 4, octets(3)).add(WELL_KNOWN, 6, octets(1)));
        }
    }

    @Test
    @Row({"UPD-38", "UPD-39", "UPD-40"})
    void unrecognised_attributes_go_on_as_partial_if_transitive_and_not_otherwise() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            for (int flags : new int[] {0xC0, 0xE0}) {
                Update.Attribute passed = session.accepts(253, session.good().add(flags, 253, hex("01020304")));
                assertThat(passed.flags()).isEqualTo(0xE0);
                assertThat(passed.hex()).isEqualTo("01020304");
            }
            session.discards(253, session.good().add(OPTIONAL, 253, hex("01020304")));
        }
    }

    @Test
    @Row({"UPD-41", "UPD-42", "UPD-43"})
    void unused_flags_long_lengths_and_any_order_are_accepted() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            Update seen = session.accepts(session.goodButOrigin().add(0x4F, 1, octets(1)));
            assertThat(seen.attributes().values())
                    .allSatisfy(each -> assertThat(each.flags() & 0x0F).isZero());
            session.accepts(session.goodButOrigin().raw(hex("50 01 0001 00")));
            Update descending = session.accepts(Attributes.none()
                    .communities("65001:1")
                    .med(1)
                    .nextHop(session.site().address(Who.E))
                    .path(Who.E.as())
                    .origin(0));
            assertThat(descending.path(4)).isEqualTo("65000 65001");
            assertThat(descending.attributes().get(8).hex()).isEqualTo("fde90001");
            session.site().proveUp(session.sender(), Who.E, session.observer());
        }
    }

    @Test
    @Row("UPD-56")
    void a_faulty_update_is_in_the_log_with_its_prefixes_and_all_its_octets() throws Exception {
        try (UpdateSession session = UpdateSession.external()) {
            String prefix = session.site().prefix(3);
            byte[] withdrawn = session.goodButOrigin().origin(7).announce(prefix);
            byte[] discarded = session.good().add(WELL_KNOWN, 6, octets(1)).announce(prefix);
            session.sender().send(withdrawn, discarded);
            session.observer().expectRoute(prefix);

            for (byte[] message : new byte[][] {withdrawn, discarded}) {
                assertThat(Files.readString(session.site().daemon().log()).lines())
                        .anyMatch(line -> line.contains("peer=" + session.site().name(Who.E) + " ")
                                && line.contains(prefix)
                                && line.contains(hex(message)));
            }
        }
    }
}
