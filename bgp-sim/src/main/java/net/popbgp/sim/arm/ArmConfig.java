package net.popbgp.sim.arm;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the simulator shows itself as Azure Resource Manager. Immutable.
 *
 * @param token what requests must bear; empty for none
 * @param clockSpeed seconds of operations in a real second, 1..1,000,000; sessions always go by the real clock
 * @param operationTime what an operation takes by that clock
 * @param gatewayTime what the deployment of a gateway takes by that clock
 * @param bgpPort where the router of a circuit that is made here listens; 0 for any free one
 * @param popPort where its PoP listens
 * @param onPremOnlyArp whether ARP tables lack the router's own row, as on some hardware
 * @param identities of the configured circuits, by name
 */
public record ArmConfig(
        InetSocketAddress listen,
        Optional<String> token,
        String subscription,
        String resourceGroup,
        int clockSpeed,
        Duration operationTime,
        Duration gatewayTime,
        int bgpPort,
        int popPort,
        boolean onPremOnlyArp,
        Map<String, CircuitIdentity> identities) {

    public static final int DEFAULT_PORT = 8181;
    public static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
    public static final String RESOURCE_GROUP = "popbgp-sim";
    public static final Duration OPERATION_TIME = Duration.ofSeconds(10);
    public static final Duration GATEWAY_TIME = Duration.ofMinutes(45);

    private static final int MAX_SPEED = 1_000_000;

    public ArmConfig {
        if (!listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("listens on a loopback address only, not " + listen);
        }
        if (clockSpeed < 1 || clockSpeed > MAX_SPEED) {
            throw new IllegalArgumentException("clock-speed out of range 1.." + MAX_SPEED + ": " + clockSpeed);
        }
        if (bgpPort < 0 || bgpPort > 65535 || popPort < 1 || popPort > 65535) {
            throw new IllegalArgumentException("no such port: " + bgpPort + " or " + popPort);
        }
        identities = Map.copyOf(identities);
    }
}
