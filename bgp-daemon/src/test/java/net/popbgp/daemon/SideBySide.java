package net.popbgp.daemon;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Classes run side by side: what a thread of one of them throws must not end what another one waits for, as it does with Awaitility by
 * default. Found by JUnit as a service.
 */
public final class SideBySide implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }
}
