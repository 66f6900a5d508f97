package net.popbgp.daemon.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** All cases of one method. Not nested: what is nested in an annotation is public, and proxies of it cannot reach what is not. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Cannots {
    Cannot[] value();
}
