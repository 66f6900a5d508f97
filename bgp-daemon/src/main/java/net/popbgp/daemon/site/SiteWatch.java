package net.popbgp.daemon.site;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.speaker.BgpListener;

/**
 * Tells when a site becomes connected, degraded or disconnected. It goes by the changes that it is told in their order, not by what is the
 * case when it looks.
 *
 * <p>Called on a thread of the speaker's events; {@link #reconfigured} from any thread.
 */
public final class SiteWatch implements BgpListener {

    private final Supplier<List<SiteConfig>> configs;
    private final EventSink events;
    private final InstantSource clock;
    private final Set<String> established = new HashSet<>();
    private final Map<String, SiteState> states = new HashMap<>();

    public SiteWatch(Supplier<List<SiteConfig>> configs, EventSink events, InstantSource clock) {
        this.configs = configs;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public boolean followsRoutes() {
        return false;
    }

    @Override
    public synchronized void onStateChange(String peer, FsmState from, FsmState to, DownReason reason) {
        boolean changed = to == FsmState.ESTABLISHED
                ? established.add(peer)
                : from == FsmState.ESTABLISHED && established.remove(peer);
        if (!changed) {
            return;
        }
        for (SiteConfig site : configs.get()) {
            for (CircuitConfig circuit : site.circuits()) {
                if (site.peerName(circuit.role()).equals(peer)) {
                    review(site, Optional.of(circuit), reason);
                }
            }
        }
    }

    private void review(SiteConfig site, Optional<CircuitConfig> circuit, DownReason reason) {
        long up = site.circuits().stream()
                .filter(each -> established.contains(site.peerName(each.role())))
                .count();
        SiteState state = SiteState.of(up, site.circuits().size());
        SiteState before = Optional.ofNullable(states.put(site.name(), state)).orElse(SiteState.DISCONNECTED);
        if (state != before) {
            events.accept(event(site, circuit, before, state, reason));
        }
    }

    private Event event(
            SiteConfig site, Optional<CircuitConfig> cause, SiteState before, SiteState state, DownReason reason) {
        boolean better = state.compareTo(before) < 0;
        DisconnectReason why = better ? DisconnectReason.NONE : DisconnectReason.of(reason);
        Map<EventField, String> fields = new EnumMap<>(EventField.class);
        fields.put(EventField.SRC_SITE_ID, site.name());
        fields.put(EventField.SRC_SITE_NAME, site.name());
        cause.ifPresent(circuit -> {
            fields.put(EventField.POP_NAME, circuit.pop());
            fields.put(EventField.CIRCUIT, circuit.role().toString());
            fields.put(EventField.PEER, site.peerName(circuit.role()));
        });
        fields.put(EventField.OLD_STATE, text(before));
        fields.put(EventField.NEW_STATE, text(state));
        fields.put(EventField.BGP_ERROR_CODE, why.code());
        fields.put(EventField.BGP_SUBERROR_CODE, why.subcode());
        String because = cause.map(circuit -> "its " + circuit.role() + " circuit at " + circuit.pop()
                        + (better ? " is up" : " is down: " + why.text()))
                .orElse("its configuration has changed");
        return new Event(
                clock.instant(),
                EventSubType.CIRCUIT,
                "Site " + text(state),
                "site " + site.name() + " is " + text(state) + ": " + because,
                fields);
    }

    private static String text(SiteState state) {
        return switch (state) {
            case CONNECTED -> "Connected";
            case DEGRADED -> "Degraded";
            case DISCONNECTED -> "Disconnected";
        };
    }

    /** The configuration has changed: looks at all sites, and forgets those that are gone. */
    public synchronized void reconfigured() {
        Set<String> names = new HashSet<>();
        for (SiteConfig site : configs.get()) {
            names.add(site.name());
            review(site, Optional.empty(), DownReason.NONE);
        }
        states.keySet().retainAll(names);
    }
}
