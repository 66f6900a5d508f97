package net.popbgp.core.fsm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.CapabilityNames;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.AsnRange;
import net.popbgp.core.route.BgpRole;
import net.popbgp.core.route.PeerType;

/**
 * What follows from two OPENs: a session, or the NOTIFICATION that refuses it (RFC 4271, 6.2; RFC 5492; RFC 6286; RFC 6793, 4.1; RFC
 * 7607; RFC 9234, 4.2).
 *
 * <p>Stateless.
 */
public final class OpenNegotiation {

    private OpenNegotiation() {}

    /** {@return the OPEN to send: the configured capabilities and the four-octet AS capability; AS_TRANS where the AS does not fit two octets} */
    public static OpenMessage open(FsmConfig config) {
        return open(config, RestartState.STARTED);
    }

    /** {@return the OPEN to send in this state} */
    public static OpenMessage open(FsmConfig config, RestartState state) {
        List<Capability> capabilities =
                config.capabilities().stream().map(state::apply).collect(Collectors.toCollection(ArrayList::new));
        capabilities.removeIf(Capability.FourOctetAs.class::isInstance);
        capabilities.add(new Capability.FourOctetAs(config.localAs()));
        return new OpenMessage(
                (int) config.localAs().asTwoOctets().value(), config.holdTime(), config.routerId(), capabilities);
    }

    /** {@return the OPEN for a peer that refuses capabilities (RFC 5492, 3)} */
    static OpenMessage openWithoutCapabilities(FsmConfig config) {
        return new OpenMessage(
                (int) config.localAs().asTwoOctets().value(), config.holdTime(), config.routerId(), List.of());
    }

    /**
     * {@return the session that both OPENs allow}
     *
     * @throws NotificationException if the peer's is not acceptable
     */
    public static NegotiatedSession negotiate(FsmConfig config, OpenMessage sent, OpenMessage received)
            throws NotificationException {
        Asn remoteAs = checkedAs(config, received);
        PeerType peerType = remoteAs.equals(config.localAs()) ? PeerType.INTERNAL : PeerType.EXTERNAL;
        checkHoldTime(config, received);
        checkIdentifier(config, received, peerType);
        Set<AddressFamily> families = checkedFamilies(config, sent, received);
        checkRequired(config, received);
        if (peerType == PeerType.EXTERNAL) {
            checkRole(config, sent, received);
        }
        int holdTime = Math.min(sent.holdTime(), received.holdTime());
        return new NegotiatedSession(
                peerType,
                remoteAs,
                received.routerId(),
                holdTime,
                keepaliveTime(config, holdTime),
                families,
                both(sent, received, Capability.FourOctetAs.class),
                both(sent, received, Capability.RouteRefresh.class),
                both(sent, received, Capability.EnhancedRouteRefresh.class),
                both(sent, received, Capability.ExtendedMessage.class),
                sent.has(Capability.ExtendedMessage.class::isInstance),
                addPath(sent, received, families, (ours, theirs) -> ours.receive() && theirs.send()),
                addPath(sent, received, families, (ours, theirs) -> ours.send() && theirs.receive()),
                extendedNextHop(sent, received, families),
                gracefulRestart(received),
                gracefulRestart(sent)
                                .filter(Capability.GracefulRestart::notification)
                                .isPresent()
                        && gracefulRestart(received)
                                .filter(Capability.GracefulRestart::notification)
                                .isPresent(),
                sent.capabilities(),
                received.capabilities());
    }

    private static Asn checkedAs(FsmConfig config, OpenMessage received) throws NotificationException {
        Asn asn = received.asn();
        // The two-octet field may be anything but 0 when the capability is there: the capability rules (RFC 6793, 4.1).
        if (received.myAs() == 0 || asn.value() == 0) {
            throw error(NotificationMessage.BAD_PEER_AS, "AS 0 is not a peer's AS (RFC 7607)");
        }
        if (asn.equals(Asn.AS_TRANS)) {
            throw error(NotificationMessage.BAD_PEER_AS, "AS 23456 (AS_TRANS) without the peer's real AS");
        }
        if (config.remoteAs().isPresent() && !config.remoteAs().get().equals(asn)) {
            throw error(
                    NotificationMessage.BAD_PEER_AS,
                    "the peer is AS " + asn + ", configured is AS "
                            + config.remoteAs().get());
        }
        List<AsnRange> allowed = config.required().remoteAs();
        if (!allowed.isEmpty() && allowed.stream().noneMatch(range -> range.contains(asn))) {
            throw error(NotificationMessage.BAD_PEER_AS, "the peer is AS " + asn + ", allowed are " + allowed);
        }
        return asn;
    }

    private static void checkHoldTime(FsmConfig config, OpenMessage received) throws NotificationException {
        int offered = received.holdTime();
        if (offered == 1 || offered == 2) {
            throw error(NotificationMessage.UNACCEPTABLE_HOLD_TIME, "the peer offers a hold time of " + offered + " s");
        }
        if (config.minHoldTime() > 3 && offered < config.minHoldTime()) {
            throw error(
                    NotificationMessage.UNACCEPTABLE_HOLD_TIME,
                    "the peer offers a hold time of " + offered + " s, at least " + config.minHoldTime()
                            + " s is required");
        }
    }

    private static void checkIdentifier(FsmConfig config, OpenMessage received, PeerType peerType)
            throws NotificationException {
        if (!received.routerId().isValid()) {
            throw error(NotificationMessage.BAD_BGP_IDENTIFIER, "the peer's BGP Identifier is 0.0.0.0");
        }
        if (peerType == PeerType.INTERNAL && received.routerId().equals(config.routerId())) {
            throw error(
                    NotificationMessage.BAD_BGP_IDENTIFIER,
                    "the internal peer has our own BGP Identifier " + config.routerId());
        }
    }

    private static Set<AddressFamily> checkedFamilies(FsmConfig config, OpenMessage sent, OpenMessage received)
            throws NotificationException {
        Set<AddressFamily> ours = families(sent);
        Set<AddressFamily> common = new LinkedHashSet<>(ours);
        common.retainAll(families(received));
        List<AddressFamily> missing = config.required().families().stream()
                .filter(family -> !common.contains(family))
                .sorted((a, b) -> a.afi() != b.afi() ? a.afi() - b.afi() : a.safi() - b.safi())
                .toList();
        if (!missing.isEmpty()) {
            throw unsupportedFamilies(missing, "the peer does not offer " + names(missing));
        }
        if (common.isEmpty()) {
            // A session that can carry no route would look up and be of no use; RFC 5492, 5 lets us refuse it.
            throw unsupportedFamilies(ours, "the peer offers none of " + names(ours));
        }
        return common;
    }

    /** {@return the families of the multiprotocol capabilities, or IPv4 unicast where there is none (RFC 4760, 8)} */
    private static Set<AddressFamily> families(OpenMessage open) {
        Set<AddressFamily> families = all(open, Capability.Multiprotocol.class)
                .map(Capability.Multiprotocol::family)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return families.isEmpty() ? Set.of(AddressFamily.IPV4_UNICAST) : families;
    }

    private static void checkRequired(FsmConfig config, OpenMessage received) throws NotificationException {
        List<Integer> missing = config.required().capabilities().stream()
                .filter(code -> !received.has(capability -> capability.code() == code))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            ByteBuffer data = ByteBuffer.allocate(6 * missing.size());
            missing.forEach(code -> putSmallest(data, code, config.localAs()));
            throw error(
                    NotificationMessage.UNSUPPORTED_CAPABILITY,
                    "the peer does not offer "
                            + missing.stream().map(CapabilityNames::name).collect(Collectors.joining(", ")),
                    Arrays.copyOf(data.array(), data.position()));
        }
    }

    /** Names a capability as an OPEN would (RFC 5492, 5), with the smallest value that is well-formed. */
    private static void putSmallest(ByteBuffer data, int code, Asn localAs) {
        data.put((byte) code);
        switch (code) {
            case Capability.FOUR_OCTET_AS -> data.put((byte) 4).putInt(localAs.bits());
            case Capability.GRACEFUL_RESTART -> data.put((byte) 2).putShort((short) 0);
            default -> data.put((byte) 0);
        }
    }

    private static NotificationException unsupportedFamilies(Collection<AddressFamily> families, String detail) {
        ByteBuffer data = ByteBuffer.allocate(6 * families.size());
        for (AddressFamily family : families) {
            data.put((byte) Capability.MULTIPROTOCOL)
                    .put((byte) 4)
                    .putShort((short) family.afi())
                    .put((byte) 0)
                    .put((byte) family.safi());
        }
        return error(NotificationMessage.UNSUPPORTED_CAPABILITY, detail, data.array());
    }

    private static String names(Collection<AddressFamily> families) {
        return families.stream().map(AddressFamily::toString).collect(Collectors.joining(", "));
    }

    private static void checkRole(FsmConfig config, OpenMessage sent, OpenMessage received)
            throws NotificationException {
        Optional<Capability.Role> ours = sent.first(Capability.Role.class);
        List<Capability.Role> theirs =
                all(received, Capability.Role.class).distinct().toList();
        if (ours.isEmpty()) {
            return;
        }
        if (theirs.isEmpty()) {
            if (config.required().role()) {
                throw error(NotificationMessage.ROLE_MISMATCH, "the peer names no role, strict mode is on");
            }
            return;
        }
        if (theirs.size() > 1) {
            throw error(NotificationMessage.ROLE_MISMATCH, "the peer claims several roles: " + theirs);
        }
        Optional<BgpRole> our = BgpRole.of(ours.get().role());
        Optional<BgpRole> their = BgpRole.of(theirs.get(0).role());
        if (their.isEmpty() || !our.map(BgpRole::counterpart).equals(their)) {
            throw error(
                    NotificationMessage.ROLE_MISMATCH,
                    "the peer's role is " + name(theirs.get(0)) + ", ours is " + name(ours.get()));
        }
    }

    private static String name(Capability.Role role) {
        return BgpRole.of(role.role()).map(BgpRole::toString).orElseGet(() -> "of value " + role.role());
    }

    private static int keepaliveTime(FsmConfig config, int holdTime) {
        if (holdTime == 0) {
            return 0;
        }
        int third = Math.max(1, holdTime / 3);
        return config.keepaliveTime() > 0 ? Math.min(config.keepaliveTime(), third) : third;
    }

    private static Set<AddressFamily> addPath(
            OpenMessage sent,
            OpenMessage received,
            Set<AddressFamily> families,
            BiPredicate<Capability.AddPath.Family, Capability.AddPath.Family> agreed) {
        return families.stream()
                .filter(family -> addPath(sent, family)
                        .flatMap(ours -> addPath(received, family).filter(theirs -> agreed.test(ours, theirs)))
                        .isPresent())
                .collect(Collectors.toSet());
    }

    private static Optional<Capability.AddPath.Family> addPath(OpenMessage open, AddressFamily family) {
        return all(open, Capability.AddPath.class)
                .flatMap(capability -> capability.families().stream())
                .filter(entry -> entry.family().equals(family))
                .findFirst();
    }

    private static Set<AddressFamily> extendedNextHop(
            OpenMessage sent, OpenMessage received, Set<AddressFamily> families) {
        Set<AddressFamily> common = ipv6NextHop(sent);
        common.retainAll(ipv6NextHop(received));
        common.retainAll(families);
        return common;
    }

    private static Set<AddressFamily> ipv6NextHop(OpenMessage open) {
        return all(open, Capability.ExtendedNextHop.class)
                .flatMap(capability -> capability.entries().stream())
                .filter(entry -> entry.family().afi() == 1 && entry.nextHopAfi() == 2)
                .map(Capability.ExtendedNextHop.Entry::family)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** {@return the last of them: a repeated one replaces those before (RFC 4724, 3)} */
    private static Optional<Capability.GracefulRestart> gracefulRestart(OpenMessage open) {
        return all(open, Capability.GracefulRestart.class).reduce((before, last) -> last);
    }

    private static <C extends Capability> Stream<C> all(OpenMessage open, Class<C> kind) {
        return open.capabilities().stream().filter(kind::isInstance).map(kind::cast);
    }

    private static boolean both(OpenMessage sent, OpenMessage received, Class<? extends Capability> kind) {
        return sent.has(kind::isInstance) && received.has(kind::isInstance);
    }

    private static NotificationException error(int subcode, String detail, byte... data) {
        return new NotificationException(NotificationMessage.of(ErrorCode.OPEN_MESSAGE_ERROR, subcode, data), detail);
    }
}
