package net.popbgp.daemon.alert;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is said about alerts as a whole; who is told of what is said at circuits and hosts ({@code Track}). Immutable.
 *
 * @param mail empty if no mail is sent
 * @param timeZone of the times in mails
 * @param mailingLists addresses by the name of the list
 * @param webhooks by name; no list has the same
 * @param dailyUnconditional whether the mail of a day comes also if nothing more has happened (A14)
 * @param giveUpAfter how long a message is tried, at most {@link Outbox#MAX_ATTEMPTS} times; more than zero
 */
public record AlertsConfig(
        Optional<MailServer> mail,
        ZoneId timeZone,
        Map<String, List<String>> mailingLists,
        Map<String, Webhook> webhooks,
        boolean dailyUnconditional,
        Duration giveUpAfter) {

    /** The most addresses of a mailing list. */
    public static final int MAX_ADDRESSES = 20;

    /** The most mailing lists, and the most webhooks. */
    public static final int MAX_TARGETS = 100;

    /** How long a message is tried if nothing else is said. */
    public static final Duration GIVE_UP_AFTER = Duration.ofHours(24);

    /** The time zone if no other is given. */
    public static final ZoneId UTC = ZoneId.of("UTC");

    /** Nobody is told anything. */
    public static final AlertsConfig NONE =
            new AlertsConfig(Optional.empty(), UTC, Map.of(), Map.of(), false, GIVE_UP_AFTER);

    public AlertsConfig {
        mailingLists = Map.copyOf(mailingLists);
        webhooks = Map.copyOf(webhooks);
    }
}
