package net.popbgp.sim.azure;

import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.session.Wire;
import net.popbgp.sim.wire.SimWire;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection of an Azure router: the OPEN exchange, its timers, and what is sent (RFC 4271, 8.2.2 from OpenSent on). While the
 * router is silent nothing is sent, and what should have been is made up for afterwards.
 *
 * <p>Confined to the peer's loop.
 */
final class Connection implements Wire.Events {

    /** Before the OPEN came (RFC 4271, 8.2.2). */
    private static final int LARGE_HOLD_TIME = 240;

    private final Msee msee;
    private final SimWire wire;
    private final boolean incoming;
    private final AzureProfile profile;
    private final Set<Prefix> told = new HashSet<>();
    private FsmState state = FsmState.OPEN_SENT;
    private boolean openSent;
    private int holdTime = LARGE_HOLD_TIME;
    private int keepaliveTime;
    private CodecOptions options = CodecOptions.INITIAL;
    private @Nullable Future<?> holdTimer;
    private @Nullable Future<?> keepaliveTimer;

    Connection(Msee msee, SimWire wire, boolean incoming) {
        this.msee = msee;
        this.wire = wire;
        this.incoming = incoming;
        this.profile = msee.circuit().profile();
    }

    FsmState state() {
        return state;
    }

    boolean isIncoming() {
        return incoming;
    }

    int holdTime() {
        return holdTime;
    }

    /** {@return the octets that came and went over it} */
    PeerSnapshot.Octets octets() {
        return new PeerSnapshot.Octets(wire.octetsIn(), wire.octetsOut());
    }

    List<Prefix> told() {
        return told.stream().sorted().toList();
    }

    void start() {
        wire.setReading(!msee.isDeaf());
        restartHoldTimer();
        sendOpen();
    }

    private void sendOpen() {
        if (msee.isMute()) {
            return;
        }
        List<Capability> capabilities = new ArrayList<>();
        capabilities.add(new Capability.Multiprotocol(msee.circuit().family()));
        if (profile.ipv6() && msee.circuit().family().equals(AddressFamily.IPV4_UNICAST)) {
            capabilities.add(new Capability.Multiprotocol(AddressFamily.IPV6_UNICAST));
        }
        if (profile.routeRefresh()) {
            capabilities.add(new Capability.RouteRefresh());
        }
        if (profile.fourOctetAs()) {
            capabilities.add(new Capability.FourOctetAs(profile.localAs()));
        }
        profile.gracefulRestart()
                .ifPresent(
                        seconds -> capabilities.add(new Capability.GracefulRestart(false, false, seconds, List.of())));
        wire.send(new OpenMessage(
                (int) profile.localAs().asTwoOctets().value(), profile.holdTime(), msee.routerId(), capabilities));
        openSent = true;
    }

    private void send(BgpMessage message) {
        if (!msee.isMute()) {
            wire.send(message);
            msee.messageSent();
        }
    }

    void sendRaw(byte[] octets) {
        wire.sendEncoded(octets, 1);
    }

    @Override
    public void onMessage(BgpMessage message) {
        if (state == FsmState.IDLE) {
            return;
        }
        restartHoldTimer();
        switch (message.type()) {
            case OPEN -> onOpen((OpenMessage) message);
            case KEEPALIVE -> onKeepalive();
            case UPDATE -> onUpdate((UpdateMessage) message);
            case NOTIFICATION -> {
                msee.notificationReceived((NotificationMessage) message);
                end("NOTIFICATION " + message);
            }
            case ROUTE_REFRESH -> onRouteRefresh((RouteRefreshMessage) message);
        }
    }

    private void onOpen(OpenMessage open) {
        if (state != FsmState.OPEN_SENT) {
            unexpected();
            return;
        }
        Optional<NotificationMessage> refusal = refusal(open);
        if (refusal.isPresent()) {
            notifyAndEnd(refusal.get());
            return;
        }
        if (!msee.survivesCollision(this, open.routerId())) {
            return;
        }
        negotiate(open);
        send(KeepaliveMessage.INSTANCE);
        state = FsmState.OPEN_CONFIRM;
        restartHoldTimer();
        scheduleKeepalive();
        msee.stateMayHaveChanged("OPEN of AS " + open.asn() + " received");
    }

    private Optional<NotificationMessage> refusal(OpenMessage open) {
        Asn expected = msee.circuit().peerAs();
        if (!open.asn().equals(expected)) {
            return Optional.of(NotificationMessage.of(ErrorCode.OPEN_MESSAGE_ERROR, NotificationMessage.BAD_PEER_AS));
        }
        int offered = open.holdTime();
        if (offered == 1 || offered == 2 || offered != 0 && offered < profile.minHoldTime()) {
            return Optional.of(
                    NotificationMessage.of(ErrorCode.OPEN_MESSAGE_ERROR, NotificationMessage.UNACCEPTABLE_HOLD_TIME));
        }
        if (!open.routerId().isValid() || open.routerId().equals(msee.routerId())) {
            return Optional.of(
                    NotificationMessage.of(ErrorCode.OPEN_MESSAGE_ERROR, NotificationMessage.BAD_BGP_IDENTIFIER));
        }
        return Optional.empty();
    }

    private void negotiate(OpenMessage open) {
        holdTime = Math.min(profile.holdTime(), open.holdTime());
        keepaliveTime = holdTime == 0 ? 0 : Math.max(1, Math.min(profile.keepaliveTime(), holdTime / 3));
        Set<AddressFamily> families = new HashSet<>();
        boolean anyMultiprotocol = open.has(Capability.Multiprotocol.class::isInstance);
        if (!anyMultiprotocol) {
            families.add(AddressFamily.IPV4_UNICAST);
        }
        for (Capability capability : open.capabilities()) {
            if (capability instanceof Capability.Multiprotocol offered && isOffered(offered.family())) {
                families.add(offered.family());
            }
        }
        boolean fourOctets = profile.fourOctetAs() && open.has(Capability.FourOctetAs.class::isInstance);
        options = new CodecOptions(
                true,
                fourOctets,
                CodecOptions.STANDARD_LENGTH,
                CodecOptions.STANDARD_LENGTH,
                families,
                Set.of(),
                Set.of(),
                Set.of());
        wire.setOptions(options);
    }

    private boolean isOffered(AddressFamily family) {
        return family.equals(msee.circuit().family()) || profile.ipv6() && family.equals(AddressFamily.IPV6_UNICAST);
    }

    private void onKeepalive() {
        if (state == FsmState.OPEN_SENT) {
            unexpected();
        } else if (state == FsmState.OPEN_CONFIRM) {
            state = FsmState.ESTABLISHED;
            msee.established(this);
            sync(true);
            endOfRib();
        }
    }

    private void onUpdate(UpdateMessage update) {
        if (state == FsmState.ESTABLISHED) {
            msee.updateReceived(this, update);
        } else {
            unexpected();
        }
    }

    private void onRouteRefresh(RouteRefreshMessage refresh) {
        if (state != FsmState.ESTABLISHED) {
            unexpected();
        } else if (refresh.subtype() == RouteRefreshMessage.REQUEST
                && refresh.family().equals(msee.circuit().family())) {
            msee.log("route-refresh", refresh.family() + " requested");
            sync(true);
        }
    }

    /** A message out of its state (RFC 6608): 5/1 to 5/3. */
    private void unexpected() {
        int subcode = state.ordinal() - FsmState.OPEN_SENT.ordinal() + 1;
        notifyAndEnd(NotificationMessage.of(ErrorCode.FINITE_STATE_MACHINE_ERROR, subcode));
    }

    /** Tells the PoP what changed: withdrawals, and announcements of what is new, or of everything. */
    void sync(boolean everything) {
        if (state != FsmState.ESTABLISHED || msee.isMute()) {
            return;
        }
        List<Prefix> wanted = msee.vnets().announced(options);
        List<Prefix> gone = new ArrayList<>(told);
        gone.removeAll(new HashSet<>(wanted));
        List<Prefix> fresh = everything
                ? wanted
                : wanted.stream().filter(prefix -> !told.contains(prefix)).toList();
        msee.vnets().withdraw(wire, options, gone);
        msee.vnets().announce(wire, options, fresh);
        told.clear();
        told.addAll(wanted);
    }

    private void endOfRib() {
        if (!msee.isMute()) {
            VnetRoutes.endOfRib(wire, options);
        }
    }

    /** Makes up for what was not sent during silence. */
    void speakAgain() {
        if (!openSent) {
            sendOpen();
        }
        if (state == FsmState.OPEN_CONFIRM || state == FsmState.ESTABLISHED) {
            send(KeepaliveMessage.INSTANCE);
        }
        if (state == FsmState.ESTABLISHED) {
            sync(true);
            endOfRib();
        }
    }

    void setReading(boolean reading) {
        wire.setReading(reading);
        if (reading) {
            restartHoldTimer();
        }
    }

    private void restartHoldTimer() {
        if (holdTimer != null) {
            holdTimer.cancel(false);
        }
        int seconds = state == FsmState.OPEN_SENT ? LARGE_HOLD_TIME : holdTime;
        holdTimer = seconds == 0 ? null : msee.loop().schedule(this::holdTimerExpired, seconds, TimeUnit.SECONDS);
    }

    private void holdTimerExpired() {
        if (msee.isDeaf() && !msee.isLinkDown()) {
            restartHoldTimer(); // the silence is of our own making
        } else {
            notifyAndEnd(NotificationMessage.of(ErrorCode.HOLD_TIMER_EXPIRED, 0));
        }
    }

    private void scheduleKeepalive() {
        if (keepaliveTime > 0) {
            keepaliveTimer = msee.loop()
                    .schedule(
                            () -> {
                                send(KeepaliveMessage.INSTANCE);
                                scheduleKeepalive();
                            },
                            keepaliveTime,
                            TimeUnit.SECONDS);
        }
    }

    /** Sends a NOTIFICATION and closes. */
    void notifyAndEnd(NotificationMessage notification) {
        if (state == FsmState.IDLE) {
            return;
        }
        if (!msee.isMute()) {
            wire.send(notification);
            msee.notificationSent(notification);
        }
        end("NOTIFICATION " + notification + " sent");
    }

    /** Closes without a NOTIFICATION. */
    void end(String why) {
        boolean established = state == FsmState.ESTABLISHED;
        if (stop()) {
            if (msee.isLinkDown()) {
                msee.strand(wire);
            } else {
                wire.close();
            }
            msee.ended(this, established, why);
        }
    }

    /** Resets the connection. */
    void reset(String why) {
        boolean established = state == FsmState.ESTABLISHED;
        if (stop()) {
            if (msee.isLinkDown()) {
                msee.strand(wire);
            } else {
                wire.reset();
            }
            msee.ended(this, established, why);
        }
    }

    private boolean stop() {
        boolean live = state != FsmState.IDLE;
        state = FsmState.IDLE;
        if (holdTimer != null) {
            holdTimer.cancel(false);
        }
        if (keepaliveTimer != null) {
            keepaliveTimer.cancel(false);
        }
        return live;
    }

    @Override
    public void onMessageError(NotificationException error) {
        msee.log("message-error", String.valueOf(error.getMessage()));
        notifyAndEnd(error.notification());
    }

    @Override
    public void onClosed(String detail) {
        end(detail);
    }

    @Override
    public void onWritable() {
        // everything is sent at once: a session is at most a few thousand prefixes
    }

    @Override
    public void onSendProgress() {
        // a test peer may take as long as it likes
    }
}
