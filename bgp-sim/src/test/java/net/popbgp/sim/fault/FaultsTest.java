package net.popbgp.sim.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.azure.AzurePeer;
import net.popbgp.sim.azure.AzureProfile;
import net.popbgp.sim.azure.EdgeEvent;
import net.popbgp.sim.azure.EventLog;
import net.popbgp.sim.azure.Sku;
import net.popbgp.sim.virtual.VirtualNetwork;
import net.popbgp.sim.virtual.VirtualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FaultsTest {

    private final VirtualTime time = new VirtualTime();
    private final EventLog events = new EventLog(time.clock());
    private final AzurePeer peer = new AzurePeer(
            new AzureCircuit(
                    "a",
                    Prefix.of("169.254.10.0/30"),
                    Asn.of(64512),
                    0,
                    179,
                    true,
                    Optional.empty(),
                    Sku.STANDARD,
                    List.of(),
                    AzureProfile.DEFAULT),
            time,
            new VirtualNetwork(time, 1).host(IpAddresses.parse("169.254.10.2")),
            events,
            1);

    @ParameterizedTest
    @MethodSource("net.popbgp.sim.fault.Faults#names")
    void every_fault_can_be_injected_without_parameters_and_is_logged(String name) {
        assertThat(Faults.inject(peer, name, Map.of())).isCompleted();

        assertThat(events.after(0)).extracting(EdgeEvent::kind).contains("fault");
    }

    @ParameterizedTest
    @MethodSource("net.popbgp.sim.fault.Faults#names")
    void no_fault_takes_a_parameter_it_does_not_know(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faults.inject(peer, name, Map.of("nonsense", 1)))
                .withMessageContaining(name)
                .withMessageContaining("nonsense");
        assertThat(events.after(0)).isEmpty();
    }

    @Test
    void values_out_of_range_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faults.inject(peer, "notification", Map.of("code", 300)))
                .withMessageContaining("300");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faults.inject(peer, "flap", Map.of("times", 0)))
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faults.inject(peer, "set-sku", Map.of("sku", "gold")))
                .withMessageContaining("gold");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faults.inject(peer, "malformed-update", Map.of("kind", "odd")))
                .withMessageContaining("odd")
                .withMessageContaining("origin-value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faults.inject(peer, "malformed-update", Map.of("prefix", "fd00::/8")))
                .withMessageContaining("fd00");
    }

    @Test
    void lasting_faults_are_shown_until_they_end() {
        Faults.inject(peer, "silence", Map.of()).join();
        Faults.inject(peer, "drain", Map.of("on", true)).join();
        assertThat(peer.snapshot().faults()).containsExactly("drain", "silence");

        Faults.inject(peer, "silence", Map.of("on", false)).join();
        assertThat(peer.snapshot().faults()).containsExactly("drain");
    }
}
