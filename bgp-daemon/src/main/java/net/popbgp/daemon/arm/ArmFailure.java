package net.popbgp.daemon.arm;

/** Azure Resource Manager could not be asked, or refused to answer; the message is for the operator and holds no secret. */
public final class ArmFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ArmFailure(String message) {
        super(message);
    }
}
