package net.popbgp.daemon.hostile;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.popbgp.daemon.conformance.Messages;
import net.popbgp.daemon.conformance.Open;

/**
 * One connection that speaks BGP as far as the test wants it to. Once {@link #handshake} was called a thread reads, answers each KEEPALIVE
 * with one, and hands on the UPDATEs. Sending is thread-safe.
 */
public final class RawPeer implements AutoCloseable {

    private static final int HEADER = 19;
    private static final int TIMEOUT_MILLIS = 5000;

    private final Socket socket;
    private final CountDownLatch established = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private RawPeer(Socket socket) {
        this.socket = socket;
    }

    /** Connects from an address of this host. A receive buffer other than 0 limits what the kernel takes for us. */
    static RawPeer connect(String from, InetSocketAddress to, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            socket.connect(to, TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            return new RawPeer(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects and becomes Established, or throws. */
    public static RawPeer established(
            String from, InetSocketAddress to, long as, int holdTime, Consumer<byte[]> updates)
            throws IOException, InterruptedException {
        RawPeer peer = connect(from, to, 0);
        peer.handshake(from, as, holdTime, updates);
        return peer;
    }

    /** Sends OPEN and KEEPALIVE, starts reading, and waits for the daemon's KEEPALIVE. */
    void handshake(String identifier, long as, int holdTime, Consumer<byte[]> updates)
            throws IOException, InterruptedException {
        send(Open.of(as, identifier).holdTime(holdTime).toArray());
        send(Messages.keepalive());
        Thread reader = new Thread(() -> read(updates), "raw-" + identifier);
        reader.setDaemon(true);
        reader.start();
        if (!established.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
            close();
            throw new IOException("not established");
        }
    }

    private void read(Consumer<byte[]> updates) {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] header = new byte[HEADER];
            while (true) {
                in.readFully(header);
                byte[] body = new byte[((header[16] & 0xFF) << 8 | header[17] & 0xFF) - HEADER];
                in.readFully(body);
                if (header[18] == Messages.KEEPALIVE) {
                    if (established.getCount() > 0) {
                        established.countDown();
                    } else {
                        send(Messages.keepalive());
                    }
                } else if (header[18] == Messages.UPDATE) {
                    updates.accept(body);
                }
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    public void send(byte... octets) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(octets);
        }
    }

    /** {@return whether the daemon has ended the connection, as far as was read} */
    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits until the daemon has ended the connection. */
    public boolean awaitClosed(long millis) throws InterruptedException {
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** {@return host routes from an address on} */
    static byte[] hosts(int first, int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.write(32);
            all.writeBytes(ByteBuffer.allocate(4).putInt(first + i).array());
        }
        return all.toByteArray();
    }
}
