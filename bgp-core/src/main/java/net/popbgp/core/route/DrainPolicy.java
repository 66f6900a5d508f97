package net.popbgp.core.route;

import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;

/**
 * A policy of a session that is about to be shut down (RFC 8326, 4.2): what the other policy takes, with GRACEFUL_SHUTDOWN and LOCAL_PREF 0,
 * so that both sides use other routes before the session ends.
 *
 * <p>Immutable.
 *
 * @param policy the policy that holds when nothing is shut down
 * @param as put in front
 * @param prepend how often, 0..{@link RouteActions.Prepend#MAX_TIMES}, for neighbours that do not know the community
 */
public record DrainPolicy(RoutePolicy policy, Asn as, int prepend) implements RoutePolicy {

    /** The least preference that LOCAL_PREF can express, as RFC 8326, 3 recommends. */
    public static final long LOCAL_PREF = 0;

    @Override
    public PolicyVerdict evaluate(Route route) {
        PolicyVerdict verdict = policy.evaluate(route);
        if (verdict instanceof PolicyVerdict.Reject) {
            return verdict;
        }
        return new PolicyVerdict.AcceptModified(drained(
                verdict instanceof PolicyVerdict.AcceptModified modified ? modified.attributes() : route.attributes()));
    }

    private PathAttributes drained(PathAttributes attributes) {
        PathAttributes.Builder builder = attributes.toBuilder().localPref(LOCAL_PREF);
        if (!attributes.hasCommunity(Community.GRACEFUL_SHUTDOWN)) {
            List<Community> communities = new ArrayList<>(attributes.communities());
            communities.add(Community.GRACEFUL_SHUTDOWN);
            builder.communities(communities);
        }
        if (prepend > 0) {
            builder.asPath(attributes.asPath().prepend(as, prepend));
        }
        return builder.build();
    }

    @Override
    public boolean dependsOnPrefix() {
        return policy.dependsOnPrefix();
    }
}
