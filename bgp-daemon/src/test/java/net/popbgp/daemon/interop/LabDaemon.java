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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.Main;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.http.ApiServer;
import net.popbgp.sim.SimConfig;
import net.popbgp.sim.Simulator;
import org.jspecify.annotations.Nullable;

/**
 * The program on a host, and beside it a door through which a test outside its namespace reaches its interface: each connection to a Unix
 * socket carries one request to the daemon's or simulator's loopback address and the answer back.
 *
 * <p>With arguments it is the program as it is. Without it waits for orders, which come through the door, too: it starts a daemon or a
 * simulator as the program's commands do, and ends it, so that the next field can have another one.
 */
final class LabDaemon {

    /** The system property that names the Unix socket. */
    static final String DOOR = "popbgp.lab.door";

    /** Where both the daemon and the simulator have their interface unless told otherwise. */
    static final int API_PORT = 8179;

    /** What no request begins with. The order ends with a line feed; the answer is empty, or says why it failed. */
    static final char ORDER = '!';

    private static final int BUFFER = 65536;

    private @Nullable AutoCloseable running;

    private LabDaemon() {}

    public static void main(String[] arguments) throws Exception {
        ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        door.bind(UnixDomainSocketAddress.of(System.getProperty(DOOR)));
        LabDaemon daemon = new LabDaemon();
        daemon("lab-door", () -> daemon.accept(door));
        if (arguments.length > 0) {
            Main.main(arguments);
        }
        new CountDownLatch(1).await();
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocketChannel door) {
        try {
            while (true) {
                SocketChannel visitor = door.accept();
                daemon("lab-visitor", () -> serve(visitor));
            }
        } catch (IOException e) {
            System.err.println("the lab's door is closed: " + e);
        }
    }

    private void serve(SocketChannel visitor) {
        try (visitor) {
            ByteBuffer first = ByteBuffer.allocate(BUFFER);
            visitor.read(first);
            first.flip();
            if (first.hasRemaining() && first.get(0) == ORDER) {
                String order = StandardCharsets.UTF_8.decode(first).toString().substring(1);
                write(visitor, StandardCharsets.UTF_8.encode(obey(order.strip().split(" ", 2))));
            } else {
                carry(visitor, first);
            }
        } catch (IOException e) {
            // The visitor sees the end of the connection, and asks again.
        }
    }

    /** {@return nothing, or why it failed; then this process is of no use any more} */
    private synchronized String obey(String[] order) {
        try {
            switch (order[0]) {
                case "hello" -> {}
                case "run" -> running = daemon(Path.of(order[1]));
                case "sim" -> running = Simulator.start(SimConfig.load(Path.of(order[1])));
                case "end" -> end();
                default -> throw new IllegalArgumentException("no order: " + order[0]);
            }
            return "";
        } catch (Exception e) {
            return e.toString();
        }
    }

    private void end() throws Exception {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    /** As {@code popbgp run} does. */
    private static AutoCloseable daemon(Path file) throws Exception {
        Daemon daemon = Daemon.create(ConfigReader.read(file), Optional.of(file));
        ApiServer api = new ApiServer(daemon);
        api.listen();
        daemon.start();
        daemon.bindMetrics();
        api.start();
        daemon.warmUp();
        return () -> {
            api.close();
            daemon.close();
        };
    }

    private static void carry(SocketChannel visitor, ByteBuffer first) throws IOException {
        try (Socket api = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), API_PORT)) {
            byte[] beginning = new byte[first.remaining()];
            first.get(beginning);
            api.getOutputStream().write(beginning);
            daemon("lab-request", () -> request(visitor, api));
            byte[] buffer = new byte[BUFFER];
            InputStream in = api.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                write(visitor, ByteBuffer.wrap(buffer, 0, length));
            }
        }
    }

    private static void write(SocketChannel visitor, ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            visitor.write(octets);
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
