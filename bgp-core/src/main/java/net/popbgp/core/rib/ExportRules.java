package net.popbgp.core.rib;

import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.attribute.RawAttribute;
import net.popbgp.core.decision.DecisionProcess;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.BgpRole;
import net.popbgp.core.route.DrainPolicy;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RouteSource;

/**
 * From a route of the Loc-RIB to what a group of peers gets to see (RFC 4271, 5.1 and 9.2; RFC 1997; RFC 4360, 6; RFC 4456, 6-10; RFC 7999,
 * 3.2; RFC 9234, 5).
 *
 * <p>The rules say first whether the route may go at all and what is taken off; then the policy; then, for external peers, our AS is put in
 * front and the next hop set, whatever the policy did. A MULTI_EXIT_DISC that the policy sets stays, a received one does not pass to
 * another AS. That the peer itself was the source is not asked here, since it differs within a group.
 *
 * <p>Immutable.
 */
final class ExportRules {

    private final ExportOptions options;
    private final boolean external;
    private final boolean honourDrain;

    ExportRules(ExportOptions options, boolean honourDrain) {
        this.options = options;
        this.honourDrain = honourDrain;
        external = options.peerType() == PeerType.EXTERNAL;
    }

    /** Returns whether every route that is advertised has ourselves as its next hop. */
    boolean setsNextHop() {
        return external;
    }

    /** Returns the attributes to advertise; empty if the route is not for this group. */
    Optional<PathAttributes> export(Route route, boolean fromClient) {
        RouteSource source = route.source();
        boolean reflected = !external && !source.isLocal() && source.type() == PeerType.INTERNAL;
        if (!mayGo(route, reflected, fromClient)) {
            return Optional.empty();
        }
        PathAttributes prepared = external ? forExternal(route) : forInternal(route, reflected);
        PolicyVerdict verdict = options.policy().evaluate(new Route(route.prefix(), prepared, source));
        PathAttributes chosen = PeerState.accepted(verdict, prepared);
        if (chosen == null) {
            return Optional.empty();
        }
        if (prepared.hasCommunity(Community.LLGR_STALE)) {
            chosen = chosen.withCommunity(Community.LLGR_STALE); // RFC 9494, 4.3: no policy takes it off
        }
        if (external) {
            PathAttributes.Builder builder = chosen.toBuilder()
                    .asPath(chosen.asPath().prepend(options.localAs(), 1))
                    .withoutLocalPref()
                    .withoutNextHop();
            options.nextHop(route.prefix().family()).ifPresent(builder::nextHop);
            if (options.role().filter(BgpRole::marksSent).isPresent()
                    && chosen.onlyToCustomer().isEmpty()) {
                builder.onlyToCustomer(options.localAs());
            }
            chosen = builder.build();
        }
        return isSendable(route.prefix().family(), chosen) ? Optional.of(chosen) : Optional.empty();
    }

    private boolean mayGo(Route route, boolean reflected, boolean fromClient) {
        PathAttributes attributes = route.attributes();
        String circuitGroup = options.circuitGroup();
        if (!circuitGroup.isEmpty() && circuitGroup.equals(route.source().circuitGroup())) {
            return false;
        }
        if (attributes.hasCommunity(Community.NO_ADVERTISE)
                || attributes.hasCommunity(Community.LLGR_STALE) && !options.lastResort()) { // RFC 9494, 4.3
            return false;
        }
        if (external) {
            return !(attributes.onlyToCustomer().isPresent()
                            && options.role().filter(BgpRole::peerIsNoCustomer).isPresent())
                    && !isForeignBlackhole(attributes)
                    && !attributes.hasCommunity(Community.NO_EXPORT)
                    && !attributes.hasCommunity(Community.NO_EXPORT_SUBCONFED);
        }
        return !reflected || fromClient || options.routing().reflectorClient();
    }

    /** What another AS wants traffic dropped for stays in ours (RFC 7999, 3.2); what our own operator does is for the neighbours. */
    private boolean isForeignBlackhole(PathAttributes attributes) {
        return attributes.hasCommunity(Community.BLACKHOLE)
                && !attributes.asPath().isEmpty()
                && !options.routing().exportBlackholes();
    }

    private static PathAttributes forExternal(Route route) {
        PathAttributes attributes = route.attributes();
        boolean foreignMed =
                !route.source().isLocal() && attributes.multiExitDisc().isPresent();
        if (!foreignMed && isForExternal(attributes)) {
            return attributes;
        }
        PathAttributes.Builder builder = passedOn(attributes)
                .withoutLocalPref()
                .originatorId(null)
                .clusterList(List.of())
                .extendedCommunities(transitive(attributes.extendedCommunities()));
        if (foreignMed) {
            builder.withoutMultiExitDisc();
        }
        return builder.build();
    }

    /** Returns whether there is nothing to take off or to mark. */
    private static boolean isForExternal(PathAttributes attributes) {
        return attributes.localPref().isEmpty()
                && attributes.originatorId().isEmpty()
                && attributes.clusterList().isEmpty()
                && attributes.extendedCommunities().isEmpty()
                && attributes.unrecognized().isEmpty();
    }

    private PathAttributes forInternal(Route route, boolean reflected) {
        PathAttributes attributes = route.attributes();
        PathAttributes.Builder builder = passedOn(attributes).localPref(localPref(attributes, reflected));
        if (reflected) {
            List<RouterId> clusters = new ArrayList<>(attributes.clusterList());
            clusters.add(0, options.clusterId());
            builder.clusterList(clusters)
                    .originatorId(
                            attributes.originatorId().orElse(route.source().routerId()));
        } else if (options.nextHopSelf() || attributes.nextHop().isEmpty()) {
            options.nextHop(route.prefix().family()).ifPresent(builder::nextHop);
        } else {
            attributes
                    .nextHop()
                    .filter(nextHop -> nextHop.linkLocal().isPresent())
                    .ifPresent(nextHop ->
                            builder.nextHop(NextHop.of(nextHop.address()))); // RFC 2545, 3: not known to share a link
        }
        return builder.build();
    }

    /** What comes into our AS drained is the last choice in all of it (RFC 8326, 4.1). */
    private long localPref(PathAttributes attributes, boolean reflected) {
        if (honourDrain && !reflected && attributes.hasCommunity(Community.GRACEFUL_SHUTDOWN)) {
            return DrainPolicy.LOCAL_PREF;
        }
        return attributes.localPref().orElse(DecisionProcess.DEFAULT_LOCAL_PREF);
    }

    /** Unrecognised attributes go on if transitive, marked as Partial (RFC 4271, 5). */
    private static PathAttributes.Builder passedOn(PathAttributes attributes) {
        PathAttributes.Builder builder = attributes.toBuilder();
        if (!attributes.unrecognized().isEmpty()) {
            builder.unrecognized(attributes.unrecognized().stream()
                    .filter(RawAttribute::isTransitive)
                    .map(RawAttribute::withPartial)
                    .toList());
        }
        return builder;
    }

    private static List<ExtendedCommunity> transitive(List<ExtendedCommunity> communities) {
        return communities.isEmpty()
                ? communities
                : communities.stream().filter(ExtendedCommunity::isTransitive).toList();
    }

    /** A next hop of the prefix's own family is needed, or for IPv4 one that the peers take (RFC 8950, 5). */
    private boolean isSendable(AddressFamily family, PathAttributes attributes) {
        Optional<NextHop> nextHop = attributes.nextHop();
        if (nextHop.isEmpty()) {
            return false;
        }
        boolean ipv4 = nextHop.get().address() instanceof Inet4Address;
        return family.afi() == 1 ? ipv4 || options.extendedNextHop() : !ipv4;
    }
}
