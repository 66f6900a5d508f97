package net.popbgp.daemon.site;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.net.Prefix;

/**
 * What is summarized automatically at a site. Immutable.
 *
 * @param summaries in order; some of them are routes of their own, which stand for the more specific ones in them
 * @param saved how many prefixes fewer are advertised
 * @param since since when it is so, empty as long as nothing has been summarized
 * @param changes how many times the summaries have changed
 */
public record AutoSummarized(List<Prefix> summaries, int saved, Optional<Instant> since, long changes) {

    /** Nothing is. */
    public static final AutoSummarized NOTHING = new AutoSummarized(List.of(), 0, Optional.empty(), 0);

    public AutoSummarized {
        summaries = List.copyOf(summaries);
    }
}
