package net.popbgp.sim.azure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzureProfile.LimitSemantics;

/** Circuits for tests. */
final class Circuits {

    static final Prefix VNET = Prefix.of("10.200.0.0/16");
    static final Prefix VNET_WITH_COMMUNITIES = Prefix.of("10.201.0.0/16");
    static final List<Community> COMMUNITIES = List.of(Community.of("12076:20001"), Community.of("12076:50004"));

    private Circuits() {}

    static AzureProfile profile(LimitSemantics semantics, Duration restart, boolean routeRefresh) {
        return new AzureProfile(
                Asn.of(12076),
                180,
                60,
                3,
                Duration.ofSeconds(1),
                4000,
                10_000,
                100,
                80,
                semantics,
                restart,
                List.of(12076L),
                1000,
                2,
                8,
                routeRefresh,
                true,
                false,
                OptionalInt.empty());
    }

    static final AzureProfile FAST = profile(LimitSemantics.EXCEEDS, Duration.ofSeconds(1), true);

    static AzureCircuit circuit(
            String peering, int peerPort, boolean passiveOnly, Optional<String> key, AzureProfile profile) {
        return new AzureCircuit(
                "a",
                Prefix.of(peering),
                Asn.of(64512),
                0,
                peerPort,
                passiveOnly,
                key,
                Sku.STANDARD,
                List.of(
                        new AzureCircuit.Vnet("one", List.of(VNET), List.of()),
                        new AzureCircuit.Vnet("two", List.of(VNET_WITH_COMMUNITIES), COMMUNITIES)),
                profile);
    }
}
