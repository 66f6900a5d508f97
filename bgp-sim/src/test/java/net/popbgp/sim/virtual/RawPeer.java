package net.popbgp.sim.virtual;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;

/** The other end by hand: answers OPEN, does what the test says when it is up, and is otherwise silent. */
final class RawPeer {

    static final CodecOptions OPTIONS = new CodecOptions(
            true, true, 4096, 4096, Set.of(Node.IPV4, AddressFamily.IPV6_UNICAST), Set.of(), Set.of(), Set.of());

    /** One connection. */
    final class Connection implements Wire.Events {
        final Wire wire;
        final List<BgpMessage> messages = new ArrayList<>();
        final Set<Prefix> routes = new HashSet<>();
        final boolean answering = answers;
        boolean up;
        boolean closed;

        Connection(Wire wire) {
            this.wire = wire;
            connections.add(this);
        }

        void open() {
            wire.send(new OpenMessage(
                    as,
                    9,
                    RouterId.of(address.getHostAddress()),
                    Stream.concat(
                                    Stream.of(
                                            new Capability.Multiprotocol(Node.IPV4),
                                            new Capability.FourOctetAs(Asn.of(as))),
                                    capabilities.stream())
                            .toList()));
        }

        void announce(PathAttributes attributes, Prefix... prefixes) {
            UpdatePacker packer = new UpdatePacker(OPTIONS);
            packer.announce(attributes, Node.packed(prefixes));
            wire.sendEncoded(packer.take(), 1);
        }

        void withdraw(Prefix... prefixes) {
            UpdatePacker packer = new UpdatePacker(OPTIONS);
            packer.withdraw(Node.packed(prefixes));
            wire.sendEncoded(packer.take(), 1);
        }

        void endOfRib() {
            endOfRib(Node.IPV4);
        }

        void endOfRib(AddressFamily family) {
            UpdatePacker packer = new UpdatePacker(OPTIONS);
            packer.endOfRib(family);
            wire.sendEncoded(packer.take(), 1);
        }

        void refresh(int subtype) {
            wire.send(new RouteRefreshMessage(Node.IPV4, subtype));
        }

        void keepalive() {
            wire.send(KeepaliveMessage.INSTANCE);
        }

        long count(MessageType type) {
            return messages.stream().filter(m -> m.type() == type).count();
        }

        @Override
        public void onMessage(BgpMessage message) {
            messages.add(message);
            if (refusesCapabilities
                    && message instanceof OpenMessage open
                    && !open.capabilities().isEmpty()) {
                wire.send(new NotificationMessage(2, 4));
                wire.close();
                return;
            }
            if (message instanceof OpenMessage && answering) {
                wire.setOptions(OPTIONS);
                keepalive();
            } else if (message.type() == MessageType.KEEPALIVE && !up) {
                up = true;
                whenUp.accept(this);
            } else if (message instanceof UpdateMessage update) {
                update.withdrawn().forEach(gone -> routes.removeAll(gone.asList()));
                update.announced().forEach(a -> routes.addAll(a.prefixes().asList()));
            }
        }

        @Override
        public void onMessageError(NotificationException error) {
            throw new AssertionError(error);
        }

        @Override
        public void onClosed(String detail) {
            closed = true;
        }

        @Override
        public void onWritable() {}

        @Override
        public void onSendProgress() {}
    }

    final List<Connection> connections = new ArrayList<>();
    boolean answers = true;
    boolean refusesCapabilities;
    List<Capability> capabilities = List.of(new Capability.RouteRefresh());
    Consumer<Connection> whenUp = connection -> {};

    private final VirtualNetwork network;
    private final InetAddress address;
    private final int as;

    RawPeer(VirtualNetwork network, InetAddress address, int as) {
        this.network = network;
        this.address = address;
        this.as = as;
    }

    PathAttributes path() {
        return PathAttributes.builder().asPath(as).nextHop(address).build();
    }

    Connection last() {
        return connections.get(connections.size() - 1);
    }

    void listen(InetAddress remote) {
        network.host(address)
                .listen(new InetSocketAddress(address, 179), remote, Optional.empty(), wire -> {
                    Connection connection = new Connection(wire);
                    if (answers) {
                        connection.open();
                    }
                    return Optional.of(connection);
                })
                .join();
    }

    void dial(InetAddress remote) {
        Dialer.Target target =
                new Dialer.Target(new InetSocketAddress(remote, 179), Optional.of(address), Optional.empty(), 0);
        network.host(address).dial(target, new Dialer.Outcome() {
            @Override
            public Wire.Events connected(Wire wire) {
                Connection connection = new Connection(wire);
                if (answers) {
                    connection.open();
                }
                return connection;
            }

            @Override
            public void failed(String detail) {
                throw new AssertionError(detail);
            }
        });
    }
}
