package net.popbgp.daemon.site;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Aggregate;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.summary.Coverage;
import net.popbgp.daemon.summary.Suggestion;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.PeerHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Summarizes what sites advertise when it is more than the cloud takes, before the guard withholds some of it, and undoes that when there is room
 * again. Both circuits of a site get the same summaries.
 *
 * <p>While nothing is withheld and nothing summarized it looks at two counters each {@link #INTERVAL}. Otherwise it reads the routes in use
 * whenever they have changed, and takes at most a tenth of the time for that. Sites take turns.
 *
 * <p>Thread-safe; the work is done on a thread of its own.
 */
public final class AutoSummarizer implements MeterBinder, AutoCloseable {

    /** How often it looks whether there is something to do. */
    public static final Duration INTERVAL = Duration.ofMillis(200);

    /** This part of the limit is how much room summaries make beyond what is needed, and how much there must be without them. */
    private static final int SLACK = 50;

    private static final int PAUSE_PER_WORK = 9;
    private static final long RETRY_NANOS = 1_000_000_000; // after a failure, as of a peer that is just being removed
    private static final int LISTED = 8;
    private static final AddressFamily FAMILY = AddressFamily.IPV4_UNICAST;
    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    /** What is known of a site. Confined to the worker's thread. */
    private static final class Seen {
        long routeChanges = -1;
        Optional<Instant> undoAt = Optional.empty();
        long notBefore = System.nanoTime();
        boolean toldTooMany;
        boolean unfinished;

        /** So long was worked on this site; nine times as long it is left alone. Waiting for what was sent is no work. */
        void worked(long sinceNanos) {
            long now = System.nanoTime();
            notBefore = now + PAUSE_PER_WORK * (now - sinceNanos);
        }
    }

    private final BgpSpeaker speaker;
    private final Supplier<List<SiteConfig>> sites;
    private final EventSink events;
    private final InstantSource clock;
    private final Object lock;
    private final SummarySteps steps;
    private final Advertisable advertisable;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final Map<String, AutoSummarized> status = new ConcurrentHashMap<>();
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "popbgp-summaries");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Begins nothing yet.
     *
     * @param sites gives those of the configuration in force
     * @param aggregates gives those of the configuration in force
     * @param lock is held by whoever changes the configuration
     */
    public AutoSummarizer(
            BgpSpeaker speaker,
            Supplier<List<SiteConfig>> sites,
            Supplier<List<Aggregate>> aggregates,
            Asn localAs,
            EventSink events,
            InstantSource clock,
            Object lock) {
        this.speaker = speaker;
        this.sites = sites;
        this.events = events;
        this.clock = clock;
        advertisable = new Advertisable(speaker);
        this.lock = lock;
        steps = new SummarySteps(speaker, aggregates, sites, localAs, lock);
    }

    /** Begins to look. */
    public void begin() {
        worker.scheduleWithFixedDelay(this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** {@return what is summarized automatically at a site} */
    public AutoSummarized status(String site) {
        return status.getOrDefault(site, AutoSummarized.NOTHING);
    }

    /** {@return the peers of a configuration to come, with the summaries in force} With the lock held. */
    public List<PeerConfig> decoratePeers(List<PeerConfig> peers, List<SiteConfig> next) {
        return peers.stream()
                .map(peer -> next.stream()
                        .filter(site -> site.autoSummarize().isPresent()
                                && site.circuits().stream()
                                        .anyMatch(circuit ->
                                                site.peerName(circuit.role()).equals(peer.name())))
                        .findFirst()
                        .flatMap(site -> limit(site).stream()
                                .mapToObj(limit -> steps.decorate(peer, site, limit))
                                .findFirst())
                        .orElse(peer))
                .toList();
    }

    /** {@return the aggregates of a configuration to come, with the summaries in force} With the lock held. */
    public List<Aggregate> decorateAggregates(List<Aggregate> aggregates) {
        return steps.decorate(aggregates);
    }

    /** The configuration has changed: what belongs to sites that summarize nothing any more is forgotten. With the lock held. */
    public void reconfigured() {
        Set<String> names = sites.get().stream()
                .filter(site -> site.autoSummarize().isPresent())
                .map(SiteConfig::name)
                .collect(Collectors.toSet());
        steps.retain(names::contains);
        status.keySet().retainAll(names);
        seen.keySet().retainAll(names);
    }

    private static OptionalInt limit(SiteConfig site) {
        return CloudProfile.named(site.provider())
                .flatMap(profile -> profile.maxPrefixes(site.sku()))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    private void look() {
        for (SiteConfig site : sites.get()) {
            try {
                if (site.autoSummarize().isPresent() && limit(site).isPresent()) {
                    look(site, site.autoSummarize().get(), limit(site).getAsInt());
                }
            } catch (IllegalArgumentException
                    | IllegalStateException e) { // as the speaker being closed; it is tried again
                LOG.warn("event=summaries-failed site={} reason=\"{}\"", site.name(), e.getMessage());
            } catch (RuntimeException bug) { // which would end the looking
                LOG.error("event=summaries-failed site={}", site.name(), bug);
            }
        }
    }

    private void look(SiteConfig site, AutoSummarize wish, int limit) {
        Seen known = seen.computeIfAbsent(site.name(), name -> new Seen());
        AutoSummaries now = steps.of(site.name());
        boolean overflows = site.circuits().stream()
                .flatMap(circuit -> speaker.peer(site.peerName(circuit.role())).stream())
                .map(PeerHandle::status)
                .map(peer -> peer.prefixes(FAMILY))
                .anyMatch(counts -> counts.withheld() > 0);
        long changes = speaker.locRib().changes();
        boolean due = known.undoAt.filter(at -> !clock.instant().isBefore(at)).isPresent();
        if (now.isEmpty() && !overflows
                || changes == known.routeChanges && !due
                || System.nanoTime() - known.notBefore < 0) {
            return;
        }
        known.routeChanges = changes;
        try {
            review(site, wish, limit, known, now);
        } catch (RuntimeException e) {
            known.routeChanges = -1; // looked at again, whether routes change or not
            known.notBefore = System.nanoTime() + RETRY_NANOS;
            throw e;
        }
    }

    private void review(SiteConfig site, AutoSummarize wish, int limit, Seen known, AutoSummaries now) {
        Set<String> cloudPeers = sites.get().stream()
                .flatMap(each -> each.circuits().stream().map(circuit -> each.peerName(circuit.role())))
                .collect(Collectors.toSet());
        long start = System.nanoTime();
        Advertisable.Routes routes = advertisable.read(site, site.circuits(), cloudPeers);
        known.worked(start);
        if (!routes.complete()) {
            if (!known.toldTooMany) {
                known.toldTooMany = true;
                tell(
                        site,
                        "Not summarized",
                        "more than " + Suggestion.MAX_PREFIXES
                                + " prefixes would be advertised: too many to be summarized",
                        limit,
                        0);
            }
            return;
        }
        known.toldTooMany = false;
        int guard = AutoSummarize.guard(limit);
        int total = routes.prefixes().size() + routes.fixed();
        boolean holds = !now.isEmpty() && holds(wish, now, routes, guard - routes.fixed());
        if (!now.isEmpty()
                && total <= guard - limit / SLACK
                && total + now.announced().size() <= limit) {
            Instant due = status(site.name()).since().orElse(Instant.EPOCH).plus(wish.undoAfter());
            if (holds && clock.instant().isBefore(due)) {
                known.undoAt = Optional.of(due);
            } else {
                undo(site, limit, known, now, routes, total);
            }
            return;
        }
        known.undoAt = Optional.empty();
        if (!known.unfinished && (total <= guard && now.isEmpty() || holds)) {
            steps.narrow(site, limit);
            return;
        }
        SummaryChoice choice = SummaryChoice.of(
                routes.prefixes(),
                guard - routes.fixed() - limit / SLACK,
                steps.roomFor(site.name()),
                wish.maxOverCoverage(),
                routes.foreign(),
                steps.taken());
        known.worked(start);
        if (known.unfinished || !choice.summaries().equals(now)) {
            change(site, limit, known, choice, routes, total);
        }
    }

    /** Returns whether the summaries in force still are what is needed, and no more than may be. */
    private static boolean holds(AutoSummarize wish, AutoSummaries now, Advertisable.Routes routes, int room) {
        Set<Prefix> prefixes = routes.prefixes();
        long hidden = prefixes.stream().filter(now::hides).count();
        return routes.shadowed().isEmpty()
                && AutoSummaries.difference(now.hiding(), now.announced()).stream()
                        .allMatch(prefixes::contains)
                && now.announced().stream().noneMatch(prefixes::contains)
                && Coverage.of(now.hiding(), prefixes).isWithin(wish.maxOverCoverage())
                && prefixes.size() - hidden + now.announced().size() <= room;
    }

    private void undo(
            SiteConfig site, int limit, Seen known, AutoSummaries now, Advertisable.Routes routes, int total) {
        known.undoAt = Optional.empty();
        if (!go(site, limit, known, AutoSummaries.NONE, routes, true)) {
            return;
        }
        remember(site, List.of(), 0);
        tell(
                site,
                "Summaries undone",
                total + " prefixes fit again: what " + names(now) + " stood for is advertised itself",
                limit,
                total);
    }

    /** Takes the steps to other summaries. What is not on the wire in time is looked at again, whether routes change or not. */
    private boolean go(
            SiteConfig site, int limit, Seen known, AutoSummaries target, Advertisable.Routes routes, boolean fits) {
        known.unfinished = true; // also if this throws
        known.unfinished = !steps.go(site, limit, target, routes.prefixes(), fits);
        if (known.unfinished) {
            known.routeChanges = -1;
        }
        return !known.unfinished;
    }

    private void remember(SiteConfig site, List<Prefix> summaries, int saved) {
        synchronized (lock) {
            if (steps.isInForce(site)) { // or nobody would take it out again
                long changes = status(site.name()).changes() + 1;
                status.put(site.name(), new AutoSummarized(summaries, saved, Optional.of(clock.instant()), changes));
            }
        }
    }

    private void change(
            SiteConfig site, int limit, Seen known, SummaryChoice choice, Advertisable.Routes routes, int total) {
        AutoSummaries chosen = choice.summaries();
        boolean fits = total - choice.saved() <= AutoSummarize.guard(limit);
        if (!go(site, limit, known, chosen, routes, fits)) {
            return;
        }
        remember(site, chosen.hiding().stream().sorted().toList(), choice.saved());
        int left = total - choice.saved();
        int beyond = left - AutoSummarize.guard(limit);
        tell(
                site,
                "Summarized automatically",
                total + " prefixes would be more than the cloud takes: " + names(chosen) + " stand for "
                        + (choice.saved() + chosen.announced().size()) + " of them, and " + left + " are advertised"
                        + (beyond > 0 ? "; " + beyond + " are still withheld" : ""),
                limit,
                left);
    }

    private static String names(AutoSummaries summaries) {
        List<Prefix> all = summaries.hiding().stream().sorted().toList();
        String listed = all.stream().limit(LISTED).map(Prefix::toString).collect(Collectors.joining(", "));
        return all.isEmpty()
                ? "no summary"
                : listed + (all.size() > LISTED ? " and " + (all.size() - LISTED) + " more" : "");
    }

    private void tell(SiteConfig site, String action, String text, int limit, int count) {
        Map<EventField, String> fields = new EnumMap<>(EventField.class);
        fields.put(EventField.SRC_SITE_ID, site.name());
        fields.put(EventField.SRC_SITE_NAME, site.name());
        fields.put(EventField.DIRECTION, "out");
        fields.put(EventField.PREFIX_COUNT, Integer.toString(count));
        fields.put(EventField.PREFIX_LIMIT, Integer.toString(limit));
        events.accept(
                new Event(clock.instant(), EventSubType.CIRCUIT, action, "site " + site.name() + ": " + text, fields));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "popbgp.auto.summaries",
                        status,
                        all -> all.values().stream()
                                .mapToInt(each -> each.summaries().size())
                                .sum())
                .description("summaries that are made automatically, of all sites")
                .register(registry);
        Gauge.builder(
                        "popbgp.auto.summaries.saved",
                        status,
                        all -> all.values().stream()
                                .mapToInt(AutoSummarized::saved)
                                .sum())
                .description("prefixes fewer that are advertised because of them")
                .register(registry);
        FunctionCounter.builder(
                        "popbgp.auto.summaries.changes",
                        status,
                        all -> all.values().stream()
                                .mapToLong(AutoSummarized::changes)
                                .sum())
                .description("times that they were changed")
                .register(registry);
    }

    /** Leaves what is in force as it is. */
    @Override
    public void close() {
        worker.shutdownNow();
    }
}
