package net.popbgp.daemon.summary;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import net.popbgp.core.net.Prefix;

/**
 * What summaries cover besides the prefixes that they stand for. Immutable.
 *
 * @param added addresses that only summaries have
 * @param covered addresses that there are prefixes for
 */
public record Coverage(BigInteger added, BigInteger covered) {

    /** {@return the coverage of summaries of one family; one without any of the prefixes within it counts for nothing} */
    public static Coverage of(Collection<Prefix> summaries, Collection<Prefix> prefixes) {
        List<Prefix> parts = AddressSet.of(prefixes);
        List<Prefix> all = new ArrayList<>(parts);
        for (Prefix summary : summaries) {
            if (AddressSet.intersects(parts, summary)) {
                all.add(summary);
            }
        }
        BigInteger covered = size(parts);
        return new Coverage(size(AddressSet.of(all)).subtract(covered), covered);
    }

    private static BigInteger size(List<Prefix> disjoint) {
        return disjoint.stream().map(AddressRange::size).reduce(BigInteger.ZERO, BigInteger::add);
    }

    public boolean isWithin(OverCoverage most) {
        BigDecimal limit =
                most.percent() ? most.amount().multiply(new BigDecimal(covered)).movePointLeft(2) : most.amount();
        return new BigDecimal(added).compareTo(limit) <= 0;
    }
}
