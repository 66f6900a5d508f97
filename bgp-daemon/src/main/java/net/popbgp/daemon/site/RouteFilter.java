package net.popbgp.daemon.site;

import java.util.Optional;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;

/**
 * Which rows of the routing table are wanted: those for which all holds that is given. Immutable.
 *
 * @param prefix what {@code match} is about; empty for all prefixes
 * @param match how a row's prefix is to stand to it
 * @param site of this site
 * @param circuit of the circuits of this role
 * @param type static or dynamic
 * @param state in this state
 * @param nextHop with this next hop, as text
 * @param community with this community
 */
public record RouteFilter(
        Optional<Prefix> prefix,
        Match match,
        Optional<String> site,
        Optional<CircuitRole> circuit,
        Optional<RoutingTableRow.Type> type,
        Optional<RoutingTableRow.State> state,
        Optional<String> nextHop,
        Optional<Community> community) {

    /** Takes all. */
    public static final RouteFilter ALL = new RouteFilter(
            Optional.empty(),
            Match.LONGER,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** How the prefix of a row stands to the one asked for. */
    public enum Match {
        /** It is the same. */
        EXACT,
        /** It is the same or a more specific one. */
        LONGER,
        /** It is the same or a less specific one. */
        COVERING
    }

    public RouteFilter withPrefix(Prefix value, Match how) {
        return new RouteFilter(Optional.of(value), how, site, circuit, type, state, nextHop, community);
    }

    /** {@return whether few rows can match, which are found without reading a table} */
    boolean isLookup() {
        return prefix.isPresent() && match != Match.LONGER;
    }

    /** {@return the prefix that a table is read within} */
    Optional<Prefix> within() {
        return match == Match.LONGER ? prefix : Optional.empty();
    }

    /** {@return whether a row can be told from its site, circuit and type alone} */
    boolean isPlain() {
        return prefix.isEmpty() && state.isEmpty() && nextHop.isEmpty() && community.isEmpty();
    }

    boolean wants(RoutingTableRow.Type wanted) {
        return type.isEmpty() || type.get() == wanted;
    }

    boolean wantsCircuit(String siteName, CircuitRole role) {
        return (site.isEmpty() || site.get().equals(siteName)) && (circuit.isEmpty() || circuit.get() == role);
    }

    boolean accepts(RoutingTableRow row, Optional<PathAttributes> attributes) {
        return (prefix.isEmpty() || matches(row.subnet(), prefix.get()))
                && (state.isEmpty() || state.get() == row.state())
                && (nextHop.isEmpty() || nextHop.get().equals(row.nextHop()))
                && (community.isEmpty()
                        || attributes.isPresent() && attributes.get().hasCommunity(community.get()));
    }

    private boolean matches(Prefix subnet, Prefix wanted) {
        return switch (match) {
            case EXACT -> subnet.equals(wanted);
            case LONGER -> wanted.covers(subnet);
            case COVERING -> subnet.covers(wanted);
        };
    }
}
