package net.popbgp.speaker;

import static net.popbgp.speaker.Lab.IPV4;
import static net.popbgp.speaker.Lab.KEY;
import static net.popbgp.speaker.Lab.best;
import static net.popbgp.speaker.Lab.join;
import static net.popbgp.speaker.Lab.prefixes;
import static net.popbgp.speaker.Lab.received;
import static net.popbgp.speaker.Lab.until;
import static net.popbgp.speaker.Lab.untilUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.RibChange;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RoutePolicy;
import org.junit.jupiter.api.Test;

class SpeakerIT {

    @Test
    void two_speakers_exchange_routes_over_an_md5_session() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            Lab.announce(pop, prefixes(10));
            Lab.announce(edge, List.of(Prefix.of("172.16.0.0/16")));

            PeerHandle peer = join(pop, edge, c -> c.md5Key(KEY));

            untilUp(peer);
            until(() -> received(peer) == 1);
            PeerHandle there = edge.peer(IpAddresses.parse("127.0.1.1")).orElseThrow();
            until(() -> received(there) == 10);
            RoutePage page = edge.routes(RouteQuery.locRib().within(Prefix.of("10.0.0.0/24")))
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS);
            assertThat(page.rows()).hasSize(1);
            assertThat(page.rows().get(0).attributes().asPath().toString()).isEqualTo("65001");
            assertThat(page.rows().get(0).attributes().nextHop().orElseThrow().toString())
                    .isEqualTo("127.0.1.1");
            assertThat(peer.status().negotiated().orElseThrow().holdTime()).isEqualTo(9);
            assertThat(peer.status().prefixes(IPV4).endOfRib()).isTrue();
        }
    }

    @Test
    void withdrawn_routes_disappear_at_the_peer() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            PeerHandle peer = join(pop, edge, c -> {});
            Lab.announce(edge, prefixes(1000));
            until(() -> received(peer) == 1000);

            edge.withdraw(prefixes(400)).toCompletableFuture().get(5, TimeUnit.SECONDS);

            until(() -> received(peer) == 600);
        }
    }

    @Test
    void wrong_md5_key_never_leaves_connect_and_the_status_says_why() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            edge.addPeer(
                    Lab.peer(pop, edge).passive(true).md5Key(Md5Key.of("other")).build());
            PeerHandle peer = pop.addPeer(Lab.peer(edge, pop).md5Key(KEY).build());

            until(() -> peer.status().diagnosis().contains("rejected"));

            assertThat(peer.status().diagnosis()).contains("with a wrong MD5 key");
            assertThat(peer.status().established()).isZero();
        }
    }

    @Test
    void external_peer_without_policy_gives_and_gets_nothing() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            Lab.announce(pop, prefixes(3));
            Lab.announce(edge, List.of(Prefix.of("172.16.0.0/16")));
            edge.addPeer(Lab.peer(pop, edge).passive(true).build());
            PeerConfig all = Lab.peer(edge, pop).build();
            PeerHandle peer = pop.addPeer(PeerConfig.builder(all.remoteAddress(), all.remoteAs())
                    .remotePort(all.remotePort())
                    .localAddress(all.localAddress().orElseThrow())
                    .build());

            untilUp(peer);
            until(() -> received(peer) == 1);

            PeerStatus.Prefixes counts = peer.status().prefixes(IPV4);
            assertThat(counts.accepted()).isZero();
            assertThat(counts.advertised()).isZero();
        }
    }

    @Test
    void lost_primary_moves_every_prefix_to_the_secondary_and_its_return_moves_them_back() throws Exception {
        List<Failover> failovers = new CopyOnWriteArrayList<>();
        List<Failover> completed = new CopyOnWriteArrayList<>();
        AtomicInteger withdrawn = new AtomicInteger();
        BgpListener listener = new BgpListener() {
            @Override
            public void onFailover(Failover failover) {
                failovers.add(failover);
            }

            @Override
            public void onFailoverCompleted(Failover failover) {
                completed.add(failover);
            }

            @Override
            public void onLocRibChange(List<RibChange> changes) {
                changes.stream().filter(c -> c.current().isEmpty()).forEach(c -> withdrawn.incrementAndGet());
            }
        };
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1", listener);
            BgpSpeaker first = lab.speaker(12076, "127.0.1.2");
            BgpSpeaker second = lab.speaker(12076, "127.0.1.3");
            Lab.announce(first, prefixes(1000));
            Lab.announce(second, prefixes(1000));
            first.addPeer(Lab.peer(pop, first).passive(true).build());
            second.addPeer(Lab.peer(pop, second).passive(true).build());
            PeerHandle primary =
                    pop.addPeer(Lab.peer(first, pop).name("primary").metric(90).build());
            PeerHandle secondary = pop.addPeer(
                    Lab.peer(second, pop).name("secondary").metric(100).build());
            CircuitGroup group = pop.addCircuitGroup("azure", primary, secondary);
            until(() -> best(primary) == 1000 && received(secondary) == 1000);
            until(() -> group.active().equals(java.util.Optional.of(primary)));
            assertThat(first.peers().get(0).prefixes(IPV4).received()).isZero();
            assertThat(second.peers().get(0).prefixes(IPV4).received()).isZero();

            first.peerHandles().get(0).stop("maintenance").toCompletableFuture().get(5, TimeUnit.SECONDS);

            until(() -> best(secondary) == 1000);
            until(() -> failovers.stream().anyMatch(f -> f.to().equals("secondary") && f.prefixes() == 1000));
            until(() -> completed.stream().anyMatch(f -> f.to().equals("secondary")));
            Failover complete = completed.get(completed.size() - 1);
            assertThat(group.lastFailover()).contains(complete);
            assertThat(complete.prefixes()).isEqualTo(1000);
            assertThat(complete.detectionToSwitch().orElseThrow()).isGreaterThanOrEqualTo(complete.detectionToEvent());
            assertThat(withdrawn).hasValue(0);
            assertThat(group.active()).contains(secondary);
            assertThat(primary.status().lastDown().notification().orElseThrow().shutdownCommunication())
                    .contains("maintenance");

            first.peerHandles().get(0).start();

            until(() -> best(primary) == 1000);
            until(() -> group.active().equals(java.util.Optional.of(primary)));
            assertThat(withdrawn).hasValue(0);
        }
    }

    @Test
    void peer_over_its_prefix_limit_is_told_so_and_comes_back_when_the_limit_is_raised() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            List<NotificationMessage> received = new CopyOnWriteArrayList<>();
            BgpSpeaker noisy = lab.speaker(12076, "127.0.1.3", new BgpListener() {
                @Override
                public void onNotification(String peer, Direction direction, NotificationMessage message) {
                    if (direction == Direction.RECEIVED) {
                        received.add(message);
                    }
                }
            });
            assertThat(edge.peers()).isEmpty();
            PeerHandle peer = join(
                    pop,
                    noisy,
                    c -> c.prefixLimit(
                            IPV4, new PrefixLimit(100, 80, PrefixLimit.Action.TEAR_DOWN, Duration.ofMinutes(10))));
            Lab.announce(noisy, prefixes(100));
            until(() -> received(peer) == 100);
            assertThat(peer.status().prefixes(IPV4).limitWarning()).isTrue();

            Lab.announce(noisy, prefixes(101));

            until(() -> !received.isEmpty());
            assertThat(received.get(0)).isEqualTo(NotificationMessage.maximumPrefixes(IPV4, 100));
            until(() -> peer.status().state() == FsmState.IDLE);
            assertThat(peer.status().diagnosis()).contains("prefix limit of 100");

            peer.reconfigure(peer.config().toBuilder()
                    .prefixLimit(IPV4, PrefixLimit.tearDown(200))
                    .build());

            until(() -> received(peer) == 101);
        }
    }

    @Test
    void peer_over_its_prefix_limit_is_tried_again_after_the_restart_time() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            PeerHandle peer = join(
                    pop,
                    edge,
                    c -> c.prefixLimit(
                            IPV4, new PrefixLimit(100, 80, PrefixLimit.Action.TEAR_DOWN, Duration.ofSeconds(1))));
            untilUp(peer);
            Lab.announce(edge, prefixes(101));
            until(() -> peer.status().state() == FsmState.IDLE);
            assertThat(peer.status().lastDown().notification())
                    .contains(NotificationMessage.maximumPrefixes(IPV4, 100));

            edge.withdraw(prefixes(1)).toCompletableFuture().get(5, TimeUnit.SECONDS);

            until(() -> received(peer) == 100);
            assertThat(peer.status().established()).isEqualTo(2);
        }
    }

    @Test
    void outbound_guard_withholds_what_exceeds_it_and_lets_go_when_there_is_room() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            PeerHandle peer = join(pop, edge, c -> c.outboundGuard(IPV4, OutboundGuard.of(100)));
            untilUp(peer);
            PeerHandle there = edge.peerHandles().get(0);
            Lab.announce(pop, prefixes(101));

            until(() -> received(there) == 100);
            until(() -> peer.status().prefixes(IPV4).withheld() == 1);
            assertThat(peer.withheld(IPV4, 10).toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .containsExactly(prefixes(101).get(100));
            assertThat(peer.status().prefixes(IPV4).guardWarning()).isTrue();

            pop.withdraw(prefixes(1));

            until(() -> peer.status().prefixes(IPV4).withheld() == 0);
            until(() -> received(there) == 100);
        }
    }

    @Test
    void discarding_limit_keeps_the_session_and_takes_no_more() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            PeerHandle peer = join(
                    pop,
                    edge,
                    c -> c.prefixLimit(IPV4, new PrefixLimit(100, 80, PrefixLimit.Action.DISCARD, Duration.ZERO)));
            untilUp(peer);
            Lab.announce(edge, prefixes(150));
            Lab.announce(edge, List.of(Prefix.of("172.16.0.0/16")));
            Lab.announce(edge, prefixes(1)); // replaces a route: fine

            until(() -> received(peer) == 100);
            assertThat(peer.status().isEstablished()).isTrue();

            edge.withdraw(prefixes(50)).toCompletableFuture().get(5, TimeUnit.SECONDS);
            until(() -> received(peer) == 50);
        }
    }

    @Test
    void start_and_close_leave_no_thread_behind() throws Exception {
        for (int round = 0; round < 10; round++) {
            try (Lab lab = new Lab()) {
                BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
                BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
                untilUp(join(pop, edge, c -> {}));
            }
        }
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.isAlive() && t.getName().startsWith("bgp-")));
    }

    @Test
    void slow_listener_costs_only_itself() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger blocked = new AtomicInteger();
        BgpListener slow = new BgpListener() {
            @Override
            public void onStateChange(String peer, FsmState from, FsmState to, DownReason reason) {
                blocked.incrementAndGet();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        List<FsmState> seen = new CopyOnWriteArrayList<>();
        BgpListener quick = new BgpListener() {
            @Override
            public void onStateChange(String peer, FsmState from, FsmState to, DownReason reason) {
                seen.add(to);
            }
        };
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1", slow, quick);
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            PeerHandle peer = join(pop, edge, c -> {});
            untilUp(peer);
            Lab.announce(edge, prefixes(1000));
            until(() -> received(peer) == 1000);
            until(() -> seen.contains(FsmState.ESTABLISHED));
            assertThat(blocked).hasValue(1);
            release.countDown();
            until(() -> blocked.get() > 1);
        }
    }

    @Test
    void peer_with_md5_is_refused_without_the_native_transport() {
        try (BgpSpeaker speaker = BgpSpeaker.create(SpeakerConfig.builder(Asn.of(65001), RouterId.of("10.0.0.1"))
                .nativeTransport(false)
                .build())) {
            PeerConfig config =
                    PeerConfig.builder("127.0.1.2", 12076).md5Key(KEY).build();

            assertThatThrownBy(() -> speaker.addPeer(config))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.1.2");
            assertThat(speaker.peers()).isEmpty();
        }
    }

    @Test
    void stopping_a_peer_takes_its_routes_away_before_the_stage_completes() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.1.1");
            BgpSpeaker edge = lab.speaker(12076, "127.0.1.2");
            PeerHandle peer = join(pop, edge, c -> c.importPolicy(RoutePolicy.ACCEPT_ALL));
            Lab.announce(edge, prefixes(100));
            until(() -> received(peer) == 100);

            peer.stop("bye").toCompletableFuture().get(5, TimeUnit.SECONDS);

            assertThat(pop.routes(RouteQuery.locRib())
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS)
                            .rows())
                    .isEmpty();
            assertThat(peer.status().state()).isEqualTo(FsmState.IDLE);
            assertThat(peer.status().enabled()).isFalse();
        }
    }
}
