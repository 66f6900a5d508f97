package net.popbgp.core.codec;

import java.util.Arrays;
import net.popbgp.core.message.MessageType;

/** A growing array that messages are written into. Not thread-safe. */
final class WireBuffer {

    private byte[] octets;
    private int size;

    WireBuffer(int capacity) {
        octets = new byte[capacity];
    }

    int size() {
        return size;
    }

    /** Makes it shorter again: what was written after that place is forgotten. */
    void truncate(int newSize) {
        size = newSize;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(octets, size);
    }

    WireBuffer u8(int value) {
        reserve(1);
        octets[size++] = (byte) value;
        return this;
    }

    WireBuffer u16(int value) {
        reserve(2);
        Octets.put16(octets, size, value);
        size += 2;
        return this;
    }

    WireBuffer u32(int value) {
        reserve(4);
        Octets.put32(octets, size, value);
        size += 4;
        return this;
    }

    WireBuffer u64(long value) {
        reserve(8);
        Octets.put64(octets, size, value);
        size += 8;
        return this;
    }

    WireBuffer bytes(byte[] source) {
        return bytes(source, source.length);
    }

    WireBuffer bytes(byte[] source, int length) {
        reserve(length);
        System.arraycopy(source, 0, octets, size, length);
        size += length;
        return this;
    }

    WireBuffer bytes(WireBuffer source) {
        return bytes(source.octets, source.size);
    }

    /** Writes the first octets of a 64-bit value; the rest is not part of the message. */
    WireBuffer leading(long value, int count) {
        reserve(8);
        Octets.put64(octets, size, value);
        size += count;
        return this;
    }

    void setU8(int at, int value) {
        octets[at] = (byte) value;
    }

    void setU16(int at, int value) {
        Octets.put16(octets, at, value);
    }

    /** Starts a message (RFC 4271, 4.1). {@return where it starts, for {@link #endMessage}} */
    int beginMessage(MessageType type) {
        int start = size;
        u64(-1).u64(-1).u16(0).u8(type.code());
        return start;
    }

    /** Puts the length of the message in. */
    void endMessage(int start) {
        setU16(start + 16, size - start);
    }

    private void reserve(int count) {
        if (count > octets.length - size) {
            octets = Arrays.copyOf(octets, Math.max(size + count, octets.length * 2));
        }
    }
}
