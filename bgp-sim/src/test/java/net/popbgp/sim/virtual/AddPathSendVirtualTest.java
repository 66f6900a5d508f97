package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.RibPage;
import net.popbgp.session.RestartSettings;
import org.junit.jupiter.api.Test;

/** A speaker that sends the two best paths of a prefix to another (RFC 7911), and sessions that are lost, on one clock. */
class AddPathSendVirtualTest {

    private static final Prefix PREFIX = Prefix.of("203.0.113.0/24");
    private static final RestartSettings BRIDGED = new RestartSettings(true, Duration.ofMinutes(3), Map.of());

    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, 1);
    private final VirtualSpeaker first = new VirtualSpeaker(network, "192.0.2.1", 64501);
    private final VirtualSpeaker second = new VirtualSpeaker(network, "192.0.2.2", 64502);

    private VirtualSpeaker speaker(String address, int as, RestartSettings restart) {
        return new VirtualSpeaker(network, address, as, RouterId.of(address), 2, restart);
    }

    /** Connects both sources to the sender and that to the receiver. */
    private void up(VirtualSpeaker sender, VirtualSpeaker receiver) {
        VirtualSpeaker.connect(first, sender);
        VirtualSpeaker.connect(second, sender);
        VirtualSpeaker.connect(sender, receiver);
        awaitUp(sender);
        first.announce(PREFIX, builder -> builder);
        second.announce(PREFIX, builder -> builder);
        time.advance(Duration.ofSeconds(1));
        assertThat(held(receiver)).isEqualTo(Map.of(1L, "64503 64501", 2L, "64503 64502"));
    }

    private void awaitUp(VirtualSpeaker speaker) {
        assertThat(time.advanceUntil(speaker::isUp, Duration.ofMinutes(2))).isTrue();
    }

    private void lose(VirtualSpeaker a, VirtualSpeaker b) {
        network.setLink(a.address, b.address, false);
        network.resetConnections(a.address, b.address);
        assertThat(time.advanceUntil(() -> !a.isUp() && !b.isUp(), Duration.ofSeconds(10)))
                .isTrue();
    }

    private void restore(VirtualSpeaker a, VirtualSpeaker b) {
        network.setLink(a.address, b.address, true);
        awaitUp(a);
        awaitUp(b);
        time.advance(Duration.ofSeconds(1));
    }

    /** {@return the AS_PATHs that a receiver holds of the prefix, by Path Identifier} */
    private static Map<Long, String> held(VirtualSpeaker receiver) {
        List<RibPage.Row> rows = receiver.ask(tables -> tables.explain(PREFIX).routes());
        Map<Long, String> held = new TreeMap<>();
        rows.forEach(row -> held.put(
                row.pathId().orElse(0), row.route().attributes().asPath().toString()));
        return held;
    }

    @Test
    void a_change_of_the_order_replaces_the_paths_in_their_places() {
        VirtualSpeaker sender = speaker("192.0.2.3", 64503, RestartSettings.OFF);
        VirtualSpeaker receiver = speaker("192.0.2.4", 64504, RestartSettings.OFF);
        up(sender, receiver);

        first.announce(PREFIX, builder -> builder.asPath(64900));
        time.advance(Duration.ofSeconds(1));
        assertThat(held(receiver)).isEqualTo(Map.of(1L, "64503 64502", 2L, "64503 64501 64900"));
        second.withdraw(PREFIX);
        time.advance(Duration.ofSeconds(1));
        assertThat(held(receiver)).isEqualTo(Map.of(1L, "64503 64501 64900"));
    }

    @Test
    void all_paths_go_with_the_session_and_come_back_with_the_next() {
        VirtualSpeaker sender = speaker("192.0.2.3", 64503, RestartSettings.OFF);
        VirtualSpeaker receiver = speaker("192.0.2.4", 64504, RestartSettings.OFF);
        up(sender, receiver);

        lose(sender, receiver);
        assertThat(held(receiver)).isEmpty();
        restore(sender, receiver);
        assertThat(held(receiver)).isEqualTo(Map.of(1L, "64503 64501", 2L, "64503 64502"));
    }

    @Test
    void paths_outlive_a_graceful_loss_and_end_of_rib_takes_those_that_went_meanwhile() {
        VirtualSpeaker sender = speaker("192.0.2.3", 64503, BRIDGED);
        VirtualSpeaker receiver = speaker("192.0.2.4", 64504, BRIDGED);
        up(sender, receiver);

        lose(sender, receiver);
        assertThat(held(receiver)).as("stale").hasSize(2);
        first.withdraw(PREFIX);
        restore(sender, receiver);
        assertThat(held(receiver)).isEqualTo(Map.of(1L, "64503 64502"));
        assertThat(sender.bugs).isEmpty();
        assertThat(receiver.bugs).isEmpty();
    }

    @Test
    void paths_go_when_the_sender_does_not_come_back_in_time() {
        VirtualSpeaker sender = speaker("192.0.2.3", 64503, BRIDGED);
        VirtualSpeaker receiver = speaker("192.0.2.4", 64504, BRIDGED);
        up(sender, receiver);

        lose(sender, receiver);
        time.advance(Duration.ofSeconds(VirtualSpeaker.RESTART_TIME + 1L));
        assertThat(held(receiver)).isEmpty();
    }
}
