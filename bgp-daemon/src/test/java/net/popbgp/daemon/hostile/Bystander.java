package net.popbgp.daemon.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.popbgp.daemon.conformance.Attributes;
import net.popbgp.daemon.conformance.Messages;

/**
 * Two well-behaved peers: one with a hold time of 3 s announces another host route every 100 ms and withdraws the one of 5 s before, the other
 * one notes how long each took to arrive. Thread-safe.
 */
final class Bystander implements AutoCloseable {

    static final String ADDRESS = "127.0.80.3";
    static final String OBSERVER = "127.0.80.4";
    static final int AS = 65103;
    static final int OBSERVER_AS = 65104;

    private static final int FIRST_ROUTE = 20 << 24;
    private static final int TICK_MILLIS = 100;
    private static final int TICKS_PER_KEEPALIVE = 10;

    /** Routes that stay announced: what is withdrawn before it could be advertised never arrives. */
    private static final int KEPT = 50;

    private static final byte[] NOTHING = {};

    private final Map<Integer, Long> sentAt = new ConcurrentHashMap<>();
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicLong worstNanos = new AtomicLong();
    private final AtomicLong worstLate = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final RawPeer announcer;
    private final RawPeer observer;
    private int tick;
    private long firstTick;

    Bystander(InetSocketAddress daemon) throws IOException, InterruptedException {
        observer = RawPeer.established(OBSERVER, daemon, OBSERVER_AS, 90, this::observed);
        announcer = RawPeer.established(ADDRESS, daemon, AS, 3, update -> {});
        clock.scheduleAtFixedRate(this::announce, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void announce() {
        long now = System.nanoTime();
        if (tick == 0) {
            firstTick = now;
        }
        long due = firstTick + tick * TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
        worstLate.accumulateAndGet(now - due, Math::max);
        try {
            int route = FIRST_ROUTE + ++tick;
            sentAt.put(route, System.nanoTime());
            byte[] former = tick <= KEPT ? NOTHING : RawPeer.hosts(route - KEPT, 1);
            announcer.send(
                    Messages.update(former, Attributes.base(ADDRESS, AS).med(0).toArray(), RawPeer.hosts(route, 1)));
            if (tick % TICKS_PER_KEEPALIVE == 0) {
                announcer.send(Messages.keepalive());
            }
        } catch (IOException e) {
            clock.shutdown(); // the session has ended: isUp tells
        }
    }

    /** Looks for routes of the announcer among those announced. */
    private void observed(byte... update) {
        messages.incrementAndGet();
        ByteBuffer in = ByteBuffer.wrap(update);
        in.position(in.position() + 2 + (in.getShort(0) & 0xFFFF));
        int attributes = in.getShort() & 0xFFFF;
        in.position(in.position() + attributes);
        while (in.hasRemaining()) {
            int length = in.get() & 0xFF;
            if (length == 32) {
                Long sent = sentAt.remove(in.getInt());
                if (sent != null) {
                    worstNanos.accumulateAndGet(System.nanoTime() - sent, Math::max);
                    arrived.incrementAndGet();
                }
            } else {
                in.position(in.position() + (length + 7) / 8);
            }
        }
    }

    boolean isUp() {
        return !announcer.isClosed() && !observer.isClosed() && !clock.isShutdown();
    }

    /** Starts measuring anew. */
    void reset() {
        worstNanos.set(0);
        worstLate.set(0);
        arrived.set(0);
        messages.set(0);
    }

    /** {@return routes that have come to the observer} */
    int arrived() {
        return arrived.get();
    }

    /** {@return UPDATEs that the observer got} */
    long messages() {
        return messages.get();
    }

    /** {@return the longest that a route took, or is taking} */
    long worstMillis() {
        long now = System.nanoTime();
        long waiting =
                sentAt.values().stream().mapToLong(sent -> now - sent).max().orElse(0);
        return TimeUnit.NANOSECONDS.toMillis(Math.max(worstNanos.get(), waiting));
    }

    /** {@return how late the machine let the announcer do what was due: how busy it is with other things} */
    long worstLateMillis() {
        return TimeUnit.NANOSECONDS.toMillis(worstLate.get());
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        announcer.close();
        observer.close();
    }
}
