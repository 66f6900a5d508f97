package net.popbgp.session;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.fsm.NegotiatedSession;
import net.popbgp.core.message.AttributeFault;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.message.Treatment;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.message.UpdateMessage.Announcement;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.route.BgpRole;
import net.popbgp.core.route.PeerType;
import net.popbgp.engine.RibCommand;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibPeer;

/**
 * Takes the UPDATEs of one Established session: checks what the codec could not (first AS, loops, our own address as next hop), and hands
 * the routes to the RIB thread. Each message for the tables costs a credit; with none left the session stops reading until the RIB thread
 * has caught up, and nothing is dropped.
 *
 * <p>Confined to the peer's loop.
 */
final class UpdateReceiver {

    /** UPDATEs and ROUTE-REFRESHes of one session that may wait for the RIB thread. */
    static final int CREDITS = 256;

    private final PeerSettings settings;
    private final NegotiatedSession negotiated;
    private final InetAddress localAddress;
    private final RibEngine engine;
    private final RibPeer ribPeer;
    private final SessionCounters counters;
    private final Set<AddressFamily> endOfRib = new HashSet<>();
    private final Optional<BgpRole> role;
    private int credits = CREDITS;

    UpdateReceiver(
            PeerSettings settings,
            NegotiatedSession negotiated,
            InetAddress localAddress,
            RibEngine engine,
            RibPeer ribPeer,
            SessionCounters counters) {
        this.settings = settings;
        this.negotiated = negotiated;
        this.localAddress = localAddress;
        this.engine = engine;
        this.ribPeer = ribPeer;
        this.counters = counters;
        this.role = settings.role();
    }

    void receive(UpdateMessage update) {
        if (!update.faults().isEmpty()) {
            count(update.faults());
        }
        if (update.endOfRib().isPresent()) {
            credits--;
            endOfRib.add(update.endOfRib().get());
            engine.submit(new RibCommand.EndOfRib(ribPeer, update.endOfRib().get()));
            return;
        }
        List<Announcement> announced = update.announced();
        List<PackedPrefixes> withdrawn = update.withdrawn();
        for (int i = 0; i < announced.size(); i++) {
            if (!isUsable(announced.get(i).attributes())) {
                withdrawn = new ArrayList<>(withdrawn);
                announced = withoutUnusable(announced, i, withdrawn);
                break;
            }
        }
        role.ifPresent(ours -> countLeaks(ours, update.announced()));
        if (!announced.isEmpty() || !withdrawn.isEmpty()) {
            credits--;
            engine.submit(new RibCommand.Received(ribPeer, announced, withdrawn));
        }
    }

    /**
     * A peer that wants all routes again (RFC 2918, 4), or marks where it sends its own again (RFC 7313, 4).
     *
     * @return why the message has no effect, empty if it has one
     */
    Optional<String> refresh(RouteRefreshMessage refresh) {
        AddressFamily family = refresh.family();
        boolean begin = refresh.subtype() == RouteRefreshMessage.BEGIN;
        if (!negotiated.families().contains(family)) {
            return Optional.of("ROUTE-REFRESH for " + family + ", which was not negotiated");
        }
        if (refresh.subtype() == RouteRefreshMessage.REQUEST) {
            credits--;
            engine.submit(new RibCommand.Refresh(ribPeer, family));
            return Optional.empty();
        }
        if (!begin && refresh.subtype() != RouteRefreshMessage.END || !negotiated.enhancedRouteRefresh()) {
            return Optional.of("ROUTE-REFRESH of subtype " + refresh.subtype());
        }
        if (begin && negotiated.gracefulRestart().isPresent() && !endOfRib.contains(family)) {
            return Optional.of("beginning of a refresh before End-of-RIB of " + family); // RFC 7313, 4
        }
        credits--;
        engine.submit(new RibCommand.RefreshMarker(ribPeer, family, begin));
        return Optional.empty();
    }

    boolean hasCredit() {
        return credits > 0;
    }

    /** {@return whether reading may go on: half of the credits are back} */
    boolean returned(int count) {
        credits += count;
        return credits >= CREDITS / 2;
    }

    private void count(List<AttributeFault> faults) {
        int discarded = 0;
        boolean withdraw = false;
        for (AttributeFault fault : faults) {
            if (fault.treatment() == Treatment.ATTRIBUTE_DISCARD) {
                discarded++;
            } else {
                withdraw = true;
            }
        }
        counters.attributesDiscarded(discarded);
        if (withdraw) {
            counters.treatedAsWithdraw();
        }
    }

    private void countLeaks(BgpRole ours, List<Announcement> announced) {
        for (Announcement announcement : announced) {
            if (ours.isLeak(announcement.attributes(), negotiated.remoteAs())) {
                counters.routeLeaks(announcement.prefixes().size());
            }
        }
    }

    private List<Announcement> withoutUnusable(
            List<Announcement> announced, int first, List<PackedPrefixes> withdrawn) {
        List<Announcement> usable = new ArrayList<>(announced.subList(0, first));
        withdrawn.add(announced.get(first).prefixes());
        for (Announcement announcement : announced.subList(first + 1, announced.size())) {
            if (isUsable(announcement.attributes())) {
                usable.add(announcement);
            } else {
                // RFC 4271, 9.1.2: not eligible; what the peer announced before is replaced by nothing.
                withdrawn.add(announcement.prefixes());
            }
        }
        return usable;
    }

    private boolean isUsable(PathAttributes attributes) {
        if (negotiated.peerType() == PeerType.EXTERNAL
                && settings.enforceFirstAs()
                && attributes.asPath().neighborAsBits() != negotiated.remoteAs().bits()) {
            counters.treatedAsWithdraw(); // RFC 7606, 7.2
            return false;
        }
        if (attributes.asPath().count(settings.fsm().localAs()) > settings.allowOwnAs()) {
            return false;
        }
        if (attributes.originatorId().isPresent()
                && attributes.originatorId().get().equals(settings.fsm().routerId())) {
            return false; // RFC 4456, 8
        }
        if (attributes.clusterList().contains(settings.clusterId())) {
            return false; // RFC 4456, 8: reflected by our own cluster before
        }
        return attributes.nextHop().isEmpty()
                || isUsable(attributes.nextHop().get().address());
    }

    /** RFC 4271, 6.3: not our own address; a loopback address only as the peer's own, between speakers on one host. */
    private boolean isUsable(InetAddress nextHop) {
        return !nextHop.equals(localAddress)
                && !settings.nextHops().contains(nextHop)
                && (!nextHop.isLoopbackAddress() || nextHop.equals(settings.remoteAddress()));
    }
}
