package net.popbgp.speaker;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.fsm.FsmConfig;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.route.DrainPolicy;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.session.Dialer;
import net.popbgp.session.PeerSettings;
import net.popbgp.session.RestartSettings;

/** Resolves a peer's configuration against the speaker's into what the session works by. */
final class PeerSettingsFactory {

    private PeerSettingsFactory() {}

    static PeerSettings settings(SpeakerConfig speaker, PeerConfig peer, String circuitGroup) {
        PeerType type = peer.remoteAs().equals(speaker.localAs()) ? PeerType.INTERNAL : PeerType.EXTERNAL;
        if (type == PeerType.INTERNAL && peer.features().role().isPresent()) {
            throw new IllegalArgumentException(
                    "a role is for external peers (RFC 9234, 4); " + peer.name() + " is in our own AS");
        }
        if (peer.routing().reflectorClient() && type == PeerType.EXTERNAL) {
            throw new IllegalArgumentException("only an internal peer can be a reflector client: " + peer.name());
        }
        RoutePolicy byDefault = type == PeerType.EXTERNAL ? RoutePolicy.REJECT_ALL : RoutePolicy.ACCEPT_ALL; // RFC 8212
        return new PeerSettings(
                peer.name(),
                peer.remoteAddress(),
                fsm(speaker, peer),
                target(peer),
                peer.nextHops(),
                peer.advertisementInterval(),
                type,
                peer.remoteAs(),
                peer.metric(),
                circuitGroup,
                drained(speaker, peer, 0, peer.importPolicy().orElse(byDefault)),
                drained(
                        speaker,
                        peer,
                        peer.routing().drainPrepend(),
                        peer.exportPolicy().orElse(byDefault)),
                peer.families(),
                peer.prefixLimits(),
                peer.outboundGuards(),
                peer.enforceFirstAs(),
                peer.allowOwnAs(),
                peer.nextHopSelf(),
                peer.features().addPathSend(),
                peer.routing(),
                speaker.clusterId(),
                peer.routeRefresh().staleTime(),
                restart(peer.gracefulRestart()));
    }

    private static RoutePolicy drained(SpeakerConfig speaker, PeerConfig peer, int prepend, RoutePolicy policy) {
        return peer.routing().gracefulShutdown() ? new DrainPolicy(policy, speaker.localAs(), prepend) : policy;
    }

    static Dialer.Target target(PeerConfig peer) {
        return new Dialer.Target(
                new InetSocketAddress(peer.remoteAddress(), peer.remotePort()),
                peer.localAddress(),
                peer.md5Key().map(Md5Key::octets),
                peer.ttlSecurity());
    }

    private static FsmConfig fsm(SpeakerConfig speaker, PeerConfig peer) {
        return new FsmConfig(
                speaker.localAs(),
                peer.features().required().remoteAs().isEmpty() ? Optional.of(peer.remoteAs()) : Optional.empty(),
                speaker.routerId(),
                (int) peer.holdTime().toSeconds(),
                (int) peer.keepaliveTime().toSeconds(),
                0,
                peer.passive(),
                peer.connectRetryTime(),
                peer.delayOpenTime(),
                peer.openHoldTime(),
                peer.idleHoldTime(),
                peer.maxIdleHoldTime(),
                peer.stableTime(),
                peer.holdTime().isZero() ? Duration.ZERO : peer.sendHoldTime(),
                capabilities(peer),
                peer.features().required());
    }

    private static List<Capability> capabilities(PeerConfig peer) {
        List<Capability> capabilities = new ArrayList<>();
        List<AddressFamily> families = peer.families().stream()
                .sorted((a, b) -> Integer.compare(a.afi(), b.afi()))
                .toList();
        families.forEach(family -> capabilities.add(new Capability.Multiprotocol(family)));
        capabilities.add(new Capability.RouteRefresh());
        PeerFeatures features = peer.features();
        if (features.extendedNextHop()) {
            capabilities.add(new Capability.ExtendedNextHop(
                    List.of(new Capability.ExtendedNextHop.Entry(AddressFamily.IPV4_UNICAST, 2))));
        }
        if (features.addPathReceive() || features.addPathSend() > 0) {
            capabilities.add(new Capability.AddPath(families.stream()
                    .map(family -> new Capability.AddPath.Family(
                            family, features.addPathReceive(), features.addPathSend() > 0))
                    .toList()));
        }
        features.role().ifPresent(role -> capabilities.add(new Capability.Role(role.value())));
        if (features.extendedMessages()) {
            capabilities.add(new Capability.ExtendedMessage());
        }
        if (peer.routeRefresh().enhanced()) {
            capabilities.add(new Capability.EnhancedRouteRefresh());
        }
        if (peer.gracefulRestart().enabled()) {
            capabilities.add(gracefulRestart(peer));
            if (!peer.gracefulRestart().longLived().isEmpty()) {
                capabilities.add(longLived(peer.gracefulRestart()));
            }
        }
        return capabilities;
    }

    private static Capability gracefulRestart(PeerConfig peer) {
        GracefulRestart restart = peer.gracefulRestart();
        return new Capability.GracefulRestart(
                false,
                restart.notifications(),
                (int) restart.restartTime().toSeconds(),
                peer.families().stream()
                        .sorted((a, b) -> Integer.compare(a.afi(), b.afi()))
                        .map(family -> new Capability.GracefulRestart.Family(family, restart.forwardingPreserved()))
                        .toList());
    }

    private static Capability longLived(GracefulRestart restart) {
        return new Capability.LongLivedGracefulRestart(restart.longLived().entrySet().stream()
                .sorted((a, b) -> Integer.compare(a.getKey().afi(), b.getKey().afi()))
                .map(each -> new Capability.LongLivedGracefulRestart.Family(
                        each.getKey(), restart.forwardingPreserved(), (int)
                                each.getValue().toSeconds()))
                .toList());
    }

    private static RestartSettings restart(GracefulRestart restart) {
        return new RestartSettings(restart.enabled(), restart.staleTime(), restart.longLived());
    }
}
