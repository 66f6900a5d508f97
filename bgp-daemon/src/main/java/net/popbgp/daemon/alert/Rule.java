package net.popbgp.daemon.alert;

import net.popbgp.daemon.site.Track;

/**
 * Who is told of what: the tracking of one circuit or of one monitored host. Immutable.
 *
 * @param key unique, and the same over restarts
 * @param site the name of the site
 * @param subject what it is about, as {@code primary} or {@code host dns}
 * @param peer the name of the circuit's peer; empty for a host
 */
record Rule(String key, String site, String subject, String peer, Track track) {

    boolean isCircuit() {
        return !peer.isEmpty();
    }
}
