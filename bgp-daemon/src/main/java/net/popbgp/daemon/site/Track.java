package net.popbgp.daemon.site;

import java.util.List;

/**
 * Who is told when the session of a circuit comes up or goes down, and how often. Immutable.
 *
 * @param mailingLists names of mailing lists
 * @param webhooks names of webhooks
 */
public record Track(Frequency frequency, List<String> mailingLists, List<String> webhooks) {

    /** How often: at once, or the first at once and those after it together once an hour, a day or a week. */
    public enum Frequency {
        IMMEDIATE,
        HOURLY,
        DAILY,
        WEEKLY
    }

    public static final Track OFF = new Track(Frequency.HOURLY, List.of(), List.of());

    public Track {
        mailingLists = List.copyOf(mailingLists);
        webhooks = List.copyOf(webhooks);
    }

    public boolean enabled() {
        return !mailingLists.isEmpty() || !webhooks.isEmpty();
    }
}
