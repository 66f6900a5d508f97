package net.popbgp.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.session.Dialer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class Md5IT {

    private static final byte[] RIGHT = "right".getBytes(UTF_8);
    private static final byte[] WRONG = "wrong".getBytes(UTF_8);
    private static final byte[] NONE = {};

    @BeforeEach
    void md5() {
        Needs.md5();
    }

    private static void assertUp(Ends ends, CompletableFuture<Ends.End> dialed) throws Exception {
        Ends.End end = dialed.get(5, TimeUnit.SECONDS);
        ends.on(end, wire -> wire.send(KeepaliveMessage.INSTANCE));
        await().atMost(Duration.ofSeconds(5)).until(() -> ends.accepted.stream().anyMatch(e -> !e.messages.isEmpty()));
    }

    private static void assertSilent(CompletableFuture<Ends.End> dialed) {
        assertThatThrownBy(() -> dialed.get(700, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "::1, ::1"})
    void same_key_on_both_sides_connects(String listen, String from) throws Exception {
        Needs.loopback(listen);
        try (Ends ends = new Ends(true, listen)) {
            ends.listener.setMd5Key(IpAddresses.parse(from), RIGHT);

            assertUp(ends, ends.dial(from, listen, ends.port(), RIGHT, 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "::1, ::1"})
    void another_key_is_met_with_silence_and_the_kernel_counts_it(String listen, String from) throws Exception {
        Needs.loopback(listen);
        try (Ends ends = new Ends(true, listen)) {
            ends.listener.setMd5Key(IpAddresses.parse(from), RIGHT);
            Md5Diagnosis.Snapshot before = Md5Diagnosis.now();

            assertSilent(ends.dial(from, listen, ends.port(), WRONG, 0));

            assertThat(Md5Diagnosis.describe(before, Md5Diagnosis.now(), true, false))
                    .contains("with a wrong MD5 key");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "::1, ::1"})
    void missing_key_on_the_dialing_side_is_met_with_silence(String listen, String from) throws Exception {
        Needs.loopback(listen);
        try (Ends ends = new Ends(true, listen)) {
            ends.listener.setMd5Key(IpAddresses.parse(from), RIGHT);
            Md5Diagnosis.Snapshot before = Md5Diagnosis.now();

            assertSilent(ends.dial(from, listen, ends.port(), NONE, 0));

            assertThat(Md5Diagnosis.describe(before, Md5Diagnosis.now(), true, false))
                    .contains("without the MD5 key");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "::1, ::1"})
    void missing_key_on_the_listening_side_is_met_with_silence(String listen, String from) throws Exception {
        Needs.loopback(listen);
        try (Ends ends = new Ends(true, listen)) {
            Md5Diagnosis.Snapshot before = Md5Diagnosis.now();

            assertSilent(ends.dial(from, listen, ends.port(), RIGHT, 0));

            assertThat(Md5Diagnosis.describe(before, Md5Diagnosis.now(), false, false))
                    .contains("not expected");
        }
    }

    @Test
    void keys_are_added_changed_and_removed_while_listening() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            int port = ends.port();
            ends.listener.setMd5Key(IpAddresses.parse("127.0.0.3"), WRONG);
            ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), WRONG);
            ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), RIGHT);
            assertUp(ends, ends.dial("127.0.0.2", "127.0.0.1", port, RIGHT, 0));

            ends.listener.removeMd5Key(IpAddresses.parse("127.0.0.2"));

            assertSilent(ends.dial("127.0.0.2", "127.0.0.1", port, RIGHT, 0));
            assertThat(ends.dial("127.0.0.2", "127.0.0.1", port, NONE, 0).get(5, TimeUnit.SECONDS))
                    .isNotNull();
            assertUp(ends, ends.dial("127.0.0.3", "127.0.0.1", port, WRONG, 0));
        }
    }

    @Test
    void established_connection_outlives_the_removal_of_its_key() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), RIGHT);
            Ends.End end =
                    ends.dial("127.0.0.2", "127.0.0.1", ends.port(), RIGHT, 0).get(5, TimeUnit.SECONDS);

            ends.listener.removeMd5Key(IpAddresses.parse("127.0.0.2"));
            ends.on(end, wire -> wire.send(KeepaliveMessage.INSTANCE));

            await().until(() -> !ends.accepted.get(0).messages.isEmpty());
        }
    }

    @Test
    void source_without_a_key_reaches_a_listener_that_has_keys_for_others_and_is_left_to_the_acceptor()
            throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            ends.accepting = false;
            ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), RIGHT);

            Ends.End stranger =
                    ends.dial("127.0.0.9", "127.0.0.1", ends.port(), NONE, 0).get(5, TimeUnit.SECONDS);

            stranger.closed.get(5, TimeUnit.SECONDS);
            assertThat(ends.accepted).isEmpty();
            assertThat(ends.listener.rejectedConnections()).isEqualTo(1);
        }
    }

    @Test
    void ipv6_key_is_not_installed_on_an_ipv4_socket() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            ends.listener.setMd5Key(IpAddresses.parse("::1"), RIGHT);

            assertUp(ends, ends.dial("127.0.0.1", "127.0.0.1", ends.port(), NONE, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 81})
    void key_of_impossible_length_is_refused(int length) throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            assertThatThrownBy(() -> ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), new byte[length]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 79, 80})
    void key_of_any_possible_length_works(int length) throws Exception {
        byte[] key = "k".repeat(length).getBytes(UTF_8);
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), key);

            assertUp(ends, ends.dial("127.0.0.2", "127.0.0.1", ends.port(), key, 0));
        }
    }

    @Test
    void more_keys_than_the_kernel_has_room_for_are_refused_by_name() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 20_000; i++) {
                            ends.listener.setMd5Key(IpAddresses.ofBits(0x7F010000 + i), RIGHT);
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("net.core.optmem_max")
                    .hasMessageMatching("(?s).*holds [1-9]\\d* IPv4 keys.*");

            ends.listener.removeMd5Key(IpAddresses.ofBits(0x7F010000));
            ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), RIGHT);
            assertUp(ends, ends.dial("127.0.0.2", "127.0.0.1", ends.port(), RIGHT, 0));
        }
    }

    @Test
    void attempt_that_nobody_answers_names_md5_as_a_possible_cause() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            ends.connectTimeout = Duration.ofMillis(400);
            ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), RIGHT);

            assertThatThrownBy(() -> ends.dial("127.0.0.2", "127.0.0.1", ends.port(), WRONG, 0)
                            .get(5, TimeUnit.SECONDS))
                    .hasMessageContaining("connect timed out (nothing answers, or segments are rejected: possible MD5");
        }
    }

    @Test
    void closed_port_looks_like_silence_to_a_dialer_with_a_key() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            int port = ends.port();
            ends.listener.close();
            ends.connectTimeout = Duration.ofMillis(400);

            assertThatThrownBy(() ->
                            ends.dial("127.0.0.2", "127.0.0.1", port, RIGHT, 0).get(5, TimeUnit.SECONDS))
                    .hasMessageContaining("connect timed out");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 81})
    void dialing_with_a_key_of_impossible_length_is_refused_at_the_call(int length) throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            Dialer.Target target = new Dialer.Target(
                    new InetSocketAddress(IpAddresses.parse("127.0.0.1"), ends.port()),
                    Optional.empty(),
                    Optional.of(new byte[length]),
                    0);
            Connector connector = new Connector(ends.loops, ends.loops.next());

            assertThatThrownBy(() -> connector.dial(target, Ends.NO_OUTCOME))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + length);
        }
    }

    @Test
    void keys_of_both_families_go_each_to_its_own_socket() throws Exception {
        Needs.loopback("::1");
        try (Ends ends = new Ends(true, "0.0.0.0", "::")) {
            ends.listener.setMd5Key(IpAddresses.parse("::1"), RIGHT);
            ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), WRONG);

            assertUp(ends, ends.dial("127.0.0.2", "127.0.0.1", ends.port(), WRONG, 0));
            ends.accepted.clear();
            int port6 = ends.listener.localAddresses().get(1).getPort();
            assertUp(ends, ends.dial("::1", "::1", port6, RIGHT, 0));
        }
    }

    @Test
    void keys_that_differ_in_their_last_octet_only_do_not_match() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            ends.listener.setMd5Key(
                    IpAddresses.parse("127.0.0.2"), "k".repeat(80).getBytes(UTF_8));

            assertSilent(ends.dial(
                    "127.0.0.2", "127.0.0.1", ends.port(), "k".repeat(79).getBytes(UTF_8), 0));
        }
    }

    @Test
    void key_of_an_address_written_as_mapped_is_of_the_ipv4_address() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            ends.listener.setMd5Key(InetAddress.getByName("::ffff:127.0.0.2"), RIGHT);

            assertUp(ends, ends.dial("127.0.0.2", "127.0.0.1", ends.port(), RIGHT, 0));
        }
    }

    @Test
    void keys_set_before_the_socket_is_opened_are_in_force_from_the_first_connection() throws Exception {
        try (Ends ends = new Ends(true)) {
            Listener later = new Listener(
                    ends.loops,
                    List.of(new InetSocketAddress(IpAddresses.parse("127.0.0.1"), 0)),
                    (remote, local) -> null);
            later.setMd5Key(IpAddresses.parse("127.0.0.2"), RIGHT);
            later.bind();
            int port = later.localAddresses().get(0).getPort();

            assertSilent(ends.dial("127.0.0.2", "127.0.0.1", port, NONE, 0));
            assertThat(ends.dial("127.0.0.2", "127.0.0.1", port, RIGHT, 0).get(5, TimeUnit.SECONDS))
                    .isNotNull();
            later.close();
        }
    }

    @Test
    void without_epoll_a_key_is_refused_on_both_sides() throws Exception {
        try (Ends ends = new Ends(false, "127.0.0.1")) {
            assertThatThrownBy(() -> ends.listener.setMd5Key(IpAddresses.parse("127.0.0.2"), RIGHT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.0.2");
            assertThatThrownBy(() -> ends.dial("127.0.0.2", "127.0.0.1", ends.port(), RIGHT, 0)
                            .get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("TCP MD5");
            assertThat(ends.accepted).isEmpty();
        }
    }
}
