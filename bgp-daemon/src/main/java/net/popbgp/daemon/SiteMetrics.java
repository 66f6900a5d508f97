package net.popbgp.daemon;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.daemon.analytics.Limits;
import net.popbgp.daemon.analytics.SiteRecorder;
import net.popbgp.daemon.analytics.SiteStanding;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.event.EventStoreStatus;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerHandle;

/** Figures about events and sites. Thread-safe. */
final class SiteMetrics {

    private final BgpSpeaker speaker;
    private final SiteRecorder recorder;
    private final MultiGauge states;
    private final MultiGauge active;
    private final MultiGauge budgets;

    SiteMetrics(MeterRegistry registry, EventStore events, BgpSpeaker speaker, SiteRecorder recorder) {
        this.speaker = speaker;
        this.recorder = recorder;
        counter(registry, events, "taken", "events given to the store", EventStoreStatus::taken);
        counter(registry, events, "stored", "events stored and published", EventStoreStatus::stored);
        counter(registry, events, "lost", "events that could not be stored", EventStoreStatus::lost);
        gauge(registry, events, "waiting", "events that wait to be stored", EventStoreStatus::waiting);
        gauge(registry, events, "database.bytes", "the size of the database", EventStoreStatus::bytes);
        gauge(
                registry,
                events,
                "failing",
                "1 while events cannot be stored",
                status -> status.alarm().isPresent() ? 1 : 0);
        states = MultiGauge.builder("popbgp.site.state")
                .description("2 connected, 1 degraded, 0 disconnected, -1 stopped")
                .register(registry);
        active = MultiGauge.builder("popbgp.circuit.active")
                .description("1 while the circuit carries the traffic of its site")
                .register(registry);
        budgets = MultiGauge.builder("popbgp.circuit.budget.used")
                .description("share of a prefix limit that is used, 1 for all of it")
                .register(registry);
    }

    private interface Figure {
        long of(EventStoreStatus status);
    }

    private static void counter(MeterRegistry registry, EventStore events, String name, String text, Figure figure) {
        FunctionCounter.builder("popbgp.events." + name, events, store -> figure.of(store.status()))
                .description(text)
                .register(registry);
    }

    private static void gauge(MeterRegistry registry, EventStore events, String name, String text, Figure figure) {
        Gauge.builder("popbgp.events." + name, events, store -> figure.of(store.status()))
                .description(text)
                .register(registry);
    }

    /** Goes over to these sites. */
    void follow(List<SiteConfig> sites) {
        List<MultiGauge.Row<?>> stateRows = new ArrayList<>();
        List<MultiGauge.Row<?>> activeRows = new ArrayList<>();
        List<MultiGauge.Row<?>> budgetRows = new ArrayList<>();
        for (SiteConfig site : sites) {
            stateRows.add(MultiGauge.Row.of(Tags.of("site", site.name()), () -> state(site)));
            for (CircuitConfig circuit : site.circuits()) {
                Tags tags =
                        Tags.of("site", site.name(), "circuit", circuit.role().toString());
                activeRows.add(MultiGauge.Row.of(tags, () -> isActive(site, circuit) ? 1 : 0));
                budgetRows.add(MultiGauge.Row.of(tags.and("direction", "in"), () -> used(site, circuit, true)));
                budgetRows.add(MultiGauge.Row.of(tags.and("direction", "out"), () -> used(site, circuit, false)));
            }
        }
        states.register(stateRows, true);
        active.register(activeRows, true);
        budgets.register(budgetRows, true);
    }

    private int state(SiteConfig site) {
        return recorder.state(site.name())
                .map(state -> switch (state.kind()) {
                    case CONNECTED -> 2;
                    case DEGRADED -> 1;
                    case DISCONNECTED -> 0;
                    case STOPPED -> -1;
                })
                .orElse(-1);
    }

    private boolean isActive(SiteConfig site, CircuitConfig circuit) {
        return recorder.state(site.name())
                .flatMap(SiteStanding::active)
                .filter(circuit.role()::equals)
                .isPresent();
    }

    private double used(SiteConfig site, CircuitConfig circuit, boolean in) {
        Optional<PeerHandle> peer = speaker.peer(site.peerName(circuit.role()));
        Limits limits = Limits.of(site.sku(), peer.map(PeerHandle::config));
        return peer.map(each -> each.status().prefixes(AddressFamily.IPV4_UNICAST))
                .map(prefixes -> in
                        ? (double) prefixes.received() / limits.in()
                        : (double) (prefixes.advertised() + prefixes.withheld()) / limits.out())
                .orElse(0.0);
    }
}
