package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4486, RFC 9003 and RFC 4271, 6.4 and 6.7. */
@Execution(ExecutionMode.CONCURRENT)
class CeaseTest {

    private static Site site(String... settings) throws IOException, InterruptedException {
        return DaemonUnderTest.shared().site().peer(Who.E, settings).peer(Who.O).start();
    }

    @Test
    @Row("CEA-01")
    void one_prefix_too_many_is_a_cease_that_names_the_limit() throws Exception {
        try (Site site = site("prefix-limit: {ipv4-unicast: {limit: 3}}")) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E).announce(site.prefix(1), site.prefix(2), site.prefix(3)));
            site.proveUpByRefresh(e, o, site.prefix(3));
            e.send(site.attributes(Who.E).announce(site.prefix(4)));
            e.expectNotification(6, 1, "00010100000003");
            for (int i = 1; i <= 4; i++) {
                o.expectNoRoute(site.prefix(i));
            }
        }
    }

    @Test
    @Row("CEA-01")
    void with_discard_one_prefix_too_many_is_left_out() throws Exception {
        try (Site site = site("prefix-limit: {ipv4-unicast: {limit: 2, action: discard}}")) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E).announce(site.prefix(1), site.prefix(2), site.prefix(3)));
            o.expectRoute(site.prefix(2));
            e.send(Messages.withdraw(site.prefix(1)));
            site.proveUp(e, Who.E, o);
            assertThat(o.history(site.prefix(3))).isEmpty();
        }
    }

    @Test
    @Row({"CEA-02", "CEA-03"})
    void shutdown_says_so_with_its_text() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            site.operate(Who.E, "stop", "maintenance ÄÖ");
            byte[] text = "maintenance ÄÖ".getBytes(StandardCharsets.UTF_8);
            e.expectNotification(
                    6, 2, Octets.hex(Octets.empty().u8(text.length).add(text).toArray()));
        }
    }

    @Test
    @Row({"CEA-02", "CEA-03"})
    void reset_says_so_with_its_text() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            site.operate(Who.E, "reset", "x");
            e.expectNotification(6, 4, "0178");
        }
    }

    @Test
    @Row("CEA-03")
    void a_text_of_more_than_255_octets_is_cut_at_a_character_s_border() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            site.operate(Who.E, "stop", "Ä".repeat(128));
            e.expectNotification(6, 2, "fe" + "c384".repeat(127));
        }
    }

    @Test
    @Row("CEA-02")
    void removal_says_so() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            site.without(Who.E).start();
            e.expectNotification(6, 3);
        }
    }

    @Test
    @Row("CEA-02")
    void another_configuration_says_so() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            site.peer(Who.E, "hold-time: 30s").start();
            e.expectNotification(6, 6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40 6869", "04 c328a0ff", "05 0a1b5b316d", "00", "ff"})
    @Row("CEA-04")
    void a_text_that_is_none_does_no_harm(String data) throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.send(Messages.notification(6, 2, Octets.hex(data)));
            e.expectClosed(TesterPeer.SOON);
            assertThat(e.messages(Messages.NOTIFICATION)).isEmpty();
            site.untilStatus(
                    Who.E, "the reason", s -> s.path("last-down").asText().contains("6/2"));
            assertThat(Files.readAllLines(site.daemon().log(), StandardCharsets.UTF_8))
                    .noneMatch(line -> line.contains("\u001b"));
            site.proveUp(site.up(Who.E), Who.E, o);
        }
    }

    @Test
    @Row("CEA-05")
    void an_unknown_notification_ends_the_session_without_an_answer() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.send(Messages.notification(99, 99, new byte[4000]));
            e.expectClosed(TesterPeer.SOON);
            assertThat(e.messages(Messages.NOTIFICATION)).isEmpty();
            site.untilStatus(
                    Who.E, "the reason", s -> s.path("last-down").asText().contains("99/99"));
            site.proveUp(site.up(Who.E), Who.E, o);
        }
    }

    @Test
    @Row("CEA-06")
    void cease_never_stands_for_an_error_that_has_a_code_of_its_own() throws Exception {
        try (Site site = site("hold-time: 3s")) {
            List<byte[]> errors = List.of(
                    Messages.header(18, Messages.KEEPALIVE),
                    Messages.header(19, 9),
                    Messages.update(Octets.hex("21"), new byte[0], new byte[0]),
                    Messages.update(new byte[0], new byte[0], Octets.hex("210a000001")),
                    site.open(Who.E).toArray());
            int[] codes = {1, 1, 3, 3, 5};
            for (int i = 0; i < codes.length; i++) {
                TesterPeer e = site.up(Who.E);
                e.send(errors.get(i));
                e.expectNotification(codes[i], -1);
            }
            TesterPeer silent = site.up(Who.E);
            silent.answering(false);
            silent.expectNotification(4, 0);
        }
    }

    @Test
    @Row("CEA-07")
    void with_gtsm_what_may_have_come_from_afar_does_not_get_in() throws Exception {
        try (Site site = site("ttl-security: 1")) {
            // Sockets of this host send with a TTL of 64, less than the 255 that is asked for.
            TesterPeer e = site.connect(Who.E);
            e.expect(Messages.OPEN); // the filter is set as soon as the connection is taken from the kernel
            e.send(site.open(Who.E).toArray(), Messages.keepalive());
            assertThatThrownBy(() ->
                            e.await(() -> !e.messages(Messages.KEEPALIVE).isEmpty(), "answer", Duration.ofSeconds(2)))
                    .isInstanceOf(AssertionError.class);
            assertThat(site.status(Who.E).path("established-count").asInt()).isZero();
        }
    }

    @Test
    @Row("CEA-08")
    void without_the_key_there_is_no_connection() throws Exception {
        Site site = DaemonUnderTest.shared().site();
        try (site) {
            site.peer(Who.E, "md5-key: {file: " + site.daemon().secret("ConformanceKey1") + "}")
                    .start();
            assertThatThrownBy(() -> TesterPeer.connect(
                            "keyless", site.address(Who.E), site.daemon().listensAt(), Duration.ofSeconds(2)))
                    .isInstanceOf(IOException.class);
            assertThat(site.status(Who.E).path("established-count").asInt()).isZero();
        }
    }
}
