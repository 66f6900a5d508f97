package net.popbgp.daemon.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import net.popbgp.daemon.hostile.RawPeer;

/** A program that announces what no daemon can be told to: connects until it is Established, sends one UPDATE as it is given, and stays. */
final class RawSpeaker {

    private static final int PORT = 179;
    private static final int HOLD_TIME = 90;
    private static final int RETRY_MILLIS = 300;

    private RawSpeaker() {}

    /**
     * @param arguments its own address, the other's, its AS, the UPDATE in hexadecimal digits
     */
    public static void main(String[] arguments) throws InterruptedException {
        InetSocketAddress other = new InetSocketAddress(arguments[1], PORT);
        byte[] update = HexFormat.of().parseHex(arguments[3]);
        while (true) {
            try (RawPeer peer =
                    RawPeer.established(arguments[0], other, Long.parseLong(arguments[2]), HOLD_TIME, received -> {})) {
                peer.send(update);
                peer.awaitClosed(Long.MAX_VALUE);
            } catch (IOException e) {
                System.err.println(e);
            }
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
    }
}
