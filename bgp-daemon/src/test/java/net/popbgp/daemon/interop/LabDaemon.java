package net.popbgp.daemon.interop;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import net.popbgp.daemon.Main;

/**
 * The program as it is, and beside it a door through which a test outside its namespace reaches its interface: each connection to a Unix
 * socket carries one request to the daemon's or simulator's loopback address and the answer back.
 */
final class LabDaemon {

    /** The system property that names the Unix socket. */
    static final String DOOR = "popbgp.lab.door";

    /** Where both the daemon and the simulator have their interface unless told otherwise. */
    static final int API_PORT = 8179;

    private static final int BUFFER = 65536;

    private LabDaemon() {}

    public static void main(String[] arguments) throws IOException {
        ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        door.bind(UnixDomainSocketAddress.of(System.getProperty(DOOR)));
        daemon("lab-door", () -> accept(door));
        Main.main(arguments);
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void accept(ServerSocketChannel door) {
        try {
            while (true) {
                SocketChannel visitor = door.accept();
                daemon("lab-visitor", () -> carry(visitor));
            }
        } catch (IOException e) {
            System.err.println("the lab's door is closed: " + e);
        }
    }

    private static void carry(SocketChannel visitor) {
        try (visitor;
                Socket api = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), API_PORT)) {
            daemon("lab-request", () -> request(visitor, api));
            byte[] buffer = new byte[BUFFER];
            InputStream in = api.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                ByteBuffer octets = ByteBuffer.wrap(buffer, 0, length);
                while (octets.hasRemaining()) {
                    visitor.write(octets);
                }
            }
        } catch (IOException e) {
            // The visitor sees the end of the connection, and asks again.
        }
    }

    private static void request(SocketChannel visitor, Socket api) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (visitor.read(buffer.clear()) >= 0) {
                api.getOutputStream().write(buffer.array(), 0, buffer.position());
            }
        } catch (IOException e) {
            // answered already
        }
    }
}
