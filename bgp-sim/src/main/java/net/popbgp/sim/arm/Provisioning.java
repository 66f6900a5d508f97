package net.popbgp.sim.arm;

import java.time.Duration;
import java.time.Instant;

/**
 * A circuit's way from NotProvisioned over Provisioning to Provisioned, and over Deprovisioning back. BGP does not look at it. Confined to
 * the {@link ArmApi}.
 */
final class Provisioning {

    private ProviderState before;
    private ProviderState target;
    private Instant reached;

    Provisioning(ProviderState state) {
        before = state;
        target = state;
        reached = Instant.MIN;
    }

    ProviderState at(Instant now) {
        return now.isBefore(reached) ? before : target;
    }

    /** What the provider asks for; the two lasting states take time, which is spent in the state on the way there. */
    void ask(ProviderState wanted, Instant now, Duration takes) {
        ProviderState present = at(now);
        if (wanted == present || now.isBefore(reached) && wanted == target) {
            return;
        }
        if (!present.mayBecome(wanted)) {
            throw new ArmException(
                    409,
                    "ServiceProviderProvisioningStateTransitionNotAllowed",
                    "ServiceProviderProvisioningState cannot change from " + present + " to " + wanted + ".");
        }
        target = wanted;
        before = switch (wanted) {
            case PROVISIONED -> ProviderState.PROVISIONING;
            case NOT_PROVISIONED -> ProviderState.DEPROVISIONING;
            case PROVISIONING, DEPROVISIONING -> wanted;
        };
        reached = now.plus(takes);
    }

    /** Sets it whatever it was: a fault. */
    void force(ProviderState state) {
        before = state;
        target = state;
        reached = Instant.MIN;
    }

    /** The circuit itself may be deleted only when the provider has nothing set up. */
    void requireDeletable(String circuit, Instant now) {
        ProviderState present = at(now);
        if (present == ProviderState.PROVISIONING || present == ProviderState.PROVISIONED) {
            throw new ArmException(
                    409,
                    "CannotDeleteCircuitInProvisionedState",
                    "Circuit " + circuit + " cannot be deleted while ServiceProviderProvisioningState is " + present
                            + ". Ask the service provider to deprovision it first.");
        }
    }

    /** A peering can be configured only on a circuit that the provider has set up. */
    void requireConfigurable(String circuit, Instant now) {
        ProviderState present = at(now);
        if (present != ProviderState.PROVISIONED) {
            throw new ArmException(
                    400,
                    "CircuitNotProvisioned",
                    "Peerings of circuit " + circuit
                            + " can be configured only when CircuitProvisioningState is Enabled"
                            + " and ServiceProviderProvisioningState is Provisioned; it is " + present + ".");
        }
    }
}
