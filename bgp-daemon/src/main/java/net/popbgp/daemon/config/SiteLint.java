package net.popbgp.daemon.config;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.config.CircuitReader.Layers;
import net.popbgp.daemon.site.Advertise;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CloudProfile;
import net.popbgp.daemon.site.Neighbor;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.Sku;
import net.popbgp.daemon.site.Vlan;

/** Looks for what a cloud would refuse or what would not do what it seems to, before anything is sent. Used by one thread. */
final class SiteLint {

    /** Where something else of the same kind stands. */
    private record Seen(String path, String pop, Vlan vlan) {}

    private final TreeMap<Prefix, String> subnets = new TreeMap<>();
    private final Map<String, Seen> serviceKeys = new HashMap<>();
    private final Map<String, String> tags = new HashMap<>();
    private final List<InetSocketAddress> listen;
    private final int announced;

    /**
     * @param listen where the speaker listens
     * @param announced how many prefixes are announced besides the default route
     */
    SiteLint(List<InetSocketAddress> listen, int announced) {
        this.listen = listen;
        this.announced = announced;
    }

    void localAs(Section root, Asn asn, CloudProfile profile) {
        root.get("local-as").ifPresent(node -> {
            if (profile.forbids(asn)) {
                node.error(profile.title() + " does not take AS " + asn + " of a neighbour (" + profile.cloudAsn()
                        + " is its own, reserved are " + String.join(", ", profile.forbiddenAsns())
                        + "): choose another, as " + profile.advisedAsns());
            } else if (profile.twoOctetAsnAdvised() && asn.value() > 65535) {
                node.warning("AS " + asn + " takes four octets: " + profile.title()
                        + " takes it, but the AS number of a PoP is expected to have two");
            } else if (profile.advisesAgainst(asn)) {
                node.warning("AS " + asn + " is no private AS number " + String.join(", ", profile.advisedAsns())
                        + ": it must be yours");
            }
        });
    }

    void circuit(Layers layers, CircuitConfig circuit, CloudProfile profile, Sku sku) {
        subnet(layers, circuit);
        listener(layers, circuit);
        timers(layers, circuit.neighbor(), profile);
        bandwidths(layers, circuit, profile);
        serviceKey(layers, circuit, profile);
        advertise(layers, circuit.neighbor().advertise(), profile, sku);
    }

    private void subnet(Layers layers, CircuitConfig circuit) {
        Prefix subnet = circuit.subnet();
        Map.Entry<Prefix, String> before = subnets.floorEntry(subnet);
        Map.Entry<Prefix, String> after = subnets.ceilingEntry(subnet);
        if (before != null && before.getKey().covers(subnet)) {
            layers.place("subnet").error(subnet + " overlaps " + before.getKey() + " of " + before.getValue());
        } else if (after != null && subnet.covers(after.getKey())) {
            layers.place("subnet").error(subnet + " overlaps " + after.getKey() + " of " + after.getValue());
        }
        subnets.putIfAbsent(subnet, layers.own().self().path());
    }

    private void listener(Layers layers, CircuitConfig circuit) {
        boolean heard = listen.stream()
                .map(InetSocketAddress::getAddress)
                .anyMatch(each -> each.isAnyLocalAddress() || each.equals(circuit.popAddress()));
        if (!heard) {
            layers.place("subnet")
                    .warning("nothing listens on the PoP's address " + IpAddresses.text(circuit.popAddress())
                            + ": the cloud cannot connect to us, only we to it; add it to 'listen'");
        }
    }

    private static void timers(Layers layers, Neighbor neighbor, CloudProfile profile) {
        long hold = neighbor.holdTime().toSeconds();
        int shortest = profile.timers().minHold();
        if (hold == 0) {
            layers.place("hold-time")
                    .warning("with 0 a dead circuit is never noticed if the cloud offers 0 as well; " + profile.title()
                            + " offers " + profile.timers().peerHold() + " s");
        } else if (hold < shortest) {
            layers.place("hold-time")
                    .warning(profile.title() + " documents " + shortest + " s as its shortest hold time, this is "
                            + hold + " s");
        }
    }

    private static void bandwidths(Layers layers, CircuitConfig circuit, CloudProfile profile) {
        bandwidth(layers, "upstream", circuit.upstreamMbps(), profile);
        bandwidth(layers, "downstream", circuit.downstreamMbps(), profile);
    }

    private static void bandwidth(Layers layers, String key, OptionalInt mbps, CloudProfile profile) {
        if (mbps.isPresent()
                && !profile.bandwidths().isEmpty()
                && !profile.bandwidths().contains(mbps.getAsInt())) {
            layers.get(key)
                    .or(() -> layers.get("bandwidth"))
                    .orElse(layers.own().self())
                    .warning(profile.title() + " offers no circuit of " + mbps.getAsInt() + " Mbit/s: it has "
                            + profile.bandwidths());
        }
    }

    private void serviceKey(Layers layers, CircuitConfig circuit, CloudProfile profile) {
        circuit.vlan().ifPresent(vlan -> {
            String other = tags.putIfAbsent(
                    circuit.pop() + " " + vlan, layers.own().self().path());
            if (other != null) {
                layers.place("vlan")
                        .warning(other + " has VLAN " + vlan + " at " + circuit.pop()
                                + ", too: on one port they could not be told apart");
            }
        });
        if (circuit.serviceKey().isEmpty()) {
            return;
        }
        Seen here = new Seen(
                layers.own().self().path(), circuit.pop(), circuit.vlan().orElse(new Vlan(1, OptionalInt.empty())));
        Seen other = serviceKeys.putIfAbsent(circuit.serviceKey().get().toString(), here);
        if (other != null && profile.vlanPerServiceKey() && !other.vlan.equals(here.vlan)) {
            layers.place("vlan")
                    .error("the links of one service key have the same VLAN: here " + here.vlan + ", " + other.path
                            + " has " + other.vlan);
        } else if (other != null) {
            layers.place("service-key")
                    .warning(other.path + " has the same service key: both go over one circuit of the cloud and fail"
                            + " with it");
        }
    }

    private void advertise(Layers layers, Advertise advertise, CloudProfile profile, Sku sku) {
        if (advertise.defaultRoute() && !profile.acceptsDefault()) {
            layers.place("advertise").error(profile.title() + " takes no default route: say default-route: false");
        } else if (advertise.defaultRoute() && !saysDefaultRoute(layers)) {
            layers.place("advertise")
                    .warning("the default route is advertised: " + profile.defaultRouteEffect()
                            + "; say advertise: {default-route: true} if that is wanted, false if not");
        }
        boolean communities = !advertise.defaultRouteCommunities().isEmpty()
                || advertise.summaries().stream()
                        .anyMatch(each -> !each.communities().isEmpty());
        if (communities && !profile.honoursCommunities()) {
            layers.place("advertise").warning(profile.title() + " ignores communities of its neighbours");
        }
        profile.maxPrefixes(sku).ifPresent(limit -> {
            int count = (advertise.defaultRoute() ? 1 : 0)
                    + advertise.summaries().size()
                    + (advertise.allRoutes() && !advertise.summaryOnly() ? announced : 0);
            if (count > limit && advertise.autoSummarize().isPresent()) {
                layers.place("advertise")
                        .warning(count + " prefixes would be advertised and " + profile.title() + " takes " + limit
                                + " with " + Values.kebab(sku) + ": they will be summarized from the start");
            } else if (count > limit) {
                layers.place("advertise")
                        .error(count + " prefixes would be advertised and " + profile.title() + " takes " + limit
                                + " with " + Values.kebab(sku) + " before it tears the session down: summarize them"
                                + " (summary-routes, summary-only, auto-summarize), or take a larger sku");
            } else if (count * 100L > (long) limit * profile.warnPercent()) {
                layers.place("advertise")
                        .warning(count + " of the " + limit + " prefixes that " + profile.title() + " takes with "
                                + Values.kebab(sku) + " are announced already, without what is learned");
            }
        });
    }

    private static boolean saysDefaultRoute(Layers layers) {
        return layers.get("advertise")
                .flatMap(ConfigNode::section)
                .flatMap(each -> each.get("default-route"))
                .isPresent();
    }

    /** What concerns both circuits of a site. */
    void site(Section section, SiteConfig site, CloudProfile profile) {
        ConfigNode place = section.get("circuits").orElse(section.self());
        if (site.circuits().size() < 2) {
            place.warning("one circuit only: nothing takes over when it is lost, and " + profile.title()
                    + " guarantees nothing for it; for tests only");
            return;
        }
        Neighbor primary = site.circuits().get(0).neighbor();
        Neighbor secondary = site.circuits().get(1).neighbor();
        if (primary.metric() > secondary.metric()) {
            place.warning("the primary's metric " + primary.metric() + " is worse than the secondary's "
                    + secondary.metric() + ": lower wins, so the secondary will be active");
        } else if (primary.metric() == secondary.metric()) {
            place.warning("both circuits have metric " + primary.metric()
                    + ": the primary is preferred for its role; say so with a lower one");
        }
        if (!primary.advertise().equals(secondary.advertise())) {
            place.warning("the circuits advertise differently: after a failover the cloud reaches other prefixes;"
                    + " put 'advertise' at the site for both");
        }
        if (!primary.accept().equals(secondary.accept())) {
            place.warning("the circuits accept differently: after a failover we reach other prefixes; put 'accept' at"
                    + " the site for both");
        }
        if (secondary.prepend() <= primary.prepend()) {
            place.warning("the secondary prepends no more than the primary (" + secondary.prepend() + " and "
                    + primary.prepend() + "): " + profile.title()
                    + " spreads its traffic over both, and answers come over another circuit than they went");
        }
    }
}
