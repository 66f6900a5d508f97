package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import net.popbgp.core.net.AddressFamily;

/** Answers for {@code expressRouteCircuits}: what the customer sees and orders. Confined to the {@link ArmApi}. */
final class Circuits {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?");
    private static final int PAGE = 100;
    private static final int MAX_TAGS = 50;

    private final ArmConfig config;
    private final ArmClock clock;
    private final CircuitStore store;
    private final CircuitViews views;
    private final Operations operations;
    private final VirtualNetworks networks;
    private final RouterActions actions;
    private final Peerings peerings;

    Circuits(
            ArmConfig config,
            ArmClock clock,
            CircuitStore store,
            CircuitViews views,
            Operations operations,
            VirtualNetworks networks,
            RouterActions actions) {
        this.config = config;
        this.clock = clock;
        this.store = store;
        this.views = views;
        this.operations = operations;
        this.networks = networks;
        this.actions = actions;
        this.peerings = new Peerings(config, clock, store, views, operations, networks, actions);
    }

    ArmResponse handle(ArmRequest request) {
        if (request.size() == 1 && request.isMethod("GET")) {
            return list(request);
        }
        String group = request.requireGroup();
        if (request.size() == 2 && request.isMethod("PUT")) {
            return put(request, group);
        }
        if (request.size() == 2 && request.isMethod("DELETE")) {
            return store.find(group, request.name(1))
                    .map(circuit -> delete(request, circuit))
                    .orElse(new ArmResponse(204, null, Map.of()));
        }
        ArmCircuit circuit = store.require(group, request.name(1));
        Instant now = clock.instant();
        String below = request.word(2);
        boolean get = request.isMethod("GET");
        if (request.size() == 2) {
            return switch (request.method()) {
                case "GET" -> ArmResponse.ok(views.circuit(circuit, now));
                case "PATCH" -> patch(request, circuit);
                default -> throw request.notAllowed();
            };
        }
        if (get && below.equals("stats") && request.size() == 3) {
            return ArmResponse.ok(RouterTables.stats(actions.view(circuit)));
        }
        if (get && below.equals("providers") && request.word(3).equals("microsoft.insights")) {
            return ArmResponse.ok(Metrics.show(
                    request,
                    actions.view(circuit),
                    views.id(circuit),
                    circuit.identity().region()));
        }
        if (below.equals("peerings")) {
            return peerings.handle(request, circuit);
        }
        throw request.notAllowed();
    }

    private ArmResponse list(ArmRequest request) {
        Instant now = clock.instant();
        List<ArmCircuit> all = store.all().stream()
                .filter(circuit -> request.group()
                        .map(group -> group.equalsIgnoreCase(circuit.identity().resourceGroup()))
                        .orElse(true))
                .toList();
        String token = request.query().getOrDefault("$skiptoken", "0");
        if (!token.matches("\\d{1,6}")) {
            throw new ArmException(400, "InvalidSkipToken", "The $skipToken '" + token + "' is not one of ours.");
        }
        int from = Math.min(Integer.parseInt(token), all.size());
        int to = Math.min(from + PAGE, all.size());
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode value = answer.putArray("value");
        all.subList(from, to).forEach(circuit -> value.add(views.circuit(circuit, now)));
        if (to < all.size()) {
            String scope =
                    request.group().map(group -> "/resourceGroups/" + group).orElse("");
            answer.put(
                    "nextLink",
                    request.base() + "/subscriptions/" + config.subscription() + scope
                            + "/providers/Microsoft.Network/expressRouteCircuits?api-version="
                            + request.query().getOrDefault("api-version", "") + "&$skiptoken=" + to);
        }
        return ArmResponse.ok(answer);
    }

    private ArmResponse put(ArmRequest request, String group) {
        JsonNode body = request.body();
        Optional<ArmCircuit> present = store.find(group, request.name(1));
        present.ifPresent(each -> each.requireSettled(clock));
        CircuitSku sku = CircuitSku.of(body.path("sku"));
        JsonNode ordered = body.path("properties").path("serviceProviderProperties");
        int bandwidth = CircuitSku.bandwidth(
                ordered.path("bandwidthInMbps"),
                present.map(ArmCircuit::bandwidthMbps).orElse(0));
        ObjectNode tags = tags(body);
        Instant ready = clock.instant().plus(config.operationTime());
        ArmCircuit circuit = present.orElseGet(() -> create(request, group, sku, ordered));
        present.ifPresent(each -> change(each, sku, ordered, body, bandwidth));
        circuit.order(sku, bandwidth, tags);
        circuit.changed(ready);
        return operations.updating(
                request, present.isPresent() ? 200 : 201, views.circuit(circuit, clock.instant()), ready);
    }

    private ArmCircuit create(ArmRequest request, String group, CircuitSku sku, JsonNode ordered) {
        String name = request.name(1);
        if (!NAME.matcher(name).matches()) {
            throw new ArmException(
                    400,
                    "InvalidResourceName",
                    "Resource name " + name + " is invalid: it has 1..80 letters, digits and . _ - .");
        }
        String region = request.body().path("location").asText();
        if (region.isEmpty()) {
            throw new ArmException(400, "LocationRequired", "The location property is required for this definition.");
        }
        ServiceProviders.require(ordered);
        CircuitIdentity identity = new CircuitIdentity(
                group,
                region,
                UUID.randomUUID(),
                ordered.path("serviceProviderName").asText(),
                ordered.path("peeringLocation").asText(),
                ordered.path("bandwidthInMbps").asInt(),
                sku.family(),
                1 + store.all().size(),
                OptionalInt.empty(),
                Optional.empty(),
                ProviderState.NOT_PROVISIONED);
        return store.create(name, identity, sku);
    }

    /** Provider and location stay; a smaller tier must hold what is in use. */
    private void change(ArmCircuit circuit, CircuitSku sku, JsonNode ordered, JsonNode body, int bandwidth) {
        CircuitIdentity identity = circuit.identity();
        requireSame(
                "serviceProviderProperties.serviceProviderName",
                ordered.path("serviceProviderName"),
                identity.provider());
        requireSame(
                "serviceProviderProperties.peeringLocation",
                ordered.path("peeringLocation"),
                identity.peeringLocation());
        requireSame("location", body.path("location"), identity.region());
        circuit.sku().requireChangeTo(sku);
        int links = networks.links(circuit).size();
        if (links > sku.maxVnets(bandwidth) && sku.tier() != circuit.sku().tier()) {
            throw downgrade(circuit, sku, links + " virtual networks are linked, " + sku.maxVnets(bandwidth));
        }
        circuit.router().ifPresent(router -> {
            long received = router.snapshot().count(AddressFamily.IPV4_UNICAST);
            int limit = router.circuit()
                    .profile()
                    .limit(AddressFamily.IPV4_UNICAST, sku.tier().sku());
            if (received > limit && sku.tier() != circuit.sku().tier()) {
                throw downgrade(circuit, sku, received + " routes are received, " + limit);
            }
            if (router.snapshot().sku() != sku.tier().sku()) {
                CircuitStore.await(router.setSku(sku.tier().sku()));
            }
        });
    }

    private static ArmException downgrade(ArmCircuit circuit, CircuitSku sku, String why) {
        return new ArmException(
                400,
                "CircuitSkuUpdateNotAllowed",
                "Circuit " + circuit.name() + " cannot be changed to tier " + sku.tier() + ": " + why
                        + " are allowed then.");
    }

    private static void requireSame(String property, JsonNode value, String present) {
        if (!value.asText().equalsIgnoreCase(present)) {
            throw ArmException.invalid(
                    property, "cannot be changed: it is '" + present + "', not '" + value.asText() + "'");
        }
    }

    private static ObjectNode tags(JsonNode body) {
        if (body.path("tags") instanceof ObjectNode tags && tags.size() <= MAX_TAGS) {
            return tags.deepCopy();
        }
        if (body.has("tags")) {
            throw ArmException.invalid("tags", "must be an object of at most " + MAX_TAGS + " texts");
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private ArmResponse patch(ArmRequest request, ArmCircuit circuit) {
        request.body().fieldNames().forEachRemaining(name -> {
            if (!name.equals("tags")) {
                throw ArmException.invalid(name, "cannot be patched, only 'tags' can");
            }
        });
        circuit.tag(tags(request.body()));
        return ArmResponse.ok(views.circuit(circuit, clock.instant()));
    }

    private ArmResponse delete(ArmRequest request, ArmCircuit circuit) {
        circuit.requireSettled(clock);
        circuit.provisioning().requireDeletable(circuit.name(), clock.instant());
        List<VnetLink> links = networks.links(circuit);
        if (!links.isEmpty()) {
            throw new ArmException(
                    409,
                    "CircuitInUse",
                    "Circuit " + circuit.name() + " is in use by connection "
                            + links.get(0).connection() + ".");
        }
        store.delete(circuit);
        return operations.accepted(request, clock.instant().plus(config.operationTime()), Optional::empty);
    }
}
