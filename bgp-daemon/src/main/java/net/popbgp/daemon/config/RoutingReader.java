package net.popbgp.daemon.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Aggregate;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.RouteActions;

/** Reads the keys of a peer that make up its {@link PeerRouting}, and those of the speaker that make up {@link RoutingConfig}. No state. */
final class RoutingReader {

    private RoutingReader() {}

    static RoutingConfig readSpeaker(Section root, PolicyReader policies) {
        return new RoutingConfig(nextHops(root), aggregates(root, policies), multipath(root));
    }

    private static Multipath multipath(Section root) {
        Optional<Section> section = root.section("multipath");
        if (section.isEmpty()) {
            return Multipath.OFF;
        }
        Optional<Integer> paths = section.get().require("paths", Values.integer(1, Multipath.MAX_PATHS));
        Multipath.AsPathMatch asPath =
                section.get().read("as-path", Multipath.OFF.asPath(), Values.oneOf(Multipath.AsPathMatch.class));
        section.get().finish();
        return new Multipath(paths.orElse(Multipath.OFF.paths()), asPath);
    }

    private static List<Aggregate> aggregates(Section root, PolicyReader policies) {
        Map<Prefix, Aggregate> aggregates = new LinkedHashMap<>();
        List<ConfigNode> items = root.items("aggregates");
        if (items.size() > Aggregate.MAX_AGGREGATES) {
            root.get("aggregates").ifPresent(node -> node.error("more than " + Aggregate.MAX_AGGREGATES + " entries"));
            return List.of();
        }
        for (ConfigNode item : items) {
            item.section().flatMap(section -> aggregate(section, policies)).ifPresent(aggregate -> {
                if (aggregates.putIfAbsent(aggregate.prefix(), aggregate) != null) {
                    item.error(aggregate.prefix() + " is aggregated twice");
                }
            });
        }
        return List.copyOf(aggregates.values());
    }

    private static Optional<Aggregate> aggregate(Section section, PolicyReader policies) {
        Optional<Prefix> prefix = section.require("prefix", Prefix::of);
        boolean summaryOnly = section.read("summary-only", false, Values::bool);
        boolean ignoreMed = section.read("ignore-med", false, Values::bool);
        RouteActions set = section.section("set").map(policies::actions).orElse(RouteActions.NONE);
        section.finish();
        return prefix.map(each -> Aggregate.of(each)
                .withSummaryOnly(summaryOnly)
                .withIgnoreMed(ignoreMed)
                .withSet(set));
    }

    private static NextHopTable nextHops(Section root) {
        NextHopTable table = NextHopTable.EMPTY;
        List<ConfigNode> items = root.items("next-hops");
        if (items.size() > NextHopTable.MAX_ENTRIES) {
            root.get("next-hops").ifPresent(node -> node.error("more than " + NextHopTable.MAX_ENTRIES + " entries"));
            return table;
        }
        for (ConfigNode item : items) {
            Optional<Section> section = item.section();
            if (section.isPresent()) {
                table = nextHop(table, section.get());
            }
        }
        return table;
    }

    private static NextHopTable nextHop(NextHopTable table, Section section) {
        Optional<Prefix> prefix = section.require("prefix", Prefix::of);
        Optional<Integer> cost = section.read("cost", Values.integer(0, Integer.MAX_VALUE));
        boolean unreachable = section.read("unreachable", false, Values::bool);
        if (unreachable == section.get("cost").isPresent()) {
            section.self().error("one of 'cost' and 'unreachable: true' is needed");
        }
        section.finish();
        if (prefix.isEmpty() || cost.isEmpty() && !unreachable) {
            return table;
        }
        if (table.entries().containsKey(prefix.get())) {
            section.self().error(prefix.get() + " is given twice");
        }
        return table.with(prefix.get(), cost.orElse(NextHopTable.UNREACHABLE));
    }

    static PeerRouting read(Section section, Optional<Asn> localAs, Optional<Asn> remoteAs) {
        PeerRouting routing = PeerRouting.DEFAULT
                .withReflectorClient(section.read("reflector-client", false, Values::bool))
                .withGracefulShutdown(section.read("graceful-shutdown", false, Values::bool))
                .withDrainPrepend(section.read("drain-prepend", 0, Values.integer(0, RouteActions.Prepend.MAX_TIMES)))
                .withMoreSpecifics(section.read("more-specifics", false, Values::bool))
                .withExportBlackholes(section.read("export-blackholes", false, Values::bool))
                .withDefaultOriginate(section.read("default-originate", false, Values::bool));
        if (routing.reflectorClient() && localAs.isPresent() && remoteAs.isPresent() && !localAs.equals(remoteAs)) {
            section.get("reflector-client")
                    .ifPresent(node -> node.error("only an internal peer can be a client (RFC 4456)"));
        }
        return routing;
    }
}
