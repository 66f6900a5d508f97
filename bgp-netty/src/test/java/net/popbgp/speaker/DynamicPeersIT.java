package net.popbgp.speaker;

import static net.popbgp.speaker.Lab.KEY;
import static net.popbgp.speaker.Lab.received;
import static net.popbgp.speaker.Lab.until;
import static net.popbgp.speaker.Lab.untilUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.AsnRange;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.RoutePolicy;
import org.junit.jupiter.api.Test;

/** Peers that connect from a range and are not configured one by one. */
class DynamicPeersIT {

    private static final Prefix RANGE = Prefix.of("127.0.75.0/24");
    private static final Duration SOON = Duration.ofMillis(300);

    private static PeerConfig.Builder template() {
        return PeerConfig.builder("127.0.75.0", 65002)
                .holdTime(Duration.ofSeconds(9))
                .importPolicy(RoutePolicy.ACCEPT_ALL)
                .exportPolicy(RoutePolicy.ACCEPT_ALL);
    }

    private static DynamicPeersConfig branches(int limit, PeerConfig template) {
        return new DynamicPeersConfig("branches", RANGE, List.of(AsnRange.of(Asn.of(65002))), limit, SOON, template);
    }

    @Test
    void a_peer_is_made_when_it_connects_and_forgotten_when_its_session_is_gone() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker hub = lab.speaker(65001, "127.0.74.20");
            BgpSpeaker branch = lab.speaker(65002, "127.0.75.1");
            Lab.announce(hub, Lab.prefixes(3));
            hub.addDynamicPeers(branches(10, template().build()));
            assertThat(hub.peers()).isEmpty();

            PeerHandle there = branch.addPeer(Lab.peer(hub, branch).build());
            untilUp(there);
            until(() -> received(there) == 3);

            PeerStatus here = hub.peers().get(0);
            assertThat(here.config().name()).isEqualTo("branches-127.0.75.1");
            assertThat(here.dynamicRange()).isEqualTo("branches");
            assertThat(hub.dynamicPeers().get(0).peers()).isEqualTo(1);

            there.stop("").toCompletableFuture().join();
            until(() -> hub.peers().isEmpty());
            assertThat(hub.dynamicPeers().get(0).peers()).isZero();

            there.start();
            untilUp(there);
        }
    }

    @Test
    void more_than_the_limit_and_strangers_are_refused() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker hub = lab.speaker(65001, "127.0.74.20");
            BgpSpeaker first = lab.speaker(65002, "127.0.75.1");
            BgpSpeaker second = lab.speaker(65002, "127.0.75.2");
            BgpSpeaker stranger = lab.speaker(65002, "127.0.76.1");
            hub.addDynamicPeers(branches(1, template().build()));
            PeerHandle atFirst = first.addPeer(Lab.peer(hub, first).build());
            untilUp(atFirst);

            PeerHandle atSecond = second.addPeer(Lab.peer(hub, second).build());
            PeerHandle atStranger = stranger.addPeer(Lab.peer(hub, stranger).build());

            until(() -> hub.dynamicPeers().get(0).refused() >= 2);
            assertThat(hub.peers()).hasSize(1);
            assertThat(atSecond.status().established()).isZero();
            assertThat(atStranger.status().established()).isZero();
            assertThat(atFirst.status().established()).isEqualTo(1);

            atFirst.remove().toCompletableFuture().join();
            untilUp(atSecond);
        }
    }

    @Test
    void the_as_must_be_one_of_those_that_are_allowed() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker hub = lab.speaker(65001, "127.0.74.20");
            BgpSpeaker good = lab.speaker(64999, "127.0.75.1");
            BgpSpeaker bad = lab.speaker(65000, "127.0.75.2");
            hub.addDynamicPeers(new DynamicPeersConfig(
                    "branches",
                    RANGE,
                    List.of(AsnRange.of(Asn.of(64000)), new AsnRange(Asn.of(64512), Asn.of(64999))),
                    10,
                    SOON,
                    template().build()));

            PeerHandle atGood = good.addPeer(Lab.peer(hub, good).build());
            PeerHandle atBad = bad.addPeer(Lab.peer(hub, bad).build());

            untilUp(atGood);
            until(() -> atBad.status().lastDown().toString().contains("Bad Peer AS"));
            assertThat(atBad.status().established()).isZero();
        }
    }

    @Test
    void one_md5_key_protects_the_whole_range() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker hub = lab.speaker(65001, "127.0.74.20");
            BgpSpeaker with = lab.speaker(65002, "127.0.75.1");
            BgpSpeaker without = lab.speaker(65002, "127.0.75.2");
            hub.addDynamicPeers(branches(10, template().md5Key(KEY).build()));

            PeerHandle atWith = with.addPeer(Lab.peer(hub, with).md5Key(KEY).build());
            PeerHandle atWithout = without.addPeer(Lab.peer(hub, without).build());

            untilUp(atWith);
            assertThat(atWithout.status().established()).isZero();
            assertThat(hub.peers()).hasSize(1);

            hub.removeDynamicPeers("branches");
            until(() -> hub.peers().isEmpty());
            until(() -> atWith.status().lastDown().toString().contains("Peer De-configured"));
        }
    }

    @Test
    void a_configured_peer_takes_the_place_of_a_dynamic_one() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker hub = lab.speaker(65001, "127.0.74.20");
            BgpSpeaker branch = lab.speaker(65002, "127.0.75.1");
            hub.addDynamicPeers(branches(10, template().build()));
            PeerHandle there = branch.addPeer(Lab.peer(hub, branch).build());
            untilUp(there);

            hub.addPeer(Lab.peer(branch, hub).name("headquarters").build());

            until(() -> hub.peer("headquarters").orElseThrow().status().isEstablished());
            assertThat(hub.peer(IpAddresses.parse("127.0.75.1")).orElseThrow().dynamicRange())
                    .isEmpty();
            assertThat(hub.dynamicPeers().get(0).peers()).isZero();
        }
    }

    @Test
    void other_settings_reach_the_peers_that_are_there_with_the_least_disturbance() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker hub = lab.speaker(65001, "127.0.74.20");
            BgpSpeaker branch = lab.speaker(65002, "127.0.75.1");
            Lab.announce(hub, Lab.prefixes(3));
            hub.addDynamicPeers(branches(10, template().build()));
            PeerHandle there = branch.addPeer(Lab.peer(hub, branch).build());
            until(() -> there.status().isEstablished() && received(there) == 3);

            hub.changeDynamicPeers(branches(
                            7, template().exportPolicy(RoutePolicy.REJECT_ALL).build()))
                    .toCompletableFuture()
                    .join();

            until(() -> received(there) == 0);
            assertThat(there.status().established()).isEqualTo(1);
            assertThat(hub.dynamicPeers().get(0).config().limit()).isEqualTo(7);
            assertThatThrownBy(() -> hub.changeDynamicPeers(new DynamicPeersConfig(
                            "branches",
                            Prefix.of("127.0.79.0/24"),
                            List.of(AsnRange.of(Asn.of(65002))),
                            5,
                            SOON,
                            template().build())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("127.0.79.0/24");
        }
    }

    @Test
    void a_range_is_given_once_and_its_as_numbers_are_all_of_one_kind() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker hub = lab.speaker(65001, "127.0.74.20");
            hub.addDynamicPeers(branches(10, template().build()));

            assertThatThrownBy(() -> hub.addDynamicPeers(branches(5, template().build())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("already");
            assertThatThrownBy(() -> hub.addDynamicPeers(new DynamicPeersConfig(
                            "mixed",
                            Prefix.of("127.0.77.0/24"),
                            List.of(new AsnRange(Asn.of(65000), Asn.of(65002))),
                            5,
                            SOON,
                            template().build())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("all external or all internal");
            assertThat(hub.dynamicPeers()).hasSize(1);
        }
    }
}
