package net.popbgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.session.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class FrameDecoderTest {

    private static final CodecOptions EXTENDED =
            new CodecOptions(true, true, 65535, 65535, Set.of(), Set.of(), Set.of(), Set.of());
    private static final byte[] KEEPALIVE = new MessageCodec(CodecOptions.INITIAL).encode(KeepaliveMessage.INSTANCE);

    /** Writes down what it is told; what it does then is up to the test. */
    private static final class Told implements Wire.Events {
        final List<String> log = new ArrayList<>();
        Runnable onMessage = () -> {};

        @Override
        public void onMessage(BgpMessage message) {
            int length = message instanceof NotificationMessage n ? n.data().length : 0;
            log.add(message.type() + (length > 0 ? " " + length : ""));
            onMessage.run();
        }

        @Override
        public void onFaults(UpdateMessage update, byte[] octets) {
            log.add(update.treatment().orElseThrow() + " " + HexFormat.of().formatHex(octets));
        }

        @Override
        public void onMessageError(NotificationException error) {
            log.add("error " + error.notification().code() + "/"
                    + error.notification().subcode());
        }

        @Override
        public void onClosed(String detail) {
            log.add("closed: " + detail);
        }

        @Override
        public void onWritable() {
            log.add("writable");
        }

        @Override
        public void onSendProgress() {
            log.add("progress");
        }
    }

    private static final class FlushCounter extends ChannelOutboundHandlerAdapter {
        int flushes;

        @Override
        public void flush(ChannelHandlerContext context) {
            flushes++;
            context.flush();
        }
    }

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Told told = new Told();
    private final ChannelWire wire = new ChannelWire(
            channel,
            new InetSocketAddress(IpAddresses.parse("127.0.0.1"), 179),
            new InetSocketAddress(IpAddresses.parse("127.0.0.2"), 40000));

    FrameDecoderTest() {
        channel.freezeTime();
        wire.open(told);
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private static byte[] notification(int length) {
        return new MessageCodec(EXTENDED).encode(new NotificationMessage(6, 2, new byte[length]));
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private void read(byte[] octets, int from, int to) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(to - from);
        channel.writeInbound(buffer.writeBytes(octets, from, to - from));
    }

    private void read(byte... octets) {
        read(octets, 0, octets.length);
    }

    @Test
    void messages_come_out_whole_when_octets_come_one_at_a_time() {
        byte[] stream = concat(KEEPALIVE, notification(3000), KEEPALIVE);
        for (int i = 0; i < stream.length; i++) {
            read(stream, i, i + 1);
        }

        assertThat(told.log).containsExactly("KEEPALIVE", "NOTIFICATION 3000", "KEEPALIVE");
        assertThat(wire.messagesIn()).isEqualTo(3);
        assertThat(wire.octetsIn()).isEqualTo(stream.length);
    }

    /** A peer may send octet by octet: gathering anew with each what is there would cost the square of the message. */
    @Test
    void an_octet_of_a_long_message_costs_no_more_than_one_of_a_short_message() {
        wire.setOptions(EXTENDED);
        byte[] longOne = notification(65_000);
        byte[] shortOnes = concat(Collections.nCopies(longOne.length / KEEPALIVE.length, KEEPALIVE)
                .toArray(byte[][]::new));

        assertThat(allocatedPerOctet(longOne)).isLessThan(allocatedPerOctet(shortOnes) + 1000);
        assertThat(told.log).startsWith("NOTIFICATION 65000", "KEEPALIVE");
    }

    private long allocatedPerOctet(byte[] octets) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < octets.length; i++) {
            read(octets, i, i + 1);
        }
        return (threads.getThreadAllocatedBytes(thread) - before) / octets.length;
    }

    @Test
    void messages_in_one_read_all_come_out() {
        read(concat(KEEPALIVE, KEEPALIVE, notification(1)));

        assertThat(told.log).containsExactly("KEEPALIVE", "KEEPALIVE", "NOTIFICATION 1");
    }

    @Test
    void messages_come_out_whole_however_the_stream_is_cut() {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        wire.setOptions(EXTENDED);
        List<String> expected = new ArrayList<>();
        byte[] stream = {};
        for (int i = 0; i < 60; i++) {
            int length = random.nextInt(4) == 0 ? 1 + random.nextInt(65514) : 1 + random.nextInt(60);
            expected.add("NOTIFICATION " + length);
            stream = concat(stream, notification(length));
        }

        for (int at = 0; at < stream.length; ) {
            int next = Math.min(stream.length, at + 1 + random.nextInt(random.nextBoolean() ? 40 : 70000));
            read(stream, at, next);
            at = next;
        }

        assertThat(told.log).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void longest_message_comes_out_whole_when_it_comes_in_scraps() {
        wire.setOptions(EXTENDED);
        byte[] longest = notification(65535 - 21);
        for (int at = 0; at < longest.length; at += 21) {
            read(longest, at, Math.min(longest.length, at + 21));
        }

        assertThat(told.log).containsExactly("NOTIFICATION 65514");
    }

    @Test
    void wrong_header_is_told_before_its_body_comes_and_all_that_follows_is_thrown_away() {
        byte[] header = Arrays.copyOf(notification(5000), 19);
        read(concat(KEEPALIVE, header));
        assertThat(told.log).containsExactly("KEEPALIVE", "error 1/2");

        read(KEEPALIVE);
        read(new byte[100_000]);
        channel.close();

        assertThat(told.log).containsExactly("KEEPALIVE", "error 1/2", "closed: closed by the peer");
    }

    @Test
    void incomplete_header_is_waited_for() {
        read(KEEPALIVE, 0, 18);

        assertThat(told.log).isEmpty();
    }

    @Test
    void wrong_marker_is_told_as_lost_synchronization() {
        byte[] marker = KEEPALIVE.clone();
        marker[3] = 0;
        read(marker);

        assertThat(told.log).containsExactly("error 1/1");
    }

    @Test
    void unknown_type_is_told_as_a_header_error() {
        byte[] type = KEEPALIVE.clone();
        type[18] = 99;
        read(type);

        assertThat(told.log).containsExactly("error 1/3");
    }

    @Test
    void options_set_by_one_message_count_for_the_next_in_the_same_read() {
        told.onMessage = () -> wire.setOptions(EXTENDED);

        read(concat(KEEPALIVE, notification(5000)));

        assertThat(told.log).containsExactly("KEEPALIVE", "NOTIFICATION 5000");
    }

    @Test
    void pause_while_a_message_is_delivered_delivers_at_most_what_was_read() {
        told.onMessage = () -> wire.setReading(false);

        read(concat(KEEPALIVE, KEEPALIVE));

        assertThat(told.log).containsExactly("KEEPALIVE", "KEEPALIVE");
        assertThat(channel.config().isAutoRead()).isFalse();
    }

    @Test
    void nothing_is_told_after_close_and_reading_goes_on_to_meet_the_peers_end() {
        told.onMessage = wire::close;

        read(concat(KEEPALIVE, KEEPALIVE, new byte[50]));
        wire.setReading(false);
        wire.send(KeepaliveMessage.INSTANCE);
        channel.runPendingTasks();

        assertThat(told.log).containsExactly("KEEPALIVE");
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(told.log).containsExactly("KEEPALIVE");
    }

    @Test
    void failure_of_ours_stops_the_messages_and_the_end_is_told() {
        told.onMessage = () -> {
            throw new IllegalStateException("ours");
        };

        read(concat(KEEPALIVE, KEEPALIVE));
        channel.runPendingTasks();

        assertThat(told.log)
                .containsExactly("KEEPALIVE", "closed: internal error: java.lang.IllegalStateException: ours");
    }

    /** Sends from within a read, because an embedded channel runs the loop's tasks after any write outside of one. */
    @Test
    void messages_of_one_turn_are_flushed_together_and_progress_is_told_afterwards() {
        FlushCounter counter = new FlushCounter();
        channel.pipeline().addFirst(counter);
        told.onMessage = () -> {
            wire.send(KeepaliveMessage.INSTANCE);
            wire.sendEncoded(concat(KEEPALIVE, KEEPALIVE), 2);
            told.log.add(wire.isDrained() ? "drained" : "not drained");
        };

        read(KEEPALIVE);

        assertThat(counter.flushes).isEqualTo(1);
        assertThat(told.log).containsExactly("KEEPALIVE", "not drained", "progress", "progress");
        assertThat(wire.isDrained()).isTrue();
        assertThat(wire.messagesOut()).isEqualTo(3);
        assertThat(wire.octetsOut()).isEqualTo(57);
    }

    @Test
    void shared_octets_are_sent_without_being_copied_or_changed() {
        byte[] shared = KEEPALIVE.clone();
        wire.sendEncoded(shared, 1);
        channel.runPendingTasks();

        ByteBuf sent = channel.readOutbound();
        assertThat(sent.array()).isSameAs(shared);
        assertThat(shared).isEqualTo(KEEPALIVE);
        sent.release();
    }

    @Test
    void write_that_meets_a_reset_is_told_as_one() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                promise.setFailure(new IOException("writevAddresses(..) failed with error(-32): Broken pipe"));
            }
        });

        wire.send(KeepaliveMessage.INSTANCE);
        channel.close();

        assertThat(told.log).containsExactly("closed: connection reset by the peer");
    }

    @Test
    void close_sends_first_what_is_left() {
        wire.send(KeepaliveMessage.INSTANCE);
        wire.close();

        ByteBuf sent = channel.readOutbound();
        assertThat(sent.readableBytes()).isEqualTo(19);
        sent.release();
        assertThat(told.log).isEmpty();
    }

    @Test
    void a_faulty_update_is_told_whole_before_the_message() {
        wire.setOptions(new CodecOptions(
                true, true, 4096, 4096, Set.of(AddressFamily.IPV4_UNICAST), Set.of(), Set.of(), Set.of()));
        String faulty = "ff".repeat(16) + "001f0200000004" + "40010103" + "080a080b";

        byte[] both = concat(KEEPALIVE, HexFormat.of().parseHex(faulty));
        read(both, 0, both.length);

        assertThat(told.log).containsExactly("KEEPALIVE", "TREAT_AS_WITHDRAW " + faulty, "UPDATE");
    }
}
