package net.popbgp.daemon.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Aggregate;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.SitePlan;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.SpeakerConfig;

/** Joins what follows from the sites with the rest of a configuration. Used by one thread. */
final class SiteBinder {

    private final Section root;
    private final Optional<Asn> localAs;
    private final List<SiteConfig> sites;
    private final SitePlan plan;
    private Set<Prefix> hidden = Set.of();

    /** Reads the sites, and reports what is wrong with them. */
    SiteBinder(
            Section root,
            Secrets secrets,
            Optional<Asn> localAs,
            Optional<SpeakerConfig> speaker,
            Set<Prefix> announced) {
        this.root = root;
        this.localAs = localAs;
        List<InetSocketAddress> listen = speaker.map(SpeakerConfig::listen).orElse(List.of());
        int count = (int) announced.stream()
                .filter(each -> each.isIpv4() && each.length() > 0)
                .count();
        SiteReader reader = new SiteReader(secrets, localAs, new SiteLint(listen, count));
        sites = reader.read(root);
        plan = SitePlan.of(sites, localAs.orElse(Asn.of(1)), reader.profiles());
    }

    List<SiteConfig> sites() {
        return sites;
    }

    Map<String, String> descriptions() {
        return SitePlan.descriptions(sites);
    }

    /** {@return all peers; those configured as such do not see the summaries of sites} */
    List<PeerConfig> addPeers(List<PeerConfig> configured) {
        Set<Prefix> others = root.items("aggregates").stream()
                .flatMap(item -> item.section().stream())
                .flatMap(section -> section.read("prefix", Prefix::of).stream())
                .collect(Collectors.toSet());
        hidden = plan.aggregates().stream()
                .map(Aggregate::prefix)
                .filter(prefix -> !others.contains(prefix))
                .collect(Collectors.toSet());
        Set<String> names = configured.stream().map(PeerConfig::name).collect(Collectors.toCollection(HashSet::new));
        Set<InetAddress> addresses =
                configured.stream().map(PeerConfig::remoteAddress).collect(Collectors.toSet());
        for (PeerConfig peer : plan.peers()) {
            ConfigNode place = root.get("sites").orElse(root.self());
            if (!names.add(peer.name())) {
                place.error("two peers would be named '" + peer.name() + "': a site's are called after it");
            }
            if (addresses.contains(peer.remoteAddress())) {
                place.error("'" + peer.name() + "' has the address " + IpAddresses.text(peer.remoteAddress())
                        + " of one of 'peers': a circuit is its site's alone");
            }
        }
        if (names.size() > ConfigReader.MAX_PEERS) {
            root.self().error("more than " + ConfigReader.MAX_PEERS + " peers, with those of sites");
        }
        return Stream.concat(configured.stream().map(this::shield), plan.peers().stream())
                .toList();
    }

    List<DynamicPeersConfig> shield(List<DynamicPeersConfig> ranges) {
        return ranges.stream()
                .map(range -> new DynamicPeersConfig(
                        range.name(),
                        range.range(),
                        range.remoteAs(),
                        range.limit(),
                        range.removeAfter(),
                        shield(range.template())))
                .toList();
    }

    private PeerConfig shield(PeerConfig peer) {
        boolean internal = localAs.equals(Optional.of(peer.remoteAs()));
        return SitePlan.elsewhere(peer.exportPolicy(), internal, hidden, plan.automatic())
                .filter(policy -> !Optional.of(policy).equals(peer.exportPolicy()))
                .map(policy -> peer.toBuilder().exportPolicy(policy).build())
                .orElse(peer);
    }

    List<DaemonConfig.Group> addGroups(List<DaemonConfig.Group> configured) {
        List<DaemonConfig.Group> groups = new ArrayList<>(configured);
        for (SiteConfig site : sites) {
            if (configured.stream().anyMatch(group -> group.name().equals(site.name()))) {
                root.get("sites")
                        .orElse(root.self())
                        .error("a circuit group is named '" + site.name() + "' as a site: a site's circuits are one");
            } else if (site.circuits().size() == 2) {
                groups.add(new DaemonConfig.Group(
                        site.name(), site.peerName(CircuitRole.PRIMARY), site.peerName(CircuitRole.SECONDARY)));
            }
        }
        return groups;
    }

    RoutingConfig addSummaries(RoutingConfig routing) {
        if (plan.aggregates().isEmpty()) {
            return routing;
        }
        List<Aggregate> all = new ArrayList<>(routing.aggregates());
        Set<Prefix> known = routing.aggregates().stream().map(Aggregate::prefix).collect(Collectors.toSet());
        for (Aggregate each : plan.aggregates()) {
            if (known.contains(each.prefix())) {
                root.get("aggregates")
                        .orElse(root.self())
                        .warning(
                                each.prefix()
                                        + " is a summary route of a site as well: being an aggregate, routes of the cloud"
                                        + " hold it up too, so that it may be advertised without any route of ours; leave it to the site");
            } else {
                all.add(each);
            }
        }
        if (all.size() > Aggregate.MAX_AGGREGATES) {
            root.get("sites")
                    .orElse(root.self())
                    .error("more than " + Aggregate.MAX_AGGREGATES + " aggregates and summary routes of sites");
        }
        return new RoutingConfig(routing.nextHops(), all, routing.multipath());
    }
}
