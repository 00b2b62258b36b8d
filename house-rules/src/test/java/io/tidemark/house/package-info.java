/// The rules of the house that no compiler knows, as tests over every module: which way
/// dependencies point, what the deterministic core must never touch, how long a method may be, what
/// must be documented.
@NullMarked
package io.tidemark.house;

import org.jspecify.annotations.NullMarked;
