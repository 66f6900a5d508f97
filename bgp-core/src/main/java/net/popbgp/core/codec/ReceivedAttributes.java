package net.popbgp.core.codec;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.attribute.Aggregator;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.attribute.RawAttribute;
import net.popbgp.core.message.AttributeFault;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.Treatment;
import net.popbgp.core.net.Asn;
import org.jspecify.annotations.Nullable;

/** The attributes of one UPDATE while it is read. Not thread-safe. */
final class ReceivedAttributes {

    static final int ABSENT = -1;

    final CodecOptions options;
    final PathAttributes.Builder builder = PathAttributes.builder();
    List<AttributeFault> faults = List.of();

    @Nullable
    AsPath asPath;

    @Nullable
    AsPath as4Path;

    @Nullable
    Aggregator aggregator;

    @Nullable
    Aggregator as4Aggregator;

    @Nullable
    InetAddress nextHop;

    /** Where MP_REACH_NLRI and MP_UNREACH_NLRI lie: the attribute, its value, its end. */
    int reachAt = ABSENT;

    int reachFrom = ABSENT;

    int reachEnd = ABSENT;
    int unreachAt = ABSENT;
    int unreachFrom = ABSENT;
    int unreachEnd = ABSENT;

    private final long[] seen = new long[4];
    private List<RawAttribute> unrecognized = List.of();
    private @Nullable NotificationException severest;

    ReceivedAttributes(CodecOptions options) {
        this.options = options;
    }

    /** {@return whether an attribute of this type was there, malformed ones included} */
    boolean has(int type) {
        return (seen[type >>> 6] >>> type & 1) != 0;
    }

    /** Notes the type. {@return whether it is there for the first time} */
    boolean first(int type) {
        boolean first = !has(type);
        seen[type >>> 6] |= 1L << type;
        return first;
    }

    void keep(RawAttribute attribute) {
        if (unrecognized.isEmpty()) {
            unrecognized = new ArrayList<>(2);
        }
        unrecognized.add(attribute);
    }

    void discard(int type, String detail) {
        fault(new AttributeFault(type, Treatment.ATTRIBUTE_DISCARD, detail));
    }

    private void fault(AttributeFault fault) {
        if (faults.isEmpty()) {
            faults = new ArrayList<>(2);
        }
        faults.add(fault);
    }

    /** Notes an error, with the NOTIFICATION it becomes where no routes can be withdrawn for it (RFC 7606, 5.2). */
    void treatAsWithdraw(int type, String detail, NotificationException otherwise) {
        fault(new AttributeFault(type, Treatment.TREAT_AS_WITHDRAW, detail));
        if (severest == null) {
            severest = otherwise;
        }
    }

    /** {@return the first error that is more than a discarded attribute} */
    @Nullable
    NotificationException severest() {
        return severest;
    }

    /** Treats as withdrawn what lacks a well-known mandatory attribute (RFC 4271, 5; RFC 7606, 3 d). */
    void requireMandatory(boolean nextHopToo) {
        require(AttributeCodec.ORIGIN, "ORIGIN");
        require(AttributeCodec.AS_PATH, "AS_PATH");
        if (nextHopToo) {
            require(AttributeCodec.NEXT_HOP, "NEXT_HOP");
        }
    }

    private void require(int type, String name) {
        if (!has(type)) {
            String detail = name + " is missing";
            treatAsWithdraw(
                    type, detail, Notifications.update(NotificationMessage.MISSING_WELL_KNOWN_ATTRIBUTE, detail, (byte)
                            type));
        }
    }

    /** {@return what was received, with that next hop, four-octet AS numbers put back (RFC 6793, 4.2.3)} */
    PathAttributes build(@Nullable NextHop ownNextHop) {
        boolean as4 =
                as4Aggregator == null || aggregator == null || aggregator.asn().equals(Asn.AS_TRANS);
        AsPath path = asPath == null ? AsPath.EMPTY : asPath;
        builder.asPath(as4Path != null && as4 ? AsPathCodec.merge(path, as4Path) : path);
        builder.aggregator(as4Aggregator != null && aggregator != null && as4 ? as4Aggregator : aggregator);
        if (ownNextHop == null) {
            builder.withoutNextHop();
        } else {
            builder.nextHop(ownNextHop);
        }
        return builder.unrecognized(unrecognized).build();
    }
}
