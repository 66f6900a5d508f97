package net.popbgp.sim.azure;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;
import net.popbgp.sim.wire.SimNetwork;
import net.popbgp.sim.wire.SimWire;
import org.jspecify.annotations.Nullable;

/** A PoP in virtual time with just enough BGP to talk to an Azure router. */
final class TestPop implements Wire.Events {

    static final CodecOptions OPTIONS =
            new CodecOptions(true, true, 4096, 4096, Set.of(AddressFamily.IPV4_UNICAST), Set.of(), Set.of(), Set.of());

    final Map<Prefix, PathAttributes> routes = new TreeMap<>();
    final List<BgpMessage> messages = new ArrayList<>();
    final List<NotificationMessage> notifications = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    final List<NotificationException> errors = new ArrayList<>();
    int asn = 64512;
    int holdTime = 60;
    boolean answersOpen = true;
    RouterId routerId = RouterId.of("1.1.1.1");
    int endOfRibs;
    int opens;

    private final AddressFamily family;
    private final CodecOptions options;
    private final InetAddress address;
    private final SimNetwork network;
    private @Nullable SimWire wire;

    TestPop(InetAddress address, SimNetwork network) {
        this.address = address;
        family = address instanceof Inet4Address ? AddressFamily.IPV4_UNICAST : AddressFamily.IPV6_UNICAST;
        options = new CodecOptions(true, true, 4096, 4096, Set.of(family), Set.of(), Set.of(), Set.of());
        this.network = network;
    }

    void listen(int port, InetAddress peer) {
        network.listen(new InetSocketAddress(address, port), peer, Optional.empty(), accepted -> {
                    begin(accepted);
                    return Optional.of(this);
                })
                .join();
    }

    void dial(InetSocketAddress remote) {
        network.dial(new Dialer.Target(remote, Optional.of(address), Optional.empty(), 0), new Dialer.Outcome() {
            @Override
            public Wire.Events connected(Wire connected) {
                begin((SimWire) connected);
                return TestPop.this;
            }

            @Override
            public void failed(String detail) {
                closed.add(detail);
            }
        });
    }

    private void begin(SimWire opened) {
        wire = opened;
        routes.clear();
        opened.send(new OpenMessage(
                asn,
                holdTime,
                routerId,
                List.of(
                        new Capability.Multiprotocol(family),
                        new Capability.RouteRefresh(),
                        new Capability.FourOctetAs(Asn.of(asn)))));
    }

    SimWire wire() {
        if (wire == null) {
            throw new IllegalStateException("the PoP has no connection");
        }
        return wire;
    }

    PathAttributes route(Prefix prefix) {
        return Optional.ofNullable(routes.get(prefix)).orElseThrow();
    }

    boolean hasConnection() {
        return wire != null;
    }

    void announce(PathAttributes attributes, List<Prefix> prefixes) {
        UpdatePacker packer = new UpdatePacker(options);
        packer.announce(attributes, PackedPrefixes.of(family, prefixes));
        wire().sendEncoded(packer.take(), 1);
    }

    void announce(int from, int count) {
        announce(attributes(asn), prefixes(from, count));
    }

    PathAttributes attributes(long... path) {
        return PathAttributes.builder().asPath(path).nextHop(address).build();
    }

    static List<Prefix> prefixes(int from, int count) {
        List<Prefix> prefixes = new ArrayList<>(count);
        for (int i = from; i < from + count; i++) {
            prefixes.add(new Prefix(AddressFamily.IPV4_UNICAST, 0, (172L << 24) + (16L << 16) + i, 32));
        }
        return prefixes;
    }

    void keepalive() {
        wire().send(KeepaliveMessage.INSTANCE);
    }

    @Override
    public void onMessage(BgpMessage message) {
        messages.add(message);
        switch (message.type()) {
            case OPEN -> {
                opens++;
                wire().setOptions(options);
                if (answersOpen) {
                    keepalive();
                }
            }
            case UPDATE -> update((UpdateMessage) message);
            case NOTIFICATION -> {
                notifications.add((NotificationMessage) message);
                wire().close();
                wire = null;
            }
            case KEEPALIVE, ROUTE_REFRESH -> {}
        }
    }

    private void update(UpdateMessage update) {
        if (update.endOfRib().isPresent()) {
            endOfRibs++;
        }
        update.withdrawn().forEach(gone -> gone.asList().forEach(routes::remove));
        update.announced().forEach(a -> a.prefixes().asList().forEach(prefix -> routes.put(prefix, a.attributes())));
    }

    @Override
    public void onMessageError(NotificationException error) {
        errors.add(error);
        wire().send(error.notification());
        wire().close();
        wire = null;
    }

    @Override
    public void onClosed(String detail) {
        closed.add(detail);
        wire().close();
        wire = null;
    }

    @Override
    public void onWritable() {}

    @Override
    public void onSendProgress() {}
}
