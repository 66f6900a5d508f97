package net.popbgp.daemon.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.Md5Key;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.SpeakerConfig;

/**
 * A neighbour of the daemon, in the drill's own process, whose routes never rest: it announces all of them again with other attributes, a few
 * prefixes to each set, so that the daemon has something to do and something to throw away.
 *
 * <p>Made and closed by one thread; announces on another.
 */
final class ChurnNeighbor implements AutoCloseable {

    static final long AS = 65020;
    private static final int SETS = 500;
    private static final int PREFIXES_OF_SET = 10;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final BgpSpeaker speaker;
    private final Thread thread;
    private volatile boolean ended;
    private volatile long announced;

    ChurnNeighbor(InetSocketAddress listen, InetSocketAddress daemon, String key) throws IOException {
        speaker =
                BgpSpeaker.create(SpeakerConfig.builder(Asn.of(AS), RouterId.of(IpAddresses.text(listen.getAddress())))
                        .listen(listen)
                        .build());
        speaker.addPeer(PeerConfig.builder(daemon.getAddress(), Asn.of(65010))
                .passive(true)
                .md5Key(Md5Key.of(key.getBytes(StandardCharsets.UTF_8)))
                .importPolicy(RoutePolicy.REJECT_ALL)
                .exportPolicy(RoutePolicy.ACCEPT_ALL)
                .build());
        speaker.start().toCompletableFuture().join();
        thread = new Thread(this::churn, "popbgp-demo-churn");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return how many routes it has announced, repetitions counted} */
    long announced() {
        return announced;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
    private void churn() {
        try {
            for (int round = 1; !ended; round++) {
                List<CompletableFuture<Void>> waiting = new ArrayList<>();
                for (int set = 0; set < SETS; set++) {
                    PathAttributes attributes = PathAttributes.builder()
                            .multiExitDisc(round)
                            .asPath(AS + set % 7, 65100 + set)
                            .build();
                    waiting.add(speaker.announce(prefixes(set), attributes).toCompletableFuture());
                }
                waiting.forEach(CompletableFuture::join);
                announced += (long) SETS * PREFIXES_OF_SET;
                DrillSite.pause(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Prefix> prefixes(int set) {
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < PREFIXES_OF_SET; i++) {
            int number = set * PREFIXES_OF_SET + i;
            prefixes.add(Prefix.of("100." + (64 + (number >>> 8)) + "." + (number & 0xFF) + ".0/24"));
        }
        return prefixes;
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join(PAUSE.toMillis() * 100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        speaker.close();
    }
}
