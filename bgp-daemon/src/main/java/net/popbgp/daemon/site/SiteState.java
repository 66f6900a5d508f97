package net.popbgp.daemon.site;

/** How a site is, by its BGP sessions alone: what the provider says about the circuits does not matter. */
public enum SiteState {
    /** All circuits are Established. */
    CONNECTED,
    /** One is, another is not. */
    DEGRADED,
    /** None is. */
    DISCONNECTED;

    static SiteState of(long established, int circuits) {
        return established == 0 ? DISCONNECTED : established < circuits ? DEGRADED : CONNECTED;
    }
}
