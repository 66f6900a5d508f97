package net.popbgp.daemon.site;

import net.popbgp.speaker.RoutePage;

/** The lists of routes that a circuit has. */
public enum CircuitList {
    /** What is used or could be of what the cloud has sent. */
    FROM_PEER,
    /** What is not. */
    REJECTED,
    /** What the cloud was sent, and what is withheld. */
    TO_PEER;

    boolean has(RoutePage.Row row) {
        return this == TO_PEER || (this == REJECTED) == (row.status() == RoutePage.Status.REJECTED);
    }
}
