package net.popbgp.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.Treatment;
import net.popbgp.core.message.UpdateMessage;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Messages that other programs' tests are made of: {@code wire/dev.tsv} says where each is from and what is done about it. */
class DevVectorsTest {

    /** What we do instead, and why. */
    private record Deviation(String verdict, String notification, String reason) {}

    private static final Map<String, Deviation> DEVIATIONS = Map.of(
            "exabgp-qa-00067",
            new Deviation("attr-discard", "-", "next hop 127.0.0.1: a loopback address is judged by the session"),
            "exabgp-qa-00069",
            new Deviation(
                    "attr-discard", "-", "next hop ::1: a loopback address is judged by the session (RFC 4271, 6.3)"),
            "netgauze-tests-00008",
            new Deviation("treat-as-withdraw", "-", "next hop 0.0.0.0 is not a host address (RFC 4271, 6.3)"),
            "netgauze-tests-00020",
            new Deviation("treat-as-withdraw", "-", "next hop 0.0.0.0 is not a host address (RFC 4271, 6.3)"),
            "netgauze-tests-00024",
            new Deviation("attr-discard", "-", "the multicast prefix is ignored and that is reported (RFC 4271, 6.3)"),
            "routecore-00032",
            new Deviation(
                    "session-reset",
                    "3/4",
                    "MP_UNREACH_NLRI with wrong flags: which family it is of is open (RFC 4760, 7)"),
            "exabgp-qa-00156",
            new Deviation("session-reset", "3/9", "IPv6 next hop for IPv4 needs a capability (RFC 8950, 4)"),
            "bgpkit-tests-00008",
            new Deviation("session-reset", "7/1", "a BoRR has four octets after the header (RFC 7313, 5)"));

    private static final UpdateMessage NOTHING_LEFT =
            new UpdateMessage(List.of(), List.of(), Optional.empty(), List.of());

    private static Stream<String[]> rows() throws IOException {
        try (InputStream in = DevVectorsTest.class.getResourceAsStream("/wire/dev.tsv")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1));
        }
    }

    @TestFactory
    Stream<DynamicTest> each_message_gets_the_verdict_of_its_row() throws IOException {
        return rows().map(row -> DynamicTest.dynamicTest(row[0] + " " + row[4], () -> check(row)));
    }

    @Test
    void what_was_read_is_written_and_read_again_unchanged() throws IOException, NotificationException {
        int survived = 0;
        for (String[] row : rows().toList()) {
            for (boolean external : List.of(true, false)) {
                CodecOptions options = Wires.options(external, row[1].equals("4"));
                BgpMessage message;
                try {
                    message = withoutFaults(Wires.decode(options, Wires.octets(row[5])));
                } catch (NotificationException e) {
                    continue; // each_message_gets_the_verdict_of_its_row knows which may
                }
                if (message.equals(NOTHING_LEFT)) {
                    assertThatThrownBy(() -> new MessageCodec(options).encode(NOTHING_LEFT))
                            .isInstanceOf(IllegalArgumentException.class);
                    continue;
                }
                byte[] written = new MessageCodec(options).encode(message);
                BgpMessage again = Wires.decode(options, written);
                assertThat(again).as("%s %s", row[0], external).isEqualTo(message);
                assertThat(new MessageCodec(options).encode(again)).as(row[0]).isEqualTo(written);
                survived++;
            }
        }
        assertThat(survived).isGreaterThan(270);
    }

    private static BgpMessage withoutFaults(BgpMessage message) {
        return message instanceof UpdateMessage update
                ? new UpdateMessage(update.announced(), update.withdrawn(), update.endOfRib(), List.of())
                : message;
    }

    private static void check(String[] row) {
        Deviation deviation = DEVIATIONS.get(row[0]);
        String expected = deviation == null ? row[2] : deviation.verdict();
        String notifications = deviation == null ? row[3] : deviation.notification();
        CodecOptions options = Wires.options(true, row[1].equals("4"));
        try {
            BgpMessage message = Wires.decode(options, Wires.octets(row[5]));
            assertThat(verdict(message)).as("%s", message).isIn(permitted(expected));
        } catch (NotificationException e) {
            String answer = e.notification().code() + "/" + e.notification().subcode();
            assertThat(expected).as("%s: %s", answer, e.getMessage()).isEqualTo("session-reset");
            assertThat(answer).isIn(Arrays.asList(notifications.split(",", -1)));
        }
    }

    private static List<String> permitted(String expected) {
        return switch (expected) {
            case "accept", "survive" -> List.of("ok", "attr-discard");
            default -> List.of(expected);
        };
    }

    private static String verdict(BgpMessage message) {
        if (!(message instanceof UpdateMessage update) || update.treatment().isEmpty()) {
            return "ok";
        }
        return update.treatment().get() == Treatment.ATTRIBUTE_DISCARD ? "attr-discard" : "treat-as-withdraw";
    }
}
