package net.popbgp.daemon.http;

import io.javalin.http.Context;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.config.Values;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.RouteFilter;
import net.popbgp.daemon.site.RouteOrder;
import net.popbgp.daemon.site.RoutingTableQuery;
import net.popbgp.daemon.site.RoutingTableRow;

/**
 * Reads the parameters of {@code GET /routing-table}: {@code prefix}, {@code match}, {@code site}, {@code circuit}, {@code kind}, {@code state},
 * {@code next-hop}, {@code community}, {@code sort}, {@code order}, {@code limit}, {@code cursor}. Empty ones count as not given. Pure functions.
 */
final class RoutingTableParameters {

    static final int DEFAULT_LIMIT = 1000;

    private RoutingTableParameters() {}

    /** @throws IllegalArgumentException naming the parameter and its value */
    static RoutingTableQuery query(Context context) {
        Optional<String> text = given(context, "prefix");
        boolean address = text.filter(each -> !each.contains("/")).isPresent();
        RouteFilter filter = new RouteFilter(
                text.map(RoutingTableParameters::prefix),
                one(context, "match", RouteFilter.Match.class)
                        .orElse(address ? RouteFilter.Match.COVERING : RouteFilter.Match.LONGER),
                given(context, "site"),
                one(context, "circuit", CircuitRole.class),
                one(context, "kind", RoutingTableRow.Type.class),
                one(context, "state", RoutingTableRow.State.class),
                given(context, "next-hop").map(each -> IpAddresses.text(IpAddresses.parse(each))),
                given(context, "community").map(Community::of));
        if (text.isEmpty() && given(context, "match").isPresent()) {
            throw new IllegalArgumentException("'match' says how 'prefix' is meant, which is missing");
        }
        Optional<RouteOrder.Sort> sort = one(context, "sort", RouteOrder.Sort.class);
        boolean descending = given(context, "order")
                .map(order -> switch (order) {
                    case "asc" -> false;
                    case "desc" -> true;
                    default -> throw new IllegalArgumentException("'order' is asc or desc, not '" + order + "'");
                })
                .orElse(false);
        if (descending && sort.filter(each -> each != RouteOrder.Sort.NONE).isEmpty()) {
            throw new IllegalArgumentException("'order' says how 'sort' is meant, which is missing");
        }
        return new RoutingTableQuery(
                filter,
                new RouteOrder(sort.orElse(RouteOrder.Sort.NONE), descending),
                given(context, "cursor").orElse(""),
                limit(context, DEFAULT_LIMIT));
    }

    private static Prefix prefix(String text) {
        if (text.contains("/")) {
            return Prefix.of(text);
        }
        return Prefix.of(IpAddresses.parse(text), text.contains(":") ? 128 : 32);
    }

    static Optional<String> given(Context context, String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(value -> !value.isEmpty());
    }

    static int limit(Context context, int otherwise) {
        return given(context, "limit")
                .map(text -> {
                    if (!text.matches("\\d{1,9}")) {
                        throw new IllegalArgumentException("limit is not a number: '" + text + "'");
                    }
                    return Integer.valueOf(text);
                })
                .orElse(otherwise);
    }

    static <E extends Enum<E>> Optional<E> one(Context context, String name, Class<E> type) {
        return given(context, name)
                .map(value -> Arrays.stream(type.getEnumConstants())
                        .filter(each -> Values.kebab(each).equals(value))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is one of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(Values::kebab)
                                        .collect(Collectors.joining(", "))
                                + ", not '" + value + "'")));
    }
}
