package net.popbgp.sim.virtual;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.session.Wire;
import net.popbgp.sim.wire.MessageStream;
import net.popbgp.sim.wire.SimWire;
import org.jspecify.annotations.Nullable;

/**
 * One end of a virtual connection. At most 64 KiB are on their way or unread at the peer; the rest waits at the sender, who stops being
 * writable when 64 KiB wait.
 *
 * <p>Confined to the thread of its {@code VirtualTime}.
 */
final class VirtualWire implements SimWire {

    private static final int WINDOW = 64 * 1024;
    private static final int HIGH_WATER = 64 * 1024;
    private static final int LOW_WATER = 32 * 1024;

    private final VirtualNetwork network;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final MessageStream stream = new MessageStream();
    private long sent;
    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private final Queue<byte[]> unread = new ArrayDeque<>();
    private final Queue<Runnable> heldByLink = new ArrayDeque<>();
    private @Nullable VirtualWire peer;
    private Wire.@Nullable Events events;
    private int unsentOctets;
    private int inNetwork;
    private long lastArrival;
    private int underWay;
    private boolean reading = true;
    private boolean closing;
    private boolean closed;
    private boolean finReceived;
    private boolean unwritable;

    VirtualWire(VirtualNetwork network, InetSocketAddress local, InetSocketAddress remote) {
        this.network = network;
        this.local = local;
        this.remote = remote;
    }

    void join(VirtualWire other) {
        peer = other;
        other.peer = this;
    }

    /** Starts delivery. */
    void open(Wire.Events receiver) {
        if (!closed) {
            events = receiver;
            network.time().execute(this::deliverUnread);
        }
    }

    boolean isOpen() {
        return !closed;
    }

    boolean isDone() {
        return closed && unsent.isEmpty() && heldByLink.isEmpty() && underWay == 0;
    }

    @Override
    public long octetsIn() {
        return stream.received();
    }

    @Override
    public long octetsOut() {
        return sent;
    }

    @Override
    public void send(BgpMessage message) {
        sendEncoded(stream.encode(message), 1);
    }

    @Override
    public void sendEncoded(byte[] octets, int messages) {
        if (closed || closing || octets.length == 0) {
            return;
        }
        unsent.add(ByteBuffer.wrap(octets));
        unsentOctets += octets.length;
        sent += octets.length;
        if (unsentOctets >= HIGH_WATER) {
            unwritable = true;
        }
        pump();
    }

    /** Hands the network as much as the window takes. */
    private void pump() {
        boolean progress = false;
        while (!unsent.isEmpty() && inNetwork < WINDOW && linkIsUp()) {
            ByteBuffer first = unsent.element();
            int length = network.segmentLength(Math.min(first.remaining(), WINDOW - inNetwork));
            byte[] segment = new byte[length];
            first.get(segment);
            if (!first.hasRemaining()) {
                unsent.remove();
            }
            unsentOctets -= length;
            inNetwork += length;
            progress = true;
            transmit(other -> other.arrived(segment));
        }
        if (progress) {
            network.time().execute(this::tellProgress);
        }
        if (closing && unsent.isEmpty() && !closed) {
            closed = true;
            transmit(VirtualWire::finArrived);
        }
    }

    private void tellProgress() {
        if (closed || closing || events == null) {
            return;
        }
        events.onSendProgress();
        if (unwritable && unsentOctets <= LOW_WATER) {
            unwritable = false;
            events.onWritable();
        }
    }

    /** Something that the other end learns after the network's delay, in order, once the link is up. */
    void transmit(Consumer<VirtualWire> arrival) {
        VirtualWire other = peer;
        if (other == null) {
            return;
        }
        long now = network.time().elapsed().toNanos();
        lastArrival = Math.max(lastArrival, now + network.delayNanos());
        underWay++;
        network.time()
                .schedule(
                        () -> {
                            underWay--;
                            if (linkIsUp() && heldByLink.isEmpty()) {
                                arrival.accept(other);
                            } else {
                                heldByLink.add(() -> arrival.accept(other));
                            }
                        },
                        lastArrival - now,
                        TimeUnit.NANOSECONDS);
    }

    void linkUp() {
        network.time().execute(() -> {
            while (linkIsUp() && !heldByLink.isEmpty()) {
                heldByLink.remove().run();
            }
            pump();
        });
    }

    private boolean linkIsUp() {
        return network.isUp(local.getAddress(), remote.getAddress());
    }

    private void arrived(byte[] segment) {
        if (closed) {
            return;
        }
        if (network.losesConnection()) {
            connectionLost();
            return;
        }
        unread.add(segment);
        deliverUnread();
    }

    private void deliverUnread() {
        while (reading && events != null && !closed && !closing && !unread.isEmpty()) {
            byte[] segment = unread.remove();
            acknowledge(segment.length);
            stream.feed(ByteBuffer.wrap(segment), events);
        }
        if (finReceived && unread.isEmpty() && reading) {
            lost("closed by the peer");
        }
    }

    private void acknowledge(int octets) {
        transmit(other -> {
            other.inNetwork -= octets;
            other.pump();
        });
    }

    private void finArrived() {
        finReceived = true;
        deliverUnread();
    }

    private void lost(String detail) {
        if (closed) {
            return;
        }
        boolean tell = !closing;
        drop();
        if (tell && events != null) {
            events.onClosed(detail);
        }
    }

    /** The network resets the connection: both ends learn it, each in its own turn. */
    void connectionLost() {
        network.time().execute(() -> lost("connection reset"));
        VirtualWire other = peer;
        if (other != null) {
            network.time().execute(() -> other.lost("connection reset"));
        }
    }

    private void drop() {
        closed = true;
        stream.stop();
        unsent.clear();
        unread.clear();
        unsentOctets = 0;
    }

    @Override
    public void reset() {
        if (!closed) {
            drop();
            transmit(other -> other.lost("connection reset by the peer"));
        }
    }

    @Override
    public void close() {
        if (closed || closing) {
            return;
        }
        closing = true;
        stream.stop();
        pump();
        network.time().schedule(this::reset, 1, TimeUnit.SECONDS);
    }

    @Override
    public boolean isWritable() {
        return !closed && !closing && !unwritable;
    }

    @Override
    public boolean isDrained() {
        return unsentOctets == 0;
    }

    @Override
    public void setReading(boolean value) {
        reading = value;
        if (value) {
            network.time().execute(this::deliverUnread);
        }
    }

    @Override
    public void setOptions(CodecOptions options) {
        stream.setOptions(options);
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }
}
