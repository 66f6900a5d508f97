package net.popbgp.sim.azure;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A PoP on a blocking socket that writes and reads octets by hand, so that no error of the codec can hide. */
final class RawPop implements AutoCloseable {

    static final int OPEN = 1;
    static final int UPDATE = 2;
    static final int NOTIFICATION = 3;
    static final int KEEPALIVE = 4;

    /** A message's type and, in hexadecimal, what follows its header. */
    record Message(int type, String hex) {}

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    RawPop(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    static RawPop dial(InetAddress from, InetSocketAddress to) throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(to, 5000);
        return new RawPop(socket);
    }

    Socket socket() {
        return socket;
    }

    void send(int type, byte... body) throws IOException {
        out.write(frame(type, body));
        out.flush();
    }

    static byte[] frame(int type, byte... body) {
        byte[] message = new byte[19 + body.length];
        Arrays.fill(message, 0, 16, (byte) 0xFF);
        message[16] = (byte) (message.length >>> 8);
        message[17] = (byte) message.length;
        message[18] = (byte) type;
        System.arraycopy(body, 0, message, 19, body.length);
        return message;
    }

    /** AS 64512, four-octet AS and IPv4 unicast capabilities, identifier 1.1.1.1. */
    void sendOpen(int holdTime) throws IOException {
        byte[] body = HexFormat.of().parseHex("04fc000000010101010e020c01040001000141040000fc00");
        body[3] = (byte) (holdTime >>> 8);
        body[4] = (byte) holdTime;
        send(OPEN, body);
    }

    void sendKeepalive() throws IOException {
        send(KEEPALIVE);
    }

    /** One UPDATE per 500 prefixes 172.16.0.0/32 and on. */
    void announce(InetAddress nextHop, int from, int count) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int first = from; first < from + count; first += 500) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] attributes = HexFormat.of()
                    .parseHex("40010100" + "400206" + "0201" + "0000fc00" + "400304"
                            + HexFormat.of().formatHex(nextHop.getAddress()));
            body.writeBytes(new byte[] {0, 0, 0, (byte) attributes.length});
            body.writeBytes(attributes);
            for (int i = first; i < Math.min(first + 500, from + count); i++) {
                body.writeBytes(new byte[] {32, (byte) 172, 16, (byte) (i >>> 8), (byte) i});
            }
            all.writeBytes(frame(UPDATE, body.toByteArray()));
        }
        out.write(all.toByteArray());
        out.flush();
    }

    Message read() throws IOException {
        byte[] header = new byte[19];
        in.readFully(header);
        int length = (header[16] & 0xFF) << 8 | header[17] & 0xFF;
        byte[] body = new byte[length - 19];
        in.readFully(body);
        return new Message(header[18], HexFormat.of().formatHex(body));
    }

    /** {@return the next message that is no KEEPALIVE} */
    Message readOther() throws IOException {
        Message message;
        do {
            message = read();
        } while (message.type() == KEEPALIVE);
        return message;
    }

    /** Shakes hands and reads up to End-of-RIB. */
    List<Message> bringUp(int holdTime) throws IOException {
        List<Message> updates = new ArrayList<>();
        sendOpen(holdTime);
        Message open = read();
        if (open.type() != OPEN) {
            throw new IOException("not an OPEN: " + open.type() + " " + open.hex());
        }
        sendKeepalive();
        Message message;
        do {
            message = readOther();
            updates.add(message);
        } while (!message.hex().equals("00000000"));
        return updates;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
