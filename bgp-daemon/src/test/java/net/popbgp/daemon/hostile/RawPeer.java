package net.popbgp.daemon.hostile;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection that speaks BGP as far as the test wants it to. Once {@link #handshake} was called a thread reads, answers each KEEPALIVE
 * with one, and hands on the UPDATEs. Sending is thread-safe.
 */
final class RawPeer implements AutoCloseable {

    static final int OPEN = 1;
    static final int UPDATE = 2;
    static final int KEEPALIVE = 4;

    private static final int HEADER = 19;
    private static final int TIMEOUT_MILLIS = 5000;
    private static final byte[] NOTHING = {};

    private final Socket socket;
    private final CountDownLatch established = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private RawPeer(Socket socket) {
        this.socket = socket;
    }

    /** Connects from a loopback address. A receive buffer other than 0 limits what the kernel takes for us. */
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
    static RawPeer established(String from, InetSocketAddress to, int as, int holdTime, Consumer<byte[]> updates)
            throws IOException, InterruptedException {
        RawPeer peer = connect(from, to, 0);
        peer.handshake(from, as, holdTime, updates);
        return peer;
    }

    /** Sends OPEN and KEEPALIVE, starts reading, and waits for the daemon's KEEPALIVE. */
    void handshake(String identifier, int as, int holdTime, Consumer<byte[]> updates)
            throws IOException, InterruptedException {
        send(open(identifier, as, holdTime));
        send(message(KEEPALIVE, NOTHING));
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
                if (header[18] == KEEPALIVE) {
                    if (established.getCount() > 0) {
                        established.countDown();
                    } else {
                        send(message(KEEPALIVE, NOTHING));
                    }
                } else if (header[18] == UPDATE) {
                    updates.accept(body);
                }
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    void send(byte... octets) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(octets);
        }
    }

    /** {@return whether the daemon has ended the connection, as far as was read} */
    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits until the daemon has ended the connection. */
    boolean awaitClosed(long millis) throws InterruptedException {
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    // ---- messages

    static byte[] message(int type, byte[] body) {
        return ByteBuffer.allocate(HEADER + body.length)
                .putLong(-1)
                .putLong(-1)
                .putShort((short) (HEADER + body.length))
                .put((byte) type)
                .put(body)
                .array();
    }

    /** An OPEN for IPv4 unicast with four-octet AS numbers and route refresh. */
    static byte[] open(String identifier, int as, int holdTime) throws IOException {
        byte[] capabilities = ByteBuffer.allocate(14)
                .put(hex("010400010001" + "0200" + "4104"))
                .putInt(as)
                .array();
        return message(
                OPEN,
                ByteBuffer.allocate(12 + capabilities.length)
                        .put((byte) 4)
                        .putShort((short) as)
                        .putShort((short) holdTime)
                        .put(InetAddress.getByName(identifier).getAddress())
                        .put((byte) (capabilities.length + 2))
                        .put((byte) 2)
                        .put((byte) capabilities.length)
                        .put(capabilities)
                        .array());
    }

    static byte[] update(byte[] withdrawn, byte[] attributes, byte[] nlri) {
        return message(
                UPDATE,
                ByteBuffer.allocate(4 + withdrawn.length + attributes.length + nlri.length)
                        .putShort((short) withdrawn.length)
                        .put(withdrawn)
                        .putShort((short) attributes.length)
                        .put(attributes)
                        .put(nlri)
                        .array());
    }

    /** ORIGIN, AS_PATH of one AS, NEXT_HOP, MULTI_EXIT_DISC. */
    static byte[] attributes(int as, String nextHop, int med) throws IOException {
        return ByteBuffer.allocate(27)
                .put(hex("40010100" + "4002060201"))
                .putInt(as)
                .put(hex("400304"))
                .put(InetAddress.getByName(nextHop).getAddress())
                .put(hex("800404"))
                .putInt(med)
                .array();
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

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
