package net.popbgp.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.rib.AdjRibOut;
import net.popbgp.core.rib.ExportOptions;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.jspecify.annotations.Nullable;

/**
 * One Established session as the tables know it: made by the session, handed over with {@link RibCommand.PeerUp}, let go with
 * {@link RibCommand.PeerDown}.
 *
 * <p>{@link Setup} is immutable and {@link #counts} may be read anywhere; everything else is confined to the RIB thread.
 */
public final class RibPeer {

    /** The metric while a returning circuit is still sending its routes: worse than any other, so that nothing moves early. */
    static final int REVERTING_METRIC = 0xFFFF;

    /**
     * What the session wants from the tables. Immutable.
     *
     * @param advertisementInterval between two advertisements of a prefix (RFC 4271, 9.2.1.1), jitter included; zero for none
     * @param batches gets what is to be advertised; called on the RIB thread, must only hand on
     * @param credits gets how many received commands were applied; called on the RIB thread, must only hand on
     * @param overLimit gets the family whose inbound limit asks for a teardown; called on the RIB thread, must only hand on
     */
    public record Setup(
            String name,
            RouteSource source,
            RoutePolicy importPolicy,
            ExportOptions exportOptions,
            Set<AddressFamily> families,
            Map<AddressFamily, PrefixLimit> prefixLimits,
            Map<AddressFamily, OutboundGuard> outboundGuards,
            Duration advertisementInterval,
            StaleTerms stale,
            Consumer<UpdateBatch> batches,
            IntConsumer credits,
            Consumer<AddressFamily> overLimit) {}

    /** Prefix counts of one family. Immutable. */
    public record Counts(
            int received,
            int accepted,
            int best,
            int advertised,
            int withheld,
            RibEvents.Level inbound,
            RibEvents.Level outbound,
            boolean endOfRib,
            long pathsDiscarded) {

        static final Counts NONE = new Counts(0, 0, 0, 0, 0, RibEvents.Level.OK, RibEvents.Level.OK, false, 0);
    }

    private final Setup setup;
    private volatile Map<AddressFamily, Counts> counts = Map.of();

    int index = -1;
    RouteSource source;
    /** As configured; while reverting the source has another one. */
    int metric;

    AdjRibOut.@Nullable Member member;
    Map<AddressFamily, PrefixLimit> prefixLimits;
    Map<AddressFamily, OutboundGuard> outboundGuards;
    int window = 2;
    int creditsDue;
    boolean reverting;
    boolean toreDown;
    boolean pacingScheduled;
    final Map<AddressFamily, Boolean> endOfRib = new HashMap<>();
    /** Refreshes of the peer that have begun, each an object of its own. */
    final Map<AddressFamily, Object> refreshes = new HashMap<>();

    final Map<RibEvents.LimitKind, Map<AddressFamily, RibEvents.Level>> levels =
            new EnumMap<>(RibEvents.LimitKind.class);

    public RibPeer(Setup setup) {
        this.setup = setup;
        this.source = setup.source();
        this.metric = setup.source().metric();
        this.prefixLimits = setup.prefixLimits();
        this.outboundGuards = setup.outboundGuards();
    }

    public Setup setup() {
        return setup;
    }

    public String name() {
        return setup.name();
    }

    /** {@return the family's counts as last published; from any thread} */
    public Optional<Counts> counts(AddressFamily family) {
        return Optional.ofNullable(counts.get(family));
    }

    /** {@return the tables' number of the peer, -1 while it has none} */
    public int index() {
        return index;
    }

    /** {@return what it is advertised} */
    public Optional<AdjRibOut.Member> member() {
        return Optional.ofNullable(member);
    }

    boolean isUp() {
        return index >= 0;
    }

    RibEvents.Level level(RibEvents.LimitKind kind, AddressFamily family) {
        return levels.getOrDefault(kind, Map.of()).getOrDefault(family, RibEvents.Level.OK);
    }

    void publish(Map<AddressFamily, Counts> value) {
        counts = Map.copyOf(value);
    }
}
