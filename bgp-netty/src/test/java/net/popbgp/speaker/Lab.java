package net.popbgp.speaker;

import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.RoutePolicy;

/** Speakers on loopback addresses: one of ours and any number of neighbours, each with a session or several. */
final class Lab implements AutoCloseable {

    static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
    static final Md5Key KEY = Md5Key.of("lab-key");

    private final List<BgpSpeaker> speakers = new ArrayList<>();

    /** A speaker that listens on a loopback address, with that address as its identifier. */
    BgpSpeaker speaker(long as, String address, BgpListener... listeners) throws Exception {
        return speaker(as, address, address, listeners);
    }

    BgpSpeaker speaker(long as, String routerId, String address, BgpListener... listeners) throws Exception {
        BgpSpeaker speaker = BgpSpeaker.create(
                SpeakerConfig.builder(Asn.of(as), RouterId.of(routerId))
                        .listen(new InetSocketAddress(IpAddresses.parse(address), 0))
                        .ioThreads(1)
                        .build(),
                listeners);
        speakers.add(speaker);
        speaker.start().toCompletableFuture().get(5, TimeUnit.SECONDS);
        return speaker;
    }

    /** The configuration of a peer that accepts and announces everything, with short timers. */
    static PeerConfig.Builder peer(BgpSpeaker remote, BgpSpeaker local) {
        InetSocketAddress address = remote.listenAddresses().get(0);
        return PeerConfig.builder(address.getAddress(), remote.config().localAs())
                .remotePort(address.getPort())
                .localAddress(local.listenAddresses().get(0).getAddress())
                .holdTime(Duration.ofSeconds(9))
                .connectRetryTime(Duration.ofMillis(200))
                .idleHoldTime(Duration.ofMillis(100), Duration.ofSeconds(1))
                .importPolicy(RoutePolicy.ACCEPT_ALL)
                .exportPolicy(RoutePolicy.ACCEPT_ALL);
    }

    /** Configures two speakers as peers of each other. {@return the first one's handle} */
    static PeerHandle join(BgpSpeaker one, BgpSpeaker other, Consumer<PeerConfig.Builder> both) {
        PeerConfig.Builder there = peer(one, other);
        PeerConfig.Builder here = peer(other, one);
        both.accept(there);
        both.accept(here);
        other.addPeer(there.passive(true).build());
        return one.addPeer(here.build());
    }

    static List<Prefix> prefixes(int count) {
        List<Prefix> prefixes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            prefixes.add(Prefix.masked(IPV4, 0, 0x0A000000L + ((long) i << 8), 24));
        }
        return prefixes;
    }

    static void announce(BgpSpeaker speaker, List<Prefix> prefixes) throws Exception {
        speaker.announce(prefixes, PathAttributes.builder().build())
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    static int received(PeerHandle peer) {
        return peer.status().prefixes(IPV4).received();
    }

    static int best(PeerHandle peer) {
        return peer.status().prefixes(IPV4).best();
    }

    static void until(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(10))
                .until(condition::getAsBoolean);
    }

    static void untilUp(PeerHandle peer) {
        until(() -> peer.status().isEstablished());
    }

    @Override
    public void close() {
        speakers.forEach(BgpSpeaker::close);
    }
}
