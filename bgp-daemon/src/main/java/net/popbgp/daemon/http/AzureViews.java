package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import net.popbgp.daemon.arm.AzureResource;
import net.popbgp.daemon.arm.AzureSide;
import net.popbgp.daemon.arm.KeyVerdict;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.PeerStatus;

/** JSON of what Azure says. No state. */
final class AzureViews {

    private AzureViews() {}

    static ObjectNode verdicts(ObjectNode json, SiteConfig site, List<KeyVerdict> verdicts) {
        json.put("site", site.name()).put("valid", verdicts.stream().allMatch(KeyVerdict::valid));
        ArrayNode circuits = json.putArray("circuits");
        for (int i = 0; i < verdicts.size(); i++) {
            CircuitConfig circuit = site.circuits().get(i);
            verdict(circuits.addObject().put("circuit", circuit.role().toString()), circuit.pop(), verdicts.get(i));
        }
        return json;
    }

    static ObjectNode verdict(ObjectNode json, String pop, KeyVerdict verdict) {
        json.put("service-key", verdict.serviceKey()).put("pop", pop).put("valid", verdict.valid());
        verdict.resource().ifPresent(resource -> resource(json, resource));
        texts(json, "problems", verdict.problems());
        texts(json, "notes", verdict.notes());
        return json;
    }

    private static void texts(ObjectNode json, String key, List<String> texts) {
        ArrayNode array = json.putArray(key);
        texts.forEach(array::add);
    }

    private static void resource(ObjectNode json, AzureResource resource) {
        json.put("name", resource.name())
                .put("id", resource.id())
                .put("provider", resource.provider())
                .put("peering-location", resource.peeringLocation())
                .put("bandwidth-mbps", resource.bandwidthMbps())
                .put("sku", resource.sku())
                .put("circuit-state", resource.circuitState())
                .put("provider-state", resource.providerState())
                .put("provisioning-state", resource.provisioningState());
    }

    static ObjectNode sides(SiteConfig site, List<AzureSide> sides, BgpSpeaker speaker) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("site", site.name());
        ArrayNode circuits = json.putArray("circuits");
        for (AzureSide side : sides) {
            ObjectNode circuit = circuits.addObject();
            side(circuit, side);
            speaker.peer(site.peerName(side.circuit().role()))
                    .map(PeerHandle::status)
                    .ifPresent(status -> here(circuit.putObject("here"), status));
        }
        return json;
    }

    /** Our side of the session, for comparison. */
    private static void here(ObjectNode json, PeerStatus status) {
        json.put("state", status.state().toString())
                .put("state-since", status.stateSince().toString())
                .put(
                        "prefixes-received",
                        status.prefixes().values().stream()
                                .mapToInt(PeerStatus.Prefixes::received)
                                .sum())
                .put(
                        "prefixes-advertised",
                        status.prefixes().values().stream()
                                .mapToInt(PeerStatus.Prefixes::advertised)
                                .sum());
    }

    private static void side(ObjectNode json, AzureSide side) {
        json.put("circuit", side.circuit().role().toString())
                .put(
                        "service-key",
                        side.circuit().serviceKey().map(Object::toString).orElse(""));
        side.resource().ifPresent(resource -> {
            resource(json, resource);
            resource.privatePeering()
                    .ifPresent(peering -> json.putObject("peering")
                            .put("state", peering.state())
                            .put("azure-as", peering.azureAs())
                            .put("peer-as", peering.peerAs())
                            .put("vlan", peering.vlan())
                            .put("primary", peering.primary())
                            .put("secondary", peering.secondary()));
        });
        ArrayNode arp = json.putArray("arp");
        side.arp()
                .forEach(row -> arp.addObject()
                        .put("device", row.device())
                        .put("interface", row.where())
                        .put("address", row.address())
                        .put("mac-address", row.macAddress())
                        .put("age", row.age()));
        ArrayNode neighbors = json.putArray("neighbors");
        side.neighbors()
                .forEach(row -> neighbors
                        .addObject()
                        .put("device", row.device())
                        .put("neighbor", row.address())
                        .put("as", row.as())
                        .put("up-down", row.upDown())
                        .put("state-or-prefixes", row.state()));
        ArrayNode availability = json.putArray("availability");
        side.availability()
                .forEach(row -> availability
                        .addObject()
                        .put("device", row.device())
                        .put("metric", row.metric())
                        .put("percent", row.percent()));
        texts(json, "notes", side.notes());
        texts(json, "problems", side.problems());
    }
}
