package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.fsm.NegotiatedSession;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.Reload;
import net.popbgp.daemon.Version;
import net.popbgp.daemon.access.Caller;
import net.popbgp.daemon.config.Problem;
import net.popbgp.daemon.config.Values;
import net.popbgp.speaker.CircuitGroup;
import net.popbgp.speaker.Failover;
import net.popbgp.speaker.LocRibStatus;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.RouteExplanation;
import net.popbgp.speaker.RoutePage;

/** The speaker's records as JSON; names as in the configuration file. No secret is ever in it. */
final class Views {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Views() {}

    static ObjectNode status(Daemon daemon, Instant now) {
        Collection<PeerStatus> peers = daemon.speaker().peers();
        ObjectNode json = JSON.objectNode()
                .put("version", Version.text())
                .put("local-as", daemon.config().speaker().localAs().value())
                .put("router-id", daemon.config().speaker().routerId().toString())
                .put("drained", daemon.speaker().isDrained())
                .put("cluster-id", daemon.config().speaker().clusterId().toString())
                .put("started-at", daemon.startedAt().toString())
                .put("uptime-seconds", seconds(daemon.startedAt(), now))
                .put("peers", peers.size())
                .put(
                        "established",
                        peers.stream().filter(PeerStatus::isEstablished).count());
        LocRibStatus locRib = daemon.speaker().locRib();
        json.putObject("loc-rib")
                .put("ipv4-prefixes", locRib.ipv4Prefixes())
                .put("ipv6-prefixes", locRib.ipv6Prefixes())
                .put("changes", locRib.changes())
                .put("withdrawals", locRib.withdrawals());
        Multipath multipath = daemon.config().routing().multipath();
        json.putObject("multipath").put("paths", multipath.paths()).put("as-path", Values.kebab(multipath.asPath()));
        ArrayNode ranges = json.putArray("dynamic-peers");
        daemon.speaker()
                .dynamicPeers()
                .forEach(each -> ranges.addObject()
                        .put("name", each.config().name())
                        .put("prefix", each.config().range().toString())
                        .put("limit", each.config().limit())
                        .put("peers", each.peers())
                        .put("refused", each.refused()));
        daemon.speaker()
                .restartStatus()
                .ifPresent(restart -> json.set("restart", RestartViews.ownRestart(restart, now)));
        json.set("events", EventViews.status(daemon.events().status()));
        ArrayNode listen = json.putArray("listen");
        daemon.speaker()
                .listenAddresses()
                .forEach(each -> listen.add(IpAddresses.text(each.getAddress(), each.getPort())));
        return json;
    }

    static ObjectNode peer(PeerStatus peer, String description, Instant now) {
        PeerConfig config = peer.config();
        ObjectNode json = JSON.objectNode()
                .put("name", config.name())
                .put("description", description)
                .put("dynamic-peers", peer.dynamicRange())
                .put("address", address(peer.remoteAddress()))
                .put(
                        "remote-as",
                        peer.negotiated()
                                .map(NegotiatedSession::remoteAs)
                                .orElse(config.remoteAs())
                                .value())
                .put("metric", config.metric())
                .put("enabled", peer.enabled())
                .put("state", peer.state().toString())
                .put("state-since", peer.stateSince().toString())
                .put("state-seconds", seconds(peer.stateSince(), now));
        put(json, "local-address", peer.localAddress().map(Views::address));
        json.put("last-down", peer.lastDown().toString());
        put(json, "last-down-at", peer.lastDownAt().map(Instant::toString));
        json.put("drain", Values.kebab(peer.drain()))
                .put("diagnosis", peer.diagnosis())
                .put("established-count", peer.established())
                .put("connect-retry-counter", peer.connectRetryCounter());
        peer.negotiated().ifPresent(session -> {
            json.set("negotiated", negotiated(session));
            json.set("capabilities", CapabilityViews.capabilities(session));
        });
        peer.staleRoutes().ifPresent(stale -> json.set("stale-routes", RestartViews.staleRoutes(stale, now)));
        json.set("counters", counters(peer.counters()));
        ObjectNode prefixes = json.putObject("prefixes");
        peer.prefixes().forEach((family, counts) -> prefixes.set(family.toString(), prefixes(counts)));
        json.set("config", config(config));
        return json;
    }

    private static ObjectNode negotiated(NegotiatedSession session) {
        ObjectNode json = JSON.objectNode()
                .put("router-id", session.remoteRouterId().toString())
                .put("peer-type", Values.kebab(session.peerType()))
                .put("hold-time", session.holdTime() + "s")
                .put("keepalive-time", session.keepaliveTime() + "s")
                .put("four-octet-as", session.fourOctetAs());
        texts(json.putArray("families"), session.families());
        return json;
    }

    private static ObjectNode counters(PeerStatus.Counters counters) {
        return JSON.objectNode()
                .put("messages-in", counters.messagesIn())
                .put("messages-out", counters.messagesOut())
                .put("updates-in", counters.updatesIn())
                .put("updates-out", counters.updatesOut())
                .put("keepalives-in", counters.keepalivesIn())
                .put("keepalives-out", counters.keepalivesOut())
                .put("notifications-in", counters.notificationsIn())
                .put("notifications-out", counters.notificationsOut())
                .put("treated-as-withdraw", counters.treatedAsWithdraw())
                .put("attributes-discarded", counters.attributesDiscarded())
                .put("route-leaks", counters.routeLeaks());
    }

    static ObjectNode prefixes(PeerStatus.Prefixes counts) {
        return JSON.objectNode()
                .put("received", counts.received())
                .put("accepted", counts.accepted())
                .put("best", counts.best())
                .put("advertised", counts.advertised())
                .put("withheld", counts.withheld())
                .put("limit-warning", counts.limitWarning())
                .put("limit-exceeded", counts.limitExceeded())
                .put("guard-warning", counts.guardWarning())
                .put("end-of-rib", counts.endOfRib())
                .put("paths-discarded", counts.pathsDiscarded());
    }

    private static ObjectNode config(PeerConfig config) {
        ObjectNode json = JSON.objectNode()
                .put("port", config.remotePort())
                .put("passive", config.passive())
                .put("md5", config.md5Key().isPresent())
                .put("hold-time", Values.text(config.holdTime()))
                .put("keepalive-time", Values.text(config.keepaliveTime()))
                .put("connect-retry-time", Values.text(config.connectRetryTime()))
                .put("idle-hold-time", Values.text(config.idleHoldTime()))
                .put("max-idle-hold-time", Values.text(config.maxIdleHoldTime()))
                .put("open-hold-time", Values.text(config.openHoldTime()))
                .put("send-hold-time", Values.text(config.sendHoldTime()));
        json.set("route-refresh", RestartViews.routeRefresh(config.routeRefresh()));
        json.set("graceful-restart", RestartViews.gracefulRestart(config.gracefulRestart()));
        json.put("advertisement-interval", Values.text(config.advertisementInterval()));
        CapabilityViews.features(json, config.features());
        CapabilityViews.nextHops(json, config.nextHops());
        RoutingViews.routing(json, config.routing());
        ObjectNode limits = json.putObject("prefix-limit");
        config.prefixLimits()
                .forEach((family, limit) -> limits.putObject(family.toString())
                        .put("limit", limit.limit())
                        .put("warn-percent", limit.warnPercent())
                        .put("action", Values.kebab(limit.action()))
                        .put("restart", Values.text(limit.restart())));
        ObjectNode guards = json.putObject("outbound-guard");
        config.outboundGuards()
                .forEach((family, guard) -> guards.putObject(family.toString())
                        .put("limit", guard.limit())
                        .put("warn-percent", guard.warnPercent()));
        texts(json.putArray("families"), config.families());
        return json;
    }

    static ObjectNode routes(RoutePage page) {
        ObjectNode json = JSON.objectNode();
        ArrayNode rows = json.putArray("routes");
        for (RoutePage.Row row : page.rows()) {
            ObjectNode route = rows.addObject()
                    .put("prefix", row.prefix().toString())
                    .put("peer", row.peer())
                    .put("metric", row.metric())
                    .put("status", Values.kebab(row.status()));
            row.pathId().ifPresent(pathId -> route.put("path-id", pathId));
            put(route, "backup-peer", row.backupPeer());
            if (!row.multipathPeers().isEmpty()) {
                texts(route.putArray("multipath-peers"), row.multipathPeers());
            }
            route.put("note", row.note());
            route.set("attributes", attributes(row.attributes()));
        }
        page.next().ifPresent(next -> json.put("next-cursor", next));
        return json;
    }

    static ObjectNode attributes(PathAttributes attributes) {
        ObjectNode json = JSON.objectNode()
                .put("origin", Values.kebab(attributes.origin()))
                .put("as-path", attributes.asPath().toString());
        put(json, "next-hop", attributes.nextHop().map(Object::toString));
        attributes.multiExitDisc().ifPresent(med -> json.put("med", med));
        attributes.localPref().ifPresent(pref -> json.put("local-pref", pref));
        if (attributes.atomicAggregate()) {
            json.put("atomic-aggregate", true);
        }
        put(json, "aggregator", attributes.aggregator().map(Object::toString));
        list(json, "communities", attributes.communities());
        list(json, "large-communities", attributes.largeCommunities());
        list(json, "extended-communities", attributes.extendedCommunities());
        put(json, "originator-id", attributes.originatorId().map(Object::toString));
        list(json, "cluster-list", attributes.clusterList());
        put(json, "only-to-customer", attributes.onlyToCustomer().map(Object::toString));
        list(json, "unrecognized", attributes.unrecognized());
        return json;
    }

    static ObjectNode explanation(RouteExplanation explanation) {
        ObjectNode json = JSON.objectNode()
                .put("prefix", explanation.prefix().toString())
                .put("decided-by", explanation.decidedBy());
        ArrayNode candidates = json.putArray("candidates");
        for (RouteExplanation.Candidate each : explanation.candidates()) {
            ObjectNode candidate = candidates
                    .addObject()
                    .put("peer", each.peer())
                    .put("metric", each.metric())
                    .put("status", Values.kebab(each.status()))
                    .put("verdict", each.verdict())
                    .put("lost-at", each.lostAt());
            each.pathId().ifPresent(pathId -> candidate.put("path-id", pathId));
            candidate.set("received", attributes(each.received()));
            each.accepted().ifPresent(accepted -> candidate.set("accepted", attributes(accepted)));
        }
        return json;
    }

    static ObjectNode circuit(CircuitGroup group) {
        PeerStatus primary = group.primary().status();
        PeerStatus secondary = group.secondary().status();
        int up = (primary.isEstablished() ? 1 : 0) + (secondary.isEstablished() ? 1 : 0);
        ObjectNode json = JSON.objectNode()
                .put("name", group.name())
                .put("status", up == 2 ? "connected" : up == 1 ? "degraded" : "disconnected");
        put(json, "active", group.active().map(peer -> peer.config().name()));
        json.set("primary", circuitPeer(primary));
        json.set("secondary", circuitPeer(secondary));
        group.lastFailover().ifPresent(failover -> json.set("last-failover", failover(failover)));
        ArrayNode failovers = json.putArray("failovers");
        group.failovers().forEach(failover -> failovers.add(failover(failover)));
        return json;
    }

    private static ObjectNode circuitPeer(PeerStatus peer) {
        return JSON.objectNode()
                .put("peer", peer.config().name())
                .put("metric", peer.config().metric())
                .put("state", peer.state().toString());
    }

    static ObjectNode failover(Failover failover) {
        ObjectNode json = JSON.objectNode()
                .put("from", failover.from())
                .put("to", failover.to())
                .put("trigger", failover.trigger())
                .put("prefixes", failover.prefixes())
                .put(
                        "detected-at",
                        failover.detectedAt().truncatedTo(ChronoUnit.MICROS).toString())
                .put("detection-to-event-us", micros(failover.detectionToEvent()));
        failover.detectionToSwitch().ifPresent(time -> json.put("detection-to-switch-us", micros(time)));
        return json;
    }

    static ObjectNode reload(Reload reload) {
        ObjectNode json = JSON.objectNode().put("failed", reload.failed());
        ArrayNode steps = json.putArray("steps");
        reload.steps()
                .forEach(step -> steps.addObject()
                        .put("subject", step.subject())
                        .put("action", step.action())
                        .put("detail", step.detail()));
        return json;
    }

    /** {@return a configuration without the paths of webhooks, which let in whoever knows them} Other secrets cannot stand in it. */
    static JsonNode shown(JsonNode document) {
        JsonNode shown = document.deepCopy();
        for (JsonNode webhook : shown.path("alerts").path("webhooks")) {
            if (webhook instanceof ObjectNode keys && keys.path("url").isTextual()) {
                keys.put("url", keys.get("url").asText().replaceFirst("(//[^/?]*[/?]).+", "$1(hidden)"));
            }
        }
        return shown;
    }

    static ObjectNode caller(Caller caller) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", caller.name())
                .put("role", caller.role().toString());
    }

    static ObjectNode problems(Collection<Problem> problems) {
        ObjectNode json = JSON.objectNode().put("error", "the configuration is refused");
        ArrayNode all = json.putArray("problems");
        problems.forEach(problem -> all.addObject()
                .put("severity", Values.kebab(problem.severity()))
                .put("path", problem.path())
                .put("line", problem.line())
                .put("message", problem.message()));
        return json;
    }

    private static String address(InetAddress address) {
        return IpAddresses.text(address);
    }

    private static long seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toSeconds());
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }

    private static void put(ObjectNode json, String key, Optional<String> value) {
        value.ifPresent(text -> json.put(key, text));
    }

    private static void list(ObjectNode json, String key, Collection<?> values) {
        if (!values.isEmpty()) {
            texts(json.putArray(key), values);
        }
    }

    private static void texts(ArrayNode array, Collection<?> values) {
        values.stream().map(Object::toString).forEach(array::add);
    }
}
