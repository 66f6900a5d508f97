package net.popbgp.session;

import java.util.concurrent.atomic.AtomicLong;
import net.popbgp.core.message.MessageType;

/** Counts a peer's messages over all its sessions. Written on the peer's loop, read anywhere. */
public final class SessionCounters {

    private final AtomicLong[] in = zeros();
    private final AtomicLong[] out = zeros();
    private final AtomicLong treatedAsWithdraw = new AtomicLong();
    private final AtomicLong attributesDiscarded = new AtomicLong();
    private final AtomicLong routeLeaks = new AtomicLong();

    private static AtomicLong[] zeros() {
        AtomicLong[] counters = new AtomicLong[MessageType.values().length];
        for (int i = 0; i < counters.length; i++) {
            counters[i] = new AtomicLong();
        }
        return counters;
    }

    void received(MessageType type) {
        add(in[type.ordinal()], 1);
    }

    void sent(MessageType type, int messages) {
        add(out[type.ordinal()], messages);
    }

    void treatedAsWithdraw() {
        add(treatedAsWithdraw, 1);
    }

    void attributesDiscarded(int count) {
        add(attributesDiscarded, count);
    }

    void routeLeaks(int prefixes) {
        add(routeLeaks, prefixes);
    }

    /** One writer, so no read-modify-write is needed. */
    private static void add(AtomicLong counter, int count) {
        counter.setRelease(counter.getPlain() + count);
    }

    public long in(MessageType type) {
        return in[type.ordinal()].get();
    }

    public long out(MessageType type) {
        return out[type.ordinal()].get();
    }

    public long totalIn() {
        long sum = 0;
        for (AtomicLong counter : in) {
            sum += counter.get();
        }
        return sum;
    }

    public long totalOut() {
        long sum = 0;
        for (AtomicLong counter : out) {
            sum += counter.get();
        }
        return sum;
    }

    public long treatAsWithdrawCount() {
        return treatedAsWithdraw.get();
    }

    /** {@return received routes that were not eligible by RFC 9234, 5} */
    public long routeLeakCount() {
        return routeLeaks.get();
    }

    public long attributeDiscardCount() {
        return attributesDiscarded.get();
    }
}
