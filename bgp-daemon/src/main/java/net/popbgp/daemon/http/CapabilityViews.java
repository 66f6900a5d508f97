package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.popbgp.core.fsm.NegotiatedSession;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.CapabilityNames;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.route.BgpRole;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.speaker.PeerFeatures;

/** The capabilities of a session as JSON: what we offered, what the peer offered, and what came of it. */
final class CapabilityViews {

    private static final int MAX_OCTETS = 32;

    private CapabilityViews() {}

    /** {@return one entry per code that either side offered, in order of the codes} */
    static ArrayNode capabilities(NegotiatedSession session) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        Set<Integer> codes = new TreeSet<>();
        Stream.concat(session.localCapabilities().stream(), session.remoteCapabilities().stream())
                .forEach(capability -> codes.add(capability.code()));
        for (int code : codes) {
            ObjectNode row = json.addObject().put("code", code).put("name", CapabilityNames.name(code));
            texts(row.putArray("offered"), session.localCapabilities(), code);
            texts(row.putArray("received"), session.remoteCapabilities(), code);
            inUse(session, code).forEach(row.putArray("in-use")::add);
        }
        return json;
    }

    private static void texts(ArrayNode json, List<Capability> capabilities, int code) {
        capabilities.stream()
                .filter(capability -> capability.code() == code)
                .flatMap(capability -> text(capability).stream())
                .distinct()
                .forEach(json::add);
    }

    private static List<String> text(Capability capability) {
        if (capability instanceof Capability.Multiprotocol multiprotocol) {
            return List.of(multiprotocol.family().toString());
        }
        if (capability instanceof Capability.FourOctetAs fourOctetAs) {
            return List.of("AS " + fourOctetAs.asn());
        }
        if (capability instanceof Capability.Role role) {
            return List.of(BgpRole.of(role.role()).map(BgpRole::toString).orElse(String.valueOf(role.role())));
        }
        if (capability instanceof Capability.ExtendedNextHop extendedNextHop) {
            return extendedNextHop.entries().stream()
                    .map(entry -> entry.family() + " via AFI " + entry.nextHopAfi())
                    .toList();
        }
        if (capability instanceof Capability.AddPath addPath) {
            return addPath.families().stream()
                    .map(each -> each.family() + directions(each.send(), each.receive()))
                    .toList();
        }
        if (capability instanceof Capability.GracefulRestart restart) {
            return gracefulRestart(restart);
        }
        if (capability instanceof Capability.LongLivedGracefulRestart longLived) {
            return longLived.families().stream()
                    .map(each -> each.family() + " " + each.staleTime() + "s"
                            + (each.forwardingPreserved() ? " preserved" : ""))
                    .toList();
        }
        if (capability instanceof Capability.Unknown unknown) {
            return List.of(octets(unknown.value()));
        }
        return List.of("yes");
    }

    private static List<String> gracefulRestart(Capability.GracefulRestart restart) {
        String general = restart.restartTime() + "s" + (restart.restarted() ? " restarted" : "")
                + (restart.notification() ? " notification" : "");
        return Stream.concat(
                        Stream.of(general),
                        restart.families().stream()
                                .map(each -> each.family() + (each.forwardingPreserved() ? " preserved" : "")))
                .toList();
    }

    private static String octets(byte[] value) {
        String hex = HexFormat.of().formatHex(value, 0, Math.min(value.length, MAX_OCTETS));
        return value.length == 0 ? "yes" : "0x" + hex + (value.length > MAX_OCTETS ? "..." : "");
    }

    /** What the session works by; nothing where the two sides do not meet or the code means nothing to us. */
    private static List<String> inUse(NegotiatedSession session, int code) {
        return switch (code) {
            case Capability.MULTIPROTOCOL -> names(session.families());
            case Capability.EXTENDED_NEXT_HOP -> names(session.extendedNextHop());
            case Capability.FOUR_OCTET_AS -> yes(session.fourOctetAs());
            case Capability.ROUTE_REFRESH -> yes(session.routeRefresh());
            case Capability.ENHANCED_ROUTE_REFRESH -> yes(session.enhancedRouteRefresh());
            case Capability.EXTENDED_MESSAGE ->
                yes(directions(session.extendedMessageSend(), session.extendedMessageReceive()));
            case Capability.ADD_PATH ->
                session.families().stream()
                        .filter(family -> session.addPathSend().contains(family)
                                || session.addPathReceive().contains(family))
                        .map(family -> family
                                + directions(
                                        session.addPathSend().contains(family),
                                        session.addPathReceive().contains(family)))
                        .sorted()
                        .toList();
            case Capability.ROLE, Capability.GRACEFUL_RESTART, Capability.LONG_LIVED_GRACEFUL_RESTART ->
                yes(offers(session.localCapabilities(), code) && offers(session.remoteCapabilities(), code));
            default -> List.of();
        };
    }

    private static boolean offers(List<Capability> capabilities, int code) {
        return capabilities.stream().anyMatch(capability -> capability.code() == code);
    }

    private static List<String> names(Collection<AddressFamily> families) {
        return families.stream().map(AddressFamily::toString).sorted().toList();
    }

    private static List<String> yes(boolean value) {
        return value ? List.of("yes") : List.of();
    }

    private static List<String> yes(String directions) {
        return directions.isEmpty() ? List.of() : List.of(directions.trim());
    }

    private static String directions(boolean send, boolean receive) {
        return (send ? " send" : "") + (receive ? " receive" : "");
    }

    /** Adds what is configured. */
    static void features(ObjectNode config, PeerFeatures features) {
        config.put("extended-messages", features.extendedMessages())
                .put("extended-next-hop", features.extendedNextHop());
        config.putObject("add-path").put("receive", features.addPathReceive()).put("send", features.addPathSend());
        features.role()
                .ifPresent(role -> config.put("role", role.toString())
                        .put("strict-role", features.required().role()));
        ArrayNode families = config.putArray("required-families");
        names(features.required().families()).forEach(families::add);
        ArrayNode capabilities = config.putArray("required-capabilities");
        features.required().capabilities().stream()
                .sorted()
                .map(CapabilityNames::name)
                .forEach(capabilities::add);
    }

    /** Adds the addresses that are configured. */
    static void nextHops(ObjectNode config, OwnNextHops nextHops) {
        ObjectNode json = config.putObject("next-hops");
        nextHops.ipv4().ifPresent(address -> json.put("ipv4", IpAddresses.text(address)));
        nextHops.ipv6().ifPresent(address -> json.put("ipv6", IpAddresses.text(address)));
        nextHops.linkLocal().ifPresent(address -> json.put("link-local", IpAddresses.text(address)));
    }
}
