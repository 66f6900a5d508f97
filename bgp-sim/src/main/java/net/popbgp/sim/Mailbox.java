package net.popbgp.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.subethamail.smtp.server.SMTPServer;

/**
 * A mail server for trying alerts out without one: takes every mail without asking who sends it, and passes none on. Keeps the latest
 * {@value #MAX_MAILS}; a mail of more than 256 KiB, and more than {@value #MAX_CONNECTIONS} connections at a time, are refused.
 *
 * <p>Thread-safe.
 */
public final class Mailbox implements AutoCloseable {

    static final int MAX_MAILS = 100;
    private static final int MAX_CONNECTIONS = 20;
    private static final int MAX_OCTETS = 256 * 1024;
    private static final int PATIENCE_SECONDS = 30;

    /**
     * A mail as it came.
     *
     * @param source its headers and its text, encoded as the sender chose
     */
    public record Mail(Instant received, String from, String to, String source) {}

    private final SMTPServer server;
    private final Deque<Mail> mails = new ArrayDeque<>();
    private final List<Consumer<Mail>> listeners = new CopyOnWriteArrayList<>();

    private Mailbox(InetSocketAddress address) {
        server = SMTPServer.port(address.getPort())
                .bindAddress(address.getAddress())
                .hostName("simulator.invalid")
                .softwareName("popbgp sim")
                .maxConnections(MAX_CONNECTIONS)
                .maxMessageSize(MAX_OCTETS)
                .connectionTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .messageHandler((context, from, to, octets) ->
                        take(new Mail(Instant.now(), from, to, new String(octets, StandardCharsets.UTF_8))))
                .build();
    }

    /** @throws IOException if it cannot listen there */
    static Mailbox open(InetSocketAddress address) throws IOException {
        Mailbox mailbox = new Mailbox(address);
        try {
            mailbox.server.start();
            return mailbox;
        } catch (RuntimeException e) { // it wraps what is wrong with the socket
            throw new IOException("mail: cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    private void take(Mail mail) {
        synchronized (mails) {
            if (mails.size() == MAX_MAILS) {
                mails.removeFirst();
            }
            mails.addLast(mail);
        }
        listeners.forEach(listener -> listener.accept(mail));
    }

    /** Tells of each mail from now on, on the thread of its connection. */
    public void onMail(Consumer<Mail> listener) {
        listeners.add(listener);
    }

    /** {@return the latest mails, oldest first} */
    public List<Mail> mails() {
        synchronized (mails) {
            return List.copyOf(mails);
        }
    }

    /** {@return where it really listens} */
    public InetSocketAddress address() {
        return new InetSocketAddress(server.getBindAddress().orElseThrow(), server.getPortAllocated());
    }

    @Override
    public void close() {
        server.stop();
    }
}
