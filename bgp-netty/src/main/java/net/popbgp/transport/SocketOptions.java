package net.popbgp.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;

/**
 * The socket options that BGP needs beyond what Netty names: TCP MD5 keys one by one (RFC 2385) and GTSM (RFC 5082). Linux with epoll only.
 *
 * <p>No state.
 */
final class SocketOptions {

    /** DSCP CS6, network control. */
    static final int CLASS_SELECTOR_6 = 0xC0;

    static final int MAX_MD5_KEY = 80;
    static final int MAX_HOPS = 255;

    private static final int TCP_MD5SIG_LENGTH = 216;
    private static final RawUnixChannelOption TCP_MD5SIG =
            new RawUnixChannelOption("TCP_MD5SIG", 6, 14, TCP_MD5SIG_LENGTH);
    private static final RawUnixChannelOption TCP_MD5SIG_EXT =
            new RawUnixChannelOption("TCP_MD5SIG_EXT", 6, 32, TCP_MD5SIG_LENGTH);
    private static final byte TCP_MD5SIG_FLAG_PREFIX = 1;
    private static final IntegerUnixChannelOption IP_TTL = new IntegerUnixChannelOption("IP_TTL", 0, 2);
    private static final IntegerUnixChannelOption IP_MINTTL = new IntegerUnixChannelOption("IP_MINTTL", 0, 21);
    private static final IntegerUnixChannelOption IPV6_UNICAST_HOPS =
            new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", 41, 16);
    private static final IntegerUnixChannelOption IPV6_MINHOPCOUNT =
            new IntegerUnixChannelOption("IPV6_MINHOPCOUNT", 41, 73);
    private static final IntegerUnixChannelOption IPV6_V6ONLY = new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private SocketOptions() {}

    /** Tries on a socket that is never connected. Needs epoll. */
    static boolean takesMd5Keys() {
        Channel probe = new EpollSocketChannel(SocketProtocolFamily.INET);
        try {
            setMd5Key(probe, IpAddresses.ofBits(0x7F000001), new byte[] {1});
            return true;
        } catch (ChannelException | IllegalStateException e) {
            return false;
        } finally {
            probe.unsafe().closeForcibly();
        }
    }

    static void checkMd5Key(byte[] key) {
        if (key.length < 1 || key.length > MAX_MD5_KEY) {
            throw new IllegalArgumentException("an MD5 key has 1.." + MAX_MD5_KEY + " octets, not " + key.length);
        }
    }

    static void checkHops(int hops) {
        if (hops < 0 || hops > MAX_HOPS) {
            throw new IllegalArgumentException("hops out of range 0.." + MAX_HOPS + ": " + hops);
        }
    }

    /**
     * Sets or, with an empty key, removes the key for one peer.
     *
     * @throws io.netty.channel.ChannelException if the kernel refuses
     * @throws IllegalStateException if the channel cannot have keys: then there must be no session
     */
    static void setMd5Key(Channel channel, InetAddress peer, byte[] key) {
        require(channel.config().setOption(TCP_MD5SIG, md5(peer, key)), "TCP MD5 (RFC 2385)", peer);
    }

    /** The same for all peers of a range, which needs TCP_MD5SIG_EXT (Linux 4.14) unless it is a single address. */
    static void setMd5Key(Channel channel, Prefix peers, byte[] key) {
        if (peers.length() == peers.family().maxPrefixLength()) {
            setMd5Key(channel, peers.address(), key);
            return;
        }
        ByteBuffer sig = md5(peers.address(), key);
        sig.put(128, TCP_MD5SIG_FLAG_PREFIX);
        sig.put(129, (byte) peers.length());
        require(channel.config().setOption(TCP_MD5SIG_EXT, sig), "TCP MD5 for a range", peers);
    }

    private static ByteBuffer md5(InetAddress peer, byte[] key) {
        ByteBuffer sig = ByteBuffer.allocateDirect(TCP_MD5SIG_LENGTH).order(ByteOrder.nativeOrder());
        boolean ipv4 = peer instanceof Inet4Address;
        sig.putShort(0, (short) (ipv4 ? AF_INET : AF_INET6));
        sig.put(ipv4 ? 4 : 8, peer.getAddress());
        sig.putShort(130, (short) key.length);
        sig.put(136, key);
        return sig;
    }

    /** Sends with TTL 255, so that a peer that checks sees a neighbour (RFC 5082, 3). */
    static void setTtl255(Channel channel, boolean ipv4) {
        require(channel.config().setOption(ipv4 ? IP_TTL : IPV6_UNICAST_HOPS, 255), "GTSM (RFC 5082)", channel);
    }

    /**
     * Has the kernel drop what has come further than that many hops. On an accepted connection this lets the handshake pass and drops what
     * follows: it looks connected and stays silent, and the kernel counts TCPMinTTLDrop.
     */
    static void setMaxHops(Channel channel, boolean ipv4, int hops) {
        require(
                channel.config().setOption(ipv4 ? IP_MINTTL : IPV6_MINHOPCOUNT, 256 - hops),
                "GTSM (RFC 5082)",
                channel);
    }

    static void setIpv6Only(Channel channel) {
        require(channel.config().setOption(IPV6_V6ONLY, 1), "IPV6_V6ONLY", channel);
    }

    static void setCommon(Channel channel) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.IP_TOS, CLASS_SELECTOR_6);
    }

    private static void require(boolean accepted, String option, Object on) {
        if (!accepted) {
            throw new IllegalStateException(option + " is not available for " + on);
        }
    }
}
