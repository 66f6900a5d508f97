package net.popbgp.core.rib;

import java.util.Optional;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;

/**
 * Which routes a page shall hold. Immutable.
 *
 * @param family only this family; empty for both
 * @param prefix only this prefix, or with {@code covered} also its more specific ones; empty for all
 * @param cursor 0 for the first page, later {@link RibPage#nextCursor}
 * @param limit how many rows at most, 1..10000
 */
public record RibQuery(
        RibView view,
        Optional<AddressFamily> family,
        Optional<Prefix> prefix,
        boolean covered,
        long cursor,
        int limit) {

    public static final int MAX_LIMIT = 10_000;

    public RibQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("page limit out of range 1.." + MAX_LIMIT + ": " + limit);
        }
        if (cursor < 0) {
            throw new IllegalArgumentException("negative cursor: " + cursor);
        }
    }

    /** {@return the first page of all routes of a view} */
    public static RibQuery all(RibView view, int limit) {
        return new RibQuery(view, Optional.empty(), Optional.empty(), false, 0, limit);
    }

    public RibQuery at(long newCursor) {
        return new RibQuery(view, family, prefix, covered, newCursor, limit);
    }

    boolean wants(AddressFamily candidate) {
        return family.map(candidate::equals).orElse(true)
                && prefix.map(p -> p.family().equals(candidate)).orElse(true);
    }
}
