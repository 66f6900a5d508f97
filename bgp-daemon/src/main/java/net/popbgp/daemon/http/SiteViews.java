package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.route.PrefixList;
import net.popbgp.daemon.config.Values;
import net.popbgp.daemon.site.Accept;
import net.popbgp.daemon.site.Advertise;
import net.popbgp.daemon.site.AutoSummarized;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitStatus;
import net.popbgp.daemon.site.DisconnectReason;
import net.popbgp.daemon.site.Neighbor;
import net.popbgp.daemon.site.SiteState;
import net.popbgp.daemon.site.SiteStatus;
import net.popbgp.daemon.site.Track;

/** Sites as JSON; names as in the configuration file. No secret is ever in it. */
final class SiteViews {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SiteViews() {}

    static ObjectNode sites(List<SiteStatus> sites, Instant now) {
        ObjectNode json = JSON.objectNode();
        ArrayNode all = json.putArray("sites");
        sites.forEach(site -> all.add(site(site, now)));
        return json;
    }

    static ObjectNode site(SiteStatus site, Instant now) {
        ObjectNode json = JSON.objectNode()
                .put("name", site.config().name())
                .put("description", site.config().description())
                .put("provider", site.config().provider())
                .put("type", Values.kebab(site.config().type()))
                .put("sku", Values.kebab(site.config().sku()))
                .put("connected", site.state() != SiteState.DISCONNECTED)
                .put("state", Values.kebab(site.state()));
        if (site.state() == SiteState.DEGRADED) {
            json.put("degraded-reason", "CROSS_CONNECT_CIRCUIT_DISCONNECTED");
        }
        site.active().ifPresent(role -> json.put("active", role.toString()));
        ArrayNode circuits = json.putArray("circuits");
        site.circuits().forEach(circuit -> circuits.add(circuit(circuit, now)));
        site.lastFailover().ifPresent(failover -> json.set("last-failover", Views.failover(failover)));
        if (site.config().autoSummarize().isPresent()) {
            json.set("auto-summarized", summarized(site.summarized()));
        }
        ArrayNode warnings = json.putArray("warnings");
        site.warnings().forEach(warnings::add);
        return json;
    }

    static ObjectNode circuit(CircuitStatus status, Instant now) {
        CircuitConfig circuit = status.config();
        ObjectNode json = JSON.objectNode()
                .put("role", circuit.role().toString())
                .put("peer", status.peerName())
                .put("pop", circuit.pop())
                .put("subnet", circuit.subnet().toString())
                .put("pop-address", IpAddresses.text(circuit.popAddress()))
                .put("cloud-address", IpAddresses.text(circuit.cloudAddress()));
        circuit.vlan().ifPresent(vlan -> {
            if (vlan.outer().isPresent()) {
                json.put("s-vlan", vlan.outer().getAsInt()).put("c-vlan", vlan.vlan());
            } else {
                json.put("vlan", vlan.vlan());
            }
        });
        circuit.upstreamMbps().ifPresent(mbps -> json.put("upstream-mbps", mbps));
        circuit.downstreamMbps().ifPresent(mbps -> json.put("downstream-mbps", mbps));
        circuit.serviceKey().ifPresent(key -> json.put("service-key", key.toString()));
        json.put("enabled", circuit.enabled())
                .put("bgp-session", status.state().toString())
                .put("active", status.active())
                .put("metric", circuit.neighbor().metric());
        status.peer().ifPresent(peer -> {
            json.put("started", peer.enabled())
                    .put("state-since", peer.stateSince().toString())
                    .put(
                            "state-seconds",
                            Math.max(0, Duration.between(peer.stateSince(), now).toSeconds()))
                    .put("diagnosis", peer.diagnosis())
                    .put("drain", Values.kebab(peer.drain()));
            peer.lastDownAt().ifPresent(at -> json.put("last-down-at", at.toString()));
        });
        status.prefixes().ifPresent(counts -> json.set("prefixes", Views.prefixes(counts)));
        if (!status.disconnect().equals(DisconnectReason.NONE)) {
            json.set("disconnect", disconnect(status.disconnect()));
        }
        json.set("neighbor", neighbor(circuit.neighbor()));
        return json;
    }

    private static ObjectNode disconnect(DisconnectReason reason) {
        return JSON.objectNode()
                .put("bgp_error_code", reason.code())
                .put("bgp_suberror_code", reason.subcode())
                .put("text", reason.text())
                .put("cause", reason.cause());
    }

    private static ObjectNode neighbor(Neighbor neighbor) {
        ObjectNode json = JSON.objectNode()
                .put("peer-as", neighbor.peerAs().value())
                .put("md5", neighbor.md5Key().isPresent())
                .put("hold-time", Values.text(neighbor.holdTime()))
                .put("keepalive-time", Values.text(neighbor.keepaliveTime()))
                .put("prepend", neighbor.prepend())
                .put("port", neighbor.port())
                .put("prefix-limit", neighbor.prefixLimit());
        json.set("advertise", advertise(neighbor.advertise()));
        json.set("accept", accept(neighbor.accept()));
        json.set("track", track(neighbor.track()));
        return json;
    }

    private static ObjectNode advertise(Advertise advertise) {
        ObjectNode json = JSON.objectNode().put("default-route", advertise.defaultRoute());
        texts(json.putArray("default-route-communities"), advertise.defaultRouteCommunities());
        json.put("all-routes", advertise.allRoutes());
        ArrayNode summaries = json.putArray("summary-routes");
        advertise
                .summaries()
                .forEach(each -> texts(
                        summaries
                                .addObject()
                                .put("subnet", each.subnet().toString())
                                .putArray("communities"),
                        each.communities()));
        json.put("summary-only", advertise.summaryOnly());
        advertise
                .autoSummarize()
                .ifPresent(auto -> json.putObject("auto-summarize")
                        .put("max-over-coverage", auto.maxOverCoverage().toString())
                        .put("undo-after", Values.text(auto.undoAfter())));
        return json;
    }

    private static ObjectNode summarized(AutoSummarized summarized) {
        ObjectNode json = JSON.objectNode();
        ArrayNode summaries = json.putArray("summaries");
        summarized.summaries().forEach(each -> summaries.add(each.toString()));
        json.put("prefixes-saved", summarized.saved()).put("changes", summarized.changes());
        summarized.since().ifPresent(since -> json.put("since", since.toString()));
        return json;
    }

    private static void texts(ArrayNode array, List<Community> communities) {
        communities.forEach(each -> array.add(each.toString()));
    }

    private static ObjectNode accept(Accept accept) {
        ObjectNode json = JSON.objectNode()
                .put("dynamic-routes", accept.dynamicRoutes())
                .put("default-route", accept.defaultRoute());
        ArrayNode exclusions = json.putArray("exclusions");
        accept.exclusions().forEach(each -> {
            ObjectNode exclusion = exclusions.addObject();
            each.prefixes().map(PrefixList::name).ifPresent(text -> exclusion.put("prefix", text));
            each.community()
                    .ifPresent(community -> exclusion.put(
                            each.communityAbsent() ? "not-community" : "community", community.toString()));
        });
        return json;
    }

    private static ObjectNode track(Track track) {
        ObjectNode json = JSON.objectNode()
                .put("enabled", track.enabled())
                .put("frequency", track.frequency().name().toLowerCase(Locale.ROOT));
        track.mailingLists().forEach(json.putArray("mailing-lists")::add);
        track.webhooks().forEach(json.putArray("webhooks")::add);
        return json;
    }
}
