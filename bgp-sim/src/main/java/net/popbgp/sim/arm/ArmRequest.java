package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request, its path taken apart. Names of resource types are compared without case, as Azure does. Immutable, but for the body.
 *
 * @param method as {@code GET}
 * @param subscription the subscription's id; empty if the path is not below one
 * @param group the resource group, empty for the whole subscription
 * @param path what follows the name of the provider, as {@code [expressRouteCircuits, name, peerings]}
 * @param query parameters, keys in lower case
 * @param base the address that the server was called by, as {@code http://127.0.0.1:8180}
 */
record ArmRequest(
        String method,
        Optional<String> subscription,
        Optional<String> group,
        List<String> path,
        Map<String, String> query,
        String base,
        ObjectNode body) {

    static final String PROVIDER = "Microsoft.Network";

    ArmRequest {
        path = List.copyOf(path);
        query = Map.copyOf(query);
    }

    /** Takes a path apart; one that is not below a provider has no segments. */
    static ArmRequest of(String method, String rawPath, Map<String, String> query, String base, ObjectNode body) {
        List<String> rest =
                new ArrayList<>(List.of(rawPath.replaceFirst("^/+", "").split("/", -1)));
        Optional<String> subscription = named(rest, "subscriptions");
        Optional<String> group = named(rest, "resourceGroups");
        boolean ours =
                named(rest, "providers").filter(PROVIDER::equalsIgnoreCase).isPresent();
        return new ArmRequest(method, subscription, group, ours ? rest : List.of(), query, base, body);
    }

    /** Takes {@code key/value} off the beginning. */
    private static Optional<String> named(List<String> rest, String key) {
        if (rest.size() < 2 || !rest.get(0).equalsIgnoreCase(key)) {
            return Optional.empty();
        }
        rest.remove(0);
        return Optional.of(rest.remove(0));
    }

    boolean isMethod(String wanted) {
        return method.equals(wanted);
    }

    /** {@return the segment in lower case, or an empty text beyond the end} */
    String word(int index) {
        return name(index).toLowerCase(Locale.ROOT);
    }

    /** {@return the segment as it is, or an empty text beyond the end} */
    String name(int index) {
        return index < path.size() ? path.get(index) : "";
    }

    int size() {
        return path.size();
    }

    String requireGroup() {
        return group.orElseThrow(() -> new ArmException(404, "ResourceGroupNotFound", "A resource group is needed."));
    }

    /** {@return 405 for a method that the resource does not have} */
    ArmException notAllowed() {
        return new ArmException(
                405,
                "HttpMethodNotSupported",
                "The HTTP method '" + method + "' is not supported at scope '" + path + "'.");
    }
}
