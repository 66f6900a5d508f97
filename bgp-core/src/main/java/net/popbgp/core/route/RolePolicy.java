package net.popbgp.core.route;

import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;

/**
 * The ingress procedure of RFC 9234, 5, before the operator's import policy: leaked routes are not eligible, and what may go to customers
 * only is marked. The route stays in the Adj-RIB-In as it was received. Immutable.
 */
public record RolePolicy(BgpRole role, Asn remoteAs, RoutePolicy next) implements RoutePolicy {

    private static final PolicyVerdict LEAK = PolicyVerdict.reject("route leak: ONLY_TO_CUSTOMER (RFC 9234, 5)");

    @Override
    public PolicyVerdict evaluate(Route route) {
        PathAttributes received = route.attributes();
        if (role.isLeak(received, remoteAs)) {
            return LEAK;
        }
        if (!role.peerIsNoCustomer() || received.onlyToCustomer().isPresent()) {
            return next.evaluate(route);
        }
        PathAttributes marked = received.toBuilder().onlyToCustomer(remoteAs).build();
        PolicyVerdict verdict = next.evaluate(new Route(route.prefix(), marked, route.source()));
        return verdict instanceof PolicyVerdict.Accept ? new PolicyVerdict.AcceptModified(marked) : verdict;
    }

    @Override
    public boolean dependsOnPrefix() {
        return next.dependsOnPrefix();
    }
}
