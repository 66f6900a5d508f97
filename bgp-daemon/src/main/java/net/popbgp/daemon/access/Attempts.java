package net.popbgp.daemon.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often an address has brought a wrong token. After {@link #BURST} in a row it has one more try each second, whether with a right token
 * or a wrong one: else guessing would cost nothing. At most {@link #MAX_ADDRESSES} are remembered, the longest unheard of goes; of IPv6 a /64
 * counts as one. Thread-safe.
 */
final class Attempts {

    static final int BURST = 10;
    static final int MAX_ADDRESSES = 10_000;

    private static final int LONG_PREFIX = 8; // octets

    /** @param failures at that time; one is forgotten each second */
    private record Failures(double failures, Instant at) {

        double left(Instant now) {
            return Math.max(0, failures - Duration.between(at, now).toMillis() / 1000.0);
        }
    }

    private final InstantSource clock;
    private final Map<ByteBuffer, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    Attempts(InstantSource clock) {
        this.clock = clock;
    }

    synchronized boolean mayTry(InetAddress address) {
        Failures known = byAddress.get(key(address));
        return known == null || known.left(clock.instant()) <= BURST - 1;
    }

    synchronized void failed(InetAddress address) {
        Instant now = clock.instant();
        Failures known = byAddress.get(key(address));
        byAddress.put(key(address), new Failures(1 + (known == null ? 0 : known.left(now)), now));
    }

    private static ByteBuffer key(InetAddress address) {
        byte[] octets = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(octets, LONG_PREFIX) : octets);
    }
}
