package net.popbgp.daemon.site;

import java.util.List;

/**
 * What is taken from the cloud over a circuit. Immutable.
 *
 * @param dynamicRoutes what becomes of routes that no exclusion names: true to use them, false to list them as rejected
 * @param defaultRoute whether a default route of the cloud's is used; A26 says no
 * @param exclusions the exceptions, at most {@link #MAX_EXCLUSIONS}; they get the opposite of {@code dynamicRoutes}
 */
public record Accept(boolean dynamicRoutes, boolean defaultRoute, List<Exclusion> exclusions) {

    /** The most exclusions of a circuit. */
    public static final int MAX_EXCLUSIONS = 500;

    public static final Accept DEFAULT = new Accept(true, false, List.of());

    public Accept {
        exclusions = List.copyOf(exclusions);
        if (exclusions.size() > MAX_EXCLUSIONS) {
            throw new IllegalArgumentException("more than " + MAX_EXCLUSIONS + " exclusions");
        }
    }
}
