package net.popbgp.sim.fault;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import net.popbgp.sim.arm.ArmApi;

/** The faults of Azure's control plane by name; parameters are those of {@link Faults}' form. Immutable. */
public final class ArmFaults {

    private static final Map<String, BiFunction<ArmApi, Parameters, Runnable>> BY_NAME = Map.of(
            "throttle", ArmFaults::throttle,
            "server-error", ArmFaults::serverError,
            "unknown-key", ArmFaults::unknownKey,
            "stale-tables", ArmFaults::staleTables,
            "provider-state", ArmFaults::providerState);

    private ArmFaults() {}

    /** {@return the names in alphabetical order} */
    public static List<String> names() {
        return BY_NAME.keySet().stream().sorted().toList();
    }

    /**
     * Injects a fault.
     *
     * @throws IllegalArgumentException naming the fault, the circuit or the parameter that is not known or out of range
     */
    public static void inject(ArmApi api, String name, Map<String, Object> parameters) {
        BiFunction<ArmApi, Parameters, Runnable> fault = BY_NAME.get(name);
        if (fault == null) {
            throw new IllegalArgumentException("no such fault: '" + name + "', there are " + names());
        }
        Parameters with = new Parameters(name, parameters);
        Runnable prepared = fault.apply(api, with);
        with.requireAllRead();
        prepared.run();
    }

    private static Runnable throttle(ArmApi api, Parameters with) {
        int count = with.number("count", 1);
        int retryAfter = with.number("retry-after", 1);
        return () -> api.refuse(count, 429, retryAfter);
    }

    private static Runnable serverError(ArmApi api, Parameters with) {
        int count = with.number("count", 1);
        int status = with.number("status", 503);
        int retryAfter = with.number("retry-after", -1);
        return () -> api.refuse(count, status, retryAfter);
    }

    private static Runnable unknownKey(ArmApi api, Parameters with) {
        String circuit = with.text("circuit", "");
        boolean on = with.flag("on", true);
        return () -> api.hide(circuit, on);
    }

    private static Runnable staleTables(ArmApi api, Parameters with) {
        String circuit = with.text("circuit", "");
        boolean on = with.flag("on", true);
        return () -> api.freeze(circuit, on);
    }

    private static Runnable providerState(ArmApi api, Parameters with) {
        String circuit = with.text("circuit", "");
        String state = with.text("state", "NotProvisioned");
        return () -> api.setProviderState(circuit, state);
    }
}
