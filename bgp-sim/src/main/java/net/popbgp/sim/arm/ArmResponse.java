package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is answered. Immutable.
 *
 * @param body null for none
 */
record ArmResponse(int status, @Nullable JsonNode body, Map<String, String> headers) {

    ArmResponse {
        headers = Map.copyOf(headers);
    }

    static ArmResponse ok(JsonNode body) {
        return new ArmResponse(200, body, Map.of());
    }
}
