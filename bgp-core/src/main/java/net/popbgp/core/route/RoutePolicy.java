package net.popbgp.core.route;

/**
 * Decides about one route on its way in or out: a pure function, the same verdict for the same route every time. Called on the RIB thread,
 * so it must not block.
 */
@FunctionalInterface
public interface RoutePolicy {

    /** Takes everything as it is. */
    RoutePolicy ACCEPT_ALL = new RoutePolicy() {
        @Override
        public PolicyVerdict evaluate(Route route) {
            return PolicyVerdict.ACCEPT;
        }

        @Override
        public boolean dependsOnPrefix() {
            return false;
        }
    };

    /** Takes nothing: what an external peer without a policy gets (RFC 8212). */
    RoutePolicy REJECT_ALL = new RoutePolicy() {
        private final PolicyVerdict verdict = PolicyVerdict.reject("no policy configured (RFC 8212)");

        @Override
        public PolicyVerdict evaluate(Route route) {
            return verdict;
        }

        @Override
        public boolean dependsOnPrefix() {
            return false;
        }
    };

    PolicyVerdict evaluate(Route route);

    /**
     * {@return whether the verdict can differ between prefixes that share attributes and source}
     *
     * <p>If not, it is asked once per attribute set instead of once per route; the prefix of the route it then gets is any of them.
     */
    default boolean dependsOnPrefix() {
        return true;
    }
}
