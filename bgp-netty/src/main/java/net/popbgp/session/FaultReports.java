package net.popbgp.session;

import java.time.Duration;

/**
 * How many mistakes of one peer are told, faulty UPDATEs above all: RFC 7606, 6 wants each with its whole message in the log, but a peer that
 * makes nothing else must not fill the disk. The others are counted.
 *
 * <p>Confined to the peer's loop.
 */
final class FaultReports {

    /** The most that are told in one minute. */
    static final int PER_MINUTE = 10;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private long minuteFrom;
    private int told;
    private long suppressed;
    private long untold;

    /** {@return whether one more may be told; otherwise it is counted} */
    boolean mayTell(long nanoTime) {
        if (told == 0 || nanoTime - minuteFrom >= MINUTE) {
            minuteFrom = nanoTime;
            told = 0;
        }
        if (told == PER_MINUTE) {
            suppressed++;
            return false;
        }
        told++;
        untold = suppressed;
        suppressed = 0;
        return true;
    }

    /** {@return how many were only counted before the one that may be told} */
    long untold() {
        return untold;
    }
}
