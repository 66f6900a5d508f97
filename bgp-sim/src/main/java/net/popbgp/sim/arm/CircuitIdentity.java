package net.popbgp.sim.arm;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import net.popbgp.core.net.Prefix;

/**
 * What a circuit is to Azure besides its router. Immutable.
 *
 * @param region where its resource is kept, as {@code eastus}
 * @param serviceKey names the circuit to the provider
 * @param stag the outer tag on the provider's side, 1..4094
 * @param vlan the tag that the provider carries (the inner one), 1..4094: frames with another are lost; empty if it carries any
 * @param secondary the second /30 of the private peering, where there is no session; empty for the other half of the /29
 */
public record CircuitIdentity(
        String resourceGroup,
        String region,
        UUID serviceKey,
        String provider,
        String peeringLocation,
        int bandwidthMbps,
        CircuitSku.Family family,
        int stag,
        OptionalInt vlan,
        Optional<Prefix> secondary,
        ProviderState state) {

    public static final String PROVIDER = "Equinix";
    public static final String PEERING_LOCATION = "New York";
    public static final String REGION = "eastus";
    public static final int BANDWIDTH = 1000;

    private static final int MAX_TAG = 4094;

    public CircuitIdentity {
        if (!CircuitSku.BANDWIDTHS.contains(bandwidthMbps)) {
            throw new IllegalArgumentException(
                    "a bandwidth is one of " + CircuitSku.BANDWIDTHS + " Mbit/s, not " + bandwidthMbps);
        }
        requireTag(stag);
        vlan.ifPresent(CircuitIdentity::requireTag);
    }

    private static void requireTag(int tag) {
        if (tag < 1 || tag > MAX_TAG) {
            throw new IllegalArgumentException("a tag is 1.." + MAX_TAG + ", not " + tag);
        }
    }

    /**
     * {@return the identity of a circuit that nothing is said about}
     *
     * @param name the key is made of it, so that it is the same in every run
     * @param number of the circuit, from 1; it gets this S-tag and VLAN 100 and more
     */
    public static CircuitIdentity preset(String resourceGroup, String name, int number) {
        return new CircuitIdentity(
                resourceGroup,
                REGION,
                UUID.nameUUIDFromBytes(("popbgp-sim:" + name).getBytes(StandardCharsets.UTF_8)),
                PROVIDER,
                PEERING_LOCATION,
                BANDWIDTH,
                CircuitSku.Family.UnlimitedData,
                number,
                OptionalInt.of(99 + number),
                Optional.empty(),
                ProviderState.PROVISIONED);
    }
}
