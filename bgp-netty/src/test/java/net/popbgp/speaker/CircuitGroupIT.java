package net.popbgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CircuitGroupIT {

    private static PeerHandle peer(BgpSpeaker speaker, String address) {
        return speaker.addPeer(
                PeerConfig.builder(address, 12076).name(address).passive(true).build());
    }

    @Test
    void a_group_ends_with_a_peer_of_it_and_the_other_can_join_another() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.72.1");
            PeerHandle first = peer(pop, "127.0.72.2");
            PeerHandle second = peer(pop, "127.0.72.3");
            PeerHandle third = peer(pop, "127.0.72.4");
            pop.addCircuitGroup("azure", first, second);
            assertThat(second.circuitGroup()).isEqualTo("azure");

            first.remove().toCompletableFuture().get(5, TimeUnit.SECONDS);

            assertThat(pop.circuitGroups()).isEmpty();
            assertThat(second.circuitGroup()).isEmpty();
            assertThat(pop.addCircuitGroup("azure", second, third).primary()).isEqualTo(second);
            assertThatThrownBy(() -> pop.addCircuitGroup("other", first, third))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("removed");
        }
    }

    @Test
    void a_group_that_is_removed_leaves_its_peers() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker pop = lab.speaker(65001, "127.0.72.1");
            PeerHandle first = peer(pop, "127.0.72.2");
            PeerHandle second = peer(pop, "127.0.72.3");
            pop.addCircuitGroup("azure", first, second);

            pop.removeCircuitGroup("azure");

            assertThat(pop.circuitGroup("azure")).isEmpty();
            assertThat(pop.peers()).hasSize(2);
            assertThatThrownBy(() -> pop.removeCircuitGroup("azure"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("azure");
        }
    }
}
