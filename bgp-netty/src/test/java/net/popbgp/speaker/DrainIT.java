package net.popbgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both roles of graceful shutdown (RFC 8326): a neighbour with two ways to us moves its traffic before a session ends, and so do we. */
class DrainIT {

    private static final Prefix PREFIX = Prefix.of("10.1.0.0/16");

    private final Lab lab = new Lab();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private static <T> T done(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static List<Community> communities(BgpSpeaker at, String from) throws Exception {
        RoutePage page = done(at.routes(RouteQuery.adjRibIn(from)));
        return page.rows().stream()
                .flatMap(row -> row.attributes().communities().stream())
                .toList();
    }

    private static String best(BgpSpeaker speaker) throws Exception {
        return done(speaker.explain(PREFIX)).candidates().stream()
                .filter(candidate -> candidate.status() == RoutePage.Status.BEST)
                .map(RouteExplanation.Candidate::peer)
                .findFirst()
                .orElse("none");
    }

    private static void until(Condition condition) {
        Lab.until(() -> {
            try {
                return condition.holds();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    @Test
    void a_drained_peer_moves_both_directions_to_the_other_without_a_reset() throws Exception {
        BgpListener listener = new BgpListener() {
            @Override
            public void onDrain(String peer, Drain drain) {
                events.add(peer + " " + drain);
            }
        };
        BgpSpeaker pop = lab.speaker(65001, "127.0.71.1", listener);
        BgpSpeaker first = lab.speaker(65010, "127.0.71.2");
        BgpSpeaker second = lab.speaker(65010, "127.0.71.3");
        PeerHandle toFirst = Lab.join(pop, first, builder -> {});
        PeerHandle toSecond = Lab.join(pop, second, builder -> builder.metric(200));
        Lab.untilUp(toFirst);
        Lab.untilUp(toSecond);
        Lab.announce(first, List.of(PREFIX));
        Lab.announce(second, List.of(PREFIX));
        Lab.announce(pop, List.of(Prefix.of("10.2.0.0/16")));
        until(() -> best(pop).equals(toFirst.name()));

        done(toFirst.startDrain());
        assertThat(best(pop)).isEqualTo(toSecond.name());
        String popAtFirst = first.peers().get(0).config().name();
        until(() -> communities(first, popAtFirst).contains(Community.GRACEFUL_SHUTDOWN));
        assertThat(communities(second, popAtFirst)).isEmpty();
        assertThat(toFirst.status().drain()).isEqualTo(Drain.COMMANDED);

        done(toFirst.endDrain());
        assertThat(best(pop)).isEqualTo(toFirst.name());
        until(() -> communities(first, popAtFirst).isEmpty());
        assertThat(toFirst.status().established()).isEqualTo(1);
        assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(toFirst.name() + " COMMANDED");
        assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(toFirst.name() + " NONE");
    }

    @Test
    void a_drained_speaker_drains_all_its_peers_and_those_it_gets_later() throws Exception {
        BgpSpeaker pop = lab.speaker(65001, "127.0.71.1");
        BgpSpeaker first = lab.speaker(65010, "127.0.71.2");
        BgpSpeaker second = lab.speaker(65020, "127.0.71.3");
        Lab.announce(pop, List.of(PREFIX));
        PeerHandle toFirst = Lab.join(pop, first, builder -> {});
        Lab.untilUp(toFirst);
        String popThere = first.peers().get(0).config().name();
        until(() -> Lab.received(first.peer(popThere).orElseThrow()) == 1);

        done(pop.startDrain());
        PeerHandle toSecond = Lab.join(pop, second, builder -> {});
        until(() -> communities(first, popThere).contains(Community.GRACEFUL_SHUTDOWN));
        Lab.untilUp(toSecond);
        until(() -> communities(second, popThere).contains(Community.GRACEFUL_SHUTDOWN));
        assertThat(toSecond.drain()).isEqualTo(Drain.SPEAKER);
        assertThatThrownBy(toFirst::endDrain)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("whole speaker");

        done(pop.endDrain());
        until(() -> communities(first, popThere).isEmpty()
                && communities(second, popThere).isEmpty());
        assertThat(toFirst.status().established()).isEqualTo(1);
    }

    @Test
    void a_configured_drain_prepends_and_is_taken_back_by_configuration_only() throws Exception {
        BgpSpeaker pop = lab.speaker(65001, "127.0.71.1");
        BgpSpeaker first = lab.speaker(65010, "127.0.71.2");
        Lab.announce(pop, List.of(PREFIX));
        PeerHandle toFirst = Lab.join(pop, first, builder -> {});
        Lab.untilUp(toFirst);
        PeerConfig plain = toFirst.config();

        ReconfigureImpact impact = done(toFirst.reconfigure(plain.toBuilder()
                .routing(plain.routing().withGracefulShutdown(true).withDrainPrepend(2))
                .build()));

        assertThat(impact).isEqualTo(ReconfigureImpact.SOFT);
        until(() -> done(first.routes(RouteQuery.locRib())).rows().stream()
                .anyMatch(row -> row.attributes().asPath().toString().equals("65001 65001 65001")));
        assertThatThrownBy(toFirst::endDrain).hasMessageContaining("graceful-shutdown");

        done(toFirst.reconfigure(plain));
        until(() -> done(first.routes(RouteQuery.locRib())).rows().stream()
                .anyMatch(row -> row.attributes().asPath().toString().equals("65001")));
        assertThat(toFirst.status().established()).isEqualTo(1);
    }
}
