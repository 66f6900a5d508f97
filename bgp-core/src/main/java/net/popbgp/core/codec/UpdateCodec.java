package net.popbgp.core.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.message.AttributeFault;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.Treatment;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.message.UpdateMessage.Announcement;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import org.jspecify.annotations.Nullable;

/**
 * Reads UPDATEs (RFC 4271, 4.3 and 6.3; RFC 4760; RFC 7606). Attributes that came before are found in a cache by their octets; the way
 * through {@link AttributeCodec} is for those that are new, faulty, or mixed with NLRI attributes in an unusual order.
 *
 * <p>Not thread-safe.
 */
final class UpdateCodec {

    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
    private static final int WITHDRAWN = MessageCodec.HEADER_LENGTH + 2;

    private final CodecOptions options;
    private final boolean takesIpv4;
    private final AttributeCache cache = new AttributeCache();
    private @Nullable NextHop lastNextHop; // one object for all sets of a peer that has one

    UpdateCodec(CodecOptions options) {
        this.options = options;
        takesIpv4 = Multiprotocol.isTaken(IPV4, options);
    }

    /** Reads the message that fills the array up to its end. */
    UpdateMessage decode(byte[] octets, int end) throws NotificationException {
        int withdrawnEnd = WITHDRAWN + Octets.u16(octets, WITHDRAWN - 2);
        if (withdrawnEnd + 2 > end) {
            throw Notifications.malformedAttributeList("Withdrawn Routes overrun the message");
        }
        int attributes = withdrawnEnd + 2;
        int nlri = attributes + Octets.u16(octets, withdrawnEnd);
        if (nlri > end) {
            throw Notifications.malformedAttributeList("Path Attributes overrun the message");
        }
        if (end == WITHDRAWN + 2) {
            return UpdateMessage.endOfRib(IPV4);
        }
        Reading reading = new Reading(octets, attributes, nlri, end);
        reading.withdrawn(IPV4, WITHDRAWN, withdrawnEnd, NotificationMessage.INVALID_NETWORK_FIELD, WITHDRAWN);
        if (attributes < end && !reading.known()) {
            reading.unknown();
        }
        return reading.result();
    }

    /** Most messages have one of a kind, if any: that needs no list to be filled and copied. */
    private static <T> List<T> with(List<T> before, T last) {
        if (before.isEmpty()) {
            return List.of(last);
        }
        List<T> longer = before.size() == 1 ? new ArrayList<>(before) : before;
        longer.add(last);
        return longer;
    }

    private NextHop shared(NextHop nextHop) {
        NextHop last = lastNextHop;
        if (last != null && last.equals(nextHop)) {
            return last;
        }
        lastNextHop = nextHop;
        return nextHop;
    }

    /** One UPDATE while it is read. */
    private final class Reading {
        private final byte[] octets;
        private final int attributes;
        private final int nlri;
        private final int end;
        private List<Announcement> announced = List.of();
        private List<PackedPrefixes> withdrawn = List.of();
        private Optional<AddressFamily> endOfRib = Optional.empty();
        private List<AttributeFault> faults = List.of();

        Reading(byte[] octets, int attributes, int nlri, int end) {
            this.octets = octets;
            this.attributes = attributes;
            this.nlri = nlri;
            this.end = end;
        }

        UpdateMessage result() {
            return new UpdateMessage(announced, withdrawn, endOfRib, faults);
        }

        /** {@return whether the attributes are those of an earlier UPDATE; then the message is read} */
        boolean known() throws NotificationException {
            if (nlri < end) {
                PathAttributes cached = cache.find(octets, attributes, attributes, attributes, nlri);
                if (cached != null) {
                    announce(cached, announcedNlri());
                }
                return cached != null;
            }
            int reachEnd = leadingReachEnd();
            if (reachEnd < 0) {
                return false;
            }
            int value = attributes + headerLength();
            Multiprotocol.Reach reach = Multiprotocol.readReach(octets, attributes, value, reachEnd, options);
            if (!reach.taken() || reach.isEmpty()) {
                return false;
            }
            PathAttributes cached = cache.find(octets, reach.keyFrom(), reach.nextHopEnd(), reachEnd, nlri);
            if (cached != null) {
                announce(cached, announcedNlri(reach));
            }
            return cached != null;
        }

        private int headerLength() {
            return (octets[attributes] & AttributeCodec.EXTENDED_LENGTH) != 0 ? 4 : 3;
        }

        /** {@return the end of the first attribute if it is a well-formed MP_REACH_NLRI (RFC 7606, 5.1), otherwise -1} */
        private int leadingReachEnd() {
            int header = headerLength();
            if (nlri - attributes < header
                    || (octets[attributes] & 0xC0) != 0x80
                    || octets[attributes + 1] != AttributeCodec.MP_REACH_NLRI) {
                return -1;
            }
            int length = header == 4 ? Octets.u16(octets, attributes + 2) : Octets.u8(octets, attributes + 2);
            int reachEnd = attributes + header + length;
            return reachEnd <= nlri ? reachEnd : -1;
        }

        /** Reads the attributes one by one. */
        void unknown() throws NotificationException {
            ReceivedAttributes received = AttributeCodec.read(octets, attributes, nlri, options);
            Multiprotocol.Reach reach = readReach(received);
            readUnreach(received);
            boolean classic = nlri < end && takesIpv4;
            boolean multiprotocol = reach != null && reach.taken() && !reach.isEmpty();
            NextHop reachNextHop = reach != null && multiprotocol ? Multiprotocol.readNextHop(octets, reach) : null;
            check(received, classic, reachNextHop);
            NotificationException severest = received.severest();
            if (severest != null && nlri == end && (reach == null || reach.isEmpty())) {
                throw severest; // nothing that could be withdrawn (RFC 7606, 5.2)
            }
            boolean pure = received.faults.isEmpty() && !received.has(AttributeCodec.MP_UNREACH_NLRI);
            if (nlri < end) {
                PackedPrefixes prefixes = announcedNlri();
                PathAttributes own =
                        received.build(received.nextHop == null ? null : shared(NextHop.of(received.nextHop)));
                if (classic && pure && reach == null) {
                    cache.put(octets, attributes, attributes, attributes, nlri, own);
                }
                conclude(severest, own, prefixes);
            }
            if (reach != null && reachNextHop != null) {
                PackedPrefixes prefixes = announcedNlri(reach);
                PathAttributes own = received.build(shared(reachNextHop));
                if (pure && nlri == end && reach.at() == attributes) {
                    cache.put(octets, reach.keyFrom(), reach.nextHopEnd(), reach.end(), nlri, own);
                }
                conclude(severest, own, prefixes);
            }
            if (faults.isEmpty()) {
                faults = received.faults;
            } else {
                for (AttributeFault fault : received.faults) {
                    faults = with(faults, fault);
                }
            }
        }

        private Multiprotocol.@Nullable Reach readReach(ReceivedAttributes received) throws NotificationException {
            if (received.reachAt == ReceivedAttributes.ABSENT) {
                return null;
            }
            Multiprotocol.Reach reach =
                    Multiprotocol.readReach(octets, received.reachAt, received.reachFrom, received.reachEnd, options);
            if (!reach.taken()) {
                received.discard(AttributeCodec.MP_REACH_NLRI, "family " + reach.family() + " was not negotiated");
            }
            return reach;
        }

        private void readUnreach(ReceivedAttributes received) throws NotificationException {
            int at = received.unreachAt;
            if (at == ReceivedAttributes.ABSENT) {
                return;
            }
            int unreachEnd = received.unreachEnd;
            AddressFamily family = Multiprotocol.readUnreach(octets, at, received.unreachFrom, unreachEnd);
            int from = received.unreachFrom + 3;
            if (!Multiprotocol.isTaken(family, options)) {
                received.discard(AttributeCodec.MP_UNREACH_NLRI, "family " + family + " was not negotiated");
            } else if (from < unreachEnd) {
                withdrawn(family, from, unreachEnd, NotificationMessage.OPTIONAL_ATTRIBUTE_ERROR, at);
            } else if (at == attributes && unreachEnd == nlri && nlri == end && withdrawn.isEmpty()) {
                endOfRib = Optional.of(family);
            }
        }

        private void check(ReceivedAttributes received, boolean classic, @Nullable NextHop reachNextHop) {
            if (classic || reachNextHop != null) {
                received.requireMandatory(classic);
            }
            if (classic && received.nextHop != null && !Multiprotocol.isHostAddress(received.nextHop)) {
                invalidNextHop(received, AttributeCodec.NEXT_HOP, NextHop.of(received.nextHop));
            }
            if (reachNextHop != null && !Multiprotocol.isHostAddress(reachNextHop.address())) {
                invalidNextHop(received, AttributeCodec.MP_REACH_NLRI, reachNextHop);
            }
        }

        private void invalidNextHop(ReceivedAttributes received, int type, NextHop nextHop) {
            String detail = "next hop " + nextHop + " is not a host address";
            received.treatAsWithdraw(type, detail, Notifications.update(NotificationMessage.INVALID_NEXT_HOP, detail));
        }

        private void conclude(@Nullable NotificationException severest, PathAttributes own, PackedPrefixes prefixes) {
            if (severest == null) {
                announce(own, prefixes);
            } else if (!prefixes.isEmpty()) {
                withdrawn = with(withdrawn, prefixes);
            }
        }

        private void announce(PathAttributes own, PackedPrefixes prefixes) {
            if (!prefixes.isEmpty()) {
                announced = with(announced, new Announcement(own, prefixes));
            }
        }

        private PackedPrefixes announcedNlri() throws NotificationException {
            return prefixes(IPV4, nlri, end, true, NotificationMessage.INVALID_NETWORK_FIELD, nlri);
        }

        private PackedPrefixes announcedNlri(Multiprotocol.Reach reach) throws NotificationException {
            return prefixes(
                    reach.family(),
                    reach.nlri(),
                    reach.end(),
                    true,
                    NotificationMessage.OPTIONAL_ATTRIBUTE_ERROR,
                    reach.at());
        }

        private void withdrawn(AddressFamily family, int from, int fieldEnd, int subcode, int dataFrom)
                throws NotificationException {
            PackedPrefixes prefixes = prefixes(family, from, fieldEnd, false, subcode, dataFrom);
            if (!prefixes.isEmpty()) {
                withdrawn = with(withdrawn, prefixes);
            }
        }

        /** Reads NLRI; none where the family was not negotiated. */
        private PackedPrefixes prefixes(
                AddressFamily family, int from, int fieldEnd, boolean announcing, int subcode, int dataFrom)
                throws NotificationException {
            boolean pathIds = options.addPathReceive().contains(family);
            int count = NlriCodec.count(octets, from, fieldEnd, family, pathIds);
            if (count < 0) {
                byte[] data = subcode == NotificationMessage.OPTIONAL_ATTRIBUTE_ERROR
                        ? Notifications.data(octets, dataFrom, fieldEnd)
                        : new byte[0];
                throw Notifications.update(subcode, "NLRI of " + family + " cannot be parsed", data);
            }
            if (count == 0) {
                return PackedPrefixes.empty(family);
            }
            if (!takesIpv4 && family.equals(IPV4)) {
                fault("family " + family + " was not negotiated");
                return PackedPrefixes.empty(family);
            }
            PackedPrefixes prefixes = NlriCodec.read(octets, from, fieldEnd, family, pathIds, count, announcing);
            if (prefixes.size() < count) {
                fault((count - prefixes.size()) + " prefixes of multicast, loopback or reserved addresses ignored");
            }
            return prefixes;
        }

        private void fault(String detail) {
            faults = with(faults, new AttributeFault(0, Treatment.ATTRIBUTE_DISCARD, detail));
        }
    }
}
