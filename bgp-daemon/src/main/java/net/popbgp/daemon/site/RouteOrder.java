package net.popbgp.daemon.site;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;

/**
 * A total order of the rows of the routing table, so that one can go on after any of them, whatever has become of it. Immutable.
 *
 * @param descending whether what is sorted by goes down; rows that are equal in it go up by prefix, peer and Path Identifier all the same
 */
public record RouteOrder(Sort sort, boolean descending) {

    /** Rows as they lie in the tables. */
    public static final RouteOrder NATURAL = new RouteOrder(Sort.NONE, false);

    /** What rows are sorted by. */
    public enum Sort {
        /** Not at all: static routes, then peer by peer as the tables have them. */
        NONE,
        /** IPv4 before IPv6, by address, shorter prefixes first. */
        PREFIX,
        METRIC,
        /** By address; those without one first. */
        NEXT_HOP,
        /** By the site's name and its circuits in order; those of none first. */
        SITE
    }

    private static final String MARK = "after/";
    private static final String SEPARATOR = "\n";
    private static final int PARTS = 7;

    private static final Comparator<Place> TIES = Comparator.comparing(Place::prefix)
            .thenComparing(Place::fixed)
            .thenComparing(Place::peer)
            .thenComparing(Place::pathId)
            .thenComparing(Place::link);

    /**
     * Where a row stands. Immutable.
     *
     * @param key what it is sorted by, comparable as text
     * @param link the site and circuit of a static route: two can have the same prefix
     */
    record Place(String key, Prefix prefix, boolean fixed, String peer, long pathId, String link) {}

    Place place(RoutingTableRow row) {
        String key = switch (sort) {
            case NONE, PREFIX -> "";
            case METRIC -> String.format(Locale.ROOT, "%010d", row.metric());
            case NEXT_HOP -> row.nextHop().isEmpty() ? "" : address(row.nextHop());
            case SITE ->
                row.site() + row.circuit().map(role -> " " + role.ordinal()).orElse("");
        };
        boolean fixed = row.type() == RoutingTableRow.Type.STATIC;
        return new Place(
                key,
                row.subnet(),
                fixed,
                row.peer(),
                row.pathId().orElse(-1),
                fixed ? row.site() + "/" + row.circuit().map(Object::toString).orElse("") : "");
    }

    private static String address(String nextHop) {
        InetAddress address = IpAddresses.parse(nextHop.split(" ", 2)[0]);
        byte[] octets = address.getAddress();
        return (octets.length == 4 ? "4-" : "6-") + HexFormat.of().formatHex(octets);
    }

    Comparator<Place> comparator() {
        if (sort == Sort.PREFIX && descending) {
            return Comparator.comparing(Place::prefix).reversed().thenComparing(TIES);
        }
        Comparator<Place> byKey = Comparator.comparing(Place::key);
        return (descending ? byKey.reversed() : byKey).thenComparing(TIES);
    }

    /** {@return the cursor that goes on after a row} */
    String cursor(Place last) {
        String text = String.join(
                SEPARATOR,
                List.of(
                        sort + "/" + descending,
                        last.key,
                        last.prefix.toString(),
                        Boolean.toString(last.fixed),
                        last.peer,
                        Long.toString(last.pathId),
                        last.link));
        return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static boolean isCursor(String cursor) {
        return cursor.startsWith(MARK);
    }

    /**
     * {@return where a cursor goes on}
     *
     * @throws IllegalArgumentException if it is none of ours, or one of another order
     */
    Place after(String cursor) {
        String[] parts;
        Place place;
        try {
            byte[] octets = Base64.getUrlDecoder().decode(cursor.substring(MARK.length()));
            parts = new String(octets, StandardCharsets.UTF_8).split(SEPARATOR, -1);
            if (parts.length != PARTS) {
                throw noCursor(cursor);
            }
            place = new Place(
                    parts[1],
                    Prefix.of(parts[2]),
                    Boolean.parseBoolean(parts[3]),
                    parts[4],
                    Long.parseLong(parts[5]),
                    parts[6]);
        } catch (IllegalArgumentException e) {
            throw noCursor(cursor);
        }
        if (!parts[0].equals(sort + "/" + descending)) {
            throw new IllegalArgumentException("the cursor is of another order, begin again: '" + cursor + "'");
        }
        return place;
    }

    static IllegalArgumentException noCursor(String cursor) {
        return new IllegalArgumentException("not a cursor of this table: '" + cursor + "'");
    }
}
