package net.popbgp.sim.virtual;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;
import net.popbgp.sim.wire.SimNetwork;
import org.jspecify.annotations.Nullable;

/**
 * Hosts joined by links, in {@link VirtualTime}. Octets are really exchanged and come in order, in pieces and after delays that the seed
 * decides. A link that is down keeps what was sent until it is up again, as TCP would; attempts to connect over it time out.
 *
 * <p>Confined to the thread of its {@code VirtualTime}.
 */
public final class VirtualNetwork {

    private static final int FIRST_EPHEMERAL_PORT = 49152;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private final VirtualTime time;
    private final Random random;
    private final Map<InetSocketAddress, Listener> listeners = new HashMap<>();
    private final Set<Set<InetAddress>> downLinks = new HashSet<>();
    private final List<VirtualWire> wires = new ArrayList<>();
    private long minDelayNanos = TimeUnit.MILLISECONDS.toNanos(1);
    private long maxDelayNanos = TimeUnit.MILLISECONDS.toNanos(5);
    private double resetProbability;
    private int nextPort = FIRST_EPHEMERAL_PORT;

    public VirtualNetwork(VirtualTime time, long seed) {
        this.time = time;
        this.random = new Random(seed);
    }

    public VirtualTime time() {
        return time;
    }

    /** Sets the one-way delay of every segment from here on; 1 to 5 ms in the beginning. */
    public void setDelay(Duration min, Duration max) {
        if (min.isNegative() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException("no range of delays: " + min + " to " + max);
        }
        minDelayNanos = min.toNanos();
        maxDelayNanos = max.toNanos();
    }

    /** Sets how likely each segment is to reset its connection instead of arriving, 0..1. */
    public void setResetProbability(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability out of range 0..1: " + probability);
        }
        resetProbability = probability;
    }

    /** {@return the network as the host at the address sees it} */
    public SimNetwork host(InetAddress address) {
        return new Host(address);
    }

    /** {@return the network as the host at the literal address sees it} */
    public SimNetwork host(String literal) {
        return host(IpAddresses.parse(literal));
    }

    /** Takes the link between two hosts down or up. */
    public void setLink(InetAddress one, InetAddress other, boolean up) {
        if (up) {
            downLinks.remove(Set.of(one, other));
            wires(one, other).forEach(VirtualWire::linkUp); // also of closed ends: the others are still to learn it
        } else {
            downLinks.add(Set.of(one, other));
        }
    }

    /** Resets every connection between two hosts; both ends are told. */
    public void resetConnections(InetAddress one, InetAddress other) {
        openWires(one, other).forEach(VirtualWire::connectionLost);
    }

    /** {@return how many ends of connections between two hosts are open: two per connection} */
    public int openEnds(InetAddress one, InetAddress other) {
        return openWires(one, other).size();
    }

    private List<VirtualWire> openWires(InetAddress one, InetAddress other) {
        return wires(one, other).stream().filter(VirtualWire::isOpen).toList();
    }

    private List<VirtualWire> wires(InetAddress one, InetAddress other) {
        wires.removeIf(VirtualWire::isDone);
        Set<InetAddress> link = Set.of(one, other);
        return wires.stream()
                .filter(wire -> link.equals(Set.of(
                        wire.localAddress().getAddress(), wire.remoteAddress().getAddress())))
                .toList();
    }

    boolean isUp(InetAddress one, InetAddress other) {
        return one.equals(other) || !downLinks.contains(Set.of(one, other));
    }

    long delayNanos() {
        return minDelayNanos == maxDelayNanos
                ? minDelayNanos
                : minDelayNanos + (long) (random.nextDouble() * (maxDelayNanos - minDelayNanos));
    }

    boolean losesConnection() {
        return resetProbability > 0 && random.nextDouble() < resetProbability;
    }

    /** {@return how many octets the next segment holds: mostly full ones, now and then a few octets} */
    int segmentLength(int available) {
        int length = random.nextInt(4) == 0 ? 1 + random.nextInt(64) : 1460;
        return Math.min(length, available);
    }

    private record Listener(
            InetSocketAddress address,
            SimNetwork.Acceptor acceptor,
            Map<InetAddress, byte[]> keys,
            Map<InetSocketAddress, Listener> open)
            implements SimNetwork.Listening {

        @Override
        public void setMd5Key(Optional<byte[]> key) {
            keys.replaceAll((peer, old) -> key.orElse(new byte[0]));
        }

        @Override
        public void close() {
            open.remove(address, this);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        boolean takes(InetAddress peer, byte[] key) {
            return Arrays.equals(keys.getOrDefault(peer, new byte[0]), key);
        }
    }

    private final class Host implements SimNetwork {
        private final InetAddress address;

        Host(InetAddress address) {
            this.address = address;
        }

        @Override
        public Attempt dial(Target target, Outcome outcome) {
            DialAttempt attempt =
                    new DialAttempt(target, outcome, target.localAddress().orElse(address));
            time.schedule(attempt::arrive, delayNanos(), TimeUnit.NANOSECONDS);
            return attempt;
        }

        @Override
        public CompletableFuture<Listening> listen(
                InetSocketAddress where, InetAddress peer, Optional<byte[]> md5Key, Acceptor acceptor) {
            InetSocketAddress bound =
                    where.getPort() == 0 ? new InetSocketAddress(where.getAddress(), nextPort++) : where;
            Map<InetAddress, byte[]> keys = new HashMap<>();
            keys.put(peer, md5Key.orElse(new byte[0]));
            Listener listener = new Listener(bound, acceptor, keys, listeners);
            if (listeners.putIfAbsent(bound, listener) != null) {
                return CompletableFuture.failedFuture(new ConnectException("address in use: " + bound));
            }
            return CompletableFuture.completedFuture(listener);
        }
    }

    /** The three-way handshake in two steps: the SYN arrives, its answer comes back. */
    private final class DialAttempt implements Dialer.Attempt {
        private final Dialer.Target target;
        private final Dialer.Outcome outcome;
        private final InetSocketAddress local;
        private boolean cancelled;

        DialAttempt(Dialer.Target target, Dialer.Outcome outcome, InetAddress local) {
            this.target = target;
            this.outcome = outcome;
            this.local = new InetSocketAddress(local, nextPort++);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void arrive() {
            InetSocketAddress remote = target.remoteAddress();
            if (cancelled) {
                return;
            }
            Listener listener = listeners.get(remote);
            boolean lost = !isUp(local.getAddress(), remote.getAddress())
                    || listener != null
                            && !listener.takes(
                                    local.getAddress(), target.md5Key().orElse(new byte[0]));
            if (lost) {
                later(() -> outcome.failed("connection timed out"), CONNECT_TIMEOUT.toNanos());
            } else if (listener == null) {
                later(() -> outcome.failed("connection refused"), delayNanos());
            } else {
                connect(listener);
            }
        }

        private void connect(Listener listener) {
            VirtualWire ours = new VirtualWire(VirtualNetwork.this, local, target.remoteAddress());
            VirtualWire theirs = new VirtualWire(VirtualNetwork.this, target.remoteAddress(), local);
            ours.join(theirs);
            later(
                    () -> {
                        wires.add(ours);
                        wires.add(theirs);
                        // the peer accepts when the handshake's last segment arrives, ahead of all that follows it
                        ours.transmit(wire -> accept(listener, wire));
                        ours.open(outcome.connected(ours));
                    },
                    delayNanos());
        }

        private void accept(Listener listener, VirtualWire wire) {
            if (!wire.isOpen()) {
                return;
            }
            Optional<Wire.Events> events = listener.acceptor().accept(wire);
            if (events.isPresent()) {
                wire.open(events.get());
            } else {
                wire.reset();
            }
        }

        private void later(Runnable step, long nanos) {
            time.schedule(
                    () -> {
                        if (!cancelled) {
                            step.run();
                        }
                    },
                    nanos,
                    TimeUnit.NANOSECONDS);
        }
    }
}
