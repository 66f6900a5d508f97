package net.popbgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Connection refused: /127.0.0.1:179 | connection refused",
                "finishConnect(..) failed with error(-111): Connection refused: /[::1]:179 | connection refused",
                "Connection refused: peer.example/192.0.2.1:179 | connection refused",
                "connect(..) failed with error(-113): No route to host: /192.0.2.1:179 | no route to host",
                "setsockopt() failed: Invalid argument | invalid argument",
                "bind(..) failed with error(-99): Cannot assign requested address"
                        + " | the local address is not one of this host",
            })
    void failed_attempt_is_told_in_an_operators_words(String message, String expected) {
        assertThat(Failures.connecting(new ConnectException(message))).isEqualTo(expected);
    }

    @Test
    void missing_route_is_told_though_the_exception_has_no_words_for_it() {
        assertThat(Failures.connecting(new NoRouteToHostException("null: /[2001:db8::2]:179")))
                .isEqualTo("no route to host");
    }

    @Test
    void silence_names_md5_as_a_possible_cause_whoever_gave_up() {
        assertThat(Failures.connecting(new ConnectTimeoutException("connection timed out after 500 ms")))
                .isEqualTo("connect timed out (nothing answers, or segments are rejected: possible MD5 mismatch)");
        assertThat(Failures.connecting(
                        new IOException("finishConnect(..) failed with error(-110): Connection timed out")))
                .isEqualTo(Failures.CONNECT_TIMED_OUT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "recvAddress(..) failed with error(-104): Connection reset by peer | connection reset by the peer",
                "Connection reset | connection reset by the peer",
                "writevAddresses(..) failed with error(-32): Broken pipe | connection reset by the peer",
                "recvAddress(..) failed with error(-110): Connection timed out"
                        + " | connection timed out (what was sent is not acknowledged)",
            })
    void lost_connection_is_told_in_an_operators_words(String message, String expected) {
        assertThat(Failures.connected(new IOException(message))).isEqualTo(expected);
    }

    @Test
    void privileged_port_says_what_is_needed() {
        IOException denied = new IOException("bind(..) failed with error(-13): Permission denied");

        assertThat(Failures.binding(denied, 179))
                .isEqualTo("permission denied (port 179 needs root or CAP_NET_BIND_SERVICE)");
        assertThat(Failures.binding(denied, 1790)).isEqualTo("permission denied");
    }

    @Test
    void failure_without_words_is_told_by_its_kind() {
        assertThat(Failures.connecting(null)).isEqualTo("cancelled");
        assertThat(Failures.connected(new IOException())).isEqualTo("IOException");
    }
}
