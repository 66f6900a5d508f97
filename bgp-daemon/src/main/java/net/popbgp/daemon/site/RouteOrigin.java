package net.popbgp.daemon.site;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.speaker.RoutePage;

/**
 * A peer whose routes are in the routing table. Immutable.
 *
 * @param member the circuit that it is of, empty if it is none's
 */
record RouteOrigin(String peer, Optional<Member> member) {

    /** A circuit with its site. Immutable. */
    record Member(SiteConfig site, CircuitConfig circuit) {}

    static RouteOrigin circuit(SiteConfig site, CircuitConfig circuit) {
        return new RouteOrigin(site.peerName(circuit.role()), Optional.of(new Member(site, circuit)));
    }

    static RouteOrigin peer(String name) {
        return new RouteOrigin(name, Optional.empty());
    }

    /** {@return the circuit's link, and the cloud's address on it} */
    List<RoutingTableRow> staticRows(boolean up) {
        return member.map(each -> List.of(
                        staticRow(each, each.circuit.subnet(), "", up),
                        staticRow(
                                each,
                                Prefix.of(each.circuit.cloudAddress(), 32),
                                IpAddresses.text(each.circuit.cloudAddress()),
                                up)))
                .orElse(List.of());
    }

    private static RoutingTableRow staticRow(Member member, Prefix subnet, String nextHop, boolean up) {
        return new RoutingTableRow(
                subnet,
                RoutingTableRow.Type.STATIC,
                member.site.name(),
                Optional.of(member.circuit.role()),
                "",
                OptionalLong.empty(),
                nextHop,
                member.circuit.pop(),
                member.circuit.neighbor().metric(),
                up ? RoutingTableRow.State.ACTIVE : RoutingTableRow.State.DOWN,
                true);
    }

    RoutingTableRow dynamicRow(
            Prefix prefix, PathAttributes attributes, OptionalLong pathId, int metric, RoutePage.Status status) {
        Optional<CircuitConfig> circuit = member.map(Member::circuit);
        RoutingTableRow.State state = switch (status) {
            case BEST -> RoutingTableRow.State.ACTIVE;
            case MULTIPATH -> RoutingTableRow.State.MULTIPATH;
            default -> RoutingTableRow.State.PASSIVE;
        };
        return new RoutingTableRow(
                prefix,
                RoutingTableRow.Type.DYNAMIC,
                member.map(each -> each.site.name()).orElse(""),
                circuit.map(CircuitConfig::role),
                peer,
                pathId,
                circuit.map(each -> IpAddresses.text(each.cloudAddress()))
                        .or(() -> attributes.nextHop().map(NextHop::toString))
                        .orElse(""),
                circuit.map(CircuitConfig::pop).orElse(""),
                metric,
                state,
                state != RoutingTableRow.State.PASSIVE);
    }
}
