package net.popbgp.daemon.alert;

import java.time.Instant;
import java.util.List;
import net.popbgp.daemon.site.Track;

/**
 * How the alerts stand. Immutable.
 *
 * @param waiting the first of the messages not delivered yet
 * @param queued how many there are in all
 * @param lost the latest messages that were given up, oldest first, since the start
 * @param sent messages delivered since the start
 * @param failedAttempts attempts that failed since the start
 * @param lostCount messages given up since the start
 * @param kept whether windows and messages outlive the process
 * @param trouble what hinders reading events or keeping windows and messages; empty for nothing
 */
public record AlertsStatus(
        List<Window> windows,
        List<Waiting> waiting,
        int queued,
        List<Lost> lost,
        long sent,
        long failedAttempts,
        long lostCount,
        boolean kept,
        String trouble) {

    /** Before the first turn. */
    static final AlertsStatus EMPTY = new AlertsStatus(List.of(), List.of(), 0, List.of(), 0, 0, 0, false, "");

    /**
     * A window that gathers occurrences. Immutable.
     *
     * @param subject the circuit, or {@code host NAME}
     * @param count how many it has gathered
     */
    public record Window(String site, String subject, Track.Frequency frequency, Instant ends, int count) {}

    /** A message not delivered yet. Immutable. */
    public record Waiting(
            String id,
            String recipient,
            String subject,
            Instant created,
            Instant nextAttempt,
            int attempts,
            String error) {

        static Waiting of(Message message) {
            return new Waiting(
                    message.id(),
                    message.recipient(),
                    message.subject(),
                    message.created(),
                    message.nextAttempt(),
                    message.attempts(),
                    message.error());
        }
    }

    /** A message that was given up. Immutable. */
    public record Lost(String recipient, String subject, String reason, Instant at) {}

    public AlertsStatus {
        windows = List.copyOf(windows);
        waiting = List.copyOf(waiting);
        lost = List.copyOf(lost);
    }
}
