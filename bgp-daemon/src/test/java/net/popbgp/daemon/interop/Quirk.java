package net.popbgp.daemon.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How a daemon behaves otherwise than its users or the RFC expect, as the test has seen it, or what it cannot do. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Quirks.class)
@interface Quirk {

    Kind daemon();

    String what();

    /** Whether it cannot do what the row says, for that reason; the row is not played with it then. */
    boolean cannot() default false;

    /** Whether the row is played all the same where it {@link #cannot}, and asserts what the daemon does instead. */
    boolean instead() default false;

    /** The directions in which it cannot. */
    Direction[] directions() default {Direction.WE_CONNECT, Direction.THEY_CONNECT, Direction.BOTH};

    /** The section that it deviates from, as {@code RFC 4271, 6.8}; empty where no RFC says anything. */
    String rfc() default "";
}
