package net.popbgp.speaker;

import static net.popbgp.speaker.Lab.IPV4;
import static net.popbgp.speaker.Lab.received;
import static net.popbgp.speaker.Lab.until;
import static net.popbgp.speaker.Lab.untilUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.RoutePolicy;
import org.junit.jupiter.api.Test;

/** One speaker takes the place of another (RFC 4724, 4.1), with a peer that is configured and one that comes from a range. */
class OwnRestartIT {

    private static final Duration DEFERRAL = Duration.ofSeconds(30);

    private static BgpSpeaker hub(InetSocketAddress listen, BgpListener... listeners) throws Exception {
        BgpSpeaker hub = BgpSpeaker.create(
                SpeakerConfig.builder(Asn.of(65001), RouterId.of("127.0.77.1"))
                        .listen(listen)
                        .ioThreads(1)
                        .build(),
                listeners);
        hub.addDynamicPeers(DynamicPeersConfig.of(
                "branches",
                Prefix.of("127.0.78.0/24"),
                10,
                PeerConfig.builder("127.0.78.0", 65002)
                        .holdTime(Duration.ofSeconds(9))
                        .importPolicy(RoutePolicy.ACCEPT_ALL)
                        .exportPolicy(RoutePolicy.ACCEPT_ALL)
                        .gracefulRestart(GracefulRestart.ON.withForwardingPreserved(true))
                        .build()));
        Lab.announce(hub, Lab.prefixes(3));
        return hub;
    }

    private static PeerHandle branch(Lab lab, BgpSpeaker hub, String address) throws Exception {
        BgpSpeaker branch = lab.speaker(65002, address);
        return branch.addPeer(
                Lab.peer(hub, branch).gracefulRestart(GracefulRestart.ON).build());
    }

    private static Capability.GracefulRestart said(PeerHandle hubAsSeen) {
        return hubAsSeen.status().negotiated().orElseThrow().gracefulRestart().orElseThrow();
    }

    @Test
    void peers_keep_our_routes_over_a_restart_also_those_that_come_from_a_range() throws Exception {
        List<String> selected = new CopyOnWriteArrayList<>();
        BgpListener listener = new BgpListener() {
            @Override
            public void onSelectionMade(AddressFamily family, Set<String> missing) {
                selected.add(family + " " + missing);
            }
        };
        try (Lab lab = new Lab();
                BgpSpeaker before = hub(new InetSocketAddress("127.0.77.1", 0))) {
            before.start().toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(before.restartStatus()).isEmpty();
            PeerHandle known = branch(lab, before, "127.0.78.1");
            until(() -> received(known) == 3);
            assertThat(said(known).restarted()).isFalse();

            before.closeForRestart();
            until(() -> known.status().staleRoutes().isPresent());
            assertThat(known.status().lastDown().kind()).isEqualTo(DownReason.Kind.CONNECTION_LOST);

            InetSocketAddress same =
                    new InetSocketAddress(known.remoteAddress(), known.config().remotePort());
            try (BgpSpeaker after = hub(same, listener)) {
                after.start(new SpeakerRestart(Map.of("branches-127.0.78.1", Set.of(IPV4)), true, DEFERRAL))
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS);
                untilUp(known);
                assertThat(said(known).restarted()).isTrue();
                assertThat(said(known).families()).allMatch(Capability.GracefulRestart.Family::forwardingPreserved);
                until(() -> received(known) == 3 && known.status().staleRoutes().isEmpty());
                until(() -> selected.equals(List.of(IPV4 + " []")));
                until(() -> after.restartStatus().orElseThrow().isOver());

                PeerHandle late = branch(lab, after, "127.0.78.2");
                untilUp(late);
                assertThat(said(late).restarted()).isFalse();
                assertThat(said(late).families()).noneMatch(Capability.GracefulRestart.Family::forwardingPreserved);
            }
        }
    }

    @Test
    void the_selection_cannot_be_deferred_for_no_time() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SpeakerRestart(Map.of(), true, Duration.ZERO))
                .withMessageContaining("PT0S");
    }
}
