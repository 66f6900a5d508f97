package net.popbgp.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {

    private static final String MARKER = "ff".repeat(16);

    private static String header(CodecOptions options, String hex) {
        try {
            return "length " + new MessageCodec(options).frameLength(Wires.octets(hex), 0);
        } catch (NotificationException e) {
            return Wires.describe(e.notification());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "001304, length 19",
        "001204, 1/2 0012",
        "000004, 1/2 0000",
        "100102, 1/2 1001",
        "ffff02, 1/2 ffff",
        "001c01, 1/2 001c",
        "001602, 1/2 0016",
        "001404, 1/2 0014",
        "001403, 1/2 0014",
        "001505, 1/2 0015",
        "001300, 1/3 00",
        "001306, 1/3 06",
        "0013ff, 1/3 ff",
        "100002, length 4096"
    })
    void header_is_checked_before_the_body_is_there(String lengthAndType, String expected) {
        assertThat(header(Wires.EXTERNAL, MARKER + lengthAndType)).isEqualTo(expected);
    }

    @Test
    void marker_must_be_all_ones() {
        assertThat(header(Wires.EXTERNAL, "00" + "ff".repeat(15) + "001304")).isEqualTo("1/1");
        assertThat(header(Wires.EXTERNAL, "ff".repeat(15) + "fe001700")).isEqualTo("1/1");
    }

    @Test
    void extended_messages_leave_open_and_keepalive_at_their_limits() {
        CodecOptions extended = new CodecOptions(true, true, 65535, 65535, Wires.BOTH, Set.of(), Set.of(), Set.of());
        assertThat(header(extended, MARKER + "ffff02")).isEqualTo("length 65535");
        assertThat(header(extended, MARKER + "100101")).isEqualTo("1/2 1001");
        assertThat(header(extended, MARKER + "100104")).isEqualTo("1/2 1001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open",
                "open-extended",
                "update-ipv4",
                "update-ipv6",
                "withdraw",
                "end-of-rib",
                "notification",
                "route-refresh",
                "keepalive"
            })
    void golden_message_is_read_and_written_octet_by_octet(String name) throws IOException, NotificationException {
        StringBuilder hex = new StringBuilder();
        String expected = "";
        try (InputStream in = MessageCodecTest.class.getResourceAsStream("/wire/" + name + ".hex")) {
            assertThat(in).as(name).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.startsWith("= ")) {
                    expected = line.substring(2);
                } else {
                    hex.append(line.replaceAll("#.*", "").replace(" ", ""));
                }
            }
        }
        byte[] message = Wires.octets(hex.toString());
        BgpMessage decoded = Wires.decode(Wires.INTERNAL, message);
        byte[] amongOthers = new byte[message.length + 7];
        System.arraycopy(message, 0, amongOthers, 5, message.length);

        assertThat(decoded).hasToString(expected);
        assertThat(new MessageCodec(Wires.INTERNAL).decode(amongOthers, 5, message.length))
                .isEqualTo(decoded);
        if (!name.equals("open-extended")) { // 255 octets or less are written in the short form
            assertThat(Wires.hex(new MessageCodec(Wires.INTERNAL).encode(decoded)))
                    .isEqualTo(Wires.hex(message));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "03fde9005a0a00000100, 2/1 0004",
        "05fde9005a0a00000100, 2/1 0004",
        "04fde9005a0a0000010201 00, 2/4",
        "04fde9005a0a000001024d00, 2/4",
        "04fde9005a0a00000105020041, 2/0",
        "04fde9005a0a000001000202, 2/0",
        "04fde9005a0a0000010402024105, 2/0",
        "04fde9005a0a0000010302 0141, 2/0",
        "04fde9005a0a0000010302 0500, 2/0",
        "04fde9005a0a000001ffff00, 2/0",
        "04fde9005a0a000001ffff000402, 2/0"
    })
    void malformed_open_is_refused(String body, String expected) {
        assertThat(Wires.outcome(Wires.EXTERNAL, Wires.message(1, body.replace(" ", ""))))
                .isEqualTo(expected);
    }

    @Test
    void known_capability_of_a_wrong_length_is_kept_as_unknown() throws NotificationException {
        OpenMessage open = (OpenMessage) Wires.decode(
                Wires.EXTERNAL,
                Wires.message(1, "04fde900010000000010" + "020e" + "4102fde9" + "0103000200" + "450300" + "0101"));
        assertThat(open.holdTime()).isEqualTo(1);
        assertThat(open.asn()).isEqualTo(Asn.of(65001));
        assertThat(open.capabilities())
                .allMatch(Capability.Unknown.class::isInstance)
                .hasSize(3);
    }

    @Test
    void open_with_more_than_255_octets_of_parameters_takes_the_extended_form() throws NotificationException {
        List<Capability> capabilities = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            capabilities.add(new Capability.Unknown(200, new byte[i]));
        }
        OpenMessage open = new OpenMessage(65000, 90, RouterId.of("10.0.0.1"), capabilities);
        byte[] message = new MessageCodec(Wires.EXTERNAL).encode(open);

        assertThat(message[28]).isEqualTo((byte) 255);
        assertThat(message[29]).isEqualTo((byte) 255);
        assertThat(Wires.decode(Wires.EXTERNAL, message)).isEqualTo(open);
    }

    @Test
    void the_same_attribute_octets_give_the_identical_attributes() throws NotificationException {
        MessageCodec codec = new MessageCodec(Wires.EXTERNAL);
        String classic = "4001010040020602010000fde9400304c0000201";
        PathAttributes first = attributes(codec, Wires.update("", classic, "080a"));
        assertThat(attributes(codec, Wires.update("080b", classic, "080c"))).isSameAs(first);

        String rest = "4001010040020602010000fde9";
        String reach = "800e1a00020110" + "20010db8000000000000000000000001" + "00";
        PathAttributes ipv6 = attributes(codec, Wires.update("", reach + "2020010db8" + rest, ""));
        assertThat(attributes(codec, Wires.update("", reach + "2020010db9" + rest, "")))
                .isSameAs(ipv6);
        String otherHop = reach.replace("0000000100", "0000000200");
        assertThat(attributes(codec, Wires.update("", otherHop + "2020010db9" + rest, "")))
                .isNotEqualTo(ipv6);
    }

    private static PathAttributes attributes(MessageCodec codec, byte[] message) throws NotificationException {
        return ((UpdateMessage) codec.decode(message)).announced().get(0).attributes();
    }

    /** RFC 6793, 4.2.3: AS_PATH, AS4_PATH and aggregators from a two-octet peer. */
    @ParameterizedTest
    @CsvSource({
        "400208 0203fde95ba05ba0 c0110a 02020001117000011171, 65001 70000 70001",
        "400206 0202fde95ba0 c0110e 0203000111700001117100011172, 65001 23456",
        "400206 0202fde95ba0 c00706 fde90a000001 c01106 020100011170 c01208 000111700a000001, 65001 23456",
        "400206 0202fde95ba0 c00706 5ba00a000001 c01106 020100011170 c01208 000111700a000001, 65001 70000",
        "40020a 0102fde9fdea 02015ba0 c01106 020100011170, {65001 65002} 70000",
        "400206 0202fde95ba0 c0110c 03010000fdea020100011170, 65001 70000"
    })
    void as_path_of_a_two_octet_peer_is_reconstructed(String attributes, String expected) throws NotificationException {
        String field = "40010100" + attributes.replace(" ", "") + "400304c0000201";
        byte[] message = Wires.update("", field, "080a");
        PathAttributes decoded = attributes(new MessageCodec(Wires.TWO_OCTET), message);
        assertThat(decoded.asPath()).hasToString(expected);
        decoded.aggregator()
                .ifPresent(aggregator ->
                        assertThat(aggregator.asn().value()).isEqualTo(expected.endsWith("70000") ? 70000 : 65001));
    }

    @Test
    void ipv6_next_hop_for_ipv4_is_accepted_where_negotiated() throws NotificationException {
        byte[] message = Wires.update(
                "",
                "800e1700010110" + "20010db8000000000000000000000001" + "00080a" + "4001010040020602010000fde9",
                "");
        assertThat(Wires.outcome(Wires.extendedNextHop(), message)).isEqualTo("ok +[10.0.0.0/8]");
        assertThat(Wires.outcome(Wires.EXTERNAL, message)).startsWith("3/9");
        UpdateMessage update = Wires.decodeUpdate(Wires.extendedNextHop(), message);
        assertThat(new MessageCodec(Wires.extendedNextHop()).encode(update)).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource({
        "00160500 0101, 7/1 ffffffffffffffffffffffffffffffff001605000101",
        "00160500 0102, 7/1 ffffffffffffffffffffffffffffffff001605000102",
        "00160500 0100, 1/2 0016",
        "00180500 01010100, 7/1 ffffffffffffffffffffffffffffffff0018050001010100",
        "00180500 01020100, 7/1 ffffffffffffffffffffffffffffffff0018050001020100"
    })
    void marker_of_a_refresh_with_a_wrong_length_is_answered_with_the_whole_message(String message, String expected) {
        assertThatThrownBy(() -> Wires.decode(Wires.EXTERNAL, Wires.octets(MARKER + message)))
                .isInstanceOfSatisfying(
                        NotificationException.class,
                        e -> assertThat(Wires.describe(e.notification())).isEqualTo(expected));
    }

    @Test
    void frame_that_ends_elsewhere_than_its_length_says_is_refused() {
        byte[] tooLong = Arrays.copyOf(new MessageCodec(Wires.EXTERNAL).encode(KeepaliveMessage.INSTANCE), 20);
        assertThatThrownBy(() -> Wires.decode(Wires.EXTERNAL, tooLong)).isInstanceOf(NotificationException.class);
    }

    @Test
    void notification_data_is_cut_to_the_longest_message() {
        NotificationMessage notification = new NotificationMessage(3, 9, new byte[5000]);
        assertThat(new MessageCodec(Wires.EXTERNAL).encode(notification)).hasSize(4096);
    }
}
