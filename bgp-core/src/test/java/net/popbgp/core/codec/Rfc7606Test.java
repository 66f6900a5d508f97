package net.popbgp.core.codec;

import static net.popbgp.core.codec.Wires.EXTERNAL;
import static net.popbgp.core.codec.Wires.INTERNAL;
import static net.popbgp.core.codec.Wires.TWO_OCTET;
import static org.assertj.core.api.Assertions.assertThat;

import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.UpdateMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors in UPDATEs, one row each: what is sent and what comes of it. The base is ORIGIN, AS_PATH 65001, NEXT_HOP and 10.0.0.0/8. */
class Rfc7606Test {

    private static final String ORIGIN = "40010100";
    private static final String AS_PATH = "40020602010000fde9";
    private static final String NEXT_HOP = "400304c0000201";
    private static final String BASE = ORIGIN + AS_PATH + NEXT_HOP;
    private static final String NLRI = "080a";
    private static final String MP_NEXT_HOP = "20010db8000000000000000000000001";
    private static final String MP_NLRI = "2020010db8";

    private static String outcome(CodecOptions options, String attributes) {
        return Wires.outcome(options, Wires.update("", attributes, NLRI));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "origin flags optional transitive, c0010100",
        "origin flags none, 00010100",
        "origin flags optional, 80010100",
        "origin length 0, 400100",
        "origin length 2, 4001020000",
        "origin value 3, 40010103",
        "origin value 255, 400101ff"
    })
    void malformed_origin_is_treated_as_withdraw(String name, String origin) {
        assertThat(outcome(EXTERNAL, origin + AS_PATH + NEXT_HOP)).isEqualTo("TREAT_AS_WITHDRAW -[10.0.0.0/8]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "flags optional, c0020602010000fde9",
        "segment type 0, 40020600010000fde9",
        "segment type 5, 40020605010000fde9",
        "segment length 0, 4002020200",
        "segment overrun, 40020602020000fde9",
        "trailing octet, 40020702010000fde902",
        "confederation sequence, 40020603010000fde9",
        "confederation set, 40020604010000fde9",
        "AS 0, 400206020100000000"
    })
    void malformed_as_path_is_treated_as_withdraw(String name, String asPath) {
        assertThat(outcome(EXTERNAL, ORIGIN + asPath + NEXT_HOP)).isEqualTo("TREAT_AS_WITHDRAW -[10.0.0.0/8]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "length 0, 400300",
        "length 3, 400303c00002",
        "length 5, 400305c000020101",
        "length 16, 40031020010db8000000000000000000000001",
        "flags optional, c00304c0000201",
        "unspecified, 40030400000000",
        "multicast, 400304e0000001",
        "reserved, 400304f0000001",
        "broadcast, 400304ffffffff"
    })
    void malformed_or_unusable_next_hop_is_treated_as_withdraw(String name, String nextHop) {
        assertThat(outcome(EXTERNAL, ORIGIN + AS_PATH + nextHop)).isEqualTo("TREAT_AS_WITHDRAW -[10.0.0.0/8]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "MULTI_EXIT_DISC length 0, 800400",
        "MULTI_EXIT_DISC length 3, 800403000000",
        "MULTI_EXIT_DISC length 5, 8004050000000000",
        "MULTI_EXIT_DISC flags, c0040400000000",
        "LOCAL_PREF length 0, 400500",
        "LOCAL_PREF length 3, 400503000000",
        "LOCAL_PREF length 5, 4005050000000000",
        "COMMUNITIES length 0, c00800",
        "COMMUNITIES length 5, c008050000000000",
        "COMMUNITIES flags, 80080400000000",
        "ORIGINATOR_ID length 3, 800903000000",
        "ORIGINATOR_ID length 5, 8009050000000000",
        "CLUSTER_LIST length 0, 800a00",
        "CLUSTER_LIST length 5, 800a050000000000",
        "EXTENDED COMMUNITIES length 0, c01000",
        "EXTENDED COMMUNITIES length 9, c01009000000000000000000",
        "EXTENDED COMMUNITIES flags, 8010080002000000000000",
        "IPv6 EXTENDED COMMUNITIES length 0, c01900",
        "IPv6 EXTENDED COMMUNITIES length 21, c01915000000000000000000000000000000000000000000",
        "LARGE_COMMUNITY length 0, c02000",
        "LARGE_COMMUNITY length 13, c0200d00000000000000000000000000",
        "ONLY_TO_CUSTOMER length 3, c02303000000",
        "ONLY_TO_CUSTOMER length 5, c023050000000000",
        "stray octet, 40",
        "two stray octets, 4004",
        "extended length cut off, 900400",
        "overrun, 800408000000",
        "a discarded one with one treated as withdraw, 40060100800403000000"
    })
    void malformed_attribute_of_an_internal_peer_is_treated_as_withdraw(String name, String attribute) {
        assertThat(outcome(INTERNAL, BASE + attribute)).isEqualTo("TREAT_AS_WITHDRAW -[10.0.0.0/8]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "LOCAL_PREF, 40050400000064",
        "LOCAL_PREF length 3, 400503000000",
        "ORIGINATOR_ID, 8009040a000001",
        "ORIGINATOR_ID length 0, 800900",
        "CLUSTER_LIST, 800a040a000001",
        "CLUSTER_LIST length 5, 800a050000000000",
        "ATOMIC_AGGREGATE length 1, 40060100",
        "AGGREGATOR length 6, c007060001c0000201",
        "AGGREGATOR length 5, c007050001c00002",
        "AGGREGATOR length 9, c00709000000010a0000010a",
        "AGGREGATOR AS 0, c00708000000000a000001",
        "AS4_PATH, c01106020100011170",
        "AS4_PATH malformed, c0110502010001ff",
        "AS4_AGGREGATOR, c01208000111700a000001"
    })
    void attribute_of_an_external_peer_is_discarded(String name, String attribute) {
        assertThat(outcome(EXTERNAL, BASE + attribute)).isEqualTo("ATTRIBUTE_DISCARD +[10.0.0.0/8]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "AGGREGATOR length 8, c00708000000010a000001",
        "AS4_PATH length 5, c011050201000111",
        "AS4_PATH length 7, c01107020100011170ff",
        "AS4_PATH segment length 0, c011060200000111ff",
        "AS4_PATH segment type 9, c0110609010001117f",
        "AS4_PATH AS 0, c01106020100000000",
        "AS4_AGGREGATOR AS 0, c01208000000000a000001",
        "AS4_AGGREGATOR length 7, c01207000111700a0000",
        "AS4_AGGREGATOR length 9, c01209000111700a00000101"
    })
    void attribute_of_a_two_octet_peer_is_discarded(String name, String attribute) {
        String attributes = ORIGIN + "4002040201fde9" + NEXT_HOP + attribute;
        assertThat(outcome(TWO_OCTET, attributes)).isEqualTo("ATTRIBUTE_DISCARD +[10.0.0.0/8]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "ORIGIN, 40020602010000fde9400304c0000201",
        "AS_PATH, 40010100400304c0000201",
        "NEXT_HOP, 4001010040020602010000fde9",
        "all, ''"
    })
    void missing_mandatory_attribute_is_treated_as_withdraw(String name, String attributes) {
        assertThat(outcome(EXTERNAL, attributes)).isEqualTo("TREAT_AS_WITHDRAW -[10.0.0.0/8]");
    }

    @Test
    void a_large_community_that_comes_twice_is_kept_once() throws NotificationException {
        String one = "0000fde90000000100000002";
        String other = "0000fde90000000100000003";
        UpdateMessage update =
                Wires.decodeUpdate(EXTERNAL, Wires.update("", BASE + "c02024" + one + other + one, "080a"));

        assertThat(update.faults()).isEmpty();
        assertThat(update.announced().get(0).attributes().largeCommunities())
                .extracting(LargeCommunity::toString)
                .containsExactly("65001:1:2", "65001:1:3");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"low flag bits, 4f010100", "extended length on a short attribute, 5001000100"})
    void flags_without_meaning_are_accepted(String name, String origin) {
        assertThat(outcome(EXTERNAL, origin + AS_PATH + NEXT_HOP)).isEqualTo("ok +[10.0.0.0/8]");
    }

    @Test
    void attributes_may_come_in_any_order() {
        assertThat(outcome(EXTERNAL, NEXT_HOP + AS_PATH + ORIGIN)).isEqualTo("ok +[10.0.0.0/8]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "withdrawn length, 00050000, 3/1",
        "attributes length, 00000005, 3/1",
        "NLRI length 33, 000000002100000000, 3/10",
        "NLRI cut short, 00000000180a00, 3/10",
        "withdrawn length 33, 00062100000000000000, 3/10",
        "withdrawn cut short, 0003180a000000, 3/10",
        "MP_REACH_NLRI twice, 00000018800e0900010104c000020100800e0900010104c000020100, 3/1",
        "error and no NLRI, 0000000440010103, 3/6 40010103",
        "bad length and no NLRI, 00000003400100, 3/5 400100",
        "flags and no NLRI, 0000000480010100, 3/4 80010100",
        "AS_PATH and no NLRI, 0000000540020205ff, 3/11",
        "communities and no NLRI, 00000004c0080100, 3/9 c0080100",
        "overrun and no NLRI, 0000000440010500, 3/1",
        "unknown well-known, 000000054063020102, 3/2 4063020102",
        "MP_REACH_NLRI flags, 00000008c00e050001010400, 3/4 c00e050001010400",
        "MP_REACH_NLRI length 4, 00000007800e0400010104, 3/9 800e0400010104",
        "MP_UNREACH_NLRI length 2, 00000005800f020001, 3/9 800f020001",
        "MP_UNREACH_NLRI length 129, 00000007800f0400020181, 3/9 800f0400020181",
        "MP_REACH_NLRI overruns, 00000005800e200001, 3/1"
    })
    void error_resets_the_session(String name, String body, String expected) {
        byte[] message = Wires.message(2, body);
        assertThat(Wires.outcome(EXTERNAL, message)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0", "4", "9", "15", "17", "31", "33"})
    void ipv6_next_hop_of_another_length_resets_the_session(int length) {
        String reach = "000201" + String.format("%02x", length) + "20".repeat(length) + "00" + MP_NLRI;
        String attribute = "800e" + String.format("%02x", reach.length() / 2) + reach;
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", attribute + ORIGIN + AS_PATH, "")))
                .isEqualTo("3/9 " + attribute);
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", attribute + "400101ff", "")))
                .as("with a milder error beside it")
                .isEqualTo("3/9 " + attribute);
    }

    private static String reach(String nextHop, String nlri) {
        String value = "000201" + String.format("%02x", nextHop.length() / 2) + nextHop + "00" + nlri;
        return "800e" + String.format("%02x", value.length() / 2) + value;
    }

    @Test
    void ipv6_routes_need_no_next_hop_attribute_and_ignore_one() {
        String attributes = reach(MP_NEXT_HOP, MP_NLRI) + ORIGIN + AS_PATH;
        String expected = "ok +[2001:db8::/32]";
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", attributes, ""))).isEqualTo(expected);
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", attributes + "40030400000000", "")))
                .isEqualTo(expected);
    }

    @Test
    void ipv6_routes_without_as_path_are_treated_as_withdraw() {
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", reach(MP_NEXT_HOP, MP_NLRI) + ORIGIN, "")))
                .isEqualTo("TREAT_AS_WITHDRAW -[2001:db8::/32]");
    }

    @Test
    void ipv6_prefix_longer_than_128_resets_the_session() {
        String attribute = reach(MP_NEXT_HOP, "81" + "00".repeat(17));
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", attribute + ORIGIN + AS_PATH, "")))
                .isEqualTo("3/9 " + attribute);
    }

    @Test
    void everything_in_one_update_is_applied() {
        byte[] message = Wires.update("080b", BASE + reach(MP_NEXT_HOP, MP_NLRI) + "800f0800020120" + "20010db9", NLRI);
        assertThat(Wires.outcome(EXTERNAL, message))
                .isEqualTo("ok +[10.0.0.0/8] +[2001:db8::/32] -[11.0.0.0/8] -[2001:db9::/32]");
    }

    @Test
    void family_that_was_not_negotiated_is_passed_over() {
        String evpn = "800e0c00194604c000020100010203";
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", evpn + ORIGIN + AS_PATH, "")))
                .isEqualTo("ATTRIBUTE_DISCARD");
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", "800f0400194601", "")))
                .isEqualTo("ATTRIBUTE_DISCARD");
    }

    @Test
    void martian_prefixes_are_left_out_and_the_others_kept() {
        byte[] message = Wires.update("", BASE, "10e001" + "087f" + "04f0" + "080a" + "00");
        assertThat(Wires.outcome(EXTERNAL, message)).isEqualTo("ATTRIBUTE_DISCARD +[10.0.0.0/8, 0.0.0.0/0]");
    }

    @Test
    void host_bits_are_cleared() {
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", BASE, "160a0103"))).isEqualTo("ok +[10.1.0.0/22]");
    }

    @Test
    void attributes_without_nlri_change_nothing() {
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", BASE, ""))).isEqualTo("ok");
        assertThat(Wires.outcome(EXTERNAL, Wires.update("080a", "", ""))).isEqualTo("ok -[10.0.0.0/8]");
    }

    @Test
    void end_of_rib_is_known_for_both_families() {
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", "", ""))).isEqualTo("ok end of ipv4-unicast");
        assertThat(Wires.outcome(EXTERNAL, Wires.update("", "800f03000201", "")))
                .isEqualTo("ok end of ipv6-unicast");
    }
}
