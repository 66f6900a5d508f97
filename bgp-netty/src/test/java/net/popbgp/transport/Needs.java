package net.popbgp.transport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import net.popbgp.core.net.IpAddresses;

/** What a test needs of the host; without it the test is skipped, with a line that says what is missing. */
final class Needs {

    private Needs() {}

    static void epoll() {
        require(Epoll.isAvailable(), "Linux epoll: " + Epoll.unavailabilityCause());
    }

    static void md5() {
        epoll();
        require(SocketOptions.takesMd5Keys(), "a kernel with TCP_MD5SIG");
    }

    /** The loopback address of IPv6, if that is what the address is of. */
    static void loopback(String address) {
        if (address.contains(":")) {
            boolean there;
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(IpAddresses.parse("::1"), 0));
                there = true;
            } catch (IOException e) {
                there = false;
            }
            require(there, "IPv6 on the loopback interface");
        }
    }

    private static void require(boolean there, String what) {
        if (!there) {
            System.err.println("SKIPPED: needs " + what);
        }
        assumeTrue(there, what);
    }
}
