package net.popbgp.daemon.site;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Aggregate;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.RoutePage;
import net.popbgp.speaker.RouteQuery;

/**
 * Brings summaries in and takes them out, in steps of which each is on the wire before the next begins, so that no prefix is unreachable in
 * between and there are never more of them than the cloud takes:
 *
 * <ol>
 *   <li>As many summaries as there is room for are announced. For this the guard lets out what it keeps in reserve, and nothing else may be
 *       announced meanwhile.
 *   <li>What they stand for is withdrawn, which makes room for more of them.
 *   <li>What is no longer summarized is announced beside its summary,
 *   <li>and then the summary is withdrawn and the reserve kept again.
 * </ol>
 *
 * <p>A step that is not on the wire within {@link #PATIENCE} ends the attempt where it is; the next one goes on from there.
 *
 * <p>{@link #decorate} from any thread with the lock held, the rest by one thread.
 */
final class SummarySteps {

    /** The longest wait for one step to be on the wire. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final int CHUNK = 2_000;
    private static final AddressFamily FAMILY = AddressFamily.IPV4_UNICAST;

    /**
     * What is in force for a site. Immutable.
     *
     * @param wide whether the guard lets out its reserve
     */
    private record InForce(AutoSummaries summaries, boolean wide) {
        static final InForce NOTHING = new InForce(AutoSummaries.NONE, false);
    }

    private final BgpSpeaker speaker;
    private final Supplier<List<Aggregate>> configured;
    private final Supplier<List<SiteConfig>> sites;
    private final Asn localAs;
    private final Object lock;
    private final Map<String, InForce> inForce = new ConcurrentHashMap<>();
    private final Map<String, Set<Prefix>> originated = new ConcurrentHashMap<>();

    /**
     * Does nothing yet.
     *
     * @param configured gives the aggregates of the configuration in force
     * @param sites gives those of the configuration in force; what came from their clouds does not hold a summary up
     * @param lock is held by whoever changes the configuration
     */
    SummarySteps(
            BgpSpeaker speaker,
            Supplier<List<Aggregate>> configured,
            Supplier<List<SiteConfig>> sites,
            Asn localAs,
            Object lock) {
        this.speaker = speaker;
        this.configured = configured;
        this.sites = sites;
        this.localAs = localAs;
        this.lock = lock;
    }

    private Set<Asn> clouds() {
        return sites.get().stream()
                .flatMap(site -> CloudProfile.named(site.provider()).stream())
                .map(CloudProfile::cloudAs)
                .collect(Collectors.toSet());
    }

    AutoSummaries of(String site) {
        return inForce.getOrDefault(site, InForce.NOTHING).summaries;
    }

    /** {@return how many aggregates are left for the summaries of a site} */
    int roomFor(String site) {
        long others = originated.entrySet().stream()
                .filter(each -> !each.getKey().equals(site))
                .mapToLong(each -> each.getValue().size())
                .sum();
        return (int) Math.max(0, Aggregate.MAX_AGGREGATES - configured().count() - others);
    }

    /** {@return the prefixes of aggregates that are configured} */
    Set<Prefix> taken() {
        return new HashSet<>(configured().map(Aggregate::prefix).toList());
    }

    private Stream<Aggregate> configured() {
        return configured.get().stream().filter(each -> !SummaryMark.isOn(each));
    }

    /**
     * {@return whether a site is still configured as this says} A reload may have come between two steps, and may have taken out what the
     * first of them brought in. With the lock held.
     */
    boolean isInForce(SiteConfig site) {
        return sites.get().contains(site);
    }

    /**
     * Goes over to other summaries.
     *
     * @param limit how many prefixes the cloud takes
     * @param wanted what the circuits would advertise without summaries
     * @param fits whether all of it fits with them, so that the reserve can be kept again
     * @return whether it is done
     * @throws IllegalStateException if the site's configuration is another one by now, or a peer of it does not answer
     */
    boolean go(SiteConfig site, int limit, AutoSummaries target, Set<Prefix> wanted, boolean fits) {
        Change change = new Change(site, limit);
        if (!change.bringIn(target)) {
            change.apply(of(site.name()), false, true); // nothing waits longer than for one attempt
            return false;
        }
        return change.takeOut(target, wanted, fits);
    }

    /** Keeps the reserve again once there is room for it. Throws as {@link #go}. */
    void narrow(SiteConfig site, int limit) {
        InForce now = inForce.getOrDefault(site.name(), InForce.NOTHING);
        Change change = new Change(site, limit);
        if (now.wide && change.most() <= AutoSummarize.guard(limit)) {
            change.apply(now.summaries, false, false);
        }
    }

    /** Forgets sites that make no summaries any more, and their aggregates. */
    void retain(Predicate<String> sites) {
        synchronized (lock) {
            boolean gone = inForce.keySet().removeIf(sites.negate());
            gone |= originated.keySet().removeIf(sites.negate());
            if (gone) {
                replaceAggregates();
            }
        }
    }

    private void replaceAggregates() {
        List<Aggregate> all = new ArrayList<>(configured().toList());
        all.addAll(automatic(taken()));
        Answers.await(speaker.replaceAggregates(all));
    }

    private List<Aggregate> automatic(Set<Prefix> taken) {
        Set<Prefix> prefixes = new TreeSet<>();
        originated.values().forEach(prefixes::addAll);
        prefixes.removeAll(taken);
        return prefixes.stream()
                .map(prefix ->
                        SummaryMark.on(Aggregate.of(prefix).withIgnoreMed(true).withExcluding(clouds()), localAs))
                .toList();
    }

    /** {@return the aggregates of a configuration to come, with those of the summaries in force} */
    List<Aggregate> decorate(List<Aggregate> aggregates) {
        List<Aggregate> all = new ArrayList<>(aggregates);
        all.addAll(automatic(
                new HashSet<>(aggregates.stream().map(Aggregate::prefix).toList())));
        return all;
    }

    /** {@return a peer of a configuration to come, with the summaries in force for its site} */
    PeerConfig decorate(PeerConfig peer, SiteConfig site, int limit) {
        InForce now = inForce.getOrDefault(site.name(), InForce.NOTHING);
        return now.equals(InForce.NOTHING) ? peer : with(peer, now.summaries, now.wide, limit);
    }

    private static PeerConfig with(PeerConfig peer, AutoSummaries summaries, boolean wide, int limit) {
        if (!(peer.exportPolicy().orElse(null) instanceof SummarizedPolicy policy)) {
            return peer;
        }
        OutboundGuard guard = peer.outboundGuards().get(FAMILY);
        PeerConfig.Builder builder = peer.toBuilder().exportPolicy(policy.with(summaries));
        if (guard != null) {
            builder.outboundGuard(
                    FAMILY, new OutboundGuard(wide ? limit : AutoSummarize.guard(limit), guard.warnPercent()));
        }
        return builder.build();
    }

    /** One change of a site. */
    private final class Change {
        private final SiteConfig site;
        private final int limit;

        Change(SiteConfig site, int limit) {
            this.site = site;
            this.limit = limit;
        }

        private void requireInForce() {
            if (!isInForce(site)) {
                throw new IllegalStateException("its configuration was changed meanwhile");
            }
        }

        private Stream<PeerHandle> peers() {
            return site.circuits().stream().flatMap(circuit -> speaker.peer(site.peerName(circuit.role())).stream());
        }

        private Stream<PeerHandle> established() {
            return peers().filter(peer -> peer.status().isEstablished());
        }

        private PeerStatus.Prefixes counts(PeerHandle peer) {
            return peer.status().prefixes(FAMILY);
        }

        /** Returns the most prefixes that a circuit advertises. */
        int most() {
            return established()
                    .mapToInt(peer -> counts(peer).advertised())
                    .max()
                    .orElse(0);
        }

        void apply(AutoSummaries summaries, boolean alone, boolean wide) {
            synchronized (lock) {
                requireInForce();
                inForce.put(site.name(), new InForce(summaries, wide));
                for (PeerHandle peer : peers().toList()) {
                    AutoSummaries its = alone ? summaries.only(onTheWire(peer)) : summaries;
                    Answers.await(peer.reconfigure(with(peer.config(), its, wide, limit)));
                }
            }
        }

        void originate(Set<Prefix> prefixes) {
            synchronized (lock) {
                requireInForce();
                if (!prefixes.equals(originated.getOrDefault(site.name(), Set.of()))) {
                    originated.put(site.name(), Set.copyOf(prefixes));
                    replaceAggregates();
                }
            }
        }

        boolean bringIn(AutoSummaries target) {
            AutoSummaries now = of(site.name());
            List<Prefix> coming = AutoSummaries.difference(target.announced(), now.announced()).stream()
                    .sorted()
                    .toList();
            originate(AutoSummaries.union(now.announced(), target.announced()));
            for (int at = 0, room; at < coming.size(); at += room) {
                room = Math.min(coming.size() - at, Math.max(1, limit - most()));
                Set<Prefix> next = Set.copyOf(coming.subList(at, at + room));
                now = now.and(next, Set.of());
                apply(now, true, true);
                if (!await(() -> established().allMatch(peer -> onTheWire(peer).containsAll(next)))) {
                    return false;
                }
                now = now.and(Set.of(), next);
                if (!hide(now)) {
                    return false;
                }
            }
            Set<Prefix> alreadyThere = AutoSummaries.difference(target.hiding(), now.hiding());
            return alreadyThere.isEmpty() || hide(now.and(Set.of(), alreadyThere));
        }

        private boolean hide(AutoSummaries summaries) {
            apply(summaries, true, true);
            return await(() -> established()
                    .allMatch(peer -> onTheWire(peer).stream()
                            .noneMatch(prefix -> summaries.hides(prefix) && !isFixed(peer, prefix))));
        }

        private boolean isFixed(PeerHandle peer, Prefix prefix) {
            return peer.config()
                    .exportPolicy()
                    .filter(policy -> policy instanceof SummarizedPolicy summarized
                            && (summarized.fixed().contains(prefix)
                                    || summarized.summaries().announced().contains(prefix)))
                    .isPresent();
        }

        boolean takeOut(AutoSummaries target, Set<Prefix> wanted, boolean fits) {
            AutoSummaries now = of(site.name());
            Set<Prefix> leaving = AutoSummaries.difference(now.announced(), target.announced());
            if (!now.equals(target)) {
                apply(new AutoSummaries(now.announced(), target.hiding(), Optional.empty()), false, true);
                Set<Prefix> due = new HashSet<>(wanted);
                due.removeIf(target::hides);
                boolean complete = await(() -> established()
                        .allMatch(peer ->
                                counts(peer).withheld() > 0 || onTheWire(peer).containsAll(due)));
                if (!complete && !leaving.isEmpty()) {
                    return false; // something of what they stand for could be lost
                }
            }
            apply(target, false, true);
            leaving.removeAll(wanted);
            boolean gone = await(() ->
                    established().allMatch(peer -> onTheWire(peer).stream().noneMatch(leaving::contains)));
            if (gone) {
                originate(target.announced());
                if (fits && most() <= AutoSummarize.guard(limit)) {
                    apply(target, false, false);
                }
            }
            return gone;
        }

        /** Returns what a peer was sent; nothing if its session is lost meanwhile. */
        private Set<Prefix> onTheWire(PeerHandle peer) {
            Set<Prefix> prefixes = new HashSet<>();
            RouteQuery query = RouteQuery.adjRibOut(peer.name()).family(FAMILY).page(0, CHUNK);
            try {
                while (true) {
                    RoutePage page = Answers.await(speaker.routes(query));
                    page.rows().stream()
                            .filter(row -> row.status() == RoutePage.Status.ADVERTISED)
                            .forEach(row -> prefixes.add(row.prefix()));
                    if (page.next().isEmpty()) {
                        return prefixes;
                    }
                    query = query.page(page.next().getAsLong(), CHUNK);
                }
            } catch (IllegalArgumentException noSession) {
                return Set.of();
            }
        }

        private boolean await(BooleanSupplier condition) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            try {
                while (!condition.getAsBoolean()) {
                    if (System.nanoTime() - end > 0) {
                        return false;
                    }
                    Thread.sleep(POLL.toMillis());
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
