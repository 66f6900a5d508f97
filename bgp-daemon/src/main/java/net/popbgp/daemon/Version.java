package net.popbgp.daemon;

import java.util.Optional;

/** Which version this is. */
public final class Version {

    private Version() {}

    /** {@return the version of the packaged program, or {@code development}} */
    public static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
