package net.popbgp.core.rib;

import java.util.Arrays;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.jspecify.annotations.Nullable;

/**
 * What the tables hold about one peer: where its routes come from, in the form the decision needs, its import policy, and its columns, one
 * of each per family. The column of accepted routes exists only once the policy has changed or refused something; until then it is the
 * column of received ones.
 *
 * <p>A peer that sends several paths of a prefix (RFC 7911) has lanes: each is a PeerState with a number and columns of its own, which holds
 * at most one path of each prefix, and takes part in the decision as a peer does. The first lane is the peer itself, and the only one for
 * all others. Source, policy and limits are the peer's and the same in all its lanes.
 *
 * <p>Confined to the RIB thread.
 */
@SuppressWarnings("ReferenceEquality") // attribute sets are interned when they come here
final class PeerState {

    private static final int REMEMBERED = 64;

    final int index;
    /** The peer that this is a lane of, often itself. */
    final PeerState owner;

    PeerState[] lanes = {this};
    /** Families whose routes carry Path Identifiers; the peer's. */
    final boolean[] withPathIds = new boolean[2];

    private final Column[] pathIds = {new Column(), new Column()}; // 0 has no entry
    final long[] pathsDiscarded = new long[2];
    final Column[] received = {new Column(), new Column()};
    final Column[] separatelyAccepted = new Column[2];
    final int[] acceptedCount = new int[2];
    final int[] bestCount = new int[2];
    final int[] receiveLimit = {Integer.MAX_VALUE, Integer.MAX_VALUE};
    final long[] discarded = new long[2];
    final @Nullable StaleMarks[] stale = new StaleMarks[2];
    boolean reflectorClient;

    private RouteSource source;
    private RoutePolicy importPolicy;
    private boolean external;
    private int routerId;
    private int remoteAs;
    private long metric;
    private byte[] address;
    private final PathAttributes[] judged = new PathAttributes[REMEMBERED];
    private final PolicyVerdict[] verdicts = new PolicyVerdict[REMEMBERED];

    PeerState(int index, RouteSource source, RoutePolicy importPolicy) {
        this.index = index;
        this.owner = this;
        this.source = source;
        this.importPolicy = importPolicy;
        this.address = source.peer().getAddress();
        source(source);
    }

    /** A further lane of a peer. */
    PeerState(int index, PeerState owner) {
        this.index = index;
        this.owner = owner;
        source = owner.source;
        importPolicy = owner.importPolicy;
        address = owner.address;
        takeSource(source);
    }

    void source(RouteSource newSource) {
        for (PeerState lane : lanes) {
            lane.takeSource(newSource);
        }
    }

    private void takeSource(RouteSource newSource) {
        source = newSource;
        external = newSource.type() == PeerType.EXTERNAL;
        routerId = newSource.routerId().bits();
        remoteAs = external ? newSource.remoteAs().bits() : 0;
        metric = (long) newSource.metric() << 48;
        address = newSource.peer().getAddress();
        forgetVerdicts();
    }

    void importPolicy(RoutePolicy policy) {
        for (PeerState lane : lanes) {
            lane.importPolicy = policy;
            lane.forgetVerdicts();
        }
    }

    boolean isFull(int family) {
        int limit = owner.receiveLimit[family];
        return limit != Integer.MAX_VALUE && owner.received(family) >= limit;
    }

    /** Returns how many routes the peer has announced, all paths counted. */
    int received(int family) {
        int sum = 0;
        for (PeerState lane : lanes) {
            sum += lane.received[family].size();
        }
        return sum;
    }

    int accepted(int family) {
        int sum = 0;
        for (PeerState lane : lanes) {
            sum += lane.acceptedCount[family];
        }
        return sum;
    }

    int best(int family) {
        int sum = 0;
        for (PeerState lane : lanes) {
            sum += lane.bestCount[family];
        }
        return sum;
    }

    int stale(int family) {
        int sum = 0;
        for (PeerState lane : lanes) {
            StaleMarks marks = lane.stale[family];
            sum += marks == null ? 0 : marks.count();
        }
        return sum;
    }

    /** Returns the lane that has the path, null if there is none. */
    @Nullable
    PeerState laneOf(int family, int id, int pathId) {
        for (PeerState lane : lanes) {
            if (lane.received[family].get(id) != 0 && lane.pathId(family, id) == pathId) {
                return lane;
            }
        }
        return null;
    }

    /** Returns the bits of the Path Identifier of the lane's path, 0 where none was carried. */
    int pathId(int family, int id) {
        return pathIds[family].get(id);
    }

    void pathId(int family, int id, int bits, int capacity) {
        pathIds[family].put(id, bits, capacity);
    }

    void forgetPathIds(int family) {
        pathIds[family] = new Column();
    }

    RouteSource source() {
        return source;
    }

    boolean isExternal() {
        return external;
    }

    int routerId() {
        return routerId;
    }

    /** Returns the neighbouring AS of routes whose AS_PATH does not say it. */
    int remoteAs() {
        return remoteAs;
    }

    /** Returns the metric in the uppermost 16 bits. */
    long metric() {
        return metric;
    }

    byte[] address() {
        return address;
    }

    /** Returns the accepted attributes of a prefix, 0 for none. */
    int accepted(int family, int id) {
        Column column = separatelyAccepted[family];
        return column == null ? received[family].get(id) : column.get(id);
    }

    boolean policyDependsOnPrefix() {
        return importPolicy.dependsOnPrefix();
    }

    PolicyVerdict judge(Prefix prefix, PathAttributes attributes) {
        return importPolicy.evaluate(new Route(prefix, attributes, source));
    }

    /** Returns the verdict for any prefix; those of the last attribute sets are remembered. */
    PolicyVerdict judgeAll(Prefix anyPrefix, PathAttributes attributes) {
        int slot = attributes.hashCode() & REMEMBERED - 1;
        if (judged[slot] == attributes) {
            return verdicts[slot];
        }
        PolicyVerdict verdict = judge(anyPrefix, attributes);
        judged[slot] = attributes;
        verdicts[slot] = verdict;
        return verdict;
    }

    static @Nullable PathAttributes accepted(PolicyVerdict verdict, PathAttributes attributes) {
        if (verdict instanceof PolicyVerdict.Accept) {
            return attributes;
        }
        return verdict instanceof PolicyVerdict.AcceptModified modified ? modified.attributes() : null;
    }

    long memoryBytes() {
        long bytes = 0;
        for (int family = 0; family < 2; family++) {
            bytes += received[family].memoryBytes() + pathIds[family].memoryBytes();
            bytes += separatelyAccepted[family] == null ? 0 : separatelyAccepted[family].memoryBytes();
            StaleMarks marks = stale[family];
            bytes += marks == null ? 0 : marks.memoryBytes();
        }
        return bytes;
    }

    @SuppressWarnings("NullAway") // an empty slot of the memory
    private void forgetVerdicts() {
        Arrays.fill(judged, null);
    }
}
