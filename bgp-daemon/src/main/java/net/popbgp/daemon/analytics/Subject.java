package net.popbgp.daemon.analytics;

import net.popbgp.daemon.site.CircuitRole;

/** How samples name what they are of. No state. */
final class Subject {

    private Subject() {}

    static String site(String site) {
        return site;
    }

    static String circuit(String site, CircuitRole role) {
        return site + "/" + role;
    }
}
