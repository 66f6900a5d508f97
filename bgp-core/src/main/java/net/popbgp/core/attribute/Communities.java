package net.popbgp.core.attribute;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.RandomAccess;

/** COMMUNITIES (RFC 1997) as one array: a table holds some hundred thousand of them. Elements are made when asked for. Immutable. */
final class Communities extends AbstractList<Community> implements RandomAccess {

    static final Communities NONE = new Communities(new int[0]);

    private final int[] bits;

    private Communities(int[] bits) {
        this.bits = bits;
    }

    static Communities of(int... bits) {
        return bits.length == 0 ? NONE : new Communities(bits.clone());
    }

    static Communities of(Collection<Community> values) {
        return values instanceof Communities same
                ? same
                : of(values.stream().mapToInt(Community::bits).toArray());
    }

    @Override
    public Community get(int index) {
        return new Community(bits[index]);
    }

    @Override
    public int size() {
        return bits.length;
    }

    int bits(int index) {
        return bits[index];
    }

    @Override
    public boolean contains(Object other) {
        return other instanceof Community community && contains(community.bits());
    }

    boolean contains(int community) {
        for (int each : bits) {
            if (each == community) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Communities that ? Arrays.equals(bits, that.bits) : super.equals(other);
    }

    @Override
    public int hashCode() {
        int result = 1;
        for (int each : bits) {
            result = 31 * result + new Community(each).hashCode(); // as any list has it
        }
        return result;
    }
}
