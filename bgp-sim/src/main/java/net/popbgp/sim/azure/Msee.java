package net.popbgp.sim.azure;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.RouterId;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;
import net.popbgp.sim.azure.PeerSnapshot.ReceivedRoute;
import net.popbgp.sim.wire.SimNetwork;
import net.popbgp.sim.wire.SimWire;
import org.jspecify.annotations.Nullable;

/**
 * An Azure router with one neighbour: listens, dials, settles collisions, counts prefixes, and goes Idle when there are too many.
 *
 * <p>Refusing is done by closing the listening socket, so that the PoP's SYN is answered with a reset as by a router whose neighbour is
 * shut down.
 *
 * <p>Confined to the peer's loop; {@link #state} may be read from anywhere.
 */
final class Msee {

    /** Connections beyond one per direction and one spare are reset. */
    private static final int MAX_CONNECTIONS = 3;

    /** What the listening socket asks for while the link is down: nobody has it, so TCP drops each SYN in silence. */
    private static final byte[] NOBODYS_KEY = "the-link-is-down".getBytes(StandardCharsets.US_ASCII);

    private final EventExecutor loop;
    private final SimNetwork network;
    private final EventLog events;
    private final Random random;
    private final VnetRoutes vnets;
    private final ReceivedRoutes received;
    private final List<Connection> connections = new ArrayList<>();
    /** Connections that were ended while the link was down: the PoP must not hear of it. */
    private final List<SimWire> stranded = new ArrayList<>();

    private final Map<AddressFamily, Boolean> endOfRib = new HashMap<>();
    private final Set<AddressFamily> warned = new HashSet<>();
    private Optional<byte[]> md5Key;
    private Sku sku;
    private SimNetwork.@Nullable Listening listening;
    private boolean binding;
    private int port;
    private Dialer.@Nullable Attempt attempt;
    private @Nullable Future<?> dialTimer;
    private @Nullable Future<?> restartTimer;
    private boolean started;
    private boolean configured = true;
    private boolean adminDown;
    private boolean silent;
    private boolean blackholed;
    private boolean linkDown;
    private boolean readingStopped;
    private int establishedCount;
    private int limitDrops;
    private @Nullable NotificationMessage lastSent;
    private @Nullable NotificationMessage lastReceived;
    private PeerSnapshot.Octets octets = new PeerSnapshot.Octets(0, 0);
    private @Nullable Instant since;
    private @Nullable Instant messageSentAt;
    private volatile AzureCircuit circuit;
    private volatile FsmState state = FsmState.IDLE;

    Msee(AzureCircuit circuit, EventExecutor loop, SimNetwork network, EventLog events, long seed) {
        this.circuit = circuit;
        this.loop = loop;
        this.network = network;
        this.events = events;
        this.random = new Random(seed);
        this.vnets = new VnetRoutes(circuit);
        this.received = new ReceivedRoutes(circuit);
        this.sku = circuit.sku();
        this.port = circuit.port();
        this.md5Key = circuit.sharedKey().map(key -> key.getBytes(StandardCharsets.UTF_8));
    }

    AzureCircuit circuit() {
        return circuit;
    }

    EventExecutor loop() {
        return loop;
    }

    RouterId routerId() {
        return circuit.azureAddress() instanceof Inet4Address ipv4
                ? new RouterId(IpAddresses.bits(ipv4))
                : new RouterId((int) circuit.peering().low() + 2);
    }

    VnetRoutes vnets() {
        return vnets;
    }

    FsmState state() {
        return state;
    }

    /** {@return whether nothing is sent} */
    boolean isMute() {
        return silent || blackholed || linkDown;
    }

    /** {@return whether nothing is read} */
    boolean isDeaf() {
        return readingStopped || blackholed || linkDown;
    }

    boolean isLinkDown() {
        return linkDown;
    }

    /** Keeps a connection that has ended from being heard of at the PoP until the link is back. */
    void strand(SimWire wire) {
        wire.setReading(false);
        stranded.add(wire);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(circuit.azureAddress(), port);
    }

    void log(String kind, String detail) {
        events.add(circuit.name(), kind, detail);
    }

    // starting and stopping

    CompletableFuture<Void> start() {
        started = true;
        CompletableFuture<Void> result = listen();
        scheduleDial(Duration.ZERO);
        stateMayHaveChanged("started");
        return result;
    }

    /** Refuses connections from here on. */
    void adminDown(String text) {
        adminDown = true;
        endAll(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN, text));
        refuse();
        stateMayHaveChanged("administratively down");
    }

    void adminUp() {
        if (adminDown) {
            adminDown = false;
            admit("administratively up");
        }
    }

    /** Cease 6/3, then refuses connections: the neighbour is not configured any more. */
    void unconfigure() {
        configured = false;
        endAll(NotificationMessage.cease(NotificationMessage.PEER_DECONFIGURED));
        refuse();
        stateMayHaveChanged("peering deleted");
    }

    /** Cease 6/6, then goes on with another peering. Fails if its address cannot be bound. */
    CompletableFuture<Void> reconfigure(AzureCircuit next) {
        endAll(NotificationMessage.cease(NotificationMessage.OTHER_CONFIGURATION_CHANGE));
        refuse();
        if (restartTimer != null) {
            restartTimer.cancel(false);
            restartTimer = null;
        }
        circuit = next;
        md5Key = next.sharedKey().map(key -> key.getBytes(StandardCharsets.UTF_8));
        vnets.reconfigure(next);
        received.reconfigure(next);
        configured = true;
        if (isIdle()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> result = listen();
        scheduleDial(Duration.ZERO);
        stateMayHaveChanged("peering configured");
        return result;
    }

    private boolean isIdle() {
        return !started || !configured || adminDown || restartTimer != null;
    }

    private void refuse() {
        if (listening != null) {
            listening.close();
            listening = null;
        }
        cancelDialing();
    }

    private void admit(String why) {
        if (!isIdle()) {
            listen();
            scheduleDial(Duration.ZERO);
            stateMayHaveChanged(why);
        }
    }

    private CompletableFuture<Void> listen() {
        if (listening != null || binding) {
            return CompletableFuture.completedFuture(null);
        }
        binding = true;
        AzureCircuit bound = circuit;
        return network.listen(address(), circuit.popAddress(), admittedKey(), this::accept)
                .handle((socket, failure) -> {
                    binding = false;
                    if (failure != null) {
                        log("listen-failed", String.valueOf(failure.getMessage()));
                        throw new IllegalStateException(failure);
                    }
                    if (isIdle()) {
                        socket.close();
                    } else if (!bound.equals(circuit)) {
                        socket.close();
                        listen();
                    } else {
                        listening = socket;
                        port = socket.address().getPort();
                        socket.setMd5Key(admittedKey());
                    }
                    return null;
                });
    }

    private Optional<byte[]> admittedKey() {
        return linkDown ? Optional.of(NOBODYS_KEY) : md5Key;
    }

    // connections

    private Optional<Wire.Events> accept(SimWire wire) {
        if (!wire.remoteAddress().getAddress().equals(circuit.popAddress())) {
            log("refused", "connection from " + wire.remoteAddress());
            return Optional.empty();
        }
        if (isIdle() || connections.size() >= MAX_CONNECTIONS) {
            return Optional.empty();
        }
        return Optional.of(begin(wire, true));
    }

    private Connection begin(SimWire wire, boolean incoming) {
        Connection connection = new Connection(this, wire, incoming);
        connections.add(connection);
        connection.start();
        stateMayHaveChanged(incoming ? "connection accepted" : "connected");
        return connection;
    }

    private void scheduleDial(Duration delay) {
        if (dialTimer != null) {
            dialTimer.cancel(false);
        }
        if (!circuit.passiveOnly()) {
            dialTimer = loop.schedule(this::dial, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** {@return ConnectRetryTime with up to a quarter taken off (RFC 4271, 10)} */
    private Duration jitteredConnectRetry() {
        long millis = circuit.profile().connectRetry().toMillis();
        return Duration.ofMillis(millis - (long) (random.nextDouble() * millis / 4));
    }

    private void dial() {
        if (isIdle() || isMute() || attempt != null || !connections.isEmpty()) {
            scheduleDial(jitteredConnectRetry());
            return;
        }
        Dialer.Target target = new Dialer.Target(
                new InetSocketAddress(circuit.popAddress(), circuit.peerPort()),
                Optional.of(circuit.azureAddress()),
                md5Key,
                0);
        attempt = network.dial(target, new Dialer.Outcome() {
            @Override
            public Wire.Events connected(Wire wire) {
                attempt = null;
                return begin((SimWire) wire, false);
            }

            @Override
            public void failed(String detail) {
                attempt = null;
                scheduleDial(jitteredConnectRetry());
                stateMayHaveChanged(detail);
            }
        });
        stateMayHaveChanged("dialing");
    }

    private void cancelDialing() {
        if (attempt != null) {
            attempt.cancel();
            attempt = null;
        }
        if (dialTimer != null) {
            dialTimer.cancel(false);
            dialTimer = null;
        }
    }

    /**
     * Settles a collision (RFC 4271, 6.8) when a connection got its OPEN.
     *
     * @return whether the connection may go on
     */
    boolean survivesCollision(Connection candidate, RouterId remoteId) {
        boolean incomingWins = routerId().compareTo(remoteId) < 0;
        for (Connection other : List.copyOf(connections)) {
            if (other == candidate || other.state().compareTo(FsmState.OPEN_CONFIRM) < 0) {
                continue;
            }
            boolean candidateWins = other.state() != FsmState.ESTABLISHED
                    && (candidate.isIncoming() == other.isIncoming() || candidate.isIncoming() == incomingWins);
            Connection loser = candidateWins ? other : candidate;
            log("collision", (loser.isIncoming() ? "incoming" : "outgoing") + " connection closed");
            loser.notifyAndEnd(NotificationMessage.cease(NotificationMessage.CONNECTION_COLLISION_RESOLUTION));
            if (!candidateWins) {
                return false;
            }
        }
        return true;
    }

    void established(Connection winner) {
        for (Connection other : List.copyOf(connections)) {
            if (other != winner) {
                other.notifyAndEnd(NotificationMessage.cease(NotificationMessage.CONNECTION_COLLISION_RESOLUTION));
            }
        }
        cancelDialing();
        received.clear();
        endOfRib.clear();
        warned.clear();
        establishedCount++;
        since = events.now();
        stateMayHaveChanged("session up");
    }

    void ended(Connection connection, boolean wasEstablished, String why) {
        connections.remove(connection);
        octets = octets.plus(connection.octets());
        if (wasEstablished) {
            since = events.now();
        }
        if (connections.isEmpty()) {
            received.clear();
            if (!isIdle()) {
                scheduleDial(jitteredConnectRetry());
            }
        }
        stateMayHaveChanged(why);
    }

    private void endAll(NotificationMessage notification) {
        List.copyOf(connections).forEach(connection -> connection.notifyAndEnd(notification));
    }

    void stateMayHaveChanged(String why) {
        FsmState now = isIdle() ? FsmState.IDLE : attempt != null ? FsmState.CONNECT : FsmState.ACTIVE;
        for (Connection connection : connections) {
            now = connection.state().compareTo(now) > 0 ? connection.state() : now;
        }
        if (now != state) {
            log("state", state + " -> " + now + ": " + why);
            state = now;
        }
    }

    void notificationSent(NotificationMessage notification) {
        lastSent = notification;
        log("notification-sent", notification.toString());
    }

    void notificationReceived(NotificationMessage notification) {
        lastReceived = notification;
        log(
                "notification-received",
                notification
                        + notification
                                .shutdownCommunication()
                                .map(text -> ": " + text)
                                .orElse(""));
    }

    // what is received

    void updateReceived(Connection connection, UpdateMessage update) {
        update.faults().forEach(fault -> log("update-fault", fault.treatment() + ": " + fault.detail()));
        update.endOfRib().ifPresent(family -> endOfRib.put(family, true));
        received.withdraw(update);
        for (UpdateMessage.Announcement announcement : update.announced()) {
            ReceivedRoute route = received.judge(announcement.attributes());
            if (route.leaked()) {
                log(
                        "leak",
                        announcement.prefixes().get(0) + " path "
                                + announcement.attributes().asPath());
            }
            PackedPrefixes prefixes = announcement.prefixes();
            for (int i = 0; i < prefixes.size(); i++) {
                if (received.put(prefixes.get(i), route) && isOverLimit(prefixes.family(), connection)) {
                    return;
                }
            }
        }
    }

    /** {@return whether there are too many prefixes, and so the session was ended (RFC 4486, 4)} */
    private boolean isOverLimit(AddressFamily family, Connection connection) {
        int limit = circuit.profile().limit(family, sku);
        int count = received.count(family);
        if (count * 100L >= (long) limit * circuit.profile().warnPercent() && warned.add(family)) {
            log("prefix-warning", count + " of " + limit + " " + family + " prefixes");
        }
        if (!circuit.profile().isTooMany(count, limit)) {
            return false;
        }
        limitDrops++;
        log("prefix-limit", count + " " + family + " prefixes, limit " + limit);
        Duration restart = circuit.profile().restart();
        restartTimer = loop.schedule(this::restart, restart.toMillis(), TimeUnit.MILLISECONDS);
        connection.notifyAndEnd(NotificationMessage.maximumPrefixes(family, limit));
        refuse();
        stateMayHaveChanged("prefix limit");
        return true;
    }

    private void restart() {
        restartTimer = null;
        admit("restart after the prefix limit");
    }

    // faults

    void resetConnections() {
        List.copyOf(connections).forEach(connection -> connection.reset("reset on command"));
    }

    void closeConnections() {
        List.copyOf(connections).forEach(connection -> connection.end("closed on command"));
    }

    void sendNotification(NotificationMessage notification) {
        endAll(notification);
    }

    /** Ends the session with Cease 6/4 and comes back at once. */
    void flap() {
        endAll(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_RESET));
        if (!isIdle()) {
            scheduleDial(Duration.ZERO);
        }
    }

    void setSilent(boolean value) {
        silent = value;
        muteMayHaveChanged();
    }

    void setBlackholed(boolean value) {
        blackholed = value;
        connections.forEach(connection -> connection.setReading(!isDeaf()));
        muteMayHaveChanged();
    }

    /** Unlike in a black hole the hold timer runs on, and nobody gets in. */
    void setLinkDown(boolean value) {
        linkDown = value;
        connections.forEach(connection -> connection.setReading(!isDeaf()));
        if (listening != null) {
            listening.setMd5Key(admittedKey());
        }
        if (!value) {
            stranded.forEach(SimWire::reset);
            stranded.clear();
        }
        muteMayHaveChanged();
    }

    void setReadingStopped(boolean value) {
        readingStopped = value;
        connections.forEach(connection -> connection.setReading(!isDeaf()));
    }

    private void muteMayHaveChanged() {
        if (!isMute()) {
            List.copyOf(connections).forEach(Connection::speakAgain);
        }
    }

    void setMd5Key(Optional<byte[]> key, boolean reset) {
        md5Key = key;
        if (listening != null) {
            listening.setMd5Key(admittedKey());
        }
        if (reset) {
            // After the key: a PoP that returns within the same millisecond would get in with the old one.
            resetConnections();
        }
    }

    void sendRaw(byte[] octets) {
        established().ifPresent(connection -> connection.sendRaw(octets));
    }

    void setSku(Sku value) {
        sku = value;
        established().ifPresent(connection -> isOverLimit(circuit.family(), connection));
    }

    void syncVnets(boolean everything) {
        established().ifPresent(connection -> connection.sync(everything));
    }

    private Optional<Connection> established() {
        return connections.stream()
                .filter(connection -> connection.state() == FsmState.ESTABLISHED)
                .findFirst();
    }

    void messageSent() {
        messageSentAt = events.now();
    }

    PeerSnapshot snapshot() {
        List<String> faults = new ArrayList<>();
        Map<String, Boolean> lasting = Map.of(
                "admin-down",
                adminDown,
                "unconfigured",
                !configured,
                "silence",
                silent,
                "blackhole",
                blackholed,
                "link-down",
                linkDown,
                "stop-reading",
                readingStopped,
                "drain",
                vnets.isDraining(),
                "core-maintenance",
                vnets.isCoreMaintenance(),
                "withdraw-all",
                vnets.isWithdrawn());
        lasting.forEach((name, on) -> {
            if (on) {
                faults.add(name);
            }
        });
        faults.sort(null);
        return new PeerSnapshot(
                circuit.name(),
                state,
                Optional.ofNullable(since),
                Optional.ofNullable(messageSentAt),
                connections.stream().map(Connection::octets).reduce(octets, PeerSnapshot.Octets::plus),
                established().map(Connection::holdTime).orElse(0),
                sku,
                received.copy(),
                established().map(Connection::told).orElse(List.of()),
                vnets.all(),
                vnets.isOverLimit(),
                Map.copyOf(endOfRib),
                establishedCount,
                limitDrops,
                Optional.ofNullable(lastSent),
                Optional.ofNullable(lastReceived),
                List.copyOf(faults));
    }
}
