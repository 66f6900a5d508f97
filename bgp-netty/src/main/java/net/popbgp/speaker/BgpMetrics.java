package net.popbgp.speaker;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.engine.StaleRoutes;

/**
 * A speaker's figures for any Micrometer registry: per peer state, sessions, messages and prefixes, per circuit group the active circuit.
 * Peers added or removed later are followed. Reading a figure takes no lock and touches no table.
 *
 * <p>Thread-safe.
 */
public final class BgpMetrics implements MeterBinder {

    private final BgpSpeaker speaker;

    public BgpMetrics(BgpSpeaker speaker) {
        this.speaker = speaker;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (AddressFamily family : List.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST)) {
            Gauge.builder("bgp.speaker.selection.deferred", speaker, s -> isDeferred(s, family) ? 1 : 0)
                    .description("1 while a restart of ours defers the selection of routes")
                    .tags("family", family.toString())
                    .register(registry);
        }
        Map<String, List<Meter>> meters = new ConcurrentHashMap<>();
        speaker.onPeers(peer -> meters.put(peer.name(), bind(registry, peer)), peer -> {
            List<Meter> gone = meters.remove(peer.name());
            if (gone != null) {
                gone.forEach(registry::remove);
            }
        });
    }

    private List<Meter> bind(MeterRegistry registry, PeerHandle peer) {
        Tags tags = Tags.of("peer", peer.name(), "address", IpAddresses.text(peer.remoteAddress()));
        List<Meter> bound = new ArrayList<>();
        bound.add(gauge(
                registry,
                "bgp.peer.up",
                "1 while the session is Established",
                tags,
                peer,
                p -> p.peer().view().state() == net.popbgp.core.fsm.FsmState.ESTABLISHED ? 1 : 0));
        bound.add(gauge(
                registry,
                "bgp.peer.state",
                "the state, 0 Idle to 5 Established",
                tags,
                peer,
                p -> p.peer().view().state().ordinal()));
        bound.add(gauge(
                registry,
                "bgp.peer.active",
                "1 while the peer is its group's active circuit",
                tags,
                peer,
                p -> isActive(p) ? 1 : 0));
        bound.add(counter(
                registry,
                "bgp.peer.established",
                "times Established was entered",
                tags,
                peer,
                p -> p.peer().view().established()));
        for (MessageType type : MessageType.values()) {
            Tags typed = tags.and("type", type.name().toLowerCase(java.util.Locale.ROOT));
            bound.add(counter(
                    registry,
                    "bgp.peer.messages.received",
                    "messages received",
                    typed,
                    peer,
                    p -> p.peer().counters().in(type)));
            bound.add(counter(
                    registry,
                    "bgp.peer.messages.sent",
                    "messages sent",
                    typed,
                    peer,
                    p -> p.peer().counters().out(type)));
        }
        bound.add(counter(
                registry,
                "bgp.peer.treated.as.withdraw",
                "UPDATEs treated as withdraw",
                tags,
                peer,
                p -> p.peer().counters().treatAsWithdrawCount()));
        for (AddressFamily family : peer.config().families()) {
            Tags ofFamily = tags.and("family", family.toString());
            bound.add(prefixes(
                    registry, "received", "prefixes in the Adj-RIB-In", ofFamily, peer, family, c -> c.received()));
            bound.add(prefixes(
                    registry,
                    "accepted",
                    "prefixes past the import policy",
                    ofFamily,
                    peer,
                    family,
                    c -> c.accepted()));
            bound.add(gauge(
                    registry,
                    "bgp.peer.prefixes.stale",
                    "prefixes that have outlived their session",
                    ofFamily,
                    peer,
                    p -> stale(p, family)));
            bound.add(prefixes(registry, "best", "prefixes selected", ofFamily, peer, family, c -> c.best()));
            bound.add(prefixes(registry, "advertised", "prefixes sent", ofFamily, peer, family, c -> c.advertised()));
            bound.add(prefixes(
                    registry,
                    "withheld",
                    "prefixes kept back by the guard",
                    ofFamily,
                    peer,
                    family,
                    c -> c.withheld()));
        }
        return bound;
    }

    private static boolean isDeferred(BgpSpeaker speaker, AddressFamily family) {
        return speaker.restartStatus()
                .filter(restart -> restart.awaited().containsKey(family))
                .isPresent();
    }

    private double stale(PeerHandle peer, AddressFamily family) {
        return speaker.engine()
                .staleRoutes(peer.name())
                .map(stale -> stale.families().get(family))
                .map(StaleRoutes.Family::routes)
                .orElse(0);
    }

    private boolean isActive(PeerHandle peer) {
        return speaker.circuitGroup(peer.circuitGroup())
                .flatMap(CircuitGroup::active)
                .filter(active -> active == peer)
                .isPresent();
    }

    private static Gauge gauge(
            MeterRegistry registry,
            String name,
            String description,
            Tags tags,
            PeerHandle peer,
            ToDoubleFunction<PeerHandle> value) {
        return Gauge.builder(name, peer, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static FunctionCounter counter(
            MeterRegistry registry,
            String name,
            String description,
            Tags tags,
            PeerHandle peer,
            ToDoubleFunction<PeerHandle> value) {
        return FunctionCounter.builder(name, peer, value)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static Gauge prefixes(
            MeterRegistry registry,
            String what,
            String description,
            Tags tags,
            PeerHandle peer,
            AddressFamily family,
            ToDoubleFunction<net.popbgp.engine.RibPeer.Counts> value) {
        return gauge(
                registry,
                "bgp.peer.prefixes." + what,
                description,
                tags,
                peer,
                p -> p.peer()
                        .view()
                        .ribPeer()
                        .flatMap(rib -> rib.counts(family))
                        .map(value::applyAsDouble)
                        .orElse(0.0));
    }
}
