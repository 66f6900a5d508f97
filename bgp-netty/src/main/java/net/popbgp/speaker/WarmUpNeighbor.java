package net.popbgp.speaker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import org.jspecify.annotations.Nullable;

/**
 * The least of a BGP speaker, for the other side of a {@link WarmUp}: opens a session without a Hold Time, writes what it is given, throws away
 * what it gets.
 *
 * <p>Confined to one thread.
 */
final class WarmUpNeighbor {

    private static final int NO_HOLD_TIME = 0;
    private static final int CONNECT_MILLIS = 1000;

    private final PeerHandle handle;
    private @Nullable Socket socket;

    /** @param handle the speaker's side */
    WarmUpNeighbor(PeerHandle handle) {
        this.handle = handle;
    }

    PeerHandle handle() {
        return handle;
    }

    Asn as() {
        return handle.config().remoteAs();
    }

    void connect(InetSocketAddress to) throws IOException {
        close();
        Socket made = new Socket();
        socket = made;
        made.bind(new InetSocketAddress(handle.remoteAddress(), 0));
        made.connect(to, CONNECT_MILLIS);
        List<Capability> capabilities = new ArrayList<>();
        for (AddressFamily family : handle.config().families()) {
            capabilities.add(new Capability.Multiprotocol(family));
        }
        capabilities.add(new Capability.RouteRefresh());
        capabilities.add(new Capability.FourOctetAs(as()));
        RouterId routerId = RouterId.of(IpAddresses.text(handle.remoteAddress()));
        write(new OpenMessage(Math.toIntExact(as().value()), NO_HOLD_TIME, routerId, capabilities));
        write(KeepaliveMessage.INSTANCE);
        Thread reader = new Thread(() -> discard(made), "bgp-warm-up-reader");
        reader.setDaemon(true);
        reader.start();
    }

    void write(byte[] octets, int from, int length) throws IOException {
        if (socket != null) {
            socket.getOutputStream().write(octets, from, length);
        }
    }

    void notifyCease() throws IOException {
        write(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN));
    }

    private void write(BgpMessage message) throws IOException {
        byte[] octets = new MessageCodec(CodecOptions.INITIAL).encode(message);
        write(octets, 0, octets.length);
    }

    private static void discard(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // the session has ended, from either side
        }
    }

    /** Ends the connection as a crash does, by a reset. */
    void reset() throws IOException {
        if (socket != null) {
            socket.setSoLinger(true, 0);
            close();
        }
    }

    void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
