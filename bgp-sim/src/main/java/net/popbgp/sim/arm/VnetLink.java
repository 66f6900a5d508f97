package net.popbgp.sim.arm;

import java.net.InetAddress;
import java.util.List;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzureCircuit;

/**
 * A virtual network that is linked to a circuit by way of its gateway, which has two instances. Immutable.
 *
 * @param connection the name of the link
 */
record VnetLink(String connection, AzureCircuit.Vnet vnet) {

    private static final int GATEWAY_SUBNET = 27;
    private static final int FIRST_INSTANCE = 4;

    /** {@return the addresses of the gateway's instances: the 4th and 5th of the last /27 of the first address space} */
    List<InetAddress> gateways() {
        Prefix space = vnet.addressSpaces().isEmpty()
                ? Prefix.of("10.255.0.0/24")
                : vnet.addressSpaces().get(0);
        long last = space.isIpv4() ? space.low() | (1L << (32 - space.length())) - 1 : space.low();
        Prefix subnet = Prefix.masked(
                space.family(),
                space.high(),
                last,
                space.isIpv4() ? Math.max(space.length(), GATEWAY_SUBNET) : space.length());
        return List.of(ArmPeering.host(subnet, FIRST_INSTANCE), ArmPeering.host(subnet, FIRST_INSTANCE + 1));
    }
}
