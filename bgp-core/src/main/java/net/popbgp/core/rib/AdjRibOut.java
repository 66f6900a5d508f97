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
 * <p>Several paths of a prefix (RFC 7911). Each path has a rank, 0 for the best route, and all of the above of its own: what is exported,
 * a log, what a member has. The Path Identifier is the rank + 1, so a change of the order replaces routes in place. A route that may not
 * be sent to a peer leaves its place empty.
 *
 * <p>The outbound guard. A member with a limit is advertised no more prefixes than that. Others are withheld; as room returns the lowest
 * prefix comes first. Routes of prefixes that it has are always updated. If the limit is lowered the highest prefixes are withdrawn.
 *
 * <p>Confined to the RIB thread.
 */
public final class AdjRibOut {

    private static final MemberFamily[] NO_RANKS = {};

    private final ExportOptions options;
    private final FamilyOut[][] families; // of each the ranks, none for one that is not sent
    private final List<AdjRibOut> groups; // of the tables; this one is among them while it has members
    private final List<Member> members = new ArrayList<>();

    AdjRibOut(ExportOptions options, FamilyOut[][] families, List<AdjRibOut> groups) {
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
        return new Member(peer, limits);
    }

    /** {@return what is sent of a family: the best route, and with Path Identifiers those after it (RFC 7911)} */
    FamilyOut[] ranks(int index) {
        return families[index];
    }

    /** One peer of the group. Confined to the RIB thread. */
    public final class Member {
        private final int peer;
        private final int warnPercent;
        private final @Nullable MemberRanks[] memberFamilies = new MemberRanks[2];
        private int turn;
        private boolean left;

        private Member(int peer, MemberLimits limits) {
            this.peer = peer;
            warnPercent = limits.warnPercent();
            members.add(this);
            if (members.size() == 1) {
                groups.add(AdjRibOut.this);
            }
            for (int i = 0; i < 2; i++) {
                FamilyOut[] ranks = families[i];
                if (ranks.length > 0) {
                    memberFamilies[i] = new MemberRanks(ranks, peer, limits.limit(ranks[0].family()));
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
            for (MemberRanks family : memberFamilies) {
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
                MemberRanks family = memberFamilies[turn];
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
            MemberRanks memberFamily = memberFamilies[RoutingTables.indexOf(family)];
            if (memberFamily != null) {
                memberFamily.refresh(marked);
            }
        }

        /** Holds everything of a family back, End-of-RIB too, or lets it go (RFC 4724, 4.1); not held at first. */
        public void hold(AddressFamily family, boolean on) {
            MemberRanks memberFamily = memberFamilies[RoutingTables.indexOf(family)];
            if (memberFamily != null) {
                memberFamily.hold(on);
            }
        }

        /** {@return how many prefixes the peer has been handed, each path of one counted} */
        public int advertised(AddressFamily family) {
            int sum = 0;
            for (MemberFamily rank : of(family)) {
                sum += rank.advertisedCount();
            }
            return sum;
        }

        /** {@return how many prefixes the outbound guard holds back} */
        public int withheld(AddressFamily family) {
            int sum = 0;
            for (MemberFamily rank : of(family)) {
                sum += rank.withheldCount();
            }
            return sum;
        }

        /** {@return the lowest withheld prefixes, at most {@code max}} */
        public List<Prefix> withheldPrefixes(AddressFamily family, int max) {
            List<Prefix> prefixes = new ArrayList<>();
            for (MemberFamily rank : of(family)) {
                prefixes.addAll(rank.withheldPrefixes(max - prefixes.size()));
            }
            return prefixes;
        }

        /** {@return whether the advertised prefixes have reached the warning share of the limit} */
        public boolean isNearLimit(AddressFamily family) {
            for (MemberFamily rank : of(family)) {
                if (rank.limit() > 0 && 100L * rank.advertisedCount() >= (long) warnPercent * rank.limit()) {
                    return true;
                }
            }
            return false;
        }

        /**
         * Lets that much time pass between two advertisements of a prefix (RFC 4271, 9.2.1.1). Withdrawals do not wait, and neither does
         * what the peer has asked for.
         *
         * @param interval nanoseconds, more than zero
         * @param clock nanoseconds, from any origin
         */
        public void pace(long interval, LongSupplier clock) {
            if (interval <= 0) {
                throw new IllegalArgumentException("an advertisement interval is more than zero: " + interval);
            }
            for (AddressFamily family : options.families()) {
                for (MemberFamily rank : of(family)) {
                    rank.pace(new Pacing(interval, clock));
                }
            }
        }

        /**
         * Remembers from now on when each prefix is advertised, for {@link #advertised(AddressFamily, long, int)}. What a member that this one
         * has taken the place of has remembered stays.
         *
         * @param clock milliseconds since 1970
         */
        public void recordTimes(LongSupplier clock) {
            for (AddressFamily family : options.families()) {
                for (MemberFamily rank : of(family)) {
                    SentTimes times = new SentTimes(clock);
                    SentTimes before = rank.times();
                    if (before != null) {
                        times.takeOver(before);
                    }
                    rank.recordTimes(times);
                }
            }
        }

        /** {@return nanoseconds until {@link #next} has a route that waits for its interval now, empty if none does} */
        public OptionalLong nanosToNextPaced() {
            long least = Pacing.NEVER;
            for (MemberRanks family : memberFamilies) {
                if (family != null) {
                    for (MemberFamily rank : family.ranks()) {
                        least = Math.min(least, rank.nanosToNextPaced());
                    }
                }
            }
            return least == Pacing.NEVER ? OptionalLong.empty() : OptionalLong.of(least);
        }

        /** Changes the outbound guard, 0 for none; takes effect with the next batch. */
        public void setLimit(AddressFamily family, int limit) {
            if (limit < 0) {
                throw new IllegalArgumentException("negative prefix limit: " + limit);
            }
            for (MemberFamily rank : of(family)) {
                rank.limit(limit);
            }
        }

        /**
         * Moves the peer to another group of the same tables, because its options have changed. The peer keeps what it has been sent; what
         * differs is advertised or withdrawn.
         *
         * @throws IllegalArgumentException if the other group is sent more or fewer paths of a prefix, which takes a new session
         * @return the member that takes this one's place
         */
        public Member moveTo(AdjRibOut other, MemberLimits limits) {
            Member successor = other.new Member(peer, limits);
            for (int i = 0; i < 2; i++) {
                MemberRanks before = memberFamilies[i];
                MemberRanks after = successor.memberFamilies[i];
                if (before != null && after != null) {
                    after.takeOver(before);
                }
            }
            if (!other.options.routing().advertisedTimes()) {
                other.options.families().forEach(family -> {
                    for (MemberFamily rank : successor.of(family)) {
                        rank.recordTimes(null);
                    }
                });
            }
            leave();
            return successor;
        }

        /** {@return a page of what the peer has been handed, in no particular order of prefixes} */
        public AdvertisedPage advertised(AddressFamily family, long cursor, int limit) {
            FamilyOut[] outs = families[RoutingTables.indexOf(family)];
            MemberFamily[] ranks = of(family);
            List<AdvertisedPage.Row> rows = new ArrayList<>();
            long begin = Math.max(0, cursor);
            for (int rank = (int) (begin >>> 32), id = (int) begin; rank < ranks.length; rank++, id = 0) {
                int end = outs[rank].rib.prefixes.highWater();
                for (; id < end; id++) {
                    if (rows.size() == limit) {
                        return new AdvertisedPage(rows, (long) rank << 32 | id);
                    }
                    if (ranks[rank].isAdvertised(id) && outs[rank].exported(id) != 0) {
                        rows.add(outs[rank].row(id, ranks[rank].times()));
                    }
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
            for (MemberRanks family : memberFamilies) {
                if (family != null) {
                    family.leave();
                }
            }
            if (members.isEmpty()) {
                groups.remove(AdjRibOut.this);
            }
        }

        private MemberFamily[] of(AddressFamily family) {
            MemberRanks memberFamily = memberFamilies[RoutingTables.indexOf(family)];
            return memberFamily == null ? NO_RANKS : memberFamily.ranks();
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

        /**
         * One prefix with the attributes now exported; a change of them may still be pending. Immutable.
         *
         * @param pathId the Path Identifier, 0 where none is sent
         * @param addedMillis when the peer was first advertised the prefix since it last had not, milliseconds since 1970; 0 if not recorded
         * @param updatedMillis when it was last advertised it; 0 if not recorded
         */
        public record Row(Prefix prefix, PathAttributes attributes, int pathId, long addedMillis, long updatedMillis) {}
    }
}
