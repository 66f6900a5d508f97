package net.popbgp.daemon.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import net.popbgp.daemon.conformance.Attributes;
import net.popbgp.daemon.conformance.Messages;
import net.popbgp.daemon.conformance.Open;

/** Ways to be a nuisance, each until it is told to stop. One that sends again and again counts what it did. */
enum Misbehaviour {
    NONE("none, for comparison") {
        @Override
        void attempt(Attack attack) throws InterruptedException {
            attack.pause(100);
        }
    },
    MALFORMED_RESET("UPDATE that ends the session, again after each reconnect") {
        @Override
        void attempt(Attack attack) throws IOException, InterruptedException {
            try (RawPeer peer = attack.established(this)) {
                byte[] update = Messages.update(NOTHING, NOTHING, NOTHING);
                update[Messages.update(NOTHING, NOTHING, NOTHING).length - 4] = (byte) 0xFF; // Withdrawn Routes Length
                peer.send(update);
                peer.awaitClosed(1000);
                attack.count();
            }
        }
    },
    MALFORMED_WITHDRAW("UPDATEs that are treated as withdrawals, in a loop") {
        @Override
        void attempt(Attack attack) throws IOException, InterruptedException {
            byte[] attributes = Attributes.base(address(), as()).med(1).toArray();
            attributes[3] = 9; // ORIGIN
            byte[] update = Messages.update(NOTHING, attributes, RawPeer.hosts(30 << 24, 10));
            try (RawPeer peer = attack.established(this)) {
                while (!attack.isOver() && !peer.isClosed()) {
                    peer.send(update);
                    attack.count();
                }
            }
        }
    },
    FLOOD_CONFIGURED("connections from a configured address") {
        @Override
        void attempt(Attack attack) throws IOException {
            attack.hold(RawPeer.connect(address(), attack.daemon, 0), 200);
        }
    },
    FLOOD_UNKNOWN("connections from unknown addresses") {
        @Override
        void attempt(Attack attack) throws IOException {
            attack.hold(RawPeer.connect("127.0.81." + (1 + attack.done.get() % 250), attack.daemon, 0), 200);
        }
    },
    HALF_OPEN("connections that stay silent or stop within their OPEN") {
        @Override
        void attempt(Attack attack) throws IOException, InterruptedException {
            RawPeer peer = RawPeer.connect(address(), attack.daemon, 0);
            byte[] open = Open.of(as(), address()).toArray();
            int sent = (int) (attack.done.get() % open.length);
            attack.hold(peer, 100);
            peer.send(java.util.Arrays.copyOf(open, sent));
            attack.pause(5);
        }
    },
    ONE_OCTET_A_SECOND("one octet a second") {
        @Override
        void attempt(Attack attack) throws IOException, InterruptedException {
            byte[] update = Messages.update(
                    NOTHING, Attributes.base(address(), as()).med(0).toArray(), RawPeer.hosts(31 << 24, 1));
            try (RawPeer peer = attack.established(this)) {
                for (int i = 0; i < update.length && !attack.isOver() && !peer.isClosed(); i++) {
                    peer.send(update[i]);
                    attack.count();
                    attack.pause(1000);
                }
            }
        }
    },
    NO_READING("asks for all routes again and again, and reads none") {
        @Override
        void attempt(Attack attack) throws IOException, InterruptedException {
            try (RawPeer peer = RawPeer.connect(address(), attack.daemon, 4096)) {
                peer.send(Open.of(as(), address()).toArray());
                peer.send(Messages.keepalive());
                while (!attack.isOver()) {
                    peer.send(Messages.routeRefresh(1, 0, 1));
                    attack.count();
                }
            }
        }
    },
    HUNDRED_THOUSAND_UPDATES("100,000 UPDATEs a second") {
        private static final int BLOCK = 1000;
        private static final int BLOCKS_A_SECOND = 100;

        @Override
        void attempt(Attack attack) throws IOException, InterruptedException {
            byte[] block = block();
            try (RawPeer peer = attack.established(this)) {
                long start = System.nanoTime();
                for (long blocks = 0; !attack.isOver() && !peer.isClosed(); blocks++) {
                    peer.send(block);
                    attack.count(BLOCK);
                    long due = start + blocks * TimeUnit.SECONDS.toNanos(1) / BLOCKS_A_SECOND;
                    attack.pause(TimeUnit.NANOSECONDS.toMillis(Math.max(0, due - System.nanoTime())));
                }
            }
        }

        /** 500 host routes, each announced with a MED and then with another. */
        private byte[] block() throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < BLOCK; i++) {
                byte[] attributes = Attributes.base(address(), as()).med(i).toArray();
                all.writeBytes(Messages.update(NOTHING, attributes, RawPeer.hosts((32 << 24) + i % (BLOCK / 2), 1)));
            }
            return all.toByteArray();
        }
    },
    FLAPPING("sessions that come with routes and go at once") {
        @Override
        void attempt(Attack attack) throws IOException, InterruptedException {
            try (RawPeer peer = attack.established(this)) {
                peer.send(Messages.update(
                        NOTHING, Attributes.base(address(), as()).med(0).toArray(), RawPeer.hosts(33 << 24, 500)));
                attack.count();
            }
        }
    };

    /** The lowest number of AS and address of those who misbehave. */
    static final int FIRST = 10;

    private static final byte[] NOTHING = {};

    private final String title;

    Misbehaviour(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    String address() {
        return "127.0.80." + (FIRST + ordinal());
    }

    int as() {
        return 65200 + ordinal();
    }

    /** Does it once, or for as long as the attack and the connection last. */
    abstract void attempt(Attack attack) throws IOException, InterruptedException;

    /** One attack on its own thread. Thread-safe. */
    static final class Attack implements AutoCloseable {
        private final InetSocketAddress daemon;
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong done = new AtomicLong();
        private final List<RawPeer> held = new ArrayList<>();
        private final Thread thread;

        Attack(Misbehaviour kind, InetSocketAddress daemon) {
            this.daemon = daemon;
            thread = new Thread(() -> run(kind), "attack-" + kind);
            thread.setDaemon(true);
            thread.start();
        }

        private void run(Misbehaviour kind) {
            try {
                while (!isOver()) {
                    try {
                        kind.attempt(this);
                    } catch (IOException e) {
                        pause(1); // refused or cut off: the next attempt
                    }
                }
            } catch (InterruptedException e) {
                over.set(true);
            } finally {
                held.forEach(Attack::drop);
            }
        }

        private static void drop(RawPeer peer) {
            try {
                peer.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        boolean isOver() {
            return over.get();
        }

        RawPeer established(Misbehaviour kind) throws IOException, InterruptedException {
            return RawPeer.established(kind.address(), daemon, kind.as(), 90, update -> {});
        }

        /** Keeps a connection open until there are more than so many. */
        void hold(RawPeer peer, int most) {
            count();
            held.add(peer);
            if (held.size() > most) {
                drop(held.remove(0));
            }
        }

        void count() {
            count(1);
        }

        void count(int more) {
            done.addAndGet(more);
        }

        /** {@return how often it was done} */
        long done() {
            return done.get();
        }

        /** Part of the misbehaviour, not of the test: nothing waits for it. */
        void pause(long millis) throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(millis);
        }

        @Override
        public void close() {
            over.set(true);
            thread.interrupt();
            try {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
