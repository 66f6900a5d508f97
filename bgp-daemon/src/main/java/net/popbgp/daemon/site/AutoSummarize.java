package net.popbgp.daemon.site;

import java.time.Duration;
import net.popbgp.daemon.summary.OverCoverage;

/**
 * That summaries are made of what is advertised before anything is withheld. Immutable.
 *
 * @param maxOverCoverage how many addresses more than there are routes for may be covered if it does not do without
 * @param undoAfter how long summaries stay at least, 1 s or more
 */
public record AutoSummarize(OverCoverage maxOverCoverage, Duration undoAfter) {

    public static final AutoSummarize DEFAULT = new AutoSummarize(OverCoverage.LOSSLESS, Duration.ofMinutes(1));

    /** How many prefixes fewer the guard lets out, so that a summary finds room before what it stands for has gone. */
    public static final int RESERVE = 16;

    public AutoSummarize {
        if (undoAfter.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("undo-after is 1 s or more: " + undoAfter.toMillis() + " ms");
        }
    }

    /** {@return what the guard lets out while nothing is being summarized} */
    static int guard(int limit) {
        return Math.max(1, limit - RESERVE);
    }
}
