package net.popbgp.daemon.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import net.popbgp.daemon.arm.AzureSide.Arp;
import net.popbgp.daemon.arm.AzureSide.Availability;
import net.popbgp.daemon.arm.AzureSide.Neighbor;
import net.popbgp.daemon.site.CircuitConfig;

/** Collects what Azure sees of circuits; what one question fails with does not spoil the others. Thread-safe. */
final class AzureSides {

    private static final List<String> DEVICES = List.of("primary", "secondary");
    private static final String METRICS =
            "metricnames=ArpAvailability,BgpAvailability&aggregation=Average&interval=PT1M&%24filter=Peer%20eq%20%27*%27";

    private final ArmClient client;
    private final Executor executor;

    /** @param executor asks several things at a time, as each may take some ten seconds */
    AzureSides(ArmClient client, Executor executor) {
        this.client = client;
        this.executor = executor;
    }

    /** Begins to collect; the future does not fail. */
    CompletableFuture<AzureSide> of(CircuitConfig circuit, KeyVerdict verdict) {
        Optional<AzureResource> resource = verdict.resource();
        if (resource.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new AzureSide(circuit, resource, List.of(), List.of(), List.of(), List.of(), verdict.problems()));
        }
        List<String> notes = new ArrayList<>(verdict.problems());
        notes.addAll(verdict.notes());
        if (resource.get().privatePeering().isEmpty()) {
            return CompletableFuture.completedFuture(new AzureSide(
                    circuit,
                    resource,
                    List.of(),
                    List.of(),
                    List.of(),
                    notes,
                    List.of("no private peering is configured at Azure")));
        }
        String id = resource.get().id();
        Part<Arp> arp = new Part<>();
        Part<Neighbor> neighbors = new Part<>();
        Part<Availability> availability = new Part<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (String device : DEVICES) {
            all.add(arp.begin(
                    "ARP table of the " + device, () -> table(id, "arpTables", device, row -> arp(device, row))));
            all.add(neighbors.begin(
                    "summary of the " + device,
                    () -> table(id, "routeTablesSummary", device, row -> neighbor(device, row))));
        }
        all.add(availability.begin("metrics", () -> availability(client.metrics(id, METRICS))));
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> new AzureSide(
                        circuit,
                        resource,
                        arp.rows(),
                        neighbors.rows(),
                        availability.rows(),
                        notes,
                        problems(arp, neighbors, availability)));
    }

    private static List<String> problems(Part<?>... parts) {
        List<String> problems = new ArrayList<>();
        for (Part<?> part : parts) {
            problems.addAll(part.problems);
        }
        return problems;
    }

    /** The rows of one kind, by the questions that bring them, in the order in which they were asked. */
    private final class Part<T> {

        private final List<CompletableFuture<List<T>>> questions = new ArrayList<>();
        private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

        CompletableFuture<?> begin(String what, Supplier<List<T>> question) {
            CompletableFuture<List<T>> asked = CompletableFuture.supplyAsync(question, executor)
                    .exceptionally(failure -> {
                        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure;
                        problems.add(what + ": " + (cause instanceof ArmFailure ? cause.getMessage() : cause));
                        return List.of();
                    });
            questions.add(asked);
            return asked;
        }

        List<T> rows() {
            return questions.stream().flatMap(each -> each.join().stream()).toList();
        }
    }

    private <T> List<T> table(String id, String action, String device, Function<JsonNode, T> row) {
        JsonNode table = client.run(id + "/peerings/AzurePrivatePeering/" + action + "/" + device);
        return StreamSupport.stream(table.path("value").spliterator(), false)
                .map(row)
                .toList();
    }

    private static Arp arp(String device, JsonNode row) {
        return new Arp(
                device,
                row.path("interface").asText(),
                row.path("ipAddress").asText(),
                row.path("macAddress").asText(),
                row.path("age").asLong());
    }

    private static Neighbor neighbor(String device, JsonNode row) {
        return new Neighbor(
                device,
                row.path("neighbor").asText(),
                row.path("as").asLong(),
                row.path("upDown").asText(),
                row.path("statePfxRcd").asText().strip());
    }

    /** Takes the last value of each series that has one; a minute that is not over has none. */
    static List<Availability> availability(JsonNode metrics) {
        List<Availability> all = new ArrayList<>();
        for (JsonNode metric : metrics.path("value")) {
            for (JsonNode series : metric.path("timeseries")) {
                String device = "";
                for (JsonNode dimension : series.path("metadatavalues")) {
                    if (dimension.path("name").path("value").asText().equalsIgnoreCase("peer")) {
                        device = dimension.path("value").asText().toLowerCase(Locale.ROOT);
                    }
                }
                JsonNode last = MissingNode.getInstance();
                for (JsonNode point : series.path("data")) {
                    last = point.path("average").isNumber() ? point.path("average") : last;
                }
                if (DEVICES.contains(device) && last.isNumber()) {
                    all.add(new Availability(
                            device, metric.path("name").path("value").asText(), last.asDouble()));
                }
            }
        }
        return all;
    }
}
