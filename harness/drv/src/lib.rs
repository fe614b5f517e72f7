//! Store paths, `.drv` files, the graph of derivations below a toplevel, and what
//! differs between two of them. Pure: what reads the store is in the engine.
//!
//! Empty for now: nothing reads derivations yet, cases are judged on values.
