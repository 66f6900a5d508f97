package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.fsm.NegotiatedSession;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.config.Values;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitDetails;
import net.popbgp.daemon.site.CircuitList;
import net.popbgp.daemon.site.CircuitRoutes;
import net.popbgp.daemon.site.Neighbor;
import net.popbgp.daemon.site.RoutingTablePage;
import net.popbgp.daemon.site.RoutingTableRow;
import net.popbgp.daemon.site.SiteStatus;
import net.popbgp.daemon.site.WhatIf;
import net.popbgp.speaker.PeerConnection;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.RoutePage;
import net.popbgp.speaker.SpeakerConfig;

/** What is asked of single circuits, as JSON. No secret is ever in it. */
final class CircuitViews {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CircuitViews() {}

    /** The circuit with its routes: the structured status. */
    static ObjectNode status(CircuitDetails details, Instant now) {
        CircuitConfig circuit = details.status().config();
        ObjectNode json = JSON.objectNode()
                .put("site", details.site().name())
                .put("role", circuit.role().toString())
                .put("remote-ip", IpAddresses.text(circuit.cloudAddress()))
                .put("bgp-session", details.status().state().toString())
                .put("bfd-session", "none");
        json.set("circuit", SiteViews.circuit(details.status(), now));
        json.setAll(routes(details.routes()));
        return json;
    }

    static ObjectNode routes(CircuitRoutes routes) {
        ObjectNode json = JSON.objectNode();
        add(json, CircuitList.FROM_PEER, routes.fromPeer());
        add(json, CircuitList.TO_PEER, routes.toPeer());
        add(json, CircuitList.REJECTED, routes.rejected());
        return json;
    }

    static ObjectNode routes(CircuitList list, RoutePage page) {
        ObjectNode json = JSON.objectNode();
        add(json, list, page.rows());
        page.next().ifPresent(next -> json.put("next-cursor", Long.toString(next)));
        return json;
    }

    private static void add(ObjectNode json, CircuitList list, List<RoutePage.Row> rows) {
        ArrayNode array = json.putArray(
                switch (list) {
                    case FROM_PEER -> "routes-from-peer";
                    case TO_PEER -> "routes-to-peer";
                    case REJECTED -> "rejected-routes-from-peer";
                });
        for (RoutePage.Row row : rows) {
            ObjectNode route = route(row);
            if (list == CircuitList.REJECTED) {
                route.put("type", "policy").put("rule", row.note());
            } else {
                route.put("status", Values.kebab(row.status()));
            }
            if (list == CircuitList.TO_PEER) {
                row.times()
                        .ifPresent(times -> route.put("add-time", times.added().toString())
                                .put("last-update-time", times.updated().toString()));
            }
            array.add(route);
        }
    }

    private static ObjectNode route(RoutePage.Row row) {
        ObjectNode json = JSON.objectNode()
                .put("subnet", row.prefix().toString())
                .put("as-path", row.attributes().asPath().toString());
        row.attributes().nextHop().ifPresent(nextHop -> json.put("next-hop", nextHop.toString()));
        ArrayNode communities = json.putArray("community");
        row.attributes().communities().forEach(each -> communities.add(each.toString()));
        return json;
    }

    /** The raw status, with the product's own field names; nearly every value is a string, as there. */
    static ObjectNode raw(CircuitDetails details, SpeakerConfig speaker) {
        CircuitConfig circuit = details.status().config();
        Neighbor neighbor = circuit.neighbor();
        Optional<PeerStatus> peer = details.status().peer();
        ObjectNode json = JSON.objectNode()
                .put("Remote_IP", IpAddresses.text(circuit.cloudAddress()))
                .put("Remote_ASN", neighbor.peerAs().toString())
                .put("Local_IP", IpAddresses.text(circuit.popAddress()))
                .put("Local_ASN", speaker.localAs().toString())
                .put("Router_ID", speaker.routerId().toString())
                .put("Router_Weight", Integer.toString(neighbor.metric()))
                .put("BGP_Session", details.status().state().toString());
        json.set("Incoming_Connection", connection(details.connection(true)));
        json.set("Outgoing_Connection", connection(details.connection(false)));
        json.set(
                "Negotiated",
                peer.flatMap(PeerStatus::negotiated)
                        .map(session -> negotiated(session, peer.orElseThrow()))
                        .orElse(JSON.objectNode()));
        ArrayNode out = json.putArray("RIB_out");
        details.routes().toPeer().stream()
                .filter(row -> row.status() != RoutePage.Status.WITHHELD)
                .forEach(row -> out.add(ribOut(row, speaker.localAs())));
        Optional<PeerStatus.Prefixes> counts = details.status().prefixes();
        return json.put(
                        "routes_count",
                        Integer.toString(
                                counts.map(PeerStatus.Prefixes::received).orElse(0)))
                .put("routes_count_limit", Integer.toString(neighbor.prefixLimit()))
                .put(
                        "routes_count_limit_exceeded",
                        counts.filter(PeerStatus.Prefixes::limitExceeded).isPresent())
                .put("accept_from_neighbor", neighbor.accept().dynamicRoutes())
                .put("accept_default_route", neighbor.accept().defaultRoute())
                .put("advertise_default_route", neighbor.advertise().defaultRoute())
                .put("advertise_account_routes", neighbor.advertise().allRoutes())
                .put(
                        "advertise_summary_routes",
                        !neighbor.advertise().summaries().isEmpty())
                .put("summarize_vpn_users", false)
                .put("is_catod", true)
                .put("tunnel_pcap_enabled", false)
                .put("tunnel_pcap_captured_packets", "0");
    }

    private static ObjectNode connection(Optional<PeerConnection> connection) {
        return JSON.objectNode()
                .put(
                        "State",
                        connection
                                .map(PeerConnection::state)
                                .orElse(FsmState.IDLE)
                                .toString())
                .put("Transport", connection.map(CircuitViews::transport).orElse("none"));
    }

    private static String transport(PeerConnection connection) {
        return connection.local().isPresent() && connection.remote().isPresent()
                ? text(connection.local().get())
                        + (connection.incoming() ? " <- " : " -> ")
                        + text(connection.remote().get())
                : "none";
    }

    private static String text(InetSocketAddress address) {
        return IpAddresses.text(address.getAddress(), address.getPort());
    }

    private static ObjectNode negotiated(NegotiatedSession session, PeerStatus peer) {
        ObjectNode json = JSON.objectNode()
                .put("Hold_Time", Integer.toString(session.holdTime()))
                .put("Keepalive_Period", Integer.toString(session.keepaliveTime()));
        json.putObject("Capabilities")
                .put("as4", Boolean.toString(session.fourOctetAs()))
                .put("route_refresh", Boolean.toString(session.routeRefresh()))
                .put("enhanced_route_refresh", Boolean.toString(session.enhancedRouteRefresh()))
                .put(
                        "multiprotocol_ext",
                        Boolean.toString(session.remoteCapabilities().stream()
                                .anyMatch(Capability.Multiprotocol.class::isInstance)))
                .put("graceful_restart_present", session.gracefulRestart().isPresent())
                .put("graceful_restart_enabled", peer.config().gracefulRestart().enabled())
                .put(
                        "graceful_restart_timeout",
                        session.gracefulRestart()
                                .map(restart -> Integer.toString(restart.restartTime()))
                                .orElse("0"))
                .put("graceful_restart_always_publish", false);
        return json;
    }

    private static ObjectNode ribOut(RoutePage.Row row, Asn localAs) {
        ObjectNode json = JSON.objectNode()
                .put("subnet", row.prefix().toString())
                .put(
                        "next_hop",
                        row.attributes().nextHop().map(Object::toString).orElse(""))
                .put("med", row.attributes().multiExitDisc().orElse(0))
                .put("prepend_count", leading(row, localAs));
        row.times()
                .ifPresent(times -> json.put("add_time", times.added().toString())
                        .put("last_update_time", times.updated().toString()));
        return json;
    }

    /** How many times our AS stands in front. */
    private static long leading(RoutePage.Row row, Asn localAs) {
        String self = localAs.toString();
        return List.of(row.attributes().asPath().toString().split(" ")).stream()
                .takeWhile(self::equals)
                .count();
    }

    static ObjectNode whatIf(SiteStatus site, WhatIf whatIf) {
        ObjectNode json = JSON.objectNode()
                .put("site", site.config().name())
                .put("down", whatIf.down().toString())
                .put("state", Values.kebab(whatIf.state()))
                .put("prefixes", whatIf.moves().size())
                .put("without-backup", whatIf.withoutBackup());
        ArrayNode moves = json.putArray("moves");
        whatIf.moves().forEach(move -> {
            ObjectNode each = moves.addObject().put("prefix", move.prefix().toString());
            move.nextPeer().ifPresent(peer -> each.put("next-peer", peer));
        });
        ArrayNode unadvertised = json.putArray("unadvertised");
        whatIf.unadvertised()
                .forEach(each -> unadvertised
                        .addObject()
                        .put("prefix", each.prefix().toString())
                        .put("reason", each.reason()));
        whatIf.notes().forEach(json.putArray("notes")::add);
        return json;
    }

    static ObjectNode routingTable(RoutingTablePage page) {
        ObjectNode json = JSON.objectNode();
        ArrayNode rows = json.putArray("routes");
        page.rows().forEach(row -> rows.add(row(row)));
        page.next().ifPresent(next -> json.put("next-cursor", next));
        return json.put(page.exact() ? "total" : "total-at-least", page.count());
    }

    private static ObjectNode row(RoutingTableRow row) {
        ObjectNode json = JSON.objectNode()
                .put("subnet", row.subnet().toString())
                .put("type", Values.kebab(row.type()))
                .put("site", row.site())
                .put("circuit", row.circuit().map(Object::toString).orElse(""))
                .put("peer", row.peer())
                .put("next-hop", row.nextHop())
                .put("pop", row.pop())
                .put("metric", row.metric())
                .put("state", Values.kebab(row.state()))
                .put("selected", row.selected());
        row.pathId().ifPresent(pathId -> json.put("path-id", pathId));
        return json;
    }
}
