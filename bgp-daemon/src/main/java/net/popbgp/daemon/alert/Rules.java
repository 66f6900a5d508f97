package net.popbgp.daemon.alert;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.LanRule;
import net.popbgp.daemon.site.SiteConfig;

/** All tracking of a configuration. Immutable. */
final class Rules {

    private static final String ESTABLISHED = FsmState.ESTABLISHED.toString();

    private final Map<String, Rule> byKey = new HashMap<>();

    static Rules of(List<SiteConfig> sites) {
        Rules rules = new Rules();
        for (SiteConfig site : sites) {
            for (CircuitConfig circuit : site.circuits()) {
                String peer = site.peerName(circuit.role());
                rules.add(new Rule(
                        "peer " + peer,
                        site.name(),
                        circuit.role().toString(),
                        peer,
                        circuit.neighbor().track()));
            }
            for (LanRule host : site.lanMonitoring().rules()) {
                rules.add(new Rule(
                        "host " + site.name() + " " + host.name(),
                        site.name(),
                        "host " + host.name(),
                        "",
                        host.track()));
            }
        }
        return rules;
    }

    private void add(Rule rule) {
        if (rule.track().enabled()) {
            byKey.put(rule.key(), rule);
        }
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    Optional<Rule> named(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /**
     * {@return who is to be told of an event} A session's is an occurrence only if it goes into or out of Established: attempts that fail in
     * between are not told.
     */
    Optional<Rule> of(Event event) {
        return switch (event.subType()) {
            case BGP_SESSION ->
                isChange(event)
                        ? event.field(EventField.PEER).flatMap(peer -> named("peer " + peer))
                        : Optional.empty();
            case LAN_MONITORING ->
                event.field(EventField.SRC_SITE_NAME)
                        .flatMap(site ->
                                event.field(EventField.RULE_NAME).flatMap(name -> named("host " + site + " " + name)));
            case BGP_ROUTING, CIRCUIT, CONFIGURATION, SYSTEM -> Optional.empty();
        };
    }

    private static boolean isChange(Event event) {
        return isEstablished(event, EventField.OLD_STATE) != isEstablished(event, EventField.NEW_STATE);
    }

    private static boolean isEstablished(Event event, EventField field) {
        return event.field(field).filter(ESTABLISHED::equalsIgnoreCase).isPresent();
    }

    /** {@return whether an occurrence is a good one: a session is up, a host reachable} */
    static boolean isGood(Event event) {
        return event.subType() == EventSubType.BGP_SESSION
                ? isEstablished(event, EventField.NEW_STATE)
                : event.action().equals(LanRule.REACHABLE);
    }
}
