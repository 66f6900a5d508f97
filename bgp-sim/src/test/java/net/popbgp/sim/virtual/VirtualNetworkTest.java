package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;
import net.popbgp.sim.wire.SimNetwork;
import net.popbgp.sim.wire.SimWire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class VirtualNetworkTest {

    private static final InetAddress A = IpAddresses.parse("192.0.2.1");
    private static final InetAddress B = IpAddresses.parse("192.0.2.2");
    private static final InetSocketAddress B_BGP = new InetSocketAddress(B, 179);

    private final long seed = Long.getLong("popbgp.seed", 20261123L);
    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, seed);
    private final RecordingEvents atA = new RecordingEvents();
    private final RecordingEvents atB = new RecordingEvents();
    private final List<String> failures = new ArrayList<>();
    private final List<SimWire> wires = new ArrayList<>();

    @BeforeEach
    void print_seed(TestInfo test) {
        System.out.println(test.getDisplayName() + " seed " + seed);
    }

    private SimNetwork.Listening listen(Optional<byte[]> key) {
        return network.host(B)
                .listen(B_BGP, A, key, wire -> {
                    wires.add(wire);
                    return Optional.of(atB);
                })
                .join();
    }

    private Dialer.Attempt dial(Optional<byte[]> key) {
        return network.host(A).dial(new Dialer.Target(B_BGP, Optional.empty(), key, 0), new Dialer.Outcome() {
            @Override
            public Wire.Events connected(Wire wire) {
                wires.add(0, (SimWire) wire);
                return atA;
            }

            @Override
            public void failed(String detail) {
                failures.add(detail);
            }
        });
    }

    private void connect() {
        listen(Optional.empty());
        dial(Optional.empty());
        time.advance(Duration.ofSeconds(1));
        assertThat(wires).hasSize(2);
    }

    private SimWire fromA() {
        return wires.get(0);
    }

    private SimWire fromB() {
        return wires.get(1);
    }

    private void run() {
        time.advance(Duration.ofSeconds(10));
    }

    @Test
    void messages_arrive_whole_and_in_order_both_ways() {
        connect();
        OpenMessage open = new OpenMessage(64512, 90, RouterId.of("192.0.2.1"), List.of());
        List<BgpMessage> sent = List.of(open, KeepaliveMessage.INSTANCE, NotificationMessage.cease(4));
        sent.forEach(fromA()::send);
        fromB().send(KeepaliveMessage.INSTANCE);
        assertThat(atB.messages).isEmpty();

        run();

        assertThat(atB.messages).isEqualTo(sent);
        assertThat(atA.messages).containsExactly(KeepaliveMessage.INSTANCE);
        assertThat(atA.progress).isPositive();
        assertThat(fromA().remoteAddress()).isEqualTo(B_BGP).isEqualTo(fromB().localAddress());
        assertThat(fromB().remoteAddress()).isEqualTo(fromA().localAddress());
    }

    @Test
    void same_seed_gives_the_same_times() {
        List<Duration> arrivals = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            VirtualTime again = new VirtualTime();
            VirtualNetwork other = new VirtualNetwork(again, seed);
            other.host(A).dial(new Dialer.Target(B_BGP, Optional.empty(), Optional.empty(), 0), new Dialer.Outcome() {
                @Override
                public Wire.Events connected(Wire wire) {
                    throw new AssertionError("nobody listens");
                }

                @Override
                public void failed(String detail) {
                    arrivals.add(again.elapsed());
                }
            });
            again.advance(Duration.ofSeconds(1));
        }
        assertThat(arrivals).hasSize(2);
        assertThat(arrivals.get(0)).isEqualTo(arrivals.get(1));
    }

    @Test
    void dialing_where_nobody_listens_is_refused() {
        dial(Optional.empty());
        run();

        assertThat(failures).containsExactly("connection refused");
    }

    @Test
    void closed_listener_refuses() {
        listen(Optional.empty()).close();
        dial(Optional.empty());
        run();

        assertThat(failures).containsExactly("connection refused");
    }

    @Test
    void address_in_use_cannot_be_listened_on_again() {
        listen(Optional.empty());

        assertThatThrownBy(() -> listen(Optional.empty())).hasMessageContaining("address in use");
    }

    @Test
    void different_md5_keys_time_out_in_silence() {
        SimNetwork.Listening listening = listen(Optional.of("one".getBytes(StandardCharsets.UTF_8)));
        dial(Optional.of("two".getBytes(StandardCharsets.UTF_8)));
        run();
        assertThat(failures).isEmpty();
        time.advance(Duration.ofMinutes(1));
        assertThat(failures).containsExactly("connection timed out");

        listening.setMd5Key(Optional.of("two".getBytes(StandardCharsets.UTF_8)));
        dial(Optional.of("two".getBytes(StandardCharsets.UTF_8)));
        run();
        assertThat(wires).hasSize(2);
    }

    @Test
    void cancelled_attempt_has_no_outcome() {
        listen(Optional.empty());
        Dialer.Attempt early = dial(Optional.empty());
        early.cancel();
        network.setDelay(Duration.ofSeconds(1), Duration.ofSeconds(1));
        Dialer.Attempt late = dial(Optional.empty());
        time.advance(Duration.ofMillis(1500));
        late.cancel();
        run();

        assertThat(wires).isEmpty();
        assertThat(failures).isEmpty();
        assertThat(network.openEnds(A, B)).isZero();
    }

    @Test
    void close_delivers_what_was_sent_before() {
        connect();
        fromA().send(NotificationMessage.cease(2));
        fromA().close();
        fromA().send(KeepaliveMessage.INSTANCE);
        run();

        assertThat(atB.log).containsExactly("NOTIFICATION", "closed: closed by the peer");
        assertThat(atA.log).isEmpty();
        fromB().close();
        run();
        assertThat(network.openEnds(A, B)).isZero();
    }

    @Test
    void reset_is_told_to_the_peer_alone() {
        connect();
        fromA().reset();
        run();

        assertThat(atB.log).containsExactly("closed: connection reset by the peer");
        assertThat(atA.log).isEmpty();
    }

    @Test
    void loss_of_the_connection_is_told_to_both_once() {
        connect();
        network.resetConnections(A, B);
        network.resetConnections(A, B);
        run();

        assertThat(atA.log).containsExactly("closed: connection reset");
        assertThat(atB.log).containsExactly("closed: connection reset");
    }

    @Test
    void link_that_is_down_keeps_messages_until_it_is_up() {
        connect();
        fromA().send(KeepaliveMessage.INSTANCE);
        network.setLink(A, B, false);
        fromA().send(NotificationMessage.cease(4));
        time.advance(Duration.ofHours(1));
        assertThat(atB.log).isEmpty();
        assertThat(fromA().isDrained()).isFalse();

        network.setLink(A, B, true);
        run();
        assertThat(atB.log).containsExactly("KEEPALIVE", "NOTIFICATION");
        assertThat(fromA().isDrained()).isTrue();
    }

    @Test
    void dialing_over_a_link_that_is_down_times_out() {
        listen(Optional.empty());
        network.setLink(A, B, false);
        dial(Optional.empty());
        time.advance(Duration.ofMinutes(1));

        assertThat(failures).containsExactly("connection timed out");
    }

    @Test
    void reader_that_pauses_stops_the_writer_and_loses_nothing() {
        connect();
        fromB().setReading(false);
        int sent = 0;
        while (fromA().isWritable()) {
            fromA().send(KeepaliveMessage.INSTANCE);
            run();
            sent++;
        }
        int progressBefore = atA.progress;
        run();
        assertThat(atB.messages).isEmpty();
        assertThat(atA.progress).isEqualTo(progressBefore);
        assertThat(fromA().isDrained()).isFalse();

        fromB().setReading(true);
        run();
        assertThat(atB.messages).hasSize(sent);
        assertThat(atA.log).containsExactly("writable");
        assertThat(fromA().isWritable()).isTrue();
    }

    @Test
    void garbage_is_an_error_and_the_last_thing_told() {
        connect();
        fromA().sendEncoded(new byte[40], 1);
        fromA().send(KeepaliveMessage.INSTANCE);
        run();

        assertThat(atB.log).hasSize(1).first().asString().startsWith("error 1/1");
    }

    @Test
    void connections_are_lost_at_random_when_asked_for() {
        network.setResetProbability(1);
        connect();
        fromA().send(KeepaliveMessage.INSTANCE);
        run();

        assertThat(atA.log).containsExactly("closed: connection reset");
        assertThat(atB.log).containsExactly("closed: connection reset");
    }

    @Test
    void nothing_is_delivered_from_inside_a_call() {
        network.setDelay(Duration.ZERO, Duration.ZERO);
        connect();
        fromA().send(KeepaliveMessage.INSTANCE);
        fromA().setReading(true);

        assertThat(atB.messages).isEmpty();
        assertThat(atA.progress).isZero();
    }

    @Test
    void thousand_messages_survive_any_cutting_of_the_stream() {
        connect();
        byte[] keepalive = new byte[19];
        Arrays.fill(keepalive, 0, 16, (byte) 0xFF);
        keepalive[17] = 19;
        keepalive[18] = 4;
        for (int i = 0; i < 1000; i++) {
            fromA().sendEncoded(keepalive, 1);
        }
        run();

        assertThat(atB.messages).isEqualTo(Collections.nCopies(1000, KeepaliveMessage.INSTANCE));
    }
}
