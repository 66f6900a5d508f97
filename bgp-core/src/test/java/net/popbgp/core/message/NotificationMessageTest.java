package net.popbgp.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shutdown communication (RFC 8203, RFC 9003) and the names of codes. */
class NotificationMessageTest {

    @Test
    void a_text_is_sent_with_its_length_in_octets_and_read_again() {
        NotificationMessage sent =
                NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN, "maintenance \u00c4\u00d6");

        assertThat(sent.data()).hasSize(17);
        assertThat(sent.data()[0]).isEqualTo((byte) 16);
        assertThat(sent.shutdownCommunication()).contains("maintenance \u00c4\u00d6");
        assertThat(sent.toString()).isEqualTo("6/2 Cease/Administrative Shutdown \"maintenance \u00c4\u00d6\"");
    }

    @Test
    void a_long_text_is_cut_between_characters_at_255_octets() {
        NotificationMessage sent =
                NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_RESET, "x" + "\u00e4".repeat(200));

        assertThat(sent.data()).hasSize(1 + 255);
        assertThat(sent.shutdownCommunication()).contains("x" + "\u00e4".repeat(127));
        NotificationMessage odd =
                NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_RESET, "\u00e4".repeat(200));
        assertThat(odd.data()).hasSize(1 + 254);
    }

    @ParameterizedTest
    @CsvSource({
        // data in hexadecimal: too long a length, no text, text of length 0, invalid UTF-8, nothing
        "05616263",
        "01",
        "00",
        "0041",
        "02c328",
        "03e282",
        "''"
    })
    void what_is_no_text_is_shown_as_octets(String hex) {
        NotificationMessage received =
                new NotificationMessage(6, 2, HexFormat.of().parseHex(hex));

        assertThat(received.shutdownCommunication()).isEmpty();
        assertThat(received.toString())
                .isEqualTo("6/2 Cease/Administrative Shutdown" + (hex.isEmpty() ? "" : " data " + hex));
    }

    @Test
    void a_received_text_may_have_the_full_255_octets() {
        byte[] data = ("\u00ff" + "y".repeat(255)).getBytes(StandardCharsets.ISO_8859_1);

        assertThat(new NotificationMessage(6, 4, data).shutdownCommunication()).contains("y".repeat(255));
    }

    @Test
    void only_shutdown_and_reset_carry_a_text() {
        assertThat(new NotificationMessage(6, 3, (byte) 1, (byte) 'a').shutdownCommunication())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "6, 10, Cease/BFD Down",
        "6, 9, Cease/Hard Reset",
        "2, 11, OPEN Message Error/Role Mismatch",
        "8, 0, Send Hold Timer Expired",
        "99, 99, Unknown Error 99/99"
    })
    void codes_have_the_names_of_the_registry(int code, int subcode, String name) {
        assertThat(new NotificationMessage(code, subcode).describe()).isEqualTo(name);
    }
}
