package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A route in a form of no daemon's own, so that what one announces can be compared with what another has. Lists are sorted.
 *
 * @param asPath AS numbers separated by blanks; of a route to be announced, what follows the announcer's own AS
 * @param origin {@code igp}, {@code egp} or {@code incomplete}
 * @param nextHop empty in a route to be announced
 * @param med empty if there is none
 * @param extended as {@code rt:65002:7}
 */
record LabRoute(
        String prefix,
        String asPath,
        String origin,
        String nextHop,
        String med,
        List<String> communities,
        List<String> large,
        List<String> extended) {

    LabRoute {
        communities = communities.stream().sorted().toList();
        large = large.stream().sorted().toList();
        extended = extended.stream().sorted().toList();
    }

    /** In the order of their values on the wire. */
    static final List<String> ORIGINS = List.of("igp", "egp", "incomplete");

    static LabRoute to(String prefix) {
        return new LabRoute(prefix, "", "igp", "", "", List.of(), List.of(), List.of());
    }

    boolean isIpv6() {
        return prefix.contains(":");
    }

    LabRoute at(String other) {
        return new LabRoute(other, asPath, origin, nextHop, med, communities, large, extended);
    }

    LabRoute by(String path) {
        return new LabRoute(prefix, path, origin, nextHop, med, communities, large, extended);
    }

    LabRoute origin(String value) {
        return new LabRoute(prefix, asPath, value, nextHop, med, communities, large, extended);
    }

    LabRoute med(long value) {
        return new LabRoute(prefix, asPath, origin, nextHop, String.valueOf(value), communities, large, extended);
    }

    LabRoute communities(String... values) {
        return new LabRoute(prefix, asPath, origin, nextHop, med, List.of(values), large, extended);
    }

    LabRoute large(String... values) {
        return new LabRoute(prefix, asPath, origin, nextHop, med, communities, List.of(values), extended);
    }

    LabRoute extended(String... values) {
        return new LabRoute(prefix, asPath, origin, nextHop, med, communities, large, List.of(values));
    }

    /** {@return this route as the neighbour of its announcer sees it} */
    LabRoute from(long as, String address) {
        return new LabRoute(prefix, (as + " " + asPath).trim(), origin, address, med, communities, large, extended);
    }

    // ---- in PopBGP's JSON

    static LabRoute ofJson(JsonNode row) {
        JsonNode attributes = row.path("attributes");
        return new LabRoute(
                row.path("prefix").asText(),
                attributes.path("as-path").asText(),
                attributes.path("origin").asText(),
                attributes.path("next-hop").asText().split(" ")[0], // without the link-local one
                attributes.path("med").asText(),
                texts(attributes.path("communities")),
                texts(attributes.path("large-communities")),
                texts(attributes.path("extended-communities")));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** {@return what announces such routes, of the same attributes each, in PopBGP} */
    static String announcement(List<LabRoute> routes) {
        LabRoute any = routes.get(0);
        List<String> all = new ArrayList<>(any.communities);
        all.addAll(any.large);
        all.addAll(any.extended);
        return "{\"prefixes\": [" + quoted(routes.stream().map(LabRoute::prefix).toList()) + "], \"origin\": \""
                + any.origin + "\"" + (any.med.isEmpty() ? "" : ", \"med\": " + any.med) + ", \"as-path\": ["
                + (any.asPath.isEmpty() ? "" : String.join(", ", Arrays.asList(any.asPath.split(" "))))
                + "], \"communities\": [" + quoted(all) + "]}";
    }

    private static String quoted(List<String> texts) {
        return texts.isEmpty() ? "" : "\"" + String.join("\", \"", texts) + "\"";
    }
}
