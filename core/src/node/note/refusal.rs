//! Why a node does nothing about what it was told.

/// Why something received had no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// The request is over or never was here.
    NoSuchRequest,
    /// This node was not asked, or has already answered.
    NotAwaited,
    /// A forwarded request is never forwarded again.
    ForwardedTwice,
    /// The same request is already under way here.
    UnderWay,
    /// The same put or delete was coordinated here before; done twice, it would bring back what it had been overtaken by.
    TakenBefore,
    /// The batch of hints was sent again, or not by this start of the node.
    NoSuchBatch,
    /// It claims writes which this node has not made yet, so it cannot be true.
    ClaimsFutureWrites,
    /// It is of a key which this node does not hold.
    NotAnOwner,
    /// The answerer is going to own the key, and does not have all of it yet.
    NotReady,
    /// The answerer does not own the key any more.
    Moved,
    /// It belongs to another plan of the members than the one this node follows.
    AnotherPlan,
}

/// Why an operator's act makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unwilling {
    /// It joins, and is a member already.
    IsMember,
    /// It leaves, and is no member.
    IsNoMember,
    /// It is the last member.
    IsLast,
    /// Nothing that is under way could be given up.
    NothingUnderWay,
    /// It leaves, and is down: it cannot hand over what it has. It can be replaced.
    IsDown,
    /// It is to be replaced, and is up: it can leave.
    IsUp,
    /// It is to be replaced, and is no member: it has nothing that another could take over.
    DeadIsNoMember,
}
