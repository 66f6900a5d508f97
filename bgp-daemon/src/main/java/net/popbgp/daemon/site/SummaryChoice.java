package net.popbgp.daemon.site;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.summary.OverCoverage;
import net.popbgp.daemon.summary.Suggestion;

/**
 * The fewest summaries that are needed for prefixes to fit. Immutable.
 *
 * @param saved how many prefixes fewer are advertised with them
 */
record SummaryChoice(AutoSummaries summaries, int saved) {

    static final SummaryChoice NONE = new SummaryChoice(AutoSummaries.NONE, 0);

    private record Candidate(Prefix prefix, boolean isThere, int saved) {}

    /**
     * Chooses, with nothing added if that does.
     *
     * @param prefixes what would be advertised, besides what no summary may stand for
     * @param target how many there should be at most
     * @param most how many summaries can be originated
     * @param never prefixes that may not be added
     * @param taken prefixes that cannot be originated, since something else of that name is
     */
    static SummaryChoice of(
            Set<Prefix> prefixes,
            int target,
            int most,
            OverCoverage maxOverCoverage,
            List<Prefix> never,
            Set<Prefix> taken) {
        SummaryChoice lossless = choose(
                prefixes,
                target,
                most,
                taken,
                new Suggestion.Wish(OptionalInt.empty(), OverCoverage.LOSSLESS, List.of()));
        if (prefixes.size() - lossless.saved <= target || maxOverCoverage.isLossless()) {
            return lossless;
        }
        SummaryChoice lossy = choose(
                prefixes,
                target,
                most,
                taken,
                new Suggestion.Wish(OptionalInt.of(Math.max(1, target)), maxOverCoverage, never));
        return lossy.saved > lossless.saved ? lossy : lossless;
    }

    private static SummaryChoice choose(
            Set<Prefix> prefixes, int target, int most, Set<Prefix> taken, Suggestion.Wish wish) {
        List<Candidate> candidates = Suggestion.of(prefixes, wish).stream()
                .flatMap(each -> each.lossy().orElse(each.lossless()).summaries().stream())
                .map(part -> candidate(part, prefixes))
                .filter(each -> each.saved > 0 && (each.isThere || !taken.contains(each.prefix)))
                .sorted(Comparator.comparingInt(Candidate::saved).reversed().thenComparing(Candidate::prefix))
                .toList();
        Set<Prefix> announced = new HashSet<>();
        Set<Prefix> hiding = new HashSet<>();
        int saved = 0;
        for (Candidate each : candidates) {
            if (prefixes.size() - saved <= target) {
                break;
            }
            if (each.isThere || announced.size() < most) {
                hiding.add(each.prefix);
                if (!each.isThere) {
                    announced.add(each.prefix);
                }
                saved += each.saved;
            }
        }
        return new SummaryChoice(new AutoSummaries(announced, hiding, Optional.empty()), saved);
    }

    private static Candidate candidate(Suggestion.Part part, Set<Prefix> prefixes) {
        boolean isThere = prefixes.contains(part.prefix());
        return new Candidate(part.prefix(), isThere, part.replaced() - (isThere ? 0 : 1));
    }
}
