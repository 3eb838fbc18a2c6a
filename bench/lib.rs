//! The measurement is in `examine.rs`.
