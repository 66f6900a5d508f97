package net.popbgp.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Makes connections. Confined to the peer's loop. */
public interface Dialer {

    /**
     * Where and how to connect.
     *
     * @param localAddress the address to connect from, empty for the kernel's choice
     * @param md5Key the TCP MD5 key (RFC 2385), 1..80 octets, empty for none
     * @param ttlSecurity hops allowed for GTSM (RFC 5082), 0 for off
     */
    record Target(
            InetSocketAddress remoteAddress,
            Optional<InetAddress> localAddress,
            Optional<byte[]> md5Key,
            int ttlSecurity) {}

    /** How an attempt ends: exactly one call, from the peer's loop, unless it was cancelled. */
    interface Outcome {

        /** {@return the events of the new connection} */
        Wire.Events connected(Wire wire);

        void failed(String detail);
    }

    /** An attempt under way. */
    interface Attempt {
        /** Gives up; no outcome follows. */
        void cancel();
    }

    Attempt dial(Target target, Outcome outcome);
}
