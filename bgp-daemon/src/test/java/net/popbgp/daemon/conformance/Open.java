package net.popbgp.daemon.conformance;

import java.util.ArrayList;
import java.util.List;

/** An OPEN to be sent: right in all its fields until one is changed. Not thread-safe. */
public final class Open {

    private int version = 4;
    private int myAs;
    private int holdTime = 90;
    private byte[] identifier;
    private final List<byte[]> capabilities = new ArrayList<>();
    private byte[] rawParameters;
    private int parameterLength = -1;

    private Open(long as, String identifier) {
        this.myAs = as > 0xFFFF ? 23456 : (int) as;
        this.identifier = Octets.address(identifier);
    }

    /** {@return an OPEN with IPv4 unicast, route refresh and four-octet AS numbers} */
    public static Open of(long as, String identifier) {
        return bare(as, identifier)
                .family(1, 1)
                .capability(2)
                .capability(65, Octets.empty().u32(as).toArray());
    }

    /** {@return an OPEN without a capability} */
    static Open bare(long as, String identifier) {
        return new Open(as, identifier);
    }

    Open version(int value) {
        version = value;
        return this;
    }

    Open myAs(int value) {
        myAs = value;
        return this;
    }

    public Open holdTime(int seconds) {
        holdTime = seconds;
        return this;
    }

    Open identifier(String address) {
        identifier = Octets.address(address);
        return this;
    }

    Open family(int afi, int safi) {
        return capability(1, Octets.empty().u16(afi).u8(0).u8(safi).toArray());
    }

    Open capability(int code, byte[]... value) {
        byte[] octets = Octets.join(value);
        capabilities.add(Octets.empty().u8(code).u8(octets.length).add(octets).toArray());
        return this;
    }

    /** Removes the capabilities of this code. */
    Open without(int code) {
        capabilities.removeIf(each -> (each[0] & 0xFF) == code);
        return this;
    }

    /** Puts these octets where the optional parameters are. */
    Open parameters(byte[] octets) {
        rawParameters = octets;
        return this;
    }

    /** Claims another length of the optional parameters. */
    Open parameterLength(int claimed) {
        parameterLength = claimed;
        return this;
    }

    /** {@return all capabilities in one parameter of type 2} */
    byte[] oneParameter() {
        byte[] all = Octets.join(capabilities.toArray(byte[][]::new));
        return Octets.empty().u8(2).u8(all.length).add(all).toArray();
    }

    /** {@return each capability in a parameter of its own} */
    byte[] manyParameters() {
        Octets all = Octets.empty();
        for (byte[] capability : capabilities) {
            all.u8(2).u8(capability.length).add(capability);
        }
        return all.toArray();
    }

    /** {@return the form of RFC 9072, 2} */
    Open extendedForm() {
        byte[] all = Octets.join(capabilities.toArray(byte[][]::new));
        byte[] parameter = Octets.empty().u8(2).u16(all.length).add(all).toArray();
        parameterLength = 255;
        rawParameters =
                Octets.empty().u8(255).u16(parameter.length).add(parameter).toArray();
        return this;
    }

    public byte[] toArray() {
        byte[] parameters =
                rawParameters != null ? rawParameters : capabilities.isEmpty() ? new byte[0] : manyParameters();
        return Messages.message(
                Messages.OPEN,
                Octets.empty()
                        .u8(version)
                        .u16(myAs)
                        .u16(holdTime)
                        .add(identifier)
                        .u8(parameterLength >= 0 ? parameterLength : parameters.length)
                        .add(parameters)
                        .toArray());
    }
}
