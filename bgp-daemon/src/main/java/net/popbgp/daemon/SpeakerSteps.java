package net.popbgp.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.config.ConfigDiff;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.config.RoutingConfig;
import net.popbgp.daemon.config.Values;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.DynamicPeersStatus;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.ReconfigureImpact;

/** Brings a speaker to what a configuration says, step by step; each waits at most {@link Daemon#TIMEOUT}. Used by one thread at a time. */
final class SpeakerSteps {

    private final BgpSpeaker speaker;

    SpeakerSteps(BgpSpeaker speaker) {
        this.speaker = speaker;
    }

    /** Adds the peers and groups to a speaker that has none and is not started. */
    void add(DaemonConfig config) {
        config.peers().forEach(speaker::addPeer);
        config.dynamicPeers().forEach(speaker::addDynamicPeers);
        config.circuitGroups().forEach(this::addGroup);
    }

    /** Tells a speaker that is not started yet what it is to announce, and how it is to route. */
    void prepare(DaemonConfig config) {
        follow(config.routing(), RoutingConfig.DEFAULT);
        for (var entry : byAttributes(config.announcements()).entrySet()) {
            Daemon.await(speaker.announce(entry.getValue(), entry.getKey()));
        }
    }

    /** One step of a reload, which says what it did. */
    @FunctionalInterface
    private interface Work {
        String run();
    }

    /** Goes from one configuration to another. {@return what was done} */
    List<Reload.Step> apply(ConfigDiff diff, DaemonConfig next, DaemonConfig before) {
        List<Reload.Step> steps = new ArrayList<>();
        diff.removedGroups()
                .forEach(group -> steps.add(step("circuit-group " + group.name(), () -> {
                    speaker.removeCircuitGroup(group.name());
                    return "removed";
                })));
        diff.removed().forEach(peer -> steps.add(step("peer " + peer.name(), () -> remove(peer))));
        diff.changed().forEach((peer, impact) -> steps.add(step("peer " + peer.name(), () -> change(peer, impact))));
        diff.removedRanges()
                .forEach(name -> steps.add(step("dynamic-peers " + name, () -> {
                    Daemon.await(speaker.removeDynamicPeers(name));
                    return "removed";
                })));
        diff.changedRanges()
                .forEach(range -> steps.add(step("dynamic-peers " + range.name(), () -> {
                    Daemon.await(speaker.changeDynamicPeers(range));
                    return "changed";
                })));
        diff.addedRanges()
                .forEach(range -> steps.add(step("dynamic-peers " + range.name(), () -> {
                    speaker.addDynamicPeers(range);
                    return "added";
                })));
        diff.added().forEach(peer -> steps.add(step("peer " + peer.name(), () -> add(peer))));
        diff.addedGroups()
                .forEach(group -> steps.add(step("circuit-group " + group.name(), () -> {
                    addGroup(group);
                    return "added";
                })));
        if (!next.routing().equals(before.routing())) {
            steps.add(step("routing", () -> follow(next.routing(), before.routing())));
        }
        if (!diff.withdrawn().isEmpty()) {
            steps.add(step("announce", () -> withdraw(diff.withdrawn())));
        }
        diff.announced()
                .forEach((attributes, prefixes) -> steps.add(step("announce", () -> announce(prefixes, attributes))));
        return steps;
    }

    /** {@return the configuration without what failed, so that the next reload tries that again} */
    DaemonConfig reached(DaemonConfig next) {
        List<PeerConfig> peers = next.peers().stream()
                .flatMap(peer -> speaker.peer(peer.name()).stream())
                .map(PeerHandle::config)
                .toList();
        List<DaemonConfig.Group> groups = next.circuitGroups().stream()
                .filter(group -> speaker.circuitGroup(group.name()).isPresent())
                .toList();
        List<DynamicPeersConfig> ranges =
                speaker.dynamicPeers().stream().map(DynamicPeersStatus::config).toList();
        return next.with(peers, groups, ranges);
    }

    private static Reload.Step step(String subject, Work work) {
        try {
            return new Reload.Step(subject, work.run(), "");
        } catch (IllegalArgumentException | IllegalStateException e) {
            return new Reload.Step(subject, "failed", String.valueOf(e.getMessage()));
        }
    }

    private String remove(PeerConfig peer) {
        speaker.peer(peer.name()).ifPresent(handle -> Daemon.await(handle.remove()));
        return "removed";
    }

    private String add(PeerConfig peer) {
        speaker.addPeer(peer);
        return "added";
    }

    private String change(PeerConfig peer, ReconfigureImpact expected) {
        Optional<PeerHandle> handle = speaker.peer(peer.name());
        return Values.kebab(
                handle.map(each -> Daemon.await(each.reconfigure(peer))).orElse(expected));
    }

    private String withdraw(List<Prefix> prefixes) {
        Daemon.await(speaker.withdraw(prefixes));
        return "withdrawn " + prefixes.size();
    }

    private String announce(List<Prefix> prefixes, PathAttributes attributes) {
        Daemon.await(speaker.announce(prefixes, attributes));
        return "announced " + prefixes.size();
    }

    /** Takes over what is said about routing of the speaker as a whole. */
    private String follow(RoutingConfig next, RoutingConfig before) {
        if (!next.nextHops().equals(before.nextHops())) {
            Daemon.await(speaker.changeNextHops(table -> next.applyTo(table, before)));
        }
        if (!next.aggregates().equals(before.aggregates())) {
            Daemon.await(speaker.replaceAggregates(next.aggregates()));
        }
        if (!next.multipath().equals(before.multipath())) {
            Daemon.await(speaker.changeMultipath(next.multipath()));
        }
        return "live";
    }

    private void addGroup(DaemonConfig.Group group) {
        PeerHandle primary = speaker.peer(group.primary())
                .orElseThrow(() -> new IllegalStateException("peer " + group.primary() + " does not exist"));
        PeerHandle secondary = speaker.peer(group.secondary())
                .orElseThrow(() -> new IllegalStateException("peer " + group.secondary() + " does not exist"));
        speaker.addCircuitGroup(group.name(), primary, secondary);
    }

    private static Map<PathAttributes, List<Prefix>> byAttributes(Map<Prefix, PathAttributes> announcements) {
        return announcements.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    }
}
