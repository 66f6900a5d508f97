package net.popbgp.core.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads and writes numbers in network order at a place in an array, each with one machine instruction. */
final class Octets {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Octets() {}

    static int u8(byte[] octets, int at) {
        return octets[at] & 0xFF;
    }

    static int u16(byte[] octets, int at) {
        return (short) SHORT.get(octets, at) & 0xFFFF;
    }

    static int i32(byte[] octets, int at) {
        return (int) INT.get(octets, at);
    }

    static long u32(byte[] octets, int at) {
        return (int) INT.get(octets, at) & 0xFFFF_FFFFL;
    }

    static long i64(byte[] octets, int at) {
        return (long) LONG.get(octets, at);
    }

    static void put16(byte[] octets, int at, int value) {
        SHORT.set(octets, at, (short) value);
    }

    static void put32(byte[] octets, int at, int value) {
        INT.set(octets, at, value);
    }

    static void put64(byte[] octets, int at, long value) {
        LONG.set(octets, at, value);
    }
}
