package net.popbgp.core.rib;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * The Adj-RIBs-Out (RFC 4271, 3.2) of a group: all peers with the same {@link ExportOptions}. Export rules and policy run once per group
 * and attribute set, and batches that several members need alike are one object, to be encoded once.
 *
 * <p>How it works. Per prefix the group holds the exported attribute set and its source. A change of either appends the prefix to a log and
 * makes any earlier entry of that prefix void, so that the last write wins. Each member reads the log at its own pace and decides by what
 * it was sent before: a prefix that it has and should not have is withdrawn, one that it should have is advertised. A peer is never sent
 * its own routes, therefore a change of the source alone matters, but only to the old and the new source; the others skip such an entry.
 * A member that is new or asked for a refresh reads the table first and then the log from where it stood; End-of-RIB follows when it has
 * reached the end that the log had when the table was read.
 *
 * <p>What bounds it. The log is compacted when more than half of it is void, so a member that never reads costs at most one entry per
 * prefix. What all members have read is dropped, and with it the numbers of prefixes that have gone. A group without members keeps
 * nothing.
 *
 * <p>The outbound guard. A member with a limit is advertised no more prefixes than that. Others are withheld; as room returns the lowest
 * prefix comes first. Routes of prefixes that it has are always updated. If the limit is lowered the highest prefixes are withdrawn.
 *
 * <p>Confined to the RIB thread.
 */
public final class AdjRibOut {

    private final ExportOptions options;
    private final @Nullable FamilyOut[] families;
    private final List<AdjRibOut> groups; // of the tables; this one is among them while it has members
    private final List<Member> members = new ArrayList<>();

    AdjRibOut(ExportOptions options, @Nullable FamilyOut[] families, List<AdjRibOut> groups) {
        this.options = options;
        this.families = families;
        this.groups = groups;
    }

    public ExportOptions options() {
        return options;
    }

    public List<Member> members() {
        return List.copyOf(members);
    }

    /**
     * Adds a peer, which is then due all routes and End-of-RIB of each family.
     *
     * @param peer its number in the tables; it is not sent its own routes
     */
    public Member join(int peer, MemberLimits limits) {
        return new Member(peer, limits, true);
    }

    @Nullable
    FamilyOut family(int index) {
        return families[index];
    }

    /** One peer of the group. Confined to the RIB thread. */
    public final class Member {
        private final int peer;
        private final int warnPercent;
        private final @Nullable MemberFamily[] memberFamilies = new MemberFamily[2];
        private int turn;
        private boolean left;

        private Member(int peer, MemberLimits limits, boolean endOfRib) {
            this.peer = peer;
            warnPercent = limits.warnPercent();
            members.add(this);
            if (members.size() == 1) {
                groups.add(AdjRibOut.this);
            }
            for (int i = 0; i < 2; i++) {
                FamilyOut family = families[i];
                if (family != null) {
                    memberFamilies[i] = new MemberFamily(family, peer, limits.limit(family.family()), endOfRib);
                }
            }
        }

        public int peer() {
            return peer;
        }

        public AdjRibOut group() {
            return AdjRibOut.this;
        }

        /** {@return whether {@link #next} may have something; it can still turn out that nothing concerns this peer} */
        public boolean hasPending() {
            for (MemberFamily family : memberFamilies) {
                if (!left && family != null && family.hasPending()) {
                    return true;
                }
            }
            return false;
        }

        /**
         * {@return the next batch, of one family, families in turn; null if nothing is pending} The same object is returned to members that
         * need the same.
         *
         * @param maxPrefixes about how many prefixes at most; a lowered limit withdraws all at once
         */
        public @Nullable RouteBatch next(int maxPrefixes) {
            if (maxPrefixes < 1) {
                throw new IllegalArgumentException("a batch holds at least one prefix, not " + maxPrefixes);
            }
            for (int i = 0; i < 2 && !left; i++) {
                MemberFamily family = memberFamilies[turn];
                turn ^= 1;
                RouteBatch batch = family == null || !family.hasPending() ? null : family.next(maxPrefixes);
                if (batch != null) {
                    return batch;
                }
            }
            return null;
        }

        /**
         * Makes all routes of the family due again (RFC 2918).
         *
         * @param marked between the markers of RFC 7313; a refresh that is under way begins anew, and none begins before End-of-RIB
         */
        public void refresh(AddressFamily family, boolean marked) {
            MemberFamily memberFamily = of(family);
            if (memberFamily != null) {
                memberFamily.refresh(marked);
            }
        }

        /** Holds everything of a family back, End-of-RIB too, or lets it go (RFC 4724, 4.1); not held at first. */
        public void hold(AddressFamily family, boolean on) {
            MemberFamily memberFamily = of(family);
            if (memberFamily != null) {
                memberFamily.hold(on);
            }
        }

        /** {@return how many prefixes the peer has been handed} */
        public int advertised(AddressFamily family) {
            MemberFamily memberFamily = of(family);
            return memberFamily == null ? 0 : memberFamily.advertisedCount();
        }

        /** {@return how many prefixes the outbound guard holds back} */
        public int withheld(AddressFamily family) {
            MemberFamily memberFamily = of(family);
            return memberFamily == null ? 0 : memberFamily.withheldCount();
        }

        /** {@return the lowest withheld prefixes, at most {@code max}} */
        public List<Prefix> withheldPrefixes(AddressFamily family, int max) {
            MemberFamily memberFamily = of(family);
            return memberFamily == null ? List.of() : memberFamily.withheldPrefixes(max);
        }

        /** {@return whether the advertised prefixes have reached the warning share of the limit} */
        public boolean isNearLimit(AddressFamily family) {
            MemberFamily memberFamily = of(family);
            return memberFamily != null
                    && memberFamily.limit() > 0
                    && 100L * memberFamily.advertisedCount() >= (long) warnPercent * memberFamily.limit();
        }

        /**
         * Lets that much time pass between two advertisements of a prefix (RFC 4271, 9.2.1.1). Withdrawals do not wait, and neither does what the
         * peer has asked for.
         *
         * @param interval nanoseconds, more than zero
         * @param clock nanoseconds, from any origin
         */
        public void pace(long interval, LongSupplier clock) {
            if (interval <= 0) {
                throw new IllegalArgumentException("an advertisement interval is more than zero: " + interval);
            }
            for (MemberFamily family : memberFamilies) {
                if (family != null) {
                    family.pace(new Pacing(interval, clock));
                }
            }
        }

        /** {@return nanoseconds until {@link #next} has a route that waits for its interval now, empty if none does} */
        public OptionalLong nanosToNextPaced() {
            long least = Pacing.NEVER;
            for (MemberFamily family : memberFamilies) {
                if (family != null) {
                    least = Math.min(least, family.nanosToNextPaced());
                }
            }
            return least == Pacing.NEVER ? OptionalLong.empty() : OptionalLong.of(least);
        }

        /** Changes the outbound guard, 0 for none; takes effect with the next batch. */
        public void setLimit(AddressFamily family, int limit) {
            if (limit < 0) {
                throw new IllegalArgumentException("negative prefix limit: " + limit);
            }
            MemberFamily memberFamily = of(family);
            if (memberFamily != null) {
                memberFamily.limit(limit);
            }
        }

        /**
         * Moves the peer to another group of the same tables, because its options have changed. The peer keeps what it has been sent; what
         * differs is advertised or withdrawn.
         *
         * @return the member that takes this one's place
         */
        public Member moveTo(AdjRibOut other, MemberLimits limits) {
            Member successor = other.new Member(peer, limits, true);
            for (int i = 0; i < 2; i++) {
                MemberFamily before = memberFamilies[i];
                MemberFamily after = successor.memberFamilies[i];
                if (before != null && after != null) {
                    after.takeOver(before);
                }
            }
            leave();
            return successor;
        }

        /** {@return a page of what the peer has been handed, in no particular order of prefixes} */
        public AdvertisedPage advertised(AddressFamily family, long cursor, int limit) {
            MemberFamily memberFamily = of(family);
            FamilyOut out = families[RoutingTables.indexOf(family)];
            List<AdvertisedPage.Row> rows = new ArrayList<>();
            if (memberFamily == null || out == null) {
                return new AdvertisedPage(rows, RibPage.END);
            }
            int end = out.rib.prefixes.highWater();
            for (int id = (int) Math.max(0, cursor); id < end; id++) {
                if (rows.size() == limit) {
                    return new AdvertisedPage(rows, id);
                }
                if (memberFamily.isAdvertised(id) && out.exported(id) != 0) {
                    rows.add(out.row(id));
                }
            }
            return new AdvertisedPage(rows, RibPage.END);
        }

        /** Ends the membership: nothing more is pending. */
        public void leave() {
            if (left) {
                return;
            }
            left = true;
            members.remove(this);
            for (MemberFamily family : memberFamilies) {
                if (family != null) {
                    family.leave();
                }
            }
            if (members.isEmpty()) {
                groups.remove(AdjRibOut.this);
            }
        }

        private @Nullable MemberFamily of(AddressFamily family) {
            return memberFamilies[RoutingTables.indexOf(family)];
        }
    }

    /**
     * Some of what a peer has been handed. Immutable.
     *
     * @param nextCursor where the next page begins, {@link RibPage#END} if there is none
     */
    public record AdvertisedPage(List<Row> rows, long nextCursor) {

        public AdvertisedPage {
            rows = List.copyOf(rows);
        }

        /** One prefix with the attributes now exported; a change of them may still be pending. Immutable. */
        public record Row(Prefix prefix, PathAttributes attributes) {}
    }
}
