package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.PeerSnapshot.ReceivedRoute;

/**
 * The tables of a circuit's routers in the shape of captured answers: the best path has an asterisk behind its next hop, a path ends with
 * its origin, a line feed and blanks, counts are texts. No state.
 */
final class RouterTables {

    private static final long GATEWAY_AS = 65515;
    private static final String PATH_END = "\n        ";
    private static final String NEVER = "never";

    private RouterTables() {}

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode values(List<ObjectNode> rows) {
        ObjectNode answer = object();
        ArrayNode all = answer.putArray("value");
        rows.forEach(all::add);
        return answer;
    }

    /** {@return whether the primary router announces VNet prefixes, or would if its session were up} */
    private static boolean hasVnets(RouterView view) {
        List<String> faults = view.snapshot().faults();
        return !view.snapshot().vnetOverLimit()
                && !faults.contains("core-maintenance")
                && !faults.contains("withdraw-all");
    }

    static ObjectNode arp(RouterView view, boolean primary, boolean onPremOnly) {
        Prefix subnet = view.peering().subnet(primary);
        boolean complete = primary && view.linked();
        long age = complete ? Duration.between(view.start(), view.now()).toSeconds() % 240 : 0;
        List<ObjectNode> rows = new ArrayList<>();
        rows.add(arpRow(age, "On-Prem", ArmPeering.host(subnet, 1), complete));
        if (!onPremOnly) {
            rows.add(arpRow(0, "Microsoft", ArmPeering.host(subnet, 2), true));
        }
        return values(rows);
    }

    private static ObjectNode arpRow(long age, String where, InetAddress address, boolean complete) {
        return object().put("age", age)
                .put("interface", where)
                .put("ipAddress", IpAddresses.text(address))
                .put("macAddress", complete ? macAddress(address) : "Incomplete");
    }

    /** {@return an address made of the last four octets, locally administered} */
    private static String macAddress(InetAddress address) {
        byte[] octets = address.getAddress();
        int at = octets.length - 4;
        return "0200.%02x%02x.%02x%02x".formatted(octets[at], octets[at + 1], octets[at + 2], octets[at + 3]);
    }

    static ObjectNode routes(RouterView view, boolean primary) {
        Map<Prefix, List<ObjectNode>> rows = new TreeMap<>();
        if (!primary || hasVnets(view)) {
            vnetRoutes(view, rows);
        }
        if (primary) {
            view.snapshot().received().forEach((prefix, route) -> {
                if (route.refused().isEmpty()) {
                    List<ObjectNode> same = rows.computeIfAbsent(prefix, any -> new ArrayList<>());
                    same.add(onPremRoute(prefix, route, same.isEmpty()));
                }
            });
        }
        return values(rows.values().stream().flatMap(List::stream).toList());
    }

    /** Both instances of a gateway tell the same; those that no link names are told by the first gateway. */
    private static void vnetRoutes(RouterView view, Map<Prefix, List<ObjectNode>> rows) {
        Set<Prefix> left = new HashSet<>(view.snapshot().behind());
        List<VnetLink> links = view.links();
        for (int i = links.size() - 1; i >= 0; i--) {
            List<Prefix> told = i == 0
                    ? List.copyOf(left)
                    : links.get(i).vnet().addressSpaces().stream()
                            .filter(left::contains)
                            .toList();
            told.forEach(left::remove);
            List<InetAddress> gateways = links.get(i).gateways();
            for (Prefix space : told) {
                List<ObjectNode> both = rows.computeIfAbsent(space, any -> new ArrayList<>());
                for (InetAddress gateway : gateways) {
                    both.add(row(space, IpAddresses.text(gateway) + (both.isEmpty() ? "*" : ""), GATEWAY_AS + " I"));
                }
            }
        }
    }

    private static ObjectNode onPremRoute(Prefix prefix, ReceivedRoute route, boolean best) {
        PathAttributes attributes = route.attributes();
        String nextHop =
                attributes.nextHop().map(hop -> IpAddresses.text(hop.address())).orElse("");
        return row(prefix, nextHop + (best ? "*" : ""), path(attributes.asPath(), attributes.origin()));
    }

    private static String path(AsPath path, Origin origin) {
        return (path + " " + Character.toString(origin.letter()).toUpperCase(Locale.ROOT)).strip();
    }

    private static ObjectNode row(Prefix network, String nextHop, String path) {
        return object().put("network", network.toString())
                .put("nextHop", nextHop)
                .put("locPrf", "100")
                .put("weight", 0)
                .put("path", path + PATH_END);
    }

    static ObjectNode summary(RouterView view, boolean primary) {
        return values(neighbors(view, primary).stream()
                .map(each -> object().put("neighbor", each.address())
                        .put("v", 4)
                        .put("as", each.as())
                        .put("upDown", each.upDown())
                        .put("statePfxRcd", each.state()))
                .toList());
    }

    /** {@return the same as {@link #summary} in the names that the provider's interface has} */
    static ObjectNode providerSummary(RouterView view, boolean primary) {
        return values(neighbors(view, primary).stream()
                .map(each -> object().put("neighbor", each.address())
                        .put("asn", each.as())
                        .put("upDown", each.upDown())
                        .put("stateOrPrefixesReceived", each.state()))
                .toList());
    }

    /** A neighbour of a router; its state is how many prefixes it tells if it is up. */
    private record Neighbor(String address, long as, String upDown, String state) {}

    private static List<Neighbor> neighbors(RouterView view, boolean primary) {
        List<Neighbor> all = new ArrayList<>();
        boolean vnets = !primary || hasVnets(view);
        String up = RouterView.upDown(Duration.between(view.start(), view.now()));
        int named = view.links().stream()
                .mapToInt(link -> link.vnet().addressSpaces().size())
                .sum();
        for (VnetLink link : view.links()) {
            boolean first = link.equals(view.links().get(0));
            int others = first ? Math.max(0, view.snapshot().behind().size() - named) : 0;
            for (InetAddress gateway : link.gateways()) {
                String count = Integer.toString(link.vnet().addressSpaces().size() + others);
                all.add(new Neighbor(
                        IpAddresses.text(gateway), GATEWAY_AS, vnets ? up : NEVER, vnets ? count : "Idle"));
            }
        }
        String pop = IpAddresses.text(ArmPeering.host(view.peering().subnet(primary), 1));
        long as = view.peering().peerAs().value();
        all.add(primary ? pop(view, pop, as) : new Neighbor(pop, as, NEVER, "Idle"));
        return all;
    }

    private static Neighbor pop(RouterView view, String address, long as) {
        boolean established = view.snapshot().state() == FsmState.ESTABLISHED;
        String upDown = view.snapshot()
                .since()
                .map(since -> RouterView.upDown(Duration.between(since, view.now())))
                .orElse(NEVER);
        String state = established
                ? Integer.toString(view.snapshot().received().size())
                : view.snapshot().state().toString();
        return new Neighbor(address, as, upDown, state);
    }

    /** {@return percent of ArpAvailability and BgpAvailability of a router} */
    static Map<String, Integer> availability(RouterView view, boolean primary) {
        boolean bgp = view.snapshot().state() == FsmState.ESTABLISHED
                && !view.snapshot().faults().contains("core-maintenance");
        return Map.of(
                "ArpAvailability", primary && view.linked() ? 100 : 0, "BgpAvailability", primary && bgp ? 100 : 0);
    }

    /** {@return octets that came and went; only the sessions' own, as there is no other traffic} */
    static ObjectNode stats(RouterView view) {
        return object().put("primarybytesIn", view.snapshot().octets().in())
                .put("primarybytesOut", view.snapshot().octets().out())
                .put("secondarybytesIn", 0L)
                .put("secondarybytesOut", 0L);
    }
}
