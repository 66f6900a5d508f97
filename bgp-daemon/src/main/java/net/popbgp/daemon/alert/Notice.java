package net.popbgp.daemon.alert;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.popbgp.daemon.event.Event;

/**
 * Something that is to be told now, before it is put into words. Immutable.
 *
 * @param digest whether it tells what has gathered in a window instead of one occurrence
 * @param count of occurrences
 * @param events the occurrences, oldest first; of many only the latest {@link Windows#MAX_LISTED}
 * @param windowEnds until when further occurrences are gathered; empty if the next is told at once
 */
record Notice(Rule rule, boolean digest, int count, List<Event> events, Instant at, Optional<Instant> windowEnds) {

    Notice {
        events = List.copyOf(events);
    }
}
