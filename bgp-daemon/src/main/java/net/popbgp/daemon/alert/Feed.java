package net.popbgp.daemon.alert;

import java.util.List;
import net.popbgp.daemon.event.Event;

/** Where events are read, by cursor. */
public interface Feed {

    /**
     * Some events. Immutable.
     *
     * @param cursor what to go on with
     * @param more whether to go on at once
     * @param gap whether there were events behind the old cursor that are not kept any more
     */
    record Batch(List<Event> events, long cursor, boolean more, boolean gap) {

        public Batch {
            events = List.copyOf(events);
        }
    }

    /**
     * {@return events of sessions and of monitored hosts after a cursor, oldest first}
     *
     * @throws IllegalStateException if they cannot be read now
     */
    Batch after(long cursor);

    /** {@return the cursor behind the latest event} */
    long latest();
}
