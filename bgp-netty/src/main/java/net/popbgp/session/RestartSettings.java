package net.popbgp.session;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.popbgp.core.fsm.NegotiatedSession;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.engine.RestartTerms;

/**
 * How restarts of a peer are bridged (RFC 4724, RFC 9494). What is offered to it is among the capabilities. Immutable.
 *
 * @param enabled whether routes of the peer outlive a session at all
 * @param staleTime how long they stay stale after its return without End-of-RIB
 * @param longLived how long they are kept at most as a last resort, per family
 */
public record RestartSettings(boolean enabled, Duration staleTime, Map<AddressFamily, Duration> longLived) {

    public static final RestartSettings OFF = new RestartSettings(false, Duration.ofMinutes(3), Map.of());

    public RestartSettings {
        longLived = Map.copyOf(longLived);
    }

    /** {@return what was agreed on, empty if routes go with the session} */
    Optional<RestartTerms> terms(NegotiatedSession session) {
        if (!enabled) {
            return Optional.empty();
        }
        return session.gracefulRestart()
                .map(restart -> new RestartTerms(
                        restart.restarted(),
                        Duration.ofSeconds(restart.restartTime()),
                        families(restart.families().stream()),
                        families(restart.families().stream()
                                .filter(Capability.GracefulRestart.Family::forwardingPreserved)),
                        session.gracefulNotification(),
                        staleTime,
                        longLived(session),
                        session.longLivedGracefulRestart().stream()
                                .flatMap(each -> each.families().stream())
                                .filter(Capability.LongLivedGracefulRestart.Family::forwardingPreserved)
                                .map(Capability.LongLivedGracefulRestart.Family::family)
                                .collect(Collectors.toSet())));
    }

    private static Set<AddressFamily> families(Stream<Capability.GracefulRestart.Family> families) {
        return families.map(Capability.GracefulRestart.Family::family).collect(Collectors.toSet());
    }

    /** The shorter of what the peer says and what we allow. */
    private Map<AddressFamily, Duration> longLived(NegotiatedSession session) {
        return session.longLivedGracefulRestart().stream()
                .flatMap(each -> each.families().stream())
                .collect(Collectors.toMap(
                        Capability.LongLivedGracefulRestart.Family::family,
                        each -> shorter(
                                Duration.ofSeconds(each.staleTime()),
                                longLived.getOrDefault(each.family(), Duration.ZERO)),
                        (first, last) -> last));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
