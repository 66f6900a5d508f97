package net.popbgp.sim.virtual;

import static net.popbgp.sim.virtual.VirtualSpeaker.connect;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Route;
import org.junit.jupiter.api.Test;

/** Whether and at which cost next hops are reached decides about routes (RFC 4271, 9.1.2 and 9.1.2.2 e). */
class NextHopVirtualTest {

    private static final Prefix PREFIX = Prefix.of("203.0.113.0/24");

    private final VirtualNetwork network = new VirtualNetwork(new VirtualTime(), 1);
    private final VirtualSpeaker pop = new VirtualSpeaker(network, "10.0.0.1", 64500);
    private final VirtualSpeaker left = new VirtualSpeaker(network, "10.0.1.1", 64500);
    private final VirtualSpeaker right = new VirtualSpeaker(network, "10.0.2.1", 64500);
    private final VirtualSpeaker observer = new VirtualSpeaker(network, "10.0.3.1", 64999);

    private void settle() {
        connect(pop, left);
        connect(pop, right);
        connect(pop, observer);
        left.announce(PREFIX, builder -> builder);
        right.announce(PREFIX, builder -> builder);
        assertThat(network.time()
                        .advanceUntil(
                                () -> Stream.of(pop, left, right, observer).allMatch(VirtualSpeaker::isUp),
                                Duration.ofSeconds(30)))
                .isTrue();
        network.time().advance(Duration.ofSeconds(2));
    }

    private void change(UnaryOperator<NextHopTable> change) {
        pop.ask(tables -> {
            pop.engine.replaceNextHops(change.apply(tables.nextHops()));
            return true;
        });
        network.time().advance(Duration.ofSeconds(2));
        assertThat(pop.bugs).isEmpty();
    }

    private Optional<String> chosen() {
        return pop.best(PREFIX).map(Route::source).map(source -> source.peer().getHostAddress());
    }

    @Test
    void the_route_with_the_nearer_next_hop_wins_and_the_step_is_named() {
        settle();
        assertThat(chosen()).contains("10.0.1.1");

        change(table -> table.with(Prefix.of("10.0.1.0/24"), 20).with(Prefix.of("10.0.2.0/24"), 10));
        assertThat(chosen()).contains("10.0.2.1");
        assertThat(pop.<Optional<DecisionStep>>ask(
                        tables -> tables.explain(PREFIX).step()))
                .contains(DecisionStep.INTERIOR_COST);

        change(table -> table.with(Prefix.of("10.0.2.0/24"), 30));
        assertThat(chosen()).contains("10.0.1.1");
    }

    @Test
    void a_route_whose_next_hop_gets_lost_gives_way_and_returns_with_it() {
        settle();
        change(table -> table.with(Prefix.of("10.0.1.0/24"), NextHopTable.UNREACHABLE));
        assertThat(chosen()).contains("10.0.2.1");

        change(table -> table.without(Prefix.of("10.0.1.0/24")));
        assertThat(chosen()).contains("10.0.1.1");
    }

    @Test
    void a_prefix_without_reachable_next_hop_is_not_selected_and_not_advertised_until_it_has_one() {
        settle();
        change(table -> table.with(Prefix.of("10.0.0.0/16"), NextHopTable.UNREACHABLE));
        assertThat(chosen()).isEmpty();
        assertThat(observer.best(PREFIX)).isEmpty();
        assertThat(pop.<Stream<String>>ask(
                        tables -> tables.explain(PREFIX).routes().stream().map(row -> row.rejectReason())))
                .containsExactly("next hop unresolvable", "next hop unresolvable");

        change(table -> table.with(Prefix.of("10.0.2.1/32"), 5));
        assertThat(chosen()).contains("10.0.2.1");
        assertThat(observer.best(PREFIX)).isPresent();
    }

    @Test
    void a_route_that_comes_while_its_next_hop_is_lost_waits_for_it() {
        change(table -> table.with(Prefix.of("10.0.0.0/16"), NextHopTable.UNREACHABLE));
        settle();
        assertThat(chosen()).isEmpty();

        change(table -> NextHopTable.EMPTY);
        assertThat(chosen()).contains("10.0.1.1");
        assertThat(observer.best(PREFIX)).isPresent();
    }
}
