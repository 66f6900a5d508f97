package net.popbgp.daemon.interop;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import net.popbgp.daemon.conformance.Messages;
import net.popbgp.daemon.conformance.Open;

/** A speaker that announces what no daemon can be told to: connects, says OPEN, one UPDATE as it is given, and KEEPALIVE for KEEPALIVE. */
final class RawSpeaker {

    private static final int PORT = 179;
    private static final int MARKER = 16;
    private static final int HEADER = 19;
    private static final int RETRY_MILLIS = 300;

    private RawSpeaker() {}

    /**
     * @param arguments its own address, the other's, its AS, the UPDATE in hexadecimal digits
     */
    public static void main(String[] arguments) throws InterruptedException {
        byte[] update = HexFormat.of().parseHex(arguments[3]);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(InetAddress.getByName(arguments[0]), 0));
                socket.connect(new InetSocketAddress(InetAddress.getByName(arguments[1]), PORT));
                speak(socket, Open.of(Long.parseLong(arguments[2]), arguments[0]), update);
            } catch (IOException e) {
                System.err.println(e);
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }

    private static void speak(Socket socket, Open open, byte[] update) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        out.write(open.toArray());
        boolean announced = false;
        while (true) {
            in.readFully(new byte[MARKER]);
            int length = in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.readFully(new byte[length - HEADER]);
            if (type == Messages.OPEN) {
                out.write(Messages.keepalive());
            } else if (type == Messages.KEEPALIVE) {
                out.write(announced ? Messages.keepalive() : update);
                announced = true;
            }
        }
    }
}
