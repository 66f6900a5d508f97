package net.popbgp.daemon;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reacts to signals of the operating system. The JDK has no supported type for them; the one everybody uses is reached by reflection, and
 * where it is missing signals keep their usual effect.
 */
public final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    private Signals() {}

    /** Runs something for each signal of that name (without SIG). */
    public static void on(String name, Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (Set.of("hashCode", "equals", "toString").contains(method.getName())) {
                            return method.getName().equals("hashCode")
                                    ? (Object) System.identityHashCode(proxy)
                                    : method.getName().equals("equals") ? (Object) (proxy == arguments[0]) : "handler";
                        }
                        action.run();
                        return null;
                    });
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            LOG.warn(LogLine.of("event", "signal-unavailable", "signal", name, "reason", e));
        }
    }
}
