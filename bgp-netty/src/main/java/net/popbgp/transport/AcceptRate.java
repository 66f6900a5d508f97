package net.popbgp.transport;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How many connections of one address are taken in a second. A configured peer that connects as fast as it can would keep its loop, and so
 * the other peers on it, busy with making and ending sessions. Holds the addresses of one second only.
 *
 * <p>Thread-safe.
 */
final class AcceptRate {

    private record Second(long number, Map<InetAddress, AtomicInteger> taken) {}

    private final int limit;
    private final AtomicReference<Second> current = new AtomicReference<>(new Second(0, new ConcurrentHashMap<>()));

    AcceptRate(int limit) {
        this.limit = limit;
    }

    /** {@return whether another connection from the address may be taken at that time of a monotonic clock} */
    boolean takes(InetAddress remote, long nanos) {
        long number = Math.floorDiv(nanos, TimeUnit.SECONDS.toNanos(1));
        Second second = current.updateAndGet(
                known -> known.number == number ? known : new Second(number, new ConcurrentHashMap<>()));
        return second.taken
                        .computeIfAbsent(remote, address -> new AtomicInteger())
                        .incrementAndGet()
                <= limit;
    }
}
