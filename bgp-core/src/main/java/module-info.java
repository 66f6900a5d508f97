/** BGP-4 without threads, clock, sockets or dependencies: messages, state machine, policies, decision, tables. */
module net.popbgp.core {
    requires static org.jspecify;

    exports net.popbgp.core.net;
    exports net.popbgp.core.attribute;
    exports net.popbgp.core.message;
    exports net.popbgp.core.codec;
    exports net.popbgp.core.fsm;
    exports net.popbgp.core.route;
    exports net.popbgp.core.decision;
    exports net.popbgp.core.rib;
}
