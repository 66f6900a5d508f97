package net.popbgp.speaker;

import static net.popbgp.speaker.Lab.KEY;
import static net.popbgp.speaker.Lab.join;
import static net.popbgp.speaker.Lab.received;
import static net.popbgp.speaker.Lab.until;
import static net.popbgp.speaker.Lab.untilUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import org.junit.jupiter.api.Test;

/** GTSM, BFD beside us, and the defaults of timers, over sockets. */
class SessionHygieneIT {

    @Test
    void bfd_ends_the_session_at_once_and_it_comes_back() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "127.0.74.1");
            BgpSpeaker two = lab.speaker(65002, "127.0.74.2");
            Lab.announce(two, Lab.prefixes(3));
            PeerHandle peer = join(one, two, c -> {});
            until(() -> received(peer) == 3);

            peer.bfdDown().toCompletableFuture().get(5, TimeUnit.SECONDS);

            PeerHandle there = two.peer(IpAddresses.parse("127.0.74.1")).orElseThrow();
            until(() -> there.status().lastDown().toString().contains("6/10 Cease/BFD Down"));
            assertThat(peer.status().lastDown().toString()).contains("BFD says that the peer is gone");
            until(() -> peer.status().established() == 2 && received(peer) == 3);
        }
    }

    @Test
    void bfd_without_a_session_changes_nothing() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "127.0.74.1");
            PeerHandle peer = one.addPeer(
                    PeerConfig.builder("127.0.74.9", 65002).passive(true).build());
            until(() -> peer.status().state() == net.popbgp.core.fsm.FsmState.ACTIVE);

            peer.bfdDown().toCompletableFuture().get(5, TimeUnit.SECONDS);

            assertThat(peer.status().state()).isEqualTo(net.popbgp.core.fsm.FsmState.ACTIVE);
            assertThat(peer.status().connectRetryCounter()).isZero();
        }
    }

    @Test
    void neighbours_with_gtsm_come_up_with_and_without_md5() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "127.0.74.1");
            BgpSpeaker two = lab.speaker(65002, "127.0.74.2");

            PeerHandle peer = join(one, two, c -> c.ttlSecurity(1).md5Key(KEY));

            untilUp(peer);
        }
    }

    @Test
    void a_peer_that_does_not_send_with_ttl_255_is_named_as_the_cause() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "127.0.74.1");
            BgpSpeaker two = lab.speaker(65002, "127.0.74.2");
            PeerHandle waiting =
                    two.addPeer(Lab.peer(one, two).passive(true).ttlSecurity(1).build());

            one.addPeer(Lab.peer(two, one).build());

            until(() -> waiting.status().diagnosis().contains("TTL too low for GTSM"));
            assertThat(waiting.status().established()).isZero();
        }
    }

    @Test
    void a_peer_that_cannot_be_protected_leaves_nothing_behind() throws Exception {
        try (BgpSpeaker speaker = BgpSpeaker.create(SpeakerConfig.builder(Asn.of(65001), RouterId.of("10.0.0.1"))
                .nativeTransport(false)
                .build())) {
            PeerConfig plain = PeerConfig.builder("127.0.74.9", 65002).build();

            assertThatThrownBy(() -> speaker.addPeer(
                            plain.toBuilder().ttlSecurity(1).md5Key(KEY).build()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.74.9");

            assertThat(speaker.peers()).isEmpty();
            assertThat(speaker.addPeer(plain).config().ttlSecurity()).isZero();
        }
    }

    @Test
    void the_send_hold_time_is_eight_minutes_or_twice_the_hold_time_unless_it_is_given() {
        PeerConfig.Builder peer = PeerConfig.builder("192.0.2.1", 65002);

        assertThat(peer.build().sendHoldTime()).isEqualTo(Duration.ofMinutes(8)); // RFC 9687, 6
        assertThat(peer.holdTime(Duration.ofMinutes(5)).build().sendHoldTime()).isEqualTo(Duration.ofMinutes(10));
        assertThatThrownBy(() -> peer.sendHoldTime(Duration.ofMinutes(5)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RFC 9687, 4.4");
        assertThat(peer.sendHoldTime(Duration.ZERO).build().sendHoldTime()).isZero();
    }
}
