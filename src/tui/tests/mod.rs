//! Tests of the screens: (state, keys, what is seen).
