package net.popbgp.sim.arm;

import java.util.Arrays;
import java.util.Optional;

/** How far the connectivity provider is with a circuit ({@code serviceProviderProvisioningState}). */
public enum ProviderState {
    NOT_PROVISIONED("NotProvisioned"),
    PROVISIONING("Provisioning"),
    PROVISIONED("Provisioned"),
    DEPROVISIONING("Deprovisioning");

    private final String text;

    ProviderState(String text) {
        this.text = text;
    }

    /** {@return the state of a name such as {@code NotProvisioned}} */
    public static Optional<ProviderState> of(String text) {
        return Arrays.stream(values()).filter(state -> state.text.equals(text)).findFirst();
    }

    /** {@return whether the provider may ask for the other state} */
    boolean mayBecome(ProviderState next) {
        return this == next
                || switch (this) {
                    case NOT_PROVISIONED -> next == PROVISIONING || next == PROVISIONED;
                    case PROVISIONING -> true;
                    case PROVISIONED -> next == DEPROVISIONING || next == NOT_PROVISIONED;
                    case DEPROVISIONING -> next == NOT_PROVISIONED;
                };
    }

    @Override
    public String toString() {
        return text;
    }
}
