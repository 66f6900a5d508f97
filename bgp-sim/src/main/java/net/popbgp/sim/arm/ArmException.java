package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A request that is refused, in the shape of Azure: a status, a code for programs and a message for people. */
final class ArmException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final int retryAfter;

    ArmException(int status, String code, String message) {
        this(status, code, message, -1);
    }

    /** @param retryAfter seconds, or less than zero for none */
    ArmException(int status, String code, String message, int retryAfter) {
        super(message);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** {@return 400 for a value that is not taken} */
    static ArmException invalid(String property, String message) {
        return new ArmException(400, "InvalidRequestFormat", "Property '" + property + "' " + message + ".");
    }

    /** {@return 404 in Azure's words} */
    static ArmException notFound(String type, String name, String group) {
        return new ArmException(
                404,
                "ResourceNotFound",
                "The Resource 'Microsoft.Network/" + type + "/" + name + "' under resource group '" + group
                        + "' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");
    }

    String code() {
        return code;
    }

    ArmResponse response() {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("code", code).put("message", getMessage());
        JsonNode body = JsonNodeFactory.instance.objectNode().set("error", error);
        return new ArmResponse(
                status, body, retryAfter < 0 ? Map.of() : Map.of("Retry-After", Integer.toString(retryAfter)));
    }
}
