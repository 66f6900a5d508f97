package net.popbgp.daemon.restart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import net.popbgp.daemon.config.ConfigReader;
import org.junit.jupiter.api.Test;

class RunStateTest {

    private static final Instant LOST = Instant.parse("2026-01-02T03:04:05Z");

    private static RunState.Peer peer(String name, String address) {
        return new RunState.Peer(name, IpAddresses.parse(address), Duration.ofSeconds(60), Optional.empty());
    }

    private static final RunState STATE = new RunState(
                    "boot",
                    Asn.of(65000),
                    RouterId.of("10.0.0.1"),
                    List.of(
                            peer("a", "192.0.2.1"),
                            peer("moved", "192.0.2.9"),
                            peer("off", "192.0.2.3"),
                            peer("disabled", "192.0.2.4"),
                            peer("gone", "192.0.2.5"),
                            peer("range-198.51.100.7", "198.51.100.7"),
                            peer("range-203.0.113.7", "203.0.113.7")))
            .ended(LOST);

    private static Set<String> waiting(RunState state, Instant now) throws Exception {
        return state.waiting(ConfigReader.parse("""
                                local-as: 65000
                                router-id: 10.0.0.1
                                peers:
                                  - {name: a, address: 192.0.2.1, remote-as: 65001, graceful-restart: {}}
                                  - {name: moved, address: 192.0.2.2, remote-as: 65001, graceful-restart: {}}
                                  - {name: "off", address: 192.0.2.3, remote-as: 65001}
                                  - {name: disabled, address: 192.0.2.4, remote-as: 65001, enabled: false, graceful-restart: {}}
                                dynamic-peers:
                                  - {name: range, prefix: 198.51.100.0/24, remote-as: [65001], limit: 10, graceful-restart: {}}
                                """, Path.of("/"), name -> null), now)
                .keySet();
    }

    @Test
    void peers_wait_that_are_configured_as_they_were_and_have_graceful_restart() throws Exception {
        assertThat(waiting(STATE, LOST.plusSeconds(1))).containsExactlyInAnyOrder("a", "range-198.51.100.7");
    }

    @Test
    void peers_wait_for_the_restart_time_and_not_before_the_loss() throws Exception {
        assertThat(waiting(STATE, LOST)).contains("a");
        assertThat(waiting(STATE, LOST.plusSeconds(60))).contains("a");
        assertThat(waiting(STATE, LOST.plusSeconds(61))).isEmpty();
        assertThat(waiting(STATE, LOST.minusSeconds(1)))
                .as("the clock was set back")
                .isEmpty();
    }

    @Test
    void the_end_of_the_run_does_not_make_an_earlier_loss_a_later_one() {
        assertThat(STATE.ended(LOST.plusSeconds(100))).isEqualTo(STATE);
        assertThat(STATE.peers()).allMatch(peer -> peer.lostAt().equals(Optional.of(LOST)));
    }

    @Test
    void the_families_are_those_that_are_configured() throws Exception {
        assertThat(STATE.waiting(ConfigReader.parse("""
                                local-as: 65000
                                router-id: 10.0.0.1
                                peers:
                                  - {name: a, address: 192.0.2.1, remote-as: 65001, graceful-restart: {},
                                     families: [ipv4-unicast, ipv6-unicast], next-hops: {ipv6: "2001:db8::1"}}
                                """, Path.of("/"), name -> null), LOST))
                .containsOnlyKeys("a")
                .containsEntry("a", Set.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST));
    }
}
