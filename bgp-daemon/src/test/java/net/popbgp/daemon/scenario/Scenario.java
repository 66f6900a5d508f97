package net.popbgp.daemon.scenario;

/** What may happen to a site, and what is to be seen of it then: on the wire, at the PoP, and at Azure. */
public enum Scenario {
    S01(
            "Both circuits come up, metrics 90 and 100",
            "both Established with 60/20 s, prefixes twice in the routing table and the secondary's grey, two static /30, connected; Azure counts the"
                    + " same, availability 100 and 0"),
    S02("A site with one circuit comes up", "connected, not degraded for want of a second circuit"),
    S03(
            "Hold times 0, 1, 2, 3, 9, 60, 180, 240 s against Azure's 180 s, and Azure's own 1 and 2 s",
            "the smaller of both, keepalives at a third of it or less; 1 and 2 are refused in the configuration, and answered 2/6 on the wire"),
    S04(
            "Another MD5 key on one side",
            "silence on the wire; Connect or Active, the reason names the key, the connectivity test succeeds, the other circuit carries the site;"
                    + " Azure has no session, ARP is fine"),
    S05("An MD5 key of 26 characters, or with `!`", "refused in the configuration, and by Azure"),
    S06(
            "Another AS than Azure expects",
            "2/2 from Azure; event with error 2/2, retries with growing waits; Azure has no session"),
    S07(
            "A VLAN that the provider does not carry",
            "nothing passes; Connect, the connectivity test fails, the monitored address is unreachable; ARP `Incomplete`, availability 0"),
    S08(
            "The two addresses of a /30 are swapped",
            "cannot be configured; Azure has no ARP entry of who has the wrong address"),
    S09(
            "The primary link dies in silence",
            "4/0 within the hold time; the secondary takes over, degraded, one event and one mail; Azure sees A down"),
    S10(
            "The same with BFD 1000 ms × 5 against 300 ms × 3",
            "noticed in 3.0 s here and 5.0 s at Azure, reason BFD",
            "BFD"),
    S11("The same with BFD 300 ms × 3", "noticed in 0.9 s", "BFD"),
    S12("The primary comes back", "traffic goes back after End-of-RIB, without a gap; event and mail"),
    S13(
            "Both circuits go down, then one comes up",
            "disconnected, its routes gone, no host is probed; then connected over the one"),
    S14("The connection ends with RST or FIN, without a NOTIFICATION", "down at once, the reason says who closed TCP"),
    S15(
            "Cease 6/2, 6/3, 6/4, 6/6, 6/10 from Azure",
            "codes and their meaning in the event and the status, the text of RFC 9003 too"),
    S16("3,200 prefixes to a Standard circuit", "a warning at 80 % here, and one at Azure"),
    S17("4,000 prefixes", "the session stays; Azure counts 4,000"),
    S18(
            "4,001 prefixes",
            "with the guard 4,000 and one withheld; without it 6/1 with AFI, SAFI and limit, no hot loop, and down again with each retry"),
    S19(
            "A summary is switched on while 6/1 is repeated",
            "stable at the next attempt without anyone's help; withdrawn with the last route within"),
    S20("Premium: 4,001, then 10,001", "6/1 only at 10,001"),
    S21("The SKU is upgraded while 6/1 is repeated", "recovers at the next retry"),
    S22("A cloud that tears down when the limit is met", "6/1 at the 4,000th"),
    S23(
            "A network grows to 1,001 address spaces",
            "all withdrawn, the session stays; connected with a warning that it carries nothing, events of each removal; the connection at Azure is"
                    + " down"),
    S24(
            "1,024 and 1,025 prefixes from Azure",
            "`routes_count_limit_exceeded` at 1,025; the session stays, the rest is discarded, an event"),
    S25(
            "Maintenance of A: 8 prepends, drop, return",
            "with `honour-drain` traffic moves before the drop and nothing is lost; without it only at the drop"),
    S26("Core maintenance behind A", "traffic moves to B though A is Established; not degraded; availability of A 0"),
    S27(
            "The secondary prepends, or does not",
            "Azure's gateway chooses A alone, `12076-65001` against `12076-65001-65001`; without prepending both"),
    S28(
            "All routes are advertised while Azure announces its own",
            "no prefix with 12076 in its path ever comes to Azure"),
    S29(
            "Default, all and summary routes, each on or off",
            "the Adj-RIB-Out is what is on the wire and what Azure's table shows, eight times"),
    S30(
            "Dynamic routes are not accepted; the filter is edited",
            "routes listed as rejected with their rule; the edit takes effect"),
    S31("The circuits have different policies", "a warning"),
    S32(
            "Equal metrics; the secondary's better",
            "the role decides; the better secondary is active, each with a warning"),
    S33(
            "Azure sends 0.0.0.0/0, a /32, a prefix that overlaps the link, communities",
            "the default is rejected unless accepted, communities are shown, the link stays ours"),
    S34(
            "Malformed UPDATEs (RFC 7606)",
            "treated as withdrawn or the attribute discarded, a NOTIFICATION for fatal ones only"),
    S35("Both dial at the same time", "one connection closed with 6/7, exactly one Established; which one is shown"),
    S36(
            "Keepalives stop while TCP is up; the peer reads nothing",
            "4/0; the send hold timer (RFC 9687); the reasons differ"),
    S37(
            "Ten flaps in five minutes, told at once, hourly, daily, weekly",
            "20 mails; or one and a digest of 19 after 1 h, 24 h, 7 d; after a quiet window the next is told at once"),
    S38("The peering is disabled and enabled", "6/2, `Idle`; then up"),
    S39("NotProvisioned while BGP is up", "the site stays connected"),
    S40(
            "Validation of service keys: malformed, unknown, used, of another metro, on its way to Provisioned",
            "the reason of each; bandwidth and location filled in"),
    S41("A circuit is deleted while Provisioned", "refused"),
    S42("Connectivity test: answered, ICMP blocked, no test possible", "Success, Failed, Error"),
    S43(
            "LAN monitoring, 5 s and 3 misses: silence of 9 s and of 16 s",
            "nothing, then unreachable at the third miss and reachable at the first reply; the secondary is not probed"),
    S44(
            "Restart of the peer with graceful restart, with and without the F bit",
            "stale routes only without an alternative; gone at the timer or End-of-RIB"),
    S45(
            "Soak: more than 72 h of a moved clock, 4,000 out, 1,000 in, a flap an hour, 5 % churn a minute in each twelfth hour",
            "tables equal on both sides after each flap, no more sets of attributes than at the start"),
    S46("200 sites with both circuits in one PoP", "the time to convergence"),
    S47("IPv6 offered by the peer", "not negotiated, IPv4 not affected");

    private final String what;
    private final String expected;
    private final String needs;

    Scenario(String what, String expected) {
        this(what, expected, "");
    }

    Scenario(String what, String expected, String needs) {
        this.what = what;
        this.expected = expected;
        this.needs = needs;
    }

    String what() {
        return what;
    }

    String expected() {
        return expected;
    }

    /** {@return what PopBGP does not have yet, so that it cannot be played; empty if it can} */
    String needs() {
        return needs;
    }

    /** {@return 1..47, of which its addresses are made} */
    int number() {
        return ordinal() + 1;
    }
}
