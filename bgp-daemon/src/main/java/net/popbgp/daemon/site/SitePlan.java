package net.popbgp.daemon.site;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Aggregate;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.speaker.PeerConfig;

/**
 * What the speaker needs for the sites: a peer per circuit, the summaries as aggregates, and what keeps other peers from seeing these. The
 * circuits of a site with two are a circuit group of the site's name. Immutable.
 *
 * @param peers in the order of the sites, the primary of each first
 * @param aggregates the summaries that any circuit advertises, each prefix once; what was learned from a cloud holds none up
 * @param automatic whether more of them can be made automatically
 */
public record SitePlan(List<PeerConfig> peers, List<Aggregate> aggregates, boolean automatic) {

    private static final Duration LIMIT_RESTART = Duration.ofMinutes(1);

    public SitePlan {
        peers = List.copyOf(peers);
        aggregates = List.copyOf(aggregates);
    }

    /**
     * Derives it.
     *
     * @param profiles by the names of the providers
     */
    public static SitePlan of(List<SiteConfig> sites, Asn localAs, Map<String, CloudProfile> profiles) {
        Set<Asn> clouds = profiles.values().stream().map(CloudProfile::cloudAs).collect(Collectors.toSet());
        Set<Prefix> summaries = new TreeSet<>();
        sites.forEach(site -> site.circuits().forEach(circuit -> summaries.addAll(summaries(circuit))));
        boolean automatic = sites.stream().anyMatch(site -> site.autoSummarize().isPresent());
        List<PeerConfig> peers = new ArrayList<>();
        for (SiteConfig site : sites) {
            for (CircuitConfig circuit : site.circuits()) {
                Set<Prefix> foreign = new TreeSet<>(summaries);
                foreign.removeAll(summaries(circuit));
                RoutePolicy out = SitePolicies.out(site, circuit, localAs, clouds, foreign);
                peers.add(peer(
                        site,
                        circuit,
                        Objects.requireNonNull(profiles.get(site.provider()), site.provider()),
                        SitePolicies.in(site, circuit),
                        automatic ? new SummarizedPolicy(out, Advertisable.fixed(circuit), AutoSummaries.NONE) : out));
            }
        }
        return new SitePlan(
                peers,
                summaries.stream()
                        .map(prefix -> Aggregate.of(prefix).withIgnoreMed(true).withExcluding(clouds))
                        .toList(),
                automatic);
    }

    private static Set<Prefix> summaries(CircuitConfig circuit) {
        return circuit.neighbor().advertise().summaries().stream()
                .map(SummaryRoute::subnet)
                .collect(Collectors.toSet());
    }

    private static PeerConfig peer(
            SiteConfig site, CircuitConfig circuit, CloudProfile profile, RoutePolicy in, RoutePolicy out) {
        Neighbor neighbor = circuit.neighbor();
        PeerConfig.Builder builder = PeerConfig.builder(circuit.cloudAddress(), neighbor.peerAs())
                .name(site.peerName(circuit.role()))
                .remotePort(neighbor.port())
                .localAddress(circuit.popAddress())
                .metric(neighbor.metric())
                .enabled(circuit.enabled())
                .holdTime(neighbor.holdTime())
                .keepaliveTime(neighbor.keepaliveTime())
                .importPolicy(in)
                .exportPolicy(out)
                .routing(PeerRouting.DEFAULT
                        .withDefaultOriginate(neighbor.advertise().defaultRoute())
                        .withAdvertisedTimes(true))
                .prefixLimit(
                        AddressFamily.IPV4_UNICAST,
                        new PrefixLimit(
                                neighbor.prefixLimit(),
                                profile.warnPercent(),
                                PrefixLimit.Action.DISCARD,
                                LIMIT_RESTART));
        neighbor.md5Key().ifPresent(builder::md5Key);
        profile.maxPrefixes(site.sku())
                .map(limit -> site.autoSummarize().isPresent() ? AutoSummarize.guard(limit) : limit)
                .ifPresent(limit -> builder.outboundGuard(
                        AddressFamily.IPV4_UNICAST, new OutboundGuard(limit, profile.warnPercent())));
        return builder.build();
    }

    /** {@return what the operator calls the peers, by their names} */
    public static Map<String, String> descriptions(List<SiteConfig> sites) {
        Map<String, String> texts = new HashMap<>();
        for (SiteConfig site : sites) {
            site.circuits()
                    .forEach(circuit -> texts.put(
                            site.peerName(circuit.role()),
                            "site " + site.name() + ", " + circuit.role() + " circuit at " + circuit.pop()));
        }
        return texts;
    }

    /**
     * {@return the export policy of a peer that is no circuit: summaries that only sites want do not go there}
     *
     * @param peer its own policy, if it has any
     * @param internal whether it gets everything without one
     * @param automatic whether summaries can be made automatically
     */
    public static Optional<RoutePolicy> elsewhere(
            Optional<RoutePolicy> peer, boolean internal, Set<Prefix> summaries, boolean automatic) {
        if (summaries.isEmpty() && !automatic || peer.isEmpty() && !internal) {
            return peer;
        }
        return Optional.of(new WithoutSummaries(peer.orElse(RoutePolicy.ACCEPT_ALL), summaries));
    }
}
