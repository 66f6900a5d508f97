package net.popbgp.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressesTest {

    private static final byte[] MAPPED = HexFormat.of().parseHex("00000000000000000000ffffc0000201");

    @Test
    void an_ipv4_mapped_address_stays_an_ipv6_address() {
        assertThat(IpAddresses.ofBytes(MAPPED)).isInstanceOf(Inet6Address.class);
        assertThat(IpAddresses.parse("::ffff:192.0.2.1")).isEqualTo(IpAddresses.ofBytes(MAPPED));
        assertThat(IpAddresses.parse("192.0.2.1")).isInstanceOf(Inet4Address.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::ffff:ffff:0/128", "::ffff:0:0/96", "2001:db8::/32", "::/0", "192.0.2.0/24", "0.0.0.0/0"})
    void a_prefix_is_read_as_it_was_written(String text) {
        Prefix prefix = Prefix.of(text);

        assertThat(prefix.isIpv4()).isEqualTo(text.indexOf(':') < 0);
        assertThat(Prefix.of(prefix.toString())).isEqualTo(prefix);
        assertThat(prefix.address().getAddress()).hasSize(prefix.isIpv4() ? 4 : 16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":", "1.2.3", "1.2.3.256", "01.2.3.4", "::1%lo", "localhost", "1:2:3", "::ffff:1.2.3.4.5"})
    void what_is_no_literal_is_refused_and_never_looked_up(String text) {
        assertThatThrownBy(() -> IpAddresses.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:0:0:0:1, 2001:db8::1",
        "2001:DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "fe80:0:0:0:0:0:0:0, fe80::",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "192.0.2.1, 192.0.2.1"
    })
    void an_address_is_written_as_rfc_5952_has_it(String literal, String expected) {
        assertThat(IpAddresses.text(IpAddresses.parse(literal))).isEqualTo(expected);
    }

    @Test
    void a_port_follows_an_ipv6_address_in_brackets() {
        assertThat(IpAddresses.text(IpAddresses.parse("2001:db8::1"), 179)).isEqualTo("[2001:db8::1]:179");
        assertThat(IpAddresses.text(IpAddresses.parse("192.0.2.1"), 179)).isEqualTo("192.0.2.1:179");
    }
}
