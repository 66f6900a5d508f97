package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4271, 8.2.2: Established, and the ways out of it. First, for one test waits a minute, in which the others can go on. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FsmEstablishedTest {

    private static Site site() throws Exception {
        return DaemonUnderTest.shared().site().peer(Who.E).peer(Who.O).start();
    }

    /** {@return E's session, with a route that the observer has} */
    private static TesterPeer withRoute(Site site, TesterPeer o) throws Exception {
        TesterPeer e = site.up(Who.E);
        e.send(site.attributes(Who.E).announce(site.prefix(1)));
        o.expectRoute(site.prefix(1));
        return e;
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    @Test
    @Row("FSM-25")
    void an_open_ends_the_session() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = withRoute(site, o);
            e.send(site.open(Who.E).toArray());
            e.expectNotification(5, 3);
            o.expectNoRoute(site.prefix(1));
        }
    }

    @Test
    @Row("FSM-26")
    void updates_alone_keep_the_session() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E, site.open(Who.E).holdTime(6));
            e.answering(false);
            for (int i = 0; i < 10; i++) {
                e.send(site.attributes(Who.E).announce(site.prefix(i)));
                e.expectOpenFor(Duration.ofSeconds(2));
            }
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Order(1)
    @Row("FSM-27")
    void keepalives_alone_keep_the_session_for_a_minute() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E, site.open(Who.E).holdTime(6));
            e.answering(false);
            for (int i = 0; i < 30; i++) {
                e.send(Messages.keepalive());
                e.expectOpenFor(Duration.ofSeconds(2));
            }
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("FSM-28")
    void silence_ends_with_the_hold_time_and_the_routes_are_withdrawn() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E, site.open(Who.E).holdTime(6));
            e.answering(false);
            long last = System.nanoTime();
            e.send(site.attributes(Who.E).announce(site.prefix(1)));
            o.expectRoute(site.prefix(1));

            Received expired = e.expectNotification(4, 0, Duration.ofSeconds(9));

            assertThat(seconds(last, expired.nanos())).isBetween(6.0, 7.0);
            o.expectNoRoute(site.prefix(1));
        }
    }

    @Test
    @Row("FSM-29")
    void an_update_that_cannot_be_read_ends_the_session_and_all_its_routes() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = withRoute(site, o);
            e.send(site.attributes(Who.E).announce(site.prefix(2)));
            o.expectRoute(site.prefix(2));
            e.send(site.attributes(Who.E)
                    .add(Attributes.WELL_KNOWN, 99, new byte[] {1})
                    .announce(site.prefix(3)));

            e.expectNotification(3, 2, "40630101");

            o.expectNoRoute(site.prefix(1));
            o.expectNoRoute(site.prefix(2));
            assertThat(o.history(site.prefix(3))).isEmpty();
        }
    }

    @Test
    @Row("FSM-30")
    void a_notification_ends_the_session_without_an_answer() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = withRoute(site, o);
            e.send(Messages.notification(6, 4));
            e.expectClosed(TesterPeer.SOON);
            assertThat(e.messages(Messages.NOTIFICATION)).isEmpty();
            o.expectNoRoute(site.prefix(1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Row("FSM-31")
    void the_end_of_the_connection_ends_the_routes_and_a_new_one_is_made(boolean reset) throws Exception {
        Site site = DaemonUnderTest.shared().site();
        try (site) {
            ServerSocket socket = site.listen(Who.E);
            site.peer(Who.E, "passive: false", "port: " + socket.getLocalPort())
                    .peer(Who.O)
                    .start();
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.accept(Who.E, socket);
            e.establish(site.open(Who.E).toArray());
            e.send(site.attributes(Who.E).announce(site.prefix(1)));
            o.expectRoute(site.prefix(1));
            if (reset) {
                e.reset();
            } else {
                e.shutdownOutput();
            }

            o.expectNoRoute(site.prefix(1));
            TesterPeer again = site.accept(Who.E, socket);
            again.establish(site.open(Who.E).toArray());
            site.proveUp(again, Who.E, o);
        }
    }

    @Test
    @Row("FSM-32")
    void a_shutdown_is_a_cease_with_its_reason_and_ends_the_routes() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = withRoute(site, o);
            site.operate(Who.E, "stop", "upgrade");
            e.expectNotification(6, 2, "07" + Octets.hex("upgrade".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            o.expectNoRoute(site.prefix(1));
        }
    }

    @Test
    @Row("FSM-33")
    void another_start_changes_nothing() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = withRoute(site, o);
            String since = site.status(Who.E).path("state-since").asText();
            site.operate(Who.E, "start", "");
            site.proveUp(e, Who.E, o);
            assertThat(site.status(Who.E).path("state-since").asText()).isEqualTo(since);
            assertThat(o.history(site.prefix(1))).isEqualTo("+");
        }
    }

    @Test
    @Row("FSM-34")
    void fifty_resets_in_a_minute_leave_nothing_behind() throws Exception {
        try (DaemonUnderTest daemon = DaemonUnderTest.with("");
                Site site = daemon.site().peer(Who.E).peer(Who.O).start()) {
            TesterPeer o = site.up(Who.O);
            cycles(site, o, 10); // what is made once is there now
            long descriptors = descriptors(daemon);
            long threads = threads(daemon);
            long start = System.nanoTime();

            cycles(site, o, 50);

            assertThat(seconds(start, System.nanoTime())).isLessThan(60);
            assertThat(descriptors(daemon)).isLessThanOrEqualTo(descriptors + 2);
            assertThat(threads(daemon)).isLessThanOrEqualTo(threads + 2);
            assertThat(daemon.get("/status").at("/loc-rib/ipv4-prefixes").asInt())
                    .isZero();
            site.proveUp(site.up(Who.E), Who.E, o);
        }
    }

    private static void cycles(Site site, TesterPeer o, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            TesterPeer e = withRoute(site, o);
            e.reset();
            o.expectNoRoute(site.prefix(1));
        }
    }

    private static long descriptors(DaemonUnderTest daemon) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "fd"))) {
            return all.count();
        }
    }

    private static long threads(DaemonUnderTest daemon) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "task"))) {
            return all.count();
        }
    }

    @Test
    @Row("FSM-37")
    void what_comes_after_our_notification_is_ignored_and_it_is_our_last_message() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.send(
                    Messages.header(19, 77),
                    site.attributes(Who.E).announce(site.prefix(1)),
                    Messages.keepalive(),
                    Messages.notification(6, 2));

            e.expectNotification(1, 3, "4d");

            assertThat(e.messages().get(e.messages().size() - 1).type()).isEqualTo(Messages.NOTIFICATION);
            site.proveUp(site.up(Who.E), Who.E, o);
            assertThat(o.history(site.prefix(1))).isEmpty();
        }
    }
}
