package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One TCP connection to the daemon, with every message that came on it. A thread reads; unless told not to, it keeps an Established session
 * alive by KEEPALIVEs of its own.
 *
 * <p>Thread-safe.
 */
final class TesterPeer implements Closeable {

    /** How long something may take that should be there at once, on a busy machine. */
    static final Duration SOON = Duration.ofSeconds(10);

    /** Time is a condition, too: await looks again at least that often. */
    private static final Duration RECHECK = Duration.ofMillis(100);

    private static final int MAX_MESSAGES = 500_000;
    private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Socket socket;
    private final OutputStream out;
    private final String name;
    private final boolean pathIdentifiers;
    private final List<Received> messages = new ArrayList<>();
    private final Map<String, Update> routes = new LinkedHashMap<>();
    private final List<String> history = new ArrayList<>();
    private final MessageForm form = new MessageForm();
    private boolean answering;
    private long answeredNanos = System.nanoTime();
    private boolean reading = true;
    private long closedNanos;
    private boolean closed;
    private String failure = "";

    private TesterPeer(String name, Socket socket, boolean pathIdentifiers) throws IOException {
        this.name = name;
        this.socket = socket;
        this.pathIdentifiers = pathIdentifiers;
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        Thread reader = new Thread(this::read, "tester-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    static TesterPeer connect(String name, String from, InetSocketAddress daemon, boolean pathIdentifiers)
            throws IOException {
        return new TesterPeer(name, socket(from, daemon, SOON, 0), pathIdentifiers);
    }

    /** Connects with so little a receive buffer, in octets, that the daemon's data stays with it once we do not read. */
    static TesterPeer connect(String name, String from, InetSocketAddress daemon, int receiveBuffer)
            throws IOException {
        return new TesterPeer(name, socket(from, daemon, SOON, receiveBuffer), false);
    }

    /** Tries to connect for so long. */
    static TesterPeer connect(String name, String from, InetSocketAddress daemon, Duration patience)
            throws IOException {
        return new TesterPeer(name, socket(from, daemon, patience, 0), false);
    }

    private static Socket socket(String from, InetSocketAddress daemon, Duration patience, int receiveBuffer)
            throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            socket.connect(daemon, (int) patience.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Takes a connection that the daemon has made. */
    static TesterPeer accepted(String name, Socket socket, boolean pathIdentifiers) throws IOException {
        return new TesterPeer(name, socket, pathIdentifiers);
    }

    // ---- reading

    private void read() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                awaitReading();
                byte[] header = new byte[19];
                in.readFully(header);
                int length = (header[16] & 0xFF) << 8 | header[17] & 0xFF;
                byte[] octets = java.util.Arrays.copyOf(header, Math.max(19, length));
                in.readFully(octets, 19, octets.length - 19);
                take(new Received(System.nanoTime(), header[18] & 0xFF, octets));
            }
        } catch (EOFException e) {
            ended("");
        } catch (IOException e) {
            ended(String.valueOf(e.getMessage()));
        } catch (RuntimeException | InterruptedException e) {
            ended("unreadable: " + e);
        }
    }

    private synchronized void awaitReading() throws InterruptedException {
        while (!reading) {
            wait();
        }
    }

    private synchronized void take(Received message) {
        form.check(message);
        if (messages.size() < MAX_MESSAGES) {
            messages.add(message);
        }
        if (message.type() == Messages.UPDATE) {
            Update update = Update.parse(message, pathIdentifiers);
            for (String prefix : update.withdrawn()) {
                routes.remove(prefix);
                history.add("-" + prefix);
            }
            for (String prefix : update.announced()) {
                routes.put(prefix, update);
                history.add("+" + prefix);
            }
        }
        if (answering) {
            answer(message);
        }
        notifyAll();
    }

    /** A KEEPALIVE for each of the daemon's, and while UPDATEs come, which are its KEEPALIVEs then. */
    private void answer(Received message) {
        boolean due = message.type() == Messages.KEEPALIVE
                || message.type() == Messages.UPDATE && message.nanos() - answeredNanos > ANSWER_NANOS;
        if (due) {
            answeredNanos = message.nanos();
            try {
                out.write(Messages.keepalive());
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
            }
        }
    }

    private synchronized void ended(String why) {
        closed = true;
        closedNanos = System.nanoTime();
        failure = why;
        notifyAll();
    }

    /** Stops to read, so that the daemon's data stays in its connection; or goes on. */
    synchronized void reading(boolean on) {
        reading = on;
        notifyAll();
    }

    // ---- sending

    synchronized TesterPeer send(byte[]... messages) throws IOException {
        out.write(Octets.join(messages));
        return this;
    }

    /** Sends each octet in a segment of its own. */
    synchronized void sendOctetByOctet(byte[] octets) throws IOException {
        for (byte octet : octets) {
            out.write(octet);
            out.flush();
        }
    }

    /** Whether KEEPALIVEs are answered; while not, the session's silence is ours. */
    synchronized void answering(boolean on) {
        answering = on;
    }

    /** Exchanges OPEN and KEEPALIVE, and answers KEEPALIVEs from now on. */
    TesterPeer establish(byte[] open) throws IOException {
        send(open);
        expect(Messages.OPEN);
        send(Messages.keepalive());
        expect(Messages.KEEPALIVE);
        answering(true);
        return this;
    }

    /** Ends the connection with a RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    String localAddress() {
        return socket.getLocalAddress().getHostAddress();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // ---- what came

    synchronized List<Received> messages() {
        return List.copyOf(messages);
    }

    synchronized List<Received> messages(int type) {
        return messages.stream().filter(m -> m.type() == type).toList();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized long closedNanos() {
        return closedNanos;
    }

    synchronized Optional<Update> route(String prefix) {
        return Optional.ofNullable(routes.get(prefix));
    }

    synchronized int routeCount() {
        return routes.size();
    }

    synchronized Map<String, Update> routes() {
        return new LinkedHashMap<>(routes);
    }

    /** Lets the daemon send messages of up to 65,535 octets (RFC 8654) without that being wrong. */
    synchronized TesterPeer takesLongMessages() {
        form.allowLong();
        return this;
    }

    /** {@return what was wrong with the form of any message that came} */
    synchronized List<String> violations() {
        return form.violations().stream().map(each -> name + ": " + each).toList();
    }

    /** {@return all UPDATEs that came} */
    List<Update> updates() {
        return messages(Messages.UPDATE).stream()
                .map(each -> Update.parse(each, pathIdentifiers))
                .toList();
    }

    /** {@return what happened to a prefix: {@code +} announced, {@code -} withdrawn, in order} */
    synchronized String history(String prefix) {
        return history.stream()
                .filter(each -> each.substring(1).equals(prefix))
                .map(each -> each.substring(0, 1))
                .collect(Collectors.joining());
    }

    /** Waits for the first message of a type. {@return it} */
    Received expect(int type) {
        return expect(m -> m.type() == type, "message of type " + type, SOON);
    }

    Received expect(Predicate<Received> condition, String what, Duration patience) {
        await(() -> closed || messages.stream().anyMatch(condition), what, patience);
        return messages().stream()
                .filter(condition)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " was closed without " + what + ": " + messages()));
    }

    /** Waits for a NOTIFICATION and the end of the connection. {@return the NOTIFICATION} */
    Received expectNotification(int code, int subcode) {
        return expectNotification(code, subcode, SOON);
    }

    Received expectNotification(int code, int subcode, Duration patience) {
        Received notification =
                expect(m -> m.type() == Messages.NOTIFICATION, "NOTIFICATION " + code + "/" + subcode, patience);
        assertThat(notification.isNotification(code, subcode))
                .as("%s got %s, expected NOTIFICATION %d/%d", name, notification, code, subcode)
                .isTrue();
        expectClosed(SOON);
        return notification;
    }

    void expectNotification(int code, int subcode, String data) {
        assertThat(Octets.hex(expectNotification(code, subcode).data()))
                .as("data of NOTIFICATION %d/%d", code, subcode)
                .isEqualTo(data);
    }

    /** Watches for that long, and asserts that the connection stays and no NOTIFICATION comes. */
    void expectOpenFor(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        await(
                () -> {
                    assertThat(closed).as("%s has ended: %s", name, messages).isFalse();
                    return System.nanoTime() >= until;
                },
                "end of the time to stay open",
                time.plus(SOON));
        assertThat(messages(Messages.NOTIFICATION)).isEmpty();
    }

    /** Waits until so many KEEPALIVEs have come in all. {@return them} */
    List<Received> expectKeepalives(int count, Duration patience) {
        await(() -> messages(Messages.KEEPALIVE).size() >= count, count + " KEEPALIVEs", patience);
        return messages(Messages.KEEPALIVE);
    }

    void expectClosed(Duration patience) {
        await(() -> closed, "end of the connection", patience);
    }

    /** Waits for a route. {@return the UPDATE that brought it} */
    Update expectRoute(String prefix) {
        await(() -> routes.containsKey(prefix), "route to " + prefix, SOON);
        return route(prefix).orElseThrow();
    }

    Update expectRoute(String prefix, Predicate<Update> condition, String what) {
        await(
                () -> routes.containsKey(prefix) && condition.test(routes.get(prefix)),
                "route to " + prefix + " with " + what,
                SOON);
        return route(prefix).orElseThrow();
    }

    void expectNoRoute(String prefix) {
        expectNoRoute(prefix, SOON);
    }

    void expectNoRoute(String prefix, Duration patience) {
        await(() -> !routes.containsKey(prefix), "loss of " + prefix, patience);
    }

    /** Waits until something holds of what came; evaluated after every message. */
    synchronized void await(java.util.function.BooleanSupplier condition, String what, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || closed) { // what has ended brings nothing more
                throw new AssertionError(name + ": no " + what + " within " + patience + "; closed: " + closed + " "
                        + failure + "; last messages: "
                        + messages.subList(Math.max(0, messages.size() - 8), messages.size()));
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, RECHECK.toNanos()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
