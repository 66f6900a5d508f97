package net.popbgp.sim.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;

/**
 * The network as one host sees it. The wires it hands out, dialed ones included, are {@link SimWire}s.
 *
 * <p>Confined to the peer's loop.
 */
public interface SimNetwork extends Dialer {

    /** Decides on inbound connections. */
    @FunctionalInterface
    interface Acceptor {
        /** {@return the events of the connection, or empty to have it reset} */
        Optional<Wire.Events> accept(SimWire wire);
    }

    /** An open listening socket. */
    interface Listening {
        /** {@return where it really listens} */
        InetSocketAddress address();

        /** Changes the TCP MD5 key (RFC 2385) of connections to come; empty for none. */
        void setMd5Key(Optional<byte[]> key);

        /** Closes it: from here on connections are refused, accepted ones stay. */
        void close();
    }

    /**
     * Opens a listening socket for one peer.
     *
     * @param address port 0 for any free one
     * @param peer whose segments must be signed, if there is a key
     * @return completes on the peer's loop, exceptionally with an IOException if the address cannot be bound
     */
    CompletableFuture<Listening> listen(
            InetSocketAddress address, InetAddress peer, Optional<byte[]> md5Key, Acceptor acceptor);
}
