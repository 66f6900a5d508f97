package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Operations that take a while, and what they result in. The last 1,000 are known, older ones are forgotten and answered 404. Confined to
 * the {@link ArmApi}.
 */
final class Operations {

    private static final int CAPACITY = 1000;
    private static final int NO_CONTENT = 204;

    /** What is ready from then on; a deletion has no result. */
    private record Operation(Instant ready, Supplier<Optional<JsonNode>> result) {}

    private final ArmClock clock;
    private final String subscription;
    private final Map<String, Operation> known = new LinkedHashMap<>();

    Operations(ArmClock clock, String subscription) {
        this.clock = clock;
        this.subscription = subscription;
    }

    private String begin(Instant ready, Supplier<Optional<JsonNode>> result) {
        if (known.size() == CAPACITY) {
            known.remove(known.keySet().iterator().next());
        }
        String id = UUID.randomUUID().toString();
        known.put(id, new Operation(ready, result));
        return id;
    }

    /** {@return 202 with the address of the result; it is worked out when it is fetched} */
    ArmResponse accepted(ArmRequest request, Instant ready, Supplier<Optional<JsonNode>> result) {
        return new ArmResponse(202, null, headers(request, begin(ready, result), ready, true));
    }

    /** {@return the resource as it stands, with the address of the operation's status} */
    ArmResponse updating(ArmRequest request, int status, JsonNode resource, Instant ready) {
        String id = begin(ready, () -> Optional.of(resource));
        return new ArmResponse(status, resource, headers(request, id, ready, false));
    }

    private Map<String, String> headers(ArmRequest request, String id, Instant ready, boolean location) {
        String retryAfter = Long.toString(clock.realSecondsUntil(ready));
        String status = address(request, "operations", id);
        return location
                ? Map.of(
                        "Location", address(request, "operationResults", id),
                        "Azure-AsyncOperation", status,
                        "Retry-After", retryAfter)
                : Map.of("Azure-AsyncOperation", status, "Retry-After", retryAfter);
    }

    private String address(ArmRequest request, String kind, String id) {
        return request.base() + "/subscriptions/" + subscription + "/providers/" + ArmRequest.PROVIDER + "/locations/"
                + CircuitIdentity.REGION + "/" + kind + "/" + id + "?api-version="
                + request.query().getOrDefault("api-version", "");
    }

    /** Answers {@code locations/…/operations/ID} and {@code locations/…/operationResults/ID}. */
    ArmResponse show(ArmRequest request) {
        Operation operation = known.get(request.name(3));
        if (operation == null || !request.isMethod("GET")) {
            throw new ArmException(404, "OperationNotFound", "There is no operation '" + request.name(3) + "'.");
        }
        boolean done = !clock.instant().isBefore(operation.ready());
        if (request.word(2).equals("operations")) {
            JsonNode status = JsonNodeFactory.instance.objectNode().put("status", done ? "Succeeded" : "InProgress");
            String retryAfter = Long.toString(clock.realSecondsUntil(operation.ready()));
            return new ArmResponse(200, status, done ? Map.of() : Map.of("Retry-After", retryAfter));
        }
        if (!done) {
            return new ArmResponse(202, null, headers(request, request.name(3), operation.ready(), true));
        }
        Optional<JsonNode> result = operation.result().get();
        return new ArmResponse(result.isPresent() ? 200 : NO_CONTENT, result.orElse(null), Map.of());
    }
}
