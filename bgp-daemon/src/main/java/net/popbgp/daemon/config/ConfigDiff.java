package net.popbgp.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.ReconfigureImpact;

/**
 * The way from one configuration to another, with the least disturbance. Immutable.
 *
 * @param needsRestart what the running daemon cannot take over; if there is any, nothing is applied
 * @param removed peers that are gone, or have another address now
 * @param added peers that are new, or have another address now
 * @param changed peers that stay, with what the change does to their session
 * @param removedGroups circuit groups that are gone, have other circuits, or lose a peer
 * @param addedGroups circuit groups that are new, have other circuits, or have a peer at another address now
 * @param removedRanges names of dynamic peers that are gone, or have other addresses now
 * @param addedRanges dynamic peers that are new, or have other addresses now
 * @param changedRanges dynamic peers of the same addresses, with other settings
 * @param withdrawn prefixes that are not announced any more
 * @param announced prefixes that are new or have other attributes
 */
public record ConfigDiff(
        List<Problem> needsRestart,
        List<PeerConfig> removed,
        List<PeerConfig> added,
        Map<PeerConfig, ReconfigureImpact> changed,
        List<DaemonConfig.Group> removedGroups,
        List<DaemonConfig.Group> addedGroups,
        List<String> removedRanges,
        List<DynamicPeersConfig> addedRanges,
        List<DynamicPeersConfig> changedRanges,
        List<Prefix> withdrawn,
        Map<PathAttributes, List<Prefix>> announced) {

    public static ConfigDiff between(DaemonConfig from, DaemonConfig to) {
        Map<String, PeerConfig> before = new LinkedHashMap<>();
        from.peers().forEach(peer -> before.put(peer.name(), peer));
        List<PeerConfig> removed = new ArrayList<>();
        List<PeerConfig> added = new ArrayList<>();
        Map<PeerConfig, ReconfigureImpact> changed = new LinkedHashMap<>();
        for (PeerConfig peer : to.peers()) {
            PeerConfig old = before.remove(peer.name());
            if (old != null && old.remoteAddress().equals(peer.remoteAddress())) {
                ReconfigureImpact impact = ReconfigureImpact.between(old, peer);
                if (impact != ReconfigureImpact.NONE) {
                    changed.put(peer, impact);
                }
            } else {
                added.add(peer);
                if (old != null) {
                    removed.add(old);
                }
            }
        }
        removed.addAll(before.values());
        return new ConfigDiff(
                needsRestart(from, to),
                removed,
                added,
                changed,
                groupsOnlyIn(from, to, removed),
                groupsOnlyIn(to, from, removed),
                rangesOnlyIn(from, to).map(DynamicPeersConfig::name).toList(),
                rangesOnlyIn(to, from).toList(),
                to.dynamicPeers().stream()
                        .filter(range -> !from.dynamicPeers().contains(range)
                                && from.dynamicPeers().stream().anyMatch(range::isOfSameAddresses))
                        .toList(),
                from.announcements().keySet().stream()
                        .filter(prefix -> !to.announcements().containsKey(prefix))
                        .sorted()
                        .toList(),
                announced(from, to));
    }

    /** With a peer that is removed its group is dissolved; it is made again if the peer is at another address now. */
    private static List<DaemonConfig.Group> groupsOnlyIn(
            DaemonConfig one, DaemonConfig other, List<PeerConfig> removed) {
        return one.circuitGroups().stream()
                .filter(group -> !other.circuitGroups().contains(group)
                        || removed.stream()
                                .map(PeerConfig::name)
                                .anyMatch(name -> name.equals(group.primary()) || name.equals(group.secondary())))
                .toList();
    }

    private static Stream<DynamicPeersConfig> rangesOnlyIn(DaemonConfig one, DaemonConfig other) {
        return one.dynamicPeers().stream()
                .filter(range -> other.dynamicPeers().stream().noneMatch(range::isOfSameAddresses));
    }

    private static List<Problem> needsRestart(DaemonConfig from, DaemonConfig to) {
        List<Problem> problems = new ArrayList<>();
        require(problems, "router-id", from.speaker().routerId(), to.speaker().routerId());
        if (from.speaker().routerId().equals(to.speaker().routerId())) { // whose change it may follow
            require(
                    problems,
                    "cluster-id",
                    from.speaker().clusterId(),
                    to.speaker().clusterId());
        }
        require(problems, "local-as", from.speaker().localAs(), to.speaker().localAs());
        require(problems, "listen", from.speaker().listen(), to.speaker().listen());
        require(
                problems,
                "honour-drain",
                from.speaker().honourDrain(),
                to.speaker().honourDrain());
        require(
                problems,
                "revert-delay",
                from.speaker().revertDelay(),
                to.speaker().revertDelay());
        require(problems, "io-threads", from.speaker().ioThreads(), to.speaker().ioThreads());
        require(
                problems,
                "native-transport",
                from.speaker().nativeTransport(),
                to.speaker().nativeTransport());
        require(problems, "api.listen", from.api().listen(), to.api().listen());
        require(problems, "api.tls", tls(from), tls(to));
        require(
                problems,
                "graceful-restart.state-file",
                from.restart().stateFile().map(Path::toString).orElse("none"),
                to.restart().stateFile().map(Path::toString).orElse("none"));
        require(
                problems,
                "events.file",
                from.events().file().map(Path::toString).orElse("none"),
                to.events().file().map(Path::toString).orElse("none"));
        return problems;
    }

    private static String tls(DaemonConfig config) {
        return config.api().tls().isPresent() ? "TLS" : "plain HTTP";
    }

    private static void require(List<Problem> problems, String key, Object from, Object to) {
        if (!from.equals(to)) {
            problems.add(new Problem(
                    Problem.Severity.ERROR, key, 0, "a change from " + from + " to " + to + " needs a restart"));
        }
    }

    private static Map<PathAttributes, List<Prefix>> announced(DaemonConfig from, DaemonConfig to) {
        Map<PathAttributes, List<Prefix>> announced = new HashMap<>();
        to.announcements().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(entry ->
                        !Objects.equals(entry.getValue(), from.announcements().get(entry.getKey())))
                .forEach(entry -> announced
                        .computeIfAbsent(entry.getValue(), attributes -> new ArrayList<>())
                        .add(entry.getKey()));
        return announced;
    }
}
