package net.popbgp.daemon.summary;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many addresses more than there are prefixes for may be covered. Immutable.
 *
 * @param amount percent of the addresses that there are prefixes for, or a number of addresses; not negative
 */
public record OverCoverage(BigDecimal amount, boolean percent) {

    /** None. */
    public static final OverCoverage LOSSLESS = new OverCoverage(BigDecimal.ZERO, true);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,39}(?:\\.\\d{1,9})?)(%?)");

    public OverCoverage {
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("negative over-coverage: " + amount);
        }
    }

    /**
     * Reads {@code 5%}, or {@code 65536} as a number of addresses.
     *
     * @throws IllegalArgumentException naming the text
     */
    public static OverCoverage of(String text) {
        Matcher matcher = TEXT.matcher(text);
        boolean percent = text.endsWith("%");
        if (!matcher.matches() || !percent && text.contains(".")) {
            throw new IllegalArgumentException("not an over-coverage, as 5% or a number of addresses: '" + text + "'");
        }
        return new OverCoverage(new BigDecimal(matcher.group(1)), percent);
    }

    public boolean isLossless() {
        return amount.signum() == 0;
    }

    /** {@return so many units as that is of these} */
    double of(double covered, MergeTree tree) {
        return percent ? covered * amount.doubleValue() / 100 : tree.units(amount.doubleValue());
    }

    @Override
    public String toString() {
        return amount.toPlainString() + (percent ? "%" : "");
    }
}
