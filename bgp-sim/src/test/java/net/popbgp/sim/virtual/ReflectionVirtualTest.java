package net.popbgp.sim.virtual;

import static net.popbgp.sim.virtual.VirtualSpeaker.connect;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerRouting;
import org.junit.jupiter.api.Test;

/** Route reflection (RFC 4456) and the rules without it (RFC 4271, 9.2), over several speakers of one AS. */
class ReflectionVirtualTest {

    private static final int AS = 64500;
    private static final Prefix PREFIX = Prefix.of("203.0.113.0/24");
    private static final PeerRouting PLAIN = PeerRouting.DEFAULT;
    private static final PeerRouting CLIENT = PLAIN.withReflectorClient(true);
    private static final RouterId CLUSTER = RouterId.of("10.9.9.9");

    private final VirtualNetwork network = new VirtualNetwork(new VirtualTime(), 1);
    private final VirtualSpeaker outside = new VirtualSpeaker(network, "192.0.2.99", 64999);
    private final VirtualSpeaker reflector = new VirtualSpeaker(network, "10.0.0.1", AS, CLUSTER);
    private final VirtualSpeaker first = new VirtualSpeaker(network, "10.0.0.2", AS);
    private final VirtualSpeaker second = new VirtualSpeaker(network, "10.0.0.3", AS);
    private final VirtualSpeaker third = new VirtualSpeaker(network, "10.0.0.4", AS);

    private void settle(VirtualSpeaker... speakers) {
        assertThat(network.time()
                        .advanceUntil(() -> Stream.of(speakers).allMatch(VirtualSpeaker::isUp), Duration.ofSeconds(30)))
                .isTrue();
        pass();
        assertThat(speakers).allSatisfy(each -> assertThat(each.bugs).isEmpty());
    }

    private void pass() {
        network.time().advance(Duration.ofSeconds(2));
    }

    @Test
    void internal_routes_do_not_pass_from_one_internal_peer_to_another_without_reflection() {
        connect(first, reflector);
        connect(reflector, second);
        connect(reflector, outside);
        first.announce(PREFIX, builder -> builder);
        settle(reflector, first, second, outside);

        assertThat(reflector.best(PREFIX)).isPresent();
        assertThat(second.best(PREFIX)).isEmpty();
        assertThat(outside.best(PREFIX)).as("external peers do get it").isPresent();

        outside.announce(Prefix.of("198.51.100.0/24"), builder -> builder);
        pass();
        assertThat(Stream.of(first, second).map(each -> each.best(Prefix.of("198.51.100.0/24"))))
                .as("an external route goes to all internal peers")
                .allMatch(java.util.Optional::isPresent);
    }

    @Test
    void a_client_s_route_reaches_clients_and_others_marked_and_otherwise_as_it_was() {
        connect(reflector, CLIENT, first, PLAIN);
        connect(reflector, CLIENT, second, PLAIN);
        connect(reflector, PLAIN, third, PLAIN);
        first.announce(PREFIX, builder -> builder.localPref(150).multiExitDisc(7));
        settle(reflector, first, second, third);

        PathAttributes expected = PathAttributes.builder()
                .asPath(AsPath.of())
                .nextHop(first.address)
                .localPref(150)
                .multiExitDisc(7)
                .originatorId(RouterId.of("10.0.0.2"))
                .clusterList(List.of(CLUSTER))
                .build();
        assertThat(second.bestAttributes(PREFIX)).contains(expected);
        assertThat(third.bestAttributes(PREFIX)).contains(expected);
        assertThat(first.best(PREFIX).orElseThrow().source().isLocal()).isTrue();
        assertThat(first.<Integer>ask(tables -> tables.explain(PREFIX).routes().size()))
                .as("never back to the client it came from")
                .isEqualTo(1);
    }

    @Test
    void a_route_of_a_peer_that_is_no_client_reaches_clients_only() {
        VirtualSpeaker fourth = new VirtualSpeaker(network, "10.0.0.5", AS);
        connect(reflector, PLAIN, first, PLAIN);
        connect(reflector, CLIENT, second, PLAIN);
        connect(reflector, PLAIN, fourth, PLAIN);
        first.announce(PREFIX, builder -> builder);
        settle(reflector, first, second, fourth);

        assertThat(second.best(PREFIX)).isPresent();
        assertThat(fourth.best(PREFIX)).isEmpty();
    }

    @Test
    void clients_are_made_and_unmade_while_the_sessions_stay() {
        connect(reflector, first);
        connect(reflector, second);
        first.announce(PREFIX, builder -> builder);
        settle(reflector, first, second);
        assertThat(second.best(PREFIX)).isEmpty();

        reflector.reconfigure(first, routing -> routing.withReflectorClient(true));
        pass();
        assertThat(second.best(PREFIX)).isPresent();

        reflector.reconfigure(first, routing -> routing.withReflectorClient(false));
        pass();
        assertThat(second.best(PREFIX)).isEmpty();

        reflector.reconfigure(second, routing -> routing.withReflectorClient(true));
        pass();
        assertThat(second.best(PREFIX)).isPresent();
        assertThat(reflector.peer(second).view().established()).isEqualTo(1);
    }

    @Test
    void a_route_that_our_cluster_has_reflected_before_is_ignored() {
        VirtualSpeaker twin = new VirtualSpeaker(network, "10.0.0.6", AS, CLUSTER);
        connect(reflector, CLIENT, first, PLAIN);
        connect(reflector, PLAIN, twin, PLAIN);
        first.announce(PREFIX, builder -> builder);
        settle(reflector, first, twin);

        assertThat(reflector.best(PREFIX)).isPresent();
        assertThat(twin.<Integer>ask(tables -> tables.explain(PREFIX).routes().size()))
                .isZero();
    }

    @Test
    void reflectors_in_a_ring_end_with_the_route_everywhere_and_nothing_after_its_withdrawal() {
        VirtualSpeaker left = new VirtualSpeaker(network, "10.0.1.1", AS);
        VirtualSpeaker right = new VirtualSpeaker(network, "10.0.1.2", AS);
        connect(reflector, CLIENT, left, CLIENT);
        connect(left, CLIENT, right, CLIENT);
        connect(right, CLIENT, reflector, CLIENT);
        connect(left, CLIENT, first, PLAIN);
        first.announce(PREFIX, builder -> builder);
        settle(reflector, left, right, first);

        assertThat(List.of(reflector, left, right))
                .allSatisfy(each -> assertThat(each.best(PREFIX)).isPresent());

        first.withdraw(PREFIX);
        pass();
        assertThat(List.of(reflector, left, right))
                .allSatisfy(each -> assertThat(each.best(PREFIX)).isEmpty());
        assertThat(List.of(reflector, left, right))
                .allSatisfy(each -> assertThat(each.<Integer>ask(
                                tables -> tables.explain(PREFIX).routes().size()))
                        .isZero());
    }
}
