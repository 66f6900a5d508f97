package net.popbgp.daemon.event;

import java.util.List;

/**
 * Some stored events. Immutable.
 *
 * @param events in the order that was asked for
 * @param cursor what to ask with for the next page, also if this one is empty
 * @param more whether there may be further events in this direction by now
 * @param gap events behind the cursor that was asked with are not kept any more
 */
public record EventPage(List<StoredEvent> events, long cursor, boolean more, boolean gap) {

    public EventPage {
        events = List.copyOf(events);
    }
}
