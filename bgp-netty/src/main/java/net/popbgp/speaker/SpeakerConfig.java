package net.popbgp.speaker;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;

/**
 * What the whole speaker has to know. Immutable.
 *
 * @param clusterId our CLUSTER_ID as a route reflector (RFC 4456, 7): the same for all reflectors of a cluster; the router id by default
 * @param listen where to wait for peers; empty for nowhere. Port 0 takes a free one
 * @param ioThreads event loops for the peers, 1..64; one more thread holds the tables and one calls the listeners
 * @param honourDrain whether a route that its neighbour drains loses to one that is not, before metrics are compared
 * @param revertDelay how long a circuit of a group that has come back may take to its End-of-RIB before its routes count anyway; at most 10
 *     minutes
 * @param nativeTransport whether epoll is used where it is available; without it there is no TCP MD5 and no GTSM
 */
public record SpeakerConfig(
        Asn localAs,
        RouterId routerId,
        RouterId clusterId,
        List<InetSocketAddress> listen,
        int ioThreads,
        boolean honourDrain,
        Duration revertDelay,
        boolean nativeTransport) {

    private static final Duration REVERT_DELAY = Duration.ofSeconds(10);
    /** The longest revert delay. */
    public static final Duration MAX_REVERT_DELAY = Duration.ofMinutes(10);

    public SpeakerConfig {
        if (localAs.value() == 0 || localAs.equals(Asn.AS_TRANS)) {
            throw new IllegalArgumentException("local AS must not be 0 or 23456: " + localAs);
        }
        if (!routerId.isValid()) {
            throw new IllegalArgumentException("router id must not be 0.0.0.0");
        }
        if (!clusterId.isValid()) {
            throw new IllegalArgumentException("cluster id must not be 0.0.0.0");
        }
        if (ioThreads < 1 || ioThreads > 64) {
            throw new IllegalArgumentException("io threads out of range 1..64: " + ioThreads);
        }
        if (revertDelay.isNegative() || revertDelay.compareTo(MAX_REVERT_DELAY) > 0) {
            throw new IllegalArgumentException("revert delay out of range 0..10 minutes: " + revertDelay);
        }
        listen = List.copyOf(listen);
    }

    /** {@return a builder that listens nowhere and has one event loop per two processors, two at least} */
    public static Builder builder(Asn localAs, RouterId routerId) {
        return new Builder(localAs, routerId);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Asn localAs;
        private final RouterId routerId;
        private RouterId clusterId;
        private List<InetSocketAddress> listen = List.of();
        private int ioThreads = Math.min(64, Math.max(2, Runtime.getRuntime().availableProcessors() / 2));
        private boolean honourDrain = true;
        private Duration revertDelay = REVERT_DELAY;
        private boolean nativeTransport = true;

        private Builder(Asn localAs, RouterId routerId) {
            this.localAs = localAs;
            this.routerId = routerId;
            this.clusterId = routerId;
        }

        public Builder clusterId(RouterId value) {
            clusterId = value;
            return this;
        }

        public Builder listen(InetSocketAddress... addresses) {
            listen = List.of(addresses);
            return this;
        }

        public Builder listen(List<InetSocketAddress> addresses) {
            listen = List.copyOf(addresses);
            return this;
        }

        public Builder ioThreads(int value) {
            ioThreads = value;
            return this;
        }

        public Builder honourDrain(boolean value) {
            honourDrain = value;
            return this;
        }

        public Builder revertDelay(Duration value) {
            revertDelay = value;
            return this;
        }

        public Builder nativeTransport(boolean value) {
            nativeTransport = value;
            return this;
        }

        public SpeakerConfig build() {
            return new SpeakerConfig(
                    localAs, routerId, clusterId, listen, ioThreads, honourDrain, revertDelay, nativeTransport);
        }
    }
}
