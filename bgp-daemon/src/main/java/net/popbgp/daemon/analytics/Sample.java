package net.popbgp.daemon.analytics;

/**
 * What is known of a site or circuit for a stretch of time. Immutable.
 *
 * @param subject as {@link Subject#site} and {@link Subject#circuit} name it
 * @param time where the stretch begins, seconds since 1970
 * @param up milliseconds: the circuit Established; the site with all its circuits
 * @param degraded milliseconds: the site with some of its circuits; 0 for a circuit
 * @param down milliseconds: not Established although it is to be; the site with no circuit
 * @param stopped milliseconds: not to be Established, by an operator or the configuration
 * @param active milliseconds that the circuit carried the traffic; 0 for a site
 * @param flaps how often it was lost
 * @param failovers how often the traffic went from one circuit to another
 * @param received the most prefixes that it had from the cloud; 0 for a site
 * @param advertised the most prefixes that the cloud had from it; 0 for a site
 * @param withheld the most prefixes that the outbound guard withheld; 0 for a site
 */
record Sample(
        String subject,
        long time,
        long up,
        long degraded,
        long down,
        long stopped,
        long active,
        int flaps,
        int failovers,
        int received,
        int advertised,
        int withheld) {

    static Sample none(String subject, long time) {
        return new Sample(subject, time, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** {@return the milliseconds that something is known of} */
    long known() {
        return up + degraded + down + stopped;
    }

    /** {@return both together, as of a time} */
    Sample plus(Sample other, long at) {
        return new Sample(
                subject,
                at,
                up + other.up,
                degraded + other.degraded,
                down + other.down,
                stopped + other.stopped,
                active + other.active,
                flaps + other.flaps,
                failovers + other.failovers,
                Math.max(received, other.received),
                Math.max(advertised, other.advertised),
                Math.max(withheld, other.withheld));
    }
}
