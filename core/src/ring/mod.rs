//! The ring: which nodes hold a key. Filled by `token`, `placement`, `preference`, `balance`.
