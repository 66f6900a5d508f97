package net.popbgp.daemon.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A daemon that does not have the feature, so that it is not played. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Cannots.class)
@interface Cannot {

    Kind daemon();

    /** What is missing, and how that was found out. */
    String why();
}
